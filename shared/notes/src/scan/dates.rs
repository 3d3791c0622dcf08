//! Dates more exact than a year, and ages above 89.

use model::calendar::MONTH_NAMES;

use super::tokens::{Kind, Tokens};
use crate::{Class, Identifier};

/// The short forms of the months.
pub(super) const MONTHS_CUT: [&str; 12] =
    ["jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"];

pub(super) fn scan(t: &Tokens<'_>, finds: &mut Vec<Identifier>) {
    let mut done = 0;
    for i in 0..t.len() {
        if t.number(i).is_none() && !t.is_capital(i) {
            continue;
        }
        if i >= done
            && let Some(end) = numeric(t, i)
                .or_else(|| compact(t, i))
                .or_else(|| day_first(t, i))
                .or_else(|| month_first(t, i))
                .or_else(|| holiday(t, i))
        {
            let end = with_time(t, end);
            t.find(Class::Date, i, end, finds);
            done = end;
        }
        if let Some(end) = age(t, i) {
            t.find(Class::Age, i, end, finds);
        }
    }
}

fn year(t: &Tokens<'_>, i: usize) -> bool {
    t.number(i).is_some_and(|(n, digits)| digits == 4 && (1880..=2120).contains(&n))
}

fn day(t: &Tokens<'_>, i: usize) -> bool {
    t.number(i).is_some_and(|(n, digits)| digits <= 2 && (1..=31).contains(&n))
}

fn month(t: &Tokens<'_>, i: usize) -> bool {
    t.number(i).is_some_and(|(n, digits)| digits <= 2 && (1..=12).contains(&n))
}

fn two_digits(t: &Tokens<'_>, i: usize) -> bool {
    t.number(i).is_some_and(|(_, digits)| digits == 2)
}

fn month_name(t: &Tokens<'_>, i: usize) -> bool {
    // 'may' and 'mar' are words too: a month is written with a capital.
    t.kind(i) == Some(Kind::Word)
        && t.is_capital(i)
        && t.lower(i).is_some_and(|w| MONTH_NAMES.contains(&w) || MONTHS_CUT.contains(&w))
}

/// 2020-03-01, 3/1/2020, 01.03.20, 03/2020; 3/1 behind words that ask for a date.
fn numeric(t: &Tokens<'_>, i: usize) -> Option<usize> {
    t.number(i)?;
    if !t.begins(i) || (i > 0 && matches!(t.str(i - 1), "." | "/" | "-") && i > 1 && t.number(i - 2).is_some()) {
        return None;
    }
    let separator = t.str(i + 1);
    if !matches!(separator, "/" | "-" | "." | "–") {
        return None;
    }
    if t.is(i + 3, separator) && t.number(i + 4).is_some() {
        let whole = t.ends(i + 5) || t.lower(i + 5).is_some_and(|w| w == "t");
        let more = t.is(i + 5, separator) && t.number(i + 6).is_some();
        let parts = (month(t, i) && day(t, i + 2)) || (day(t, i) && month(t, i + 2));
        let padded = two_digits(t, i) && two_digits(t, i + 2);
        let is_date = (year(t, i) && month(t, i + 2) && day(t, i + 4))
            || (parts && year(t, i + 4))
            || (parts && two_digits(t, i + 4) && (separator == "/" || padded));
        return (is_date && whole && !more).then_some(i + 5);
    }
    let alone =
        t.ends(i + 3) && !(matches!(t.str(i + 3), "/" | "%") || (t.is(i + 3, ".") && t.number(i + 4).is_some()));
    if separator == "/" && alone {
        if month(t, i) && year(t, i + 2) {
            return Some(i + 3);
        }
        let asks = t.before(i).and_then(|b| t.lower(b));
        let asks = asks.is_some_and(|w| matches!(w, "on" | "since" | "dated" | "until" | "till" | "date" | "dos"));
        return (asks && month(t, i) && day(t, i + 2)).then_some(i + 3);
    }
    None
}

/// 20200301.
fn compact(t: &Tokens<'_>, i: usize) -> Option<usize> {
    let (n, digits) = t.number(i)?;
    let (y, m, d) = (n / 10_000, n / 100 % 100, n % 100);
    let plausible = (1900..=2100).contains(&y) && (1..=12).contains(&m) && (1..=31).contains(&d);
    (digits == 8 && plausible && t.begins(i) && t.ends(i + 1)).then_some(i + 1)
}

/// 1 March 2020, 1-Mar-20, 1st of March, the 31st Dec.
fn day_first(t: &Tokens<'_>, i: usize) -> Option<usize> {
    if !day(t, i) || !t.begins(i) {
        return None;
    }
    let mut at = ordinal(t, i + 1);
    at = separator(t, at);
    if t.lower(at).is_some_and(|w| w == "of") {
        at = t.skip_space(at + 1);
    }
    if at == i + 1 && t.kind(at) != Some(Kind::Word) {
        return None;
    }
    month_name(t, at).then(|| with_year(t, at + 1))
}

/// Days of the year that have a name.
const HOLIDAYS: [&str; 7] = ["thanksgiving", "christmas", "halloween", "easter", "hanukkah", "passover", "ramadan"];

/// `after Thanksgiving 2018`, `Christmas Eve`; Christmas disease is none.
fn holiday(t: &Tokens<'_>, i: usize) -> Option<usize> {
    if !t.is_capital(i) || !t.begins(i) || !t.lower(i).is_some_and(|w| HOLIDAYS.contains(&w)) {
        return None;
    }
    let next = t.skip_space(i + 1);
    if t.lower(next).is_some_and(|w| matches!(w, "day" | "eve" | "weekend" | "morning")) {
        return Some(with_year(t, next + 1));
    }
    if year(t, next) {
        return Some(next + 1);
    }
    let asked = t.before(i).and_then(|b| t.lower(b)).is_some_and(|w| {
        matches!(
            w,
            "on" | "after" | "before" | "since" | "until" | "till" | "by" | "around" | "at" | "over" | "last" | "past"
        )
    });
    (asked && !t.lower(next).is_some_and(|w| matches!(w, "disease" | "factor" | "tree"))).then_some(i + 1)
}

/// March 1, 2020; March 1st; March 2020; March of 2020; Mar. 1.
fn month_first(t: &Tokens<'_>, i: usize) -> Option<usize> {
    if !month_name(t, i) || !t.begins(i) {
        return None;
    }
    let at = separator(t, i + 1);
    let of = if t.lower(at) == Some("of") { t.skip_space(at + 1) } else { at };
    if year(t, of) && t.ends(of + 1) {
        return Some(of + 1);
    }
    if at > i + 1 && day(t, at) {
        let end = ordinal(t, at + 1);
        return t.ends(end).then(|| with_year(t, end));
    }
    None
}

fn ordinal(t: &Tokens<'_>, i: usize) -> usize {
    let is = t.lower(i).is_some_and(|w| matches!(w, "st" | "nd" | "rd" | "th"));
    if is { i + 1 } else { i }
}

/// The position behind `.`, `-`, `/`, a comma and blanks.
fn separator(t: &Tokens<'_>, i: usize) -> usize {
    let i = t.skip_space(i);
    let i = if matches!(t.str(i), "." | "-" | "/" | "," | "–") { i + 1 } else { i };
    t.skip_space(i)
}

fn with_year(t: &Tokens<'_>, end: usize) -> usize {
    let at = separator(t, end);
    let hyphenated = matches!(t.str(end), "-" | "/") && two_digits(t, at);
    let short = (t.is(at, "'") || t.is(at, "’")) && two_digits(t, at + 1);
    if (year(t, at) || hyphenated) && t.ends(at + 1) {
        at + 1
    } else if short {
        at + 2
    } else {
        end
    }
}

/// Takes a time behind a date in: 2020-03-01T10:15:00Z, 3/1/2020 10:15 AM.
fn with_time(t: &Tokens<'_>, end: usize) -> usize {
    let at = if t.lower(end).is_some_and(|w| w == "t") { end + 1 } else { t.skip_space(end) };
    if at == end || t.number(at).is_none() || !t.is(at + 1, ":") || t.number(at + 2).is_none() {
        return end;
    }
    let mut end = at + 3;
    while matches!(t.str(end), ":" | ".") && t.number(end + 1).is_some() {
        end += 2;
    }
    if t.lower(end).is_some_and(|w| w == "z") { end + 1 } else { end }
}

/// 93 years old, 93-year-old, 93 y/o, 93yo, aged 93, age: 93.
fn age(t: &Tokens<'_>, i: usize) -> Option<usize> {
    let (n, digits) = t.number(i)?;
    if !(90..=130).contains(&n) || digits > 3 || !t.begins(i) {
        return None;
    }
    let after = t.skip_space(i + 1);
    let after = if t.is(after, "-") { after + 1 } else { after };
    let unit = t.lower(after).unwrap_or_default();
    let years = matches!(unit, "year" | "years" | "yr" | "yrs" | "yo" | "yof" | "yom" | "jährige" | "jähriger")
        || (unit == "y"
            && (t.is(after + 1, "/")
                || t.is(after + 1, ".")
                || t.lower(t.skip_space(after + 1)).is_some_and(|w| w == "o")));
    // In her 90s.
    let decade = unit == "s"
        && after == i + 1
        && t.before(i).and_then(|b| t.lower(b)).is_some_and(|w| matches!(w, "his" | "her" | "their" | "the"));
    if decade && n % 10 == 0 && digits == 2 {
        return Some(i + 1);
    }
    let before = t.before(i).map(|b| if matches!(t.str(b), ":" | "=") { t.before(b).unwrap_or(b) } else { b });
    let told = before.and_then(|b| t.lower(b)).is_some_and(|w| matches!(w, "age" | "aged" | "ages"));
    (years || (told && t.ends(i + 1)) || of_somebody(t, i)).then_some(i + 1)
}

/// Who has an age.
const WHO: [&str; 16] = [
    "husband",
    "wife",
    "mother",
    "father",
    "grandmother",
    "grandfather",
    "brother",
    "sister",
    "aunt",
    "uncle",
    "mom",
    "dad",
    "he",
    "she",
    "patient",
    "spouse",
];

/// `Her husband is 95.`: nothing behind it says that it is something else.
fn of_somebody(t: &Tokens<'_>, i: usize) -> bool {
    let Some(verb) = t.before(i).filter(|b| t.lower(*b).is_some_and(|w| matches!(w, "is" | "was" | "turned"))) else {
        return false;
    };
    let who = t.before(verb).and_then(|b| t.lower(b)).is_some_and(|w| WHO.contains(&w));
    let point = t.is(i + 1, ".") && t.kind(i + 2) == Some(Kind::Digits);
    let next = t.skip_space(i + 1);
    let ends = match t.kind(next) {
        None | Some(Kind::Line) => true,
        Some(Kind::Mark) => matches!(t.str(next), "." | "," | ";" | ")" | "!") && !point,
        Some(Kind::Word) => t.lower(next).is_some_and(|w| matches!(w, "and" | "now" | "today" | "who" | "but")),
        _ => false,
    };
    who && ends
}
