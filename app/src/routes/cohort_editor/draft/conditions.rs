//! What the editor shows of a condition.

use model::cohort::Condition;

use super::{EventDraft, What};

/// Whether a condition joins others.
pub(super) fn is_group(condition: &Condition) -> bool {
    matches!(condition, Condition::All { .. } | Condition::Any { .. } | Condition::AtLeast { .. })
}

/// The test that the editor shows for a condition; an event's concepts are filled in by the caller.
pub(super) fn shown(condition: &Condition) -> Option<What> {
    match condition {
        Condition::Variable { name, test } => Some(What::Variable { name: name.clone(), test: test.clone() }),
        Condition::Event { window, count, .. } => {
            Some(What::Event { event: EventDraft::default(), window: *window, count: *count })
        }
        Condition::AgeAtIndex { range } => Some(What::Age(*range)),
        Condition::Sex { one_of } => Some(What::Sex(one_of.clone())),
        Condition::All { .. } | Condition::Any { .. } | Condition::AtLeast { .. } | Condition::Not { .. } => None,
    }
}

/// Ids of the concept sets that a condition refers to.
pub(super) fn concept_sets_of<'a>(condition: &'a Condition, found: &mut Vec<&'a str>) {
    match condition {
        Condition::All { of } | Condition::Any { of } | Condition::AtLeast { of, .. } => {
            for member in of {
                concept_sets_of(member, found);
            }
        }
        Condition::Not { of } => concept_sets_of(of, found),
        Condition::Event { event, .. } => found.extend(event.concept_set.as_deref()),
        Condition::Variable { .. } | Condition::AgeAtIndex { .. } | Condition::Sex { .. } => {}
    }
}
