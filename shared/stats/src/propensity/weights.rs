//! Weights that make two groups comparable.

use super::PropensityScores;
use crate::describe::quantiles_type7;

/// Whose effect the weighted comparison estimates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Estimand {
    /// The average effect in everybody: 1 / e for the treated, 1 / (1 - e) for the others.
    Ate,
    /// The average effect in the treated: 1 for the treated, e / (1 - e) for the others.
    Att,
    /// The average effect in the overlap: 1 - e for the treated, e for the others.
    Ato,
}

/// How weights are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeightSettings {
    /// Whose effect is estimated.
    pub estimand: Estimand,
    /// Whether weights for everybody's effect are multiplied by the share of the person's own group, which leaves the
    /// estimate as it is and the weights' mean near 1. It changes nothing for the other estimands.
    pub stabilized: bool,
}

/// Why weights could not be truncated.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum WeightError {
    /// Percentiles that are no range.
    #[error(
        "weights are truncated between two percentiles from 0 to 1, the lower one first, and these are {lower} and {upper}"
    )]
    BadPercentiles {
        /// The lower one.
        lower: f64,
        /// The upper one.
        upper: f64,
    },
}

/// Inverse probability and overlap weights, one a person.
///
/// # Data
/// Checked scores.
/// # Degenerate input
/// None is left: scores of 0 and 1 and empty groups were refused before.
/// # Agrees with
/// R 4.2, formulas in `e2e/reference/tables.R`: 1e-9 on lalonde's and NHEFS' scores (`tests/it/against_r_tables.rs`).
/// # Reference
/// M. A. Hernan and J. M. Robins, What If, chapter 12; F. Li et al., JASA 113 (2018) (overlap).
pub fn inverse_probability_weights(scores: &PropensityScores, settings: WeightSettings) -> Vec<f64> {
    let share = scores.share_treated();
    scores
        .scores()
        .iter()
        .zip(scores.treated())
        .map(|(&e, &treated)| match (settings.estimand, treated) {
            (Estimand::Ate, true) => (if settings.stabilized { share } else { 1.0 }) / e,
            (Estimand::Ate, false) => (if settings.stabilized { 1.0 - share } else { 1.0 }) / (1.0 - e),
            (Estimand::Att, true) => 1.0,
            (Estimand::Att, false) => e / (1.0 - e),
            (Estimand::Ato, true) => 1.0 - e,
            (Estimand::Ato, false) => e,
        })
        .collect()
}

/// Pulls weights beyond two percentiles (type 7, over all persons) in to these.
///
/// # Errors
/// Percentiles outside 0 to 1 or in the wrong order.
pub fn truncate_weights(weights: &[f64], lower: f64, upper: f64) -> Result<Vec<f64>, WeightError> {
    let refused = WeightError::BadPercentiles { lower, upper };
    if lower > upper {
        return Err(refused);
    }
    match quantiles_type7(&mut weights.to_vec(), &[lower, upper]) {
        Ok(Some(limits)) => Ok(weights.iter().map(|w| w.clamp(limits[0], limits[1])).collect()),
        Ok(None) => Ok(Vec::new()),
        // The only error there is names a probability out of range, as this one does.
        Err(_) => Err(refused),
    }
}

/// Kish's effective sample size: how many equally weighted persons would tell as much; none where all weights are 0.
///
/// (sum w)^2 / sum(w^2)
///
/// # Reference
/// L. Kish, Survey Sampling (1965).
pub fn effective_sample_size(weights: impl IntoIterator<Item = f64>) -> Option<f64> {
    let (mut sum, mut squares) = (0.0, 0.0);
    for weight in weights {
        sum += weight;
        squares += weight * weight;
    }
    (squares > 0.0).then(|| sum * sum / squares)
}
