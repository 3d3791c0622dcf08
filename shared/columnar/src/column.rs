//! One typed column.

use std::sync::Arc;

use arrow_array::{Array as _, Date32Array, Float64Array, StringArray, UInt32Array};

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
        self.levels
            .get(self.codes.value(row) as usize)
            .map(String::as_str)
    }

    /// The code of a level.
    #[must_use]
    pub fn code_of(&self, level: &str) -> Option<u32> {
        self.levels
            .iter()
            .position(|l| l == level)
            .and_then(|p| u32::try_from(p).ok())
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
}
