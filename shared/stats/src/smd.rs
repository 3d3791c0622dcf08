//! Standardized mean differences: how far apart two groups are in a covariate, in standard deviations.
//!
//! The denominator is a value of its own: it comes from the unadjusted groups and is passed in again after matching or
//! weighting, so that a covariate's difference before and after is measured by the same yardstick.

use crate::describe::Moments;

/// Why there is no standardized difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SmdError {
    /// One group has no values.
    #[error("one of the groups has no values here, so the groups cannot be compared in it")]
    EmptyGroup,
    /// Neither group varies, and they differ: no yardstick.
    #[error(
        "nobody differs from the others within the groups, but the groups differ: the covariate separates them completely, and no standard deviation measures how far"
    )]
    NoVariation,
    /// Slices of different lengths.
    #[error("the covariate, its validity mask and its weights differ in length: pass one entry a row")]
    LengthMismatch,
    /// Two lists of category shares of different length.
    #[error("the two groups list different categories: give both the same list, with zeros where a group has none")]
    DifferentLevels,
}

/// One group's weight, mean and variance in a covariate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GroupMoments {
    /// Rows with a value and a positive weight.
    pub n: usize,
    /// Sum of weights.
    pub sum_weights: f64,
    /// Weighted mean.
    pub mean: f64,
    /// Variance; none with fewer than two rows. With weights sum(w (x - mean)^2) / (W - sum(w^2) / W), which is the usual
    /// n - 1 where all weights are 1.
    pub variance: Option<f64>,
}

/// A group's moments in a covariate; rows whose value is missing or not finite, or whose weight is 0, are left out.
///
/// # Errors
/// Slices of different lengths; no row left.
pub fn group_moments(
    values: &[f64],
    valid: Option<&[bool]>,
    weights: Option<&[f64]>,
) -> Result<GroupMoments, SmdError> {
    let differs = |length: Option<usize>| length.is_some_and(|length| length != values.len());
    if differs(valid.map(<[bool]>::len)) || differs(weights.map(<[f64]>::len)) {
        return Err(SmdError::LengthMismatch);
    }
    let mut n = 0;
    let mut moments = Moments::default();
    let mut sum_squared_weights = 0.0;
    for (row, &value) in values.iter().enumerate() {
        let weight = weights.map_or(1.0, |weights| weights[row]);
        let there = valid.is_none_or(|valid| valid[row]) && value.is_finite() && weight > 0.0;
        if there {
            n += 1;
            moments.push(value, weight);
            sum_squared_weights += weight * weight;
        }
    }
    let mean = moments.mean().ok_or(SmdError::EmptyGroup)?;
    let sum_weights = moments.sum_weights();
    let freedom = sum_weights - sum_squared_weights / sum_weights;
    Ok(GroupMoments { n, sum_weights, mean, variance: (n > 1 && freedom > 0.0).then(|| moments.squares() / freedom) })
}

/// The yardstick of a standardized difference: a standard deviation of the unadjusted groups.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Denominator(f64);

impl Denominator {
    /// sqrt((var_t + var_c) / 2): the default. A group of one counts as without variance.
    pub fn pooled(target: &GroupMoments, comparator: &GroupMoments) -> Self {
        let (t, c) = (target.variance.unwrap_or(0.0), comparator.variance.unwrap_or(0.0));
        Self(((t + c) / 2.0).sqrt())
    }

    /// The target group's standard deviation, as programs for effects in the treated use it.
    pub fn of_target(target: &GroupMoments) -> Self {
        Self(target.variance.unwrap_or(0.0).sqrt())
    }

    /// Of two proportions: sqrt((p (1 - p) + q (1 - q)) / 2).
    pub fn of_proportions(target: f64, comparator: f64) -> Self {
        let spread = target * (1.0 - target) + comparator * (1.0 - comparator);
        Self((spread / 2.0).max(0.0).sqrt())
    }

    /// The standard deviation itself.
    pub fn get(self) -> f64 {
        self.0
    }
}

/// Standardized mean difference of a numeric or yes/no covariate.
///
/// SMD = (mean_target - mean_comparator) / denominator
///
/// # Data
/// Means (proportions for a yes/no covariate), weighted or of matched groups where that is asked; the denominator of the
/// unadjusted groups.
/// # Degenerate input
/// Equal means: 0, even without variation.
/// # Errors
/// Different means and a denominator of 0.
/// # Agrees with
/// R 4.2, formula in `e2e/reference/tables.R`; 1e-12 (`tests/it/against_r_tables.rs`).
/// # Reference
/// P. C. Austin, Stat. Med. 28 (2009).
pub fn smd(target: f64, comparator: f64, denominator: Denominator) -> Result<f64, SmdError> {
    let difference = target - comparator;
    if difference == 0.0 {
        Ok(0.0)
    } else if denominator.0 > 0.0 {
        Ok(difference / denominator.0)
    } else {
        Err(SmdError::NoVariation)
    }
}

/// Ratio of the target's to the comparator's variance; none where either has no variance to compare.
pub fn variance_ratio(target: &GroupMoments, comparator: &GroupMoments) -> Option<f64> {
    match (target.variance, comparator.variance) {
        (Some(t), Some(c)) if c > 0.0 => Some(t / c),
        _ => None,
    }
}

/// Shares of each category in the two unadjusted groups: the yardstick of [`smd_categories`].
#[derive(Debug, Clone, PartialEq)]
pub struct CategoryDenominator {
    target: Vec<f64>,
    comparator: Vec<f64>,
}

impl CategoryDenominator {
    /// From the shares of each category (0 to 1, adding up to 1) in the unadjusted groups.
    ///
    /// # Errors
    /// Lists of different lengths.
    pub fn new(target: &[f64], comparator: &[f64]) -> Result<Self, SmdError> {
        if target.len() != comparator.len() {
            return Err(SmdError::DifferentLevels);
        }
        Ok(Self { target: target.to_vec(), comparator: comparator.to_vec() })
    }

    /// The mean of the two multinomial covariance matrices' entry for levels i and j.
    fn covariance(&self, i: usize, j: usize) -> f64 {
        let (t, c) = (&self.target, &self.comparator);
        if i == j { (t[i] * (1.0 - t[i]) + c[i] * (1.0 - c[i])) / 2.0 } else { -(t[i] * t[j] + c[i] * c[j]) / 2.0 }
    }
}

/// Standardized difference of a covariate with several categories: the Mahalanobis distance of the shares.
///
/// SMD = sqrt((T - C)' S^-1 (T - C)), T and C the shares without one reference category, S the mean of the two groups'
/// multinomial covariance matrices. Never negative; for two categories the size of the yes/no covariate's difference.
///
/// # Data
/// Shares of each category in the (adjusted) groups, and the unadjusted groups' as the yardstick.
/// # Degenerate input
/// Categories that occur in neither unadjusted group are left out; equal shares: 0.
/// # Errors
/// Lists of different lengths; shares that differ in a direction in which the unadjusted groups do not vary.
/// # Agrees with
/// R 4.2, formula in `e2e/reference/tables.R`; 1e-9 (`tests/it/against_r_tables.rs`).
/// # Reference
/// D. Yang and J. E. Dalton, SAS Global Forum 2012, paper 335.
pub fn smd_categories(target: &[f64], comparator: &[f64], denominator: &CategoryDenominator) -> Result<f64, SmdError> {
    let n = denominator.target.len();
    if target.len() != n || comparator.len() != n {
        return Err(SmdError::DifferentLevels);
    }
    // The most frequent level is the reference: the matrix of the others is then best to invert.
    let weight = |i: usize| denominator.target[i] + denominator.comparator[i];
    let mut levels: Vec<usize> = (0..n).filter(|&i| weight(i) > 0.0).collect();
    levels.sort_by(|&i, &j| weight(j).total_cmp(&weight(i)).then(i.cmp(&j)));
    let levels = levels.get(1..).unwrap_or_default();
    let mut matrix: Vec<Vec<f64>> =
        levels.iter().map(|&i| levels.iter().map(|&j| denominator.covariance(i, j)).collect()).collect();
    let mut difference: Vec<f64> = levels.iter().map(|&i| target[i] - comparator[i]).collect();
    let squared = quadratic_form(&mut matrix, &mut difference)?;
    Ok(squared.max(0.0).sqrt())
}

/// d' S^-1 d by symmetric elimination; a direction without variance is skipped where d does not move in it.
fn quadratic_form(matrix: &mut [Vec<f64>], d: &mut [f64]) -> Result<f64, SmdError> {
    let n = d.len();
    let scale: Vec<f64> = (0..n).map(|i| matrix[i][i]).collect();
    let mut sum = 0.0;
    for i in 0..n {
        let pivot = matrix[i][i];
        if pivot <= scale[i] * 1e-12 {
            if d[i].abs() > 1e-9 {
                return Err(SmdError::NoVariation);
            }
            continue;
        }
        sum += d[i] * d[i] / pivot;
        let moved = d[i];
        let (done, rest) = matrix.split_at_mut(i + 1);
        for (j, row) in (i + 1..n).zip(rest) {
            let factor = done[i][j] / pivot;
            d[j] -= factor * moved;
            for (target, value) in row.iter_mut().zip(&done[i]) {
                *target -= factor * value;
            }
        }
    }
    Ok(sum)
}
