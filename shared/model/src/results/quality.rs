//! Data quality of a dataset: checks with counts, in the categories of Kahn and others and of OHDSI's Data Quality
//! Dashboard.
//!
//! **Sources.** M. G. Kahn and others, A harmonized data quality assessment terminology and framework for the secondary
//! use of electronic health record data, eGEMs 4 (2016) 1244; OHDSI Data Quality Dashboard,
//! <https://ohdsi.github.io/DataQualityDashboard/>.

use serde::{Deserialize, Serialize};

use super::Setting;

/// What a check is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QualityCategory {
    /// Is what should be there, there?
    Completeness,
    /// Is it written as agreed: units, codes, references between tables?
    Conformance,
    /// Can it be true?
    Plausibility,
}

/// What a check compares the data with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QualityContext {
    /// With themselves and with what was agreed.
    Verification,
    /// With knowledge from outside: what a person can have.
    Validation,
}

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QualityStatus {
    /// More than the threshold break the rule.
    Fail,
    /// At most the threshold do.
    Pass,
    /// There is nothing to check.
    NotApplicable,
}

/// One check of one part of a dataset.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QualityCheck {
    /// Names the rule.
    pub id: String,
    /// The rule's violation in plain words: what was counted.
    pub title: String,
    /// The part that was checked: a domain, a concept, a variable (empty: all of it).
    pub part: String,
    /// Category.
    pub category: QualityCategory,
    /// Kahn's subcategory: value, relational, computational, uniqueness, atemporal, temporal (empty: has none).
    pub subcategory: String,
    /// Context.
    pub context: QualityContext,
    /// The check of OHDSI's Data Quality Dashboard that it follows (empty: an own one).
    pub like: String,
    /// What was counted: persons, events, notes ...
    pub unit: String,
    /// How many break the rule.
    pub n_violated: u64,
    /// Of how many.
    pub n_total: u64,
    /// 100 times the quotient; absent where there is nothing to check.
    pub percent: Option<f64>,
    /// The check fails above it.
    pub threshold_percent: f64,
    /// How it ended.
    pub status: QualityStatus,
    /// Why it does not apply, or what the limits are (may be empty).
    pub note: String,
    /// What follows from a failure, and what to do.
    pub to_do: String,
    /// Where most violations stand, most first (at most ten).
    pub most: Vec<(String, u64)>,
}

/// Checks of a category and context.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QualitySummary {
    /// Category.
    pub category: QualityCategory,
    /// Context.
    pub context: QualityContext,
    /// Checks that passed.
    pub n_passed: u64,
    /// Checks that failed.
    pub n_failed: u64,
    /// Checks that do not apply.
    pub n_not_applicable: u64,
}

/// Data quality of a dataset.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QualityReport {
    /// Persons.
    pub n_persons: u64,
    /// Events.
    pub n_events: u64,
    /// Notes.
    pub n_notes: u64,
    /// The six cells of category and context, in order.
    pub summary: Vec<QualitySummary>,
    /// Every check, by category, in a fixed order.
    pub checks: Vec<QualityCheck>,
    /// What was assumed.
    pub settings: Vec<Setting>,
}

impl QualityReport {
    /// Checks that ended so.
    #[must_use]
    pub fn n(&self, status: QualityStatus) -> usize {
        self.checks.iter().filter(|c| c.status == status).count()
    }
}
