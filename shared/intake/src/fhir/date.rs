//! Dates at every precision that FHIR allows: YYYY, YYYY-MM, YYYY-MM-DD, and date and time with a zone.
//!
//! The day of an event is the date as it is written, in the zone it is written in: it is the day on the wall of the
//! place where it happened. Only the order of versions compares instants.

use columnar::day;

/// How exact a date is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Precision {
    /// Only the year.
    Year,
    /// Year and month.
    Month,
    /// A day, or a time of it.
    Day,
}

/// A date of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct When {
    pub(super) year: i32,
    pub(super) month: Option<u32>,
    /// The first day it may mean.
    pub(super) first: i32,
    /// The last day it may mean.
    pub(super) last: i32,
    pub(super) precision: Precision,
}

/// Reads a date.
///
/// # Errors
/// In words, if it is no date or there is no such day.
pub(super) fn parse(text: &[u8]) -> Result<When, &'static str> {
    const NOT: &str = "not a date as FHIR writes it (year, year-month or year-month-day)";
    let text = text.trim_ascii();
    let cut = text.iter().position(|b| matches!(b, b'T' | b't' | b' ')).unwrap_or(text.len());
    let (date, time) = text.split_at(cut);
    if !time.is_empty() && !time.get(1).is_some_and(u8::is_ascii_digit) {
        return Err(NOT);
    }
    let number = |part: Option<&[u8]>| -> Option<u32> {
        let part = part.filter(|p| !p.is_empty() && p.iter().all(u8::is_ascii_digit))?;
        Some(part.iter().fold(0, |n, b| n * 10 + u32::from(b - b'0')))
    };
    let dashes = date.len() > 4 && date.get(4) == Some(&b'-') && (date.len() == 7 || date.get(7) == Some(&b'-'));
    let (year, month, of_month) = (number(date.get(..4)), number(date.get(5..7)), number(date.get(8..)));
    let Some(year) = year.and_then(|y| i32::try_from(y).ok()) else { return Err(NOT) };
    let no_such = "there is no such day";
    let at = |month, of_month| day::from_ymd(year, month, of_month).ok_or(no_such);
    let (first, last, precision) = match (date.len(), dashes, month, of_month) {
        (4, ..) => (at(1, 1)?, at(12, 31)?, Precision::Year),
        (7, true, Some(m), _) => (at(m, 1)?, at(m, day::days_in_month(year, m))?, Precision::Month),
        (10, true, Some(m), Some(d)) => (at(m, d)?, at(m, d)?, Precision::Day),
        _ => return Err(NOT),
    };
    if !time.is_empty() && precision != Precision::Day {
        return Err(NOT);
    }
    Ok(When { year, month: month.filter(|_| precision > Precision::Year), first, last, precision })
}

/// Microseconds since 1970 of a date with a time and a zone (none: UTC), to compare versions.
pub(super) fn instant(text: &[u8]) -> Option<i64> {
    const DAY: i64 = 86_400_000_000;
    let text = text.trim_ascii();
    let when = parse(text).ok().filter(|w| w.precision == Precision::Day)?;
    let two = |at: usize| -> Option<i64> {
        let pair = text.get(at..at + 2)?.iter().all(u8::is_ascii_digit).then(|| text.get(at..at + 2))??;
        Some(pair.iter().fold(0, |n, b| n * 10 + i64::from(b - b'0')))
    };
    let start = i64::from(when.first) * DAY;
    let (Some(hour), Some(minute)) = (two(11), two(14)) else { return Some(start) };
    let mut micros = start + (hour * 60 + minute) * 60_000_000 + two(17).unwrap_or(0) * 1_000_000;
    let mut unit = 100_000;
    let mut at = 19;
    if text.get(at) == Some(&b'.') {
        at += 1;
        while let Some(digit) = text.get(at).filter(|b| b.is_ascii_digit()) {
            micros += i64::from(digit - b'0') * unit;
            unit /= 10;
            at += 1;
        }
    }
    let offset = |at: usize| Some((two(at + 1)? * 60 + two(at + 4)?) * 60_000_000);
    match text.get(at) {
        Some(b'+') => Some(micros - offset(at)?),
        Some(b'-') => Some(micros + offset(at)?),
        _ => Some(micros),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(y: i32, m: u32, d: u32) -> i32 {
        day::from_ymd(y, m, d).unwrap()
    }

    #[test]
    fn every_precision() {
        for (text, first, last) in [
            ("2024", d(2024, 1, 1), d(2024, 12, 31)),
            ("2024-02", d(2024, 2, 1), d(2024, 2, 29)),
            ("2024-02-29", d(2024, 2, 29), d(2024, 2, 29)),
            // The day as it is written, not as UTC would have it.
            ("2024-01-31T23:59:59-05:00", d(2024, 1, 31), d(2024, 1, 31)),
            ("2015-02-07T13:28:17.239+02:00", d(2015, 2, 7), d(2015, 2, 7)),
            ("2015-02-07T13:28Z", d(2015, 2, 7), d(2015, 2, 7)),
        ] {
            let when = parse(text.as_bytes()).unwrap();
            assert_eq!((when.first, when.last), (first, last), "{text}");
        }
    }

    #[test]
    fn what_is_no_date() {
        for text in [
            "",
            "24",
            "2024-13",
            "2023-02-29",
            "2024-00-10",
            "20240131",
            "2024-1-31",
            "2024-01-31T",
            "2024-01-31Tnoon",
            "2024T10:00",
            "yesterday",
            "2024-01-31-01",
            "02/03/2024",
            "2024-01-xx",
        ] {
            assert!(parse(text.as_bytes()).is_err(), "{text}");
        }
    }

    #[test]
    fn instants_know_their_zone() {
        let i = |t: &str| instant(t.as_bytes());
        assert_eq!(i("1970-01-01T00:00:01.5Z"), Some(1_500_000));
        assert_eq!(i("2024-01-01T00:00:00+02:00"), i("2023-12-31T22:00:00Z"));
        assert_eq!(i("2024-01-01T00:00:00.000001-01:00"), i("2024-01-01T01:00:00.000001Z"));
        assert_eq!(i("2024"), None);
    }
}
