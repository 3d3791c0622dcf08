//! Durations that end with one of several events, each of which keeps the others from happening.

use super::durations::Durations;
use super::error::{Problem, ProblemKind, SurvivalError};
use super::robust::compress;
use super::tabulate::too_short;
use crate::order::TimeOrder;

/// Observed times with the cause that ended each, one element a row of data. Unchecked until an estimator looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CompetingRisks<'a> {
    /// End of observation, at least 0.
    pub time: &'a [f64],
    /// What ended it: 0 for censoring, else a cause from 1 to `n_causes`.
    pub cause: &'a [u32],
    /// Number of causes.
    pub n_causes: u32,
    /// Group codes below `n_groups`; all rows are group 0 without it.
    pub group: Option<&'a [u32]>,
    /// Number of groups; 1 without `group`.
    pub n_groups: u32,
    /// Strata (any codes) of Gray's test: compared within, never across. Ignored by curves.
    pub strata: Option<&'a [u32]>,
}

/// What happens at each distinct time of a stratum.
#[derive(Debug, Clone, Default)]
pub(super) struct Happenings {
    time: Vec<f64>,
    /// For each time, group by group: rows that leave, then events by cause.
    counts: Vec<u32>,
    n_groups: usize,
    n_causes: usize,
}

/// What happens at one distinct time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Happening<'h> {
    pub(super) time: f64,
    counts: &'h [u32],
    n_causes: usize,
}

impl Happenings {
    /// Goes through time.
    pub(super) fn iter(&self) -> impl Iterator<Item = Happening<'_>> {
        let counts = self.counts.chunks_exact(self.n_groups * (self.n_causes + 1));
        self.time.iter().zip(counts).map(|(&time, counts)| Happening { time, counts, n_causes: self.n_causes })
    }

    fn add(&mut self, time: f64, group: usize, cause: u32) {
        let width = self.n_groups * (self.n_causes + 1);
        if self.time.last() != Some(&time) {
            self.time.push(time);
            self.counts.resize(self.counts.len() + width, 0);
        }
        let at = self.counts.len() - width + group * (self.n_causes + 1);
        self.counts[at] += 1;
        if cause > 0 {
            self.counts[at + cause as usize] += 1;
        }
    }
}

impl Happening<'_> {
    /// Rows of a group that leave, with or without an event.
    pub(super) fn leaving(&self, group: usize) -> f64 {
        f64::from(self.counts[group * (self.n_causes + 1)])
    }

    /// Events of a cause (from 1) in a group.
    pub(super) fn events(&self, cause: u32, group: usize) -> f64 {
        f64::from(self.counts[group * (self.n_causes + 1) + cause as usize])
    }

    /// Events of all causes in a group.
    pub(super) fn all_events(&self, group: usize) -> f64 {
        let at = group * (self.n_causes + 1);
        f64::from(self.counts[at + 1..=at + self.n_causes].iter().sum::<u32>())
    }
}

impl CompetingRisks<'_> {
    pub(super) fn groups(&self) -> usize {
        self.n_groups.max(1) as usize
    }

    /// Rows in each group.
    pub(super) fn rows_by_group(&self) -> Vec<usize> {
        let mut rows = vec![0; self.groups()];
        match self.group {
            Some(group) => group.iter().for_each(|&group| rows[group as usize] += 1),
            None => rows[0] = self.time.len(),
        }
        rows
    }

    /// Checks everything and goes through time: what happens when, stratum by stratum (one where there are
    /// none, or they are to be ignored).
    pub(super) fn happenings(&self, ignore_strata: bool) -> Result<Vec<Happenings>, SurvivalError> {
        let event: Vec<bool> = self.cause.iter().map(|&cause| cause > 0).collect();
        let n_groups = self.n_groups.max(1);
        Durations { group: self.group, n_groups, strata: self.strata, ..Durations::new(self.time, &event) }.check()?;
        let unknown: Vec<usize> = (0..self.cause.len()).filter(|&row| self.cause[row] > self.n_causes).collect();
        if !unknown.is_empty() {
            return Err(SurvivalError::Invalid(vec![Problem { kind: ProblemKind::UnknownCause, rows: unknown }]));
        }
        let order = TimeOrder::new(self.time, None).map_err(too_short)?;
        let (stratum, n_strata) = match self.strata.filter(|_| !ignore_strata) {
            Some(strata) => compress(strata),
            None => (Vec::new(), 1),
        };
        let (n_groups, n_causes) = (self.groups(), self.n_causes as usize);
        let mut strata = vec![Happenings { n_groups, n_causes, ..Happenings::default() }; n_strata];
        for key in &order.exit {
            let row = key.row();
            let group = self.group.map_or(0, |group| group[row] as usize);
            strata[stratum.get(row).map_or(0, |&s| s as usize)].add(key.value(), group, self.cause[row]);
        }
        Ok(strata)
    }
}

/// The share of the binomial variance that is left where d of n have the event at one time.
pub(super) fn for_ties(d: f64, n: f64) -> f64 {
    if d > 1.0 { 1.0 - (d - 1.0) / (n - 1.0) } else { 1.0 }
}
