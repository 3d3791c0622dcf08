//! Pooling estimates across sites or studies: fixed effect and random effects.
//!
//! Start with [`pool`]. What it does not do: choose the measure (ratios go in as logarithms) or meta-regression.

mod heterogeneity;
mod leave_one_out;
mod tau2;

pub use heterogeneity::Heterogeneity;
pub use leave_one_out::{LeftOut, leave_one_out};

use crate::interval::{ConfidenceLevel, Interval};
use crate::special::{normal_two_sided_p, t_two_sided_p};

/// One study's result.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StudyEstimate {
    /// The estimate, on a scale where adding makes sense: a ratio's natural logarithm, a difference as it is.
    pub estimate: f64,
    /// Its standard error on that scale.
    pub std_err: f64,
}

/// How the variance between studies is estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PoolMethod {
    /// One common effect: no variance between studies, inverse-variance weights.
    Fixed,
    /// `DerSimonian` and Laird's moment estimator.
    DerSimonianLaird,
    /// Paule and Mandel's estimator.
    PauleMandel,
    /// Restricted maximum likelihood.
    Reml,
}

/// How the pooled estimate's uncertainty is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PoolInference {
    /// Standard error from the weights, normal distribution.
    Normal,
    /// Knapp and Hartung: standard error from the studies' scatter, Student's t with k - 1 degrees of freedom.
    KnappHartung,
}

/// How studies are pooled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PoolSettings {
    /// How the variance between studies is estimated.
    pub method: PoolMethod,
    /// How the pooled estimate's uncertainty is told.
    pub inference: PoolInference,
    /// Level of every interval.
    pub level: ConfidenceLevel,
}

/// Something the reader of a pooled result has to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PoolWarning {
    /// One study only: its own estimate stands, and nothing can be said about differences between studies.
    OneStudy,
    /// Few studies (below 5): the variance between them is hardly known.
    FewStudies,
    /// Knapp and Hartung's standard error is smaller than the ordinary one, since the studies scatter less than chance
    /// alone would make them.
    KnappHartungNarrower,
    /// The studies scatter so little that the profile interval of the between-study variance holds no value above 0; it is
    /// given as 0 to 0.
    EmptyTau2Interval,
}

/// Why studies could not be pooled.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum PoolError {
    /// Nothing to pool.
    #[error("there is no study to pool: add at least one estimate with its standard error")]
    NoStudies,
    /// An estimate that is not a number.
    #[error("study {} has no usable estimate ({estimate}): leave it out or correct it", index + 1)]
    BadEstimate {
        /// The study, from 0.
        index: usize,
        /// The estimate.
        estimate: f64,
    },
    /// A standard error that is not a positive number.
    #[error("study {} has the standard error {std_err}: it must be above 0, so leave the study out or correct it", index + 1)]
    BadStdErr {
        /// The study, from 0.
        index: usize,
        /// The standard error.
        std_err: f64,
    },
    /// The iteration for the between-study variance did not settle.
    #[error(
        "the variance between studies did not settle after {iterations} steps: use the DerSimonian-Laird or the Paule-Mandel method"
    )]
    NotConverged {
        /// Steps taken.
        iterations: usize,
    },
}

/// A pooled estimate.
#[derive(Debug, Clone, PartialEq)]
pub struct Pooled {
    /// The settings it was made with.
    pub settings: PoolSettings,
    /// Number of studies.
    pub k: usize,
    /// The pooled estimate, on the scale of the input.
    pub estimate: f64,
    /// Its standard error.
    pub std_err: f64,
    /// Its confidence interval.
    pub interval: Interval,
    /// Estimate / standard error; none where the standard error is 0.
    pub statistic: Option<f64>,
    /// Two-sided p-value; 0 where the standard error is 0 and the estimate is not, none where both are.
    pub p: Option<f64>,
    /// Degrees of freedom of Student's t; none for the normal distribution.
    pub df: Option<f64>,
    /// Differences between the studies; none with one study.
    pub heterogeneity: Option<Heterogeneity>,
    /// Where the effect in a new study is to be expected; none with one study and for the fixed effect.
    pub prediction: Option<Interval>,
    /// Each study's share of the pooled estimate, in percent.
    pub weights_percent: Vec<f64>,
    /// What the reader has to know.
    pub warnings: Vec<PoolWarning>,
}

/// Pools study estimates by inverse-variance weights.
///
/// mu = sum(w y) / sum(w), w = 1 / (s^2 + tau^2); tau^2 = 0 for the fixed effect
///
/// # Data
/// One estimate and standard error a study, on an additive scale; the order does not matter.
/// # Degenerate input
/// One study: its own estimate with a normal interval and a warning. Identical effects: tau^2 = 0, and Knapp and Hartung's
/// interval has no width (with a warning).
/// # Errors
/// No study, a study without a finite estimate or without a positive standard error, a variance that does not settle.
/// # Agrees with
/// metafor 3.8-1 `rma(yi, vi, method, test)`, `confint`, `predict`: 1e-8 relative (`tests/it/against_r_pool.rs`). The
/// prediction interval is metafor's: normal, or Student's t with k - 1 degrees of freedom under Knapp and Hartung.
/// # Reference
/// R. `DerSimonian` and N. Laird, Control. Clin. Trials 7 (1986); R. C. Paule and J. Mandel, J. Res. NBS 87 (1982);
/// G. Knapp and J. Hartung, Stat. Med. 22 (2003); W. Viechtbauer, J. Educ. Behav. Stat. 30 (2005), Stat. Med. 26 (2007).
pub fn pool(studies: &[StudyEstimate], settings: &PoolSettings) -> Result<Pooled, PoolError> {
    check(studies)?;
    let sample = Sample::new(studies);
    if studies.len() == 1 {
        return Ok(one_study(studies[0], settings));
    }
    let tau2 = match settings.method {
        PoolMethod::Fixed => 0.0,
        PoolMethod::DerSimonianLaird => tau2::der_simonian_laird(&sample),
        PoolMethod::PauleMandel => tau2::paule_mandel(&sample),
        PoolMethod::Reml => tau2::reml(&sample)?,
    };
    Ok(assemble(&sample, tau2, settings))
}

fn check(studies: &[StudyEstimate]) -> Result<(), PoolError> {
    if studies.is_empty() {
        return Err(PoolError::NoStudies);
    }
    for (index, &StudyEstimate { estimate, std_err }) in studies.iter().enumerate() {
        if !estimate.is_finite() {
            return Err(PoolError::BadEstimate { index, estimate });
        }
        // A variance that underflows or overflows has no usable weight either.
        let variance = std_err * std_err;
        if !(std_err > 0.0 && variance.is_normal() && (1.0 / variance).is_normal()) {
            return Err(PoolError::BadStdErr { index, std_err });
        }
    }
    Ok(())
}

/// Studies as deviations from the first one, so that identical effects differ by exactly nothing.
pub(crate) struct Sample {
    origin: f64,
    deviations: Vec<f64>,
    variances: Vec<f64>,
}

/// Weighted mean of a sample at one value of tau^2.
struct WeightedMean {
    weights: Vec<f64>,
    sum_weights: f64,
    /// As a deviation from the sample's origin.
    mean: f64,
    /// sum(w (y - mean)^2).
    q: f64,
}

impl WeightedMean {
    /// sum(w) - sum(w^2) / sum(w), the trace of P = W - w w' / sum(w); summed without cancellation, so that one study of
    /// overwhelming weight leaves the others their say.
    fn trace_p(&self) -> f64 {
        let others = sums_without(&self.weights);
        let products = self.weights.iter().zip(&others).map(|(w, rest)| w * rest);
        products.sum::<f64>() / self.sum_weights
    }

    /// The trace of P P.
    fn trace_pp(&self) -> f64 {
        let squares: Vec<f64> = self.weights.iter().map(|w| w * w).collect();
        let others = sums_without(&self.weights);
        let other_squares = sums_without(&squares);
        let terms = squares
            .iter()
            .zip(others.iter().zip(&other_squares))
            .map(|(square, (rest, rest_squares))| square * (rest * rest + rest_squares));
        terms.sum::<f64>() / (self.sum_weights * self.sum_weights)
    }
}

/// For each value the sum of all others, made of sums only.
fn sums_without(values: &[f64]) -> Vec<f64> {
    let mut sums = vec![0.0; values.len()];
    let mut before = 0.0;
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum += before;
        before += value;
    }
    let mut after = 0.0;
    for (sum, value) in sums.iter_mut().zip(values).rev() {
        *sum += after;
        after += value;
    }
    sums
}

impl Sample {
    fn new(studies: &[StudyEstimate]) -> Self {
        let origin = studies.first().map_or(0.0, |study| study.estimate);
        Self {
            origin,
            deviations: studies.iter().map(|s| s.estimate - origin).collect(),
            variances: studies.iter().map(|s| s.std_err * s.std_err).collect(),
        }
    }

    fn k(&self) -> f64 {
        self.deviations.len() as f64
    }

    fn weighted_mean(&self, tau2: f64) -> WeightedMean {
        let weights: Vec<f64> = self.variances.iter().map(|v| 1.0 / (v + tau2)).collect();
        let sum_weights: f64 = weights.iter().sum();
        let pairs = || weights.iter().zip(&self.deviations);
        let mean = pairs().map(|(w, y)| w * y).sum::<f64>() / sum_weights;
        let q = pairs().map(|(w, y)| w * (y - mean) * (y - mean)).sum();
        WeightedMean { weights, sum_weights, mean, q }
    }
}

fn one_study(study: StudyEstimate, settings: &PoolSettings) -> Pooled {
    let z = study.estimate / study.std_err;
    Pooled {
        settings: *settings,
        k: 1,
        estimate: study.estimate,
        std_err: study.std_err,
        interval: Interval::around(study.estimate, settings.level.z() * study.std_err),
        statistic: Some(z),
        p: Some(normal_two_sided_p(z)),
        df: None,
        heterogeneity: None,
        prediction: None,
        weights_percent: vec![100.0],
        warnings: vec![PoolWarning::OneStudy],
    }
}

fn assemble(sample: &Sample, tau2: f64, settings: &PoolSettings) -> Pooled {
    let fit = sample.weighted_mean(tau2);
    let df = sample.k() - 1.0;
    let estimate = sample.origin + fit.mean;
    let normal_std_err = (1.0 / fit.sum_weights).sqrt();
    let mut warnings = Vec::new();
    if sample.k() < 5.0 && settings.method != PoolMethod::Fixed {
        warnings.push(PoolWarning::FewStudies);
    }
    let (std_err, critical, t_df) = match settings.inference {
        PoolInference::Normal => (normal_std_err, settings.level.z(), None),
        PoolInference::KnappHartung => {
            let scatter = fit.q / df;
            if scatter < 1.0 {
                warnings.push(PoolWarning::KnappHartungNarrower);
            }
            (normal_std_err * scatter.sqrt(), settings.level.t(df), Some(df))
        }
    };
    let heterogeneity = Heterogeneity::new(sample, tau2, settings);
    if heterogeneity.tau2_interval_is_empty {
        warnings.push(PoolWarning::EmptyTau2Interval);
    }
    let statistic = (std_err > 0.0).then(|| estimate / std_err);
    let p = match (statistic, t_df) {
        (Some(statistic), Some(df)) => Some(t_two_sided_p(statistic, df)),
        (Some(statistic), None) => Some(normal_two_sided_p(statistic)),
        (None, _) => (estimate != 0.0).then_some(0.0),
    };
    let prediction = (settings.method != PoolMethod::Fixed)
        .then(|| Interval::around(estimate, critical * (std_err * std_err + tau2).sqrt()));
    Pooled {
        settings: *settings,
        k: sample.deviations.len(),
        estimate,
        std_err,
        interval: Interval::around(estimate, critical * std_err),
        statistic,
        p,
        df: t_df,
        heterogeneity: Some(heterogeneity),
        prediction,
        weights_percent: fit.weights.iter().map(|w| 100.0 * w / fit.sum_weights).collect(),
        warnings,
    }
}
