//! The order in which rows enter and leave risk sets.
//!
//! Within a stratum rows stand in order of time. Each distinct event time opens a segment: first the rows with the
//! event at it, then all rows that leave later but before the next event time. Going backwards over segments, a
//! risk set is therefore a running sum. Rows that leave before the stratum's first event never matter.

use crate::order::{Keyed, TimeOrder};
use crate::survival::{Durations, compress, too_short};

use super::super::error::CoxError;

/// Rows from one event time to the next.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Segment {
    pub(crate) time: f64,
    pub(crate) start: u32,
    pub(crate) n_events: u32,
    pub(crate) end: u32,
    /// Sum of weights of the events.
    pub(crate) event_weight: f64,
}

impl Segment {
    pub(crate) fn events(&self) -> std::ops::Range<usize> {
        self.start as usize..(self.start + self.n_events) as usize
    }

    pub(crate) fn censored(&self) -> std::ops::Range<usize> {
        (self.start + self.n_events) as usize..self.end as usize
    }

    pub(crate) fn all(&self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// One stratum's rows (positions in the order) and segments.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Stratum {
    pub(crate) code: u32,
    pub(crate) rows: std::ops::Range<usize>,
    pub(crate) segments: std::ops::Range<usize>,
}

/// Late entry: when rows come under risk.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct EntryPlan {
    /// For each row the first segment it is at risk in; beyond its own segment if never at risk.
    pub(crate) first_segment: Vec<u32>,
    /// Rows in order of their first segment.
    pub(crate) by_first: Vec<u32>,
    /// Where in `by_first` those of each segment start; one more element than there are segments.
    pub(crate) offsets: Vec<u32>,
    /// The segment each row leaves in.
    pub(crate) segment_of: Vec<u32>,
}

impl EntryPlan {
    /// Rows that are at risk from this segment on, not before.
    pub(crate) fn entering(&self, segment: usize) -> &[u32] {
        &self.by_first[self.offsets[segment] as usize..self.offsets[segment + 1] as usize]
    }
}

/// The order of rows.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Plan {
    /// The data row at each position.
    pub(crate) rows: Vec<u32>,
    pub(crate) strata: Vec<Stratum>,
    pub(crate) segments: Vec<Segment>,
    pub(crate) entry: Option<EntryPlan>,
}

impl Plan {
    pub(crate) fn new(durations: &Durations<'_>) -> Result<Self, CoxError> {
        let order = TimeOrder::new(durations.time, durations.entry).map_err(too_short)?;
        let used = |key: &Keyed| durations.weight.is_none_or(|w| w[key.row()] > 0.0);
        let (stratum_of, n_strata) = match durations.strata {
            Some(strata) => compress(strata),
            None => (Vec::new(), 1),
        };
        let n_events = durations.event.iter().filter(|event| **event).count();
        let mut plan = Self {
            rows: Vec::with_capacity(order.exit.len()),
            strata: Vec::with_capacity(n_strata),
            segments: Vec::with_capacity(n_events),
            entry: None,
        };
        if n_strata == 1 && durations.weight.is_none() {
            plan.add_stratum(&order.exit, durations);
        } else {
            for keys in &by_stratum(&order.exit, &stratum_of, n_strata, used) {
                plan.add_stratum(keys, durations);
            }
        }
        if let Some(entry) = &order.entry {
            plan.entry = Some(plan.plan_entry(&order.exit, entry));
        }
        Ok(plan)
    }

    fn add_stratum(&mut self, keys: &[Keyed], durations: &Durations<'_>) {
        let Some(first) = keys.first() else { return };
        let (first_row, first_segment) = (self.rows.len(), self.segments.len());
        let mut i = 0;
        while i < keys.len() {
            let time = keys[i].value();
            let start = self.rows.len();
            let mut end = i;
            let mut event_weight = 0.0;
            while end < keys.len() && keys[end].value() == time {
                let row = keys[end].row();
                if durations.event[row] {
                    self.rows.push(row as u32);
                    event_weight += durations.weight.map_or(1.0, |w| w[row]);
                }
                end += 1;
            }
            let n_events = self.rows.len() - start;
            if n_events > 0 {
                self.close_segment(first_segment, start);
                self.segments.push(Segment {
                    time,
                    start: start as u32,
                    n_events: n_events as u32,
                    end: 0,
                    event_weight,
                });
            }
            let censored = keys[i..end].iter().map(|key| key.row()).filter(|&row| !durations.event[row]);
            self.rows.extend(censored.map(|row| row as u32));
            i = end;
        }
        self.close_segment(first_segment, self.rows.len());
        self.strata.push(Stratum {
            code: durations.strata.map_or(0, |strata| strata[first.row()]),
            rows: first_row..self.rows.len(),
            segments: first_segment..self.segments.len(),
        });
    }

    /// Ends the stratum's last segment, if it has one.
    fn close_segment(&mut self, first_segment: usize, end: usize) {
        if self.segments.len() > first_segment
            && let Some(last) = self.segments.last_mut()
        {
            last.end = end as u32;
        }
    }

    fn plan_entry(&self, exit: &[Keyed], entry: &[Keyed]) -> EntryPlan {
        let n_data_rows = exit.len();
        let mut entry_of = vec![0.0; n_data_rows];
        for key in entry {
            entry_of[key.row()] = key.value();
        }
        let never = self.segments.len() as u32;
        let mut first_segment = vec![never; self.rows.len()];
        let mut segment_of = vec![0; self.rows.len()];
        for stratum in &self.strata {
            let segments = &self.segments[stratum.segments.clone()];
            for (i, segment) in stratum.segments.clone().zip(segments) {
                for row in segment.all() {
                    let entered = entry_of[self.rows[row] as usize];
                    let first = segments.partition_point(|segment| segment.time <= entered);
                    segment_of[row] = i as u32;
                    first_segment[row] = (stratum.segments.start + first) as u32;
                }
            }
        }
        let mut offsets = vec![0u32; self.segments.len() + 2];
        let at_risk = |row: usize| first_segment[row] <= segment_of[row] && first_segment[row] < never;
        for row in (0..self.rows.len()).filter(|&row| at_risk(row)) {
            offsets[first_segment[row] as usize + 1] += 1;
        }
        for i in 1..offsets.len() {
            offsets[i] += offsets[i - 1];
        }
        offsets.pop();
        let mut next = offsets.clone();
        let mut by_first = vec![0; offsets[offsets.len() - 1] as usize];
        for row in (0..self.rows.len()).filter(|&row| at_risk(row)) {
            let slot = &mut next[first_segment[row] as usize];
            by_first[*slot as usize] = row as u32;
            *slot += 1;
        }
        EntryPlan { first_segment, by_first, offsets, segment_of }
    }

    /// Whether the row at this position is ever in a risk set, given the segment it leaves in.
    pub(crate) fn is_at_risk(&self, row: usize, segment: usize) -> bool {
        self.entry.as_ref().is_none_or(|entry| entry.first_segment[row] as usize <= segment)
    }
}

/// Splits ordered keys by stratum, keeping their order.
fn by_stratum(keys: &[Keyed], stratum_of: &[u32], n_strata: usize, used: impl Fn(&Keyed) -> bool) -> Vec<Vec<Keyed>> {
    if n_strata == 1 {
        return vec![keys.iter().copied().filter(used).collect()];
    }
    let mut split = vec![Vec::new(); n_strata];
    for key in keys.iter().filter(|key| used(key)) {
        split[stratum_of[key.row()] as usize].push(*key);
    }
    split
}
