//! Estimates by themselves: two-by-two tables and pools.

use serde::{Deserialize, Serialize};

use super::Setting;
use crate::citation::{EffectMeasure, Retraction};
use crate::finding::Measure;

/// One estimate with its uncertainty.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Point estimate.
    pub estimate: f64,
    /// Lower limit.
    pub lower: Option<f64>,
    /// Upper limit.
    pub upper: Option<f64>,
}

/// `rounds two-by-two`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TwoByTwoReport {
    /// Risk ratio (Wald interval on the log).
    pub risk_ratio: Option<Interval>,
    /// Odds ratio (Woolf).
    pub odds_ratio: Option<Interval>,
    /// Risk difference.
    pub risk_difference: Option<Interval>,
    /// Fisher's exact test, two-sided.
    pub fisher_p: Option<f64>,
    /// Pearson's chi-squared without continuity correction.
    pub chi2: Option<f64>,
    /// Its p-value.
    pub chi2_p: Option<f64>,
    /// Number needed to treat for one event fewer or more: 1 / |risk difference| (absent where the risks are equal).
    pub nnt: Option<f64>,
    /// Its interval (absent where the risk difference's interval holds 0: it then runs through infinity).
    pub nnt_lower: Option<f64>,
    /// Its interval.
    pub nnt_upper: Option<f64>,
    /// `fewer` events among the exposed, `more`, or `equal`.
    pub nnt_direction: String,
    /// E-value.
    pub e_value: Option<EValue>,
    /// Settings used.
    pub settings: Vec<Setting>,
    /// What the reader must know.
    pub warnings: Vec<String>,
}

/// E-value.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct EValue {
    /// For the estimate.
    pub point: f64,
    /// For the confidence limit nearer to no effect (1 where the interval holds no effect).
    pub limit: f64,
}

/// `rounds pool`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PoolReport {
    /// Number of estimates.
    pub k: u64,
    /// `reml`, `dl`, `pm`, `fixed`.
    pub method: String,
    /// Whether Knapp-Hartung was used.
    pub knapp_hartung: bool,
    /// Pooled estimate.
    pub estimate: f64,
    /// Its standard error.
    pub std_err: f64,
    /// Lower limit.
    pub lower: f64,
    /// Upper limit.
    pub upper: f64,
    /// Two-sided p-value (absent where the standard error and the estimate are 0).
    pub p: Option<f64>,
    /// Between-study variance.
    pub tau2: Option<f64>,
    /// Q-profile lower limit.
    pub tau2_lower: Option<f64>,
    /// Q-profile upper limit (absent: above what was searched).
    pub tau2_upper: Option<f64>,
    /// I squared in percent.
    pub i2: Option<f64>,
    /// H squared.
    pub h2: Option<f64>,
    /// Cochran's Q (absent with one estimate).
    pub q: Option<f64>,
    /// Its p-value.
    pub q_p: Option<f64>,
    /// Prediction interval.
    pub prediction_lower: Option<f64>,
    /// Prediction interval.
    pub prediction_upper: Option<f64>,
    /// Weight of each estimate in percent.
    pub weights: Vec<f64>,
    /// What the reader must know.
    pub warnings: Vec<String>,
}

/// Findings pooled across sites.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PooledFindings {
    /// What was pooled (`hazard_ratio`).
    pub measure: Measure,
    /// A row a finding that was pooled, in the order given.
    pub rows: Vec<PooledRow>,
    /// Fixed effect, on the natural scale; `std_err` and `tau2` are on the log scale for ratios.
    pub fixed: PoolReport,
    /// REML with Knapp and Hartung's interval (absent with one finding); with I² and a prediction interval from three on.
    pub random: Option<PoolReport>,
    /// The result in plain words.
    pub words: String,
    /// Findings left out, and why.
    pub left_out: Vec<String>,
}

/// A row of a forest plot, on the natural scale.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PooledRow {
    /// Site and dataset, or study.
    pub label: String,
    /// Estimate.
    pub estimate: f64,
    /// Lower limit.
    pub lower: f64,
    /// Upper limit.
    pub upper: f64,
    /// Weight in percent: of the random effects where there are two rows or more.
    pub weight: f64,
}

/// An estimate of the literature to be pooled.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EffectToPool {
    /// The study, as it will be shown.
    pub label: String,
    /// What tells studies apart: two estimates of one study are not independent.
    pub study: String,
    /// What it measures.
    pub measure: EffectMeasure,
    /// The estimate as it is printed.
    pub estimate: f64,
    /// Lower limit.
    pub lower: f64,
    /// Upper limit.
    pub upper: f64,
    /// Level of the interval (absent where the text does not say: 0.95 is assumed).
    pub level: Option<f64>,
    /// Unit of a difference.
    pub unit: Option<String>,
    /// Whether the text calls it adjusted.
    pub adjusted: Option<bool>,
    /// What is known of the article's standing.
    #[serde(default)]
    pub retraction: Retraction,
}

/// Estimates of the literature together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PooledEffects {
    /// What was pooled.
    pub measure: EffectMeasure,
    /// Unit of a difference, where one is known.
    pub unit: Option<String>,
    /// A row an estimate, in the order given.
    pub rows: Vec<PooledRow>,
    /// Fixed effect, on the natural scale; `std_err` and `tau2` are on the log scale for ratios.
    pub fixed: PoolReport,
    /// REML with Knapp and Hartung's interval (absent with one estimate); with a prediction interval from three studies on.
    pub random: Option<PoolReport>,
    /// The result in plain words.
    pub words: String,
    /// What the reader must know.
    pub warnings: Vec<String>,
    /// Articles among them that are retracted, or of which a concern was expressed, in sentences.
    #[serde(default)]
    pub doubts: Vec<String>,
}
