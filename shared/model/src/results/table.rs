//! Table 1 and a cohort's attrition.

use serde::{Deserialize, Serialize};

use super::Setting;

/// Table 1 (`rounds table`, `rounds summarize`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TableOne {
    /// The groups, in order.
    pub groups: Vec<TableGroup>,
    /// A row a variable.
    pub variables: Vec<TableVariable>,
    /// Settings used.
    pub settings: Vec<Setting>,
    /// What the reader must know.
    pub warnings: Vec<String>,
}

/// A group of Table 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TableGroup {
    /// Name.
    pub name: String,
    /// Subjects.
    pub n: u64,
}

/// A row of Table 1.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TableVariable {
    /// Column or covariate name.
    pub name: String,
    /// Words for people.
    pub label: String,
    /// `number` or `category`.
    pub kind: String,
    /// Unit where known.
    pub unit: Option<String>,
    /// Levels of a category, in order.
    pub levels: Vec<String>,
    /// A summary a group, in the order of the groups.
    pub by_group: Vec<VariableSummary>,
    /// Standardized mean difference of the first two groups (absent with one group or where not defined).
    pub smd: Option<f64>,
}

/// One group's summary of one variable.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct VariableSummary {
    /// Group name.
    pub group: String,
    /// Subjects with a value.
    pub n: u64,
    /// Subjects without.
    pub missing: u64,
    /// Mean.
    pub mean: Option<f64>,
    /// Standard deviation (n - 1).
    pub sd: Option<f64>,
    /// Median.
    pub median: Option<f64>,
    /// First quartile (R type 7).
    pub q1: Option<f64>,
    /// Third quartile (R type 7).
    pub q3: Option<f64>,
    /// Smallest.
    pub min: Option<f64>,
    /// Largest.
    pub max: Option<f64>,
    /// Counts of a category, in the order of the levels.
    pub count: Vec<u64>,
    /// Percent of those with a value.
    pub percent: Vec<f64>,
    /// Distribution of a number: same bins for every group.
    pub histogram: Option<Histogram>,
}

/// A histogram.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Histogram {
    /// Bin edges, one more than counts; the last bin includes its upper edge.
    pub edges: Vec<f64>,
    /// Counts.
    pub counts: Vec<u64>,
}

/// A cohort's size and attrition (`rounds cohort`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CohortReport {
    /// Persons in the cohort.
    pub persons: u64,
    /// Cohort entries.
    pub events: u64,
    /// Row by row, in order; rows that remove nobody are kept.
    pub attrition: Vec<AttritionRow>,
    /// Parts of the definition that could not be evaluated; if any, there is no count to trust and the call is refused.
    pub unsupported: Vec<String>,
    /// What the reader must know (missing values met by `Not`, other units).
    pub warnings: Vec<String>,
    /// Wall-clock seconds, filled by the host.
    pub seconds: f64,
    /// Subjects, where asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subjects: Option<Vec<SubjectRow>>,
}

/// A row of an attrition table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttritionRow {
    /// What was asked.
    pub rule: String,
    /// Persons left.
    pub persons: u64,
    /// Events left.
    pub events: u64,
}

/// A subject, by re-keyed identifier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubjectRow {
    /// Re-keyed person identifier.
    pub person: String,
    /// First day (ISO date; `0` in a flat file).
    pub start: String,
    /// Last day.
    pub end: String,
}
