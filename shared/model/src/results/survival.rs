//! Survival of a file: curves, log-rank, Cox regression.

use serde::{Deserialize, Serialize};

use super::{CauseCurve, GrayTest, Setting};

/// Kaplan-Meier by group, log-rank and Cox regression of one file (`rounds survival`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SurvivalReport {
    /// Rows used by curves and log-rank.
    pub n: u64,
    /// Rows with the event among them, whatever their weight.
    pub n_events: u64,
    /// Rows left out because a needed value is missing.
    pub n_missing_dropped: u64,
    /// A curve a group.
    pub groups: Vec<GroupCurve>,
    /// Comparison of the groups (absent with one group or where not estimable).
    pub log_rank: Option<LogRank>,
    /// Cox regression (absent where none was asked for or it is not estimable).
    pub cox: Option<CoxReport>,
    /// Cumulative incidence of each cause in each group, where causes were asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cumulative_incidence: Option<Vec<CauseCurve>>,
    /// Gray's test of each cause, where causes were asked for; a cause it is not estimable for is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gray: Option<Vec<GrayTest>>,
    /// Settings used, in words.
    pub settings: Vec<Setting>,
    /// What the reader must know.
    pub warnings: Vec<String>,
}

/// One group's survival.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GroupCurve {
    /// Group.
    pub name: String,
    /// Subjects.
    pub n: u64,
    /// Events (a weighted sum where weights are used).
    pub n_events: f64,
    /// Median survival; absent: not reached.
    pub median: Option<f64>,
    /// Lower limit.
    pub median_lower: Option<f64>,
    /// Upper limit.
    pub median_upper: Option<f64>,
    /// Restricted mean survival time.
    pub rmst: Option<Rmst>,
    /// Survival at chosen times.
    pub at: Vec<SurvivalAt>,
    /// The curve: one point a distinct time, or fewer where `thinned`.
    pub curve: Vec<CurvePoint>,
    /// The curve holds fewer points than distinct times (for display); every point it holds is exact.
    #[serde(default)]
    pub thinned: bool,
}

/// Restricted mean survival time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rmst {
    /// Restriction time.
    pub tau: f64,
    /// Area under the curve up to tau.
    pub value: f64,
    /// Standard error.
    pub std_err: f64,
}

/// A point of a Kaplan-Meier curve.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CurvePoint {
    /// Time.
    pub time: f64,
    /// At risk just before.
    pub n_at_risk: f64,
    /// Events at this time.
    pub n_events: f64,
    /// Censored at this time.
    pub n_censored: f64,
    /// Survival from this time on.
    pub survival: f64,
    /// Standard error of survival (absent where survival is 0).
    pub std_err: Option<f64>,
    /// Lower limit.
    pub lower: Option<f64>,
    /// Upper limit.
    pub upper: Option<f64>,
}

/// Survival at a chosen time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SurvivalAt {
    /// Time asked for.
    pub time: f64,
    /// At risk then (absent beyond the last observed time).
    pub n_at_risk: Option<f64>,
    /// Survival (absent beyond the last observed time, unless the curve had reached 0).
    pub survival: Option<f64>,
    /// Lower limit.
    pub lower: Option<f64>,
    /// Upper limit.
    pub upper: Option<f64>,
}

/// Log-rank test.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LogRank {
    /// Chi-squared statistic.
    pub chi2: f64,
    /// Degrees of freedom.
    pub df: u32,
    /// Two-sided p-value.
    pub p: f64,
}

/// Cox regression.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CoxReport {
    /// `efron` or `breslow`.
    pub ties: String,
    /// Rows used (complete in every term).
    pub n: u64,
    /// Events among them.
    pub n_events: u64,
    /// Log partial likelihood of the null model.
    pub log_likelihood_null: f64,
    /// At the estimates.
    pub log_likelihood: f64,
    /// Coefficients.
    pub coefficients: Vec<CoxCoefficient>,
    /// Concordance.
    pub concordance: Option<Concordance>,
    /// Test of proportional hazards, per term; the last entry is `GLOBAL`.
    pub proportional_hazards: Vec<PhTest>,
    /// What the reader must know (aliased terms, no convergence).
    pub warnings: Vec<String>,
}

/// A coefficient.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CoxCoefficient {
    /// Term: the column's name, `column=level` for a level.
    pub term: String,
    /// The level that a level is compared with (absent: the term is a number, and the ratio is for one unit of it).
    #[serde(default)]
    pub reference: Option<String>,
    /// Log hazard ratio (absent: not estimable, the term is constant or a combination of others).
    pub coef: Option<f64>,
    /// Standard error from the information matrix.
    pub std_err: Option<f64>,
    /// Robust standard error, where clusters or weights ask for it; then z, p and the interval use it.
    pub robust_std_err: Option<f64>,
    /// Wald statistic.
    pub z: Option<f64>,
    /// Two-sided p-value.
    pub p: Option<f64>,
    /// Hazard ratio.
    pub hazard_ratio: Option<f64>,
    /// Lower limit of the hazard ratio.
    pub lower: Option<f64>,
    /// Upper limit of the hazard ratio.
    pub upper: Option<f64>,
}

/// Concordance.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Concordance {
    /// Share of comparable pairs ordered rightly, ties as one half.
    pub value: f64,
    /// Standard error.
    pub std_err: f64,
}

/// A test of proportional hazards.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PhTest {
    /// Term, or `GLOBAL`.
    pub term: String,
    /// Chi-squared statistic.
    pub chi2: f64,
    /// Degrees of freedom.
    pub df: u32,
    /// p-value.
    pub p: f64,
}

/// Numbers at risk and cumulative events at chosen times, exact, for one group.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RiskTableRow {
    /// Group.
    pub group: String,
    /// At risk at each time asked for.
    pub n_at_risk: Vec<f64>,
    /// Events up to and including each time.
    pub n_events: Vec<f64>,
}
