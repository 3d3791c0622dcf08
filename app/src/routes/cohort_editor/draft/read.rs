//! A definition as a draft.

use model::cohort::{CohortDefinition, Condition, Entry, InclusionRule};
use model::concept::ConceptSet;

use super::write::never_referred;
use super::{CensorDraft, Draft, EntryDraft, EventDraft, Join, RuleDraft, TestDraft, What};

impl Draft {
    /// The draft of a definition.
    #[must_use]
    pub fn from_definition(definition: &CohortDefinition) -> Self {
        let sets = &definition.concept_sets;
        let mut draft = Self {
            name: definition.name.clone(),
            description: definition.description.clone(),
            end_strategy: definition.end_strategy,
            kept_sets: sets.clone(),
            never_referred: never_referred(definition),
            ..Self::default()
        };
        if let Entry::Event { event, limit, prior_observation_days, washout_days } = &definition.entry {
            draft.entry = Some(EntryDraft {
                event: EventDraft::from_query(event, sets),
                limit: *limit,
                prior_observation_days: *prior_observation_days,
                washout_days: *washout_days,
            });
        }
        for rule in &definition.inclusion_rules {
            let rule = draft.rule_from(rule, sets);
            draft.rules.push(rule);
        }
        for event in &definition.censoring_events {
            let event = EventDraft::from_query(event, sets);
            let key = draft.key();
            draft.censoring.push(CensorDraft { key, event });
        }
        draft
    }

    fn rule_from(&mut self, rule: &InclusionRule, sets: &[ConceptSet]) -> RuleDraft {
        let (negate, condition) = match &rule.condition {
            // `Not` around a group is the rule's own; around one test it is the test's.
            Condition::Not { of } if group(of).is_some_and(|(_, members)| !members.is_empty()) => (true, &**of),
            other => (false, other),
        };
        let (negate, join, members) = match group(condition) {
            // A group of one that a rule would not write as a group is a condition of the rule.
            Some((join, members)) if members.len() > 1 || is_written(join, negate) && members.len() == 1 => {
                (negate, join, members)
            }
            _ => (false, Join::All, std::slice::from_ref(&rule.condition)),
        };
        let tests = members.iter().map(|member| self.test_from(member, sets)).collect();
        let mut draft = RuleDraft { key: self.key(), name: String::new(), negate, join, tests };
        if rule.name != draft.words() {
            draft.name.clone_from(&rule.name);
        }
        draft
    }

    fn test_from(&mut self, condition: &Condition, sets: &[ConceptSet]) -> TestDraft {
        let (negate, inner) = match condition {
            Condition::Not { of } if !matches!(**of, Condition::Not { .. }) => (true, &**of),
            other => (false, other),
        };
        let what = match inner {
            Condition::Variable { name, test } => What::Variable { name: name.clone(), test: test.clone() },
            Condition::Event { event, window, count } => {
                What::Event { event: EventDraft::from_query(event, sets), window: *window, count: *count }
            }
            Condition::AgeAtIndex { range } => What::Age(*range),
            Condition::Sex { one_of } => What::Sex(one_of.clone()),
            Condition::Not { .. } => What::Kept(inner.clone()),
            Condition::All { of } => self.group_from(Join::All, of, sets),
            Condition::Any { of } => self.group_from(Join::Any, of, sets),
            Condition::AtLeast { n, of } => self.group_from(Join::AtLeast(*n), of, sets),
        };
        TestDraft { key: self.key(), negate, what }
    }

    fn group_from(&mut self, join: Join, members: &[Condition], sets: &[ConceptSet]) -> What {
        What::Group { join, tests: members.iter().map(|member| self.test_from(member, sets)).collect() }
    }
}

/// How a condition joins others, and which.
fn group(condition: &Condition) -> Option<(Join, &[Condition])> {
    match condition {
        Condition::All { of } => Some((Join::All, of)),
        Condition::Any { of } => Some((Join::Any, of)),
        Condition::AtLeast { n, of } => Some((Join::AtLeast(*n), of)),
        _ => None,
    }
}

/// Whether a rule of one test is written as a group.
pub(super) fn is_written(join: Join, negate: bool) -> bool {
    negate || matches!(join, Join::AtLeast(_))
}
