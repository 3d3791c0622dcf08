//! Results: what the engine answers and the command line prints. Field names that the command line's contract fixes
//! are kept to the letter. A value that does not exist is `None` (JSON null), never NaN or infinity.

use serde::{Deserialize, Serialize};

/// Kaplan-Meier by group, log-rank and Cox regression of one file (`rounds survival`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SurvivalReport {
    /// Rows used by curves and log-rank.
    pub n: u64,
    /// Events among them.
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

/// The cumulative incidence of one of several causes in one group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CauseCurve {
    /// Group.
    pub group: String,
    /// The cause, as the event column has it.
    pub cause: u32,
    /// The start, a step at every distinct time of the cause, and the end of follow-up.
    pub curve: Vec<CausePoint>,
}

/// A step of a cumulative incidence curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CausePoint {
    /// Time.
    pub time: f64,
    /// Probability of this cause by then.
    pub estimate: f64,
    /// Its variance.
    pub variance: f64,
}

/// Gray's test of one cause.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct GrayTest {
    /// The cause, as the event column has it.
    pub cause: u32,
    /// Chi-squared statistic.
    pub chi2: f64,
    /// Degrees of freedom.
    pub df: u32,
    /// p-value.
    pub p: f64,
}

/// A setting as printed on a result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setting {
    /// What.
    pub name: String,
    /// Which.
    pub value: String,
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
