//! Covariates of subjects: one typed column a covariate, one row a subject.

use std::sync::Arc;

use arrow_array::Array as _;
use columnar::{Column, day};
use model::cohort::{EventQuery, Window};
use model::concept::ConceptSet;
use model::covariate::Covariate;
use model::tables;

use crate::concepts::Concepts;
use crate::error::{CohortError, Problem, Problems};
use crate::evaluate::{Cohort, Subject, window_days};
use crate::names::{counted, hint};
use crate::query::{EventDays, Query};
use crate::source::Source;
use crate::structure::{check_query, check_window};

/// More distinct numbers than this are no categories.
const MOST_LEVELS: usize = 1000;

/// A covariate's values, in the order of the subjects.
#[derive(Clone, Debug, PartialEq)]
pub struct CovariateColumn {
    /// Name shown and used as the model term.
    pub name: String,
    /// Words for people (the name where the header has none).
    pub label: String,
    /// Unit, where the header has one.
    pub unit: Option<String>,
    /// The values.
    pub values: CovariateValues,
}

/// Values of a covariate.
#[derive(Clone, Debug, PartialEq)]
pub enum CovariateValues {
    /// Numbers.
    Number {
        /// A value a subject (0 where missing).
        values: Vec<f64>,
        /// Whether there is a value.
        valid: Vec<bool>,
    },
    /// Levels.
    Category {
        /// A code a subject (0 where missing), below `levels.len()`.
        codes: Vec<u32>,
        /// Whether there is a value.
        valid: Vec<bool>,
        /// The levels as stored.
        levels: Arc<[String]>,
    },
}

impl CovariateValues {
    /// Whether a subject has a value.
    #[must_use]
    pub fn is_valid(&self, row: usize) -> bool {
        let (CovariateValues::Number { valid, .. } | CovariateValues::Category { valid, .. }) = self;
        valid.get(row).copied().unwrap_or(false)
    }

    /// Number of subjects without a value.
    #[must_use]
    pub fn n_missing(&self) -> u64 {
        let (CovariateValues::Number { valid, .. } | CovariateValues::Category { valid, .. }) = self;
        valid.iter().filter(|v| !**v).count() as u64
    }
}

/// Covariates and what must be said of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Covariates {
    /// One column a covariate asked for, in order.
    pub columns: Vec<CovariateColumn>,
    /// What the reader must know.
    pub warnings: Vec<String>,
}

/// Everything that is wrong with covariates on this dataset.
#[must_use]
pub fn check_covariates(source: &Source<'_>, wanted: &[Covariate], sets: &[ConceptSet]) -> Vec<Problem> {
    compile(source, wanted, sets).err().unwrap_or_default()
}

/// Reads covariates of a cohort's subjects.
///
/// Events count only within the observation period that holds the index date, as in inclusion rules. An age needs
/// dates: a flat dataset has its age as a variable.
///
/// # Errors
/// [`CohortError::Invalid`] with every problem, [`CohortError::Dataset`] if tables do not hold together.
pub fn covariates(
    source: &Source<'_>,
    cohort: &Cohort,
    wanted: &[Covariate],
    sets: &[ConceptSet],
) -> Result<Covariates, CohortError> {
    let (plans, mut warnings) = compile(source, wanted, sets).map_err(CohortError::Invalid)?;
    let subjects = Rows::new(&cohort.subjects);
    let mut columns = Vec::with_capacity(wanted.len());
    for (covariate, plan) in wanted.iter().zip(&plans) {
        let name = covariate.name().to_owned();
        let values = plan.read(source, &subjects, &mut warnings)?;
        let header = source.header.filter(|_| matches!(covariate, Covariate::Variable { .. })).and_then(|h| {
            let table = h.tables.iter().find(|t| t.name == tables::VARIABLE)?;
            table.columns.iter().find(|c| c.name == name)
        });
        let label = header.map(|c| c.label.clone()).filter(|l| !l.is_empty()).unwrap_or_else(|| name.clone());
        let unit = match covariate {
            Covariate::AgeAtIndex => Some("years".to_owned()),
            _ => header.and_then(|c| c.unit.clone()),
        };
        columns.push(CovariateColumn { name, label, unit, values });
    }
    Ok(Covariates { columns, warnings })
}

/// How a covariate is read.
enum Plan<'a> {
    Column { column: &'a Column, as_category: bool },
    Age,
    Events { query: Query, window: Window, what: What },
}

#[derive(Clone, Copy)]
enum What {
    Has,
    Count,
    LastValue,
}

fn compile<'a>(
    source: &Source<'a>,
    wanted: &'a [Covariate],
    sets: &'a [ConceptSet],
) -> Result<(Vec<Plan<'a>>, Vec<String>), Vec<Problem>> {
    let mut problems = Problems::default();
    let mut warnings = Vec::new();
    let mut concepts = Concepts::new(*source, sets);
    let mut plans = Vec::with_capacity(wanted.len());
    for (i, covariate) in wanted.iter().enumerate() {
        let path = format!("covariates[{i}]");
        if wanted.iter().take(i).any(|c| c.name() == covariate.name()) {
            problems.add(&path, format!("two covariates are named '{}'; rename one", covariate.name()));
        }
        let mut events = |event: &EventQuery, window: Window, what: What| {
            check_query(event, sets, &format!("{path}.event"), &mut problems);
            check_window(window, &format!("{path}.window"), &mut problems);
            let event_path = format!("{path}.event");
            let query = Query::new(event, &mut concepts, sets, source, &event_path, &mut problems, &mut warnings)?;
            let query = if matches!(what, What::LastValue) { query.with_value() } else { query };
            Some(Plan::Events { query, window, what })
        };
        let plan = match covariate {
            Covariate::Variable { name, as_category } => variable(source, name, *as_category, &path, &mut problems),
            Covariate::AgeAtIndex => age(source, &path, &mut problems),
            Covariate::Sex => sex(source, &path, &mut problems),
            Covariate::HasEvent { event, window, .. } => events(event, *window, What::Has),
            Covariate::EventCount { event, window, .. } => events(event, *window, What::Count),
            Covariate::LastValue { event, window, .. } => events(event, *window, What::LastValue),
        };
        plans.extend(plan);
    }
    let problems = problems.into_vec();
    if problems.is_empty() { Ok((plans, warnings)) } else { Err(problems) }
}

fn variable<'a>(
    source: &Source<'a>,
    name: &str,
    as_category: bool,
    path: &str,
    problems: &mut Problems,
) -> Option<Plan<'a>> {
    let Some(column) = source.variable(name) else {
        let names = source.variables().map(|(name, _)| name);
        problems.add(path, format!("there is no variable '{name}'{}", hint(name, names)));
        return None;
    };
    match column {
        Column::Number(a) if as_category => {
            let mut distinct: Vec<u64> = a.iter().flatten().map(f64::to_bits).collect();
            distinct.sort_unstable();
            distinct.dedup();
            if distinct.len() > MOST_LEVELS {
                let n = distinct.len();
                problems.add(path, format!("'{name}' has {n} different numbers, too many for categories"));
                return None;
            }
        }
        Column::Number(_) | Column::Category(_) => {}
        Column::Day(_) | Column::Index(_) => {
            problems.add(path, format!("'{name}' is a date; dates are shifted and are no covariate"));
            return None;
        }
        Column::Text(_) => {
            problems.add(path, format!("'{name}' is free text and is no covariate"));
            return None;
        }
    }
    Some(Plan::Column { column, as_category })
}

fn age<'a>(source: &Source<'a>, path: &str, problems: &mut Problems) -> Option<Plan<'a>> {
    if !source.is_record() {
        problems.add(path, "this dataset has no dates to tell an age at; use its age variable");
        return None;
    }
    if source.birth_year().is_none() {
        problems.add(path, "this dataset has no year of birth");
        return None;
    }
    Some(Plan::Age)
}

fn sex<'a>(source: &Source<'a>, path: &str, problems: &mut Problems) -> Option<Plan<'a>> {
    match source.data.table(tables::PERSON).and_then(|t| t.column(tables::PERSON_SEX)) {
        Some(column @ Column::Category(_)) => Some(Plan::Column { column, as_category: true }),
        _ => {
            problems.add(path, "this dataset has no recorded sex");
            None
        }
    }
}

impl Plan<'_> {
    fn read(
        &self,
        source: &Source<'_>,
        rows: &Rows<'_>,
        warnings: &mut Vec<String>,
    ) -> Result<CovariateValues, CohortError> {
        match self {
            Plan::Column { column, as_category } => Ok(of_column(column, *as_category, rows)),
            Plan::Age => Ok(numbers(rows.subjects, |s| {
                let births = source.birth_year()?;
                let person = s.person as usize;
                births.is_valid(person).then(|| f64::from(day::year_of(s.start_day)) - births.value(person))
            })),
            Plan::Events { query, window, what } => {
                let events = query.find(source, warnings)?;
                let mut n_unobserved = 0;
                let values = numbers(rows.subjects, |s| {
                    let Some(period) = source.index.period_at(s.person, s.start_day) else {
                        n_unobserved += 1;
                        return None;
                    };
                    let days = window_days(*window, s.start_day, period.start_day, period.end_day);
                    of_events(source, &events, s.person, days, *what)
                });
                if n_unobserved > 0 {
                    let n = counted(n_unobserved, "subject is", "subjects are");
                    warnings.push(format!("{n} not observed on the index date, so event covariates are missing"));
                }
                Ok(values)
            }
        }
    }
}

fn of_events(source: &Source<'_>, events: &EventDays, person: u32, (from, to): (i32, i32), what: What) -> Option<f64> {
    let count = events.count(person, from, to);
    match what {
        What::Has => Some(f64::from(u8::from(count > 0))),
        What::Count => Some(f64::from(count)),
        What::LastValue => {
            let row = events.last_row(person, from, to)? as usize;
            match source.data.table(tables::EVENT)?.column(tables::EVENT_VALUE)? {
                Column::Number(a) if a.is_valid(row) => Some(a.value(row)),
                _ => None,
            }
        }
    }
}

fn numbers(subjects: &[Subject], mut value: impl FnMut(&Subject) -> Option<f64>) -> CovariateValues {
    let mut values = Vec::with_capacity(subjects.len());
    let mut valid = Vec::with_capacity(subjects.len());
    for subject in subjects {
        let found = value(subject);
        values.push(found.unwrap_or(0.0));
        valid.push(found.is_some());
    }
    CovariateValues::Number { values, valid }
}

/// Subjects, and whether they are every person of the dataset once and in order: then columns are copied whole.
struct Rows<'a> {
    subjects: &'a [Subject],
    in_order: bool,
}

impl<'a> Rows<'a> {
    fn new(subjects: &'a [Subject]) -> Self {
        Self { subjects, in_order: subjects.iter().zip(0..).all(|(s, row)| s.person == row) }
    }
}

fn of_column(column: &Column, as_category: bool, rows: &Rows<'_>) -> CovariateValues {
    let subjects = rows.subjects;
    match column {
        Column::Category(c) => {
            let valid: Vec<bool> = subjects.iter().map(|s| c.codes.is_valid(s.person as usize)).collect();
            let codes = subjects.iter().zip(&valid);
            let codes = codes.map(|(s, &v)| if v { c.codes.value(s.person as usize) } else { 0 }).collect();
            CovariateValues::Category { codes, valid, levels: Arc::clone(&c.levels) }
        }
        Column::Number(a) => {
            let value = |s: &Subject| a.is_valid(s.person as usize).then(|| a.value(s.person as usize));
            if as_category {
                as_levels(a, subjects, value)
            } else if rows.in_order && subjects.len() == a.len() && a.null_count() == 0 {
                CovariateValues::Number { values: a.values().to_vec(), valid: vec![true; a.len()] }
            } else {
                numbers(subjects, value)
            }
        }
        Column::Day(_) | Column::Text(_) | Column::Index(_) => numbers(subjects, |_| None),
    }
}

/// Numbers as levels in ascending order, named by their shortest text (`1`, not `1.0`); the levels are those of the whole
/// column, so that two cohorts of one dataset share them.
fn as_levels(
    column: &arrow_array::Float64Array,
    subjects: &[Subject],
    value: impl Fn(&Subject) -> Option<f64>,
) -> CovariateValues {
    let found: Vec<Option<f64>> = subjects.iter().map(|s| value(s).map(|x| x + 0.0)).collect();
    let mut distinct: Vec<f64> = column.iter().flatten().map(|x| x + 0.0).collect();
    distinct.sort_by(f64::total_cmp);
    distinct.dedup();
    let code = |v: &Option<f64>| {
        let place = v.and_then(|x| distinct.binary_search_by(|d| d.total_cmp(&x)).ok());
        place.and_then(|p| u32::try_from(p).ok()).unwrap_or(0)
    };
    CovariateValues::Category {
        codes: found.iter().map(code).collect(),
        valid: found.iter().map(Option::is_some).collect(),
        levels: distinct.iter().map(ToString::to_string).collect(),
    }
}
