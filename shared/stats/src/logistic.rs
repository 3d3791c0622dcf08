//! Logistic regression by iteratively reweighted least squares.
//!
//! What it does not do: penalties, other links. Start with [`logistic`]; for propensity scores go on to
//! [`crate::propensity`].

mod auc;
mod block;
mod newton;

pub use auc::auc;

use crate::special::normal_two_sided_p;

/// What a logistic regression is fitted to.
#[derive(Debug, Clone, Copy)]
pub struct LogisticData<'a> {
    /// Whether each row has the outcome.
    pub outcome: &'a [bool],
    /// One slice a covariate, as long as the outcome; the intercept is added by the fit.
    pub covariates: &'a [&'a [f64]],
    /// Frequency weights; none when each row counts once.
    pub weights: Option<&'a [f64]>,
}

/// One estimated coefficient.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogisticCoefficient {
    /// Change of the log odds for one unit of the covariate.
    pub coef: f64,
    /// Its standard error from the information matrix.
    pub std_err: f64,
    /// coef / standard error.
    pub z: f64,
    /// Two-sided p-value.
    pub p: f64,
}

impl LogisticCoefficient {
    fn new(coef: f64, std_err: f64) -> Self {
        let z = coef / std_err;
        Self { coef, std_err, z, p: normal_two_sided_p(z) }
    }
}

/// A fitted logistic regression.
#[derive(Debug, Clone, PartialEq)]
pub struct LogisticFit {
    /// The log odds where every covariate is 0.
    pub intercept: LogisticCoefficient,
    /// One entry a covariate, in the order given; none for an aliased one, that is one that is constant or that the
    /// covariates before it determine. It is left out, as R leaves it out.
    pub coefficients: Vec<Option<LogisticCoefficient>>,
    /// Rows used.
    pub n: usize,
    /// Rows with the outcome.
    pub n_events: usize,
    /// Log likelihood.
    pub log_likelihood: f64,
    /// Log likelihood of the intercept alone.
    pub log_likelihood_null: f64,
    /// Steps taken.
    pub iterations: usize,
    /// Each row's log odds.
    pub linear: Vec<f64>,
    /// Each row's fitted probability.
    pub fitted: Vec<f64>,
}

impl LogisticFit {
    /// -2 log likelihood, R's residual deviance.
    pub fn deviance(&self) -> f64 {
        -2.0 * self.log_likelihood
    }

    /// -2 log likelihood of the intercept alone.
    pub fn null_deviance(&self) -> f64 {
        -2.0 * self.log_likelihood_null
    }

    /// Positions of the covariates that were left out because others determine them.
    pub fn aliased(&self) -> Vec<usize> {
        (0..self.coefficients.len()).filter(|&i| self.coefficients[i].is_none()).collect()
    }
}

/// Why a logistic regression could not be fitted.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum LogisticError {
    /// No rows, or none with a positive weight.
    #[error("there are no rows to fit: widen the selection")]
    NoRows,
    /// A slice as long as no other.
    #[error("{what} has {found} rows and the outcome {expected}: pass one entry a row")]
    LengthMismatch {
        /// Which slice.
        what: &'static str,
        /// Its length.
        found: usize,
        /// The outcome's length.
        expected: usize,
    },
    /// A covariate that is not a number in some row.
    #[error("covariate {} has no usable value in row {row}: leave out rows with missing values, or fill them in", covariate + 1)]
    NotFinite {
        /// The covariate, from 0.
        covariate: usize,
        /// The row, from 0.
        row: usize,
    },
    /// A weight that is negative or not a number.
    #[error("row {row} has the weight {weight}: weights are finite and not negative")]
    BadWeight {
        /// The row, from 0.
        row: usize,
        /// The weight.
        weight: f64,
    },
    /// Everybody has the outcome, or nobody.
    #[error("all rows have the same outcome, so nothing can predict it: choose groups that both occur")]
    OneOutcomeOnly,
    /// The covariates predict the outcome perfectly, for all rows or for some of them.
    #[error("the covariates tell the outcome apart {}, so its coefficients have no finite value{}: leave that covariate out or merge its categories",
        if *complete { "without a single exception" } else { "without exception in part of the rows" },
        covariate.map_or_else(String::new, |c| format!(" (most of all covariate {})", c + 1)))]
    Separation {
        /// Whether all rows are told apart, or part of them only.
        complete: bool,
        /// The covariate that grows fastest, from 0.
        covariate: Option<usize>,
    },
    /// The steps did not settle.
    #[error("the fit did not settle after {iterations} steps: leave out covariates that nearly determine one another")]
    NotConverged {
        /// Steps taken.
        iterations: usize,
    },
}

/// Fits a logistic regression with an intercept.
///
/// ln(p / (1 - p)) = b0 + b1 x1 + ...
///
/// # Data
/// A yes/no outcome and numeric covariates without missing values; weights are frequencies: weight 2 says the same as the
/// row twice.
/// # Degenerate input
/// Constant covariates and those that earlier ones determine are left out and reported as such.
/// # Errors
/// No rows, one outcome only, values that are not finite, separation, steps that do not settle.
/// # Agrees with
/// R 4.2 `glm(y ~ x, binomial)`: coefficients and standard errors 1e-8 relative, log likelihood 1e-11
/// (`tests/it/against_r_tables.rs`). With weights R starts elsewhere, and standard errors agree to 1e-4.
/// # Reference
/// P. McCullagh and J. A. Nelder, Generalized Linear Models (1989); A. Albert and J. A. Anderson, Biometrika 71 (1984)
/// (separation).
pub fn logistic(data: &LogisticData<'_>) -> Result<LogisticFit, LogisticError> {
    check(data)?;
    let design = newton::Design::new(data);
    let null = design.log_likelihood_null(data)?;
    let solution = design.maximize(data)?;
    let (intercept, coefficients) = design.on_original_scale(&solution);
    let n = (0..data.outcome.len()).filter(|&row| data.weight(row) > 0.0).count();
    Ok(LogisticFit {
        intercept: LogisticCoefficient::new(intercept.0, intercept.1),
        coefficients: coefficients
            .into_iter()
            .map(|c| c.map(|(coef, std_err)| LogisticCoefficient::new(coef, std_err)))
            .collect(),
        n,
        n_events: (0..data.outcome.len()).filter(|&row| data.outcome[row] && data.weight(row) > 0.0).count(),
        log_likelihood: solution.log_likelihood,
        log_likelihood_null: null,
        iterations: solution.iterations,
        fitted: solution.linear.iter().map(|&l| inverse_logit(l)).collect(),
        linear: solution.linear,
    })
}

impl LogisticData<'_> {
    fn weight(&self, row: usize) -> f64 {
        self.weights.map_or(1.0, |weights| weights[row])
    }
}

/// 1 / (1 + e^-x).
pub(crate) fn inverse_logit(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

fn check(data: &LogisticData<'_>) -> Result<(), LogisticError> {
    let expected = data.outcome.len();
    let mismatch = |what, found| LogisticError::LengthMismatch { what, found, expected };
    if let Some(weights) = data.weights {
        if weights.len() != expected {
            return Err(mismatch("the list of weights", weights.len()));
        }
        if let Some(row) = weights.iter().position(|w| !w.is_finite() || *w < 0.0) {
            return Err(LogisticError::BadWeight { row, weight: weights[row] });
        }
    }
    for (covariate, values) in data.covariates.iter().enumerate() {
        if values.len() != expected {
            return Err(mismatch("a covariate", values.len()));
        }
        if let Some(row) = values.iter().position(|v| !v.is_finite()) {
            return Err(LogisticError::NotFinite { covariate, row });
        }
    }
    if (0..expected).all(|row| data.weight(row) == 0.0) {
        return Err(LogisticError::NoRows);
    }
    Ok(())
}
