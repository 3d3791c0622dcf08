//! Kaplan-Meier curves of groups as results: medians, horizons, restricted means, log-rank, thinned for display.

use model::results::{CurvePoint, GroupCurve, LogRank, RiskTableRow, Rmst, SurvivalAt, SurvivalReport};
use model::study::AnalysisSettings;
use stats::survival::{Curve, EventTable, LogRankWeight, SurvivalError, kaplan_meier, log_rank, restricted_mean};
use stats::tick::Tick;

use crate::columns::small;
use crate::error::StudyError;
use crate::rows::Rows;
use crate::settings::curve_settings;

/// Points above which a curve is thinned for display.
const MOST_POINTS: usize = 2000;

/// Curves as computed, no point left out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FullCurves {
    groups: Vec<(String, Curve)>,
}

impl FullCurves {
    /// Names of the groups, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.groups.iter().map(|(name, _)| name.as_str())
    }
}

/// Exact numbers at risk (just before) and cumulative events (up to and including) at any times.
#[must_use]
pub fn risk_table(curves: &FullCurves, times: &[f64]) -> Vec<RiskTableRow> {
    let row = |(name, curve): &(String, Curve)| {
        let table = curve.risk_table(times);
        RiskTableRow {
            group: name.clone(),
            n_at_risk: table.iter().map(|r| r.n_at_risk).collect(),
            n_events: table.iter().map(|r| r.n_events_so_far).collect(),
        }
    };
    curves.groups.iter().map(row).collect()
}

/// Curves, log-rank and everything read off them; `report.cox`, settings and missing counts are the caller's.
pub(crate) fn curves(
    rows: &Rows,
    names: &[String],
    settings: &AnalysisSettings,
    thin: bool,
    tick: &mut Tick<'_>,
) -> Result<(SurvivalReport, FullCurves), StudyError> {
    let mut report = SurvivalReport { n: rows.len() as u64, n_events: rows.n_events(), ..SurvivalReport::default() };
    if rows.len() == 0 {
        report.warnings.push("not estimable: nobody is left to analyse".to_owned());
        return Ok((report, FullCurves::default()));
    }
    let durations = rows.for_curves(small(names.len()));
    let table = EventTable::new(&durations, tick).map_err(refused)?;
    let fits = kaplan_meier(&table, &curve_settings(settings), tick).map_err(refused)?;
    let groups: Vec<(String, Curve)> = names.iter().cloned().zip(fits).collect();
    let last_times = groups.iter().filter_map(|(_, c)| c.times().last().copied());
    let tau = settings.tau.or_else(|| last_times.min_by(f64::total_cmp)).filter(|t| *t > 0.0);
    for (name, curve) in &groups {
        if curve.is_empty() {
            report.warnings.push(format!("not estimable: nobody is in the group '{name}'"));
        }
        report.groups.push(group_curve(name, curve, settings, tau, thin, &mut report.warnings));
    }
    if report.n_events == 0 {
        report.warnings.push("nobody had the event: the curves stay at 1 and nothing can be compared".to_owned());
    }
    if names.len() > 1 {
        report.log_rank = compare(&table, tick, &mut report.warnings)?;
    }
    Ok((report, FullCurves { groups }))
}

pub(crate) fn refused(error: SurvivalError) -> StudyError {
    match error {
        SurvivalError::Cancelled(_) => StudyError::Cancelled,
        error => StudyError::invalid(error.to_string()),
    }
}

fn compare(
    table: &EventTable<'_>,
    tick: &mut Tick<'_>,
    warnings: &mut Vec<String>,
) -> Result<Option<LogRank>, StudyError> {
    match log_rank(table, LogRankWeight::LogRank, tick) {
        Ok(test) => Ok(Some(LogRank { chi2: test.chi2, df: small(test.df), p: test.p })),
        Err(SurvivalError::Cancelled(_)) => Err(StudyError::Cancelled),
        Err(error) => {
            let words = error.to_string();
            let words = words.strip_prefix("not estimable: ").unwrap_or(&words);
            warnings.push(format!("the log-rank test is not estimable: {words}"));
            Ok(None)
        }
    }
}

fn group_curve(
    name: &str,
    curve: &Curve,
    settings: &AnalysisSettings,
    tau: Option<f64>,
    thin: bool,
    warnings: &mut Vec<String>,
) -> GroupCurve {
    let median = curve.median();
    let rmst = tau.filter(|_| !curve.is_empty()).and_then(|tau| restricted_mean(curve, tau).ok());
    if let Some(rmst) = rmst.filter(|r| r.beyond_follow_up) {
        warnings.push(format!(
            "follow-up of the group '{name}' ends before {}: its restricted mean carries the last height on and is too \
             high; choose a smaller restriction time",
            rmst.tau
        ));
    }
    let kept = kept_points(curve, settings, thin);
    GroupCurve {
        name: name.to_owned(),
        n: curve.table().n_rows() as u64,
        n_events: curve.table().n_events(),
        median: median.time.reached(),
        median_lower: median.lower.reached(),
        median_upper: median.upper.reached(),
        rmst: rmst.map(|r| Rmst { tau: r.tau, value: r.value, std_err: r.std_err }),
        at: settings.horizons.iter().map(|&time| at(curve, time)).collect(),
        thinned: kept.len() < curve.len(),
        curve: kept.into_iter().map(|i| point(curve, i)).collect(),
    }
}

fn point(curve: &Curve, i: usize) -> CurvePoint {
    let p = curve.point(i);
    CurvePoint {
        time: p.time,
        n_at_risk: p.n_at_risk,
        n_events: p.n_events,
        n_censored: p.n_censored,
        survival: p.survival,
        std_err: p.std_err,
        lower: p.lower,
        upper: p.upper,
    }
}

/// Survival at a chosen time; absent beyond the last observed time unless the curve had reached 0.
pub(crate) fn at(curve: &Curve, time: f64) -> SurvivalAt {
    let at = curve.at(time);
    let known = !curve.is_empty() && (!at.beyond_follow_up || at.survival == 0.0);
    SurvivalAt {
        time,
        n_at_risk: (!curve.is_empty() && !at.beyond_follow_up).then_some(at.n_at_risk),
        survival: known.then_some(at.survival),
        lower: at.lower.filter(|_| known),
        upper: at.upper.filter(|_| known),
    }
}

/// Steps to show: all, or evenly spread ones with the first, the last and the step in force at each horizon.
fn kept_points(curve: &Curve, settings: &AnalysisSettings, thin: bool) -> Vec<usize> {
    let n = curve.len();
    if !thin || n <= MOST_POINTS {
        return (0..n).collect();
    }
    let spread = MOST_POINTS - settings.horizons.len().min(MOST_POINTS / 2);
    let mut kept: Vec<usize> = (0..spread).map(|i| i * (n - 1) / (spread - 1)).collect();
    let in_force = |&time: &f64| curve.times().partition_point(|&t| t <= time).checked_sub(1);
    kept.extend(settings.horizons.iter().take(MOST_POINTS / 2).filter_map(in_force));
    kept.sort_unstable();
    kept.dedup();
    kept
}
