//! Balance of covariates between the arms, before and after weighting, by the yardstick of the unadjusted arms.

use cohort::levels::put_in_order;
use cohort::{CovariateColumn, CovariateValues};
use model::results::{Balance, BalanceRow};
use stats::propensity::effective_sample_size;
use stats::smd::{Denominator, GroupMoments, SmdError, group_moments, smd, variance_ratio};

use crate::terms::in_words;

/// |SMD| above which a covariate is called unbalanced.
pub(crate) const THRESHOLD: f64 = 0.1;

/// Weights of the subjects, 0 for those without (a covariate is missing).
pub(crate) struct Weighted<'a> {
    pub(crate) weights: &'a [f64],
}

/// The balance table; rows that separate the arms completely are named in `warnings`.
///
/// Numbers, 0/1 columns among them, are measured by the standard deviation of the sample (n - 1), levels by that of a
/// share, sqrt(p (1 - p)). Table 1 measures a 0/1 column by its share too: the two differ by sqrt(n / (n - 1)).
pub(crate) fn balance(
    columns: &[CovariateColumn],
    treated: &[bool],
    weighted: Option<&Weighted<'_>>,
    warnings: &mut Vec<String>,
) -> Balance {
    let mut balance = Balance { threshold: THRESHOLD, ..Balance::default() };
    let mut add = |line: &Line<'_>| balance.rows.push(line.row(treated, weighted, warnings));
    for column in columns {
        let name = &column.name;
        match &column.values {
            CovariateValues::Number { values, valid } => add(&Line { name, values, valid, is_level: false }),
            CovariateValues::Category { codes, valid, levels } => {
                let used = |level: usize| codes.iter().zip(valid).any(|(c, v)| *v && *c as usize == level);
                let used: Vec<usize> = (0..levels.len()).filter(|l| used(*l)).collect();
                // of two levels the second says all
                let skip = usize::from(used.len() == 2);
                let shown: Vec<(usize, &str)> = used.iter().skip(skip).map(|&l| (l, levels[l].as_str())).collect();
                for (level, _) in put_in_order(shown, |(_, name)| name) {
                    let values: Vec<f64> = codes.iter().map(|c| f64::from(u8::from(*c as usize == level))).collect();
                    let name = format!("{name}={}", levels[level]);
                    add(&Line { name: &name, values: &values, valid, is_level: true });
                }
            }
        }
    }
    if let Some(weighted) = weighted {
        let of = |arm: bool| {
            effective_sample_size(weighted.weights.iter().zip(treated).filter(|(_, t)| **t == arm).map(|(w, _)| *w))
        };
        balance.effective_sample_size = of(true).zip(of(false));
    }
    balance
}

/// What one row of the table is about.
struct Line<'a> {
    name: &'a str,
    values: &'a [f64],
    valid: &'a [bool],
    /// A level's 0 and 1, not a number.
    is_level: bool,
}

impl Line<'_> {
    fn row(&self, treated: &[bool], weighted: Option<&Weighted<'_>>, warnings: &mut Vec<String>) -> BalanceRow {
        let arm = |arm: bool| -> Vec<bool> { self.valid.iter().zip(treated).map(|(v, t)| *v && *t == arm).collect() };
        let missing = |arm: bool| self.valid.iter().zip(treated).filter(|(v, t)| !**v && **t == arm).count() as u64;
        let arms = (arm(true), arm(false));
        let mut row = BalanceRow {
            covariate: self.name.to_owned(),
            missing_target: missing(true),
            missing_comparator: missing(false),
            ..BalanceRow::default()
        };
        let before = self.moments(&arms, None);
        row.target = before.0.map(|m| m.mean);
        row.comparator = before.1.map(|m| m.mean);
        let (Some(t), Some(c)) = before else { return row };
        let yardstick =
            if self.is_level { Denominator::of_proportions(t.mean, c.mean) } else { Denominator::pooled(&t, &c) };
        match smd(t.mean, c.mean, yardstick) {
            Ok(difference) => row.smd_before = Some(difference),
            Err(SmdError::NoVariation) => {
                warnings.push(format!(
                    "'{}' separates the arms completely: its difference has no yardstick",
                    in_words(self.name)
                ));
            }
            Err(_) => {}
        }
        // the variance of a share is settled by the share itself
        row.variance_ratio_before = variance_ratio(&t, &c).filter(|_| !self.is_level);
        if let Some(weighted) = weighted
            && let (Some(t), Some(c)) = self.moments(&arms, Some(weighted.weights))
        {
            row.smd_after = smd(t.mean, c.mean, yardstick).ok();
            row.variance_ratio_after = variance_ratio(&t, &c).filter(|_| !self.is_level);
        }
        row
    }

    fn moments(
        &self,
        arms: &(Vec<bool>, Vec<bool>),
        weights: Option<&[f64]>,
    ) -> (Option<GroupMoments>, Option<GroupMoments>) {
        let of = |rows: &[bool]| group_moments(self.values, Some(rows), weights).ok();
        (of(&arms.0), of(&arms.1))
    }
}
