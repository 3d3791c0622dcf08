//! The columns of the event and concept tables, looked up once.

use arrow_array::{Array as _, Date32Array, Float64Array};
use columnar::{Category, Column, Table};
use model::concept::ConceptRef;
use model::tables;

use crate::error::CohortError;
use crate::source::{Source, day_column, index_column};

/// The event table's columns.
pub(super) struct EventColumns<'a> {
    pub concept: &'a [u32],
    pub domain: &'a Category,
    pub start: &'a Date32Array,
    pub end: Option<&'a Date32Array>,
    pub value: Option<&'a Float64Array>,
    pub value_text: Option<&'a Category>,
    pub unit: Option<&'a Category>,
}

/// A column of levels, if there is one of this name.
pub(super) fn category<'a>(table: &'a Table, name: &str) -> Option<&'a Category> {
    match table.column(name)? {
        Column::Category(category) => Some(category),
        _ => None,
    }
}

/// A column of days, if there is one of this name.
pub(super) fn days<'a>(table: &'a Table, name: &str) -> Option<&'a Date32Array> {
    match table.column(name)? {
        Column::Day(days) => Some(days),
        _ => None,
    }
}

/// A day of a row.
#[inline]
pub(super) fn day_at(days: &Date32Array, row: usize) -> Option<i32> {
    days.is_valid(row).then(|| days.value(row))
}

/// One more than the code of a row; 0 where it has none.
#[inline]
pub(super) fn slot(category: &Category, row: usize) -> usize {
    if category.codes.is_valid(row) { category.codes.value(row) as usize + 1 } else { 0 }
}

/// The level of a [`slot`].
pub(super) fn level_of<'a>(category: &'a Category, slot: usize, none: &'a str) -> &'a str {
    slot.checked_sub(1).and_then(|code| category.levels.get(code)).map_or(none, String::as_str)
}

impl<'a> EventColumns<'a> {
    /// The columns; nothing where there is no event table.
    pub(super) fn of(source: &Source<'a>) -> Result<Option<Self>, CohortError> {
        let Some(table) = source.data.table(tables::EVENT) else { return Ok(None) };
        let domain = category(table, tables::EVENT_DOMAIN)
            .ok_or_else(|| CohortError::Dataset("table 'event' has no column 'domain'".to_owned()))?;
        Ok(Some(Self {
            concept: index_column(table, tables::EVENT, tables::EVENT_CONCEPT)?,
            domain,
            start: day_column(table, tables::EVENT, tables::EVENT_START_DAY)?,
            end: days(table, tables::EVENT_END_DAY),
            value: match table.column(tables::EVENT_VALUE) {
                Some(Column::Number(numbers)) => Some(numbers),
                _ => None,
            },
            value_text: category(table, tables::EVENT_VALUE_TEXT),
            unit: category(table, tables::EVENT_UNIT),
        }))
    }

    /// Number of different [`slot`]s of the domain.
    pub(super) fn n_domains(&self) -> usize {
        self.domain.levels.len() + 1
    }
}

/// The concept table, row by row.
pub(super) struct Concepts(pub Vec<ConceptRef>);

impl Concepts {
    pub(super) fn of(source: &Source<'_>) -> Self {
        let Some(table) = source.data.table(tables::CONCEPT) else { return Self(Vec::new()) };
        Self((0..table.n_rows()).map(|row| concept_at(table, row)).collect())
    }

    /// Words for a concept: its display, else its code.
    pub(super) fn words(&self, row: usize) -> String {
        self.0.get(row).map_or_else(
            || "a concept that does not exist".to_owned(),
            |c| {
                let words = if c.display.is_empty() { &c.code } else { &c.display };
                let code = format!("{} {}", c.system, c.code);
                if words == &c.code { code } else { format!("{words} ({code})") }
            },
        )
    }
}

fn concept_at(table: &Table, row: usize) -> ConceptRef {
    let text = |name: &str| match table.column(name) {
        Some(Column::Text(text)) if text.is_valid(row) => text.value(row).to_owned(),
        Some(Column::Category(category)) => category.level(row).unwrap_or_default().to_owned(),
        _ => String::new(),
    };
    ConceptRef {
        system: text(tables::CONCEPT_SYSTEM),
        code: text(tables::CONCEPT_CODE),
        display: text(tables::CONCEPT_DISPLAY),
        omop_id: None,
    }
}
