//! Infinitesimal-jackknife standard errors of survival and cumulative hazard, summed over clusters.
//!
//! The influence of row i with weight w on log S(t) is w (A(min(t, exit)) - A(entry) - [event by t] / (n - d)),
//! where A sums h / (n - d) over event times, h = d / n; on the cumulative hazard it is the same with n for n - d and
//! the sign turned. A cluster's influence is therefore W A(t) + B with W its weight at risk and B what its events
//! and exits left behind, and the sum of squares over clusters is A^2 sum W^2 + 2 A sum W B + sum B^2: three running
//! sums, updated where a cluster changes, instead of a pass over clusters at every time.

use std::sync::Arc;

use super::durations::Durations;
use super::error::SurvivalError;
use super::table::GroupTable;
use super::tabulate::too_short;
use crate::order::{Keyed, TimeOrder};
use crate::tick::{Tick, ask};

/// Standard errors at each distinct time of a group.
#[derive(Debug, Default, Clone)]
pub(crate) struct RobustErrors {
    /// Of S (0 once S is 0, as in R).
    pub(crate) survival: Vec<f64>,
    /// Of the cumulative hazard.
    pub(crate) cumulative_hazard: Vec<f64>,
}

/// Running sums over clusters of W^2, W B and B^2 for one functional.
#[derive(Debug, Clone)]
struct Influence {
    /// A(t).
    level: f64,
    left_behind: Vec<f64>,
    weight_squares: f64,
    products: f64,
    left_squares: f64,
}

impl Influence {
    fn new(n_clusters: usize) -> Self {
        Self { level: 0.0, left_behind: vec![0.0; n_clusters], weight_squares: 0.0, products: 0.0, left_squares: 0.0 }
    }

    /// A cluster's weight at risk goes from `before` to `after`, and `left` is added to what it leaves behind.
    fn change(&mut self, cluster: usize, before: f64, after: f64, left: f64) {
        let old = self.left_behind[cluster];
        let new = old + left;
        self.left_behind[cluster] = new;
        self.weight_squares += after * after - before * before;
        self.products += after * new - before * old;
        self.left_squares += new * new - old * old;
    }

    fn sum_of_squares(&self) -> f64 {
        let a = self.level;
        (a * a * self.weight_squares + 2.0 * a * self.products + self.left_squares).max(0.0)
    }
}

struct Walk<'d> {
    durations: &'d Durations<'d>,
    cluster: Vec<u32>,
    at_risk: Vec<f64>,
    rows_at_risk: Vec<u32>,
    survival: Influence,
    hazard: Influence,
}

/// Errors for each group; clusters that reach over groups count in each by their rows there, as in R.
pub(crate) fn standard_errors(
    durations: &Durations<'_>,
    groups: &[Arc<GroupTable>],
    tick: &mut Tick<'_>,
) -> Result<Vec<RobustErrors>, SurvivalError> {
    let order = TimeOrder::new(durations.time, durations.entry).map_err(too_short)?;
    ask(tick, 0.3)?;
    let group_of = |key: &Keyed| durations.group.map_or(0, |group| group[key.row()] as usize);
    let split = |keys: &[Keyed]| {
        let mut by_group = vec![Vec::new(); groups.len()];
        for key in keys {
            by_group[group_of(key)].push(*key);
        }
        by_group
    };
    let exits = split(&order.exit);
    let entries = order.entry.as_deref().map(split);
    let (cluster, n_clusters) = cluster_codes(durations);
    let mut walk = Walk {
        durations,
        cluster,
        at_risk: Vec::new(),
        rows_at_risk: Vec::new(),
        survival: Influence::new(0),
        hazard: Influence::new(0),
    };
    let mut all = Vec::with_capacity(groups.len());
    for (i, table) in groups.iter().enumerate() {
        walk.at_risk = vec![0.0; n_clusters];
        walk.rows_at_risk = vec![0; n_clusters];
        walk.survival = Influence::new(n_clusters);
        walk.hazard = Influence::new(n_clusters);
        all.push(walk.group(table, &exits[i], entries.as_ref().map(|entries| entries[i].as_slice())));
    }
    Ok(all)
}

/// Cluster codes from 0 without gaps; every row its own cluster where none are given.
pub(crate) fn cluster_codes(durations: &Durations<'_>) -> (Vec<u32>, usize) {
    match durations.cluster {
        Some(cluster) => compress(cluster),
        None => ((0u32..).take(durations.n_rows()).collect(), durations.n_rows()),
    }
}

/// Any codes, renumbered from 0 in ascending order without gaps.
pub(crate) fn compress(codes: &[u32]) -> (Vec<u32>, usize) {
    let mut distinct = codes.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    let place = |code: &u32| distinct.partition_point(|c| c < code) as u32;
    (codes.iter().map(place).collect(), distinct.len())
}

impl Walk<'_> {
    fn enter(&mut self, row: usize) {
        let cluster = self.cluster[row] as usize;
        let before = self.at_risk[cluster];
        let weight = self.durations.weight.map_or(1.0, |w| w[row]);
        let after = before + weight;
        self.survival.change(cluster, before, after, -weight * self.survival.level);
        self.hazard.change(cluster, before, after, -weight * self.hazard.level);
        self.at_risk[cluster] = after;
        self.rows_at_risk[cluster] += 1;
    }

    /// `event` holds 1 / (n - d) and 1 / n at the row's event time.
    fn leave(&mut self, row: usize, event: Option<(f64, f64)>) {
        let cluster = self.cluster[row] as usize;
        let before = self.at_risk[cluster];
        let weight = self.durations.weight.map_or(1.0, |w| w[row]);
        self.rows_at_risk[cluster] -= 1;
        let after = if self.rows_at_risk[cluster] == 0 { 0.0 } else { before - weight };
        let (on_survival, on_hazard) = event.unwrap_or((0.0, 0.0));
        self.survival.change(cluster, before, after, weight * (self.survival.level - on_survival));
        self.hazard.change(cluster, before, after, weight * (self.hazard.level - on_hazard));
        self.at_risk[cluster] = after;
    }

    fn group(&mut self, table: &GroupTable, exits: &[Keyed], entries: Option<&[Keyed]>) -> RobustErrors {
        let mut errors = RobustErrors::default();
        let (mut next_exit, mut next_entry) = (0, 0);
        if entries.is_none() {
            for key in exits {
                self.enter(key.row());
            }
        }
        let mut survival = 1.0;
        for (i, &time) in table.time.iter().enumerate() {
            while let Some(key) = entries.and_then(|e| e.get(next_entry)).filter(|k| k.value() < time) {
                self.enter(key.row());
                next_entry += 1;
            }
            let (n, d) = (table.n_at_risk.get(i), table.n_events.get(i));
            let mut on_event = (0.0, 0.0);
            if d > 0.0 {
                survival *= (n - d) / n;
                if survival > 0.0 {
                    self.survival.level += d / n / (n - d);
                    on_event.0 = 1.0 / (n - d);
                }
                self.hazard.level += d / n / n;
                on_event.1 = 1.0 / n;
            }
            while let Some(key) = exits.get(next_exit).filter(|k| k.value() <= time) {
                let event = self.durations.event[key.row()];
                self.leave(key.row(), event.then_some(on_event));
                next_exit += 1;
            }
            errors.survival.push(survival * self.survival.sum_of_squares().sqrt());
            errors.cumulative_hazard.push(self.hazard.sum_of_squares().sqrt());
        }
        errors
    }
}
