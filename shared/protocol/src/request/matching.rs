//! Matching and weighting.

use model::dataset::DatasetId;
use model::study::Estimand;
use serde::{Deserialize, Serialize};

/// Matching or weighting of a flat dataset's rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MatchPersons {
    /// Which dataset.
    pub dataset: DatasetId,
    /// Column of the treatment (1: treated, 0: control).
    pub treatment: String,
    /// Columns of the propensity score.
    pub covariates: Vec<String>,
    /// Column of the outcome.
    #[serde(default)]
    pub outcome: Option<String>,
    /// What makes the groups alike.
    pub with: MatchWith,
    /// List the matched sets.
    #[serde(default)]
    pub pairs: bool,
}

/// What makes two groups alike.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatchWith {
    /// Nearest neighbours on the logit of the propensity score.
    Nearest {
        /// Most controls for each treated.
        ratio: u32,
        /// Largest difference, in standard deviations of the logit.
        caliper: f64,
    },
    /// Weights.
    Weights {
        /// Whose effect.
        estimand: Estimand,
    },
}
