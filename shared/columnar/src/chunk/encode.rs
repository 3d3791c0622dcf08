//! Columns to Arrow IPC bytes.

use super::ipc;
use super::stored::{Stored, Width};
use crate::{Column, Table};

/// Why a column cannot be encoded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EncodeError {
    /// More levels than a dictionary can number.
    #[error("column '{0}' has more than two thousand million different levels")]
    Levels(String),
    /// Levels with too much text.
    #[error("the levels of column '{0}' are longer than 2 GB together")]
    LevelText(String),
}

/// A column as the bytes of an Arrow IPC file with one column and one batch. The same column gives the same bytes.
///
/// # Errors
/// If there are more levels than a dictionary can hold.
pub fn encode(name: &str, column: &Column) -> Result<Vec<u8>, EncodeError> {
    ipc::file(&[Stored::new(name, column, Width::Smallest)?])
}

/// [`encode`] of a run of rows of a column.
///
/// # Errors
/// As [`encode`].
pub fn encode_rows(name: &str, column: &Column, first: usize, n: usize) -> Result<Vec<u8>, EncodeError> {
    encode(name, &column.slice(first, n))
}

/// A whole table as the bytes of an Arrow IPC file with one batch; numbers are 64-bit floats.
pub(crate) fn encode_table(table: &Table) -> Result<Vec<u8>, EncodeError> {
    let columns = table.columns().iter().map(|(name, column)| Stored::new(name, column, Width::Full));
    ipc::file(&columns.collect::<Result<Vec<_>, _>>()?)
}
