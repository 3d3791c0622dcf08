//! Newton's method on centred and scaled covariates.

use super::block::{Block, PerRow, ROWS};
use super::{LogisticData, LogisticError};
use crate::linalg::{Ldl, Matrix};

/// Correlation beyond which a covariate counts as determined by earlier ones: 1 - R^2 of this size.
const ALIAS: f64 = 1e-11;
/// Steps after which the fit gives up.
const MAX_ITERATIONS: usize = 60;
/// A linear predictor (in log odds) that no fit with a finite optimum reaches in practice.
const RUNAWAY: f64 = 30.0;

/// One covariate that takes part, with its centre and scale.
struct Column<'a> {
    /// Position among all covariates.
    index: usize,
    values: &'a [f64],
    mean: f64,
    sd: f64,
}

/// The covariates that take part, scaled so that the information matrix is well conditioned.
pub(super) struct Design<'a> {
    columns: Vec<Column<'a>>,
    n_covariates: usize,
}

/// The maximum of the likelihood, on the scaled covariates; element 0 is the intercept.
pub(super) struct Solution {
    beta: Vec<f64>,
    covariance: Matrix,
    pub(super) linear: Vec<f64>,
    pub(super) log_likelihood: f64,
    pub(super) iterations: usize,
}

/// Likelihood, gradient and information at one point.
struct Evaluation {
    log_likelihood: f64,
    gradient: Vec<f64>,
    information: Matrix,
}

impl<'a> Design<'a> {
    pub(super) fn new(data: &LogisticData<'a>) -> Self {
        let total: f64 = (0..data.outcome.len()).map(|row| data.weight(row)).sum();
        let mut columns: Vec<Column<'a>> = Vec::new();
        for (index, &values) in data.covariates.iter().enumerate() {
            let weighted = |f: &dyn Fn(f64) -> f64| {
                values.iter().enumerate().map(|(row, &v)| data.weight(row) * f(v)).sum::<f64>() / total
            };
            // Two passes: the mean of the deviations takes away what rounding left in the first mean.
            let rough = weighted(&|v| v);
            let mean = rough + weighted(&|v| v - rough);
            let sd = weighted(&|v| (v - mean) * (v - mean)).sqrt();
            let largest = values.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
            if sd.is_finite() && sd > largest * 1e-13 {
                columns.push(Column { index, values, mean, sd });
            }
        }
        let mut design = Self { columns, n_covariates: data.covariates.len() };
        let aliased = design.aliased(data, total);
        let mut position = 0;
        design.columns.retain(|_| {
            position += 1;
            !aliased[position - 1]
        });
        design
    }

    /// Which columns earlier ones determine, from their correlation matrix.
    fn aliased(&self, data: &LogisticData<'_>, total: f64) -> Vec<bool> {
        let p = self.columns.len();
        let mut correlation = Matrix::zeros(p, p);
        let mut block = Block::new(p);
        for start in (0..data.outcome.len()).step_by(ROWS) {
            let n = self.fill(start, &mut block.columns);
            let mut weights: PerRow = [0.0; ROWS];
            for (row, weight) in weights[..n].iter_mut().enumerate() {
                *weight = data.weight(start + row) / total;
            }
            block.add_products(&weights, &mut correlation);
        }
        let factored = Ldl::factor(&correlation, ALIAS);
        factored.aliased().to_vec()
    }

    /// Puts the rows from `start` on into a block, scaled, and says how many there are.
    fn fill(&self, start: usize, columns: &mut [PerRow]) -> usize {
        let mut n = 0;
        for (target, column) in columns.iter_mut().zip(&self.columns) {
            let rows = &column.values[start..column.values.len().min(start + ROWS)];
            n = rows.len();
            for (target, value) in target.iter_mut().zip(rows) {
                *target = (value - column.mean) / column.sd;
            }
        }
        n
    }

    /// The log likelihood of the intercept alone.
    pub(super) fn log_likelihood_null(&self, data: &LogisticData<'_>) -> Result<f64, LogisticError> {
        let (mut events, mut total) = (0.0, 0.0);
        for (row, &event) in data.outcome.iter().enumerate() {
            total += data.weight(row);
            if event {
                events += data.weight(row);
            }
        }
        let others = total - events;
        if events <= 0.0 || others <= 0.0 {
            return Err(LogisticError::OneOutcomeOnly);
        }
        Ok(events * (events / total).ln() + others * (others / total).ln())
    }

    /// Iteratively reweighted least squares from R's starting values, then Newton's steps (the same thing), halved where
    /// they would lower the likelihood.
    ///
    /// Coefficients go on until they stand still. The covariance is taken where R takes it, from the weights of the step
    /// at which the deviance has settled to 1e-8: the two differ in the fifth digit, and readers compare with R.
    pub(super) fn maximize(&self, data: &LogisticData<'_>) -> Result<Solution, LogisticError> {
        let (mut beta, mut linear, mut at, start) = self.first_step(data);
        let mut covariance = settles(&start, &at).then(|| start.covariance());
        for iterations in 2..=MAX_ITERATIONS {
            let factored = Ldl::factor(&at.information, 1e-14);
            if factored.aliased().iter().any(|a| *a) {
                // Not aliased at the start, so the weights p (1 - p) ran out: fitted probabilities of 0 and 1.
                return Err(self.separation(data, &beta, &linear));
            }
            let mut step = factored.solve(&at.gradient);
            let (next_beta, next_linear, next) = self.line_search(data, &beta, &mut step, &at);
            let settled = step.iter().all(|s| s.abs() <= 1e-9 * (1.0 + max_abs(&next_beta)));
            if covariance.is_none() && settles(&at, &next) {
                covariance = Some(at.covariance());
            }
            (beta, linear, at) = (next_beta, next_linear, next);
            if max_abs(&linear) > RUNAWAY && !settled && iterations > 12 {
                return Err(self.separation(data, &beta, &linear));
            }
            if settled {
                return Ok(Solution {
                    beta,
                    covariance: covariance.unwrap_or_else(|| at.covariance()),
                    linear,
                    log_likelihood: at.log_likelihood,
                    iterations,
                });
            }
        }
        Err(LogisticError::NotConverged { iterations: MAX_ITERATIONS })
    }

    /// One weighted least squares step from fitted probabilities of 3/4 where the outcome is and 1/4 where it is not.
    fn first_step(&self, data: &LogisticData<'_>) -> (Vec<f64>, Vec<f64>, Evaluation, Evaluation) {
        let sides = data.outcome.iter().map(|y| if *y { 1.0 } else { -1.0 });
        let linear: Vec<f64> = sides.map(|side| side * 3.0_f64.ln()).collect();
        let start = self.evaluate(data, &linear);
        // The working response's distance from the linear predictor is in the gradient; the predictor itself comes here.
        let mut right = start.gradient.clone();
        let mut block = Block::new(right.len());
        for (first, etas) in (0..linear.len()).step_by(ROWS).zip(linear.chunks(ROWS)) {
            self.fill(first, &mut block.columns[1..]);
            let mut weights: PerRow = [0.0; ROWS];
            for (row, (weight, eta)) in weights.iter_mut().zip(etas).enumerate() {
                *weight = data.weight(first + row) * (3.0 / 16.0) * eta;
            }
            block.add_sums(&weights, &mut right);
        }
        let beta = Ldl::factor(&start.information, 1e-14).solve(&right);
        let linear = self.linear(data, &beta);
        let at = self.evaluate(data, &linear);
        (beta, linear, at, start)
    }

    fn line_search(
        &self,
        data: &LogisticData<'_>,
        beta: &[f64],
        step: &mut [f64],
        at: &Evaluation,
    ) -> (Vec<f64>, Vec<f64>, Evaluation) {
        let slack = 1e-12 * at.log_likelihood.abs();
        let mut halvings = 0;
        loop {
            let next: Vec<f64> = beta.iter().zip(step.iter()).map(|(b, s)| b + s).collect();
            let linear = self.linear(data, &next);
            let evaluation = self.evaluate(data, &linear);
            if evaluation.log_likelihood >= at.log_likelihood - slack || halvings == 30 {
                return (next, linear, evaluation);
            }
            for s in step.iter_mut() {
                *s /= 2.0;
            }
            halvings += 1;
        }
    }

    fn linear(&self, data: &LogisticData<'_>, beta: &[f64]) -> Vec<f64> {
        let mut linear = vec![beta[0]; data.outcome.len()];
        for (column, b) in self.columns.iter().zip(&beta[1..]) {
            let slope = b / column.sd;
            for (target, value) in linear.iter_mut().zip(column.values) {
                *target += slope * (value - column.mean);
            }
        }
        linear
    }

    fn evaluate(&self, data: &LogisticData<'_>, linear: &[f64]) -> Evaluation {
        let p = self.columns.len() + 1;
        let mut at = Evaluation { log_likelihood: 0.0, gradient: vec![0.0; p], information: Matrix::zeros(p, p) };
        let mut block = Block::new(p);
        for (first, etas) in (0..linear.len()).step_by(ROWS).zip(linear.chunks(ROWS)) {
            self.fill(first, &mut block.columns[1..]);
            let (mut scores, mut curvatures): (PerRow, PerRow) = ([0.0; ROWS], [0.0; ROWS]);
            for (row, &eta) in etas.iter().enumerate() {
                let (event, weight) = (data.outcome[first + row], data.weight(first + row));
                // With t = e^-|eta| nothing overflows, and both tails keep their digits.
                let t = (-eta.abs()).exp();
                let (high, low) = (1.0 / (1.0 + t), t / (1.0 + t));
                let (probability, other) = if eta >= 0.0 { (high, low) } else { (low, high) };
                let agrees = event == (eta >= 0.0);
                let loss = t.ln_1p() + if agrees { 0.0 } else { eta.abs() };
                at.log_likelihood -= weight * loss;
                scores[row] = weight * if event { other } else { -probability };
                curvatures[row] = weight * probability * other;
            }
            block.add_sums(&scores, &mut at.gradient);
            block.add_products(&curvatures, &mut at.information);
        }
        at
    }

    /// Names the separation: complete where one threshold of the linear predictor tells all outcomes apart.
    fn separation(&self, data: &LogisticData<'_>, beta: &[f64], linear: &[f64]) -> LogisticError {
        let mut highest_without = f64::NEG_INFINITY;
        let mut lowest_with = f64::INFINITY;
        for (row, (&event, &eta)) in data.outcome.iter().zip(linear).enumerate() {
            if data.weight(row) == 0.0 {
                continue;
            }
            if event {
                lowest_with = lowest_with.min(eta);
            } else {
                highest_without = highest_without.max(eta);
            }
        }
        let fastest = self.columns.iter().zip(&beta[1..]).max_by(|x, y| x.1.abs().total_cmp(&y.1.abs()));
        LogisticError::Separation {
            complete: highest_without < lowest_with,
            covariate: fastest.map(|(column, _)| column.index),
        }
    }

    /// Intercept and coefficients with their standard errors, on the covariates' own scale.
    pub(super) fn on_original_scale(&self, solution: &Solution) -> (Scaled, Vec<Option<Scaled>>) {
        let (beta, covariance) = (&solution.beta, &solution.covariance);
        let mut coefficients = vec![None; self.n_covariates];
        let mut intercept = beta[0];
        // The intercept is a' beta with a = (1, -mean / sd, ...).
        let mut contrast = vec![1.0];
        for (i, column) in self.columns.iter().enumerate() {
            let std_err = covariance[(i + 1, i + 1)].sqrt() / column.sd;
            coefficients[column.index] = Some((beta[i + 1] / column.sd, std_err));
            intercept -= beta[i + 1] * column.mean / column.sd;
            contrast.push(-column.mean / column.sd);
        }
        let variance: f64 = contrast.iter().zip(covariance.times(&contrast)).map(|(a, b)| a * b).sum();
        ((intercept, variance.sqrt()), coefficients)
    }
}

impl Evaluation {
    fn covariance(&self) -> Matrix {
        Ldl::factor(&self.information, 1e-14).inverse()
    }
}

/// R's rule for the end of its iterations.
fn settles(before: &Evaluation, after: &Evaluation) -> bool {
    let (old, new) = (-2.0 * before.log_likelihood, -2.0 * after.log_likelihood);
    (new - old).abs() / (new.abs() + 0.1) < 1e-8
}

/// A coefficient and its standard error.
type Scaled = (f64, f64);

fn max_abs(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |m, v| m.max(v.abs()))
}
