//! Estimators of the variance between studies.

use super::{PoolError, Sample};

/// Steps after which REML gives up.
const MAX_ITERATIONS: usize = 1_000;

/// (Q - (k - 1)) / (sum(w) - sum(w^2) / sum(w)), not below 0.
pub(super) fn der_simonian_laird(sample: &Sample) -> f64 {
    let fit = sample.weighted_mean(0.0);
    ((fit.q - (sample.k() - 1.0)) / fit.trace_p()).max(0.0)
}

/// The tau^2 at which Q(tau^2) = k - 1, not below 0.
pub(super) fn paule_mandel(sample: &Sample) -> f64 {
    solve_q(sample, sample.k() - 1.0).unwrap_or(0.0)
}

/// The tau^2 at which the generalized Q statistic meets `target`; none where it lies below already at 0.
///
/// Q falls with tau^2 and is convex, so Newton's steps from the left never overshoot; a bracket guards them against
/// rounding.
pub(super) fn solve_q(sample: &Sample, target: f64) -> Option<f64> {
    if target <= 0.0 || sample.weighted_mean(0.0).q < target {
        return None;
    }
    let mut low = 0.0;
    let mut high = sample.variances.iter().copied().fold(0.0, f64::max);
    while sample.weighted_mean(high).q > target {
        low = high;
        high *= 4.0;
        if !high.is_finite() {
            return None;
        }
    }
    let mut tau2 = low;
    for _ in 0..200 {
        let fit = sample.weighted_mean(tau2);
        if fit.q >= target {
            low = tau2;
        } else {
            high = tau2;
        }
        // dQ / dtau2 = -sum(w^2 (y - mean)^2).
        let slope: f64 = fit.weights.iter().zip(&sample.deviations).map(|(w, y)| (w * (y - fit.mean)).powi(2)).sum();
        let newton = tau2 + (fit.q - target) / slope;
        let next = if newton > low && newton < high { newton } else { low + (high - low) / 2.0 };
        if (next - tau2).abs() <= 1e-15 * tau2 || high - low <= 1e-15 * high {
            return Some(next);
        }
        tau2 = next;
    }
    Some(tau2)
}

/// Restricted maximum likelihood by Fisher scoring from Hedges' estimator.
///
/// # Errors
/// When the steps do not settle.
pub(super) fn reml(sample: &Sample) -> Result<f64, PoolError> {
    let mut tau2 = hedges(sample);
    for _ in 0..MAX_ITERATIONS {
        let (step, scale) = scoring_step(sample, tau2);
        let next = (tau2 + step).max(0.0);
        let change = (next - tau2).abs();
        tau2 = next;
        // Relative to tau^2, or to what rounding leaves of the step.
        if change <= 1e-12 * tau2 + 1e-14 * scale {
            return Ok(tau2);
        }
    }
    Err(PoolError::NotConverged { iterations: MAX_ITERATIONS })
}

/// (y' P P y - tr P) / tr(P P), where P is the weight matrix less its projection on the mean; and the size of its terms.
fn scoring_step(sample: &Sample, tau2: f64) -> (f64, f64) {
    let fit = sample.weighted_mean(tau2);
    let scatter: f64 = fit.weights.iter().zip(&sample.deviations).map(|(w, y)| (w * (y - fit.mean)).powi(2)).sum();
    let (trace_p, trace_pp) = (fit.trace_p(), fit.trace_pp());
    ((scatter - trace_p) / trace_pp, (scatter + trace_p) / trace_pp)
}

/// Hedges' estimator: the unweighted variance of the estimates less their mean sampling variance.
fn hedges(sample: &Sample) -> f64 {
    let k = sample.k();
    let mean = sample.deviations.iter().sum::<f64>() / k;
    let variance = sample.deviations.iter().map(|y| (y - mean).powi(2)).sum::<f64>() / (k - 1.0);
    (variance - sample.variances.iter().sum::<f64>() / k).max(0.0)
}
