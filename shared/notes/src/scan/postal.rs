//! Postal codes of other countries, and what stands alone on a line of an address.

use super::people::word;
use super::tokens::{Kind, Tokens};
use crate::{Class, Identifier};

pub(super) fn scan(t: &Tokens<'_>, finds: &mut Vec<Identifier>) {
    for i in 0..t.len() {
        if !t.begins(i) {
            continue;
        }
        match t.kind(i) {
            Some(Kind::Word) => {
                if let Some(end) = lettered(t, i) {
                    t.find(Class::Zip, i, end, finds);
                }
            }
            Some(Kind::Digits) => {
                if let Some(start) = two_numbers(t, i) {
                    t.find(Class::Address, i, start, finds);
                }
                if let Some(end) = behind_town(t, i) {
                    t.find(Class::Zip, i, end, finds);
                }
            }
            _ => {}
        }
    }
    let mut ends: Vec<usize> = finds.iter().filter(|f| f.class == Class::Address).map(|f| f.span.end).collect();
    ends.sort_unstable();
    let (mut alone, mut at) = (Vec::new(), 0);
    for end in ends {
        while t.get(at).is_some_and(|token| token.end <= end) {
            at += 1;
        }
        alone.extend(of_address(t, at));
    }
    for (from, to) in alone {
        t.find(Class::Zip, from, to, finds);
    }
}

/// `B0J 2H0` of Canada, `SW1A 1AA` and `M1 1AE` of the United Kingdom.
fn lettered(t: &Tokens<'_>, i: usize) -> Option<usize> {
    if t.str(i).len() > 2 || !t.is_capital(i) || t.kind(i + 1) != Some(Kind::Digits) {
        return None;
    }
    let start = t.get(i)?.start;
    let bytes = t.text.as_bytes();
    let head = bytes.get(start..bytes.len().min(start + 9))?;
    let space = head.iter().position(|b| *b == b' ').filter(|at| (2..=4).contains(at))?;
    let tail = head.get(space + 1..space + 4)?;
    let shape = |part: &[u8]| -> Vec<u8> {
        part.iter()
            .map(|b| {
                if b.is_ascii_digit() {
                    b'9'
                } else if b.is_ascii_uppercase() {
                    b'A'
                } else {
                    b'?'
                }
            })
            .collect()
    };
    let (first, last) = (shape(head.get(..space)?), shape(tail));
    let canada = first == b"A9A" && last == b"9A9";
    let kingdom = last == b"9AA" && [&b"A9"[..], b"A99", b"AA9", b"AA99", b"A9A", b"AA9A"].contains(&first.as_slice());
    if !canada && !kingdom {
        return None;
    }
    let last_byte = start + space + 4;
    let mut end = i;
    while t.get(end).is_some_and(|token| token.start < last_byte) {
        end += 1;
    }
    (t.get(end - 1)?.end == last_byte && t.ends(end)).then_some(end)
}

/// Whether four digits can be a year.
fn may_be_year(t: &Tokens<'_>, i: usize) -> bool {
    t.number(i).is_some_and(|(n, digits)| digits == 4 && (1850..=2100).contains(&n))
}

/// The end of a postal code at a token: `6091`, `3610-114`, `53-320`, `840 24`.
fn code(t: &Tokens<'_>, i: usize) -> Option<usize> {
    let len = |k: usize| if t.kind(k) == Some(Kind::Digits) { t.str(k).len() } else { 0 };
    let joint = t.is(i + 1, "-") || (t.kind(i + 1) == Some(Kind::Space) && t.str(i + 1).len() == 1);
    let hyphen = t.is(i + 1, "-");
    let end = match (len(i), joint, len(i + 2)) {
        (4, _, 3) | (2, _, 3) if hyphen => i + 3,
        (3, true, 2) => i + 3,
        (4..=6, ..) if !may_be_year(t, i) => i + 1,
        _ => return None,
    };
    t.ends(end).then_some(end)
}

/// `in Bjert 6091`, `in Quinta de São Tiago 3610-114`: behind a place that is no month.
fn behind_town(t: &Tokens<'_>, i: usize) -> Option<usize> {
    let end = code(t, i)?;
    if matches!(t.str(end), "%" | "/" | ":" | ".") && t.kind(end + 1) == Some(Kind::Digits) {
        return None;
    }
    let mut at = t.before(i).filter(|b| *b + 1 < i)?;
    for words in 0..5 {
        if words > 0 && t.lower(at).is_some_and(|w| matches!(w, "in" | "from" | "to")) && !t.is_capital(at) {
            return Some(end);
        }
        let small =
            t.lower(at).is_some_and(|w| matches!(w, "de" | "do" | "da" | "di" | "la" | "le" | "nad" | "am" | "an"));
        let fits =
            t.without_capitals && t.kind(at) == Some(Kind::Word) || word(t, at).is_some_and(super::people::Word::open);
        if !(fits || small || words == 0 && t.is_capital(at) && t.str(at).chars().count() <= 3) {
            return None;
        }
        at = t.before(at)?;
    }
    None
}

/// `at 9816 214 Pavlou Drandaki`: two numbers before a name of a street; the token behind the numbers and the first word.
fn two_numbers(t: &Tokens<'_>, i: usize) -> Option<usize> {
    let number = |k: usize| t.kind(k) == Some(Kind::Digits) && t.str(k).len() <= 5;
    let asked = t
        .before(i)
        .and_then(|b| t.lower(b).map(|w| matches!(w, "at" | "on" | "to" | "in" | "address" | "lives" | "near")));
    let line = i.checked_sub(1).is_none_or(|b| t.kind(b) == Some(Kind::Line) || t.is(b, ":"));
    let second = t.skip_space(i + 1);
    let name = t.skip_space(second + 1);
    let spaced = second > i + 1 && name > second + 1;
    let open = t.is_capital(name) && word(t, name).is_some_and(super::people::Word::open);
    (number(i) && number(second) && spaced && (asked == Some(true) || line) && open).then_some(name + 1)
}

/// Digits alone on one of the four lines behind an address.
fn of_address(t: &Tokens<'_>, from: usize) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let (mut lines, mut at) = (0, from);
    while at < from + 40 && lines < 5 {
        if t.kind(at) == Some(Kind::Line) {
            lines += 1;
            let first = t.skip_space(at + 1);
            let end = match t.kind(first) {
                Some(Kind::Digits) if (3..=6).contains(&t.str(first).len()) => code(t, first).or(Some(first + 1)),
                _ => None,
            };
            let whole = |end: usize| {
                let behind = t.skip_space(end);
                t.kind(behind).is_none_or(|k| k == Kind::Line)
            };
            if let Some(end) = end.filter(|end| whole(*end)) {
                out.push((first, end));
            }
        }
        at += 1;
    }
    out
}
