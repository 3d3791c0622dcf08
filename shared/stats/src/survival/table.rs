//! Events, censorings and numbers at risk at every distinct time, group by group: counted once, read by all.

use std::sync::Arc;

use super::column::Column;
use super::durations::Durations;
use super::error::SurvivalError;
use super::tabulate::tabulate;
use crate::tick::{Tick, ask};

/// One group's distinct times, ascending, with what happened at each; sums of weights, which count rows if all are 1.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GroupTable {
    pub(super) n_rows: usize,
    pub(super) n_event_rows: usize,
    pub(super) time: Vec<f64>,
    pub(super) n_events: Column,
    pub(super) n_censored: Column,
    pub(super) n_at_risk: Column,
    pub(super) late_entry: Option<LateEntry>,
}

/// What it takes to know the number at risk at any time where rows enter late.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct LateEntry {
    /// Rows and weight that leave at each distinct exit time or later.
    pub(super) leaving: Vec<(u32, f64)>,
    /// Distinct entry times, ascending.
    pub(super) time: Vec<f64>,
    /// Rows and weight that enter at each of them or later.
    pub(super) entering: Vec<(u32, f64)>,
}

impl LateEntry {
    /// Weight at risk at `time`, whose first exit time not before it is `next`.
    pub(super) fn at_risk(&self, next: usize, time: f64) -> f64 {
        let (rows, weight) = self.leaving.get(next).copied().unwrap_or_default();
        let later = self.time.partition_point(|&t| t < time);
        let (late_rows, late_weight) = self.entering.get(later).copied().unwrap_or_default();
        // rows tell an empty risk set from what rounding leaves of a sum of weights
        if rows <= late_rows { 0.0 } else { weight - late_weight }
    }
}

impl GroupTable {
    /// Number of rows.
    pub fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// Number of rows with the event.
    pub fn n_event_rows(&self) -> usize {
        self.n_event_rows
    }

    /// Sum of weights of the events at all times.
    pub fn n_events(&self) -> f64 {
        self.n_events.sum()
    }

    /// Distinct times of events and censorings.
    pub fn time(&self) -> &[f64] {
        &self.time
    }

    /// The sum of weights of those observed just before `time`: entered before, and not yet left.
    pub fn n_at_risk_at(&self, time: f64) -> f64 {
        self.n_at_risk_from(self.time.partition_point(|&t| t < time), time)
    }

    /// At risk at `time`, given that `next` is the first distinct time not before it.
    #[inline]
    pub(super) fn n_at_risk_from(&self, next: usize, time: f64) -> f64 {
        match &self.late_entry {
            None => self.n_at_risk.get(next),
            Some(late) => late.at_risk(next, time),
        }
    }
}

/// Checked durations, sorted and counted by group.
#[derive(Debug, Clone)]
pub struct EventTable<'a> {
    durations: Durations<'a>,
    groups: Vec<Arc<GroupTable>>,
}

impl<'a> EventTable<'a> {
    /// Checks, sorts and counts.
    ///
    /// Whole-number times are counted without sorting; others are radix-sorted, and times that differ by rounding
    /// only are joined as R does. Both give the same table.
    ///
    /// # Errors
    /// [`SurvivalError::Invalid`] with every problem; [`SurvivalError::Cancelled`].
    pub fn new(durations: &Durations<'a>, tick: &mut Tick<'_>) -> Result<Self, SurvivalError> {
        durations.check()?;
        ask(tick, 0.05)?;
        let groups = tabulate(durations, durations.group, durations.n_groups.max(1) as usize, tick)?;
        Ok(Self { durations: *durations, groups: groups.into_iter().map(Arc::new).collect() })
    }

    /// What the table was counted from.
    pub fn durations(&self) -> &Durations<'a> {
        &self.durations
    }

    /// One table a group, in the order of the codes.
    pub fn groups(&self) -> &[Arc<GroupTable>] {
        &self.groups
    }
}
