//! The fit of a Cox regression: coefficients with intervals and tests.

use super::design::CoxModel;
use super::error::{CoxError, CoxWarning};
use super::newton::{self, Solution};
use super::residuals;
use crate::linalg::{ALIAS_TOLERANCE, Ldl, Matrix};
use crate::special::{chi2_sf, normal_two_sided_p};
use crate::tick::{Tick, ask};

/// A log hazard ratio, between rows one mean absolute deviation apart, that only separation brings about.
const BEYOND_BELIEF: f64 = 12.0;

/// One estimated coefficient.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coefficient {
    /// Log hazard ratio for one unit of the covariate.
    pub coef: f64,
    /// Its standard error from the information matrix.
    pub std_err: f64,
    /// Its robust standard error, if variances are robust; z, p and limits then use it.
    pub robust_std_err: Option<f64>,
    /// Coefficient over standard error.
    pub z: f64,
    /// Two-sided p-value of `z`.
    pub p: f64,
    /// Hazard ratio for one unit.
    pub hazard_ratio: f64,
    /// Its lower confidence limit.
    pub lower: f64,
    /// Its upper confidence limit; none if too large for a number, which comes with a warning.
    pub upper: Option<f64>,
}

/// A chi-squared test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Test {
    /// The statistic.
    pub chi2: f64,
    /// Degrees of freedom.
    pub df: usize,
    /// The p-value.
    pub p: f64,
}

impl Test {
    pub(crate) fn new(chi2: f64, df: usize) -> Self {
        Self { chi2, df, p: chi2_sf(chi2.max(0.0), df as f64) }
    }
}

/// A fitted Cox regression.
#[derive(Debug, Clone, PartialEq)]
pub struct CoxFit {
    /// One for each covariate; none where it cannot be estimated (see the warnings).
    pub coefficients: Vec<Option<Coefficient>>,
    /// Covariance of the coefficients (robust if variances are), zero where not estimable.
    pub variance: Matrix,
    /// Inverse information, the covariance that does not look at clusters.
    pub naive_variance: Matrix,
    /// Partial log likelihood with all coefficients 0.
    pub log_likelihood_null: f64,
    /// Partial log likelihood at the estimates.
    pub log_likelihood: f64,
    /// Likelihood ratio test of all coefficients (not valid where variances are robust).
    pub likelihood_ratio_test: Test,
    /// Wald test of all coefficients, with the robust variance if there is one.
    pub wald_test: Test,
    /// Score test of all coefficients (not valid where variances are robust).
    pub score_test: Test,
    /// Robust score test, where variances are robust.
    pub robust_score_test: Option<Test>,
    /// Rows that took part.
    pub n_rows: usize,
    /// Rows with the event.
    pub n_events: usize,
    /// Newton-Raphson steps.
    pub n_iterations: u32,
    /// What to be wary of.
    pub warnings: Vec<CoxWarning>,
    /// Where covariates are centred in [`CoxFit::linear_predictors`], as in R.
    pub centers: Vec<f64>,
    /// Coefficients on the standardised scale, padded.
    pub(crate) beta: Vec<f64>,
}

impl CoxModel<'_> {
    /// Fits the coefficients by maximum partial likelihood.
    ///
    /// L(b) = product over events of exp(x b) / sum over the risk set of exp(x b), tied events by Efron or Breslow.
    ///
    /// # Data
    /// Censoring to the right, late entry and start-stop rows, strata with a baseline each, case weights, clusters.
    /// With clusters, or weights that are not whole numbers, the variance is the sandwich of dfbeta residuals summed
    /// over clusters (rows if none). A row is at risk from just after its entry; events come before censorings.
    ///
    /// # Degenerate input
    /// Constant and collinear covariates are left out, later ones first, with a warning. Coefficients that run to
    /// infinity (separation, a category without events) come with a warning and mean nothing. One subject: nothing
    /// is estimable.
    ///
    /// # Errors
    /// [`CoxError::NothingEstimable`], [`CoxError::Cancelled`]; [`CoxModel::new`] gives the rest.
    ///
    /// # Agrees with
    /// R 4.2 survival 3.5-3 `coxph(Surv(...) ~ x + strata(s), weights, cluster, ties)` to 1e-8 relative (1e-6 for
    /// single quantities near zero); `against_r_survival.rs`, test `cox_agrees_with_coxph`.
    ///
    /// # Reference
    /// Cox DR. J R Stat Soc B 1972;34:187. Efron B. J Am Stat Assoc 1977;72:557. Lin DY, Wei LJ. J Am Stat Assoc
    /// 1989;84:1074. Therneau TM, Grambsch PM. Modeling Survival Data, 2000.
    ///
    /// # Example
    /// ```
    /// use stats::cox::{CoxData, CoxModel, CoxSettings};
    /// use stats::survival::Durations;
    /// let (time, event) = ([4.0, 3.0, 1.0, 1.0, 2.0, 2.0, 3.0], [true, true, true, false, true, true, false]);
    /// let x: [f64; 7] = [0.0, 2.0, 1.0, 1.0, 1.0, 0.0, 0.0];
    /// let data = CoxData { durations: Durations::new(&time, &event), covariates: &[&x] };
    /// let model = CoxModel::new(&data, &CoxSettings::default(), &mut stats::tick::never)?;
    /// let fit = model.fit(&mut stats::tick::never)?;
    /// assert!((fit.coefficients[0].map_or(0.0, |c| c.coef) - 0.460_777_654).abs() < 1e-6);
    /// # Ok::<(), stats::cox::CoxError>(())
    /// ```
    pub fn fit(&self, tick: &mut Tick<'_>) -> Result<CoxFit, CoxError> {
        let solution = newton::maximise(self, tick)?;
        if solution.factored.rank() == 0 {
            return Err(CoxError::NothingEstimable);
        }
        ask(tick, 0.9)?;
        let naive = solution.factored.inverse();
        let (variance, robust_score) = if self.is_robust() {
            let (variance, score) = residuals::sandwich(self, &solution.beta, &naive);
            (variance, Some(score))
        } else {
            (naive.clone(), None)
        };
        Ok(self.summarise(&solution, &naive, &variance, robust_score))
    }

    /// Back to the scale of the covariates, with tests and intervals.
    fn summarise(&self, solution: &Solution, naive: &Matrix, variance: &Matrix, robust_score: Option<f64>) -> CoxFit {
        let p = self.n_covariates;
        let unscaled = |matrix: &Matrix| Matrix::from_fn(p, p, |i, j| matrix[(i, j)] * self.scale[i] * self.scale[j]);
        let aliased = solution.factored.aliased();
        let kept: Vec<usize> = (0..p).filter(|&i| !aliased[i]).collect();
        let df = kept.len();
        let beta: Vec<f64> = kept.iter().map(|&i| solution.beta[i]).collect();
        let wald = Ldl::factor(&variance.select(&kept), ALIAS_TOLERANCE).quadratic_form(&beta);
        let (null, last) = (solution.null.log_likelihood, solution.last.log_likelihood);
        let (naive_variance, variance) = (unscaled(naive), unscaled(variance));
        let coefficients = (0..p)
            .map(|i| {
                let robust = self.is_robust().then(|| variance[(i, i)].sqrt());
                (!aliased[i]).then(|| {
                    let coef = solution.beta[i] * self.scale[i];
                    coefficient(coef, naive_variance[(i, i)].sqrt(), robust, self.settings.z)
                })
            })
            .collect();
        CoxFit {
            coefficients,
            variance,
            log_likelihood_null: null,
            log_likelihood: last,
            likelihood_ratio_test: Test::new(2.0 * (last - null), df),
            wald_test: Test::new(wald, df),
            score_test: Test::new(solution.score_test, df),
            robust_score_test: robust_score.map(|chi2| Test::new(chi2, df)),
            n_rows: self.n_rows(),
            n_events: self.n_events,
            n_iterations: solution.n_iterations,
            warnings: self.warnings(solution, naive),
            centers: self.center.clone(),
            naive_variance,
            beta: solution.beta.clone(),
        }
    }

    fn warnings(&self, solution: &Solution, naive: &Matrix) -> Vec<CoxWarning> {
        let mut warnings = Vec::new();
        let aliased = solution.factored.aliased();
        for covariate in (0..self.n_covariates).filter(|&i| aliased[i]) {
            warnings.push(CoxWarning::NotEstimable { covariate });
        }
        if !solution.converged {
            warnings.push(CoxWarning::DidNotConverge { iterations: solution.n_iterations });
        }
        // A finite maximum leaves a next step that is tiny against the coefficient; a runaway one does not (R's rule).
        let next_step = naive.times(&solution.last.score);
        let tolerance = self.settings.tolerance;
        for covariate in (0..self.n_covariates).filter(|&i| !aliased[i]) {
            let step = (next_step[covariate] * self.scale[covariate]).abs();
            let coef = (solution.beta[covariate] * self.scale[covariate]).abs();
            let runs_away = step > tolerance && step > tolerance.sqrt() * coef;
            if !step.is_finite() || runs_away || solution.beta[covariate].abs() > BEYOND_BELIEF {
                warnings.push(CoxWarning::InfiniteCoefficient { covariate });
            }
        }
        warnings
    }
}

fn coefficient(coef: f64, std_err: f64, robust: Option<f64>, z_limit: f64) -> Coefficient {
    let used = robust.unwrap_or(std_err);
    let z = coef / used;
    let upper = (coef + z_limit * used).exp();
    Coefficient {
        coef,
        std_err,
        robust_std_err: robust,
        z,
        p: normal_two_sided_p(z),
        hazard_ratio: coef.exp(),
        lower: (coef - z_limit * used).exp(),
        upper: upper.is_finite().then_some(upper),
    }
}

impl CoxFit {
    /// The coefficient vector, 0 where not estimable.
    pub fn coef(&self) -> Vec<f64> {
        self.coefficients.iter().map(|c| c.map_or(0.0, |c| c.coef)).collect()
    }

    /// x b less its value at the centers, for every row of any covariates (columns as in the model).
    ///
    /// # Errors
    /// [`CoxError::OtherModel`] if there are more or fewer columns than coefficients.
    pub fn linear_predictors(&self, covariates: &[&[f64]]) -> Result<Vec<f64>, CoxError> {
        if covariates.len() != self.coefficients.len() {
            return Err(CoxError::OtherModel);
        }
        let mut sums = vec![0.0; covariates.first().map_or(0, |column| column.len())];
        for ((column, coef), center) in covariates.iter().zip(self.coef()).zip(&self.centers) {
            for (sum, x) in sums.iter_mut().zip(*column) {
                *sum += (x - center) * coef;
            }
        }
        Ok(sums)
    }
}
