//! Table 1.

mod yes_no;

use cohort::{Cohort, CovariateColumn, CovariateValues, Source, covariates};
use model::covariate::Covariate;
use model::results::{Histogram, TableGroup, TableOne, TableVariable, VariableSummary};
use stats::describe::{NumericColumn, describe_categories, describe_numeric, nice_edges};
use stats::smd::{CategoryDenominator, Denominator, SmdError, group_moments, smd, smd_categories};

use crate::defaults::default_covariates;
use crate::error::StudyError;
use crate::settings::setting;

/// Bins aimed at in a histogram.
const BINS: usize = 20;

/// Table 1 of one cohort or of several side by side, with the standardized mean difference of the first two.
///
/// Without `variables` those of [`default_covariates`] are shown. A column of 0 and 1 alone is shown as the category it is,
/// count and percent, like R's `tableone` with `factorVars`: a mean of codes says nothing. Histograms of a number have the
/// same bins in every group.
///
/// # Errors
/// [`StudyError::Cohort`] if a covariate does not fit the dataset.
pub fn summarize(
    source: &Source<'_>,
    cohorts: &[(&str, &Cohort)],
    variables: Option<&[Covariate]>,
) -> Result<TableOne, StudyError> {
    summarize_split(source, cohorts, variables, None)
}

/// [`summarize`] of cohorts that are the levels of the variable `by`: without `variables` it is not shown, since it says in
/// every group what the group's name says.
///
/// # Errors
/// As [`summarize`].
pub fn summarize_split(
    source: &Source<'_>,
    cohorts: &[(&str, &Cohort)],
    variables: Option<&[Covariate]>,
    by: Option<&str>,
) -> Result<TableOne, StudyError> {
    let (mut defaults, sets) = match variables {
        Some(_) => (Vec::new(), Vec::new()),
        None => default_covariates(source, &cohorts.iter().map(|(_, c)| *c).collect::<Vec<_>>()),
    };
    defaults.retain(|covariate| by != Some(covariate.name()) || !matches!(covariate, Covariate::Variable { .. }));
    let wanted = variables.unwrap_or(&defaults);
    let mut table = TableOne {
        groups: cohorts
            .iter()
            .map(|(name, cohort)| TableGroup { name: (*name).to_owned(), n: cohort.n_events() })
            .collect(),
        settings: printed(cohorts.len()),
        ..TableOne::default()
    };
    let mut by_group: Vec<Vec<CovariateColumn>> = Vec::new();
    for (name, cohort) in cohorts {
        if cohort.subjects.is_empty() {
            table.warnings.push(format!("nobody is in '{name}'"));
        }
        if cohort.n_persons() < cohort.n_events() {
            table.warnings.push(format!(
                "'{name}' counts {} entries of {} persons; a person who enters twice counts twice",
                cohort.n_events(),
                cohort.n_persons()
            ));
        }
        let read = covariates(source, cohort, wanted, &sets).map_err(StudyError::of("variables"))?;
        for warning in read.warnings {
            if !table.warnings.contains(&warning) {
                table.warnings.push(warning);
            }
        }
        by_group.push(read.columns);
    }
    let names: Vec<&str> = cohorts.iter().map(|(name, _)| *name).collect();
    for i in 0..wanted.len() {
        if let Some(levels) = wanted.get(i).and_then(|covariate| yes_no::levels(source, covariate)) {
            by_group.iter_mut().filter_map(|c| c.get_mut(i)).for_each(|c| yes_no::as_category(c, &levels));
        }
        let columns: Vec<&CovariateColumn> = by_group.iter().filter_map(|c| c.get(i)).collect();
        let row = variable(&names, &columns, &mut table.warnings)?;
        table.variables.extend(row);
    }
    Ok(table)
}

fn printed(n_groups: usize) -> Vec<model::results::Setting> {
    let mut settings = vec![
        setting("numbers", "mean (standard deviation, n - 1), median, quartiles of type 7"),
        setting("categories", "count and percent of those with a value"),
        setting("p-values", "none, on purpose: they say nothing about balance"),
    ];
    if n_groups > 1 {
        settings.push(setting(
            "standardized mean difference",
            "first two groups, pooled standard deviation of both; categories: Yang and Dalton 2012, never negative",
        ));
    }
    settings
}

fn variable(
    names: &[&str],
    columns: &[&CovariateColumn],
    warnings: &mut Vec<String>,
) -> Result<Option<TableVariable>, StudyError> {
    let Some(first) = columns.first() else { return Ok(None) };
    let mut row = TableVariable {
        name: first.name.clone(),
        label: first.label.clone(),
        unit: first.unit.clone(),
        ..TableVariable::default()
    };
    let difference = match &first.values {
        CovariateValues::Number { .. } => {
            row.kind = "number".to_owned();
            let slices: Vec<(&[f64], &[bool])> = columns.iter().filter_map(|c| as_numbers(c)).collect();
            row.by_group = numbers(names, &slices)?;
            match slices.as_slice() {
                [a, b, ..] => Some(number_smd(*a, *b)),
                _ => None,
            }
        }
        CovariateValues::Category { .. } => {
            row.kind = "category".to_owned();
            row.levels = all_levels(columns);
            row.by_group = categories(names, columns, &row.levels)?;
            match row.by_group.as_slice() {
                [a, b, ..] => Some(category_smd(a, b)),
                _ => None,
            }
        }
    };
    match difference {
        Some(Ok(smd)) => row.smd = Some(smd),
        Some(Err(SmdError::NoVariation)) => {
            warnings
                .push(format!("'{}' separates the two groups completely: its difference has no yardstick", row.name));
        }
        Some(Err(_)) | None => {}
    }
    Ok(Some(row))
}

fn as_numbers(column: &CovariateColumn) -> Option<(&[f64], &[bool])> {
    match &column.values {
        CovariateValues::Number { values, valid } => Some((values, valid)),
        CovariateValues::Category { .. } => None,
    }
}

fn number_smd(a: (&[f64], &[bool]), b: (&[f64], &[bool])) -> Result<f64, SmdError> {
    let a = group_moments(a.0, Some(a.1), None)?;
    let b = group_moments(b.0, Some(b.1), None)?;
    smd(a.mean, b.mean, Denominator::pooled(&a, &b))
}

/// Of Yang and Dalton: never negative; for two levels the size of the difference in the share of either.
fn category_smd(a: &VariableSummary, b: &VariableSummary) -> Result<f64, SmdError> {
    if a.n == 0 || b.n == 0 {
        return Err(SmdError::EmptyGroup);
    }
    #[expect(clippy::cast_precision_loss, reason = "counts of persons are far below 2^53")]
    let shares = |s: &VariableSummary| s.count.iter().map(|c| *c as f64 / s.n as f64).collect::<Vec<f64>>();
    let (a, b) = (shares(a), shares(b));
    smd_categories(&a, &b, &CategoryDenominator::new(&a, &b)?)
}

fn numbers(names: &[&str], columns: &[(&[f64], &[bool])]) -> Result<Vec<VariableSummary>, StudyError> {
    let mut rows = Vec::with_capacity(columns.len());
    for (name, (values, valid)) in names.iter().zip(columns) {
        let column = NumericColumn { valid: Some(valid), ..NumericColumn::new(values) };
        let s = describe_numeric(&column).map_err(|e| StudyError::invalid(e.to_string()))?;
        rows.push(VariableSummary {
            group: (*name).to_owned(),
            n: s.n as u64,
            missing: s.n_missing as u64,
            mean: s.mean,
            sd: s.sd,
            median: s.median,
            q1: s.q1,
            q3: s.q3,
            min: s.min,
            max: s.max,
            ..VariableSummary::default()
        });
    }
    let low = rows.iter().filter_map(|r| r.min).min_by(f64::total_cmp);
    let high = rows.iter().filter_map(|r| r.max).max_by(f64::total_cmp);
    if let (Some(low), Some(high)) = (low, high)
        && let Some(edges) = nice_edges(low, high, BINS)
    {
        for (row, (values, valid)) in rows.iter_mut().zip(columns) {
            let there = values.iter().zip(*valid).filter(|(_, v)| **v).map(|(x, _)| *x);
            row.histogram = Some(counted(&edges, there));
        }
    }
    Ok(rows)
}

/// Values in bins; the last bin holds its upper edge too.
pub(crate) fn counted(edges: &[f64], values: impl Iterator<Item = f64>) -> Histogram {
    let mut counts = vec![0_u64; edges.len().saturating_sub(1)];
    for x in values {
        let bin = edges.partition_point(|e| *e <= x).saturating_sub(1).min(counts.len().saturating_sub(1));
        if let Some(slot) = counts.get_mut(bin) {
            *slot += 1;
        }
    }
    Histogram { edges: edges.to_vec(), counts }
}

/// Levels of every group, in the order they are first met (the groups of one dataset share their levels).
fn all_levels(columns: &[&CovariateColumn]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for column in columns {
        if let CovariateValues::Category { levels, .. } = &column.values {
            for level in levels.iter() {
                if !all.contains(level) {
                    all.push(level.clone());
                }
            }
        }
    }
    all
}

fn categories(
    names: &[&str],
    columns: &[&CovariateColumn],
    all: &[String],
) -> Result<Vec<VariableSummary>, StudyError> {
    let mut rows = Vec::with_capacity(columns.len());
    for (name, column) in names.iter().zip(columns) {
        let CovariateValues::Category { codes, valid, levels } = &column.values else { continue };
        let s = describe_categories(codes, Some(valid), None, levels.len())
            .map_err(|e| StudyError::invalid(e.to_string()))?;
        let found = |level: &String| levels.iter().position(|l| l == level).and_then(|i| s.levels.get(i));
        rows.push(VariableSummary {
            group: (*name).to_owned(),
            n: s.n as u64,
            missing: s.n_missing as u64,
            count: all.iter().map(|l| found(l).map_or(0, |c| c.n as u64)).collect(),
            percent: if s.n == 0 {
                Vec::new()
            } else {
                all.iter().map(|l| found(l).and_then(|c| c.percent).unwrap_or(0.0)).collect()
            },
            ..VariableSummary::default()
        });
    }
    Ok(rows)
}
