//! Names that nobody has a list of, by the words around them: `my name is`, `her daughter`, `Dear`, `, a 54-year-old`.

use super::lists;
use super::names::NO_NAMES;
use super::people::{sentence_begins, word};
use super::tokens::{Kind, Tokens};
use crate::{Class, Identifier};

/// Words that a name follows.
pub(super) const BEFORE: [&str; 52] = [
    "kid",
    "girl",
    "named",
    "dear",
    "hi",
    "hello",
    "hey",
    "son",
    "daughter",
    "wife",
    "husband",
    "mother",
    "father",
    "brother",
    "sister",
    "friend",
    "aunt",
    "uncle",
    "partner",
    "caregiver",
    "grandmother",
    "grandfather",
    "granddaughter",
    "grandson",
    "niece",
    "nephew",
    "cousin",
    "fiance",
    "fiancee",
    "girlfriend",
    "boyfriend",
    "spouse",
    "mom",
    "dad",
    "roommate",
    "neighbor",
    "nurse",
    "pharmacist",
    "therapist",
    "midwife",
    "guardian",
    "interpreter",
    "coordinator",
    "boss",
    "sincerely",
    "regards",
    "signed",
    "surname",
    "alias",
    "aka",
    "mister",
    "maiden",
];

pub(super) fn scan(t: &Tokens<'_>, finds: &mut Vec<Identifier>) {
    for i in 0..t.len() {
        if t.kind(i) != Some(Kind::Word) || !t.begins(i) {
            continue;
        }
        let listed = t.listed(i, lists::CUE);
        let start = if listed { behind_cue(t, i).or_else(|| behind_patient(t, i)) } else { None };
        if let Some(start) = start
            && let Some(end) = words(t, start, 3)
        {
            t.find(Class::Name, start, end, finds);
        } else if sentence_begins(t, i)
            && let Some(end) = words(t, i, 3)
            && introduces_age(t, end)
        {
            t.find(Class::Name, i, end, finds);
        }
    }
}

/// The position behind a word that asks for a name.
fn behind_cue(t: &Tokens<'_>, i: usize) -> Option<usize> {
    let cue = t.lower(i)?;
    let mut at = i + 1;
    if cue == "name" {
        // 'name is', 'name was'; 'Name:' is a label.
        at = t.skip_space(at);
        if !t.lower(at).is_some_and(|w| matches!(w, "is" | "was")) {
            return None;
        }
        at += 1;
    } else if !BEFORE.contains(&cue) {
        return None;
    }
    if t.is(at, ",") {
        at += 1;
    }
    let behind = t.skip_space(at);
    (behind > at).then_some(behind)
}

/// `Patient Xiu Ying`: two words or more with capitals behind it.
fn behind_patient(t: &Tokens<'_>, i: usize) -> Option<usize> {
    let label = t.lower(i).is_some_and(|w| matches!(w, "patient" | "pt"));
    let start = t.skip_space(i + 1);
    if !label || start == i + 1 {
        return None;
    }
    let end = words(t, start, 3)?;
    (start..end).any(|k| t.kind(k) == Some(Kind::Space)).then_some(start)
}

/// The end of up to `most` words that could be a name.
fn words(t: &Tokens<'_>, start: usize, most: usize) -> Option<usize> {
    let (mut end, mut at) = (None, start);
    for n in 0..most {
        let small = !t.str(at).chars().any(char::is_lowercase);
        let Some(word) = word(t, at).filter(|w| w.open() || (n > 0 && !small)) else { break };
        if !word.open() && !t.is(at + 1, ".") {
            break;
        }
        end = Some(word.end_token());
        let behind = t.skip_space(word.end_token());
        if behind == word.end_token() {
            break;
        }
        at = super::names::behind_particles(t, behind);
    }
    end
}

/// `, a 54-year-old`, ` is a 54 y/o`, ` (54 yo`.
fn introduces_age(t: &Tokens<'_>, end: usize) -> bool {
    let mut at = t.skip_space(end);
    if matches!(t.str(at), "," | "(") {
        at = t.skip_space(at + 1);
    }
    for _ in 0..2 {
        if t.lower(at).is_some_and(|w| matches!(w, "is" | "was" | "a" | "an")) {
            at = t.skip_space(at + 1);
        }
    }
    let age = t.number(at).is_some_and(|(n, digits)| digits <= 3 && n <= 120);
    let unit = t.skip_space(if t.is(at + 1, "-") { at + 2 } else { at + 1 });
    age && t.lower(unit).is_some_and(|w| matches!(w, "year" | "years" | "yo" | "y" | "yr" | "yrs" | "month" | "months"))
}

/// Words of names found in this text, wherever else they stand with a capital.
pub(super) fn again(t: &Tokens<'_>, finds: &mut Vec<Identifier>) {
    let mut names: Vec<String> = Vec::new();
    for find in finds.iter().filter(|f| f.class == Class::Name) {
        let Some(text) = t.text.get(find.span.clone()) else { continue };
        for piece in text.split(|c: char| !c.is_alphabetic()) {
            let piece = piece.to_lowercase();
            let everyday =
                super::dictionary::look_up(&piece).everyday || super::known::EVERYDAY.contains(&piece.as_str());
            if piece.chars().count() >= 3 && !everyday && !NO_NAMES.contains(&piece.as_str()) {
                names.push(piece);
            }
        }
    }
    names.sort_unstable();
    names.dedup();
    if names.is_empty() {
        return;
    }
    for i in 0..t.len() {
        if let Some(found) = word(t, i)
            && found.open()
            && t.lower(i).is_some_and(|w| names.binary_search_by(|n| n.as_str().cmp(w)).is_ok())
        {
            t.find(Class::Name, i, found.end_token(), finds);
        }
    }
}

/// Words in a row with names found: `Monjeau, Graves and Reed`.
pub(super) fn beside(t: &Tokens<'_>, finds: &mut Vec<Identifier>) {
    let mut ends: Vec<usize> = finds.iter().filter(|f| f.class == Class::Name).map(|f| f.span.end).collect();
    let mut starts: Vec<usize> = finds.iter().filter(|f| f.class == Class::Name).map(|f| f.span.start).collect();
    ends.sort_unstable();
    starts.sort_unstable();
    if ends.is_empty() {
        return;
    }
    let begins = |i: usize| t.get(i).is_some_and(|token| starts.binary_search(&token.start).is_ok());
    let mut behind_name = false;
    let mut ends = ends.into_iter().peekable();
    for i in 0..t.len() {
        let Some(token) = t.get(i) else { break };
        while ends.next_if(|end| *end < token.end).is_some() {}
        if ends.peek() == Some(&token.end) {
            behind_name = true;
            continue;
        }
        if behind_name && (matches!(t.str(i), "(" | ")") || in_brackets(t, i)) {
            // Fitzgerald (cardiology) and Okafor.
            continue;
        }
        let Some(next) = conjunction(t, i) else {
            behind_name = behind_name && t.kind(i) == Some(Kind::Space) && t.is(i + 1, "(");
            continue;
        };
        // The word behind the conjunction, if what stands before it is a name; and the word before it the other way round.
        if behind_name && !begins(next) {
            row(t, next, finds);
        } else if !behind_name
            && begins(next)
            && let Some(before) = i.checked_sub(1)
        {
            row(t, before, finds);
        }
        behind_name = false;
    }
}

/// Whether a word stands alone in brackets.
fn in_brackets(t: &Tokens<'_>, i: usize) -> bool {
    t.kind(i) == Some(Kind::Word) && i > 0 && t.is(i - 1, "(") && t.is(i + 1, ")")
}

/// A word of a row of names: a capital, small letters, no term, no other capital beside it.
fn row(t: &Tokens<'_>, i: usize, finds: &mut Vec<Identifier>) {
    let Some(found) = word(t, i).filter(|w| w.open() && !sentence_begins(t, i)) else { return };
    let end = found.end_token();
    let alone = !(t.kind(end) == Some(Kind::Space) && t.is_capital(end + 1));
    let alone = alone && !t.before(i).is_some_and(|b| t.is_capital(b));
    let small = t.str(i).chars().any(char::is_lowercase) && t.str(i).chars().count() >= 3;
    if alone && small {
        t.find(Class::Name, i, end, finds);
    }
}

/// The position behind `, `, ` and ` or `, and ` that begins here.
fn conjunction(t: &Tokens<'_>, i: usize) -> Option<usize> {
    let comma = t.is(i, ",");
    let at = if comma { i + 1 } else { i };
    if t.kind(at) != Some(Kind::Space) {
        return None;
    }
    let and = t.lower(at + 1).is_some_and(|w| w == "and") && t.kind(at + 2) == Some(Kind::Space);
    if and {
        return Some(at + 3);
    }
    comma.then_some(at + 1)
}
