//! Cohorts counted, described and summarized.

use model::cohort::CohortDefinition;
use model::covariate::Covariate;
use model::dataset::DatasetId;
use serde::{Deserialize, Serialize};

/// Count a cohort.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EvaluateCohort {
    /// Which dataset.
    pub dataset: DatasetId,
    /// Which cohort.
    pub definition: CohortDefinition,
    /// Also list the subjects.
    pub with_subjects: bool,
}

/// A cohort definition in plain English.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DescribeCohort {
    /// Checked against this dataset, if given.
    pub dataset: Option<DatasetId>,
    /// Which cohort.
    pub definition: CohortDefinition,
}

/// A cohort definition in plain English, with every problem found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CohortDescription {
    /// The words.
    pub text: String,
    /// The problems.
    pub problems: Vec<String>,
}

/// Table 1 of one cohort or of two side by side.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summarize {
    /// Which dataset.
    pub dataset: DatasetId,
    /// The groups.
    pub groups: SummaryGroups,
    /// Which variables (absent: all that make sense).
    pub variables: Option<Vec<Covariate>>,
}

/// Groups of Table 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SummaryGroups {
    /// Cohorts (one or two).
    Cohorts {
        /// The definitions.
        definitions: Vec<CohortDefinition>,
    },
    /// A variable's levels (flat files; absent: one group).
    By {
        /// Column.
        variable: Option<String>,
    },
}
