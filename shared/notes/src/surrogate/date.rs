//! Dates of a text, moved and written as they were.

use super::DateChange;
use crate::scan::MONTH_NAMES as MONTHS;

/// A year for dates without one: it has no 29 February, and none can be told from it.
const SOME_YEAR: i32 = 2001;

/// A part of a date as it stands in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Digits,
    Letters,
    Other,
}

#[derive(Clone, Copy, Debug)]
struct Part<'a> {
    kind: Kind,
    text: &'a str,
}

/// Which parts are day, month and year.
#[derive(Clone, Copy, Debug, Default)]
struct Layout {
    year: Option<usize>,
    month: usize,
    day: Option<usize>,
}

fn kind(c: char) -> Kind {
    if c.is_ascii_digit() {
        Kind::Digits
    } else if c.is_alphabetic() {
        Kind::Letters
    } else {
        Kind::Other
    }
}

fn parts(text: &str) -> Vec<Part<'_>> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let of = kind(first);
        let end = rest.char_indices().find(|(_, c)| kind(*c) != of).map_or(rest.len(), |(at, _)| at);
        let (piece, behind) = rest.split_at(end);
        out.push(Part { kind: of, text: piece });
        rest = behind;
    }
    out
}

/// The date in the place of `found`; nothing where it cannot be read.
pub(super) fn surrogate(found: &str, change: DateChange) -> Option<String> {
    let all = parts(found);
    if let [Part { kind: Kind::Digits, text }] = all.as_slice() {
        return compact(text, change);
    }
    let layout = layout(&all)?;
    if !all.iter().enumerate().all(|(i, part)| is_understood(&all, layout, i, *part)) {
        return None;
    }
    let year = match layout.year.and_then(|i| all.get(i)) {
        Some(part) => full_year(part.text)?,
        None => SOME_YEAR,
    };
    let DateChange::Shift(days) = change else {
        return layout.year.map(|_| year.to_string());
    };
    let month = month_of(all.get(layout.month)?.text)?;
    let day = match layout.day.and_then(|i| all.get(i)) {
        Some(part) => part.text.parse().ok()?,
        // The middle of the month.
        None => 15,
    };
    let moved = from_days(to_days(year, month, day)?.checked_add(days)?);
    Some(written(&all, layout, moved))
}

/// Whether a part may stand in the surrogate: of what is not read as a date only words of dates and times stay.
fn is_understood(all: &[Part<'_>], layout: Layout, i: usize, part: Part<'_>) -> bool {
    if i == layout.month || Some(i) == layout.day || Some(i) == layout.year {
        return true;
    }
    let before = i.checked_sub(1).and_then(|b| all.get(b)).map_or("", |p| p.text);
    match part.kind {
        Kind::Other => true,
        Kind::Letters => {
            let word = part.text.to_lowercase();
            is_ordinal(part.text) || matches!(word.as_str(), "t" | "z" | "of" | "the" | "am" | "pm" | "a" | "p" | "m")
        }
        Kind::Digits => {
            let in_time = all.iter().take(i).any(|p| p.text.contains(':'));
            part.text.len() <= 2 && (is_time(all, i) || before.contains(':'))
                || (in_time && matches!(before, "." | "+" | "-"))
        }
    }
}

/// 20200301.
fn compact(text: &str, change: DateChange) -> Option<String> {
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<u32>().ok();
    let (y, m, d) = (i32::try_from(number(0, 4)?).ok()?, number(4, 6)?, number(6, 8)?);
    match change {
        DateChange::Year => Some(y.to_string()),
        DateChange::Shift(days) => {
            let (y, m, d) = from_days(to_days(y, m, d)?.checked_add(days)?);
            (text.len() == 8).then(|| format!("{y:04}{m:02}{d:02}"))
        }
    }
}

/// Finds out which parts are what; a time behind the date is left alone.
fn layout(all: &[Part<'_>]) -> Option<Layout> {
    let digits: Vec<usize> = indices(all, Kind::Digits);
    let number = |i: usize| all.get(i).and_then(|p| p.text.parse::<u32>().ok());
    let len = |i: usize| all.get(i).map_or(0, |p| p.text.len());
    if let Some(name) =
        all.iter().position(|p| p.kind == Kind::Letters && p.text.len() > 2 && month_of(p.text).is_some())
    {
        let before = digits.iter().copied().rfind(|i| *i < name && len(*i) <= 2);
        let behind: Vec<usize> = digits.iter().copied().filter(|i| *i > name).collect();
        return Some(match (before, behind.as_slice()) {
            (Some(day), rest) => {
                let year = rest.first().copied().filter(|i| len(*i) == 4 || (len(*i) == 2 && !is_time(all, *i)));
                Layout { year, month: name, day: Some(day) }
            }
            (None, [first, ..]) if len(*first) == 4 => Layout { year: Some(*first), month: name, day: None },
            (None, [day, rest @ ..]) => {
                let year = rest.first().copied().filter(|i| len(*i) == 4 || (len(*i) == 2 && !is_time(all, *i)));
                Layout { year, month: name, day: Some(*day) }
            }
            (None, []) => return None,
        });
    }
    match *digits.as_slice() {
        [y, m, d, ..] if len(y) == 4 => Some(Layout { year: Some(y), month: m, day: Some(d) }),
        [a, b, y, ..] if !is_time(all, y) => {
            // 31/12 and 31.12: the day first; 12/31: the month first; where both are possible, full stops mean the day first.
            let stops = all.get(a + 1).is_some_and(|p| p.text == ".");
            let day_first = number(a)? > 12 || (number(b)? <= 12 && stops);
            let (month, day) = if day_first { (b, a) } else { (a, b) };
            Some(Layout { year: Some(y), month, day: Some(day) })
        }
        [m, y, ..] if len(y) == 4 => Some(Layout { year: Some(y), month: m, day: None }),
        [a, b, ..] => {
            let (month, day) = if number(a)? > 12 { (b, a) } else { (a, b) };
            Some(Layout { year: None, month, day: Some(day) })
        }
        _ => None,
    }
}

fn indices(all: &[Part<'_>], of: Kind) -> Vec<usize> {
    (0..all.len()).filter(|i| all.get(*i).is_some_and(|p| p.kind == of)).collect()
}

/// Whether a colon stands behind it.
fn is_time(all: &[Part<'_>], i: usize) -> bool {
    all.get(i + 1).is_some_and(|p| p.text.starts_with(':'))
}

fn full_year(text: &str) -> Option<i32> {
    let year: i32 = text.parse().ok()?;
    // Two digits: this century up to 30, the last one above.
    Some(if text.len() > 2 { year } else { year + if year <= 30 { 2000 } else { 1900 } })
}

fn month_of(text: &str) -> Option<u32> {
    if let Ok(number) = text.parse::<u32>() {
        return (1..=12).contains(&number).then_some(number);
    }
    let small = text.to_lowercase();
    let place = MONTHS
        .iter()
        .position(|m| small.len() >= 3 && (m.starts_with(&small) || small == "sept" && *m == "september"))?;
    u32::try_from(place + 1).ok()
}

fn written(all: &[Part<'_>], layout: Layout, (y, m, d): (i32, u32, u32)) -> String {
    let small = |i: usize| all.get(i).is_some_and(|p| p.kind == Kind::Digits && p.text.len() == 1);
    // 03/04 is padded and so stays; 3/14 is not.
    let padded = !small(layout.month) && !layout.day.is_some_and(small);
    let two = |n: u32| if padded { format!("{n:02}") } else { n.to_string() };
    let mut out = String::new();
    for (i, part) in all.iter().enumerate() {
        if Some(i) == layout.year {
            if part.text.len() == 2 {
                out.push_str(&format!("{:02}", y.rem_euclid(100)));
            } else {
                out.push_str(&format!("{y:04}"));
            }
        } else if Some(i) == layout.day {
            let named = all.get(layout.month).is_some_and(|p| p.kind == Kind::Letters);
            out.push_str(&if named && !part.text.starts_with('0') { d.to_string() } else { two(d) });
        } else if i == layout.month {
            out.push_str(&if part.kind == Kind::Letters { month_like(part.text, m) } else { two(m) });
        } else if layout.day.is_some_and(|day| i == day + 1) && is_ordinal(part.text) {
            out.push_str(ordinal(d));
        } else {
            out.push_str(part.text);
        }
    }
    out
}

/// A month's name, as long and in the case of another.
fn month_like(like: &str, month: u32) -> String {
    let full = MONTHS.get(month as usize - 1).copied().unwrap_or_default();
    // 'May' is as long as it gets: the whole name is taken to be meant.
    let short = like.len() <= 4 && !matches!(like.to_lowercase().as_str(), "may" | "june" | "july");
    let name = if short { full.get(..3).unwrap_or(full) } else { full };
    if like.len() > 1 && !like.chars().any(char::is_lowercase) {
        name.to_uppercase()
    } else if like.chars().next().is_some_and(char::is_uppercase) {
        let (first, rest) = name.split_at(1);
        format!("{}{rest}", first.to_uppercase())
    } else {
        name.to_owned()
    }
}

fn is_ordinal(text: &str) -> bool {
    matches!(text.to_lowercase().as_str(), "st" | "nd" | "rd" | "th")
}

fn ordinal(day: u32) -> &'static str {
    match (day % 10, day) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    }
}

/// Days since 1970-01-01 of a day of the Gregorian calendar (Hinnant, `days_from_civil`).
fn to_days(year: i32, month: u32, day: u32) -> Option<i32> {
    if !(1..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let (month, day) = (i32::try_from(month).ok()?, i32::try_from(day).ok()?);
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let of_era = y.rem_euclid(400);
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
}

/// The other way round (Hinnant, `civil_from_days`).
fn from_days(days: i32) -> (i32, u32, u32) {
    let z = days.saturating_add(719_468);
    let era = z.div_euclid(146_097);
    let of_era = z.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let mp = (5 * of_year + 2) / 153;
    let day = of_year - (153 * mp + 2) / 5 + 1;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    let year = year_of_era + era * 400 + i32::from(month <= 2);
    (year, u32::try_from(month).unwrap_or(1), u32::try_from(day).unwrap_or(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_keep_their_style() {
        for (found, days, want) in [
            ("03/14/2020", 20, "04/03/2020"),
            ("3/4/20", 1, "3/5/20"),
            ("14.03.2020", 20, "03.04.2020"),
            ("31/12/2019", 1, "01/01/2020"),
            ("2020-03-01T10:15:00Z", -1, "2020-02-29T10:15:00Z"),
            ("3/1/2020 10:15", -1, "2/29/2020 10:15"),
            ("March 3, 2020", 40, "April 12, 2020"),
            ("4 Apr 2021", -4, "31 Mar 2021"),
            ("MARCH 1st, 2020", 1, "MARCH 2nd, 2020"),
            ("the 5th of May 1999", 6, "the 11th of May 1999"),
            ("12-Jan-19", 30, "11-Feb-19"),
            ("Sept. 5", 30, "Oct. 5"),
            ("March 2020", 30, "April 2020"),
            ("03/2018", 365, "03/2019"),
            ("20200301", 366, "20210302"),
            ("4/17", 14, "5/1"),
            ("5 May 2020 10:15", 365, "5 May 2021 10:15"),
        ] {
            assert_eq!(surrogate(found, DateChange::Shift(days)).as_deref(), Some(want), "{found}");
        }
    }

    #[test]
    fn of_a_date_the_year_stays_or_nothing() {
        for (found, want) in [
            ("03/14/2020", Some("2020")),
            ("3/4/98", Some("1998")),
            ("March 2020", Some("2020")),
            ("20200301", Some("2020")),
            ("4/17", None),
            ("Sept. 5", None),
        ] {
            assert_eq!(surrogate(found, DateChange::Year).as_deref(), want, "{found}");
        }
    }

    #[test]
    fn days_go_there_and_back() {
        for days in (-719_000..2_900_000).step_by(997) {
            let (y, m, d) = from_days(days);
            assert_eq!(to_days(y, m, d), Some(days));
        }
        assert_eq!(surrogate("99/99/2020", DateChange::Shift(1)), None);
        // What is no part of a date never stands in a surrogate.
        assert_eq!(surrogate("3 May 2020 Smith", DateChange::Shift(1)), None);
        assert_eq!(surrogate("3/5/2020 4711", DateChange::Shift(1)), None);
        assert_eq!(surrogate("", DateChange::Shift(1)), None);
    }
}
