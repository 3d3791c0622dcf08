//! What is estimated: survival, study plans, two-by-two tables, pools, similar patients.

use model::consult::{ConsultQuestion, RecordQuestion};
use model::dataset::DatasetId;
use model::study::{AnalysisSettings, StudyPlan};
use serde::{Deserialize, Serialize};

/// Kaplan-Meier, log-rank and Cox on columns of a flat dataset.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Survival {
    /// Which dataset.
    pub dataset: DatasetId,
    /// Column of the duration.
    pub time: String,
    /// Column of the event (0/1).
    pub event: String,
    /// Column of the entry time.
    #[serde(default)]
    pub entry: Option<String>,
    /// Column of the group.
    #[serde(default)]
    pub group: Option<String>,
    /// Columns of the Cox model.
    #[serde(default)]
    pub covariates: Vec<String>,
    /// Column of the strata (log-rank and Cox).
    #[serde(default)]
    pub strata: Option<String>,
    /// Column of the case weights.
    #[serde(default)]
    pub weights: Option<String>,
    /// Column of the clusters (robust standard errors).
    #[serde(default)]
    pub cluster: Option<String>,
    /// Settings.
    #[serde(default)]
    pub settings: AnalysisSettings,
    /// Thin curves for display; the command line asks for every point.
    #[serde(default)]
    pub thin: bool,
    /// How much is computed.
    #[serde(default)]
    pub depth: SurvivalDepth,
    /// The event column holds causes 0 (censored), 1, 2 ...: cumulative incidence and Gray's test as well, everything
    /// else of the event of any cause.
    #[serde(default)]
    pub causes: bool,
}

/// How much of a survival analysis is computed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SurvivalDepth {
    /// Curves and log-rank.
    Curves,
    /// Also Cox regression.
    Estimates,
    /// Also concordance and the test of proportional hazards.
    #[default]
    Diagnostics,
}

/// Run a study plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunStudy {
    /// Which dataset.
    pub dataset: DatasetId,
    /// The plan.
    pub plan: StudyPlan,
    /// How far.
    pub stage: StudyStage,
}

/// How far a study is run. The outcome stays closed until time zero and balance were looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StudyStage {
    /// Attrition and balance only; no outcome is counted.
    Design,
    /// Design and the unadjusted outcomes.
    Unadjusted,
    /// Everything.
    Full,
}

/// Numbers at risk at chosen times, for the study that was run last with this plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RiskTable {
    /// [`StudyResult::plan_id`].
    pub plan_id: String,
    /// Weighted curves instead of plain ones.
    pub weighted: bool,
    /// Times.
    pub times: Vec<f64>,
}

/// A two-by-two table: exposed with and without the event, unexposed with and without.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TwoByTwo {
    /// Exposed with the event.
    pub a: u64,
    /// Exposed without.
    pub b: u64,
    /// Unexposed with the event.
    pub c: u64,
    /// Unexposed without.
    pub d: u64,
}

/// Pool estimates.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pool {
    /// Estimates (ratios on the log scale).
    pub estimates: Vec<f64>,
    /// Standard errors.
    pub std_errs: Vec<f64>,
    /// How.
    pub method: PoolMethod,
    /// Knapp-Hartung interval.
    pub knapp_hartung: bool,
}

/// Estimator of the between-study variance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PoolMethod {
    /// Restricted maximum likelihood.
    Reml,
    /// DerSimonian-Laird.
    Dl,
    /// Paule-Mandel.
    Pm,
    /// Fixed effect (common effect).
    Fixed,
}

/// Similar patients in a flat file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Consult {
    /// Which dataset.
    pub dataset: DatasetId,
    /// What is asked.
    pub question: ConsultQuestion,
}

/// Similar patients in a full record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConsultRecord {
    /// Which dataset.
    pub dataset: DatasetId,
    /// What is asked.
    pub question: RecordQuestion,
}
