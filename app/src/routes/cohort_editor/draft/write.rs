//! A draft as a definition, and in a few words.

use model::cohort::{CohortDefinition, Condition, Entry, InclusionRule};
use model::concept::ConceptSet;

use super::read::is_written;
use super::{Draft, EventDraft, Join, RuleDraft, TestDraft, What};
use crate::routes::cohort_editor::words;

impl Draft {
    /// The definition.
    #[must_use]
    pub fn definition(&self) -> CohortDefinition {
        let mut definition = CohortDefinition::everyone(self.name.trim());
        self.description.trim().clone_into(&mut definition.description);
        definition.concept_sets.clone_from(&self.kept_sets);
        definition.end_strategy = self.end_strategy;
        let sets = &mut definition.concept_sets;
        if let Some(entry) = &self.entry {
            definition.entry = Entry::Event {
                event: entry.event.query(sets),
                limit: entry.limit,
                prior_observation_days: entry.prior_observation_days,
                washout_days: entry.washout_days,
            };
        }
        definition.inclusion_rules =
            self.rules.iter().filter(|rule| !rule.tests.is_empty()).map(|rule| rule.inclusion_rule(sets)).collect();
        definition.censoring_events = self.censoring.iter().map(|censor| censor.event.query(sets)).collect();
        self.drop_forsaken(&mut definition);
        definition
    }

    /// Leaves out concept sets that came with the definition and that an edit took the last reference from. Sets that no
    /// part ever referred to stay: they are somebody's work.
    fn drop_forsaken(&self, definition: &mut CohortDefinition) {
        let referred = referred(definition);
        let kept: Vec<bool> = definition
            .concept_sets
            .iter()
            .map(|set| referred.contains(&set.id.as_str()) || self.never_referred.contains(&set.id))
            .collect();
        let mut kept = kept.into_iter();
        definition.concept_sets.retain(|_| kept.next().unwrap_or(true));
    }
}

/// Ids of the concept sets that a definition has and no part of it refers to.
pub(super) fn never_referred(definition: &CohortDefinition) -> Vec<String> {
    let referred = referred(definition);
    let unused = definition.concept_sets.iter().filter(|set| !referred.contains(&set.id.as_str()));
    unused.map(|set| set.id.clone()).collect()
}

/// Ids of the concept sets that a definition refers to.
fn referred(definition: &CohortDefinition) -> Vec<&str> {
    let mut found = Vec::new();
    if let Entry::Event { event, .. } = &definition.entry {
        found.extend(event.concept_set.as_deref());
    }
    for rule in &definition.inclusion_rules {
        concept_sets_of(&rule.condition, &mut found);
    }
    found.extend(definition.censoring_events.iter().filter_map(|event| event.concept_set.as_deref()));
    found
}

/// Ids of the concept sets that a condition refers to.
fn concept_sets_of<'a>(condition: &'a Condition, found: &mut Vec<&'a str>) {
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

impl Join {
    fn condition(self, of: Vec<Condition>) -> Condition {
        match self {
            Self::All => Condition::All { of },
            Self::Any => Condition::Any { of },
            Self::AtLeast(n) => Condition::AtLeast { n, of },
        }
    }

    /// Conditions joined in a few words.
    pub(in crate::routes::cohort_editor) fn words(self, tests: &[TestDraft]) -> String {
        let tests: Vec<String> = tests.iter().map(TestDraft::words).collect();
        match self {
            Self::All => tests.join(" and "),
            Self::Any => tests.join(" or "),
            Self::AtLeast(n) => format!("at least {n} of: {}", tests.join("; ")),
        }
    }
}

impl RuleDraft {
    fn inclusion_rule(&self, sets: &mut Vec<ConceptSet>) -> InclusionRule {
        let mut conditions: Vec<Condition> = self.tests.iter().map(|test| test.condition(sets)).collect();
        let condition = if conditions.len() == 1 && !is_written(self.join, self.negate) {
            conditions.remove(0)
        } else {
            let group = self.join.condition(conditions);
            if self.negate { Condition::Not { of: Box::new(group) } } else { group }
        };
        let name = self.name.trim();
        InclusionRule { name: if name.is_empty() { self.words() } else { name.to_owned() }, condition }
    }

    /// The rule in a few words.
    #[must_use]
    pub fn words(&self) -> String {
        let joined = self.join.words(&self.tests);
        if self.negate { format!("not ({joined})") } else { joined }
    }
}

impl TestDraft {
    fn condition(&self, sets: &mut Vec<ConceptSet>) -> Condition {
        let condition = match &self.what {
            What::Variable { name, test } => Condition::Variable { name: name.clone(), test: test.clone() },
            What::Event { event, window, count } => {
                Condition::Event { event: EventDraft::query(event, sets), window: *window, count: *count }
            }
            What::Age(range) => Condition::AgeAtIndex { range: *range },
            What::Sex(one_of) => Condition::Sex { one_of: one_of.clone() },
            What::Group { join, tests } => join.condition(tests.iter().map(|test| test.condition(sets)).collect()),
            What::Kept(condition) => condition.clone(),
        };
        if self.negate { Condition::Not { of: Box::new(condition) } } else { condition }
    }

    /// The test in a few words.
    #[must_use]
    pub fn words(&self) -> String {
        let words = words::what(&self.what);
        if self.negate { format!("not ({words})") } else { words }
    }
}
