//! Why a study cannot be run at all; what merely cannot be estimated is said in the result.

use cohort::CohortError;
use stats::tick::Cancelled;

/// Why a study cannot be run.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum StudyError {
    /// A cohort or a covariate cannot be evaluated; `what` says which.
    #[error("{what}: {error}")]
    Cohort {
        /// Which part of the plan.
        what: String,
        /// What is wrong.
        error: CohortError,
    },
    /// The question does not fit the data; every problem is listed.
    #[error("{}", .0.join("; "))]
    Invalid(Vec<String>),
    /// The caller asked to stop.
    #[error("stopped before the end")]
    Cancelled,
}

impl StudyError {
    pub(crate) fn invalid(text: impl Into<String>) -> Self {
        Self::Invalid(vec![text.into()])
    }

    /// A cohort's error, with the part of the plan it belongs to.
    pub(crate) fn of(what: &str) -> impl Fn(CohortError) -> Self {
        let what = what.to_owned();
        move |error| match error {
            CohortError::Cancelled => Self::Cancelled,
            error => Self::Cohort { what: what.clone(), error },
        }
    }
}

impl From<Cancelled> for StudyError {
    fn from(_: Cancelled) -> Self {
        Self::Cancelled
    }
}
