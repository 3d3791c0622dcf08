//! Clinical concepts and sets of them.

use serde::{Deserialize, Serialize};

/// The part of a record that an event comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Domain {
    /// A contact with care (OMOP visit_occurrence, FHIR Encounter).
    Visit,
    /// A diagnosis or problem.
    Condition,
    /// A drug given, prescribed or dispensed.
    Drug,
    /// A procedure done.
    Procedure,
    /// A laboratory value or vital sign.
    Measurement,
    /// Any other clinical fact.
    Observation,
    /// A device used.
    Device,
    /// A specimen taken.
    Specimen,
    /// Death.
    Death,
    /// A finding read from a clinic note.
    NoteFinding,
}

impl Domain {
    /// Every domain, in the order they are shown.
    pub const ALL: [Domain; 10] = [
        Domain::Visit,
        Domain::Condition,
        Domain::Drug,
        Domain::Procedure,
        Domain::Measurement,
        Domain::Observation,
        Domain::Device,
        Domain::Specimen,
        Domain::Death,
        Domain::NoteFinding,
    ];

    /// The name stored in the `event` table's `domain` column.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Domain::Visit => "visit",
            Domain::Condition => "condition",
            Domain::Drug => "drug",
            Domain::Procedure => "procedure",
            Domain::Measurement => "measurement",
            Domain::Observation => "observation",
            Domain::Device => "device",
            Domain::Specimen => "specimen",
            Domain::Death => "death",
            Domain::NoteFinding => "note_finding",
        }
    }

    /// The domain of a stored name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Domain> {
        Domain::ALL.into_iter().find(|d| d.name() == name)
    }
}

/// A code in a code system, with its display.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConceptRef {
    /// Code system: a URI or an OMOP vocabulary id (`LOINC`, `RxNorm`, `SNOMED` ...); `OMOP` where only the id is known.
    pub system: String,
    /// Code within the system.
    pub code: String,
    /// Words for people; never used to match.
    #[serde(default)]
    pub display: String,
    /// OMOP concept id where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub omop_id: Option<i64>,
}

/// A member of a concept set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConceptItem {
    /// The concept. Two concepts are the same if both OMOP ids are known and equal, else if system and code are equal.
    pub concept: ConceptRef,
    /// Also every concept below it (needs the dataset's `concept_ancestor` table; refused aloud without).
    #[serde(default)]
    pub include_descendants: bool,
    /// Take these concepts out of the set instead.
    #[serde(default)]
    pub exclude: bool,
}

/// A named set of concepts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConceptSet {
    /// Referred to by event queries within the same document.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Members; included ones minus excluded ones.
    pub items: Vec<ConceptItem>,
}
