//! Columns of both sides, one behind the other.

use columnar::build::{CategoryBuilder, DayBuilder, IndexBuilder, NumberBuilder, TextBuilder};
use columnar::{Column, Table};
use model::tables;

use super::named;
use crate::IntakeError;

/// A row's number; datasets hold fewer rows than these can name.
pub(super) fn index(row: usize) -> u32 {
    u32::try_from(row).unwrap_or(u32::MAX)
}

pub(super) fn damaged(table: &str) -> IntakeError {
    IntakeError::Merge(format!("the table '{table}' of the dataset has not the columns it should have"))
}

/// A column without values, of the kind of another one.
fn empty(like: &Column, n: usize) -> Result<Column, IntakeError> {
    let rows = 0..n;
    Ok(match like {
        Column::Number(_) => {
            let mut out = NumberBuilder::new();
            rows.for_each(|_| out.push(None));
            out.finish()
        }
        Column::Day(_) => {
            let mut out = DayBuilder::new();
            rows.for_each(|_| out.push(None));
            out.finish()
        }
        Column::Category(_) => {
            let mut out = CategoryBuilder::new();
            rows.for_each(|_| out.push(None));
            out.finish()
        }
        Column::Text(_) => {
            let mut out = TextBuilder::new();
            for _ in rows {
                out.push(None).map_err(|e| IntakeError::Merge(e.to_string()))?;
            }
            out.finish()
        }
        Column::Index(_) => IndexBuilder::from(vec![0; n]).finish(),
    })
}

/// A column with one row more, without a value.
pub(super) fn padded(column: &Column) -> Result<Column, IntakeError> {
    Column::concat(vec![column.clone(), empty(column, 1)?]).map_err(|e| IntakeError::Merge(e.to_string()))
}

/// The columns of two tables, each of both sides' rows; a column that one side lacks is empty there.
pub(super) fn join<'a>(base: Option<&'a Table>, new: Option<&'a Table>) -> Result<Vec<(&'a str, Column)>, IntakeError> {
    let columns = |t: Option<&'a Table>| t.map_or(&[][..], Table::columns);
    let rows = |t: Option<&Table>| t.map_or(0, Table::n_rows);
    let mut names: Vec<&str> = columns(base).iter().map(|(name, _)| name.as_str()).collect();
    names.extend(
        columns(new).iter().map(|(name, _)| name.as_str()).filter(|n| !columns(base).iter().any(|(b, _)| b == n)),
    );
    let mut out = Vec::with_capacity(names.len());
    for name in names {
        let (was, is) = (base.and_then(|t| t.column(name)), new.and_then(|t| t.column(name)));
        let parts = match (was, is) {
            (Some(was), Some(is)) => vec![was.clone(), is.clone()],
            (Some(was), None) => vec![was.clone(), empty(was, rows(new))?],
            (None, Some(is)) => vec![empty(is, rows(base))?, is.clone()],
            (None, None) => continue,
        };
        let joined = Column::concat(parts).map_err(|e| IntakeError::Merge(format!("column '{name}': {e}")))?;
        out.push((name, joined));
    }
    Ok(out)
}

/// Rows of joined columns as a table.
pub(super) fn select(joined: &[(&str, Column)], rows: &[u32]) -> Result<Table, IntakeError> {
    let mut columns = Vec::with_capacity(joined.len());
    for (name, column) in joined {
        columns.push((*name, column.take(rows).map_err(|e| IntakeError::Merge(e.to_string()))?));
    }
    named(columns)
}

/// A text or level of a row; empty where there is none.
pub(super) fn text_of(column: &Column, row: usize) -> &str {
    match column {
        Column::Text(text) if !column.is_missing(row) => text.value(row),
        Column::Category(category) => category.level(row).unwrap_or_default(),
        _ => "",
    }
}

/// Whether two rows of a column hold the same.
pub(super) fn same(column: &Column, a: usize, b: usize) -> bool {
    bits(column, a) == bits(column, b) && text_of(column, a) == text_of(column, b)
}

/// A number, day, code or index of a row as bits; nothing where there is none.
pub(super) fn bits(column: &Column, row: usize) -> Option<u64> {
    if column.is_missing(row) {
        return None;
    }
    match column {
        Column::Number(a) => Some(a.value(row).to_bits()),
        Column::Day(a) => Some(u64::from(a.value(row).cast_unsigned())),
        Column::Category(c) => Some(u64::from(c.codes.value(row))),
        Column::Index(a) => Some(u64::from(a.value(row))),
        Column::Text(_) => Some(0),
    }
}

/// The rows of an index column.
pub(super) fn indices<'a>(table: &'a Table, name: &str, of: &str) -> Result<&'a [u32], IntakeError> {
    match table.column(name) {
        Some(Column::Index(a)) => Ok(a.values()),
        _ => Err(damaged(of)),
    }
}

/// The table of observation periods.
pub(super) fn period_table(periods: &[(u32, i32, i32)]) -> Result<Table, IntakeError> {
    let (mut person, mut start, mut end) = (IndexBuilder::new(), DayBuilder::new(), DayBuilder::new());
    for &(p, first, last) in periods {
        person.push(p);
        start.push(Some(first));
        end.push(Some(last));
    }
    named(vec![
        (tables::PERIOD_PERSON, person.finish()),
        (tables::PERIOD_START_DAY, start.finish()),
        (tables::PERIOD_END_DAY, end.finish()),
    ])
}
