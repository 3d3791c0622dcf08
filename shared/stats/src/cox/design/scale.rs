//! Covariates in order, centred within strata and scaled to a mean absolute deviation of 1.
//!
//! Neither changes the fit: a constant within a stratum cancels from the partial likelihood, a scale comes back as a
//! factor of the coefficient. Both keep sums of squares free of cancellation and exponentials in range.

use super::{CoxData, Plan};

/// Deviations below this fraction of the largest value are rounding: the covariate is constant.
const CONSTANT: f64 = 1e-13;
/// Rows gathered at a time, so that the target stays in the cache while columns are read.
const BLOCK: usize = 2048;

pub(super) struct Scaled {
    pub(super) x: Vec<f64>,
    pub(super) scale: Vec<f64>,
    pub(super) center: Vec<f64>,
}

pub(super) fn standardise(data: &CoxData<'_>, plan: &Plan, width: usize) -> Scaled {
    let n = plan.rows.len();
    let weight = data.durations.weight;
    let mut x = vec![0.0; n * width];
    let mut scale = Vec::with_capacity(data.covariates.len());
    let mut center = Vec::with_capacity(data.covariates.len());
    let mut means = Vec::with_capacity(data.covariates.len());
    for values in data.covariates {
        let column = Column {
            values,
            weight,
            plan,
        };
        let stratum_means = column.means();
        let spread = column.mean_deviation(&stratum_means);
        let largest = values
            .iter()
            .fold(0.0, |largest: f64, v| largest.max(v.abs()));
        let is_constant = spread <= CONSTANT * largest;
        scale.push(if is_constant { 0.0 } else { 1.0 / spread });
        center.push(column.reported_center(data.durations.entry.is_some()));
        means.push(stratum_means);
    }
    for (s, stratum) in plan.strata.iter().enumerate() {
        for start in stratum.rows.clone().step_by(BLOCK) {
            let end = (start + BLOCK).min(stratum.rows.end);
            for (j, values) in data.covariates.iter().enumerate() {
                let (mean, scale) = (means[j][s], scale[j]);
                let targets = x[start * width + j..].iter_mut().step_by(width);
                for (target, &row) in targets.zip(&plan.rows[start..end]) {
                    *target = (values[row as usize] - mean) * scale;
                }
            }
        }
    }
    for scale in &mut scale {
        if *scale == 0.0 {
            *scale = 1.0;
        }
    }
    Scaled { x, scale, center }
}

struct Column<'d> {
    values: &'d [f64],
    weight: Option<&'d [f64]>,
    plan: &'d Plan,
}

impl Column<'_> {
    /// Sum over used rows of weight * f(value), and of the weights; in data order if there is one stratum.
    fn sums(&self, rows: &std::ops::Range<usize>, f: impl Fn(f64) -> f64) -> (f64, f64) {
        let (mut sum, mut total) = (0.0, 0.0);
        let everything = rows.len() == self.values.len();
        match self.weight {
            None if everything => {
                sum = self.values.iter().map(|&v| f(v)).sum();
                total = self.values.len() as f64;
            }
            _ => {
                for &row in &self.plan.rows[rows.clone()] {
                    let w = self.weight.map_or(1.0, |weight| weight[row as usize]);
                    sum += w * f(self.values[row as usize]);
                    total += w;
                }
            }
        }
        (sum, total)
    }

    fn means(&self) -> Vec<f64> {
        let mean = |stratum: &super::plan::Stratum| {
            let (sum, total) = self.sums(&stratum.rows, |v| v);
            sum / total
        };
        self.plan.strata.iter().map(mean).collect()
    }

    fn mean_deviation(&self, means: &[f64]) -> f64 {
        let (mut sum, mut total) = (0.0, 0.0);
        for (stratum, mean) in self.plan.strata.iter().zip(means) {
            let (s, t) = self.sums(&stratum.rows, |v| (v - mean).abs());
            sum += s;
            total += t;
        }
        sum / total
    }

    /// R's `coxph(...)$means`: weighted for right-censored data, plain for start-stop data, 0 for -1, 0, 1.
    fn reported_center(&self, has_entry: bool) -> f64 {
        if self
            .values
            .iter()
            .all(|&v| v == 0.0 || v == 1.0 || v == -1.0)
        {
            return 0.0;
        }
        let (mut sum, mut total) = (0.0, 0.0);
        for &row in &self.plan.rows {
            let w = self
                .weight
                .filter(|_| !has_entry)
                .map_or(1.0, |weight| weight[row as usize]);
            sum += w * self.values[row as usize];
            total += w;
        }
        sum / total
    }
}
