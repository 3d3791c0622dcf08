//! Propensity scores of the study population: fitted on complete cases, with weights.

use model::results::{Histogram, PropensityCoefficient};
use model::study::Estimand;
use stats::logistic::{LogisticCoefficient, LogisticData, auc, logistic};
use stats::propensity::{PropensityScores, WeightSettings, inverse_probability_weights};

use crate::rows::filtered;
use crate::summarize::counted;
use crate::terms::{self, Terms};

/// Bins of the overlap figure between 0 and 1.
const BINS: u32 = 20;
/// Equipoise below which the design is doubted.
const LEAST_EQUIPOISE: f64 = 0.2;

/// Scores of the complete cases.
pub(crate) struct Propensity {
    pub(crate) scores: PropensityScores,
    pub(crate) auc: Option<f64>,
    /// The intercept, then the terms.
    pub(crate) coefficients: Vec<PropensityCoefficient>,
}

/// Fits the propensity of being in the target arm; in words why where it cannot be fitted.
pub(crate) fn fit(terms: &Terms, treated: &[bool], warnings: &mut Vec<String>) -> Result<Propensity, String> {
    warnings.extend(terms.left_out());
    let treated = filtered(treated, &terms.complete);
    let complete = terms.filter(&terms.complete);
    let columns = complete.columns();
    let data = LogisticData { outcome: &treated, covariates: &columns, weights: None };
    let fit = logistic(&data).map_err(|e| in_words(&e, &complete))?;
    for i in fit.aliased() {
        let name = complete.terms.get(i).map_or_else(String::new, |t| terms::in_words(&t.name));
        warnings.push(format!(
            "'{name}' is constant or determined by the terms before it; the propensity score does without it"
        ));
    }
    let scores = PropensityScores::new(&fit.fitted, &treated).map_err(|e| e.to_string())?;
    let auc = auc(scores.scores(), &treated);
    if scores.equipoise() < LEAST_EQUIPOISE {
        warnings.push(format!(
            "only {:.0} % of the subjects are in equipoise (preference score 0.3 to 0.7; at least 20 % is asked for): \
             the arms hold different patients, and no adjustment can be trusted to make them alike",
            100.0 * scores.equipoise()
        ));
    }
    let coefficient = |term: &str, found: Option<&LogisticCoefficient>| PropensityCoefficient {
        term: term.to_owned(),
        coef: found.map(|c| c.coef),
        std_err: found.map(|c| c.std_err),
    };
    let terms = complete.terms.iter().zip(&fit.coefficients).map(|(t, c)| coefficient(&t.name, c.as_ref()));
    let coefficients = std::iter::once(coefficient("(Intercept)", Some(&fit.intercept))).chain(terms).collect();
    Ok(Propensity { scores, auc, coefficients })
}

/// The error, naming terms instead of their numbers.
fn in_words(error: &stats::logistic::LogisticError, terms: &Terms) -> String {
    match error {
        stats::logistic::LogisticError::Separation { covariate: Some(i), .. } => {
            let name = terms.terms.get(*i).map_or_else(String::new, |t| terms::in_words(&t.name));
            format!(
                "the covariates tell the arms apart without exception (most of all '{name}'), so there is no overlap to \
                 compare in; leave it out or merge its levels"
            )
        }
        error => error.to_string(),
    }
}

impl Propensity {
    /// Weights of the complete cases.
    pub(crate) fn weights(&self, estimand: Estimand) -> Vec<f64> {
        let estimand = match estimand {
            Estimand::Ate => stats::propensity::Estimand::Ate,
            Estimand::Att => stats::propensity::Estimand::Att,
            Estimand::Ato => stats::propensity::Estimand::Ato,
        };
        inverse_probability_weights(&self.scores, WeightSettings { estimand, stabilized: false })
    }

    /// Scores of the target and of the comparator in the same bins.
    pub(crate) fn histogram(&self) -> (Histogram, Histogram) {
        let edges: Vec<f64> = (0..=BINS).map(|i| f64::from(i) / f64::from(BINS)).collect();
        let of = |arm: bool| {
            let scores = self.scores.scores().iter().zip(self.scores.treated());
            counted(&edges, scores.filter(|(_, t)| **t == arm).map(|(s, _)| *s))
        };
        (of(true), of(false))
    }
}
