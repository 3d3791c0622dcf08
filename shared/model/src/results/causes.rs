//! Competing risks.

use serde::{Deserialize, Serialize};

/// The cumulative incidence of one of several causes in one group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CauseCurve {
    /// Group.
    pub group: String,
    /// The cause, as the event column has it.
    pub cause: u32,
    /// The start, a step at every distinct time of the cause, and the end of follow-up.
    pub curve: Vec<CausePoint>,
}

/// A step of a cumulative incidence curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CausePoint {
    /// Time.
    pub time: f64,
    /// Probability of this cause by then.
    pub estimate: f64,
    /// Its variance.
    pub variance: f64,
}

/// Gray's test of one cause.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct GrayTest {
    /// The cause, as the event column has it.
    pub cause: u32,
    /// Chi-squared statistic.
    pub chi2: f64,
    /// Degrees of freedom.
    pub df: u32,
    /// p-value.
    pub p: f64,
}
