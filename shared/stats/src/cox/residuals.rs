//! Residuals of a Cox regression, and the robust variance made from them.

use super::design::CoxModel;
use super::error::CoxError;
use super::fit::CoxFit;
use super::kernel::{Gram, add_scaled};
use super::likelihood::{RiskSets, Sums};
use crate::linalg::{ALIAS_TOLERANCE, Ldl, Matrix};
use crate::survival::compress;

/// Schoenfeld residuals: for each event its covariates less their weighted mean over the risk set.
#[derive(Debug, Clone, PartialEq)]
pub struct Schoenfeld {
    /// Data rows of the events, in order of stratum and time.
    pub rows: Vec<usize>,
    /// Event times.
    pub time: Vec<f64>,
    /// One row an event, one column a covariate.
    pub residuals: Matrix,
}

/// Sums over event times of the hazard times the mean and, last, of the hazard. What rounding takes off each sum is kept
/// beside it: the difference of two sums is as exact as what was added in between, however large they are.
#[derive(Clone)]
struct Running {
    /// The sums, then what rounding took off each.
    values: Vec<f64>,
}

impl Running {
    fn new(width: usize) -> Self {
        Self { values: vec![0.0; 2 * (width + 1)] }
    }

    /// Adds terms, each sum by Knuth's two-sum.
    fn add(&mut self, terms: &[f64]) {
        let (high, low) = self.values.split_at_mut(terms.len());
        for ((high, low), term) in high.iter_mut().zip(low).zip(terms) {
            let sum = *high + term;
            let added = sum - *high;
            *low += (*high - (sum - added)) + (term - added);
            *high = sum;
        }
    }

    /// What was added after the sums were `before`.
    fn since(&self, before: &[f64], window: &mut [f64]) {
        let (high, low) = self.values.split_at(window.len());
        let (high_before, low_before) = before.split_at(window.len());
        let later = high.iter().zip(low);
        for ((target, (high, low)), (high_0, low_0)) in
            window.iter_mut().zip(later).zip(high_before.iter().zip(low_before))
        {
            *target = (high - high_0) + (low - low_0);
        }
    }
}

/// What a segment adds to the running sums: for rows that stay or are censored, or for those that have the event.
fn segment_terms(terms: &mut [f64], hazard: f64, [of_all, of_events]: [f64; 2], sums: &Sums<'_>) {
    terms.fill(0.0);
    add_scaled(terms, of_all, sums.all);
    add_scaled(terms, of_events, sums.events);
    if let Some(last) = terms.last_mut() {
        *last = hazard;
    }
}

/// Calls `f` with each used row's position and unweighted score residual (standardised scale, padded).
///
/// A row's residual is [event] (x - xbar) less the sum, over event times it was at risk for, of
/// (x - xbar) exp(x b) times the hazard.
fn each_score_residual(model: &CoxModel<'_>, beta: &[f64], mut f: impl FnMut(usize, &[f64])) {
    let sets = RiskSets::new(model, beta);
    let plan = &model.plan;
    let width = model.width;
    let mut running = Running::new(width);
    // kept by segment where rows enter late
    let size = running.values.len();
    let mut at = vec![0.0; if plan.entry.is_some() { plan.segments.len() * size } else { 0 }];
    let mut mean = vec![0.0; width];
    let (mut terms, mut for_events) = (vec![0.0; width + 1], vec![0.0; width + 1]);
    let (mut residual, mut window) = (vec![0.0; width], vec![0.0; width + 1]);
    let nothing = vec![0.0; size];
    for stratum in &plan.strata {
        running.values.fill(0.0);
        let first_start = plan.segments.get(stratum.segments.start).map_or(0, |s| s.start as usize);
        let early = if stratum.segments.is_empty() { stratum.rows.end } else { first_start };
        residual.fill(0.0);
        for i in stratum.rows.start..early {
            f(i, &residual);
        }
        let mut earlier = running.clone();
        for s in stratum.segments.clone() {
            let (segment, set, sums) = (&plan.segments[s], &sets.sets[s], sets.sums(s));
            sets.mean(model, s, &mut mean);
            let of_events = [set.square - set.square_f, set.square_ff - set.square_f];
            segment_terms(&mut for_events, set.hazard_of_events(), of_events, &sums);
            segment_terms(&mut terms, set.hazard, [set.square, -set.square_f], &sums);
            earlier.values.copy_from_slice(&running.values);
            running.add(&terms);
            if let Some(kept) = at.get_mut(s * size..(s + 1) * size) {
                kept.copy_from_slice(&running.values);
            }
            for i in segment.all() {
                residual.fill(0.0);
                let is_event = segment.events().contains(&i);
                if plan.is_at_risk(i, s) {
                    let first = plan.entry.as_ref().map_or(0, |e| e.first_segment[i] as usize);
                    let before = if first > stratum.segments.start {
                        &at[(first - 1) * size..first * size]
                    } else {
                        &nothing[..]
                    };
                    if is_event {
                        earlier.since(before, &mut window);
                        window.iter_mut().zip(&for_events).for_each(|(window, more)| *window += more);
                    } else {
                        running.since(before, &mut window);
                    }
                    let score = sets.risk[i] / model.weight_of(i);
                    add_scaled(&mut residual, -score * window[width], model.row(i));
                    add_scaled(&mut residual, score, &window[..width]);
                }
                if is_event {
                    add_scaled(&mut residual, 1.0, model.row(i));
                    add_scaled(&mut residual, -1.0, &mean);
                }
                f(i, &residual);
            }
        }
    }
}

/// Sums over clusters of weighted score residuals at `beta`, one padded row a cluster.
fn clustered_scores(model: &CoxModel<'_>, beta: &[f64]) -> Vec<f64> {
    let width = model.width;
    let (cluster, n_clusters) = match model.data.durations.cluster {
        Some(cluster) => compress(cluster),
        None => (Vec::new(), model.data.durations.n_rows()),
    };
    let mut sums = vec![0.0; n_clusters * width];
    each_score_residual(model, beta, |i, residual| {
        let row = model.plan.rows[i] as usize;
        let c = if cluster.is_empty() { row } else { cluster[row] as usize };
        add_scaled(&mut sums[c * width..(c + 1) * width], model.weight_of(i), residual);
    });
    sums
}

fn cross_product(rows: &[f64], width: usize, p: usize) -> Matrix {
    let mut gram = Gram::new(width);
    gram.add_rows(&vec![1.0; rows.len() / width], rows);
    gram.finish();
    Matrix::from_fn(p, p, |i, j| gram.at(i, j))
}

/// The robust variance V (sum over clusters of U U') V and the robust score test at zero (standardised scale).
pub(crate) fn sandwich(model: &CoxModel<'_>, beta: &[f64], naive: &Matrix) -> (Matrix, f64) {
    let (p, width) = (model.n_covariates, model.width);
    let meat = cross_product(&clustered_scores(model, beta), width, p);
    let variance = naive.multiply(&meat).multiply(naive);
    let symmetric = Matrix::from_fn(p, p, |i, j| 0.5 * (variance[(i, j)] + variance[(j, i)]));
    let null = clustered_scores(model, &vec![0.0; width]);
    let mut total = vec![0.0; p];
    for row in null.chunks_exact(width) {
        for (total, value) in total.iter_mut().zip(row) {
            *total += value;
        }
    }
    let test = Ldl::factor(&cross_product(&null, width, p), ALIAS_TOLERANCE).quadratic_form(&total);
    (symmetric, test)
}

fn check_fit(model: &CoxModel<'_>, fit: &CoxFit) -> Result<(), CoxError> {
    if fit.beta.len() == model.width && fit.coefficients.len() == model.n_covariates {
        Ok(())
    } else {
        Err(CoxError::OtherModel)
    }
}

/// Score residuals of every data row (unweighted), one column a covariate; rows of weight zero have zeros.
///
/// Agrees with R's `residuals(fit, type = "score")`.
///
/// # Errors
/// [`CoxError::OtherModel`] if the fit is not of this model.
pub fn score_residuals(model: &CoxModel<'_>, fit: &CoxFit) -> Result<Matrix, CoxError> {
    check_fit(model, fit)?;
    let mut all = Matrix::zeros(model.data.durations.n_rows(), model.n_covariates);
    each_score_residual(model, &fit.beta, |i, residual| {
        let target = all.row_mut(model.plan.rows[i] as usize);
        for ((target, value), scale) in target.iter_mut().zip(residual).zip(&model.scale) {
            *target = value / scale;
        }
    });
    Ok(all)
}

/// The change of each coefficient if a row were left out, approximately: weighted score residuals times variance.
///
/// Agrees with R's `residuals(fit, type = "dfbeta", weighted = TRUE)`.
///
/// # Errors
/// [`CoxError::OtherModel`] if the fit is not of this model.
pub fn dfbeta(model: &CoxModel<'_>, fit: &CoxFit) -> Result<Matrix, CoxError> {
    let mut scores = score_residuals(model, fit)?;
    if let Some(weight) = model.data.durations.weight {
        for (row, &w) in weight.iter().enumerate() {
            for value in scores.row_mut(row) {
                *value *= w;
            }
        }
    }
    Ok(scores.multiply(&fit.naive_variance))
}

/// Schoenfeld residuals (unweighted), events in order of stratum and time.
///
/// Agrees with R's `residuals(fit, type = "schoenfeld")`.
///
/// # Errors
/// [`CoxError::OtherModel`] if the fit is not of this model.
pub fn schoenfeld(model: &CoxModel<'_>, fit: &CoxFit) -> Result<Schoenfeld, CoxError> {
    check_fit(model, fit)?;
    let sets = RiskSets::new(model, &fit.beta);
    let mut result = Schoenfeld {
        rows: Vec::with_capacity(model.n_events),
        time: Vec::with_capacity(model.n_events),
        residuals: Matrix::zeros(model.n_events, model.n_covariates),
    };
    let mut mean = vec![0.0; model.width];
    for (s, segment) in model.plan.segments.iter().enumerate() {
        sets.mean(model, s, &mut mean);
        for i in segment.events() {
            let at = result.rows.len();
            result.rows.push(model.plan.rows[i] as usize);
            result.time.push(segment.time);
            for (j, target) in result.residuals.row_mut(at).iter_mut().enumerate() {
                *target = (model.row(i)[j] - mean[j]) / model.scale[j];
            }
        }
    }
    Ok(result)
}
