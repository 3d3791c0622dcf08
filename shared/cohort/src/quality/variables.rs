//! Variables: one value a person.

use std::hash::Hasher as _;

use columnar::{Column, Table};
use model::dataset::{ColumnRole, DatasetHeader};
use model::tables;
use rustc_hash::{FxHashMap, FxHasher};

use super::QualitySettings;
use super::checks::{
    AGE_RANGE, DAY_FUTURE, DURATION_NEGATIVE, DURATION_ZERO, ROW_DOUBLE, VARIABLE_CONSTANT, VARIABLE_MISSING,
};
use super::list::{List, Share};
use super::persons::{add_or_no_today, last_day};
use crate::error::CohortError;
use crate::evaluate::Tick;
use crate::source::Source;

/// Rows are compared where there are at least so many variables: with fewer, two persons may well be alike.
const MIN_VARIABLES: usize = 5;
/// Oldest age.
const OLDEST: f64 = 120.0;
/// Rows between two looks at whether to go on.
const STRIDE: usize = 8192;

pub(super) fn check(
    source: &Source<'_>,
    settings: &QualitySettings,
    list: &mut List,
    tick: &mut Tick<'_>,
) -> Result<(), CohortError> {
    let Some(table) = source.data.table(tables::VARIABLE).filter(|t| !t.columns().is_empty()) else {
        list.not_applicable(&VARIABLE_MISSING, "There are no variables: this is a record of dated events.");
        return Ok(());
    };
    let mut constant = Share::default();
    let mut named = Vec::new();
    for (name, column) in table.columns() {
        let shown = shown_name(source.header, name);
        let share = Share { violated: column.n_missing() as u64, total: column.len() as u64 };
        list.add(&VARIABLE_MISSING, &shown, share);
        let is_constant = is_constant(column);
        constant.add(is_constant);
        if is_constant {
            named.push((shown.clone(), (column.len() - column.n_missing()) as u64));
        }
        values(source.header, settings, name, &shown, column, list);
    }
    list.add(&VARIABLE_CONSTANT, "", constant).most = named;
    rows(source, table, list, tick)
}

/// The name, with the label where there is one.
fn shown_name(header: Option<&DatasetHeader>, name: &str) -> String {
    match column_header(header, name).filter(|c| !c.label.is_empty() && c.label != name) {
        Some(column) => format!("{} ({name})", column.label),
        None => name.to_owned(),
    }
}

fn column_header<'a>(header: Option<&'a DatasetHeader>, name: &str) -> Option<&'a model::dataset::ColumnHeader> {
    let table = header?.tables.iter().find(|t| t.name == tables::VARIABLE)?;
    table.columns.iter().find(|c| c.name == name)
}

/// Whether all that have a value have the same one, and at least two have one.
fn is_constant(column: &Column) -> bool {
    fn all_same<T: PartialEq>(mut values: impl Iterator<Item = T>) -> bool {
        let Some(first) = values.next() else { return false };
        let mut n = 0;
        for value in values {
            if value != first {
                return false;
            }
            n += 1;
        }
        n > 0
    }
    match column {
        Column::Number(a) => all_same(a.iter().flatten()),
        Column::Day(a) => all_same(a.iter().flatten()),
        Column::Category(c) => all_same(c.codes.iter().flatten()),
        Column::Text(a) => all_same(a.iter().flatten()),
        Column::Index(a) => all_same(a.iter().flatten()),
    }
}

fn values(
    header: Option<&DatasetHeader>,
    settings: &QualitySettings,
    name: &str,
    shown: &str,
    column: &Column,
    list: &mut List,
) {
    let role = column_header(header, name).map(|c| c.role);
    match column {
        Column::Number(numbers) if role == Some(ColumnRole::Duration) => {
            let (mut negative, mut zero) = (Share::default(), Share::default());
            for value in numbers.iter().flatten() {
                negative.add(value < 0.0);
                zero.add(value == 0.0);
            }
            list.add(&DURATION_NEGATIVE, shown, negative);
            list.add(&DURATION_ZERO, shown, zero);
        }
        Column::Number(numbers) if name.eq_ignore_ascii_case("age") => {
            let mut odd = Share::default();
            numbers.iter().flatten().for_each(|age| odd.add(!(0.0..=OLDEST).contains(&age)));
            list.add(&AGE_RANGE, shown, odd);
        }
        Column::Day(dates) => {
            let mut future = Share::default();
            if let Some(latest) = last_day(settings) {
                dates.iter().flatten().for_each(|day| future.add(day > latest));
            }
            add_or_no_today(list, &DAY_FUTURE, shown, settings, future);
        }
        _ => {}
    }
}

fn rows(source: &Source<'_>, table: &Table, list: &mut List, tick: &mut Tick<'_>) -> Result<(), CohortError> {
    if source.is_record() {
        return Ok(());
    }
    if table.columns().len() < MIN_VARIABLES {
        list.not_applicable(&ROW_DOUBLE, "With fewer than five variables two persons may well be alike.");
        return Ok(());
    }
    let mut share = Share::default();
    // By digest of the row: the rows to compare with.
    let mut seen: FxHashMap<u64, Vec<usize>> = FxHashMap::default();
    for row in 0..table.n_rows() {
        if row % STRIDE == 0 && !tick(0.95) {
            return Err(CohortError::Cancelled);
        }
        let mut hasher = FxHasher::default();
        for (_, column) in table.columns() {
            hasher.write_u64(bits(column, row));
        }
        let alike = seen.entry(hasher.finish()).or_default();
        let is_double = alike.iter().any(|other| same_row(table, row, *other));
        share.add(is_double);
        if !is_double {
            alike.push(row);
        }
    }
    list.add(&ROW_DOUBLE, "", share);
    Ok(())
}

/// The value of a row as bits: alike where the values are (texts: mostly).
fn bits(column: &Column, row: usize) -> u64 {
    if column.is_missing(row) {
        return u64::MAX;
    }
    match column {
        Column::Number(a) => a.value(row).to_bits(),
        Column::Day(a) => u64::from(a.value(row).cast_unsigned()),
        Column::Category(c) => u64::from(c.codes.value(row)),
        Column::Index(a) => u64::from(a.value(row)),
        Column::Text(a) => {
            let mut hasher = FxHasher::default();
            hasher.write(a.value(row).as_bytes());
            hasher.finish()
        }
    }
}

fn same_row(table: &Table, a: usize, b: usize) -> bool {
    table.columns().iter().all(|(_, column)| match column {
        Column::Text(texts) if !column.is_missing(a) && !column.is_missing(b) => texts.value(a) == texts.value(b),
        _ => column.is_missing(a) == column.is_missing(b) && bits(column, a) == bits(column, b),
    })
}
