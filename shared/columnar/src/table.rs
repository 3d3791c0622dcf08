//! A table: named columns of one length.

use crate::Column;

/// A table: named columns of one length, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    n_rows: usize,
    columns: Vec<(String, Column)>,
}

/// Why a table cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// Lengths differ.
    #[error("column '{name}' has {got} rows where the table has {want}")]
    Length {
        /// Column.
        name: String,
        /// Its rows.
        got: usize,
        /// The table's rows.
        want: usize,
    },
    /// Two columns of one name.
    #[error("two columns are named '{0}'")]
    Name(String),
}

impl Table {
    /// A table from its columns.
    ///
    /// # Errors
    /// If lengths differ or a name comes twice.
    pub fn new(columns: Vec<(String, Column)>) -> Result<Self, TableError> {
        let n_rows = columns.first().map_or(0, |(_, c)| c.len());
        for (i, (name, column)) in columns.iter().enumerate() {
            if column.len() != n_rows {
                return Err(TableError::Length { name: name.clone(), got: column.len(), want: n_rows });
            }
            if columns.iter().take(i).any(|(n, _)| n == name) {
                return Err(TableError::Name(name.clone()));
            }
        }
        Ok(Self { n_rows, columns })
    }

    /// Number of rows.
    #[must_use]
    pub fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// Columns in order.
    #[must_use]
    pub fn columns(&self) -> &[(String, Column)] {
        &self.columns
    }

    /// The columns, each to be taken by itself.
    #[must_use]
    pub fn into_columns(self) -> Vec<(String, Column)> {
        self.columns
    }

    /// A column by name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|(n, _)| n == name).map(|(_, c)| c)
    }
}
