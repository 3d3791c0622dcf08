//! Columns of a dataset by their names.

use columnar::{Category, Column, Table};
use model::concept::ConceptRef;
use model::tables;

/// A column of rows of another table.
pub(crate) fn index<'a>(table: &'a Table, name: &str) -> Option<&'a [u32]> {
    match table.column(name)? {
        Column::Index(rows) => Some(rows.values()),
        _ => None,
    }
}

/// A column of categories.
pub(crate) fn category<'a>(table: &'a Table, name: &str) -> Option<&'a Category> {
    match table.column(name)? {
        Column::Category(category) => Some(category),
        _ => None,
    }
}

/// The concept in a row of the concept table.
pub(crate) fn concept_at(table: &Table, row: usize) -> ConceptRef {
    let text = |name: &str| match table.column(name) {
        Some(column @ Column::Text(text)) if !column.is_missing(row) => text.value(row).to_owned(),
        Some(Column::Category(category)) => category.level(row).unwrap_or_default().to_owned(),
        _ => String::new(),
    };
    #[expect(clippy::cast_possible_truncation, reason = "OMOP ids are whole numbers below 2^53")]
    let omop_id = match table.column(tables::CONCEPT_OMOP_ID) {
        Some(column @ Column::Number(ids)) if !column.is_missing(row) => Some(ids.value(row) as i64),
        _ => None,
    };
    ConceptRef {
        system: text(tables::CONCEPT_SYSTEM),
        code: text(tables::CONCEPT_CODE),
        display: text(tables::CONCEPT_DISPLAY),
        omop_id,
    }
}
