//! Differences and ratios of risks (or means) between two weighted groups, with robust standard errors.

use crate::interval::{ConfidenceLevel, Interval};

/// Outcomes of two groups with weights, one element a row; rows of weight 0 take no part.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeightedOutcomes<'a> {
    /// The outcome: 0 and 1, or any number (then there is a difference only).
    pub outcome: &'a [f64],
    /// Whether each row is in the target group.
    pub treated: &'a [bool],
    /// Weights, at least 0.
    pub weights: &'a [f64],
    /// Codes of rows that are not independent (matched sets); none: all are.
    pub cluster: Option<&'a [u32]>,
}

/// Why there is no effect.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum EffectError {
    /// Slices of different lengths.
    #[error("outcome, treatment, weights and clusters differ in length: pass one of each a person")]
    LengthMismatch,
    /// A value that is no number, or a negative weight.
    #[error("person {} has no outcome or a weight that is none: leave out persons without an outcome", row + 1)]
    NotFinite {
        /// The row, from 0.
        row: usize,
    },
    /// Nobody with weight in one of the groups.
    #[error("one of the two groups has nobody with an outcome, so there is no effect to estimate")]
    EmptyGroup,
    /// One independent unit only.
    #[error("there are fewer than two independent persons or sets, so nothing is known of the uncertainty")]
    TooFew,
}

/// An estimate with its uncertainty.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effect {
    /// The estimate.
    pub estimate: f64,
    /// Its standard error: of the logarithm for a ratio.
    pub std_err: f64,
    /// Its confidence interval, symmetric on the scale of the standard error.
    pub interval: Interval,
}

/// Effects of the treatment on a weighted outcome.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeightedEffects {
    /// Weighted mean (risk) of the target group.
    pub mean_treated: f64,
    /// Of the comparator.
    pub mean_comparator: f64,
    /// Their difference.
    pub difference: Effect,
    /// Ratio of risks; none where the outcome is not 0 and 1, or a risk is 0.
    pub risk_ratio: Option<Effect>,
    /// Ratio of odds; none where the outcome is not 0 and 1, or a risk is 0 or 1.
    pub odds_ratio: Option<Effect>,
}

/// Weighted means of two groups, compared.
///
/// m = sum(w y) / sum(w) in each group. The variance of any function of both is the sum of squared influences: of row
/// i, w (y - m) / sum(w) in its group, times the function's slope. Weights are taken as known, which for propensity
/// scores overstates the variance a little (understates it for effects in the treated at times).
///
/// # Data
/// Rows of weight 0 are left out. Without clusters the sum is multiplied with n / (n - 1), as in survey designs; with
/// clusters influences are added up within them and the factor is G / (G - 1) times (n - 1) / (n - 2).
///
/// # Degenerate input
/// Where all have the same outcome in both groups the difference is exact: its standard error is 0.
///
/// # Errors
/// [`EffectError`].
///
/// # Agrees with
/// R 4.2 `survey` 4.1-1 `svyglm(y ~ t, weights = w)` (difference, log odds ratio) and `sandwich` 3.0-2 `vcovCL(lm(y ~ t,
/// weights = w), ~ set)` to 1e-8 relative; `against_shared_matching.rs`.
///
/// # Reference
/// Lunceford JK, Davidian M. Stat Med 2004;23:2937. Abadie A, Spiess J. J Am Stat Assoc 2022;117:983 (matched sets).
pub fn weighted_effects(data: &WeightedOutcomes<'_>, level: ConfidenceLevel) -> Result<WeightedEffects, EffectError> {
    check(data)?;
    let (mut sums, mut totals) = ([0.0; 2], [0.0; 2]);
    let group = |row: usize| usize::from(!data.treated[row]);
    let used: Vec<usize> = (0..data.outcome.len()).filter(|&row| data.weights[row] > 0.0).collect();
    for &row in &used {
        sums[group(row)] += data.weights[row] * data.outcome[row];
        totals[group(row)] += data.weights[row];
    }
    if totals.contains(&0.0) {
        return Err(EffectError::EmptyGroup);
    }
    let means = [sums[0] / totals[0], sums[1] / totals[1]];
    let influence = |row: usize| {
        let g = group(row);
        let mut both = [0.0; 2];
        both[g] = data.weights[row] * (data.outcome[row] - means[g]) / totals[g];
        both
    };
    let n = used.len() as f64;
    let (units, factor) = match data.cluster {
        None => (used.iter().map(|&row| influence(row)).collect(), n / (n - 1.0)),
        Some(cluster) => {
            let units = by_cluster(&used, cluster, influence);
            let n_units = units.len() as f64;
            (units, n_units / (n_units - 1.0) * (n - 1.0) / (n - 2.0))
        }
    };
    if units.len() < 2 || !factor.is_finite() {
        return Err(EffectError::TooFew);
    }
    let z = level.z();
    let std_err = |slopes: [f64; 2]| {
        let squares = units.iter().map(|u: &[f64; 2]| (u[0] * slopes[0] + u[1] * slopes[1]).powi(2));
        (factor * squares.sum::<f64>()).sqrt()
    };
    let ratio = |estimate: f64, slopes: [f64; 2]| {
        let std_err = std_err(slopes);
        let spread = (z * std_err).exp();
        Effect { estimate, std_err, interval: Interval { lower: estimate / spread, upper: estimate * spread } }
    };
    let binary = used.iter().all(|&row| data.outcome[row] == 0.0 || data.outcome[row] == 1.0);
    let risks = binary && means.iter().all(|m| *m > 0.0);
    let odds = risks && means.iter().all(|m| *m < 1.0);
    let [t, c] = means;
    let (difference, error) = (t - c, std_err([1.0, -1.0]));
    let interval = Interval { lower: difference - z * error, upper: difference + z * error };
    Ok(WeightedEffects {
        mean_treated: t,
        mean_comparator: c,
        difference: Effect { estimate: difference, std_err: error, interval },
        risk_ratio: risks.then(|| ratio(t / c, [1.0 / t, -1.0 / c])),
        odds_ratio: odds
            .then(|| ratio(t / (1.0 - t) / (c / (1.0 - c)), [1.0 / (t * (1.0 - t)), -1.0 / (c * (1.0 - c))])),
    })
}

fn check(data: &WeightedOutcomes<'_>) -> Result<(), EffectError> {
    let n = data.outcome.len();
    if data.treated.len() != n || data.weights.len() != n || data.cluster.is_some_and(|c| c.len() != n) {
        return Err(EffectError::LengthMismatch);
    }
    let bad = |row: &usize| {
        let weight = data.weights[*row];
        !(weight.is_finite() && weight >= 0.0) || weight > 0.0 && !data.outcome[*row].is_finite()
    };
    match (0..n).find(bad) {
        Some(row) => Err(EffectError::NotFinite { row }),
        None => Ok(()),
    }
}

/// Sums of influences by cluster, in the order of the codes.
fn by_cluster(used: &[usize], cluster: &[u32], influence: impl Fn(usize) -> [f64; 2]) -> Vec<[f64; 2]> {
    let mut rows: Vec<usize> = used.to_vec();
    rows.sort_by_key(|&row| cluster[row]);
    rows.chunk_by(|&a, &b| cluster[a] == cluster[b])
        .map(|rows| {
            rows.iter().fold([0.0; 2], |sum, &row| {
                let own = influence(row);
                [sum[0] + own[0], sum[1] + own[1]]
            })
        })
        .collect()
}
