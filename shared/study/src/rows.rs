//! Rows of a survival analysis: the columns that stats reads, filtered together.

use stats::survival::Durations;

/// Columns of one length.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Rows {
    pub(crate) time: Vec<f64>,
    pub(crate) event: Vec<bool>,
    pub(crate) entry: Option<Vec<f64>>,
    pub(crate) weight: Option<Vec<f64>>,
    pub(crate) group: Vec<u32>,
    pub(crate) strata: Option<Vec<u32>>,
    pub(crate) cluster: Option<Vec<u32>>,
}

impl Rows {
    pub(crate) fn len(&self) -> usize {
        self.time.len()
    }

    pub(crate) fn n_events(&self) -> u64 {
        self.event.iter().filter(|e| **e).count() as u64
    }

    /// The rows to keep, in order; no copy if that is all of them.
    pub(crate) fn into_kept(self, keep: &[bool]) -> Self {
        if keep.iter().all(|k| *k) { self } else { self.filter(keep) }
    }

    /// The rows to keep, in order.
    pub(crate) fn filter(&self, keep: &[bool]) -> Self {
        Self {
            time: filtered(&self.time, keep),
            event: filtered(&self.event, keep),
            entry: self.entry.as_ref().map(|v| filtered(v, keep)),
            weight: self.weight.as_ref().map(|v| filtered(v, keep)),
            group: filtered(&self.group, keep),
            strata: self.strata.as_ref().map(|v| filtered(v, keep)),
            cluster: self.cluster.as_ref().map(|v| filtered(v, keep)),
        }
    }

    /// For curves and log-rank: groups, and no clusters (Greenwood's errors, as R's `survfit` without `cluster`).
    pub(crate) fn for_curves(&self, n_groups: u32) -> Durations<'_> {
        Durations {
            entry: self.entry.as_deref(),
            weight: self.weight.as_deref(),
            strata: self.strata.as_deref(),
            ..Durations::new(&self.time, &self.event).with_groups(&self.group, n_groups)
        }
    }

    /// For Cox regression: strata and clusters, no groups.
    pub(crate) fn for_cox(&self) -> Durations<'_> {
        Durations {
            entry: self.entry.as_deref(),
            weight: self.weight.as_deref(),
            strata: self.strata.as_deref(),
            cluster: self.cluster.as_deref(),
            ..Durations::new(&self.time, &self.event)
        }
    }
}

/// The kept values, in order.
pub(crate) fn filtered<T: Copy>(values: &[T], keep: &[bool]) -> Vec<T> {
    values.iter().zip(keep).filter(|(_, k)| **k).map(|(v, _)| *v).collect()
}
