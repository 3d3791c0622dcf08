//! Builders of columns of plain values.

use arrow_array::{Date32Array, Float64Array, UInt32Array};

use super::validity::Validity;
use crate::Column;

/// Builds a column of numbers.
#[derive(Clone, Debug, Default)]
pub struct NumberBuilder {
    values: Vec<f64>,
    validity: Validity,
}

impl NumberBuilder {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes room for `rows` more rows, no more.
    pub fn reserve(&mut self, rows: usize) {
        self.values.reserve_exact(rows);
    }

    /// Adds a row. A value that is not finite counts as missing: a number that is present is always finite.
    #[inline]
    pub fn push(&mut self, value: Option<f64>) {
        match value {
            Some(v) if v.is_finite() => {
                self.values.push(v);
                self.validity.push(true);
            }
            _ => {
                self.values.push(0.0);
                self.validity.push(false);
            }
        }
    }

    /// Forgets all rows from `rows` on.
    pub fn truncate(&mut self, rows: usize) {
        self.values.truncate(rows);
        self.validity.truncate(rows);
    }

    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Number of rows without a value.
    #[must_use]
    pub fn n_missing(&self) -> usize {
        self.validity.n_missing()
    }

    /// The column.
    #[must_use]
    pub fn finish(mut self) -> Column {
        self.values.shrink_to_fit();
        Column::Number(Float64Array::new(self.values.into(), self.validity.finish()))
    }
}

/// Builds a column of days.
#[derive(Clone, Debug, Default)]
pub struct DayBuilder {
    values: Vec<i32>,
    validity: Validity,
}

impl DayBuilder {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes room for `rows` more rows, no more.
    pub fn reserve(&mut self, rows: usize) {
        self.values.reserve_exact(rows);
    }

    /// Adds a row: days since 1970-01-01.
    #[inline]
    pub fn push(&mut self, day: Option<i32>) {
        self.values.push(day.unwrap_or(0));
        self.validity.push(day.is_some());
    }

    /// Forgets all rows from `rows` on.
    pub fn truncate(&mut self, rows: usize) {
        self.values.truncate(rows);
        self.validity.truncate(rows);
    }

    /// The latest day; nothing where no row has a value.
    #[must_use]
    pub fn latest(&self) -> Option<i32> {
        self.values.iter().enumerate().filter(|(row, _)| self.validity.get(*row)).map(|(_, day)| *day).max()
    }

    /// Changes every value by its row; rows without a value stay as they are.
    pub fn map(&mut self, mut change: impl FnMut(usize, i32) -> i32) {
        for (row, value) in self.values.iter_mut().enumerate() {
            if self.validity.get(row) {
                *value = change(row, *value);
            }
        }
    }

    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Number of rows without a value.
    #[must_use]
    pub fn n_missing(&self) -> usize {
        self.validity.n_missing()
    }

    /// The column.
    #[must_use]
    pub fn finish(mut self) -> Column {
        self.values.shrink_to_fit();
        Column::Day(Date32Array::new(self.values.into(), self.validity.finish()))
    }
}

/// Builds a column of row indices into another table.
#[derive(Clone, Debug, Default)]
pub struct IndexBuilder {
    values: Vec<u32>,
}

impl IndexBuilder {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes room for `rows` more rows, no more.
    pub fn reserve(&mut self, rows: usize) {
        self.values.reserve_exact(rows);
    }

    /// Adds a row.
    #[inline]
    pub fn push(&mut self, index: u32) {
        self.values.push(index);
    }

    /// The column.
    #[must_use]
    pub fn finish(mut self) -> Column {
        self.values.shrink_to_fit();
        Column::Index(UInt32Array::new(self.values.into(), None))
    }
}

impl From<Vec<u32>> for IndexBuilder {
    fn from(values: Vec<u32>) -> Self {
        Self { values }
    }
}
