//! What can go wrong with a Cox regression, and what to be wary of when it did not.

use crate::survival::{Problem, SurvivalError};
use crate::tick::Cancelled;

/// One problem of the input.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CoxProblem {
    /// A problem of the durations.
    #[error("{0}")]
    Durations(Problem),
    /// No covariate at all.
    #[error("there is no covariate")]
    NoCovariates,
    /// A covariate is not as long as the durations.
    #[error("covariate {} has {length} rows, the durations have {n_rows}", .covariate + 1)]
    Length {
        /// Its index.
        covariate: usize,
        /// Its rows.
        length: usize,
        /// The rows of the durations.
        n_rows: usize,
    },
    /// Values that are not finite numbers.
    #[error(
        "covariate {} is not a finite number in {} rows, the first is row {}; leave rows with missing values out",
        .covariate + 1, .rows.len(), .rows.first().map_or(0, |row| row + 1)
    )]
    NotFinite {
        /// Its index.
        covariate: usize,
        /// The rows, from 0.
        rows: Vec<usize>,
    },
    /// A confidence level that is not strictly between 0 and 1.
    #[error("the confidence level is {0}; it must lie between 0 and 1, for example 0.95")]
    ConfidenceLevel(f64),
    /// No iteration allowed.
    #[error("at least one iteration is needed")]
    NoIterations,
    /// A tolerance that is not a small positive number.
    #[error("the tolerance is {0}; it must be a small positive number, for example 1e-9")]
    Tolerance(f64),
    /// Terms of the proportional-hazards test that do not name each covariate at most once.
    #[error("term {} names a covariate that does not exist or is already in another term", .0 + 1)]
    Term(usize),
}

/// Why there is no fit.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CoxError {
    /// The input is off; every problem is listed.
    #[error("the Cox model cannot be fitted: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Invalid(Vec<CoxProblem>),
    /// Nobody had the event.
    #[error(
        "nobody had the event, so there is nothing to estimate; check which value of the event column means 'event'"
    )]
    NoEvents,
    /// Every covariate is constant among those at risk.
    #[error("no coefficient can be estimated: every covariate is constant among those at risk")]
    NothingEstimable,
    /// The log transformation of time with an event at time zero.
    #[error("an event at time zero has no logarithm; choose another transformation of time")]
    LogOfZero,
    /// The fit was made from other data.
    #[error("the fit has another number of covariates than the model")]
    OtherModel,
    /// Stopped by the caller.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

impl From<SurvivalError> for CoxError {
    fn from(error: SurvivalError) -> Self {
        match error {
            SurvivalError::Invalid(problems) => {
                Self::Invalid(problems.into_iter().map(CoxProblem::Durations).collect())
            }
            SurvivalError::Cancelled(cancelled) => Self::Cancelled(cancelled),
            // the check of durations gives no other error
            _ => Self::NoEvents,
        }
    }
}

/// What to be wary of in a fit.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CoxWarning {
    /// A covariate that is constant or determined by earlier ones: no coefficient, the others fitted without it.
    #[error("covariate {} is constant or determined by the covariates before it; it was left out", .covariate + 1)]
    NotEstimable {
        /// Its index.
        covariate: usize,
    },
    /// The likelihood keeps rising as this coefficient grows: events are separated by the covariate.
    #[error(
        "the coefficient of covariate {} may be infinite: it separates those with the event from those without; \
         its estimate, standard error and interval mean nothing",
        .covariate + 1
    )]
    InfiniteCoefficient {
        /// Its index.
        covariate: usize,
    },
    /// The iteration was given up.
    #[error("the estimates did not converge within {iterations} iterations")]
    DidNotConverge {
        /// Steps made.
        iterations: u32,
    },
}
