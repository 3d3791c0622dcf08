//! A cell's value as text.

use columnar::day;

use super::styles::{Format, Styles};

/// A cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Words.
    Text(String),
    /// A number, a date or a truth value, as text.
    Value(String),
    /// An error.
    Error(CellError),
}

/// An error that a formula gave (`#DIV/0!`), or a date that there is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CellError(pub(crate) String);

impl Cell {
    /// Its text; nothing for an error.
    pub(crate) fn text(&self) -> &str {
        match self {
            Cell::Text(text) | Cell::Value(text) => text,
            Cell::Empty | Cell::Error(_) => "",
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Cell::Empty => true,
            Cell::Text(text) => text.trim().is_empty(),
            Cell::Value(_) | Cell::Error(_) => false,
        }
    }
}

/// What cells need to be read.
pub(super) struct Context<'a> {
    pub(super) strings: &'a [Box<str>],
    pub(super) styles: &'a Styles,
    pub(super) epoch_1904: bool,
}

impl Context<'_> {
    /// A cell by its type (`t`), style (`s`) and stored value.
    pub(super) fn cell(&self, kind: &str, style: usize, value: &str) -> Cell {
        match kind {
            "s" => match value.trim().parse::<usize>().ok().and_then(|i| self.strings.get(i)) {
                Some(text) if text.is_empty() => Cell::Empty,
                Some(text) => Cell::Text(text.to_string()),
                None => Cell::Error(CellError(format!("string {value} is not in the workbook"))),
            },
            "str" | "inlineStr" if value.is_empty() => Cell::Empty,
            "str" | "inlineStr" => Cell::Text(value.to_owned()),
            "b" => Cell::Value(if value.trim() == "1" { "TRUE" } else { "FALSE" }.to_owned()),
            "e" => Cell::Error(CellError(value.trim().to_owned())),
            "d" => Cell::Value(value.trim().replace('T', " ").trim_end_matches('Z').to_owned()),
            _ => self.number(style, value.trim()),
        }
    }

    fn number(&self, style: usize, value: &str) -> Cell {
        if value.is_empty() {
            return Cell::Empty;
        }
        let Some(number) = crate::number::parse(value.as_bytes(), b'.') else {
            return Cell::Text(value.to_owned());
        };
        match self.styles.get(style) {
            Format::Number => Cell::Value(number.to_string()),
            Format::Date => date(number, self.epoch_1904)
                .map_or_else(|| Cell::Error(CellError(format!("{number} is no date of Excel"))), Cell::Value),
            Format::Time => Cell::Value(time(number)),
        }
    }
}

/// A serial number as year-month-day, with the time where there is one. Excel's 1900 counts a 29 February 1900 that never
/// was: day 60 is no date, and days before it are one off.
fn date(serial: f64, epoch_1904: bool) -> Option<String> {
    if !(0.0..2_958_466.0).contains(&serial) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "below three million")]
    let (whole, seconds) = (serial.floor() as i32, (serial.fract() * 86_400.0).round() as i32);
    let (whole, seconds) = if seconds == 86_400 { (whole + 1, 0) } else { (whole, seconds) };
    let day = if epoch_1904 {
        whole - 24_107
    } else if whole == 60 || whole == 0 {
        return None;
    } else if whole < 60 {
        whole - 25_568
    } else {
        whole - 25_569
    };
    let date = day::format_iso(day);
    Some(if seconds == 0 { date } else { format!("{date} {}", clock(seconds)) })
}

fn clock(seconds: i32) -> String {
    format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// A part of a day, or several days, as hours, minutes and seconds.
fn time(days: f64) -> String {
    let seconds = (days * 86_400.0).round();
    if !(0.0..2e9).contains(&seconds) {
        return days.to_string();
    }
    #[expect(clippy::cast_possible_truncation, reason = "checked above")]
    clock(seconds as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serial_numbers_are_days_of_both_epochs() {
        let old = |serial| date(serial, false);
        assert_eq!(old(45_322.0).as_deref(), Some("2024-01-31"));
        assert_eq!(old(1.0).as_deref(), Some("1900-01-01"));
        assert_eq!(old(59.0).as_deref(), Some("1900-02-28"));
        assert_eq!(old(60.0), None);
        assert_eq!(old(61.0).as_deref(), Some("1900-03-01"));
        assert_eq!(old(45_322.427_083_333_336).as_deref(), Some("2024-01-31 10:15:00"));
        assert_eq!(old(45_321.999_999_99).as_deref(), Some("2024-01-31"));
        assert_eq!((old(-1.0), old(3e6), old(f64::NAN)), (None, None, None));
        assert_eq!(date(0.0, true).as_deref(), Some("1904-01-01"));
        assert_eq!(date(43_860.0, true).as_deref(), Some("2024-01-31"));
        assert_eq!(time(0.4375), "10:30:00");
        assert_eq!(time(1.5), "36:00:00");
    }
}
