//! Matching and weighting.

use serde::{Deserialize, Serialize};

use super::{BalanceRow, Setting};

/// Matching or weighting by a propensity score (`rounds match`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MatchReport {
    /// Rows used: those complete in the treatment and the covariates.
    pub n: u64,
    /// Rows left out because one of these is missing.
    pub n_missing_dropped: u64,
    /// The propensity score.
    pub propensity: PropensityReport,
    /// Treated among the rows used.
    pub n_treated: u64,
    /// Others among the rows used.
    pub n_control: u64,
    /// Treated that were matched (with weights: that have one).
    pub n_matched_treated: u64,
    /// Others that were matched (with weights: that have one).
    pub n_matched_control: u64,
    /// A row a covariate (a row a level for categories with more than two).
    pub balance: Vec<BalanceRow>,
    /// How many equally weighted persons would tell as much.
    pub effective_sample_size: EffectiveSampleSize,
    /// The largest difference of logits allowed (absent without matching).
    pub caliper_width: Option<f64>,
    /// Matched sets of data rows (from 0): the treated one, then its controls. Where asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pairs: Option<Vec<Vec<u32>>>,
    /// The effect on the outcome, where one was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<MatchedEffect>,
    /// Settings used.
    pub settings: Vec<Setting>,
    /// What the reader must know.
    pub warnings: Vec<String>,
}

/// A propensity model.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PropensityReport {
    /// Coefficients, the intercept first.
    pub coefficients: Vec<PropensityCoefficient>,
    /// Area under the curve.
    pub auc: Option<f64>,
    /// Share in equipoise (preference score 0.3 to 0.7).
    pub equipoise: Option<f64>,
}

/// A coefficient of a propensity model.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PropensityCoefficient {
    /// Term: `(Intercept)`, the column's name, `column=level` for a level.
    pub term: String,
    /// Log odds ratio (absent: constant, or a combination of other terms).
    pub coef: Option<f64>,
    /// Its standard error.
    pub std_err: Option<f64>,
}

/// Effective sample sizes of two groups.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EffectiveSampleSize {
    /// Of the treated.
    pub treated: Option<f64>,
    /// Of the others.
    pub control: Option<f64>,
}

/// What the treatment does to an outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MatchedEffect {
    /// Rows with weight and outcome.
    pub n: u64,
    /// Difference of risks (absent where the outcome is no 0 and 1).
    pub risk_difference: Option<EffectEstimate>,
    /// Ratio of risks; its standard error is that of the logarithm.
    pub risk_ratio: Option<EffectEstimate>,
    /// Ratio of odds; its standard error is that of the logarithm.
    pub odds_ratio: Option<EffectEstimate>,
    /// Difference of means (absent where the outcome is 0 and 1).
    pub mean_difference: Option<EffectEstimate>,
}

/// An estimate with standard error and interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct EffectEstimate {
    /// Estimate.
    pub estimate: f64,
    /// Standard error.
    pub std_err: f64,
    /// Lower limit.
    pub lower: f64,
    /// Upper limit.
    pub upper: f64,
}
