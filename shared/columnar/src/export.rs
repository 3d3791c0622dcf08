//! Whole tables for other tools: one Arrow IPC file, CSV (RFC 4180), or, with the feature `parquet`, Parquet.

#[cfg(feature = "parquet")]
mod parquet;

#[cfg(feature = "parquet")]
pub use self::parquet::{ParquetError, parquet};

use std::io::Write;

use crate::chunk::{EncodeError, encode_table};
use crate::{Column, Table, day};

/// A table as the bytes of one Arrow IPC file (Feather version 2). Numbers are 64-bit floats, whatever their values,
/// so that the same column has the same type in every export.
///
/// # Errors
/// If a column has more levels than a dictionary can number.
pub fn arrow(table: &Table) -> Result<Vec<u8>, EncodeError> {
    encode_table(table)
}

/// Writes a table as CSV: a header, `,` between fields, CRLF, days as `YYYY-MM-DD`, numbers with as many digits as they
/// need to be read back exactly, nothing where there is no value. A text of no letters is written as `""`.
///
/// # Errors
/// If writing fails.
pub fn csv<W: Write>(table: &Table, mut out: W) -> std::io::Result<()> {
    let mut line = Vec::new();
    for (i, (name, _)) in table.columns().iter().enumerate() {
        if i > 0 {
            line.push(b',');
        }
        field(&mut line, name);
    }
    line.extend_from_slice(b"\r\n");
    for row in 0..table.n_rows() {
        for (i, (_, column)) in table.columns().iter().enumerate() {
            if i > 0 {
                line.push(b',');
            }
            value(&mut line, column, row)?;
        }
        line.extend_from_slice(b"\r\n");
        if line.len() > 1 << 16 {
            out.write_all(&line)?;
            line.clear();
        }
    }
    out.write_all(&line)
}

fn value(line: &mut Vec<u8>, column: &Column, row: usize) -> std::io::Result<()> {
    if column.is_missing(row) {
        return Ok(());
    }
    match column {
        Column::Number(a) => write!(line, "{}", a.value(row))?,
        Column::Index(a) => write!(line, "{}", a.value(row))?,
        Column::Day(a) => line.extend_from_slice(day::format_iso(a.value(row)).as_bytes()),
        Column::Category(c) => field(line, c.level(row).unwrap_or_default()),
        Column::Text(a) => field(line, a.value(row)),
    }
    Ok(())
}

fn field(line: &mut Vec<u8>, text: &str) {
    let plain = |b: u8| !matches!(b, b',' | b'"' | b'\r' | b'\n');
    let edge = text.starts_with([' ', '\t']) || text.ends_with([' ', '\t']);
    if !text.is_empty() && !edge && text.bytes().all(plain) {
        line.extend_from_slice(text.as_bytes());
        return;
    }
    line.push(b'"');
    for b in text.bytes() {
        if b == b'"' {
            line.push(b'"');
        }
        line.push(b);
    }
    line.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::{CategoryBuilder, DayBuilder, NumberBuilder, TextBuilder};

    #[test]
    fn csv_quotes_what_needs_quotes() {
        let mut n = NumberBuilder::new();
        let mut d = DayBuilder::new();
        let mut c = CategoryBuilder::new();
        let mut t = TextBuilder::new();
        let rows = [
            (Some(0.1), Some(0), Some("a,b"), Some("say \"hi\"")),
            (None, None, None, Some("")),
            (Some(-1e21), Some(-1), Some("x"), None),
        ];
        for (number, day, level, text) in rows {
            n.push(number);
            d.push(day);
            c.push(level);
            t.push(text).unwrap();
        }
        let columns = vec![
            ("n".into(), n.finish()),
            ("d".into(), d.finish()),
            ("c d".into(), c.finish()),
            ("t".into(), t.finish()),
        ];
        let mut out = Vec::new();
        csv(&Table::new(columns).unwrap(), &mut out).unwrap();
        let want = "n,d,c d,t\r\n0.1,1970-01-01,\"a,b\",\"say \"\"hi\"\"\"\r\n,,,\"\"\r\n-1000000000000000000000,1969-12-31,x,\r\n";
        assert_eq!(String::from_utf8(out).unwrap(), want);
    }
}
