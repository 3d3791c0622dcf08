//! Calendar dates in the orders people write them.

use columnar::day;
use model::calendar::MONTH_NAMES as MONTHS;
use model::intake::DateFormat;

/// Why a text is no date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DateFlaw {
    /// Not in this order, or no date at all.
    NoDate,
    /// In this order, but there is no such day.
    NoSuchDay,
    /// The year has two digits: the century is not known.
    ShortYear,
}

impl DateFlaw {
    pub(crate) fn reason(self, format: DateFormat) -> String {
        let order = words(format);
        match self {
            DateFlaw::NoDate => format!("not a date written as {order}; set to missing"),
            DateFlaw::NoSuchDay => format!("there is no such day, read as {order}; set to missing"),
            DateFlaw::ShortYear => "a year of two digits: the century is not known; set to missing".to_owned(),
        }
    }
}

/// A format in words.
pub(crate) fn words(format: DateFormat) -> &'static str {
    match format {
        DateFormat::YearMonthDay => "year-month-day",
        DateFormat::DayMonthYear => "day-month-year",
        DateFormat::MonthDayYear => "month-day-year",
        DateFormat::Compact => "yyyymmdd",
        DateFormat::DayMonthNameYear => "day-month name-year",
    }
}

/// The day of a date in a format; blanks around it and a time behind it are allowed.
#[inline]
pub(crate) fn parse(text: &[u8], format: DateFormat) -> Result<i32, DateFlaw> {
    if format == DateFormat::YearMonthDay
        && let Some(day) = day::parse_iso(text)
    {
        return Ok(day);
    }
    let text = without_time(text.trim_ascii());
    let (year, month, day) = match format {
        DateFormat::Compact => compact(text)?,
        DateFormat::DayMonthNameYear => named(text)?,
        _ => {
            let [a, b, c] = three(text)?;
            match format {
                DateFormat::YearMonthDay => (year(a)?, number(b, 2)?, number(c, 2)?),
                DateFormat::DayMonthYear => (year(c)?, number(b, 2)?, number(a, 2)?),
                _ => (year(c)?, number(a, 2)?, number(b, 2)?),
            }
        }
    };
    let year = i32::try_from(year).unwrap_or(i32::MAX);
    day::from_ymd(year, month, day).ok_or(DateFlaw::NoSuchDay)
}

/// Cuts ` 10:15`, `T10:15:00Z` off.
fn without_time(text: &[u8]) -> &[u8] {
    let is_time = |rest: &[u8]| match rest {
        [b'T' | b't' | b' ', digit, ..] if digit.is_ascii_digit() => rest.contains(&b':'),
        _ => false,
    };
    let cut = text.iter().enumerate().find(|(i, _)| is_time(text.get(*i..).unwrap_or_default())).map(|(i, _)| i);
    cut.and_then(|i| text.get(..i)).unwrap_or(text).trim_ascii()
}

fn three(text: &[u8]) -> Result<[&[u8]; 3], DateFlaw> {
    let separator = text.iter().copied().find(|b| matches!(b, b'-' | b'/' | b'.')).ok_or(DateFlaw::NoDate)?;
    let mut parts = text.split(|&b| b == separator);
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(a), Some(b), Some(c), None) => Ok([a.trim_ascii(), b.trim_ascii(), c.trim_ascii()]),
        _ => Err(DateFlaw::NoDate),
    }
}

fn number(text: &[u8], max_digits: usize) -> Result<u32, DateFlaw> {
    if text.is_empty() || text.len() > max_digits || !text.iter().all(u8::is_ascii_digit) {
        return Err(DateFlaw::NoDate);
    }
    Ok(text.iter().fold(0, |n, b| n * 10 + u32::from(b - b'0')))
}

fn year(text: &[u8]) -> Result<u32, DateFlaw> {
    let value = number(text, 4)?;
    match text.len() {
        4 => Ok(value),
        2 => Err(DateFlaw::ShortYear),
        _ => Err(DateFlaw::NoDate),
    }
}

fn compact(text: &[u8]) -> Result<(u32, u32, u32), DateFlaw> {
    match (text.len(), text.get(..4), text.get(4..6), text.get(6..8)) {
        (8, Some(y), Some(m), Some(d)) => Ok((number(y, 4)?, number(m, 2)?, number(d, 2)?)),
        _ => Err(DateFlaw::NoDate),
    }
}

fn named(text: &[u8]) -> Result<(u32, u32, u32), DateFlaw> {
    let mut parts = text.split(|b| matches!(b, b'-' | b'/' | b'.' | b' ' | b',')).filter(|p| !p.is_empty());
    let (Some(d), Some(m), Some(y), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return Err(DateFlaw::NoDate);
    };
    let m = std::str::from_utf8(m).unwrap_or_default().to_ascii_lowercase();
    let month = MONTHS.iter().position(|name| m.len() >= 3 && name.starts_with(m.as_str())).ok_or(DateFlaw::NoDate)?;
    Ok((year(y)?, u32::try_from(month + 1).unwrap_or(0), number(d, 2)?))
}

/// All formats, in the order they are tried.
pub(crate) const ALL: [DateFormat; 5] = [
    DateFormat::YearMonthDay,
    DateFormat::DayMonthYear,
    DateFormat::MonthDayYear,
    DateFormat::Compact,
    DateFormat::DayMonthNameYear,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_styles_of_one_day() {
        let want = day::from_ymd(2024, 1, 31).unwrap();
        for (text, format) in [
            ("2024-01-31", DateFormat::YearMonthDay),
            ("2024/1/31", DateFormat::YearMonthDay),
            ("2024-01-31 00:00:00", DateFormat::YearMonthDay),
            ("2024-01-31T23:59:59.5+01:00", DateFormat::YearMonthDay),
            ("31.01.2024", DateFormat::DayMonthYear),
            ("31/1/2024 8:15", DateFormat::DayMonthYear),
            ("01/31/2024", DateFormat::MonthDayYear),
            ("20240131", DateFormat::Compact),
            ("31-Jan-2024", DateFormat::DayMonthNameYear),
            (" 31 january 2024 ", DateFormat::DayMonthNameYear),
        ] {
            assert_eq!(parse(text.as_bytes(), format), Ok(want), "{text}");
        }
        assert_eq!(parse(b"1937-12-1", DateFormat::YearMonthDay), Ok(day::from_ymd(1937, 12, 1).unwrap()));
    }

    #[test]
    fn the_calendars_of_columns_and_documents_agree() {
        use model::calendar;
        for day in (-719_528..=2_932_896).step_by(97).chain([i32::MIN, i32::MAX]) {
            assert_eq!(calendar::to_ymd(day), day::to_ymd(day));
            assert_eq!(calendar::iso(day), day::format_iso(day));
        }
        for (year, month) in (0..=9999).step_by(7).flat_map(|year| (0..=13).map(move |month| (year, month))) {
            assert_eq!(calendar::days_in_month(year, month), day::days_in_month(year, month));
            for of_month in [0, 1, 28, 29, 30, 31, 32] {
                assert_eq!(calendar::from_ymd(year, month, of_month), day::from_ymd(year, month, of_month));
            }
        }
    }

    #[test]
    fn what_is_no_day() {
        for (text, format, flaw) in [
            ("2023-02-29", DateFormat::YearMonthDay, DateFlaw::NoSuchDay),
            ("31.04.2024", DateFormat::DayMonthYear, DateFlaw::NoSuchDay),
            ("31/01/2024", DateFormat::MonthDayYear, DateFlaw::NoSuchDay),
            ("00000000", DateFormat::Compact, DateFlaw::NoSuchDay),
            ("31.01.24", DateFormat::DayMonthYear, DateFlaw::ShortYear),
            ("yesterday", DateFormat::YearMonthDay, DateFlaw::NoDate),
            ("", DateFormat::Compact, DateFlaw::NoDate),
            ("2024-01", DateFormat::YearMonthDay, DateFlaw::NoDate),
            ("1 Foo 2024", DateFormat::DayMonthNameYear, DateFlaw::NoDate),
            ("2024-01-31-01", DateFormat::YearMonthDay, DateFlaw::NoDate),
        ] {
            assert_eq!(parse(text.as_bytes(), format), Err(flaw), "{text}");
        }
    }
}
