//! Gray's test: does the cumulative incidence of a cause differ between groups?

use super::competing::{CompetingRisks, Happening, Happenings, for_ties};
use super::error::SurvivalError;
use crate::linalg::{ALIAS_TOLERANCE, Ldl, Matrix};
use crate::special::chi2_sf;
use crate::tick::{Tick, ask};

/// Gray's test of one cause.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GrayTest {
    /// The cause, from 1.
    pub cause: u32,
    /// The test statistic.
    pub chi2: f64,
    /// Groups with rows, less one.
    pub df: usize,
    /// Its p-value.
    pub p: f64,
}

/// Gray's K-sample test of the subdistribution hazard of one cause, optionally stratified.
///
/// Those who had another event stay in the risk set, with the weight of not yet being censored: R(t) = n(t) (1 - F(t-))
/// / S(t-) in each group, F being the cumulative incidence of the cause and S the Kaplan-Meier curve of all causes. At
/// each time the d events of the cause are expected in proportion to R; the differences, summed over times, are
/// compared with their covariance under one common subdistribution hazard (weight rho = 0).
///
/// # Data
/// As [`super::cumulative_incidence`]; strata are compared within.
///
/// # Degenerate input
/// One group only, a cause that nobody had, groups that cannot be told apart: typed errors.
///
/// # Errors
/// [`SurvivalError::TooFewGroups`], [`SurvivalError::NoEvents`], [`SurvivalError::NotEstimable`],
/// [`SurvivalError::Invalid`], [`SurvivalError::Cancelled`].
///
/// # Agrees with
/// R 4.2 cmprsk 2.2-11 `cuminc(ftime, fstatus, group, strata)$Tests` to 1e-8 relative; `against_r_competing.rs`, test
/// `grays_test_agrees_with_cuminc`.
///
/// # Reference
/// Gray RJ. A class of K-sample tests for comparing the cumulative incidence of a competing risk. Ann Stat
/// 1988;16:1141.
pub fn gray_test(data: &CompetingRisks<'_>, cause: u32, tick: &mut Tick<'_>) -> Result<GrayTest, SurvivalError> {
    ask(tick, 0.1)?;
    let strata = data.happenings(false)?;
    let rows = data.rows_by_group();
    let present: Vec<usize> = (0..rows.len()).filter(|&group| rows[group] > 0).collect();
    if present.len() < 2 {
        return Err(SurvivalError::TooFewGroups(present.len()));
    }
    if cause == 0 || !data.cause.contains(&cause) {
        return Err(SurvivalError::NoEvents);
    }
    let mut sums = Sums { score: vec![0.0; rows.len()], variance: Matrix::zeros(rows.len(), rows.len()) };
    for (done, happenings) in strata.iter().enumerate() {
        ask(tick, 0.2 + 0.7 * done as f64 / strata.len() as f64)?;
        sums.add_stratum(happenings, cause, rows.len());
    }
    // one group is redundant: the differences add up to zero
    let tested = &present[..present.len() - 1];
    let ldl = Ldl::factor(&sums.variance.select(tested), ALIAS_TOLERANCE);
    if ldl.rank() < tested.len() {
        return Err(SurvivalError::NotEstimable("the groups cannot be told apart at any time of this cause"));
    }
    let score: Vec<f64> = tested.iter().map(|&group| sums.score[group]).collect();
    let chi2 = ldl.quadratic_form(&score);
    Ok(GrayTest { cause, chi2, df: tested.len(), p: chi2_sf(chi2, tested.len() as f64) })
}

/// A group's state just before a time, and what of the variance is its own.
#[derive(Clone)]
struct Group {
    at_risk: f64,
    /// Kaplan-Meier curve of all causes.
    survival: f64,
    /// Cumulative incidence of the cause.
    incidence: f64,
    /// Variance of what later times owe to its events so far.
    later: f64,
    /// Its covariance with each group's score.
    later_with_score: Vec<f64>,
}

struct Sums {
    score: Vec<f64>,
    variance: Matrix,
}

impl Sums {
    fn add_stratum(&mut self, happenings: &Happenings, cause: u32, n_groups: usize) {
        let start =
            Group { at_risk: 0.0, survival: 1.0, incidence: 0.0, later: 0.0, later_with_score: vec![0.0; n_groups] };
        let mut groups = vec![start; n_groups];
        for here in happenings.iter() {
            groups.iter_mut().enumerate().for_each(|(g, group)| group.at_risk += here.leaving(g));
        }
        // how much each group's score changes with the pooled incidence, summed over times
        let mut drift = Matrix::zeros(n_groups, n_groups);
        let mut pooled = 0.0;
        for here in happenings.iter() {
            if (0..n_groups).any(|g| here.all_events(g) > 0.0) {
                pooled = self.add_time(here, cause, &mut groups, &mut drift, pooled);
            }
            groups.iter_mut().enumerate().for_each(|(g, group)| group.at_risk -= here.leaving(g));
        }
        for i in 0..n_groups {
            for j in 0..n_groups {
                self.variance[(i, j)] += groups
                    .iter()
                    .enumerate()
                    .map(|(k, group)| {
                        drift[(i, k)] * drift[(j, k)] * group.later
                            + drift[(i, k)] * group.later_with_score[j]
                            + drift[(j, k)] * group.later_with_score[i]
                    })
                    .sum::<f64>();
            }
        }
    }

    /// One time; answers the pooled cumulative incidence after it.
    fn add_time(
        &mut self,
        here: Happening<'_>,
        cause: u32,
        groups: &mut [Group],
        drift: &mut Matrix,
        pooled: f64,
    ) -> f64 {
        let n_groups = groups.len();
        let own: Vec<f64> = (0..n_groups).map(|g| here.events(cause, g)).collect();
        let d: f64 = own.iter().sum();
        let present: Vec<usize> = (0..n_groups).filter(|&g| groups[g].at_risk > 0.0).collect();
        // at risk, had nobody had another event or been censored
        let upscaled: Vec<f64> =
            groups.iter().map(|g| if g.at_risk > 0.0 { g.at_risk / g.survival } else { 0.0 }).collect();
        let all: f64 = upscaled.iter().sum();
        let exposed: f64 = groups.iter().zip(&upscaled).map(|(g, n)| n * (1.0 - g.incidence)).sum();
        let after = pooled + d / all;
        let mut slope = Matrix::zeros(n_groups, n_groups);
        for &i in &present {
            self.score[i] += own[i] - d * upscaled[i] * (1.0 - groups[i].incidence) / exposed;
            for &k in &present {
                slope[(i, k)] = if i == k { upscaled[i] } else { 0.0 } - upscaled[i] * upscaled[k] / all;
                drift[(i, k)] += slope[(i, k)] * d / (all * (1.0 - pooled));
            }
        }
        for &k in &present {
            let total = here.all_events(k);
            let group = &mut groups[k];
            let next = group.survival * (group.at_risk - total) / group.at_risk;
            let share = if next > 0.0 { (1.0 - after) / next } else { 0.0 };
            if d > 0.0 {
                let part = for_ties(d, all * group.survival) * group.survival * d / (all * group.at_risk);
                let weights: Vec<f64> = (0..n_groups).map(|i| slope[(i, k)] - (1.0 - share) * drift[(i, k)]).collect();
                add_part(&mut self.variance, group, &weights, 1.0 - share, part);
            }
            let others = total - own[k];
            if others > 0.0 && next > 0.0 {
                let n = group.at_risk;
                let part = for_ties(others, n) * group.survival * group.survival * others / (n * n);
                let weights: Vec<f64> = (0..n_groups).map(|i| share * drift[(i, k)]).collect();
                add_part(&mut self.variance, group, &weights, -share, part);
            }
            group.incidence += group.survival * own[k] / group.at_risk;
            group.survival = next;
        }
        after
    }
}

/// Adds events with variance `part`, on which scores depend by `weights` and later times by `later`.
fn add_part(variance: &mut Matrix, group: &mut Group, weights: &[f64], later: f64, part: f64) {
    group.later += later * later * part;
    for (i, a) in weights.iter().enumerate() {
        group.later_with_score[i] += a * later * part;
        for (sum, b) in variance.row_mut(i).iter_mut().zip(weights) {
            *sum += a * b * part;
        }
    }
}
