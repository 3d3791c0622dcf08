//! Counts and percentages of a column of categories.

use super::{DescribeError, check_length, check_weights};

/// One category's count.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CategoryCount {
    /// Rows in the category.
    pub n: usize,
    /// Their weights' sum; `n` without weights.
    pub sum_weights: f64,
    /// Percentage among the rows with a value (of the weights where there are weights); none where no row has one.
    pub percent: Option<f64>,
}

/// What a column of categories says.
#[derive(Debug, Clone, PartialEq)]
pub struct CategoricalSummary {
    /// Rows with a category.
    pub n: usize,
    /// Rows without one.
    pub n_missing: usize,
    /// One entry a level, in the levels' order, empty levels included.
    pub levels: Vec<CategoryCount>,
}

/// Counts and percentages of each category.
///
/// percent = 100 n_level / n_with_value
///
/// # Data
/// One code a row, from 0 to `n_levels` - 1; a missing row's code is not looked at.
/// # Degenerate input
/// No values: every count is 0 and every percentage none.
/// # Errors
/// Slices of different lengths, a code beyond the levels, a weight that is negative or not finite.
pub fn describe_categories(
    codes: &[u32],
    valid: Option<&[bool]>,
    weights: Option<&[f64]>,
    n_levels: usize,
) -> Result<CategoricalSummary, DescribeError> {
    check_length("the validity mask", valid.map(<[bool]>::len), codes.len())?;
    check_weights(weights, codes.len())?;
    let mut counts = vec![0usize; n_levels];
    let mut sums = vec![0.0; n_levels];
    for (row, &code) in codes.iter().enumerate() {
        if valid.is_some_and(|valid| !valid[row]) {
            continue;
        }
        let level = code as usize;
        if level >= n_levels {
            return Err(DescribeError::UnknownCategory { row, code, n_levels });
        }
        counts[level] += 1;
        sums[level] += weights.map_or(1.0, |weights| weights[row]);
    }
    let n: usize = counts.iter().sum();
    let total: f64 = sums.iter().sum();
    let levels = counts
        .iter()
        .zip(&sums)
        .map(|(&n, &sum_weights)| CategoryCount {
            n,
            sum_weights,
            percent: (total > 0.0).then(|| 100.0 * sum_weights / total),
        })
        .collect();
    Ok(CategoricalSummary { n, n_missing: codes.len() - n, levels })
}
