//! Tests of proportional hazards: does a coefficient change with time?

use super::design::CoxModel;
use super::error::{CoxError, CoxProblem};
use super::fit::{CoxFit, Test};
use super::kernel::{Gram, add_scaled};
use super::likelihood::{RiskSets, lived_through, subtract_means};
use super::transform::{TimeTransform, transformed};
use crate::linalg::{ALIAS_TOLERANCE, Ldl, Matrix};
use crate::tick::{Tick, ask};

/// What a line of the test is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhTerm {
    /// The term at this place in the list of terms.
    Term(usize),
    /// All coefficients at once.
    Global,
}

/// One line of the test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PhTestRow {
    /// What it is about.
    pub term: PhTerm,
    /// The test; none where it cannot be made (an aliased covariate, a single event time).
    pub test: Option<Test>,
}

/// The test of proportional hazards, term by term and over all.
#[derive(Debug, Clone, PartialEq)]
pub struct PhTest {
    /// The function of time.
    pub transform: TimeTransform,
    /// One line a term, then the global one.
    pub rows: Vec<PhTestRow>,
}

/// Score tests of proportional hazards: of theta = 0 in coefficients b + theta g(t).
///
/// With U = sum of g(t) (x - xbar(t)) over events and the information of (b, theta) together, the statistic is
/// (0, U)' I^-1 (0, U). g is centred at its mean over events.
///
/// `terms` groups covariates that belong together (the columns of one factor); empty means one term a covariate.
///
/// # Data
/// As the fit.
///
/// # Degenerate input
/// Covariates that are not estimable are left out of their terms; a term of nothing else has no test. With one event
/// time nothing can be tested.
///
/// # Errors
/// [`CoxError::Invalid`] for terms that overlap, [`CoxError::LogOfZero`], [`CoxError::OtherModel`],
/// [`CoxError::Cancelled`].
///
/// # Agrees with
/// R 4.2 survival 3.5-3 `cox.zph(fit, transform)` to 1e-6 relative; `against_r_survival.rs`, test
/// `proportional_hazards_agree_with_cox_zph`.
///
/// # Reference
/// Grambsch PM, Therneau TM. Biometrika 1994;81:515, in the exact form of survival 3.0 (Therneau 2020).
pub fn proportional_hazards(
    model: &CoxModel<'_>,
    fit: &CoxFit,
    terms: &[&[usize]],
    transform: TimeTransform,
    tick: &mut Tick<'_>,
) -> Result<PhTest, CoxError> {
    if fit.beta.len() != model.width || fit.coefficients.len() != model.n_covariates {
        return Err(CoxError::OtherModel);
    }
    let each: Vec<[usize; 1]> = (0..model.n_covariates).map(|i| [i]).collect();
    let single: Vec<&[usize]> = each.iter().map(<[usize; 1]>::as_slice).collect();
    let terms = if terms.is_empty() { &single } else { terms };
    check_terms(terms, model.n_covariates)?;
    let g = centred(model, transformed(model, transform)?);
    ask(tick, 0.1)?;
    let system = System::new(model, fit, &g, tick)?;
    let estimable: Vec<usize> = (0..model.n_covariates).filter(|&i| fit.coefficients[i].is_some()).collect();
    let kept = |term: &[usize]| -> Vec<usize> { term.iter().copied().filter(|i| estimable.contains(i)).collect() };
    let mut rows: Vec<PhTestRow> = terms
        .iter()
        .enumerate()
        .map(|(i, term)| PhTestRow { term: PhTerm::Term(i), test: system.test(&estimable, &kept(term)) })
        .collect();
    rows.push(PhTestRow { term: PhTerm::Global, test: system.test(&estimable, &estimable) });
    Ok(PhTest { transform, rows })
}

pub(crate) fn check_terms(terms: &[&[usize]], n_covariates: usize) -> Result<(), CoxError> {
    let mut seen = vec![false; n_covariates];
    for (t, term) in terms.iter().enumerate() {
        for &covariate in *term {
            if covariate >= n_covariates || seen[covariate] {
                return Err(CoxError::Invalid(vec![CoxProblem::Term(t)]));
            }
            seen[covariate] = true;
        }
    }
    Ok(())
}

/// Centred at its mean over events and scaled to root mean square 1, which the tests do not see.
fn centred(model: &CoxModel<'_>, mut g: Vec<f64>) -> Vec<f64> {
    let n_events: Vec<f64> = model.plan.segments.iter().map(|segment| f64::from(segment.n_events)).collect();
    let total: f64 = n_events.iter().sum();
    let mean = g.iter().zip(&n_events).map(|(g, n)| g * n).sum::<f64>() / total;
    let largest = g.iter().fold(0.0, |largest: f64, g| largest.max(g.abs()));
    for g in &mut g {
        *g -= mean;
    }
    let square = g.iter().zip(&n_events).map(|(g, n)| g * g * n).sum::<f64>() / total;
    let scale = if square.sqrt() > 1e-12 * largest { 1.0 / square.sqrt() } else { 0.0 };
    for g in &mut g {
        *g *= scale;
    }
    g
}

/// The score of theta and the information of (b, theta), standardised.
struct System {
    score: Vec<f64>,
    /// Sums of 1, g and g^2 times the covariance of covariates in the risk set.
    blocks: [Matrix; 3],
}

impl System {
    fn new(model: &CoxModel<'_>, fit: &CoxFit, g: &[f64], tick: &mut Tick<'_>) -> Result<Self, CoxError> {
        let sets = RiskSets::new(model, &fit.beta);
        ask(tick, 0.4)?;
        let plan = &model.plan;
        let mut score = vec![0.0; model.width];
        for (s, segment) in plan.segments.iter().enumerate() {
            for i in segment.events() {
                add_scaled(&mut score, g[s] * model.weight_of(i), model.row(i));
            }
            let (set, sums) = (&sets.sets[s], sets.sums(s));
            add_scaled(&mut score, -g[s] * set.hazard, sums.all);
            add_scaled(&mut score, g[s] * set.hazard_f, sums.events);
        }
        let p = model.n_covariates;
        let mut scratch = vec![0.0; model.width];
        let mut block = |power: i32| {
            let mut gram = Gram::new(model.width);
            let factor = |s: usize| g[s].powi(power);
            let hazards: Vec<[f64; 2]> = sets
                .sets
                .iter()
                .enumerate()
                .map(|(s, set)| [factor(s) * set.hazard, factor(s) * set.hazard_of_events()])
                .collect();
            let mut values = sets.risk.clone();
            lived_through(plan, &hazards, &mut vec![0.0; hazards.len()], &mut values);
            gram.add_rows(&values, &model.x);
            for (s, set) in sets.sets.iter().enumerate() {
                subtract_means(&mut gram, &mut scratch, set, &sets.sums(s), factor(s));
            }
            gram.finish();
            Matrix::from_fn(p, p, |row, col| gram.at(row, col))
        };
        let blocks = [block(0), block(1), block(2)];
        Ok(Self { score, blocks })
    }

    /// Tests theta of the covariates in `term` together.
    fn test(&self, estimable: &[usize], term: &[usize]) -> Option<Test> {
        if term.is_empty() {
            return None;
        }
        let n = estimable.len();
        let place = |i: usize| {
            if i < n { (0, estimable[i]) } else { (1, term[i - n]) }
        };
        let information = Matrix::from_fn(n + term.len(), n + term.len(), |row, col| {
            let ((a, i), (b, j)) = (place(row), place(col));
            self.blocks[a + b][(i, j)]
        });
        let ldl = Ldl::factor(&information, ALIAS_TOLERANCE);
        if ldl.rank() < n + term.len() {
            return None;
        }
        let mut score = vec![0.0; n];
        score.extend(term.iter().map(|&i| self.score[i]));
        Some(Test::new(ldl.quadratic_form(&score), term.len()))
    }
}
