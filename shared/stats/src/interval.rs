//! A confidence level that was checked, and an interval: what most estimators of this crate share.

use crate::special::{normal_two_sided, t_two_sided};

/// Why a confidence level was refused.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("a confidence level lies between 0 and 1, like 0.95, and this one is {level}: choose one in between")]
pub struct LevelError {
    /// The level that was asked for.
    pub level: f64,
}

/// A confidence level strictly between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct ConfidenceLevel(f64);

impl ConfidenceLevel {
    /// 0.95.
    pub const P95: Self = Self(0.95);

    /// Checks a level.
    ///
    /// # Errors
    /// When it is not strictly between 0 and 1.
    pub fn new(level: f64) -> Result<Self, LevelError> {
        if level > 0.0 && level < 1.0 { Ok(Self(level)) } else { Err(LevelError { level }) }
    }

    /// The level as a number: 0.95.
    pub fn get(self) -> f64 {
        self.0
    }

    /// The probability outside the interval on each side: 0.025.
    pub fn tail(self) -> f64 {
        (1.0 - self.0) / 2.0
    }

    /// The normal distribution's critical value: 1.96.
    pub fn z(self) -> f64 {
        normal_two_sided(self.0)
    }

    /// The critical value of Student's t with `df` degrees of freedom.
    pub fn t(self, df: f64) -> f64 {
        t_two_sided(self.0, df)
    }
}

/// Lower and upper limit of a confidence, prediction or profile interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The lower limit.
    pub lower: f64,
    /// The upper limit.
    pub upper: f64,
}

impl Interval {
    /// `estimate - reach` to `estimate + reach`.
    pub fn around(estimate: f64, reach: f64) -> Self {
        Self { lower: estimate - reach, upper: estimate + reach }
    }

    /// The same interval after a rising transformation of both limits.
    pub fn map(self, f: impl Fn(f64) -> f64) -> Self {
        Self { lower: f(self.lower), upper: f(self.upper) }
    }

    /// Whether the value lies in the interval, its limits included.
    pub fn contains(self, value: f64) -> bool {
        self.lower <= value && value <= self.upper
    }
}
