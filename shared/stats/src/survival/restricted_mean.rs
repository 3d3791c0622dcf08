//! The restricted mean survival time: the area under the curve up to a horizon.

use super::curve::Curve;
use super::error::SurvivalError;

/// Mean time lived up to a horizon.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RestrictedMean {
    /// The horizon.
    pub tau: f64,
    /// The area under the survival curve from 0 to `tau`.
    pub value: f64,
    /// Its standard error.
    pub std_err: f64,
    /// Follow-up ends before `tau` with the curve above 0: beyond it the last height was carried on, which
    /// overstates the mean. Choose a smaller horizon.
    pub beyond_follow_up: bool,
}

/// Restricted mean survival time: the integral of S from 0 to `tau`.
///
/// Its variance is the sum over event times s <= tau of (area from s to tau)^2 d / (n (n - d)).
///
/// # Data
/// Any curve. Weights are taken as counts of rows, also those that are not whole numbers, as in R.
///
/// # Degenerate input
/// Without rows or events up to `tau` the mean is `tau` with standard error 0. A time at which all at risk have
/// the event adds nothing to the variance.
///
/// # Errors
/// [`SurvivalError::Horizon`] if `tau` is not a positive number.
///
/// # Agrees with
/// R 4.2 survival 3.5-3 `summary(survfit(...), rmean = tau)$table` to 1e-9 relative; `against_r_survival.rs`,
/// test `restricted_mean_agrees_with_survfit`.
///
/// # Reference
/// Klein JP, Moeschberger ML. Survival Analysis, 2nd ed. 2003, section 4.5.
pub fn restricted_mean(curve: &Curve, tau: f64) -> Result<RestrictedMean, SurvivalError> {
    if !(tau.is_finite() && tau > 0.0) {
        return Err(SurvivalError::Horizon(tau));
    }
    let table = curve.table();
    let n_steps = table.time.partition_point(|&t| t <= tau);
    let (mut area_beyond, mut variance) = (0.0, 0.0);
    let mut until = tau;
    for i in (0..n_steps).rev() {
        area_beyond += (until - table.time[i]) * curve.survival[i];
        until = table.time[i];
        let (n, d) = (table.n_at_risk.get(i), table.n_events.get(i));
        if d > 0.0 && n - d > 0.0 {
            variance += area_beyond * area_beyond * d / (n * (n - d));
        }
    }
    let last = curve.len().checked_sub(1);
    Ok(RestrictedMean {
        tau,
        value: area_beyond + until,
        std_err: variance.sqrt(),
        beyond_follow_up: last.is_none_or(|i| table.time[i] < tau && curve.survival[i] > 0.0),
    })
}
