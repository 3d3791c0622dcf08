//! Propensity scores: preference score and equipoise, weights, trimming, effective sample size.
//!
//! The score itself comes from [`crate::logistic`]; matching on it lives in [`crate::matching`].

mod weights;

pub use weights::{
    Estimand, WeightError, WeightSettings, effective_sample_size, inverse_probability_weights, truncate_weights,
};

/// Why scores were refused.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum PropensityError {
    /// Scores and treatment differ in length.
    #[error("there are {scores} scores for {treated} persons: pass one score a person")]
    LengthMismatch {
        /// Number of scores.
        scores: usize,
        /// Number of persons.
        treated: usize,
    },
    /// A score that is not strictly between 0 and 1.
    #[error("person {} has the propensity score {score}: scores lie strictly between 0 and 1, so leave out what predicts the treatment perfectly", row + 1)]
    ScoreOutOfRange {
        /// The row, from 0.
        row: usize,
        /// The score.
        score: f64,
    },
    /// One treatment group is empty.
    #[error("one of the two groups is empty, so they cannot be compared: choose cohorts that both have persons")]
    EmptyGroup,
}

/// Checked propensity scores: the probability of each person to be treated, given the covariates.
#[derive(Debug, Clone, PartialEq)]
pub struct PropensityScores {
    scores: Vec<f64>,
    treated: Vec<bool>,
    share_treated: f64,
}

impl PropensityScores {
    /// Checks scores against the treatment.
    ///
    /// # Errors
    /// Different lengths, a score that is not strictly between 0 and 1, an empty group.
    pub fn new(scores: &[f64], treated: &[bool]) -> Result<Self, PropensityError> {
        if scores.len() != treated.len() {
            return Err(PropensityError::LengthMismatch { scores: scores.len(), treated: treated.len() });
        }
        if let Some(row) = scores.iter().position(|s| !(*s > 0.0 && *s < 1.0)) {
            return Err(PropensityError::ScoreOutOfRange { row, score: scores[row] });
        }
        let n_treated = treated.iter().filter(|t| **t).count();
        if n_treated == 0 || n_treated == treated.len() {
            return Err(PropensityError::EmptyGroup);
        }
        Ok(Self {
            scores: scores.to_vec(),
            treated: treated.to_vec(),
            share_treated: n_treated as f64 / treated.len() as f64,
        })
    }

    /// The scores, one a person.
    pub fn scores(&self) -> &[f64] {
        &self.scores
    }

    /// Whether each person is treated.
    pub fn treated(&self) -> &[bool] {
        &self.treated
    }

    /// The share of the treated.
    pub fn share_treated(&self) -> f64 {
        self.share_treated
    }

    /// Each score's log odds, the scale for calipers.
    pub fn logits(&self) -> Vec<f64> {
        self.scores.iter().map(|s| logit(*s)).collect()
    }

    /// Preference scores: the propensity with the treatment's overall popularity taken out.
    ///
    /// logit(F) = logit(S) - logit(P), P the share of the treated
    ///
    /// # Reference
    /// A. M. Walker et al., Comp. Eff. Res. 3 (2013).
    pub fn preference_scores(&self) -> Vec<f64> {
        let popularity = logit(self.share_treated);
        self.scores.iter().map(|s| crate::logistic::inverse_logit(logit(*s) - popularity)).collect()
    }

    /// Share of all persons whose preference score lies from 0.3 to 0.7: those whose treatment could have gone either way.
    ///
    /// # Agrees with
    /// `CohortMethod` 5 `computeEquipoise` with its default bounds.
    pub fn equipoise(&self) -> f64 {
        let within = self.preference_scores().iter().filter(|f| (0.3..=0.7).contains(*f)).count();
        within as f64 / self.scores.len() as f64
    }

    /// Which persons stay when scores outside `low` to `high` are trimmed: 0.1 to 0.9 after Crump.
    ///
    /// # Reference
    /// R. K. Crump et al., Biometrika 96 (2009).
    pub fn within(&self, low: f64, high: f64) -> Vec<bool> {
        self.scores.iter().map(|s| (low..=high).contains(s)).collect()
    }

    /// Which persons stay when the preference score must lie from `low` to `high`.
    pub fn within_preference(&self, low: f64, high: f64) -> Vec<bool> {
        self.preference_scores().iter().map(|s| (low..=high).contains(s)).collect()
    }

    /// Which persons stay when scores outside the range common to both groups are trimmed.
    pub fn within_common_range(&self) -> Vec<bool> {
        let range = |group: bool| {
            self.scores
                .iter()
                .zip(&self.treated)
                .filter(|(_, treated)| **treated == group)
                .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), (s, _)| (low.min(*s), high.max(*s)))
        };
        let (treated, others) = (range(true), range(false));
        self.within(treated.0.max(others.0), treated.1.min(others.1))
    }
}

fn logit(p: f64) -> f64 {
    (p / (1.0 - p)).ln()
}
