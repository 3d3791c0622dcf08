//! The end of the import of a flat file: dates moved, tables made, identifiers accounted for.

use std::collections::BTreeMap;

use columnar::build::CategoryBuilder;
use columnar::{Category, Column, Table};
use model::dataset::{ColumnRole, DatasetShape};
use model::intake::ColumnPlan;
use model::tables;

use super::births::{self, Births};
use super::import::CsvImport;
use super::levels;
use super::names;
use super::sink::Sink;
use crate::IntakeError;
use crate::assemble;
use crate::date;
use crate::pack::{ColumnMeta, Imported, Packer};
use crate::policy::Dates;
use crate::report::counted;
use crate::safe_harbor::{class_words, zip3};
use crate::sex::sex_of;

/// Makes the dataset.
pub(super) fn finish(mut import: CsvImport) -> Result<Imported, IntakeError> {
    let file = import.file.clone();
    let n_rows = import.count.rows_kept;
    let (keys, _, parts) = columns(&mut import, &[]);
    let review = import.context.free.report(&mut import.reporter);
    let metas = parts.metas;
    let mut packer = Packer::new(import.settings.keep_tables, |table: &str, name: &str| {
        if table == tables::VARIABLE { metas.get(name).cloned().unwrap_or_default() } else { person_meta(name) }
    });
    let (sex, birth_years, deaths) = (sex(&parts.variables), parts.birth_years, parts.deaths);
    // The longest first: what they leave is room for the others.
    let variables = Table::new(parts.variables).map_err(|e| IntakeError::Plan(e.to_string()))?;
    packer.table(tables::VARIABLE, variables)?;
    let persons = person_table(keys, sex, birth_years, deaths);
    packer.table(tables::PERSON, persons.map_err(|detail| IntakeError::TooLarge { file, detail })?)?;
    let mut reporter = import.reporter;
    reporter.file(import.count);
    reporter.report.persons = n_rows;
    Ok(assemble::imported(import.settings, (reporter.report, review), packer.finish(), DatasetShape::Flat))
}

/// Keys and date shifts by row (of these none where there are no dates and nobody is named), and the columns. `elsewhere` is the
/// last day that other tables of the import have of the person of each row, where there are any.
pub(super) fn columns(import: &mut CsvImport, elsewhere: &[Option<i32>]) -> (Vec<u64>, Vec<i16>, Parts) {
    let n_rows = usize::try_from(import.count.rows_kept).unwrap_or(usize::MAX);
    let mut sinks = std::mem::take(&mut import.sinks);
    let plans = std::mem::take(&mut import.mapping.columns);
    let (keys, shifts) = persons(import, &mut sinks, n_rows);
    let dates = Dates::new(import.settings.dates);
    let moved = |row: usize, day: i32| dates.moved(day, shifts.get(row).copied().unwrap_or(1));
    let births = Births::new(&mut sinks, &plans, (n_rows, elsewhere), import.settings.this_year, &moved);
    let mut parts = Parts {
        variables: Vec::new(),
        metas: BTreeMap::new(),
        birth_years: None,
        deaths: None,
        dated: Vec::new(),
        births,
    };
    for (place, (sink, plan)) in sinks.into_iter().zip(&plans).enumerate() {
        let name = if plan.name.is_empty() { format!("column_{}", place + 1) } else { plan.name.clone() };
        column(import, &mut parts, sink, (place, name, plan), &moved);
    }
    let read: Vec<&ColumnPlan> = plans.iter().collect();
    if let Some(words) = date::short_years(&import.file, &read, import.settings.this_year) {
        import.reporter.warn(words);
    }
    assemble::say_dates(&mut import.reporter, &import.settings, std::mem::take(&mut parts.dated));
    (keys, shifts, parts)
}

/// What is gathered while the columns are ended.
pub(super) struct Parts {
    pub(super) variables: Vec<(String, Column)>,
    pub(super) metas: BTreeMap<String, ColumnMeta>,
    pub(super) birth_years: Option<Column>,
    /// Days of death, moved.
    deaths: Option<Column>,
    /// Dates moved, by place.
    dated: Vec<(String, u64)>,
    births: Births,
}

/// Keys and date shifts by row.
fn persons(import: &mut CsvImport, sinks: &mut [Sink], n_rows: usize) -> (Vec<u64>, Vec<i16>) {
    let has_dates = sinks.iter().any(|s| matches!(s, Sink::Day { .. }));
    let named = sinks.iter_mut().find_map(|s| match s {
        Sink::Person { keys, shifts, unnamed, .. } => Some((std::mem::take(keys), std::mem::take(shifts), *unnamed)),
        _ => None,
    });
    let Some((keys, shifts, unnamed)) = named else {
        let keyer = &mut import.context.keyer;
        let keys = (0..n_rows as u64).map(|row| keyer.row(row)).collect();
        let shifts = if has_dates { (0..n_rows as u64).map(|row| keyer.row_shift(row)).collect() } else { Vec::new() };
        return (keys, shifts);
    };
    if unnamed > 0 {
        let rows = counted(unnamed, "row has", "rows have");
        import.reporter.warn(format!("{rows} no identifier: each counts as a person of its own."));
    }
    let repeated = n_repeated(&keys);
    if repeated > 0 {
        let distinct = keys.len() as u64 - repeated;
        import.reporter.warn(format!(
            "Rounds takes each row of a flat file as a person of its own, but this file has {} and only {}: somebody stands in \
             several rows. All rows are kept. Where rows are repeated measurements or several end points, filter the file to \
             one row a person first; otherwise intervals come out too narrow.",
            counted(keys.len() as u64, "row", "rows"),
            counted(distinct, "person identifier", "different person identifiers"),
        ));
    }
    (keys, shifts)
}

fn n_repeated(keys: &[u64]) -> u64 {
    let mut sorted = keys.to_vec();
    sorted.sort_unstable();
    sorted.windows(2).filter(|w| w.first() == w.last()).count() as u64
}

/// Ends one column: to the variables, and its identifiers to the report.
fn column(
    import: &mut CsvImport,
    parts: &mut Parts,
    sink: Sink,
    (place, name, plan): (usize, String, &ColumnPlan),
    moved: &dyn Fn(usize, i32) -> i32,
) {
    let class = plan.identifier_class.as_deref();
    let safe_harbor = import.settings.safe_harbor;
    let at = format!("{}: {name}", import.file);
    let reporter = &mut import.reporter;
    let made = match sink {
        Sink::Skip { seen } => {
            if class.is_some() || plan.role == ColumnRole::Identifier {
                let words = class_words(class.unwrap_or("record_number"));
                reporter.identifiers(words, seen, &at, "column dropped");
            }
            return;
        }
        #[cfg(feature = "tables")]
        Sink::Aside { seen, .. } => {
            reporter.identifiers(class_words(class.unwrap_or("record_number")), seen, &at, "column dropped");
            return;
        }
        Sink::Person { seen, .. } => {
            reporter.identifiers(class_words(class.unwrap_or("record_number")), seen, &at, assemble::REKEYED);
            return;
        }
        Sink::Number { column, ages } => {
            if let Some((ages, n)) = ages {
                reporter.identifiers("ages over 89", n, &at, ages.words());
            }
            if safe_harbor && names::is_birth_year(&name) {
                let (years, n_old) = parts.births.numbers(column.finish());
                reporter.identifiers("ages over 89", n_old, &at, "year of birth set as for age 90");
                years
            } else {
                column.finish()
            }
        }
        Sink::Duration { column } | Sink::Event { column, .. } => column.finish(),
        Sink::Day { mut column, .. } => {
            let found = (column.len() - column.n_missing()) as u64;
            column.map(moved);
            if births::is_birth(plan) && safe_harbor {
                reporter.identifiers(class_words("birth_date"), found, &at, "reduced to the year of birth");
                let (years, n_old) = parts.births.years(column.finish());
                reporter.identifiers("ages over 89", n_old, &at, "year of birth set as for age 90");
                parts.birth_years = Some(years.clone());
                years
            } else {
                parts.dated.extend((found > 0).then_some((at, found)));
                let days = column.finish();
                if plan.role == ColumnRole::Death {
                    // Of several columns the first counts.
                    parts.deaths.get_or_insert_with(|| days.clone());
                }
                days
            }
        }
        Sink::Category { column } => {
            if class == Some("zip") && safe_harbor {
                let found = (column.len() - column.n_missing()) as u64;
                let action = "reduced to three digits, 000 where 20,000 people or fewer live";
                reporter.identifiers(class_words("zip"), found, &at, action);
                column.finish_with(|level| zip3(&level))
            } else if safe_harbor {
                #[cfg(feature = "tables")]
                let own = |level: &str, n_rows: u64| import.own_names.known(place, level, n_rows);
                #[cfg(not(feature = "tables"))]
                let own = |_: &str, _: u64| None.filter(|_: &crate::free_text::KnownIdentifiers| place == 0);
                levels::screened(column, plan, (&at, &own), &mut import.context.free, reporter)
            } else {
                column.finish()
            }
        }
        // Screened before it comes here, as a text.
        #[cfg(feature = "tables")]
        Sink::Held { .. } => return,
        Sink::Text { column, .. } => column.finish(),
    };
    let role = match (&made, plan.role) {
        (Column::Number(_), ColumnRole::Date | ColumnRole::Category) => ColumnRole::Number,
        // The person table knows that it is the death.
        (_, ColumnRole::Death) => ColumnRole::Date,
        (Column::Category(_), ColumnRole::Number | ColumnRole::Text) => ColumnRole::Category,
        (_, role) => role,
    };
    parts.metas.insert(name.clone(), ColumnMeta { label: plan.label.clone(), role, unit: plan.unit.clone() });
    parts.variables.push((name, made));
}

fn person_table(
    keys: Vec<u64>,
    sex: Option<Column>,
    birth_years: Option<Column>,
    deaths: Option<Column>,
) -> Result<Table, String> {
    let key = assemble::key_column(keys.into_iter()).map_err(|e| e.to_string())?;
    let columns = [
        (tables::PERSON_KEY, Some(key)),
        (tables::PERSON_SEX, sex),
        (tables::PERSON_BIRTH_YEAR, birth_years),
        (tables::PERSON_DEATH_DAY, deaths),
    ];
    let there = columns.into_iter().filter_map(|(name, column)| Some((name.to_owned(), column?)));
    Table::new(there.collect()).map_err(|e| e.to_string())
}

/// The sex of the persons where a column says it in words (numbers are left alone: 1 is the man here, the woman there).
pub(super) fn sex(variables: &[(String, Column)]) -> Option<Column> {
    let category = variables.iter().find_map(|(name, column)| match column {
        Column::Category(c) if names::is_sex(name) => Some(c),
        _ => None,
    })?;
    let words: Vec<&str> = sexes(category.levels.iter().map(String::as_str))?;
    let mut out = CategoryBuilder::new();
    let Category { codes, .. } = category;
    for code in codes {
        out.push(code.and_then(|c| words.get(c as usize).copied()));
    }
    Some(out.finish())
}

/// The sex that each level of a column says; nothing where one says none. Where one is 'H' (hombre, homme), 'M' is 'mujer' unless there is
/// an 'F' too.
fn sexes<'a>(levels: impl Iterator<Item = &'a str>) -> Option<Vec<&'static str>> {
    let levels: Vec<&str> = levels.collect();
    let has = |letter: &str| levels.iter().any(|l| l.eq_ignore_ascii_case(letter));
    let is_spanish = has("h") && !has("f");
    let one = |level: &&str| match level.to_ascii_lowercase().as_str() {
        "h" => Some("male"),
        "m" if is_spanish => Some("female"),
        _ => sex_of(level),
    };
    levels.iter().map(one).collect()
}

fn person_meta(name: &str) -> ColumnMeta {
    let role = match name {
        tables::PERSON_KEY => ColumnRole::Identifier,
        tables::PERSON_SEX => ColumnRole::Category,
        tables::PERSON_DEATH_DAY => ColumnRole::Date,
        _ => ColumnRole::Number,
    };
    ColumnMeta { role, ..ColumnMeta::default() }
}
