//! An incidence rate with its exact interval.

use crate::interval::{ConfidenceLevel, Interval};
use crate::special::{chi2_quantile, chi2_upper_quantile};

/// Why there is no rate.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum RateError {
    /// No time in which anything could have happened.
    #[error("the time at risk is {time}, so there is no rate: it must be a number above 0")]
    NoTime {
        /// The time.
        time: f64,
    },
}

/// Events per unit of time at risk.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// Events.
    pub events: u64,
    /// Time at risk.
    pub time: f64,
    /// events / time.
    pub estimate: f64,
    /// Garwood's exact interval.
    pub interval: Interval,
}

/// A rate with the exact interval of a Poisson count.
///
/// r = x / T; limits q(alpha / 2; 2 x) / (2 T) and q(1 - alpha / 2; 2 x + 2) / (2 T), q the quantiles of chi-squared
///
/// # Data
/// `events` in `time` at risk (persons' times added up; no weights). Events are taken to be independent: of each person at
/// most the first one counts.
/// # Degenerate input
/// No events: the lower limit is 0, the upper one -ln(alpha / 2) / T.
/// # Errors
/// A time that is not a number above 0.
/// # Agrees with
/// R 4.2 `poisson.test(x, T)`, 1e-9 (`tests/it/against_r_rates.rs`).
/// # Reference
/// F. Garwood, Biometrika 28 (1936).
pub fn rate(events: u64, time: f64, level: ConfidenceLevel) -> Result<Rate, RateError> {
    if !(time.is_finite() && time > 0.0) {
        return Err(RateError::NoTime { time });
    }
    let (x, tail) = (events as f64, level.tail());
    let lower = if events == 0 { 0.0 } else { chi2_quantile(tail, 2.0 * x) / 2.0 };
    let upper = chi2_upper_quantile(tail, 2.0 * x + 2.0) / 2.0;
    Ok(Rate { events, time, estimate: x / time, interval: Interval { lower, upper }.map(|limit| limit / time) })
}
