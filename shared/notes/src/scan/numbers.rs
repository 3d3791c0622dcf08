//! Telephone numbers, social security numbers, record numbers and other numbers that name a person.

use super::lists;
use super::tokens::{Kind, Tokens};
use crate::{Class, Identifier};

/// Words that a telephone number follows.
const PHONE_WORDS: [&str; 12] =
    ["phone", "tel", "telephone", "cell", "mobile", "pager", "beeper", "call", "called", "ext", "ph", "phones"];

/// Words that a fax number follows.
const FAX_WORDS: [&str; 5] = ["fax", "facsimile", "telefax", "faxed", "efax"];

/// Words that a number of a person follows.
pub(super) const RECORD_WORDS: [&str; 40] = [
    "job",
    "mrn",
    "mr",
    "record",
    "account",
    "acct",
    "chart",
    "id",
    "ids",
    "policy",
    "member",
    "nhs",
    "license",
    "licence",
    "case",
    "accession",
    "encounter",
    "csn",
    "fin",
    "serial",
    "vin",
    "passport",
    "number",
    "no",
    "har",
    "ssn",
    "unit",
    "registration",
    "identifier",
    "medicare",
    "medicaid",
    "plate",
    "insurance",
    "subscriber",
    "beneficiary",
    "employee",
    "npi",
    "dea",
    "claim",
    "visit",
];

pub(super) fn scan(t: &Tokens<'_>, finds: &mut Vec<Identifier>) {
    let mut done = 0;
    for i in 0..t.len() {
        let begins_number = matches!(t.kind(i), Some(Kind::Word | Kind::Digits)) || t.is(i, "+") || t.is(i, "(");
        if i < done || !begins_number {
            continue;
        }
        if let Some(end) = ssn(t, i) {
            t.find(Class::Ssn, i, end, finds);
            done = end;
        } else if let Some(end) = uuid(t, i) {
            t.find(Class::RecordNumber, i, end, finds);
            done = end;
        } else if let Some(end) = phone(t, i) {
            t.find(if is_fax(t, i, end) { Class::Fax } else { Class::Phone }, i, end, finds);
            done = end;
        } else if let Some((start, end, class)) = record(t, i) {
            t.find(class, start, end, finds);
            done = end;
        }
    }
}

fn digits(t: &Tokens<'_>, i: usize, n: usize) -> bool {
    t.kind(i) == Some(Kind::Digits) && t.str(i).len() == n
}

fn ssn(t: &Tokens<'_>, i: usize) -> Option<usize> {
    let dash = |i: usize| t.is(i, "-") || (t.kind(i) == Some(Kind::Space) && t.str(i).len() == 1);
    let shape =
        digits(t, i, 3) && dash(i + 1) && digits(t, i + 2, 2) && t.str(i + 1) == t.str(i + 3) && digits(t, i + 4, 4);
    let bounded = t.begins(i) && t.ends(i + 5) && !(i > 0 && t.is(i - 1, "-")) && !t.is(i + 5, "-");
    (shape && bounded).then_some(i + 5)
}

/// 8-4-4-4-12 hexadecimal digits. Letters and digits are tokens of their own, so bytes are looked at.
fn uuid(t: &Tokens<'_>, i: usize) -> Option<usize> {
    if !t.begins(i) || !matches!(t.kind(i), Some(Kind::Word | Kind::Digits)) {
        return None;
    }
    let start = t.get(i)?.start;
    let bytes = t.text.as_bytes().get(start..start + 36)?;
    if bytes.get(8) != Some(&b'-') {
        return None;
    }
    let fits = bytes.iter().enumerate().all(|(k, b)| match k {
        8 | 13 | 18 | 23 => *b == b'-',
        _ => b.is_ascii_hexdigit(),
    });
    if !fits {
        return None;
    }
    let mut end = i;
    while t.get(end).is_some_and(|token| token.start < start + 36) {
        end += 1;
    }
    t.get(end - 1).is_some_and(|last| last.end == start + 36).then_some(end)
}

/// A telephone number: ten digits in the American grouping, an international one, or any grouping behind a word that asks.
fn phone(t: &Tokens<'_>, i: usize) -> Option<usize> {
    let plus = t.is(i, "+");
    let bracket = t.is(i, "(");
    if !(plus || bracket || t.kind(i) == Some(Kind::Digits)) || !t.begins(i) {
        return None;
    }
    if i > 0 && matches!(t.str(i - 1), "-" | "." | "/" | "#" | "$") && i > 1 && !t.begins(i - 1) {
        return None;
    }
    let (mut at, mut n_digits, mut groups, mut end) = (i, 0usize, Vec::new(), i);
    let mut separators = String::new();
    while at - i < 16 {
        match t.kind(at) {
            Some(Kind::Digits) => {
                groups.push(t.str(at).len());
                n_digits += t.str(at).len();
                end = at + 1;
            }
            Some(Kind::Space) if t.str(at).len() == 1 => separators.push(' '),
            Some(Kind::Mark) if matches!(t.str(at), "-" | "." | "(" | ")" | "+" | "/" | "–") => {
                separators.push_str(t.str(at));
            }
            _ => break,
        }
        at += 1;
    }
    if let Some(end) = american(t, i, end, &groups) {
        return Some(end);
    }
    if !t.ends(end) || groups.is_empty() {
        return None;
    }
    let asked = asked(t, i);
    // 079 2718 1155, (08) 8747 6301: with the zero that numbers within a country begin with.
    let first = t.str(if bracket { i + 1 } else { i });
    // 02139-4307 is a ZIP code, unless a word asks for a telephone number.
    let zip_plus_4 = groups == [5, 4] && separators.starts_with('-');
    let within = first.starts_with('0')
        && first.len() >= 2
        && (9..=12).contains(&n_digits)
        && (2..=5).contains(&groups.len())
        && !zip_plus_4;
    let many_groups = groups.len() >= 2 && separators.trim().len() + 1 >= groups.len() / 2;
    let international = plus && (8..=15).contains(&n_digits) && many_groups
        || (plus && groups.len() == 1 && (10..=15).contains(&n_digits));
    let behind_word = asked && (7..=15).contains(&n_digits) && groups.len() <= 6;
    // 60-56-85-91, (37) 788-063, 699 956 915: groups of two digits or more that make a telephone number, no column of a table.
    let grouped = groups.len() >= 2 && groups.iter().all(|g| (2..=4).contains(g)) && !table(t, i, end);
    let hyphens = separators.chars().all(|c| c == '-') || bracket;
    let abroad = grouped
        && !separators.contains('.')
        && (8..=11).contains(&n_digits)
        && groups.len() <= 4
        && (hyphens || n_digits >= 8);
    // 467 3395 asks for a line of its own: it may be two numbers.
    let short = groups == [3, 4] && separators == " " && alone_on_line(t, i, end);
    // (555-0123): seven digits in brackets.
    let bracketed = groups == [3, 4] && separators.starts_with('-') && i > 0 && t.is(i - 1, "(");
    (international || within || behind_word || abroad || short || bracketed).then_some(end)
}

/// Whether a number, a unit or a mark of arithmetic stands beside these tokens.
fn table(t: &Tokens<'_>, i: usize, end: usize) -> bool {
    let before = t.before(i);
    let number = |k: Option<usize>| k.is_some_and(|k| t.kind(k) == Some(Kind::Digits));
    let arithmetic = before.is_some_and(|b| matches!(t.str(b), "/" | "%" | "=" | "<" | ">" | "~"));
    let unit = t.lower(t.skip_space(end)).is_some_and(|w| {
        matches!(
            w,
            "mg" | "ml"
                | "mcg"
                | "units"
                | "unit"
                | "cm"
                | "mm"
                | "kg"
                | "g"
                | "l"
                | "bpm"
                | "mmhg"
                | "years"
                | "cells"
        )
    });
    number(before) || number(Some(t.skip_space(end))) || arithmetic || unit || matches!(t.str(end), "%" | "/" | ":")
}

fn alone_on_line(t: &Tokens<'_>, i: usize, end: usize) -> bool {
    let before = i.checked_sub(1).is_none_or(|b| t.kind(b) == Some(Kind::Line));
    before && t.kind(end).is_none_or(|k| k == Kind::Line)
}

fn asked(t: &Tokens<'_>, i: usize) -> bool {
    asking_word(t, i).is_some()
}

/// Whether the text calls a telephone number a fax number: `Fax: `, `F: ` before it, `(fax)` behind it.
fn is_fax(t: &Tokens<'_>, i: usize, end: usize) -> bool {
    let fax = |word: Option<&str>| word.is_some_and(|w| FAX_WORDS.contains(&w));
    let letter = t.before(i).filter(|b| t.is(*b, ":")).and_then(|b| b.checked_sub(1));
    let behind = t.skip_space(end);
    let in_brackets = t.is(behind, "(") && fax(t.lower(behind + 1)) && t.is(behind + 2, ")");
    fax(asking_word(t, i)) || letter.is_some_and(|l| t.lower(l) == Some("f") && t.begins(l)) || in_brackets
}

/// The word that asks for a telephone or fax number, before it: `Fax number: `, `call at `.
fn asking_word<'a>(t: &'a Tokens<'_>, i: usize) -> Option<&'a str> {
    let mut before = t.before(i)?;
    for _ in 0..5 {
        match t.kind(before) {
            Some(Kind::Word) => {
                let word = t.lower(before)?;
                if PHONE_WORDS.contains(&word) || FAX_WORDS.contains(&word) {
                    return Some(word);
                }
                if !matches!(word, "no" | "number" | "at" | "is" | "nr" | "line" | "to") {
                    return None;
                }
            }
            Some(Kind::Mark) if matches!(t.str(before), ":" | "." | "#" | "(") => {}
            _ => return None,
        }
        before = t.before(before)?;
    }
    None
}

/// (617) 555-0199, 617-555-0199, 617.555.0199, 1-617-555-0199, 617 555 0199; with an extension behind it.
fn american(t: &Tokens<'_>, i: usize, end: usize, groups: &[usize]) -> Option<usize> {
    let core = match groups {
        [1 | 3, 3, 3, 4, ..] => 4,
        [3, 3, 4, ..] => 3,
        _ => return None,
    };
    let mut seen = 0;
    let mut at = i;
    while at < end && seen < core {
        seen += usize::from(t.kind(at) == Some(Kind::Digits));
        at += 1;
    }
    let text = t.text.get(t.span(i, at)?)?;
    let joined = text.contains(['-', '.', '(']) || text.matches(' ').count() == core - 1;
    let extended = t.str(at).eq_ignore_ascii_case("x") && t.kind(at + 1) == Some(Kind::Digits);
    if !joined || !(t.ends(at) || extended) {
        return None;
    }
    let extension = t.skip_space(at);
    let ext = t.lower(extension).is_some_and(|w| matches!(w, "x" | "ext" | "extension"));
    if ext {
        let mut number = extension + 1;
        if t.is(number, ".") {
            number += 1;
        }
        let number = t.skip_space(number);
        if t.kind(number) == Some(Kind::Digits) {
            return Some(number + 1);
        }
    }
    Some(at)
}

/// `MRN: 12345-6`, `account no. A1234`, `ID# 99-AB-1`: letters, digits and hyphens with at least one digit and four in all.
fn record(t: &Tokens<'_>, i: usize) -> Option<(usize, usize, Class)> {
    if !t.listed(i, lists::RECORD) || !t.begins(i) || !t.ends(i + 1) {
        return None;
    }
    let word = t.lower(i)?;
    // 'no', 'number', 'case', 'unit' and 'mr' alone are everyday words: a mark has to follow.
    let weak = matches!(
        word,
        "no" | "number"
            | "case"
            | "unit"
            | "mr"
            | "id"
            | "ids"
            | "record"
            | "encounter"
            | "fin"
            | "har"
            | "member"
            | "policy"
            | "plate"
            | "job"
            | "insurance"
            | "employee"
            | "claim"
            | "visit"
            | "medicare"
            | "medicaid"
    );
    let mut at = i + 1;
    let mut marked = false;
    for _ in 0..6 {
        match t.kind(at) {
            Some(Kind::Space) => {}
            Some(Kind::Mark) if matches!(t.str(at), ":" | "#" | "." | "=" | "-") => marked = true,
            Some(Kind::Word)
                if t.lower(at).is_some_and(|w| matches!(w, "no" | "number" | "nr" | "id" | "num" | "is"))
                    && t.ends(at + 1) =>
            {
                marked = true;
            }
            _ => break,
        }
        at += 1;
    }
    // License plate ABC 1234.
    let plate =
        word == "plate" && t.before(i).and_then(|b| t.lower(b)).is_some_and(|w| matches!(w, "license" | "licence"));
    if weak && !marked && !plate {
        return None;
    }
    let start = at;
    let letters = t.kind(at) == Some(Kind::Word) && t.str(at).len() <= 4 && !t.str(at).chars().any(char::is_lowercase);
    if plate && letters && t.kind(at + 1) == Some(Kind::Space) && t.kind(at + 2) == Some(Kind::Digits) && t.ends(at + 3)
    {
        return Some((start, at + 3, Class::RecordNumber));
    }
    let part = |i: usize| {
        matches!(t.kind(i), Some(Kind::Word | Kind::Digits)) || (matches!(t.str(i), "-" | "_" | "/") && !t.ends(i + 1))
    };
    while at - start < 24 && part(at) {
        at += 1;
    }
    let text = t.text.get(t.span(start, at)?)?;
    let n_digits = text.bytes().filter(u8::is_ascii_digit).count();
    let class = if word == "ssn" { Class::Ssn } else { Class::RecordNumber };
    (text.len() >= 4 && n_digits >= 2).then_some((start, at, class))
}
