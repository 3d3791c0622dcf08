//! One proportion with its interval: Wilson's score interval and the exact one of Clopper and Pearson.

use crate::interval::{ConfidenceLevel, Interval};
use crate::special::beta_quantile;

/// Why there is no proportion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProportionError {
    /// Nobody in the group.
    #[error("the group is empty, so it has no proportion: choose a group with at least one person")]
    EmptyGroup,
    /// More events than persons.
    #[error("{events} of {n} is not a proportion: events are counted among the persons of the group")]
    MoreEventsThanPersons {
        /// The events.
        events: u64,
        /// The persons.
        n: u64,
    },
}

/// A share of a group, with two intervals.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Proportion {
    /// Persons with the event.
    pub events: u64,
    /// Persons.
    pub n: u64,
    /// events / n.
    pub estimate: f64,
    /// Wilson's score interval, without continuity correction.
    pub wilson: Interval,
    /// The exact interval of Clopper and Pearson.
    pub clopper_pearson: Interval,
}

/// A proportion with Wilson's and the exact interval.
///
/// p = x / n
///
/// # Data
/// `events` among `n` persons, each counted once.
/// # Degenerate input
/// No events: both lower limits are 0. Events in all: both upper limits are 1.
/// # Errors
/// An empty group, or more events than persons.
/// # Agrees with
/// R 4.2 `prop.test(x, n, correct = FALSE)` and `binom.test(x, n)`, 1e-9 (`tests/it/against_r_tables.rs`).
/// # Reference
/// E. B. Wilson, JASA 22 (1927); C. J. Clopper and E. S. Pearson, Biometrika 26 (1934).
pub fn proportion(events: u64, n: u64, level: ConfidenceLevel) -> Result<Proportion, ProportionError> {
    if n == 0 {
        return Err(ProportionError::EmptyGroup);
    }
    if events > n {
        return Err(ProportionError::MoreEventsThanPersons { events, n });
    }
    Ok(Proportion {
        events,
        n,
        estimate: events as f64 / n as f64,
        wilson: wilson(events, n, level),
        clopper_pearson: clopper_pearson(events, n, level),
    })
}

/// Wilson's score interval; `events` is at most `n`, and `n` at least 1.
pub(crate) fn wilson(events: u64, n: u64, level: ConfidenceLevel) -> Interval {
    let (x, n_f) = (events as f64, n as f64);
    let z2 = level.z() * level.z();
    let reach = level.z() * (x * (n_f - x) / n_f + z2 / 4.0).sqrt();
    // The limits at 0 and n are 0 and 1 on paper; rounding must not say otherwise.
    Interval {
        lower: if events == 0 { 0.0 } else { (x + z2 / 2.0 - reach) / (n_f + z2) },
        upper: if events == n { 1.0 } else { (x + z2 / 2.0 + reach) / (n_f + z2) },
    }
}

/// The exact interval: quantiles of two beta distributions.
fn clopper_pearson(events: u64, n: u64, level: ConfidenceLevel) -> Interval {
    let (x, n_f) = (events as f64, n as f64);
    let tail = level.tail();
    Interval {
        lower: if events == 0 { 0.0 } else { beta_quantile(tail, x, n_f - x + 1.0) },
        // The upper limit by symmetry, so that its digits near 1 are those of a small number.
        upper: if events == n { 1.0 } else { 1.0 - beta_quantile(tail, n_f - x, x + 1.0) },
    }
}
