//! Covariates in order, centred within strata and scaled to a mean absolute deviation of 1.
//!
//! Neither changes the fit: a constant within a stratum cancels from the partial likelihood, a scale comes back as a
//! factor of the coefficient. Both keep sums of squares free of cancellation and exponentials in range.

use super::{CoxData, Plan};

/// Deviations below this fraction of the largest value are rounding: the covariate is constant.
const CONSTANT: f64 = 1e-13;
pub(super) struct Scaled {
    pub(super) x: Vec<f64>,
    pub(super) scale: Vec<f64>,
    pub(super) center: Vec<f64>,
}

pub(super) fn standardise(data: &CoxData<'_>, plan: &Plan, width: usize) -> Scaled {
    let n_rows = data.durations.n_rows();
    let position = positions(plan, n_rows);
    let stratum_of = (plan.strata.len() > 1).then(|| strata_of_rows(plan, n_rows));
    let frame = Frame {
        weight: data.durations.weight,
        stratum_of: stratum_of.as_deref(),
        n_strata: plan.strata.len(),
        has_entry: data.durations.entry.is_some(),
    };
    let columns: Vec<Standard> = data.covariates.iter().map(|values| frame.measure(values)).collect();
    let factors: Vec<f64> = columns.iter().map(|column| column.factor).collect();
    let means: Vec<f64> = (0..plan.strata.len()).flat_map(|s| columns.iter().map(move |c| c.means[s])).collect();
    let mut x = vec![0.0; plan.rows.len() * width];
    // Columns are read in the order of the data and whole rows are written: one jump a row, not one a value.
    for (row, &position) in position.iter().enumerate() {
        if position == UNUSED {
            continue;
        }
        let at = position as usize * width;
        let stratum = stratum_of.as_ref().map_or(0, |of| of[row] as usize);
        let means = &means[stratum * columns.len()..];
        let scales = means.iter().zip(&factors);
        for ((target, values), (mean, factor)) in x[at..at + width].iter_mut().zip(data.covariates).zip(scales) {
            *target = (values[row] - mean) * factor;
        }
    }
    Scaled {
        x,
        scale: columns.iter().map(|c| if c.factor == 0.0 { 1.0 } else { c.factor }).collect(),
        center: columns.iter().map(|c| c.center).collect(),
    }
}

/// The position of a row that takes no part.
const UNUSED: u32 = u32::MAX;

/// Where each data row stands in the order.
fn positions(plan: &Plan, n_rows: usize) -> Vec<u32> {
    let mut position = vec![UNUSED; n_rows];
    for (at, &row) in (0u32..).zip(&plan.rows) {
        position[row as usize] = at;
    }
    position
}

/// Each data row's stratum, as an index into the plan's.
fn strata_of_rows(plan: &Plan, n_rows: usize) -> Vec<u32> {
    let mut stratum_of = vec![0; n_rows];
    for (index, stratum) in (0u32..).zip(&plan.strata) {
        for &row in &plan.rows[stratum.rows.clone()] {
            stratum_of[row as usize] = index;
        }
    }
    stratum_of
}

/// How a column is standardised.
struct Standard {
    /// Weighted mean by stratum.
    means: Vec<f64>,
    /// One over the weighted mean absolute deviation from them; 0 for a constant.
    factor: f64,
    /// R's `coxph(...)$means`: weighted for right-censored data, plain for start-stop data, 0 for -1, 0, 1.
    center: f64,
}

/// What columns have in common.
struct Frame<'d> {
    weight: Option<&'d [f64]>,
    stratum_of: Option<&'d [u32]>,
    n_strata: usize,
    has_entry: bool,
}

impl Frame<'_> {
    fn measure(&self, values: &[f64]) -> Standard {
        let largest = values.iter().fold(0.0, |largest: f64, v| largest.max(v.abs()));
        let is_indicator = largest <= 1.0 && values.iter().all(|&v| v == 0.0 || v.abs() == 1.0);
        let (sums, weights) = self.sums(values, |value, _| value);
        let means: Vec<f64> = sums.iter().zip(&weights).map(|(sum, weight)| sum / weight).collect();
        let (deviations, _) = self.sums(values, |value, stratum| (value - means[stratum]).abs());
        let spread = deviations.iter().sum::<f64>() / weights.iter().sum::<f64>();
        let center = match self.weight {
            _ if is_indicator => 0.0,
            Some(weight) if self.has_entry => {
                let used = || values.iter().zip(weight).filter(|(_, w)| **w > 0.0);
                used().map(|(value, _)| value).sum::<f64>() / used().count() as f64
            }
            _ => sums.iter().sum::<f64>() / weights.iter().sum::<f64>(),
        };
        let factor = if spread <= CONSTANT * largest { 0.0 } else { 1.0 / spread };
        Standard { means, factor, center }
    }

    /// By stratum, the sum of weight times f(value, stratum) and of the weights, in data order.
    fn sums(&self, values: &[f64], f: impl Fn(f64, usize) -> f64) -> (Vec<f64>, Vec<f64>) {
        if self.weight.is_none() && self.stratum_of.is_none() {
            return (vec![sum(values, |value| f(value, 0))], vec![values.len() as f64]);
        }
        let (mut sums, mut weights) = (vec![0.0; self.n_strata], vec![0.0; self.n_strata]);
        for (row, &value) in values.iter().enumerate() {
            let stratum = self.stratum_of.map_or(0, |of| of[row] as usize);
            let weight = self.weight.map_or(1.0, |weight| weight[row]);
            sums[stratum] += weight * f(value, stratum);
            weights[stratum] += weight;
        }
        (sums, weights)
    }
}

/// A sum in four lanes, so that additions need not wait for each other.
fn sum(values: &[f64], f: impl Fn(f64) -> f64) -> f64 {
    let mut lanes = [0.0; 4];
    let (fours, rest) = values.as_chunks::<4>();
    for four in fours {
        for (lane, value) in lanes.iter_mut().zip(four) {
            *lane += f(*value);
        }
    }
    lanes.iter().sum::<f64>() + rest.iter().map(|&value| f(value)).sum::<f64>()
}
