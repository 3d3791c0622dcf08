//! What the caller knows of the patient.

use crate::{Class, Identifier, KnownIdentifiers};

/// Names that are everyday words: found only with a capital.
pub(super) const EVERYDAY: [&str; 48] = [
    "will", "may", "mark", "grace", "hope", "faith", "rose", "art", "bill", "rich", "long", "young", "white", "black",
    "brown", "green", "gray", "price", "king", "day", "case", "page", "best", "love", "little", "short", "small", "an",
    "so", "see", "le", "do", "he", "in", "may", "june", "april", "august", "joy", "dawn", "pat", "ray", "chance",
    "miles", "stone", "wood", "hand", "bone",
];

pub(super) fn scan(text: &str, known: &KnownIdentifiers, finds: &mut Vec<Identifier>) {
    let mut words: Vec<String> = known
        .names
        .iter()
        .flat_map(|name| name.split(|c: char| !c.is_alphanumeric()))
        .map(bare)
        .filter(|w| w.chars().count() >= 2)
        .collect();
    words.sort_unstable();
    words.dedup();
    if !words.is_empty() {
        names(text, &words, finds);
    }
    for number in known.numbers.iter().map(|n| n.trim()).filter(|n| n.len() >= 2) {
        find_number(text, number, finds);
    }
}

/// A name without the number that made-up names end with, in lower case.
fn bare(word: &str) -> String {
    let stem = word.trim_end_matches(|c: char| c.is_ascii_digit());
    if stem.is_empty() { word.to_lowercase() } else { stem.to_lowercase() }
}

fn names(text: &str, words: &[String], finds: &mut Vec<Identifier>) {
    // The letters of ASCII that they begin with: most words of a text begin otherwise, and are not written down.
    let begin = words.iter().filter_map(|w| w.bytes().next()).filter(u8::is_ascii);
    let begin = begin.fold(0_u128, |set, b| set | 1 << b);
    let may_be = |word: &str| match word.bytes().next() {
        Some(b) if b.is_ascii() => begin >> b.to_ascii_lowercase() & 1 == 1,
        _ => true,
    };
    let mut start = None;
    let ends = text.char_indices().chain(std::iter::once((text.len(), ' ')));
    for (at, c) in ends {
        match (start, c.is_alphanumeric()) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                start = None;
                let Some(word) = text.get(from..at).filter(|w| may_be(w)) else { continue };
                let stem = bare(word);
                let capital = word.chars().next().is_some_and(char::is_uppercase);
                if words.binary_search(&stem).is_ok() && (capital || !EVERYDAY.contains(&stem.as_str())) {
                    finds.push(Identifier { class: Class::Name, span: with_letter(text, from)..at });
                }
            }
            _ => {}
        }
    }
}

/// Takes the letter of `O'Brien` and `D'Angelo` in.
fn with_letter(text: &str, from: usize) -> usize {
    let letter = from.checked_sub(2).and_then(|at| text.get(at..from)).is_some_and(|l| matches!(l, "O'" | "D'" | "L'"));
    let alone = from.checked_sub(3).and_then(|at| text.as_bytes().get(at)).is_none_or(|b| !b.is_ascii_alphanumeric());
    if letter && alone { from - 2 } else { from }
}

/// A number as it is, in any case, not within a longer run of letters and digits.
fn find_number(text: &str, number: &str, finds: &mut Vec<Identifier>) {
    let bytes = text.as_bytes();
    let Some(first) = number.as_bytes().first() else { return };
    let (lower, upper) = (first.to_ascii_lowercase(), first.to_ascii_uppercase());
    let mut next_free = 0;
    for at in memchr::memchr2_iter(lower, upper, bytes) {
        let end = at + number.len();
        let Some(here) = bytes.get(at..end) else { continue };
        let joined = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_alphanumeric());
        let alone = !joined(at.checked_sub(1).and_then(|b| bytes.get(b))) && !joined(bytes.get(end));
        if at >= next_free
            && alone
            && here.eq_ignore_ascii_case(number.as_bytes())
            && text.is_char_boundary(at)
            && text.is_char_boundary(end)
        {
            finds.push(Identifier { class: Class::RecordNumber, span: at..end });
            next_free = end;
        }
    }
}
