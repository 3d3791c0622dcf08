//! One typed column.

use std::sync::Arc;

use arrow_array::{Array as _, Date32Array, Float64Array, StringArray, UInt32Array};
use arrow_buffer::NullBuffer;

use crate::build::{CategoryBuilder, DayBuilder, IndexBuilder, NumberBuilder, TextBuilder, TooMuchText};

/// A typed column. `Number`, `Day`, `Category` and `Text` may have missing values; `Index` has none.
#[derive(Clone, Debug, PartialEq)]
pub enum Column {
    /// 64-bit numbers, always finite where present.
    Number(Float64Array),
    /// Days since 1970-01-01.
    Day(Date32Array),
    /// Levels.
    Category(Category),
    /// Text.
    Text(StringArray),
    /// Row indices into another table.
    Index(UInt32Array),
}

/// A column of levels: a code a row, pointing into `levels`.
#[derive(Clone, Debug, PartialEq)]
pub struct Category {
    /// A code a row; every valid code is below `levels.len()`.
    pub codes: UInt32Array,
    /// The levels, each once.
    pub levels: Arc<[String]>,
}

impl Category {
    /// The level of a row, if it has one.
    #[must_use]
    pub fn level(&self, row: usize) -> Option<&str> {
        if row >= self.codes.len() || self.codes.is_null(row) {
            return None;
        }
        self.levels.get(self.codes.value(row) as usize).map(String::as_str)
    }

    /// The code of a level.
    #[must_use]
    pub fn code_of(&self, level: &str) -> Option<u32> {
        self.levels.iter().position(|l| l == level).and_then(|p| u32::try_from(p).ok())
    }
}

impl Column {
    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Column::Number(a) => a.len(),
            Column::Day(a) => a.len(),
            Column::Category(c) => c.codes.len(),
            Column::Text(a) => a.len(),
            Column::Index(a) => a.len(),
        }
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether a row has no value.
    #[must_use]
    pub fn is_missing(&self, row: usize) -> bool {
        match self {
            Column::Number(a) => a.is_null(row),
            Column::Day(a) => a.is_null(row),
            Column::Category(c) => c.codes.is_null(row),
            Column::Text(a) => a.is_null(row),
            Column::Index(_) => false,
        }
    }

    /// Number of rows without a value.
    #[must_use]
    pub fn n_missing(&self) -> usize {
        match self {
            Column::Number(a) => a.null_count(),
            Column::Day(a) => a.null_count(),
            Column::Category(c) => c.codes.null_count(),
            Column::Text(a) => a.null_count(),
            Column::Index(_) => 0,
        }
    }

    /// Which rows have a value; nothing where all have.
    #[must_use]
    pub fn validity(&self) -> Option<&NullBuffer> {
        match self {
            Column::Number(a) => a.nulls(),
            Column::Day(a) => a.nulls(),
            Column::Category(c) => c.codes.nulls(),
            Column::Text(a) => a.nulls(),
            Column::Index(_) => None,
        }
    }

    /// The name of the storage kind: `number`, `day`, `category`, `text`, `index`.
    #[must_use]
    pub fn kind_name(&self) -> &'static str {
        match self {
            Column::Number(_) => "number",
            Column::Day(_) => "day",
            Column::Category(_) => "category",
            Column::Text(_) => "text",
            Column::Index(_) => "index",
        }
    }

    /// One column of the rows of all, in order. Categories keep their levels where all have the same ones; else the
    /// levels are joined and sorted.
    ///
    /// # Errors
    /// If there is none, if they are of different kinds, or if the text would be longer than a column can hold.
    pub fn concat(columns: Vec<Column>) -> Result<Column, ConcatError> {
        let mut rest = columns.into_iter();
        let first = rest.next().ok_or(ConcatError::Nothing)?;
        if rest.len() == 0 {
            return Ok(first);
        }
        let all: Vec<Column> = std::iter::once(first).chain(rest).collect();
        let kind = all.first().map_or("", Column::kind_name);
        if let Some(other) = all.iter().find(|c| c.kind_name() != kind) {
            return Err(ConcatError::Kind(kind, other.kind_name()));
        }
        let rows = all.iter().map(Column::len).sum();
        match kind {
            "number" => Ok(concat_numbers(&all, rows)),
            "day" => Ok(concat_days(&all, rows)),
            "category" => Ok(concat_categories(&all, rows)),
            "text" => concat_texts(&all, rows),
            _ => Ok(concat_indices(&all, rows)),
        }
    }
}

/// Why columns cannot become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConcatError {
    /// There is none.
    #[error("there is no column to join")]
    Nothing,
    /// Kinds differ.
    #[error("a {0} column cannot be joined with a {1} column")]
    Kind(&'static str, &'static str),
    /// Too long.
    #[error(transparent)]
    Text(#[from] TooMuchText),
}

fn concat_numbers(all: &[Column], rows: usize) -> Column {
    let mut out = NumberBuilder::new();
    out.reserve(rows);
    for column in all {
        if let Column::Number(a) = column {
            a.iter().for_each(|v| out.push(v));
        }
    }
    out.finish()
}

fn concat_days(all: &[Column], rows: usize) -> Column {
    let mut out = DayBuilder::new();
    out.reserve(rows);
    for column in all {
        if let Column::Day(a) = column {
            a.iter().for_each(|v| out.push(v));
        }
    }
    out.finish()
}

fn concat_indices(all: &[Column], rows: usize) -> Column {
    let mut out = Vec::with_capacity(rows);
    for column in all {
        if let Column::Index(a) = column {
            out.extend_from_slice(a.values());
        }
    }
    IndexBuilder::from(out).finish()
}

fn concat_texts(all: &[Column], rows: usize) -> Result<Column, ConcatError> {
    let mut out = TextBuilder::new();
    out.reserve(rows, 0);
    for column in all {
        if let Column::Text(a) = column {
            for text in a {
                out.push(text)?;
            }
        }
    }
    Ok(out.finish())
}

fn concat_categories(all: &[Column], rows: usize) -> Column {
    let parts: Vec<&Category> =
        all.iter().filter_map(|c| if let Column::Category(c) = c { Some(c) } else { None }).collect();
    if let Some(first) = parts.first()
        && parts.iter().all(|p| p.levels == first.levels)
    {
        let codes: UInt32Array = parts.iter().flat_map(|p| p.codes.iter()).collect();
        return Column::Category(Category { codes: without_empty_nulls(codes), levels: Arc::clone(&first.levels) });
    }
    let mut out = CategoryBuilder::new();
    out.reserve(rows);
    for part in parts {
        let codes: Vec<u32> = part.levels.iter().map(|l| out.intern(l)).collect();
        for code in &part.codes {
            match code.and_then(|c| codes.get(c as usize)) {
                Some(&code) => out.push_code(code),
                None => out.push(None),
            }
        }
    }
    out.finish()
}

fn without_empty_nulls(codes: UInt32Array) -> UInt32Array {
    if codes.null_count() == 0 { UInt32Array::new(codes.values().clone(), None) } else { codes }
}
