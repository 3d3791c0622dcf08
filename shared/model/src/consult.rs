//! Consult: one patient's characteristics, and the outcomes of the most similar ones by treatment.

use serde::{Deserialize, Serialize};

use crate::concept::ConceptSet;
use crate::covariate::Covariate;
use crate::results::SurvivalAt;
use crate::study::{Outcome, StudyArm, TimeAtRisk};

/// What is asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsultQuestion {
    /// Column of the treatment (a category or a number with few values).
    pub treatment: String,
    /// The outcome (columns of a flat file).
    pub outcome: Outcome,
    /// The patient, by the columns that count for similarity. Unknown values are left out.
    pub patient: Vec<PatientValue>,
    /// How many of the most similar ones to take (default 50 and 200).
    pub sizes: Vec<u32>,
    /// Times at which survival is reported.
    pub horizons: Vec<f64>,
}

/// What is asked of a full record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordQuestion {
    /// The treatments to set side by side (at least two): who had each, and when it began.
    pub treatments: Vec<StudyArm>,
    /// The outcome (an event).
    pub outcome: Outcome,
    /// When outcomes count, in days from the index date.
    #[serde(default)]
    pub time_at_risk: TimeAtRisk,
    /// The patient, by what counts for similarity. Unknown values are left out.
    pub patient: Vec<RecordValue>,
    /// Concept sets that characteristics refer to by id.
    #[serde(default)]
    pub concept_sets: Vec<ConceptSet>,
    /// How many of the most similar ones to take.
    pub sizes: Vec<u32>,
    /// Times at which survival is reported, in days.
    pub horizons: Vec<f64>,
}

/// One characteristic of the patient, as a covariate at the index date.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordValue {
    /// Which. Windows end at the index date or before.
    pub covariate: Covariate,
    /// The patient's value: a number, a level of the sex, `yes` or `no` for whether there was an event.
    pub value: PatientDatum,
    /// Weight in the distance (1 by default, 0: shown only).
    pub weight: f64,
}

/// One characteristic of the patient.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PatientValue {
    /// Column.
    pub name: String,
    /// Value.
    pub value: PatientDatum,
    /// Weight in the distance (1 by default, 0: shown only).
    pub weight: f64,
}

/// A value of the patient.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PatientDatum {
    /// A number.
    Number(f64),
    /// A level.
    Level(String),
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ConsultAnswer {
    /// One entry a size asked for.
    pub circles: Vec<SimilarCircle>,
    /// How the distance was made, in words.
    pub distance: String,
    /// Persons considered (complete in treatment and outcome).
    pub n_considered: u64,
    /// What the reader must know.
    pub warnings: Vec<String>,
}

/// The most similar persons, by treatment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SimilarCircle {
    /// How many.
    pub n: u64,
    /// Largest distance among them (0: identical in all that counts, 1: as different as can be).
    pub max_distance: f64,
    /// Where the distance comes from.
    pub contributions: Vec<DistancePart>,
    /// Outcomes by treatment.
    pub by_treatment: Vec<TreatmentOutcome>,
}

/// A characteristic's part in the distance.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DistancePart {
    /// Column.
    pub name: String,
    /// The patient's value as text.
    pub patient: String,
    /// Middle half of the similar ones (numbers), or share with the same level.
    pub similar: String,
    /// Mean distance in this characteristic (0 to 1).
    pub mean_distance: f64,
}

/// Outcomes of the similar ones under one treatment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TreatmentOutcome {
    /// Treatment.
    pub treatment: String,
    /// Persons.
    pub n: u64,
    /// Events.
    pub n_events: u64,
    /// Too few persons to say much of them.
    pub few: bool,
    /// Median survival (absent: not reached).
    pub median: Option<f64>,
    /// Lower limit of its 95% interval (Brookmeyer and Crowley, by the log-log limits of the curve).
    pub median_lower: Option<f64>,
    /// Upper limit (absent: not reached).
    pub median_upper: Option<f64>,
    /// Survival at the horizons.
    pub at: Vec<SurvivalAt>,
}
