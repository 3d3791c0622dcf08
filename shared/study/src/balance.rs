//! Balance of covariates between the arms, before and after weighting, by the yardstick of the unadjusted arms.

use cohort::{CovariateColumn, CovariateValues};
use model::results::{Balance, BalanceRow};
use stats::propensity::effective_sample_size;
use stats::smd::{Denominator, GroupMoments, SmdError, group_moments, smd, variance_ratio};

/// |SMD| above which a covariate is called unbalanced.
pub(crate) const THRESHOLD: f64 = 0.1;

/// Weights of the subjects, 0 for those without (a covariate is missing).
pub(crate) struct Weighted<'a> {
    pub(crate) weights: &'a [f64],
}

/// The balance table; rows that separate the arms completely are named in `warnings`.
pub(crate) fn balance(
    columns: &[CovariateColumn],
    treated: &[bool],
    weighted: Option<&Weighted<'_>>,
    warnings: &mut Vec<String>,
) -> Balance {
    let mut balance = Balance { threshold: THRESHOLD, ..Balance::default() };
    for column in columns {
        match &column.values {
            CovariateValues::Number { values, valid } => {
                balance.rows.push(row(&column.name, values, valid, treated, weighted, warnings));
            }
            CovariateValues::Category { codes, valid, levels } => {
                let used = |level: usize| codes.iter().zip(valid).any(|(c, v)| *v && *c as usize == level);
                let used: Vec<usize> = (0..levels.len()).filter(|l| used(*l)).collect();
                // of two levels the second says all
                let skip = usize::from(used.len() == 2);
                for &level in used.iter().skip(skip) {
                    let name = format!("{}={}", column.name, levels[level]);
                    let values: Vec<f64> = codes.iter().map(|c| f64::from(u8::from(*c as usize == level))).collect();
                    balance.rows.push(row(&name, &values, valid, treated, weighted, warnings));
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

fn row(
    name: &str,
    values: &[f64],
    valid: &[bool],
    treated: &[bool],
    weighted: Option<&Weighted<'_>>,
    warnings: &mut Vec<String>,
) -> BalanceRow {
    let arm = |arm: bool| -> Vec<bool> { valid.iter().zip(treated).map(|(v, t)| *v && *t == arm).collect() };
    let (target, comparator) = (arm(true), arm(false));
    let missing = |arm: bool| valid.iter().zip(treated).filter(|(v, t)| !**v && **t == arm).count() as u64;
    let mut row = BalanceRow {
        covariate: name.to_owned(),
        missing_target: missing(true),
        missing_comparator: missing(false),
        ..BalanceRow::default()
    };
    let before = moments(values, &target, &comparator, None);
    row.target = before.0.map(|m| m.mean);
    row.comparator = before.1.map(|m| m.mean);
    let (Some(t), Some(c)) = before else { return row };
    let is_binary = values.iter().zip(valid).all(|(x, v)| !v || *x == 0.0 || *x == 1.0);
    let yardstick = if is_binary { Denominator::of_proportions(t.mean, c.mean) } else { Denominator::pooled(&t, &c) };
    match smd(t.mean, c.mean, yardstick) {
        Ok(difference) => row.smd_before = Some(difference),
        Err(SmdError::NoVariation) => {
            warnings.push(format!("'{name}' separates the arms completely: its difference has no yardstick"));
        }
        Err(_) => {}
    }
    // The variance of a share is settled by the share itself.
    row.variance_ratio_before = variance_ratio(&t, &c).filter(|_| !is_binary);
    if let Some(weighted) = weighted
        && let (Some(t), Some(c)) = moments(values, &target, &comparator, Some(weighted.weights))
    {
        row.smd_after = smd(t.mean, c.mean, yardstick).ok();
        row.variance_ratio_after = variance_ratio(&t, &c).filter(|_| !is_binary);
    }
    row
}

fn moments(
    values: &[f64],
    target: &[bool],
    comparator: &[bool],
    weights: Option<&[f64]>,
) -> (Option<GroupMoments>, Option<GroupMoments>) {
    let of = |rows: &[bool]| group_moments(values, Some(rows), weights).ok();
    (of(target), of(comparator))
}
