//! Calendar dates in the orders people write them.

use columnar::day;
use model::calendar::MONTH_NAMES as MONTHS;
use model::intake::{ColumnPlan, DateFormat};

/// Why a text is no date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DateFlaw {
    /// Not in this order, or no date at all.
    NoDate,
    /// In this order, but there is no such day.
    NoSuchDay,
    /// The year has two digits: the century is not known.
    ShortYear,
    /// A day that systems write where there is none: 9999-12-31, 1900-01-01.
    NoRealDay,
}

impl DateFlaw {
    pub(crate) fn reason(self, format: DateFormat) -> String {
        let order = words(format);
        match self {
            DateFlaw::NoDate => format!("not a date written as {order}; set to missing"),
            DateFlaw::NoSuchDay => format!("there is no such day, read as {order}; set to missing"),
            DateFlaw::NoRealDay => {
                "a day that stands for 'no date' (such as 9999-12-31 and 1900-01-01); set to missing".to_owned()
            }
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

/// How the dates of a column are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Written {
    pub(crate) format: DateFormat,
    /// Years of two digits are of the hundred years up to this one; absent: their century is not known.
    pub(crate) last_year: Option<i32>,
    /// They are births: some systems put those of the oldest three hundred years back.
    pub(crate) are_births: bool,
}

impl Written {
    pub(crate) fn of(plan: &ColumnPlan, this_year: Option<i32>) -> Self {
        let format = plan.date_format.unwrap_or(DateFormat::YearMonthDay);
        let are_births = plan.identifier_class.as_deref() == Some("birth_date");
        Self { format, last_year: this_year.filter(|_| plan.short_years), are_births }
    }

    #[inline]
    pub(crate) fn parse(self, text: &[u8]) -> Result<i32, DateFlaw> {
        let day = match parse(text, self.format) {
            Err(DateFlaw::ShortYear) if self.last_year.is_some() => parse_within(text, self.format, self.last_year),
            result => result,
        }?;
        if is_no_day(day, self.are_births) { Err(DateFlaw::NoRealDay) } else { Ok(day) }
    }
}

/// The first days of the years 1850 and 2300 (dates that were moved into the next century are days), of 1900, and the two before it, with
/// which spreadsheets begin to count.
const FIRST: i32 = -43_829;
const LAST: i32 = 120_530;
/// The first day of 1750; those of 1753, 1800 and 1841, with which databases begin.
const FIRST_BIRTH: i32 = -80_353;
const OLDER: [i32; 3] = [-79_257, -62_091, -47_116];
const OF_1900: [i32; 3] = [-25_567, -25_568, -25_569];

/// Whether a day stands for none.
#[inline]
fn is_no_day(day: i32, is_birth: bool) -> bool {
    let first = if is_birth { FIRST_BIRTH } else { FIRST };
    !(first..LAST).contains(&day) || OF_1900.contains(&day) || OLDER.contains(&day)
}

/// What was done with years of two digits of some columns, in words; nothing where there are none.
pub(crate) fn short_years(table: &str, columns: &[&ColumnPlan], this_year: Option<i32>) -> Option<String> {
    let is_read = |c: &&&ColumnPlan| c.short_years && c.role.is_day();
    let names: Vec<String> = columns.iter().filter(is_read).map(|c| format!("'{}'", c.name)).collect();
    let (last, names) = (this_year?, names.join(", "));
    (!names.is_empty()).then(|| {
        format!("{table}: years of two digits were read as {} to {last} (in {names}).", last.saturating_sub(99))
    })
}

/// The day of a date in a format; blanks around it and a time behind it are allowed.
#[inline]
pub(crate) fn parse(text: &[u8], format: DateFormat) -> Result<i32, DateFlaw> {
    if format == DateFormat::YearMonthDay
        && let Some(day) = day::parse_iso(text)
    {
        return Ok(day);
    }
    parse_within(text, format, None)
}

/// [`parse`], with years of two digits as those of the hundred years up to one.
fn parse_within(text: &[u8], format: DateFormat, last_year: Option<i32>) -> Result<i32, DateFlaw> {
    let text = without_time(without_weekday(text.trim_ascii()));
    // A year of four digits before the others can be read in one way only: workbooks hold such among dates as they were typed.
    if matches!(format, DateFormat::DayMonthYear | DateFormat::MonthDayYear | DateFormat::DayMonthNameYear)
        && matches!(text, [a, b, c, d, b'-' | b'/', ..] if [a, b, c, d].iter().all(|digit| digit.is_ascii_digit()))
    {
        return parse(text, DateFormat::YearMonthDay);
    }
    let year = |text: &[u8]| year(text, last_year);
    let (year, month, day) = match format {
        DateFormat::Compact => compact(text)?,
        DateFormat::DayMonthNameYear => named(text, last_year)?,
        _ => {
            let [a, b, c] = three(text)?;
            let (y, m, d) = match format {
                DateFormat::YearMonthDay => (a, b, c),
                DateFormat::DayMonthYear => (c, b, a),
                _ => (c, a, b),
            };
            // The year last: what is no date has no year of two digits.
            let (month, day) = (number(m, 2)?, number(d, 2)?);
            (year(y)?, month, day)
        }
    };
    let year = i32::try_from(year).unwrap_or(i32::MAX);
    day::from_ymd(year, month, day).ok_or(DateFlaw::NoSuchDay)
}

/// Cuts ` 10:15`, `T10:15:00Z` off.
fn without_time(text: &[u8]) -> &[u8] {
    // One or two digits and a colon: `31 Jan 2024 10:15` has a blank before the year too.
    let is_time = |rest: &[u8]| match rest {
        [b'T' | b't' | b' ', a, b':', ..] => a.is_ascii_digit(),
        [b'T' | b't' | b' ', a, b, b':', ..] => a.is_ascii_digit() && b.is_ascii_digit(),
        // As Oracle writes it: `15-JAN-19 10.15.00.000000 AM`.
        [b' ', a, b, b'.', c, d, b'.', ..] => [a, b, c, d].iter().all(|digit| digit.is_ascii_digit()),
        _ => false,
    };
    // As Meditech writes it: `03/01/2021 0830`.
    if let Some((date, time)) = split_at_blank(text)
        && time.len() == 4
        && time.iter().all(u8::is_ascii_digit)
        && date.last().is_some_and(u8::is_ascii_digit)
        && date.iter().filter(|b| matches!(b, b'-' | b'/' | b'.')).count() == 2
        && !date.contains(&b' ')
    {
        return date;
    }
    let cut = text.iter().enumerate().find(|(i, _)| is_time(text.get(*i..).unwrap_or_default())).map(|(i, _)| i);
    cut.and_then(|i| text.get(..i)).unwrap_or(text).trim_ascii()
}

/// Days of the week, and how they are shortened, in English, German, French, Spanish, Italian and Dutch.
const WEEKDAYS: &str = "mon monday tue tues tuesday wed wednesday thu thur thurs thursday fri friday sat saturday sun sunday mo montag di \
                        dienstag mi mittwoch do donnerstag fr freitag sa samstag sonnabend so sonntag lun lundi lunes mar mardi martes mer mercredi \
                        jeu jeudi ven vendredi sam samedi dim dimanche mie miercoles jue jueves vie viernes sab sabado dom domingo ma wo vr za zo";

/// Cuts `Mo, ` and `Friday ` off, where a date in digits stands behind.
fn without_weekday(text: &[u8]) -> &[u8] {
    if !text.first().is_some_and(u8::is_ascii_alphabetic) {
        return text;
    }
    let end = text.iter().position(|b| !b.is_ascii_alphabetic()).unwrap_or(text.len());
    let (word, rest) = text.split_at_checked(end).unwrap_or((text, b""));
    let begin = rest.iter().position(u8::is_ascii_digit).unwrap_or(rest.len());
    let (between, rest) = rest.split_at_checked(begin).unwrap_or((rest, b""));
    let is_marks = !between.is_empty() && between.iter().all(|b| matches!(b, b' ' | b',' | b'.'));
    let has_parts = rest.iter().filter(|b| matches!(b, b'.' | b'/' | b'-')).count() >= 2;
    let is_day = WEEKDAYS.split_whitespace().any(|day| word.eq_ignore_ascii_case(day.as_bytes()));
    if is_marks && has_parts && is_day { rest } else { text }
}

/// What stands before the last blank, and behind it.
fn split_at_blank(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = text.iter().rposition(|b| *b == b' ')?;
    Some((text.get(..at)?, text.get(at + 1..)?))
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

fn year(text: &[u8], last_year: Option<i32>) -> Result<u32, DateFlaw> {
    let value = number(text, 4)?;
    match (text.len(), last_year.and_then(|year| u32::try_from(year).ok())) {
        (4, _) => Ok(value),
        (2, None) => Err(DateFlaw::ShortYear),
        (2, Some(last)) => {
            let of_this_century = last - last % 100 + value;
            let year = if of_this_century > last { of_this_century.checked_sub(100) } else { Some(of_this_century) };
            year.ok_or(DateFlaw::ShortYear)
        }
        _ => Err(DateFlaw::NoDate),
    }
}

fn compact(text: &[u8]) -> Result<(u32, u32, u32), DateFlaw> {
    match (text.len(), text.get(..4), text.get(4..6), text.get(6..8)) {
        (8, Some(y), Some(m), Some(d)) => Ok((number(y, 4)?, number(m, 2)?, number(d, 2)?)),
        _ => Err(DateFlaw::NoDate),
    }
}

/// `31-Jan-2024`, `31 January 2024`, `01JAN2020` and `01JAN2020:13:45:00` as SAS writes them, `Jan 31, 2024`; months also in other
/// languages.
fn named(text: &[u8], last_year: Option<i32>) -> Result<(u32, u32, u32), DateFlaw> {
    let text = std::str::from_utf8(text).map_err(|_no_text| DateFlaw::NoDate)?;
    let text = text.split(':').next().unwrap_or_default();
    let is_end = |c: char| matches!(c, '-' | '/' | '.' | ' ' | ',');
    let mut parts: [&str; 3] = [""; 3];
    let mut n = 0;
    for piece in text.split(is_end).filter(|p| !p.is_empty()) {
        // Letters and digits are told apart without a sign between them.
        let mut rest = piece;
        while let Some(first) = rest.chars().next() {
            let end = rest.find(|c: char| c.is_ascii_digit() != first.is_ascii_digit()).unwrap_or(rest.len());
            let (part, behind) = rest.split_at_checked(end).unwrap_or((rest, ""));
            *parts.get_mut(n).ok_or(DateFlaw::NoDate)? = part;
            n += 1;
            rest = behind;
        }
    }
    let [first, second, y] = parts;
    let (d, m) = if first.starts_with(|c: char| c.is_ascii_digit()) { (first, second) } else { (second, first) };
    if n != 3 {
        return Err(DateFlaw::NoDate);
    }
    // The month first: `I10.00` has none, and is no date with a year of two digits.
    let (month, day) = (month(m).ok_or(DateFlaw::NoDate)?, number(d.as_bytes(), 2)?);
    Ok((year(y.as_bytes(), last_year)?, month, day))
}

/// Months in German, French, Spanish, Italian, Portuguese and Dutch where they begin otherwise than in English, without accents; with
/// their number.
const ABROAD: [(&str, u32); 32] = [
    ("januar", 1),
    ("janvier", 1),
    ("enero", 1),
    ("gennaio", 1),
    ("fevrier", 2),
    ("febrero", 2),
    ("fevereiro", 2),
    ("maerz", 3),
    ("marz", 3),
    ("mrz", 3),
    ("mars", 3),
    ("marco", 3),
    ("maart", 3),
    ("mrt", 3),
    ("avril", 4),
    ("abril", 4),
    ("mai", 5),
    ("maggio", 5),
    ("mei", 5),
    ("maio", 5),
    ("mayo", 5),
    ("juin", 6),
    ("giugno", 6),
    ("juillet", 7),
    ("luglio", 7),
    ("aout", 8),
    ("agosto", 8),
    ("settembre", 9),
    ("oktober", 10),
    ("ottobre", 10),
    ("dezember", 12),
    ("diciembre", 12),
];

/// The month that a name or its beginning (three letters at least) is; nothing where it could be two.
fn month(name: &str) -> Option<u32> {
    let mut plain = String::with_capacity(name.len());
    for c in name.chars().flat_map(char::to_lowercase) {
        plain.push(match c {
            'ä' | 'á' | 'à' => 'a',
            'é' | 'è' => 'e',
            'û' | 'ú' => 'u',
            'ç' => 'c',
            c => c,
        });
    }
    if plain.len() < 3 {
        return None;
    }
    if let Some(i) = MONTHS.iter().position(|month| month.starts_with(plain.as_str())) {
        return u32::try_from(i + 1).ok();
    }
    let mut found = ABROAD.iter().filter(|(month, _)| month.starts_with(plain.as_str())).map(|(_, n)| *n);
    let first = found.next()?;
    found.all(|n| n == first).then_some(first)
}

/// Whether a text is a date without a day: `2020-03`, `03/2020`, `03.2020`, `Mar 2020`, `UN-MAR-2020`, `2020-03-UU`.
pub(crate) fn is_partial(text: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(text.trim_ascii()) else { return false };
    if text.len() > 16 {
        return false;
    }
    let parts: Vec<&str> = text.split(['-', '/', '.', ' ']).filter(|p| !p.is_empty()).collect();
    let is_year = |p: &str| p.len() == 4 && p.parse::<u32>().is_ok_and(|y| (1850..=2150).contains(&y));
    let is_month = |p: &str| {
        (p.len() <= 2 && p.parse::<u32>().is_ok_and(|m| (1..=12).contains(&m))) || (p.len() > 2 && month(p).is_some())
    };
    let unknown = |p: &str| {
        matches!(p, "UN" | "UNK" | "UU" | "UK" | "XX" | "NK" | "un" | "unk" | "xx" | "00" | "--" | "?" | "??")
    };
    match parts[..] {
        [a, b] => (is_year(a) && is_month(b)) || (is_month(a) && is_year(b)),
        [a, b, c] => {
            (is_year(a) && unknown(c) && (is_month(b) || unknown(b)))
                || (is_year(c) && ((unknown(a) && (is_month(b) || unknown(b))) || (unknown(b) && is_month(a))))
        }
        _ => false,
    }
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
            ("31JAN2024", DateFormat::DayMonthNameYear),
            ("31JAN2024:13:45:00", DateFormat::DayMonthNameYear),
            ("31 Jan 2024 10:15", DateFormat::DayMonthNameYear),
            ("Jan 31, 2024", DateFormat::DayMonthNameYear),
            ("31. Januar 2024", DateFormat::DayMonthNameYear),
            ("31 janv. 2024", DateFormat::DayMonthNameYear),
            ("31-ene-2024", DateFormat::DayMonthNameYear),
            ("31.01.2024 10:15", DateFormat::DayMonthYear),
            ("2024-01-31", DateFormat::DayMonthYear),
            ("2024-01-31", DateFormat::DayMonthNameYear),
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
    fn months_of_other_languages() {
        for (text, month) in
            [("1. März 2024", 3), ("1 févr. 2024", 2), ("1 août 2024", 8), ("01DEZ2024", 12), ("1 mai 2024", 5)]
        {
            let day = parse(text.as_bytes(), DateFormat::DayMonthNameYear).unwrap_or_else(|_| panic!("{text}"));
            assert_eq!(day, day::from_ymd(2024, month, 1).unwrap(), "{text}");
        }
        // June or July.
        assert!(parse("1 jui 2024".as_bytes(), DateFormat::DayMonthNameYear).is_err());
    }

    #[test]
    fn dates_without_a_day() {
        for text in [
            "2020-03",
            "03/2020",
            "3.2020",
            "Mar 2020",
            "UN-MAR-2020",
            "2020-03-UU",
            "2020-UN-UN",
            "MAR-2020",
            "2020/03",
        ] {
            assert!(is_partial(text.as_bytes()), "{text}");
        }
        for text in ["2020", "2020-03-01", "03-04", "12.5", "2020-13", "1-3", "20-30", "0.2020", "2020-2021", ""] {
            assert!(!is_partial(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn years_of_two_digits_are_of_the_hundred_years_up_to_one() {
        let to = |last_year, format| Written { format, last_year, are_births: false };
        for (text, format, want) in [
            ("1/15/19", DateFormat::MonthDayYear, (2019, 1, 15)),
            ("03.02.47", DateFormat::DayMonthYear, (1947, 2, 3)),
            ("31.12.26", DateFormat::DayMonthYear, (2026, 12, 31)),
            ("1/1/27", DateFormat::MonthDayYear, (1927, 1, 1)),
            ("19-01-15", DateFormat::YearMonthDay, (2019, 1, 15)),
            ("15-JAN-19 10.15.00.000000 AM", DateFormat::DayMonthNameYear, (2019, 1, 15)),
            ("15-JAN-2019", DateFormat::DayMonthNameYear, (2019, 1, 15)),
            ("01/15/19 0830", DateFormat::MonthDayYear, (2019, 1, 15)),
        ] {
            let (year, month, of_month) = want;
            let day = day::from_ymd(year, month, of_month).unwrap();
            assert_eq!(to(Some(2026), format).parse(text.as_bytes()), Ok(day), "{text}");
        }
        let dmy = to(None, DateFormat::DayMonthYear);
        assert_eq!(dmy.parse(b"03.02.47"), Err(DateFlaw::ShortYear));
        assert_eq!(to(Some(2026), DateFormat::DayMonthYear).parse(b"30.02.24"), Err(DateFlaw::NoSuchDay));
    }

    #[test]
    fn days_that_stand_for_none_are_none() {
        let ymd = Written { format: DateFormat::YearMonthDay, last_year: None, are_births: false };
        for text in ["9999-12-31", "2999-01-01", "1900-01-01", "1899-12-30", "0001-01-01", "1841-01-01", "1753-01-01"] {
            assert_eq!(ymd.parse(text.as_bytes()), Err(DateFlaw::NoRealDay), "{text}");
        }
        for text in ["1850-01-01", "1900-01-02", "2299-12-31", "2180-05-06", "1899-12-29"] {
            assert!(ymd.parse(text.as_bytes()).is_ok(), "{text}");
        }
        let births = Written { are_births: true, ..ymd };
        assert!(
            births.parse(b"1801-05-06").is_ok()
                && births.parse(b"1753-01-01").is_err()
                && births.parse(b"1700-01-01").is_err()
        );
        let dmy = Written { format: DateFormat::DayMonthYear, last_year: None, are_births: false };
        let day = day::from_ymd(2021, 3, 1).unwrap();
        for text in ["Mo, 01.03.2021", "Montag, 1.3.2021 08:15", "lun. 01/03/2021"] {
            assert_eq!(dmy.parse(text.as_bytes()), Ok(day), "{text}");
        }
        assert_eq!(dmy.parse(b"Xy, 01.03.2021"), Err(DateFlaw::NoDate));
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
            // A barcode; codes of diagnoses.
            ("TCGA-0001-01", DateFormat::DayMonthYear, DateFlaw::NoDate),
            ("I10.00", DateFormat::DayMonthNameYear, DateFlaw::NoDate),
            ("E11.90", DateFormat::DayMonthNameYear, DateFlaw::NoDate),
        ] {
            assert_eq!(parse(text.as_bytes(), format), Err(flaw), "{text}");
        }
    }
}
