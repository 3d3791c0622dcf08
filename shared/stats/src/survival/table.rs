//! Events, censorings and numbers at risk at every distinct time, group by group: counted once, read by all.

use std::sync::Arc;

use super::durations::Durations;
use super::error::{Problem, ProblemKind, SurvivalError};
use crate::order::{self, TimeOrder};
use crate::tick::{Tick, ask};

/// Cells of the counting table above which sorting takes less memory.
const MAX_COUNTERS: usize = 1 << 24;

/// One group's distinct times, ascending, with what happened at each; sums of weights, which count rows if all are 1.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GroupTable {
    pub(crate) n_rows: usize,
    pub(crate) n_event_rows: usize,
    pub(crate) time: Vec<f64>,
    pub(crate) n_events: Vec<f64>,
    pub(crate) n_censored: Vec<f64>,
    pub(crate) n_at_risk: Vec<f64>,
    /// Rows that leave at each time, once finished at it or later: tells an empty risk set from a tiny weight.
    exits: Vec<u32>,
    /// Sum of weights that leave at each time or later (only kept where there is late entry).
    exit_weight: Vec<f64>,
    entries: Option<Entries>,
}

/// Entry times, ascending, with the number of rows and the weight entering then or later.
#[derive(Debug, Clone, PartialEq, Default)]
struct Entries {
    time: Vec<f64>,
    rows_from: Vec<u32>,
    weight_from: Vec<f64>,
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

    /// Distinct times of events and censorings.
    pub fn time(&self) -> &[f64] {
        &self.time
    }

    /// The sum of weights of those observed just before `time`: entered before, and not yet left.
    pub fn n_at_risk_at(&self, time: f64) -> f64 {
        let next = self.time.partition_point(|&t| t < time);
        let Some(entries) = &self.entries else {
            return self.n_at_risk.get(next).copied().unwrap_or(0.0);
        };
        match self.exits.get(next) {
            Some(&rows) => entries.at_risk(rows, self.exit_weight[next], time),
            None => 0.0,
        }
    }

    /// At risk at `time`, given that `next` is the first distinct time not before it.
    pub(crate) fn n_at_risk_from(&self, next: usize, time: f64) -> f64 {
        match (&self.entries, self.time.get(next)) {
            (Some(_), Some(&t)) if t != time => self.n_at_risk_at(time),
            (_, Some(_)) => self.n_at_risk[next],
            (_, None) => 0.0,
        }
    }

    fn with_capacity(n_times: usize) -> Self {
        Self {
            time: Vec::with_capacity(n_times),
            n_events: Vec::with_capacity(n_times),
            n_censored: Vec::with_capacity(n_times),
            exits: Vec::with_capacity(n_times),
            ..Self::default()
        }
    }

    fn push(&mut self, time: f64, event: bool, weight: f64) {
        self.n_rows += 1;
        self.n_event_rows += usize::from(event);
        if self.time.last() != Some(&time) {
            self.time.push(time);
            self.n_events.push(0.0);
            self.n_censored.push(0.0);
            self.exits.push(0);
        }
        let last = self.time.len() - 1;
        self.exits[last] += 1;
        if event {
            self.n_events[last] += weight;
        } else {
            self.n_censored[last] += weight;
        }
    }

    /// Adds up the numbers at risk from the last time to the first.
    fn finish(&mut self) {
        self.n_at_risk = vec![0.0; self.time.len()];
        if let Some(entries) = &mut self.entries {
            let mut weight = 0.0;
            for (i, slot) in entries.weight_from.iter_mut().enumerate().rev() {
                weight += *slot;
                *slot = weight;
                entries.rows_from[i] += entries.rows_from.get(i + 1).copied().unwrap_or(0);
            }
        }
        if self.entries.is_some() {
            self.exit_weight = vec![0.0; self.time.len()];
        }
        let (mut weight, mut rows) = (0.0, 0);
        for i in (0..self.time.len()).rev() {
            weight += self.n_events[i] + self.n_censored[i];
            rows += self.exits[i];
            self.exits[i] = rows;
            self.n_at_risk[i] = match &self.entries {
                Some(entries) => {
                    self.exit_weight[i] = weight;
                    entries.at_risk(rows, weight, self.time[i])
                }
                None => weight,
            };
        }
    }
}

impl Entries {
    fn push(&mut self, time: f64, weight: f64) {
        if self.time.last() != Some(&time) {
            self.time.push(time);
            self.rows_from.push(0);
            self.weight_from.push(0.0);
        }
        let last = self.time.len() - 1;
        self.rows_from[last] += 1;
        self.weight_from[last] += weight;
    }

    /// Of `rows` with `weight` that leave at `time` or later, those that entered before it.
    fn at_risk(&self, rows: u32, weight: f64, time: f64) -> f64 {
        let next = self.time.partition_point(|&t| t < time);
        let late_rows = self.rows_from.get(next).copied().unwrap_or(0);
        if rows <= late_rows {
            return 0.0;
        }
        weight - self.weight_from.get(next).copied().unwrap_or(0.0)
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

/// Counts by any cell codes below `n_cells`.
pub(crate) fn tabulate(
    durations: &Durations<'_>,
    cell: Option<&[u32]>,
    n_cells: usize,
    tick: &mut Tick<'_>,
) -> Result<Vec<GroupTable>, SurvivalError> {
    let n = durations.n_rows();
    if durations.entry.is_none() {
        let bound = order::whole_number_bound(durations.time, order::counting_limit(n));
        if let Some(largest) = bound {
            let n_counters = (largest as usize + 1) * n_cells * 2;
            if n_counters <= MAX_COUNTERS.min(64 * n.max(1 << 12)) {
                ask(tick, 0.2)?;
                return Ok(count(durations, cell, n_cells, largest as usize + 1));
            }
        }
    }
    sort_and_count(durations, cell, n_cells, tick)
}

/// The path for whole-number times: a histogram by cell, outcome and time.
fn count(durations: &Durations<'_>, cell: Option<&[u32]>, n_cells: usize, n_times: usize) -> Vec<GroupTable> {
    let mut rows = vec![0u32; n_cells * 2 * n_times];
    let slot = |cell: u32, event: bool, time: f64| (cell as usize * 2 + usize::from(event)) * n_times + time as usize;
    let times_and_events = durations.time.iter().zip(durations.event);
    match cell {
        Some(cell) => {
            for ((&time, &event), &cell) in times_and_events.zip(cell) {
                rows[slot(cell, event, time)] += 1;
            }
        }
        None => {
            for (&time, &event) in times_and_events {
                rows[slot(0, event, time)] += 1;
            }
        }
    }
    let weights = durations.weight.map(|weight| {
        let mut sums = vec![0.0; rows.len()];
        for (row, &w) in weight.iter().enumerate() {
            let cell = cell.map_or(0, |cell| cell[row]);
            sums[slot(cell, durations.event[row], durations.time[row])] += w;
        }
        sums
    });
    (0..n_cells).map(|cell| from_counts(&rows, weights.as_deref(), cell, n_times)).collect()
}

fn from_counts(rows: &[u32], weights: Option<&[f64]>, cell: usize, n_times: usize) -> GroupTable {
    let mut table = GroupTable::default();
    let censored_at = cell * 2 * n_times;
    let event_at = censored_at + n_times;
    for t in 0..n_times {
        let (n_censored, n_events) = (rows[censored_at + t], rows[event_at + t]);
        if n_censored + n_events == 0 {
            continue;
        }
        table.n_rows += (n_censored + n_events) as usize;
        table.n_event_rows += n_events as usize;
        table.time.push(t as f64);
        table.exits.push(n_censored + n_events);
        match weights {
            Some(weights) => {
                table.n_events.push(weights[event_at + t]);
                table.n_censored.push(weights[censored_at + t]);
            }
            None => {
                table.n_events.push(f64::from(n_events));
                table.n_censored.push(f64::from(n_censored));
            }
        }
    }
    table.finish();
    table
}

/// The path for any times.
fn sort_and_count(
    durations: &Durations<'_>,
    cell: Option<&[u32]>,
    n_cells: usize,
    tick: &mut Tick<'_>,
) -> Result<Vec<GroupTable>, SurvivalError> {
    let order = TimeOrder::new(durations.time, durations.entry).map_err(too_short)?;
    ask(tick, 0.6)?;
    let mut n_rows = vec![0; n_cells];
    match cell {
        Some(cell) => cell.iter().for_each(|&cell| n_rows[cell as usize] += 1),
        None => n_rows[0] = durations.n_rows(),
    }
    let mut tables: Vec<GroupTable> = n_rows.into_iter().map(GroupTable::with_capacity).collect();
    let cell_of = |row: usize| cell.map_or(0, |cell| cell[row] as usize);
    let weight_of = |row: usize| durations.weight.map_or(1.0, |weight| weight[row]);
    for key in &order.exit {
        let row = key.row();
        tables[cell_of(row)].push(key.value(), durations.event[row], weight_of(row));
    }
    if let Some(entry) = &order.entry {
        for table in &mut tables {
            table.entries = Some(Entries::default());
        }
        for key in entry {
            if let Some(entries) = &mut tables[cell_of(key.row())].entries {
                entries.push(key.value(), weight_of(key.row()));
            }
        }
    }
    for table in &mut tables {
        table.finish();
    }
    Ok(tables)
}

pub(crate) fn too_short(rows: Vec<usize>) -> SurvivalError {
    SurvivalError::Invalid(vec![Problem { kind: ProblemKind::EntryNotBeforeExit, rows }])
}
