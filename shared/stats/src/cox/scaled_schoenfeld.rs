//! Scaled Schoenfeld residuals: what to plot against time to see how a coefficient changes.

use super::design::CoxModel;
use super::error::CoxError;
use super::fit::CoxFit;
use super::kernel::Gram;
use super::likelihood::{RiskSets, lived_through, subtract_means};
use super::ph_test::check_terms;
use super::residuals::schoenfeld;
use super::transform::{TimeTransform, transformed};
use crate::linalg::{ALIAS_TOLERANCE, Ldl, Matrix};

/// Scaled Schoenfeld residuals by term, events in order of stratum and time.
#[derive(Debug, Clone, PartialEq)]
pub struct ScaledSchoenfeld {
    /// Data rows of the events.
    pub rows: Vec<usize>,
    /// Event times.
    pub time: Vec<f64>,
    /// The transformed time of each event, not centred.
    pub transformed_time: Vec<f64>,
    /// For each event, a value for each term: the coefficient at that time, one event's worth of noise added (for
    /// terms of several covariates the factor of their joint effect, around 1). None where the term does not vary
    /// in the event's stratum or is not estimable.
    pub values: Vec<Vec<Option<f64>>>,
}

/// Scaled Schoenfeld residuals, r V^-1 + b, with V the information divided by the number of informative events.
///
/// # Agrees with
/// R 4.2 survival 3.5-3 `cox.zph(fit)$y` to 1e-8 relative; `against_r_survival.rs`, test
/// `scaled_schoenfeld_residuals_agree_with_cox_zph`.
///
/// # Errors
/// As [`super::proportional_hazards`].
///
/// # Reference
/// Grambsch PM, Therneau TM. Biometrika 1994;81:515.
pub fn scaled_schoenfeld(
    model: &CoxModel<'_>,
    fit: &CoxFit,
    terms: &[&[usize]],
    transform: TimeTransform,
) -> Result<ScaledSchoenfeld, CoxError> {
    let raw = schoenfeld(model, fit)?;
    let each: Vec<[usize; 1]> = (0..model.n_covariates).map(|i| [i]).collect();
    let single: Vec<&[usize]> = each.iter().map(<[usize; 1]>::as_slice).collect();
    let terms = if terms.is_empty() { &single } else { terms };
    check_terms(terms, model.n_covariates)?;
    let g = transformed(model, transform)?;
    let coef = fit.coef();
    let kept: Vec<Vec<usize>> =
        terms.iter().map(|term| term.iter().copied().filter(|&i| fit.coefficients[i].is_some()).collect()).collect();
    // columns of the combination: a covariate alone, or the covariates of a term by their coefficients
    let weight = |i: usize, t: usize| match kept[t].as_slice() {
        [only] if *only == i => 1.0,
        [_] => 0.0,
        many if many.contains(&i) => coef[i],
        _ => 0.0,
    };
    let combine = Matrix::from_fn(model.n_covariates, terms.len(), weight);
    let used = Informative::new(model, &kept);
    let mean_variance = combine.transpose().multiply(&used.mean_variance(model, fit)).multiply(&combine);
    let residuals = raw.residuals.multiply(&combine);
    let offset = |t: usize| {
        if kept[t].len() == 1 { coef[kept[t][0]] } else { 1.0 }
    };
    let mut values = Vec::with_capacity(raw.rows.len());
    let mut transformed_time = Vec::with_capacity(raw.rows.len());
    for (k, stratum) in model.plan.strata.iter().enumerate() {
        let present: Vec<usize> =
            (0..terms.len()).filter(|&t| kept[t].first().is_some_and(|&i| used.events[k][i] > 0.0)).collect();
        let ldl = Ldl::factor(&mean_variance.select(&present), ALIAS_TOLERANCE);
        for s in stratum.segments.clone() {
            for _ in model.plan.segments[s].events() {
                let row = residuals.row(values.len());
                let right: Vec<f64> = present.iter().map(|&t| row[t]).collect();
                let mut line = vec![None; terms.len()];
                for (&t, value) in present.iter().zip(ldl.solve(&right)) {
                    line[t] = Some(value + offset(t));
                }
                values.push(line);
                transformed_time.push(g[s]);
            }
        }
    }
    Ok(ScaledSchoenfeld { rows: raw.rows, time: raw.time, transformed_time, values })
}

/// How many events of each stratum tell anything about each covariate: all, or none if it is constant there.
struct Informative {
    /// By stratum, then covariate.
    events: Vec<Vec<f64>>,
}

impl Informative {
    fn new(model: &CoxModel<'_>, terms: &[Vec<usize>]) -> Self {
        let mut events: Vec<Vec<f64>> = Vec::with_capacity(model.plan.strata.len());
        for stratum in &model.plan.strata {
            let n: f64 =
                model.plan.segments[stratum.segments.clone()].iter().map(|segment| f64::from(segment.n_events)).sum();
            let varies = |j: usize| {
                let column = model.data.covariates[j];
                let mut rows = stratum.rows.clone().map(|i| column[model.plan.rows[i] as usize]);
                let first = rows.next();
                rows.any(|value| Some(value) != first)
            };
            let mut here: Vec<f64> = (0..model.n_covariates).map(|j| if varies(j) { n } else { 0.0 }).collect();
            for term in terms {
                let most = term.iter().fold(0.0, |most: f64, &j| most.max(here[j]));
                for &j in term {
                    here[j] = most;
                }
            }
            events.push(here);
        }
        Self { events }
    }

    /// The information divided by the number of events informative for both covariates.
    fn mean_variance(&self, model: &CoxModel<'_>, fit: &CoxFit) -> Matrix {
        let sets = RiskSets::new(model, &fit.beta);
        let hazards: Vec<[f64; 2]> = sets.sets.iter().map(|set| [set.hazard, set.hazard_of_events()]).collect();
        let mut gram = Gram::new(model.width);
        let mut scratch = vec![0.0; model.width];
        let mut values = sets.risk.clone();
        lived_through(&model.plan, &hazards, &mut vec![0.0; hazards.len()], &mut values);
        gram.add_rows(&values, &model.x);
        for (s, set) in sets.sets.iter().enumerate() {
            subtract_means(&mut gram, &mut scratch, set, &sets.sums(s), 1.0);
        }
        gram.finish();
        let p = model.n_covariates;
        Matrix::from_fn(p, p, |i, j| {
            let shared: f64 = self.events.iter().map(|here| here[i].min(here[j])).sum();
            gram.at(i, j) / (model.scale[i] * model.scale[j]) / if shared == 0.0 { 1.0 } else { shared }
        })
    }
}
