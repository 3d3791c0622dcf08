//! Decisions: what was decided for a patient, what was expected, and later what happened.

use serde::{Deserialize, Serialize};

/// Version of the decision written by this build.
pub const DECISION_SCHEMA_VERSION: u32 = 1;

/// The `kind` of a decision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum DecisionKind {
    /// `"decision"`.
    #[default]
    #[serde(rename = "decision")]
    Decision,
}

/// A decision. It stays on the device and holds no name: the clinician's own label for the patient only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// Always `"decision"`.
    pub kind: DecisionKind,
    /// [`DECISION_SCHEMA_VERSION`].
    pub schema_version: u32,
    /// The clinician's own label (`bed 4, Tuesday`), never a name or a record number.
    pub label: String,
    /// The situation in words.
    pub situation: String,
    /// What was decided.
    pub decided: String,
    /// What else was an option.
    pub alternatives: String,
    /// What outcome is expected.
    pub expected: String,
    /// How likely it was thought to be, in percent.
    pub expected_percent: Option<f64>,
    /// By which day it should show (ISO date).
    pub due_on: String,
    /// Day of the decision (ISO date).
    pub made_on: String,
    /// What it was based on (titles of findings, a consult in words).
    pub based_on: Vec<String>,
    /// What happened, once known.
    pub outcome: Option<DecisionOutcome>,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionOutcome {
    /// In words.
    pub happened: String,
    /// Whether what was expected came true.
    pub as_expected: Option<bool>,
    /// Day it was recorded (ISO date).
    pub recorded_on: String,
}
