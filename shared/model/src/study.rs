//! Study plans: what is compared with what, on which outcome, over which time, with which settings.

mod deaths;

use serde::{Deserialize, Serialize};

use crate::cohort::{CohortDefinition, EventQuery};
use crate::concept::ConceptSet;
use crate::covariate::Covariate;

pub use deaths::Deaths;

/// Version of the study plan written by this build.
pub const STUDY_SCHEMA_VERSION: u32 = 1;

/// The `kind` of a study plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum StudyKind {
    /// `"study"`.
    #[default]
    #[serde(rename = "study")]
    Study,
}

/// A study plan: self-contained, so that a peer can run it on other data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StudyPlan {
    /// Always `"study"`.
    pub kind: StudyKind,
    /// [`STUDY_SCHEMA_VERSION`].
    pub schema_version: u32,
    /// Name for people.
    pub name: String,
    /// The question in a sentence.
    #[serde(default)]
    pub question: String,
    /// Those treated one way.
    pub target: StudyArm,
    /// Those treated the other way (the reference of every ratio).
    pub comparator: StudyArm,
    /// What happens to a person who is in both arms.
    #[serde(default)]
    pub overlap: Overlap,
    /// The outcome.
    pub outcome: Outcome,
    /// When outcomes count.
    #[serde(default)]
    pub time_at_risk: TimeAtRisk,
    /// What is adjusted for and shown in the balance table.
    #[serde(default)]
    pub covariates: Vec<Covariate>,
    /// Concept sets that covariates refer to by id.
    #[serde(default)]
    pub covariate_concept_sets: Vec<ConceptSet>,
    /// How the adjusted comparison is made.
    #[serde(default)]
    pub adjustment: Adjustment,
    /// Statistical settings, printed on the result.
    #[serde(default)]
    pub settings: AnalysisSettings,
}

/// One arm.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StudyArm {
    /// Name shown in curves and tables.
    pub name: String,
    /// Who.
    pub cohort: CohortDefinition,
}

/// What happens to a person who is in both arms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Overlap {
    /// Out of both.
    #[default]
    RemoveFromBoth,
    /// Stays where the index date is earlier; out of both on the same day.
    KeepFirst,
}

/// The outcome.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case", deny_unknown_fields)]
pub enum Outcome {
    /// Two columns of a flat file.
    Columns {
        /// Name for people (`recurrence-free survival`).
        name: String,
        /// Column of the duration.
        duration: String,
        /// Column of the event (1: observed, 0: censored).
        event: String,
        /// Unit of the duration.
        #[serde(default)]
        unit: TimeUnit,
        /// Another event of the same subjects, in the same unit: the outcome is whichever of the two comes first, and
        /// follow-up ends where that of either ends (absent: this event alone).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        or: Option<EventColumns>,
    },
    /// The first such event after the index date.
    Event {
        /// Name for people.
        name: String,
        /// Concept sets the query refers to.
        #[serde(default)]
        concept_sets: Vec<ConceptSet>,
        /// Which events.
        event: EventQuery,
        /// Leave out subjects with such an event in this many days up to the index date (absent: leave none out;
        /// 36,500 means ever).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        washout_days: Option<u32>,
        /// A death counts as the outcome too, if it comes first.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        or_death: bool,
    },
}

/// The two columns of an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventColumns {
    /// Column of the duration.
    pub duration: String,
    /// Column of the event (1: observed, 0: censored).
    pub event: String,
}

impl Outcome {
    /// The name shown.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Outcome::Columns { name, .. } | Outcome::Event { name, .. } => name,
        }
    }
}

/// Unit of a duration.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeUnit {
    /// Days.
    #[default]
    Days,
    /// Weeks.
    Weeks,
    /// Months.
    Months,
    /// Years.
    Years,
}

impl TimeUnit {
    /// The word for people.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            TimeUnit::Days => "days",
            TimeUnit::Weeks => "weeks",
            TimeUnit::Months => "months",
            TimeUnit::Years => "years",
        }
    }
}

/// When outcomes count, in days from the index date (record data) or in the duration's own unit (flat files).
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimeAtRisk {
    /// Outcomes before this are not counted and the subject must still be at risk then (landmark; 0: from the index
    /// date; 1: from the day after).
    #[serde(default)]
    pub start: f64,
    /// Follow-up is censored here at the latest (absent: at the end of observation).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<f64>,
}

/// How the adjusted comparison is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case", deny_unknown_fields)]
pub enum Adjustment {
    /// Not adjusted.
    None,
    /// Cox regression on the treatment and every covariate.
    #[default]
    Regression,
    /// Propensity score weighting: weighted curves, weighted Cox with robust standard errors.
    Weighting {
        /// Whom the answer is about.
        estimand: Estimand,
    },
}

/// Whom an adjusted answer is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Estimand {
    /// Everyone (average treatment effect).
    Ate,
    /// Those treated (effect on the treated).
    Att,
    /// Those for whom both treatments were an option (overlap weights).
    Ato,
}

/// Statistical settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AnalysisSettings {
    /// Ties in Cox regression.
    pub ties: Ties,
    /// Interval of the Kaplan-Meier curve.
    pub ci: CiType,
    /// Confidence level of every interval.
    pub level: f64,
    /// Times at which survival is reported, in the outcome's unit.
    pub horizons: Vec<f64>,
    /// Restriction time of the mean (absent: the smaller of the arms' last times).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tau: Option<f64>,
}

impl Default for AnalysisSettings {
    fn default() -> Self {
        Self { ties: Ties::Efron, ci: CiType::LogLog, level: 0.95, horizons: Vec::new(), tau: None }
    }
}

/// Ties in Cox regression.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ties {
    /// Efron's approximation.
    #[default]
    Efron,
    /// Breslow's approximation.
    Breslow,
}

/// Interval of the Kaplan-Meier curve.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum CiType {
    /// On log(-log S).
    #[default]
    #[serde(rename = "log-log")]
    LogLog,
    /// On log S.
    #[serde(rename = "log")]
    Log,
    /// On S itself.
    #[serde(rename = "plain")]
    Plain,
}

crate::json::tagged_by_type!(Outcome, Adjustment);
