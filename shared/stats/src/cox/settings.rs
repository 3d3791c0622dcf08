//! Settings of a Cox regression.

use super::error::{CoxError, CoxProblem};
use crate::special::normal_quantile;

/// What to do where several events share a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ties {
    /// Efron's approximation (the default): those with the event leave the risk set one by one, on average.
    #[default]
    Efron,
    /// Breslow's: all are at risk for each.
    Breslow,
}

/// Settings, unchecked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CoxSettings {
    /// Treatment of tied events.
    pub ties: Ties,
    /// Coverage of confidence limits, between 0 and 1.
    pub confidence_level: f64,
    /// Newton-Raphson steps after which to give up.
    pub max_iterations: u32,
    /// Relative change of the log likelihood at which the iteration has converged.
    pub tolerance: f64,
}

impl Default for CoxSettings {
    /// R's: Efron, 0.95, 20 iterations, 1e-9.
    fn default() -> Self {
        Self { ties: Ties::Efron, confidence_level: 0.95, max_iterations: 20, tolerance: 1e-9 }
    }
}

/// Settings that can be used.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CheckedCoxSettings {
    pub(crate) ties: Ties,
    pub(crate) z: f64,
    pub(crate) max_iterations: u32,
    pub(crate) tolerance: f64,
}

impl CoxSettings {
    /// Looks at everything and lists every problem.
    ///
    /// # Errors
    /// [`CoxError::Invalid`] with all problems.
    pub fn check(&self) -> Result<CheckedCoxSettings, CoxError> {
        let mut problems = Vec::new();
        if !(self.confidence_level > 0.0 && self.confidence_level < 1.0) {
            problems.push(CoxProblem::ConfidenceLevel(self.confidence_level));
        }
        if self.max_iterations == 0 {
            problems.push(CoxProblem::NoIterations);
        }
        if !(self.tolerance > 0.0 && self.tolerance < 1e-2) {
            problems.push(CoxProblem::Tolerance(self.tolerance));
        }
        if !problems.is_empty() {
            return Err(CoxError::Invalid(problems));
        }
        Ok(CheckedCoxSettings {
            ties: self.ties,
            z: normal_quantile(1.0 - (1.0 - self.confidence_level) / 2.0),
            max_iterations: self.max_iterations,
            tolerance: self.tolerance,
        })
    }
}
