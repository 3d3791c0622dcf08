//! What a study plan gave.

use serde::{Deserialize, Serialize};

use super::{AttritionRow, CoxReport, Histogram, Setting, SurvivalReport};

/// What a study plan gave.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StudyResult {
    /// Content id of the plan that was run.
    pub plan_id: String,
    /// Outcome's name.
    pub outcome: String,
    /// Unit of every time.
    pub time_unit: String,
    /// Attrition of both arms, down to those analysed.
    pub attrition: Vec<ArmAttrition>,
    /// Balance of the covariates, before (and after weighting).
    pub balance: Balance,
    /// Curves, target first. Weighted where the plan asks for weighting; `unadjusted` always holds the plain ones.
    pub unadjusted: SurvivalReport,
    /// Weighted curves and weighted Cox, where the plan asks for weighting.
    pub weighted: Option<SurvivalReport>,
    /// Cox regression with every covariate, where the plan asks for regression.
    pub regression: Option<CoxReport>,
    /// The treatment's hazard ratio, unadjusted.
    pub hazard_ratio_unadjusted: Option<HazardRatio>,
    /// The treatment's hazard ratio, adjusted; absent until balance was looked at, or where not estimable.
    pub hazard_ratio_adjusted: Option<HazardRatio>,
    /// Follow-up in plain numbers.
    pub follow_up: Vec<FollowUp>,
    /// Settings used.
    pub settings: Vec<Setting>,
    /// What the reader must know.
    pub warnings: Vec<String>,
}

/// A hazard ratio, target against comparator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HazardRatio {
    /// Hazard ratio.
    pub estimate: f64,
    /// Lower limit.
    pub lower: f64,
    /// Upper limit.
    pub upper: f64,
    /// Natural log of the hazard ratio.
    pub log_estimate: f64,
    /// Its standard error (robust where weights are used).
    pub std_err: f64,
    /// Two-sided p-value.
    pub p: f64,
    /// Subjects analysed.
    pub n: u64,
    /// Events among them.
    pub n_events: u64,
    /// How it was made, in words.
    pub method: String,
    /// p-value of the test of proportional hazards for the treatment.
    pub ph_p: Option<f64>,
    /// What that means, in words.
    pub ph_words: String,
}

/// Attrition of one arm.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ArmAttrition {
    /// Arm.
    pub arm: String,
    /// Row by row.
    pub rows: Vec<AttritionRow>,
}

/// Follow-up of one arm.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FollowUp {
    /// Arm.
    pub arm: String,
    /// Subjects.
    pub n: u64,
    /// Events.
    pub n_events: u64,
    /// Sum of the time at risk.
    pub time_at_risk: f64,
    /// Events per 100 person-years.
    pub rate_per_100_years: Option<f64>,
    /// Lower limit of the rate (exact, Poisson).
    #[serde(default)]
    pub rate_lower: Option<f64>,
    /// Upper limit.
    #[serde(default)]
    pub rate_upper: Option<f64>,
    /// Median follow-up by reverse Kaplan-Meier.
    pub median_follow_up: Option<f64>,
}

/// Balance of covariates between the arms.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Balance {
    /// A row a covariate (a row a level for categories with more than two).
    pub rows: Vec<BalanceRow>,
    /// Threshold of |SMD| above which a covariate is called unbalanced.
    pub threshold: f64,
    /// Effective sample sizes after weighting (target, comparator).
    pub effective_sample_size: Option<(f64, f64)>,
    /// Share of subjects in equipoise (preference score 0.3 to 0.7).
    pub equipoise: Option<f64>,
    /// Area under the curve of the propensity model.
    pub auc: Option<f64>,
    /// Bins of the propensity score for the overlap figure: the same edges for both arms.
    pub propensity_histogram: Option<(Histogram, Histogram)>,
}

/// A row of the balance table.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BalanceRow {
    /// Covariate, `covariate=level` for a level.
    pub covariate: String,
    /// Mean or share in the target arm.
    pub target: Option<f64>,
    /// Mean or share in the comparator arm.
    pub comparator: Option<f64>,
    /// Missing in the target arm.
    pub missing_target: u64,
    /// Missing in the comparator arm.
    pub missing_comparator: u64,
    /// Standardized mean difference before adjustment.
    pub smd_before: Option<f64>,
    /// After weighting.
    pub smd_after: Option<f64>,
    /// Variance ratio before.
    pub variance_ratio_before: Option<f64>,
    /// Variance ratio after.
    pub variance_ratio_after: Option<f64>,
}
