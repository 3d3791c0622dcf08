//! Summaries of one column: the numbers of a Table 1 and the bars of its distribution.
//!
//! What it does not do: compare groups (that is [`crate::smd`]) or test anything. Start with [`describe_numeric`].

mod categories;
mod histogram;
mod moments;
mod quantiles;

pub use categories::{CategoricalSummary, CategoryCount, describe_categories};
pub use histogram::{Histogram, histogram, nice_edges};
pub use moments::Moments;
pub use quantiles::{quantile_type7, quantiles_type7, weighted_quantiles};

/// Why a column could not be summarized.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum DescribeError {
    /// Two slices of one column differ in length.
    #[error("{what} has {found} entries and the column {expected} rows: pass one entry a row")]
    LengthMismatch {
        /// Which slice.
        what: &'static str,
        /// Its length.
        found: usize,
        /// The column's length.
        expected: usize,
    },
    /// A weight that is negative or not a number.
    #[error("row {row} has the weight {weight}: weights are finite and not negative")]
    BadWeight {
        /// The row, from 0.
        row: usize,
        /// The weight.
        weight: f64,
    },
    /// A category code beyond the levels.
    #[error("row {row} has category number {code}, and the column has {n_levels} categories: renumber the categories")]
    UnknownCategory {
        /// The row, from 0.
        row: usize,
        /// The code found.
        code: u32,
        /// The number of levels.
        n_levels: usize,
    },
    /// A probability outside 0 to 1.
    #[error("a quantile is asked for a probability between 0 and 1, and this one is {probability}")]
    BadProbability {
        /// The probability.
        probability: f64,
    },
}

/// A numeric column's values, with what is missing and what counts how much.
#[derive(Debug, Clone, Copy)]
pub struct NumericColumn<'a> {
    /// One value a row. A value that is not finite counts as missing.
    pub values: &'a [f64],
    /// Whether each row's value is there; none when all are.
    pub valid: Option<&'a [bool]>,
    /// Frequency weights: 2 says the same as the row twice. None when each row counts once.
    pub weights: Option<&'a [f64]>,
}

impl<'a> NumericColumn<'a> {
    /// A column without missing values and weights.
    pub fn new(values: &'a [f64]) -> Self {
        Self { values, valid: None, weights: None }
    }

    /// Rows with a finite value, as (value, weight).
    fn rows(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        self.values.iter().enumerate().filter_map(|(row, &value)| {
            let there = self.valid.is_none_or(|valid| valid[row]) && value.is_finite();
            there.then(|| (value, self.weights.map_or(1.0, |weights| weights[row])))
        })
    }

    fn check(&self) -> Result<(), DescribeError> {
        let expected = self.values.len();
        check_length("the validity mask", self.valid.map(<[bool]>::len), expected)?;
        check_weights(self.weights, expected)
    }
}

fn check_length(what: &'static str, found: Option<usize>, expected: usize) -> Result<(), DescribeError> {
    match found {
        Some(found) if found != expected => Err(DescribeError::LengthMismatch { what, found, expected }),
        _ => Ok(()),
    }
}

fn check_weights(weights: Option<&[f64]>, expected: usize) -> Result<(), DescribeError> {
    check_length("the list of weights", weights.map(<[f64]>::len), expected)?;
    let bad = weights.unwrap_or_default().iter().position(|w| !w.is_finite() || *w < 0.0);
    match (bad, weights) {
        (Some(row), Some(weights)) => Err(DescribeError::BadWeight { row, weight: weights[row] }),
        _ => Ok(()),
    }
}

/// What a numeric column says. Every number is none where the column does not hold enough values for it.
#[derive(Debug, Clone, PartialEq)]
pub struct NumericSummary {
    /// Rows with a value.
    pub n: usize,
    /// Rows without one.
    pub n_missing: usize,
    /// Sum of the weights of the rows with a value; `n` without weights.
    pub sum_weights: f64,
    /// Arithmetic mean.
    pub mean: Option<f64>,
    /// Standard deviation with denominator n - 1; none below two values.
    pub sd: Option<f64>,
    /// Median.
    pub median: Option<f64>,
    /// First quartile (type 7).
    pub q1: Option<f64>,
    /// Third quartile (type 7).
    pub q3: Option<f64>,
    /// Smallest value.
    pub min: Option<f64>,
    /// Largest value.
    pub max: Option<f64>,
}

/// Mean, standard deviation, quartiles and range of a numeric column.
///
/// mean = sum(w x) / sum(w), sd = sqrt(sum(w (x - mean)^2) / (sum(w) - 1)), quartiles of type 7
///
/// # Data
/// One value a row. Missing rows (mask false, or not finite) are counted and left out. Weights are frequencies: weight 2
/// says the same as the row twice; weight 0 leaves the row out of every number but `n`.
/// # Degenerate input
/// No values: every number is none. One value: no standard deviation. The order of rows does not matter.
/// # Errors
/// Slices of different lengths; a weight that is negative or not finite.
/// # Agrees with
/// R 4.2 `mean`, `sd`, `quantile(type = 7)`; with weights `Hmisc::wtd.var` and `wtd.quantile`'s definitions; 1e-12
/// (`tests/it/against_r_tables.rs`).
/// # Reference
/// R. J. Hyndman and Y. Fan, Am. Stat. 50 (1996); T. F. Chan et al., Am. Stat. 37 (1983).
pub fn describe_numeric(column: &NumericColumn<'_>) -> Result<NumericSummary, DescribeError> {
    column.check()?;
    let mut n = 0;
    let mut moments = Moments::default();
    for (value, weight) in column.rows() {
        n += 1;
        if weight > 0.0 {
            moments.push(value, weight);
        }
    }
    let [q1, median, q3] = quartiles(column)?;
    Ok(NumericSummary {
        n,
        n_missing: column.values.len() - n,
        sum_weights: moments.sum_weights(),
        mean: moments.mean(),
        sd: moments.sd(),
        median,
        q1,
        q3,
        min: moments.min(),
        max: moments.max(),
    })
}

fn quartiles(column: &NumericColumn<'_>) -> Result<[Option<f64>; 3], DescribeError> {
    const PROBABILITIES: [f64; 3] = [0.25, 0.5, 0.75];
    let found = if column.weights.is_some() {
        let mut rows: Vec<(f64, f64)> = column.rows().filter(|(_, w)| *w > 0.0).collect();
        weighted_quantiles(&mut rows, &PROBABILITIES)?
    } else {
        let mut values: Vec<f64> = column.rows().map(|(value, _)| value).collect();
        quantiles_type7(&mut values, &PROBABILITIES)?
    };
    Ok(match found {
        Some(q) => [Some(q[0]), Some(q[1]), Some(q[2])],
        None => [None; 3],
    })
}
