//! Tables of a comparison, as text: what is shown, copied and downloaded.

use model::results::{CoxCoefficient, CoxReport, FollowUp, GroupCurve, PhTest, Rmst, SurvivalReport};

use super::words;
use crate::components::{Column, TableData};
use crate::figures::kaplan_meier::count;
use crate::figures::love_plot::{BalanceView, term};
use crate::figures::scale::{TimeAxis, plain_number, units_in_a_year};
use crate::format::{capital, decimals, fixed, number, p_value, with_interval};

/// A ratio with its limits, all with equal decimals; what lies beyond 1,000 is no number that anybody can use.
#[must_use]
pub fn ratio(estimate: f64, lower: f64, upper: f64) -> String {
    let decimals = decimals(estimate, lower, estimate);
    let part = |x: f64| if x >= 1000.0 { "> 1,000".to_owned() } else { fixed(x, decimals) };
    format!("{} ({} to {})", part(estimate), part(lower), part(upper))
}

fn rounded(x: f64) -> String {
    number((x * 100.0).round() / 100.0)
}

/// Follow-up of both arms in plain numbers, with events and their rate at a level of confidence. At the design stage no
/// outcome is shown.
#[must_use]
pub fn follow_up(rows: &[FollowUp], unit: &str, with_events: Option<f64>) -> TableData {
    let mut columns = vec![
        Column::text("Arm"),
        Column::number("Subjects"),
        Column::number(format!("Time at risk, {unit}")),
        Column::number(format!("Median follow-up, {unit}")),
    ];
    let mut caption = "Follow-up (median by reverse Kaplan-Meier)".to_owned();
    if let Some(level) = with_events {
        columns.push(Column::number("Events"));
        columns.push(Column::number(format!("Events per 100 person-years ({}% CI)", plain_number(level * 100.0))));
        caption = "Follow-up (median by reverse Kaplan-Meier; exact Poisson intervals of the rates)".to_owned();
    }
    TableData {
        caption,
        columns,
        rows: rows
            .iter()
            .map(|row| {
                let known = |x: Option<f64>| x.map_or_else(|| "not estimable".to_owned(), rounded);
                let mut cells = vec![
                    row.arm.clone(),
                    count(row.n as f64),
                    count(row.time_at_risk.round()),
                    known(row.median_follow_up),
                ];
                if with_events.is_some() {
                    cells.push(count(row.n_events as f64));
                    cells.push(rate(row));
                }
                cells
            })
            .collect(),
    }
}

/// Events per 100 person-years with their interval.
fn rate(row: &FollowUp) -> String {
    match (row.rate_per_100_years, row.rate_lower, row.rate_upper) {
        (Some(rate), Some(lower), Some(upper)) => with_interval(rate, lower, upper),
        // Of a result that was kept before rates had intervals.
        (Some(rate), ..) => rounded(rate),
        (None, ..) => "not estimable".to_owned(),
    }
}

/// Balance as a table: the same rows as the love plot.
#[must_use]
pub fn balance(view: &BalanceView, target: &str, comparator: &str) -> TableData {
    let mut columns = vec![
        Column::text("Covariate"),
        Column::number(format!("{target}, mean or share")),
        Column::number(format!("{comparator}, mean or share")),
        Column::text("Missing (target / comparator)"),
        Column::number("SMD before"),
    ];
    if view.has_after {
        columns.push(Column::number("SMD after weighting"));
    }
    columns.push(Column::text("Balance"));
    let rows = view.rows.iter().map(|row| {
        let text = |mark: &Option<crate::figures::love_plot::Mark>| {
            mark.as_ref().map_or_else(|| "not defined".to_owned(), |mark| mark.text.clone())
        };
        let mut cells = vec![
            row.covariate.clone(),
            row.target.clone(),
            row.comparator.clone(),
            if row.missing.is_empty() { "none".to_owned() } else { row.missing.clone() },
            text(&row.before),
        ];
        if view.has_after {
            cells.push(text(&row.after));
        }
        let last = if view.has_after { &row.after } else { &row.before };
        cells.push(match last {
            Some(mark) if mark.unbalanced => "unbalanced".to_owned(),
            Some(_) => "balanced".to_owned(),
            None => "not defined".to_owned(),
        });
        cells
    });
    TableData { caption: "Balance of the covariates".to_owned(), columns, rows: rows.collect() }
}

/// A time as a person would say it, with the data's own number beside it: `1 year (365 days)`; the latter alone where it
/// is no whole number of years.
fn time_words(time: f64, unit: &str) -> String {
    let own = format!("{} {unit}", words::plain_time(time));
    let a_year = units_in_a_year(TimeAxis::new(unit, 0.0).unit);
    let years = (time / a_year).round();
    // A year is written in whole days and weeks: 365 of 365.25.
    let short_of = years * a_year - time;
    let is_whole = short_of.abs() < 1e-6 || (time.fract() == 0.0 && (0.0..1.0).contains(&short_of));
    if unit == "years" || years < 1.0 || !is_whole {
        return own;
    }
    format!("{years} year{} ({own})", if years > 1.0 { "s" } else { "" })
}

/// A restricted mean with its 95% interval, which no time below 0 or beyond the restriction can be part of.
fn restricted_mean(rmst: &Rmst) -> String {
    let half = 1.96 * rmst.std_err;
    let (lower, upper) = ((rmst.value - half).max(0.0), (rmst.value + half).min(rmst.tau.max(rmst.value)));
    with_interval(rmst.value, lower, upper)
}

/// Below this number at risk the end of a curve says little.
const FEW_AT_RISK: f64 = 10.0;

/// How many are at risk at a time; unknown where the curve is empty.
fn at_risk(group: &GroupCurve, time: f64) -> Option<f64> {
    let last = group.curve.last()?;
    let next = group.curve.iter().find(|point| point.time >= time);
    Some(next.map_or(last.n_at_risk - last.n_events - last.n_censored, |point| point.n_at_risk).max(0.0))
}

/// Restricted means whose end rests on few.
#[must_use]
pub fn few_at_the_end(report: &SurvivalReport, unit: &str) -> Vec<String> {
    let few = |group: &GroupCurve| {
        let tau = group.rmst?.tau;
        let n = at_risk(group, tau).filter(|n| *n < FEW_AT_RISK)?;
        Some(format!(
            "The restricted mean of \u{201c}{}\u{201d} goes up to {}, where only {} {} still at risk (under observation \
             without the outcome): its last part is uncertain.",
            group.name,
            time_words(tau, unit),
            rounded(n),
            if n == 1.0 { "person is" } else { "persons are" }
        ))
    };
    report.groups.iter().filter_map(few).collect()
}

/// Medians and restricted means.
#[must_use]
pub fn medians(report: &SurvivalReport, unit: &str) -> TableData {
    // One restriction for all arms is said once; the table stays narrow enough for its frame.
    let mut taus = report.groups.iter().filter_map(|group| group.rmst.map(|rmst| rmst.tau));
    let shared = taus.next().filter(|first| taus.all(|tau| tau == *first));
    let restriction =
        shared.map_or_else(String::new, |tau| format!("; the restricted mean counts up to {}", time_words(tau, unit)));
    let mean = |rmst: &Rmst| match shared {
        Some(_) => restricted_mean(rmst),
        None => format!("{} up to {}", restricted_mean(rmst), time_words(rmst.tau, unit)),
    };
    TableData {
        caption: format!("Median and restricted mean survival, in {unit}, with intervals{restriction}"),
        columns: vec![
            Column::text("Arm"),
            Column::number("Subjects"),
            Column::number("Events"),
            Column::number("Median"),
            Column::number("Restricted mean (95% interval)"),
            Column::number("Its standard error"),
        ],
        rows: report
            .groups
            .iter()
            .map(|group| {
                let of_mean = |words: &dyn Fn(&Rmst) -> String| {
                    group.rmst.as_ref().map_or_else(|| "not estimable".to_owned(), words)
                };
                vec![
                    group.name.clone(),
                    count(group.n as f64),
                    count(group.n_events),
                    words::median(group, unit),
                    of_mean(&mean),
                    of_mean(&|rmst: &Rmst| rounded(rmst.std_err)),
                ]
            })
            .collect(),
    }
}

/// Survival at the chosen times, an arm a column.
#[must_use]
pub fn horizons(report: &SurvivalReport, unit: &str) -> Option<TableData> {
    let first = report.groups.first()?;
    if first.at.is_empty() {
        return None;
    }
    let mut columns = vec![Column::text("Time")];
    for group in &report.groups {
        columns.push(Column::number(format!("{}: survival", group.name)));
        columns.push(Column::number(format!("{}: at risk", group.name)));
    }
    let rows = first.at.iter().enumerate().map(|(place, at)| {
        let mut cells = vec![time_words(at.time, unit)];
        for group in &report.groups {
            let at = group.at.get(place);
            cells.push(at.map_or_else(|| "beyond follow-up".to_owned(), words::survival));
            cells.push(at.and_then(|at| at.n_at_risk).map_or_else(|| "none".to_owned(), count));
        }
        cells
    });
    Some(TableData { caption: "Survival at chosen times, with intervals".to_owned(), columns, rows: rows.collect() })
}

/// Coefficients of the adjusted model.
#[must_use]
pub fn coefficients(cox: &CoxReport, level: f64) -> TableData {
    let interval = format!("Hazard ratio ({}% CI)", plain_number(level * 100.0));
    TableData {
        caption: format!(
            "Cox regression ({} ties), {} subjects, {} events; a ratio is for one unit of a number, or against the level named",
            capital(&cox.ties),
            count(cox.n as f64),
            count(cox.n_events as f64)
        ),
        columns: vec![
            Column::text("Term"),
            Column::number(interval),
            Column::number("Log hazard ratio"),
            Column::number("Standard error"),
            Column::number("p"),
        ],
        rows: cox
            .coefficients
            .iter()
            .map(|row| {
                let missing = || "not estimable".to_owned();
                vec![
                    against(row),
                    match (row.hazard_ratio, row.lower, row.upper) {
                        (Some(hr), Some(lower), Some(upper)) => ratio(hr, lower, upper),
                        _ => missing(),
                    },
                    row.coef.map_or_else(missing, crate::format::significant),
                    row.robust_std_err.or(row.std_err).map_or_else(missing, crate::format::significant),
                    row.p.map_or_else(missing, p_value),
                ]
            })
            .collect(),
    }
}

/// A term with the level that it is compared with: `grade: 3, against 1`.
fn against(row: &CoxCoefficient) -> String {
    match &row.reference {
        Some(reference) => format!("{}, against {reference}", term(&row.term)),
        None => term(&row.term),
    }
}

/// The test of proportional hazards.
#[must_use]
pub fn proportional_hazards(tests: &[PhTest]) -> TableData {
    TableData {
        caption: "Test of proportional hazards (scaled Schoenfeld residuals against time)".to_owned(),
        columns: vec![
            Column::text("Term"),
            Column::number("Chi-squared"),
            Column::number("Degrees of freedom"),
            Column::number("p"),
        ],
        rows: tests
            .iter()
            .map(|test| {
                let name = if test.term == "GLOBAL" { "All terms together".to_owned() } else { term(&test.term) };
                vec![name, rounded(test.chi2), test.df.to_string(), p_value(test.p)]
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests;
