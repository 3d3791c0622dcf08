//! Findings: what was learnt, in words and numbers, aggregates only. The only kind of document that is published.

use serde::{Deserialize, Serialize};

use crate::canonical::ContentId;
use crate::results::Setting;
use crate::study::StudyPlan;

/// Version of the finding written by this build.
pub const FINDING_SCHEMA_VERSION: u32 = 1;

/// Cells of 1 up to this are hidden, unless the user asks for a higher threshold.
pub const DEFAULT_CELL_THRESHOLD: u32 = 10;

/// The `kind` of a finding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum FindingKind {
    /// `"finding"`.
    #[default]
    #[serde(rename = "finding")]
    Finding,
}

/// A finding.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// Always `"finding"`.
    pub kind: FindingKind,
    /// [`FINDING_SCHEMA_VERSION`].
    pub schema_version: u32,
    /// A title.
    pub title: String,
    /// The question in a sentence.
    pub question: String,
    /// Who was studied: words and numbers.
    pub population: Population,
    /// The estimates, unadjusted first.
    pub estimates: Vec<Estimate>,
    /// One entry an arm, target first.
    pub arms: Vec<ArmResult>,
    /// Balance of the covariates.
    pub balance: Vec<FindingBalance>,
    /// Every setting used.
    pub methods: Vec<Setting>,
    /// What limits it, in sentences.
    pub limits: Vec<String>,
    /// Known confounders that were not adjusted for, as the author named them.
    pub not_adjusted_for: Vec<String>,
    /// The conclusion in plain words.
    pub summary: String,
    /// The plan, so that a peer can run it on other data.
    pub plan: StudyPlan,
    /// The finding this one replicates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replicates: Option<ContentId>,
    /// Locks that were overridden (`the adjusted comparison was opened before balance was looked at`).
    #[serde(default)]
    pub overrides: Vec<String>,
    /// The author and site as they want to be named.
    pub author: Author,
    /// Day it was made (ISO date).
    pub made_on: String,
    /// Cells of 1 up to this are hidden.
    pub cell_threshold: u32,
}

/// Who made a finding.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Author {
    /// Name or role.
    pub name: String,
    /// Site.
    pub site: String,
    /// The public key of the device that signed it, in hexadecimal digits; empty before it is signed. It is part of what is
    /// signed: the same text under another key is another document.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub public_key: String,
}

/// Who was studied.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Population {
    /// In words.
    pub description: String,
    /// Name of the dataset.
    pub dataset: String,
    /// Subjects analysed.
    pub n: Cell,
    /// Events among them.
    pub n_events: Cell,
}

/// A count that may be hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cell {
    /// The count.
    Count(u64),
    /// Hidden by disclosure control.
    Hidden,
}

impl Default for Cell {
    fn default() -> Self {
        Cell::Count(0)
    }
}

/// What an estimate measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Hazard ratio (pooled on the log).
    HazardRatio,
    /// Risk ratio (pooled on the log).
    RiskRatio,
    /// Odds ratio (pooled on the log).
    OddsRatio,
    /// Risk difference.
    RiskDifference,
}

impl Measure {
    /// Whether it is pooled and drawn on the log scale.
    #[must_use]
    pub fn is_ratio(self) -> bool {
        !matches!(self, Measure::RiskDifference)
    }

    /// The words for people.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Measure::HazardRatio => "hazard ratio",
            Measure::RiskRatio => "risk ratio",
            Measure::OddsRatio => "odds ratio",
            Measure::RiskDifference => "risk difference",
        }
    }
}

/// An estimate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Estimate {
    /// What it measures, target against comparator.
    pub measure: Measure,
    /// Whether it is adjusted.
    pub adjusted: bool,
    /// How, in words.
    pub method: String,
    /// On the natural scale (a ratio as a ratio).
    pub estimate: f64,
    /// Lower limit.
    pub lower: f64,
    /// Upper limit.
    pub upper: f64,
    /// Standard error, on the log scale for ratios.
    pub std_err: f64,
    /// Confidence level.
    pub level: f64,
    /// p-value of the test of proportional hazards, where it is a hazard ratio.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ph_p: Option<f64>,
}

/// One arm's outcome.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArmResult {
    /// Arm.
    pub name: String,
    /// Subjects.
    pub n: Cell,
    /// Events.
    pub n_events: Cell,
    /// Median survival (absent: not reached or hidden).
    pub median: Option<f64>,
    /// Unit of times.
    pub time_unit: String,
    /// The curve, rounded and coarse: never a step that shows one person.
    pub curve: Vec<PublishedPoint>,
}

/// A point of a published curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublishedPoint {
    /// Time.
    pub time: f64,
    /// Survival, rounded.
    pub survival: f64,
}

/// A row of a published balance table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindingBalance {
    /// Covariate.
    pub covariate: String,
    /// Standardized mean difference before, rounded (absent: hidden or not defined).
    pub smd_before: Option<f64>,
    /// After.
    pub smd_after: Option<f64>,
}

/// Something that would disclose too much.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disclosure {
    /// JSON path.
    pub path: String,
    /// Why, in words.
    pub reason: String,
}

/// The answer of a disclosure check.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisclosureReport {
    /// What would disclose too much; empty: it may leave.
    pub discloses: Vec<Disclosure>,
    /// What to think about before it leaves.
    pub warnings: Vec<String>,
}
