//! The cells of a column as text.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use columnar::{Column, day};

/// Every cell, whatever the kind of the column; `-` where there is no value.
pub fn shown(column: &Column) -> Vec<String> {
    let cell = |row| match column {
        _ if column.is_missing(row) => "-".to_owned(),
        Column::Number(a) => a.value(row).to_string(),
        Column::Day(a) => day::format_iso(a.value(row)),
        Column::Category(c) => c.level(row).unwrap().to_owned(),
        Column::Text(a) => a.value(row).to_owned(),
        Column::Index(a) => a.value(row).to_string(),
    };
    (0..column.len()).map(cell).collect()
}
