//! Kaplan-Meier by group, log-rank and Cox regression on columns of a flat file (`rounds survival`).

use cohort::{Cohort, Source, Subject, covariates};
use model::covariate::Covariate;
use model::results::{Setting, SurvivalReport};
use model::study::AnalysisSettings;

use crate::columns::{Codes, codes, events, numbers, small};
use crate::competing::{self, Causes};
use crate::cox::{self, Depth};
use crate::curves::{FullCurves, curves};
use crate::error::StudyError;
use crate::rows::Rows;
use crate::settings::{check, printed, setting, stats_tick};
use crate::terms::{MAX_LEVELS, Terms};

/// What is asked of a flat file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SurvivalQuery {
    /// Column of the duration.
    pub time: String,
    /// Column of the event (1: observed, 0: censored).
    pub event: String,
    /// Column of the entry time (late entry).
    pub entry: Option<String>,
    /// Column of the groups: a curve each.
    pub group: Option<String>,
    /// Columns of the Cox regression; empty: the group, as categories.
    pub covariates: Vec<String>,
    /// Column of the strata of log-rank and Cox.
    pub strata: Option<String>,
    /// Column of the case weights.
    pub weights: Option<String>,
    /// Column of the clusters: robust standard errors in the Cox regression.
    pub cluster: Option<String>,
    /// The event column holds causes 0 (censored), 1, 2 ...: cumulative incidence and Gray's test as well, everything
    /// else of the event of any cause.
    pub causes: bool,
    /// Ties, intervals, level, horizons, tau.
    pub settings: AnalysisSettings,
    /// Leave points of long curves out (for display).
    pub thin: bool,
    /// How much is computed.
    pub depth: Depth,
}

/// Curves by group, log-rank test and Cox regression of the columns asked for.
///
/// Curves and log-rank use the rows complete in time, event, entry, group, strata and weights; the Cox regression of
/// these the rows complete in its terms and the cluster too, and a warning counts what it leaves out beyond. Categories
/// are coded against their first level, in the order stored; numbers are taken as they are.
///
/// # Errors
/// [`StudyError::Invalid`] with every column that does not fit; [`StudyError::Cancelled`].
///
/// # Agrees with
/// R survival 3.5-3 `survfit`, `survdiff`, `coxph`, `cox.zph` (tests `reference.rs`).
pub fn survival(
    source: &Source<'_>,
    query: &SurvivalQuery,
    tick: &mut cohort::Tick<'_>,
) -> Result<SurvivalReport, StudyError> {
    Ok(survival_and_curves(source, query, tick)?.0)
}

/// As [`survival`], with the whole curves beside the report: numbers at risk at any time are read from them.
///
/// # Errors
/// As [`survival`].
pub fn survival_and_curves(
    source: &Source<'_>,
    query: &SurvivalQuery,
    tick: &mut cohort::Tick<'_>,
) -> Result<(SurvivalReport, FullCurves), StudyError> {
    let table = Columns::read(source, query)?;
    let mut tick = stats_tick(tick);
    let wanted = if query.depth == Depth::Curves { None } else { cox_terms(source, query, &table)? };
    let Columns { rows, groups, complete, causes, .. } = table;
    let rows = rows.into_kept(&complete);
    let (mut report, full) = curves(&rows, &groups, &query.settings, query.thin, &mut tick)?;
    if let Some(causes) = causes {
        competing::add(&mut report, &rows, &groups, &causes.into_kept(&complete), &mut tick)?;
    }
    report.n_missing_dropped = complete.iter().filter(|c| !**c).count() as u64;
    if let (Some(name), [only]) = (&query.group, groups.as_slice()) {
        report
            .warnings
            .push(format!("'{name}' is '{only}' in every row that is used: there is nothing to compare it with"));
    }
    report.settings = printed(&query.settings, None);
    report.settings.extend(columns_used(query));
    if let Some(terms) = wanted {
        let terms = terms.into_kept(&complete);
        let left_out = terms.complete.iter().filter(|c| !**c).count();
        match cox::fit_to(query.depth, &rows, &terms, &query.settings, &mut tick)? {
            Ok(cox) => report.cox = Some(cox),
            Err(words) => report.warnings.push(format!("the Cox regression is not estimable: {words}")),
        }
        if left_out > 0 {
            report.warnings.push(format!(
                "the Cox regression leaves out {left_out} more rows that lack a value of one of its terms"
            ));
        }
    }
    Ok((report, full))
}

/// Groups by strata that are tabulated at once: pairs of 500,000 matched sets.
const MAX_CELLS: usize = 1_000_000;

/// The columns asked for, row by row, and which rows have what curves need.
struct Columns {
    rows: Rows,
    groups: Vec<String>,
    complete: Vec<bool>,
    cluster_valid: Option<Vec<bool>>,
    causes: Option<Causes>,
    group: Option<Codes>,
}

impl Columns {
    fn read(source: &Source<'_>, query: &SurvivalQuery) -> Result<Self, StudyError> {
        let mut problems = check(&query.settings);
        let mut keep = |found: Result<_, String>| found.map_err(|problem| problems.push(problem)).ok();
        let time = keep(numbers(source, &query.time, "duration"));
        let entry = query.entry.as_ref().and_then(|name| keep(numbers(source, name, "entry time")));
        let weight = query.weights.as_ref().and_then(|name| keep(numbers(source, name, "weight")));
        let mut keep = |found: Result<_, String>| found.map_err(|problem| problems.push(problem)).ok();
        let group = query.group.as_ref().and_then(|name| keep(codes(source, name, "group")));
        let strata = query.strata.as_ref().and_then(|name| keep(codes(source, name, "strata")));
        let cluster = query.cluster.as_ref().and_then(|name| keep(codes(source, name, "cluster")));
        if let (Some(name), Some(group)) = (&query.group, group.as_ref().filter(|g| g.names.len() > MAX_LEVELS)) {
            problems.push(format!(
                "'{name}' has {} different values, and at most {MAX_LEVELS} groups are compared: is it an identifier?",
                group.names.len()
            ));
        }
        let cells = |codes: &Option<Codes>| codes.as_ref().map_or(1, |codes| codes.names.len());
        if cells(&group).saturating_mul(cells(&strata)) > MAX_CELLS {
            problems.push(format!(
                "{} groups in {} strata are more than the {MAX_CELLS} that are compared at once: choose coarser strata",
                cells(&group),
                cells(&strata)
            ));
        }
        let mut causes = None;
        let event = if query.causes {
            let unsuited = [("late entry", query.entry.is_some()), ("weights", query.weights.is_some())];
            problems.extend(unsuited.iter().filter(|(_, asked)| *asked).map(|(what, _)| {
                format!("cumulative incidence with {what} is not built yet: leave out the {what} or the causes")
            }));
            let read = Causes::read(source, &query.event).map_err(|problem| problems.push(problem)).ok();
            causes = read;
            causes.as_ref().map(Causes::events)
        } else {
            events(source, &query.event).map_err(|problem| problems.push(problem)).ok()
        };
        let (Some(time), Some((event, event_valid)), true) = (time, event, problems.is_empty()) else {
            return Err(StudyError::Invalid(problems));
        };
        let mut complete = time.valid;
        let valid = [
            Some(&event_valid),
            entry.as_ref().map(|c| &c.valid),
            weight.as_ref().map(|c| &c.valid),
            group.as_ref().map(|c| &c.valid),
            strata.as_ref().map(|c| &c.valid),
        ];
        for valid in valid.into_iter().flatten() {
            complete.iter_mut().zip(valid).for_each(|(slot, v)| *slot &= *v);
        }
        let rows = Rows {
            group: group.as_ref().map_or_else(|| vec![0; time.values.len()], |g| g.codes.clone()),
            time: time.values,
            event,
            entry: entry.map(|c| c.values),
            weight: weight.map(|c| c.values),
            strata: strata.map(|c| c.codes),
            cluster: cluster.as_ref().map(|c| c.codes.clone()),
        };
        let groups = group.as_ref().map_or_else(|| vec!["all".to_owned()], |g| g.names.clone());
        Ok(Self { rows, groups, complete, cluster_valid: cluster.map(|c| c.valid), causes, group })
    }
}

/// The terms of the Cox regression over all rows; none if there is nothing to regress on.
fn cox_terms(source: &Source<'_>, query: &SurvivalQuery, table: &Columns) -> Result<Option<Terms>, StudyError> {
    let mut terms = if !query.covariates.is_empty() {
        let wanted: Vec<Covariate> = query
            .covariates
            .iter()
            .map(|name| Covariate::Variable { name: name.clone(), as_category: false })
            .collect();
        let read =
            covariates(source, &all_rows(table.rows.len()), &wanted, &[]).map_err(StudyError::of("covariates"))?;
        Terms::of(read.columns, table.rows.len())?
    } else if let (Some(group), Some(name)) = (&table.group, &query.group) {
        let mut terms = Terms { complete: group.valid.clone(), ..Terms::default() };
        for (level, text) in group.names.iter().enumerate().skip(1) {
            let is_level = group.codes.iter().map(|c| f64::from(u8::from(*c as usize == level)));
            terms.push(&format!("{name}={text}"), name, group.names.first(), is_level.collect());
        }
        terms
    } else {
        return Ok(None);
    };
    if terms.terms.is_empty() {
        return Ok(None);
    }
    if let Some(valid) = &table.cluster_valid {
        terms.complete.iter_mut().zip(valid).for_each(|(slot, v)| *slot &= *v);
    }
    Ok(Some(terms))
}

/// Every row as a subject.
pub(crate) fn all_rows(n: usize) -> Cohort {
    let subject = |person| Subject { person, start_day: 0, end_day: 0 };
    Cohort { subjects: (0..small(n)).map(subject).collect(), ..Cohort::default() }
}

fn columns_used(query: &SurvivalQuery) -> Vec<Setting> {
    let mut used = vec![setting("duration", &*query.time), setting("event", &*query.event)];
    if query.causes {
        used.push(setting("curves, log-rank and Cox", "of the event of any cause"));
        used.push(setting("cumulative incidence", "Aalen-Johansen, variance by the delta method as in R's cmprsk"));
        used.push(setting("Gray's test", "rho = 0, of each cause by itself"));
    }
    let optional = [
        ("late entry", &query.entry),
        ("groups", &query.group),
        ("strata (log-rank and Cox)", &query.strata),
        ("case weights", &query.weights),
        ("clusters (robust standard errors in Cox)", &query.cluster),
    ];
    used.extend(optional.into_iter().filter_map(|(name, column)| Some(setting(name, column.as_deref()?))));
    let terms = match (&query.covariates[..], &query.group) {
        ([], Some(group)) => format!("{group}, as categories"),
        ([], None) => "none".to_owned(),
        (names, _) => names.join(", "),
    };
    used.push(setting("Cox regression on", terms));
    used.push(setting("missing values", "rows complete in what each part needs; nothing is filled in"));
    used
}
