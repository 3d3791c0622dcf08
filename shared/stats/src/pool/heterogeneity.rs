//! How much studies differ beyond chance.

use super::tau2::solve_q;
use super::{PoolMethod, PoolSettings, Sample};
use crate::interval::Interval;
use crate::special::{chi2_quantile, chi2_sf, chi2_upper_quantile};

/// Measures of the differences between studies, as metafor defines them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Heterogeneity {
    /// Variance between studies; 0 for the fixed effect.
    pub tau2: f64,
    /// Its Q-profile interval (the same for every method); none for the fixed effect.
    pub tau2_interval: Option<Interval>,
    /// Whether that interval holds no value above 0 and is given as 0 to 0.
    pub tau2_interval_is_empty: bool,
    /// Percentage of the estimates' variance that is due to differences between studies: 100 tau^2 / (tau^2 + v), v the
    /// typical sampling variance; for the fixed effect 100 (Q - df) / Q, not below 0.
    pub i2: f64,
    /// Total over sampling variance: tau^2 / v + 1; for the fixed effect Q / df.
    pub h2: f64,
    /// Cochran's Q.
    pub q: f64,
    /// Degrees of freedom of Q: k - 1.
    pub q_df: f64,
    /// P-value of Q.
    pub q_p: f64,
}

impl Heterogeneity {
    pub(super) fn new(sample: &Sample, tau2: f64, settings: &PoolSettings) -> Self {
        let fit = sample.weighted_mean(0.0);
        let df = sample.k() - 1.0;
        let fixed = settings.method == PoolMethod::Fixed;
        let typical = df / fit.trace_p();
        let (i2, h2) = if fixed {
            let i2 = if fit.q > 0.0 { ((fit.q - df) / fit.q).max(0.0) } else { 0.0 };
            (100.0 * i2, fit.q / df)
        } else {
            (100.0 * tau2 / (tau2 + typical), tau2 / typical + 1.0)
        };
        let profile = (!fixed).then(|| q_profile(sample, settings.level.tail()));
        Self {
            tau2,
            tau2_interval: profile.map(|(interval, _)| interval),
            tau2_interval_is_empty: profile.is_some_and(|(_, empty)| empty),
            i2,
            h2,
            q: fit.q,
            q_df: df,
            q_p: chi2_sf(fit.q, df),
        }
    }
}

/// The values of tau^2 at which Q(tau^2) is not extreme for its chi-squared distribution, and whether there are none.
fn q_profile(sample: &Sample, tail: f64) -> (Interval, bool) {
    let df = sample.k() - 1.0;
    let lower = solve_q(sample, chi2_upper_quantile(tail, df)).unwrap_or(0.0);
    let upper = solve_q(sample, chi2_quantile(tail, df));
    let interval = Interval { lower, upper: upper.unwrap_or(0.0) };
    (interval, upper.is_none())
}
