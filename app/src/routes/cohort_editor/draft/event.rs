//! An event query and its concepts.

use model::cohort::EventQuery;
use model::concept::ConceptSet;

use super::EventDraft;
use crate::routes::cohort_editor::words;

impl EventDraft {
    /// The draft of a query, its concepts looked up in the sets it refers to.
    #[must_use]
    pub fn from_query(query: &EventQuery, sets: &[ConceptSet]) -> Self {
        let set = query.concept_set.as_ref().and_then(|id| sets.iter().find(|set| set.id == *id));
        Self {
            domain: query.domain,
            concepts: set.map(|set| set.items.clone()).unwrap_or_default(),
            set_name: set.map(|set| set.name.clone()).unwrap_or_default(),
            set_id: query.concept_set.clone().unwrap_or_default(),
            value: query.value,
            unit: query.unit.clone(),
            context: query.context.clone(),
        }
    }

    /// The query; its concepts become a set (one that is already there where the concepts are the same).
    pub fn query(&self, sets: &mut Vec<ConceptSet>) -> EventQuery {
        EventQuery {
            domain: self.domain,
            concept_set: self.concept_set(sets),
            value: self.value,
            unit: self.unit.clone(),
            context: self.context.clone(),
        }
    }

    /// Forgets which set the concepts came from: they were changed.
    pub fn concepts_changed(&mut self) {
        self.set_id.clear();
        self.set_name.clear();
    }

    fn concept_set(&self, sets: &mut Vec<ConceptSet>) -> Option<String> {
        // A set without concepts, or one that is nowhere: still what the definition says, and refused aloud by a check.
        let is_own = |set: &ConceptSet| set.id == self.set_id && set.items == self.concepts;
        let is_empty = self.concepts.is_empty();
        if !self.set_id.is_empty() && (is_empty || sets.iter().any(is_own)) {
            return Some(self.set_id.clone());
        }
        (!is_empty).then(|| self.set_of_concepts(sets))
    }

    fn set_of_concepts(&self, sets: &mut Vec<ConceptSet>) -> String {
        if let Some(same) = sets.iter().find(|set| set.items == self.concepts) {
            return same.id.clone();
        }
        let id = (1..).map(|n| format!("set-{n}")).find(|id| sets.iter().all(|set| set.id != *id)).unwrap_or_default();
        sets.push(ConceptSet {
            id: id.clone(),
            name: if self.set_name.is_empty() { words::concepts(&self.concepts) } else { self.set_name.clone() },
            items: self.concepts.clone(),
        });
        id
    }
}
