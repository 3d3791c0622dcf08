//! What stands around the curves: numbers at risk under them, their points as a table and as a file.

use model::results::{RiskTableRow, SurvivalReport};

use crate::figures::scale::{TimeAxis, plain_number};
use crate::format::grouped;

/// More rows than this make a table that nobody reads; the file to download holds them all.
const MOST_TABLE_ROWS: usize = 60;

/// Survival as a percentage with one decimal.
#[must_use]
pub fn percent(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}

/// A count that may be a weighted sum: whole where it is whole, else one decimal; thousands separated.
#[must_use]
pub fn count(n: f64) -> String {
    let whole = (n - n.round()).abs() < 1e-6;
    let text = if whole { format!("{:.0}", n.abs().round()) } else { format!("{:.1}", n.abs()) };
    let out = grouped(&text);
    if n < 0.0 && out != "0" { format!("\u{2212}{out}") } else { out }
}

/// Numbers at risk and cumulative events under the axis.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RiskTableView {
    /// Each tick's place in percent of the plot area and its label.
    pub ticks: Vec<(f64, String)>,
    /// Arms: name, at risk, cumulative events.
    pub rows: Vec<(String, Vec<String>, Vec<String>)>,
}

/// Lays the numbers at risk out under the ticks of a visible range.
#[must_use]
pub fn risk_table(rows: &[RiskTableRow], times: &[f64], axis: &TimeAxis, (low, high): (f64, f64)) -> RiskTableView {
    let width = if high > low { high - low } else { 1.0 };
    RiskTableView {
        ticks: times.iter().map(|time| ((time - low) / width * 100.0, axis.label(*time))).collect(),
        rows: rows
            .iter()
            .map(|row| {
                (
                    row.group.clone(),
                    row.n_at_risk.iter().map(|n| count(*n)).collect(),
                    row.n_events.iter().map(|n| count(*n)).collect(),
                )
            })
            .collect(),
    }
}

/// The figure's table: arm, time, at risk, events, censored, survival, interval; thinned evenly where it is long.
#[must_use]
pub fn table(report: &SurvivalReport) -> Vec<[String; 7]> {
    let mut rows = Vec::new();
    for group in &report.groups {
        let stride = group.curve.len().div_ceil(MOST_TABLE_ROWS).max(1);
        let last = group.curve.len().saturating_sub(1);
        for (place, point) in group.curve.iter().enumerate() {
            if !place.is_multiple_of(stride) && place != last {
                continue;
            }
            rows.push([
                group.name.clone(),
                grouped(&plain_number(point.time)),
                count(point.n_at_risk),
                count(point.n_events),
                count(point.n_censored),
                percent(point.survival),
                match (point.lower, point.upper) {
                    (Some(lower), Some(upper)) => {
                        format!("{} to {}", percent(lower), percent(upper))
                    }
                    _ => "none".to_owned(),
                },
            ]);
        }
    }
    rows
}

/// Every point of every curve as CSV, full precision.
#[must_use]
pub fn csv(report: &SurvivalReport) -> String {
    let mut out = "group,time,n_at_risk,n_events,n_censored,survival,std_err,lower,upper\n".to_owned();
    for group in &report.groups {
        for point in &group.curve {
            let optional = |x: Option<f64>| x.map_or_else(String::new, |x| x.to_string());
            out.push_str(&format!(
                "{},{},{},{},{},{},{},{},{}\n",
                csv_cell(&group.name),
                point.time,
                point.n_at_risk,
                point.n_events,
                point.n_censored,
                point.survival,
                optional(point.std_err),
                optional(point.lower),
                optional(point.upper),
            ));
        }
    }
    out
}

/// A cell of a CSV file: quoted where it must be, and never read as a formula by a spreadsheet.
#[must_use]
pub fn csv_cell(text: &str) -> String {
    let guarded = if text.starts_with(['=', '+', '-', '@']) && text.parse::<f64>().is_err() {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if guarded.contains([',', '"', '\n', '\r']) { format!("\"{}\"", guarded.replace('"', "\"\"")) } else { guarded }
}
