//! Three ways to one table: counting whole-number times, sorting bare times, sorting rows.

use super::column::Column;
use super::durations::Durations;
use super::error::{Problem, ProblemKind, SurvivalError};
use super::table::{GroupTable, LateEntry};
use crate::order::{self, DistinctMean, TimeOrder};
use crate::tick::{Tick, ask};

/// Cells of the counting table above which sorting takes less memory.
const MAX_COUNTERS: usize = 1 << 24;

/// Counts by any cell codes below `n_cells`.
pub(super) fn tabulate(
    durations: &Durations<'_>,
    cell: Option<&[u32]>,
    n_cells: usize,
    tick: &mut Tick<'_>,
) -> Result<Vec<GroupTable>, SurvivalError> {
    if durations.entry.is_some() {
        return sort_rows(durations, cell, n_cells, tick);
    }
    let n = durations.n_rows();
    if let Some(largest) = order::whole_number_bound(durations.time, order::counting_limit(n)) {
        let n_counters = (largest as usize + 1) * n_cells * 2;
        if n_counters <= MAX_COUNTERS.min(64 * n.max(1 << 12)) {
            ask(tick, 0.2)?;
            return Ok(count(durations, cell, n_cells, largest as usize + 1));
        }
    }
    if durations.weight.is_some() {
        sort_rows(durations, cell, n_cells, tick)
    } else {
        sort_times(durations, cell, n_cells, tick)
    }
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
    let table = |cell: usize| {
        let (censored, events) = (cell * 2 * n_times, (cell * 2 + 1) * n_times);
        let present: Vec<usize> = (0..n_times).filter(|t| rows[censored + t] + rows[events + t] > 0).collect();
        let total = |from: usize| present.iter().map(|t| rows[from + t] as usize).sum::<usize>();
        let column = |from: usize| match &weights {
            Some(weights) => Column::Weights(present.iter().map(|t| weights[from + t]).collect()),
            None => Column::Counts(present.iter().map(|t| rows[from + t]).collect()),
        };
        GroupTable {
            n_rows: total(censored) + total(events),
            n_event_rows: total(events),
            time: present.iter().map(|&t| t as f64).collect(),
            n_events: column(events),
            n_censored: column(censored),
            ..GroupTable::default()
        }
    };
    (0..n_cells).map(|cell| with_numbers_at_risk(table(cell))).collect()
}

/// Adds up those at risk from the last time to the first.
fn with_numbers_at_risk(mut table: GroupTable) -> GroupTable {
    let n = table.time.len();
    let weights = matches!(table.n_events, Column::Weights(_));
    let mut sum = 0.0;
    let mut at_risk = vec![0.0; n];
    for i in (0..n).rev() {
        sum += table.n_events.get(i) + table.n_censored.get(i);
        at_risk[i] = match &mut table.late_entry {
            None => sum,
            Some(late) => late.at_risk(i, table.time[i]),
        };
    }
    table.n_at_risk = if weights {
        Column::Weights(at_risk)
    } else {
        Column::Counts(at_risk.into_iter().map(|n| n as u32).collect())
    };
    table
}

/// The path for any times where rows differ in nothing but time, outcome and cell: each cell's times are sorted with
/// the outcome in the bit that non-negative numbers leave free, and become the table's times in place.
fn sort_times(
    durations: &Durations<'_>,
    cell: Option<&[u32]>,
    n_cells: usize,
    tick: &mut Tick<'_>,
) -> Result<Vec<GroupTable>, SurvivalError> {
    let mut n_rows = vec![0; n_cells];
    match cell {
        Some(cell) => cell.iter().for_each(|&cell| n_rows[cell as usize] += 1),
        None => n_rows[0] = durations.n_rows(),
    }
    let mut cells: Vec<Vec<u64>> = n_rows.into_iter().map(Vec::with_capacity).collect();
    for (row, (&time, &event)) in durations.time.iter().zip(durations.event).enumerate() {
        // adding zero turns -0.0 into 0.0
        let key = ((time + 0.0).to_bits() << 1) | u64::from(event);
        cells[cell.map_or(0, |cell| cell[row] as usize)].push(key);
    }
    ask(tick, 0.2)?;
    let mut room = Vec::new();
    for keys in &mut cells {
        order::sort_bits(keys, &mut room);
    }
    drop(room);
    ask(tick, 0.6)?;
    join_times(&mut cells);
    Ok(cells.into_iter().map(from_sorted).collect())
}

fn time_of(key: u64) -> f64 {
    f64::from_bits(key >> 1)
}

/// Makes times that differ by rounding only the first of their chain.
///
/// One pass finds the mean that the tolerance is relative to, and every gap that could be too small for it: seldom
/// more than a handful, so that those are looked up again rather than all times gone through.
fn join_times(cells: &mut [Vec<u64>]) {
    let latest = cells.iter().filter_map(|keys| keys.last()).fold(0.0, |latest: f64, &key| latest.max(time_of(key)));
    let mut most = DistinctMean::default();
    most.add(latest);
    let widest = most.tolerance();
    let mut mean = DistinctMean::default();
    let mut gaps: Vec<(f64, f64)> = Vec::new();
    let mut previous = f64::NEG_INFINITY;
    each_distinct(cells, |time| {
        mean.add(time);
        if time - previous <= widest {
            gaps.push((previous, time));
        }
        previous = time;
    });
    let tolerance = mean.tolerance();
    let mut joined = (f64::NAN, f64::NAN);
    for (before, time) in gaps.into_iter().filter(|(before, time)| time - before <= tolerance) {
        // a chain goes on from the time joined last
        let first = if joined.0 == before { joined.1 } else { before };
        joined = (time, first);
        for keys in cells.iter_mut() {
            let start = keys.partition_point(|&key| time_of(key) < time);
            for key in keys[start..].iter_mut().take_while(|key| time_of(**key) == time) {
                *key = (first.to_bits() << 1) | (*key & 1);
            }
        }
    }
}

/// Calls `f` with the distinct times of all cells in ascending order.
fn each_distinct(cells: &[Vec<u64>], mut f: impl FnMut(f64)) {
    let mut last = u64::MAX;
    let mut once = |time: u64| {
        if time != last {
            last = time;
            f(f64::from_bits(time));
        }
    };
    let mut rest: Vec<(u64, &[u64])> = cells.iter().map(|keys| (0, keys.as_slice())).collect();
    if let [(_, a), (_, b)] = rest.as_mut_slice() {
        // which of two goes first is anybody's guess, so that a branch on it would be dear
        let (mut i, mut j) = (0, 0);
        while i < a.len() && j < b.len() {
            let (x, y) = (a[i] >> 1, b[j] >> 1);
            once(x.min(y));
            i += usize::from(x <= y);
            j += usize::from(y <= x);
        }
        (*a, *b) = (&a[i..], &b[j..]);
    }
    let first = |keys: &[u64]| keys.first().map_or(u64::MAX, |key| key >> 1);
    for (head, keys) in &mut rest {
        *head = first(keys);
    }
    loop {
        let least = rest.iter().fold(u64::MAX, |least, (head, _)| least.min(*head));
        if least == u64::MAX {
            return;
        }
        once(least);
        for (head, keys) in &mut rest {
            while *head == least {
                *keys = &keys[1..];
                *head = first(keys);
            }
        }
    }
}

/// A table of sorted times with the outcome in the lowest bit; the memory of the times is kept.
fn from_sorted(mut keys: Vec<u64>) -> GroupTable {
    let n = keys.len();
    let (mut at_risk, mut events, mut censored) = (Vec::with_capacity(n), Vec::with_capacity(n), Vec::with_capacity(n));
    let (mut n_distinct, mut i, mut n_event_rows) = (0, 0, 0);
    while i < n {
        let time = keys[i] >> 1;
        at_risk.push((n - i) as u32);
        let mut counts = [0u32; 2];
        while i < n && keys[i] >> 1 == time {
            counts[(keys[i] & 1) as usize] += 1;
            i += 1;
        }
        keys[n_distinct] = time;
        n_distinct += 1;
        censored.push(counts[0]);
        events.push(counts[1]);
        n_event_rows += counts[1] as usize;
    }
    keys.truncate(n_distinct);
    GroupTable {
        n_rows: n,
        n_event_rows,
        time: keys.into_iter().map(f64::from_bits).collect(),
        n_events: Column::Counts(events),
        n_censored: Column::Counts(censored),
        n_at_risk: Column::Counts(at_risk),
        late_entry: None,
    }
}

/// One cell while its rows are added in order of time.
#[derive(Default)]
struct Growing {
    n_rows: usize,
    n_event_rows: usize,
    time: Vec<f64>,
    events: Vec<f64>,
    censored: Vec<f64>,
    late: LateEntry,
}

impl Growing {
    fn leave(&mut self, time: f64, event: bool, weight: f64) {
        self.n_rows += 1;
        self.n_event_rows += usize::from(event);
        if self.time.last() != Some(&time) {
            self.time.push(time);
            self.events.push(0.0);
            self.censored.push(0.0);
            self.late.leaving.push((0, 0.0));
        }
        let last = self.time.len() - 1;
        self.late.leaving[last].0 += 1;
        self.late.leaving[last].1 += weight;
        if event {
            self.events[last] += weight;
        } else {
            self.censored[last] += weight;
        }
    }

    fn enter(&mut self, time: f64, weight: f64) {
        if self.late.time.last() != Some(&time) {
            self.late.time.push(time);
            self.late.entering.push((0, 0.0));
        }
        let last = self.late.time.len() - 1;
        self.late.entering[last].0 += 1;
        self.late.entering[last].1 += weight;
    }

    fn finish(mut self) -> GroupTable {
        for sums in [&mut self.late.leaving, &mut self.late.entering] {
            let mut total = (0, 0.0);
            for sum in sums.iter_mut().rev() {
                total = (total.0 + sum.0, total.1 + sum.1);
                *sum = total;
            }
        }
        with_numbers_at_risk(GroupTable {
            n_rows: self.n_rows,
            n_event_rows: self.n_event_rows,
            time: self.time,
            n_events: Column::Weights(self.events),
            n_censored: Column::Weights(self.censored),
            n_at_risk: Column::default(),
            late_entry: (!self.late.time.is_empty()).then_some(self.late),
        })
    }
}

/// The path for weights and late entry.
fn sort_rows(
    durations: &Durations<'_>,
    cell: Option<&[u32]>,
    n_cells: usize,
    tick: &mut Tick<'_>,
) -> Result<Vec<GroupTable>, SurvivalError> {
    let order = TimeOrder::new(durations.time, durations.entry).map_err(too_short)?;
    ask(tick, 0.6)?;
    let mut cells: Vec<Growing> = (0..n_cells).map(|_| Growing::default()).collect();
    let cell_of = |row: usize| cell.map_or(0, |cell| cell[row] as usize);
    let weight_of = |row: usize| durations.weight.map_or(1.0, |weight| weight[row]);
    for key in &order.exit {
        let row = key.row();
        cells[cell_of(row)].leave(key.value(), durations.event[row], weight_of(row));
    }
    for key in order.entry.iter().flatten() {
        cells[cell_of(key.row())].enter(key.value(), weight_of(key.row()));
    }
    Ok(cells.into_iter().map(Growing::finish).collect())
}

pub(crate) fn too_short(rows: Vec<usize>) -> SurvivalError {
    SurvivalError::Invalid(vec![Problem { kind: ProblemKind::EntryNotBeforeExit, rows }])
}
