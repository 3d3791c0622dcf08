//! Cox regression with named terms, as a result.

use model::results::{Concordance, CoxCoefficient, CoxReport, PhTest};
use model::study::AnalysisSettings;
use stats::cox::{
    Coefficient, CoxData, CoxError, CoxFit, CoxModel, CoxWarning, PhTerm, TimeTransform, concordance,
    proportional_hazards,
};
use stats::tick::Tick;

use crate::columns::small;
use crate::error::StudyError;
use crate::rows::Rows;
use crate::settings::{cox_settings, ties_word};
use crate::terms::{Term, Terms, in_words};

/// Events below which an estimate with so many terms is fragile.
const EVENTS_PER_TERM: u64 = 10;

/// How much of a survival analysis is computed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// Curves and log-rank.
    Curves,
    /// Also the Cox regression.
    Estimates,
    /// Also concordance and the test of proportional hazards.
    #[default]
    Diagnostics,
}

/// Fits `terms` to the complete rows, with every diagnostic; in words why where there is no fit.
///
/// Rows without a value of every term are left out; the caller says how many.
pub(crate) fn fit(
    rows: &Rows,
    terms: &Terms,
    settings: &AnalysisSettings,
    tick: &mut Tick<'_>,
) -> Result<Result<CoxReport, String>, StudyError> {
    fit_to(Depth::Diagnostics, rows, terms, settings, tick)
}

/// As [`fit`], with or without concordance and the test of proportional hazards.
pub(crate) fn fit_to(
    depth: Depth,
    rows: &Rows,
    terms: &Terms,
    settings: &AnalysisSettings,
    tick: &mut Tick<'_>,
) -> Result<Result<CoxReport, String>, StudyError> {
    let complete = terms.complete.iter().all(|c| *c);
    let (kept_rows, kept_terms);
    let (rows, terms) = if complete {
        (rows, terms)
    } else {
        (kept_rows, kept_terms) = (rows.filter(&terms.complete), terms.filter(&terms.complete));
        (&kept_rows, &kept_terms)
    };
    let columns = terms.columns();
    let data = CoxData { durations: rows.for_cox(), covariates: &columns };
    match report(depth, &data, terms, settings, tick) {
        Ok(report) => Ok(Ok(report)),
        Err(CoxError::Cancelled(_)) => Err(StudyError::Cancelled),
        Err(error) => Ok(Err(error.to_string())),
    }
}

fn report(
    depth: Depth,
    data: &CoxData<'_>,
    terms: &Terms,
    settings: &AnalysisSettings,
    tick: &mut Tick<'_>,
) -> Result<CoxReport, CoxError> {
    let model = CoxModel::new(data, &cox_settings(settings), tick)?;
    let fit = model.fit(tick)?;
    let mut report = CoxReport {
        ties: ties_word(settings.ties).to_owned(),
        n: fit.n_rows as u64,
        n_events: fit.n_events as u64,
        log_likelihood_null: fit.log_likelihood_null,
        log_likelihood: fit.log_likelihood,
        coefficients: terms.terms.iter().zip(&fit.coefficients).map(|(t, c)| coefficient(t, *c)).collect(),
        concordance: None,
        proportional_hazards: Vec::new(),
        warnings: fit.warnings.iter().map(|w| warning(w, terms)).collect(),
    };
    warn_few_events(&fit, &mut report);
    if data.durations.weight.is_some_and(|w| w.contains(&0.0)) {
        report.warnings.push("rows with weight 0 take no part in the regression".to_owned());
    }
    if depth == Depth::Diagnostics {
        report.concordance = concordance(&model, &fit, tick)?
            .map(|c| Concordance { value: c.value, std_err: c.std_err })
            .filter(|c| c.std_err.is_finite());
        test_proportional_hazards(&model, &fit, terms, &mut report, tick)?;
    }
    Ok(report)
}

/// A line a covariate, the levels of a category together, and the global one last.
fn test_proportional_hazards(
    model: &CoxModel<'_>,
    fit: &CoxFit,
    terms: &Terms,
    report: &mut CoxReport,
    tick: &mut Tick<'_>,
) -> Result<(), CoxError> {
    let together = terms.by_covariate();
    let members: Vec<&[usize]> = together.iter().map(|(_, m)| m.as_slice()).collect();
    let test = match proportional_hazards(model, fit, &members, TimeTransform::KaplanMeier, tick) {
        Ok(test) => test,
        Err(CoxError::Cancelled(cancelled)) => return Err(CoxError::Cancelled(cancelled)),
        Err(error) => {
            report.warnings.push(format!("proportional hazards cannot be tested: {error}"));
            return Ok(());
        }
    };
    for row in &test.rows {
        let term = match row.term {
            PhTerm::Term(i) => together.get(i).map_or("", |(name, _)| name.as_str()).to_owned(),
            PhTerm::Global => "GLOBAL".to_owned(),
        };
        match row.test {
            Some(t) => {
                report.proportional_hazards.push(PhTest { term, chi2: t.chi2, df: small(t.df), p: t.p });
            }
            None => report.warnings.push(format!("proportional hazards of '{}' cannot be tested", in_words(&term))),
        }
    }
    Ok(())
}

fn warn_few_events(fit: &CoxFit, report: &mut CoxReport) {
    let n_terms = fit.coefficients.iter().flatten().count() as u64;
    let n_events = fit.n_events as u64;
    if n_terms > 0 && n_events < EVENTS_PER_TERM * n_terms {
        report.warnings.push(format!(
            "only {n_events} events for {n_terms} model terms (fewer than {EVENTS_PER_TERM} events a term): estimates \
             are fragile"
        ));
    }
}

fn coefficient(term: &Term, coefficient: Option<Coefficient>) -> CoxCoefficient {
    let (name, reference) = (term.name.clone(), term.reference.clone());
    let mut row = CoxCoefficient { term: name, reference, ..CoxCoefficient::default() };
    if let Some(c) = coefficient {
        row.coef = finite(c.coef);
        row.std_err = finite(c.std_err);
        row.robust_std_err = c.robust_std_err.and_then(finite);
        row.z = finite(c.z);
        row.p = finite(c.p);
        row.hazard_ratio = finite(c.hazard_ratio);
        row.lower = finite(c.lower);
        row.upper = c.upper.and_then(finite);
    }
    row
}

fn finite(x: f64) -> Option<f64> {
    x.is_finite().then_some(x)
}

fn warning(warning: &CoxWarning, terms: &Terms) -> String {
    let name = |i: &usize| terms.terms.get(*i).map_or_else(String::new, |t| in_words(&t.name));
    match warning {
        CoxWarning::NotEstimable { covariate } => {
            format!("'{}' is constant or determined by the terms before it; it was left out", name(covariate))
        }
        CoxWarning::InfiniteCoefficient { covariate } => format!(
            "the coefficient of '{}' may be infinite: it separates those with the event from those without; its \
             estimate and interval mean nothing",
            name(covariate)
        ),
        CoxWarning::DidNotConverge { .. } => warning.to_string(),
    }
}
