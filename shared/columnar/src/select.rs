//! Rows out of columns and tables.

use std::sync::Arc;

use arrow_array::Array as _;

use crate::build::{DayBuilder, IndexBuilder, NumberBuilder, TextBuilder, TooMuchText};
use crate::{BitSet, Category, Column, Table, TableError};

/// Why rows cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SelectError {
    /// A row that does not exist.
    #[error("row {row} was asked for, and there are only {rows}")]
    Row {
        /// The row, from 0.
        row: u32,
        /// How many there are.
        rows: usize,
    },
    /// Text.
    #[error(transparent)]
    Text(#[from] TooMuchText),
    /// Table.
    #[error(transparent)]
    Table(#[from] TableError),
}

impl Column {
    /// The values of the rows asked for, in that order; a row may be asked for many times. Levels stay as they are.
    ///
    /// # Errors
    /// If a row does not exist, or the text would be longer than a column can hold.
    pub fn take(&self, rows: &[u32]) -> Result<Column, SelectError> {
        let n = self.len();
        if let Some(&row) = rows.iter().find(|&&r| r as usize >= n) {
            return Err(SelectError::Row { row, rows: n });
        }
        let rows = rows.iter().map(|&r| r as usize);
        Ok(match self {
            Column::Number(a) => {
                let mut out = NumberBuilder::new();
                out.reserve(rows.len());
                rows.for_each(|r| out.push(a.is_valid(r).then(|| a.value(r))));
                out.finish()
            }
            Column::Day(a) => {
                let mut out = DayBuilder::new();
                out.reserve(rows.len());
                rows.for_each(|r| out.push(a.is_valid(r).then(|| a.value(r))));
                out.finish()
            }
            Column::Category(c) => Column::Category(Category {
                codes: rows.map(|r| c.codes.is_valid(r).then(|| c.codes.value(r))).collect(),
                levels: Arc::clone(&c.levels),
            }),
            Column::Text(a) => {
                let mut out = TextBuilder::new();
                for r in rows {
                    out.push(a.is_valid(r).then(|| a.value(r)))?;
                }
                out.finish()
            }
            Column::Index(a) => IndexBuilder::from(rows.map(|r| a.value(r)).collect::<Vec<u32>>()).finish(),
        })
    }

    /// A run of rows, without copying the values. The run is cut to the rows there are.
    #[must_use]
    pub fn slice(&self, first: usize, n: usize) -> Column {
        let first = first.min(self.len());
        let n = n.min(self.len() - first);
        match self {
            Column::Number(a) => Column::Number(a.slice(first, n)),
            Column::Day(a) => Column::Day(a.slice(first, n)),
            Column::Category(c) => {
                Column::Category(Category { codes: c.codes.slice(first, n), levels: Arc::clone(&c.levels) })
            }
            Column::Text(a) => Column::Text(a.slice(first, n)),
            Column::Index(a) => Column::Index(a.slice(first, n)),
        }
    }
}

impl Table {
    /// The rows asked for, in that order.
    ///
    /// # Errors
    /// If a row does not exist, or a text column would be longer than a column can hold.
    pub fn take(&self, rows: &[u32]) -> Result<Table, SelectError> {
        let columns = self
            .columns()
            .iter()
            .map(|(name, column)| Ok((name.clone(), column.take(rows)?)))
            .collect::<Result<Vec<_>, SelectError>>()?;
        Ok(Table::new(columns)?)
    }

    /// The rows of a set, rising.
    ///
    /// # Errors
    /// If the set holds rows that do not exist, or a text column would be longer than a column can hold.
    pub fn select_rows(&self, rows: &BitSet) -> Result<Table, SelectError> {
        let rows: Vec<u32> = rows.iter().map(|r| u32::try_from(r).unwrap_or(u32::MAX)).collect();
        self.take(&rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::CategoryBuilder;

    fn table() -> Table {
        let mut number = NumberBuilder::new();
        let mut category = CategoryBuilder::new();
        for (n, c) in [(Some(1.5), Some("b")), (None, Some("a")), (Some(-2.0), None)] {
            number.push(n);
            category.push(c);
        }
        Table::new(vec![("n".into(), number.finish()), ("c".into(), category.finish())]).unwrap()
    }

    #[test]
    fn rows_in_any_order_and_twice() {
        let t = table().take(&[2, 0, 2]).unwrap();
        let Some(Column::Number(n)) = t.column("n") else { panic!() };
        assert_eq!(n.iter().collect::<Vec<_>>(), [Some(-2.0), Some(1.5), Some(-2.0)]);
        let Some(Column::Category(c)) = t.column("c") else { panic!() };
        assert_eq!((c.level(0), c.level(1)), (None, Some("b")));
    }

    #[test]
    fn a_row_too_many_is_refused() {
        assert_eq!(table().take(&[3]), Err(SelectError::Row { row: 3, rows: 3 }));
        assert!(table().select_rows(&BitSet::full(4)).is_err());
        assert_eq!(table().select_rows(&BitSet::full(3)).unwrap(), table());
    }

    #[test]
    fn slices_join_to_the_whole() {
        for (_, column) in table().columns() {
            let parts = vec![column.slice(0, 1), column.slice(1, 5), column.slice(9, 9)];
            assert_eq!(&Column::concat(parts).unwrap(), column);
        }
    }
}
