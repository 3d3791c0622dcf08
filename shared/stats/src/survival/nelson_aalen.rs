//! The Nelson-Aalen estimator of the cumulative hazard.

use std::sync::Arc;

use super::error::SurvivalError;
use super::robust;
use super::table::{EventTable, GroupTable};
use crate::tick::{Tick, ask};

/// One group's cumulative hazard: a step at every distinct time of an event or a censoring.
#[derive(Debug, Clone, PartialEq)]
pub struct CumulativeHazard {
    table: Arc<GroupTable>,
    hazard: Vec<f64>,
    std_err: Vec<f64>,
}

/// The cumulative hazard at one of its times.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CumulativeHazardPoint {
    /// The time.
    pub time: f64,
    /// Sum of weights at risk just before it.
    pub n_at_risk: f64,
    /// Sum of weights with the event at it.
    pub n_events: f64,
    /// Cumulative hazard up to and including it.
    pub cumulative_hazard: f64,
    /// Its standard error.
    pub std_err: f64,
}

impl CumulativeHazard {
    /// Distinct times, ascending.
    pub fn times(&self) -> &[f64] {
        &self.table.time
    }

    /// The cumulative hazard at each of [`CumulativeHazard::times`].
    pub fn cumulative_hazard(&self) -> &[f64] {
        &self.hazard
    }

    /// All steps.
    pub fn points(&self) -> impl Iterator<Item = CumulativeHazardPoint> + '_ {
        (0..self.hazard.len()).map(|i| CumulativeHazardPoint {
            time: self.table.time[i],
            n_at_risk: self.table.n_at_risk.get(i),
            n_events: self.table.n_events.get(i),
            cumulative_hazard: self.hazard[i],
            std_err: self.std_err[i],
        })
    }
}

/// The Nelson-Aalen cumulative hazard of each group: H(t) = sum over event times s <= t of d(s) / n(s).
///
/// Its variance is Aalen's, sum d / n^2; with clusters or weights that are not whole numbers the infinitesimal
/// jackknife.
///
/// # Data
/// As for [`super::kaplan_meier`].
///
/// # Degenerate input
/// A group without rows gives no steps; without events a hazard of 0.
///
/// # Errors
/// [`SurvivalError::Cancelled`].
///
/// # Agrees with
/// R 4.2 survival 3.5-3 `survfit(...)$cumhaz` and `$std.chaz` to 1e-9 relative; `against_r_survival.rs`, test
/// `nelson_aalen_agrees_with_survfit`.
///
/// # Reference
/// Aalen O. Ann Stat 1978;6:701.
pub fn nelson_aalen(table: &EventTable<'_>, tick: &mut Tick<'_>) -> Result<Vec<CumulativeHazard>, SurvivalError> {
    let robust = if table.durations().is_robust() {
        Some(robust::standard_errors(table.durations(), table.groups(), tick)?)
    } else {
        None
    };
    let mut all = Vec::with_capacity(table.groups().len());
    for (i, group) in table.groups().iter().enumerate() {
        ask(tick, i as f64 / table.groups().len() as f64)?;
        let (mut hazard, mut variance) = (0.0, 0.0);
        let mut result = CumulativeHazard {
            table: Arc::clone(group),
            hazard: Vec::with_capacity(group.time.len()),
            std_err: Vec::with_capacity(group.time.len()),
        };
        for j in 0..group.time.len() {
            let (n, d) = (group.n_at_risk.get(j), group.n_events.get(j));
            if d > 0.0 {
                hazard += d / n;
                variance += d / (n * n);
            }
            result.hazard.push(hazard);
            result.std_err.push(variance.sqrt());
        }
        if let Some(errors) = &robust {
            result.std_err.clone_from(&errors[i].cumulative_hazard);
        }
        all.push(result);
    }
    Ok(all)
}
