//! What can be wrong with durations, in the words of whoever brought them.

use crate::tick::Cancelled;

/// One kind of problem in the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProblemKind {
    /// Nothing to analyse.
    #[error("there are no rows")]
    NoRows,
    /// More rows than can be numbered.
    #[error("there are more than 2,147,483,647 rows")]
    TooManyRows,
    /// A column is not as long as the durations.
    #[error("the column of {0} is not as long as the column of durations")]
    Length(&'static str),
    /// A duration, entry time, weight or covariate that is not a finite number.
    #[error("{0} must be a finite number; leave rows with a missing value out")]
    NotFinite(&'static str),
    /// A duration below zero.
    #[error("a duration is negative; it must run from time zero to the event or the end of follow-up")]
    NegativeTime,
    /// Entry not before exit.
    #[error("entry is not before the end of follow-up, so the person was never at risk")]
    EntryNotBeforeExit,
    /// A weight below zero.
    #[error("a weight is negative")]
    NegativeWeight,
    /// Every weight is zero.
    #[error("all weights are zero")]
    AllWeightsZero,
    /// A cause above the number of causes.
    #[error("a cause is above the number of causes")]
    UnknownCause,
    /// A group code not below the number of groups.
    #[error("a group code is not below the number of groups")]
    GroupOutOfRange,
}

/// One kind of problem and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong.
    pub kind: ProblemKind,
    /// The rows (from 0) where it is; empty where it concerns a whole column.
    pub rows: Vec<usize>,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.kind)?;
        let Some(first) = self.rows.first() else {
            return Ok(());
        };
        match self.rows.len() {
            1 => write!(f, " (row {})", first + 1),
            n => write!(f, " ({n} rows, the first is row {})", first + 1),
        }
    }
}

/// Why a survival estimate cannot be given.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SurvivalError {
    /// The input is off; every problem is listed.
    #[error("the durations cannot be analysed: {}", list(.0))]
    Invalid(Vec<Problem>),
    /// Stopped by the caller.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// A confidence level that is not strictly between 0 and 1.
    #[error("the confidence level is {0}; it must lie between 0 and 1, for example 0.95")]
    ConfidenceLevel(f64),
    /// A horizon for the restricted mean that is not positive and finite.
    #[error("the horizon of the restricted mean is {0}; it must be a positive number")]
    Horizon(f64),
    /// Comparing needs two groups.
    #[error("a comparison needs at least two groups with subjects; {0} found")]
    TooFewGroups(usize),
    /// Nobody had the event.
    #[error("nobody had the event, so nothing can be compared; check which value of the event column means 'event'")]
    NoEvents,
    /// The test statistic does not exist for these data.
    #[error("not estimable: {0}")]
    NotEstimable(&'static str),
    /// The log-rank test with weights that are not counts.
    #[error(
        "the log-rank test is not defined for weights that are not whole numbers; \
         use the robust test of a weighted Cox model instead"
    )]
    FractionalWeights,
    /// Exponents of the Fleming-Harrington weights that are negative or not finite.
    #[error("the Fleming-Harrington exponents must be finite and not negative")]
    Exponents,
}

pub(crate) fn list(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
