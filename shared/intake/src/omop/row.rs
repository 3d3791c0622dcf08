//! A row of a table, wherever it stands: what its cells say as ids, days, numbers and texts.

use std::borrow::Cow;

use model::intake::DateFormat;

use super::reader::Line;
use crate::date::{self, DateFlaw};
use crate::number;
#[cfg(feature = "parquet")]
use crate::parquet::{Cell, Rows};
use crate::text::windows_1252;

/// Days of the years 1 to 9999: what four digits of a year can say.
#[cfg(feature = "parquet")]
const DAYS: std::ops::RangeInclusive<i32> = -719_162..=2_932_896;

/// A row.
#[derive(Clone, Copy)]
pub(super) enum Row<'a> {
    /// Of a delimited file.
    Line(&'a Line<'a>),
    /// Of a Parquet file.
    #[cfg(feature = "parquet")]
    Cells(&'a Rows, usize),
}

/// What a cell says, asked for something.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Said<T> {
    Nothing,
    Is(T),
    /// Something else than was asked for.
    Other,
}

impl<T> Said<T> {
    pub(super) fn value(self) -> Option<T> {
        match self {
            Said::Is(value) => Some(value),
            _ => None,
        }
    }

    fn of(value: Option<T>) -> Self {
        value.map_or(Said::Other, Said::Is)
    }
}

/// The identifier of a person.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Id<'a> {
    Number(i128),
    Text(&'a [u8]),
}

/// A whole number as OMOP's ids are.
pub(super) fn integer(bytes: &[u8]) -> Option<i64> {
    // Exports through spreadsheets and pandas write 8507.0.
    let bytes = bytes.strip_suffix(b".0").unwrap_or(bytes);
    let (negative, digits) = match bytes {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, bytes),
    };
    let (mut value, mut other) = (0_i64, digits.is_empty() || digits.len() > 18);
    for byte in digits.iter().take(18) {
        let digit = byte.wrapping_sub(b'0');
        other |= digit > 9;
        value = value.wrapping_mul(10).wrapping_add(digit.into());
    }
    if other {
        return std::str::from_utf8(bytes).ok()?.parse().ok();
    }
    Some(if negative { -value } else { value })
}

/// A field without the blanks around it; nothing where it says 'no value'.
#[inline]
fn plain(field: &[u8]) -> &[u8] {
    let field = field.trim_ascii();
    if field.len() < 5 && matches!(field, b"NULL" | b"null" | b"NA" | b"\\N" | b"NaN" | b"nan") { &[] } else { field }
}

fn letters(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => bytes.iter().map(|b| windows_1252(*b)).collect(),
    }
}

fn parse_day(text: &[u8]) -> Result<i32, DateFlaw> {
    date::parse(text, DateFormat::YearMonthDay)
        .or_else(|flaw| if flaw == DateFlaw::NoDate { date::parse(text, DateFormat::Compact) } else { Err(flaw) })
        // `01-JAN-2015`, as Oracle and SAS write it: the month in letters can be no other.
        .or_else(|flaw| {
            let named =
                if flaw == DateFlaw::NoSuchDay { Err(flaw) } else { date::parse(text, DateFormat::DayMonthNameYear) };
            named.map_err(|_no_name| flaw)
        })
}

impl<'a> Row<'a> {
    #[cfg(feature = "parquet")]
    fn cell(self, i: Option<usize>) -> Option<Cell<'a>> {
        match self {
            Row::Line(_) => None,
            Row::Cells(rows, row) => Some(i.map_or(Cell::Missing, |i| rows.cell(i, row))),
        }
    }

    /// The text of a line's field; nothing where the table has no such column.
    #[inline]
    fn field(self, i: Option<usize>) -> &'a [u8] {
        match self {
            Row::Line(line) => i.map_or(&[][..], |i| plain(line.field(i))),
            #[cfg(feature = "parquet")]
            Row::Cells(..) => match self.cell(i) {
                Some(Cell::Text(bytes)) => plain(bytes),
                _ => &[],
            },
        }
    }

    /// Whether the cell says nothing.
    pub(super) fn is_missing(self, i: Option<usize>) -> bool {
        #[cfg(feature = "parquet")]
        if let Some(cell) = self.cell(i)
            && !matches!(cell, Cell::Text(_))
        {
            return cell == Cell::Missing;
        }
        self.field(i).is_empty()
    }

    /// A cell as text; what is not UTF-8 is read as windows-1252.
    pub(super) fn text(self, i: Option<usize>) -> Cow<'a, str> {
        #[cfg(feature = "parquet")]
        match self.cell(i) {
            None | Some(Cell::Text(_)) => {}
            Some(Cell::Missing) => return Cow::Borrowed(""),
            Some(Cell::Int(v)) => return Cow::Owned(v.to_string()),
            Some(Cell::Unsigned(v)) => return Cow::Owned(v.to_string()),
            Some(Cell::Number(v)) => return Cow::Owned(v.to_string()),
            Some(Cell::Day(v)) => return Cow::Owned(columnar::day::format_iso(v)),
        }
        letters(self.field(i))
    }

    /// A cell as a whole number.
    #[inline]
    pub(super) fn integer(self, i: Option<usize>) -> Said<i64> {
        #[cfg(feature = "parquet")]
        match self.cell(i) {
            None | Some(Cell::Text(_)) => {}
            Some(Cell::Missing) => return Said::Nothing,
            Some(Cell::Int(v)) => return Said::Is(v),
            Some(Cell::Unsigned(v)) => return Said::of(i64::try_from(v).ok()),
            Some(Cell::Number(v)) => return Said::of(whole(v)),
            Some(Cell::Day(_)) => return Said::Other,
        }
        let field = self.field(i);
        if field.is_empty() { Said::Nothing } else { Said::of(integer(field)) }
    }

    /// A cell as a number that is finite.
    #[inline]
    pub(super) fn number(self, i: Option<usize>) -> Said<f64> {
        #[cfg(feature = "parquet")]
        #[expect(clippy::cast_precision_loss, reason = "a value is a number of 53 bits, here as in text")]
        match self.cell(i) {
            None | Some(Cell::Text(_)) => {}
            Some(Cell::Missing) => return Said::Nothing,
            Some(Cell::Int(v)) => return Said::Is(v as f64),
            Some(Cell::Unsigned(v)) => return Said::Is(v as f64),
            Some(Cell::Number(v)) => return Said::of(Some(v).filter(|v| v.is_finite())),
            Some(Cell::Day(_)) => return Said::Other,
        }
        let field = self.field(i);
        if field.is_empty() { Said::Nothing } else { Said::of(number::parse(field, b'.')) }
    }

    /// The day in a date column, else in the column of date and time beside it; nothing where neither says something.
    #[inline]
    pub(super) fn day(self, date: Option<usize>, time: Option<usize>) -> Option<Result<i32, DateFlaw>> {
        let column = if self.is_missing(date) { time } else { date };
        #[cfg(feature = "parquet")]
        match self.cell(column) {
            None | Some(Cell::Text(_)) => {}
            Some(Cell::Missing) => return None,
            Some(Cell::Day(v)) => return Some(if DAYS.contains(&v) { Ok(v) } else { Err(DateFlaw::NoSuchDay) }),
            Some(_) => return Some(parse_day(self.text(column).as_bytes())),
        }
        let field = self.field(column);
        if field.is_empty() { None } else { Some(parse_day(field)) }
    }

    /// A cell as the identifier of a person: 17 and 17.0 are one.
    #[inline]
    pub(super) fn id(self, i: Option<usize>) -> Option<Id<'a>> {
        #[cfg(feature = "parquet")]
        match self.cell(i) {
            None | Some(Cell::Text(_)) => {}
            Some(Cell::Missing | Cell::Day(_)) => return None,
            Some(Cell::Int(v)) => return Some(Id::Number(v.into())),
            Some(Cell::Unsigned(v)) => return Some(Id::Number(v.into())),
            Some(Cell::Number(v)) => return whole(v).map(|v| Id::Number(v.into())),
        }
        let field = self.field(i);
        let field = field.strip_suffix(b".0").unwrap_or(field);
        if field.is_empty() { None } else { Some(Id::Text(field)) }
    }
}

/// The whole number that a number is.
#[cfg(feature = "parquet")]
fn whole(v: f64) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "whole and below 2^53")]
    (v.fract() == 0.0 && v.abs() < 9_007_199_254_740_992.0).then_some(v as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers() {
        for (text, want) in [
            ("8507", Some(8507)),
            ("8507.0", Some(8507)),
            ("-3", Some(-3)),
            ("+3", Some(3)),
            ("9223372036854775807", Some(i64::MAX)),
            ("9223372036854775808", None),
            ("", None),
            ("-", None),
            ("1.5", None),
            ("1e3", None),
        ] {
            assert_eq!(integer(text.as_bytes()), want, "{text}");
        }
    }

    #[test]
    fn words_for_no_value() {
        for text in ["NULL", " null ", "\\N", "NaN", "", "  "] {
            assert!(plain(text.as_bytes()).is_empty(), "{text}");
        }
        assert_eq!(plain(b" NAD "), b"NAD");
    }
}
