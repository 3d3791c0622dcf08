//! Clinic notes: what is read in them, and the identifier screen.
//!
//! Spans are `[start, end)` in Unicode code points (what Python slices with), not bytes and not UTF-16 units.

use serde::{Deserialize, Serialize};

/// Read notes: findings with their context.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReadNotes {
    /// The notes.
    pub notes: Vec<NoteToRead>,
}

/// A note to read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NoteToRead {
    /// Its text.
    pub text: String,
    /// Only this phrase's context is asked for, whether or not the lexicon knows it.
    pub target: Option<String>,
}

/// What was read in a note.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NoteRead {
    /// Findings in the order of the text; of a target: that phrase.
    pub findings: Vec<FoundInNote>,
    /// Whether the target stands in the text; nothing where none was asked for.
    pub target_found: Option<bool>,
}

/// A finding of a note.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FoundInNote {
    /// Concept of the lexicon; the phrase itself for a target.
    pub concept: String,
    /// What is shown.
    pub display: String,
    /// condition, symptom, finding, procedure, habit, function, drug, measurement; nothing for a target.
    pub domain: Option<String>,
    /// `SCT:`, `RXN:` or `LNC:` and the code, where it is known.
    pub code: Option<String>,
    /// As it stands in the note.
    pub text: String,
    /// Where.
    pub span: [usize; 2],
    /// affirmed, negated, possible.
    pub polarity: String,
    /// recent, historical, hypothetical.
    pub temporality: String,
    /// patient, other.
    pub experiencer: String,
    /// What decided: the first of `triggers`.
    pub trigger: Option<NoteTrigger>,
    /// What decided on polarity, temporality and experiencer, where they are not affirmed, recent and patient.
    pub triggers: Vec<NoteTrigger>,
    /// The number, of a measurement.
    pub value: Option<NoteQuantity>,
    /// Dose, route and frequency, of a drug.
    pub drug: Option<NoteDrug>,
    /// The heading it stands below.
    pub section: Option<String>,
}

/// What decided on a finding's context.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NoteTrigger {
    /// As it stands in the note.
    pub text: String,
    /// Where.
    pub span: [usize; 2],
    /// The rule's id in `shared/notes/rules/context.tsv`.
    pub rule: String,
    /// What it reaches.
    pub scope: [usize; 2],
}

/// A number of a note.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NoteQuantity {
    /// The number, or the lower of a range.
    pub value: f64,
    /// The higher of a range.
    pub high: Option<f64>,
    /// `<` or `>` where one stands before it.
    pub comparator: Option<char>,
    /// UCUM unit.
    pub unit: Option<String>,
    /// Where.
    pub span: [usize; 2],
}

/// How a drug is taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NoteDrug {
    /// How much at a time, or the lower of a range.
    pub dose: Option<f64>,
    /// The higher of a range.
    pub dose_high: Option<f64>,
    /// UCUM unit of the dose.
    pub unit: Option<String>,
    /// Way into the body.
    pub route: Option<String>,
    /// How often.
    pub frequency: Option<String>,
    /// Only when needed.
    pub as_needed: bool,
    /// Where.
    pub span: [usize; 2],
}

/// Screen notes for identifiers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScreenNotes {
    /// The notes.
    pub notes: Vec<NoteToScreen>,
}

/// A note to screen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NoteToScreen {
    /// Its text.
    pub text: String,
    /// The patient's names, to be found wherever they stand.
    pub names: Vec<String>,
    /// The patient's numbers and other identifiers.
    pub numbers: Vec<String>,
    /// Whose text it is, for surrogates: the same person gets the same ones. Nothing: tags stand in the text.
    #[serde(default)]
    pub surrogates: Option<SurrogatesFor>,
}

/// Whose surrogates, and what happens to dates.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SurrogatesFor {
    /// 64 hex digits, secret of this device.
    pub secret: String,
    /// The person's identifier, or the note's where none is known.
    pub person: String,
    /// Only the year of a date stays; else dates move by the person's days.
    pub years_only: bool,
}

impl std::fmt::Debug for SurrogatesFor {
    /// Leaves the secret out, so that it gets into no log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SurrogatesFor").field("years_only", &self.years_only).finish_non_exhaustive()
    }
}

/// A screened note.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NoteScreened {
    /// What was found, in the order of the text given.
    pub identifiers: Vec<NoteIdentifier>,
    /// The text with them replaced.
    pub text: String,
}

/// An identifier found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NoteIdentifier {
    /// name, date, phone, email, url, ip, ssn, record_number, zip, address, age, ...
    pub class: String,
    /// Where, in the text given.
    pub span: [usize; 2],
}
