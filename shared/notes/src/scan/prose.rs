//! Names by how prose and speech use them: who speaks, who is spoken to, whose daughter, who lives where; rows of names.

use super::people::{Word, sentence_begins, word};
use super::tokens::{Kind, Tokens};
use crate::{Class, Identifier};

/// What only people do: also a word that no list knows is a name before it.
const ONLY_PEOPLE: [&str; 22] = [
    "lives",
    "lived",
    "shouted",
    "said",
    "says",
    "told",
    "asked",
    "spent",
    "married",
    "whispered",
    "replied",
    "smiled",
    "laughed",
    "agrees",
    "thinks",
    "wants",
    "wanted",
    "likes",
    "loves",
    "met",
    "lies",
    "works",
];

/// Words behind which a speaker is named, or one who is spoken to.
const SPEECH: [&str; 10] =
    ["says", "said", "replied", "answered", "shouted", "whispered", "thanked", "named", "dearest", "sincerely"];

/// Who a possessive belongs to.
const KIN: [&str; 26] = [
    "son",
    "daughter",
    "wife",
    "husband",
    "mother",
    "father",
    "brother",
    "sister",
    "kid",
    "kids",
    "child",
    "children",
    "friend",
    "mom",
    "dad",
    "aunt",
    "uncle",
    "niece",
    "nephew",
    "cousin",
    "parents",
    "family",
    "boyfriend",
    "girlfriend",
    "fiance",
    "grandmother",
];

/// Who does what people do without being a name.
const ROLES: [&str; 46] = [
    "patient",
    "family",
    "staff",
    "nurse",
    "nursing",
    "provider",
    "team",
    "caregiver",
    "everyone",
    "nobody",
    "somebody",
    "someone",
    "everybody",
    "mother",
    "father",
    "wife",
    "husband",
    "son",
    "daughter",
    "brother",
    "sister",
    "parents",
    "parent",
    "mom",
    "dad",
    "she",
    "he",
    "they",
    "who",
    "it",
    "police",
    "pharmacy",
    "surgeon",
    "physician",
    "doctor",
    "therapist",
    "friend",
    "neighbor",
    "partner",
    "spouse",
    "roommate",
    "also",
    "currently",
    "previously",
    "grandmother",
    "guardian",
];

pub(super) fn scan(t: &Tokens<'_>, finds: &mut Vec<Identifier>) {
    let mut done = 0;
    for i in 0..t.len() {
        if i < done || t.kind(i) != Some(Kind::Word) {
            continue;
        }
        let Some(found) = word(t, i).filter(|w| w.open()) else {
            if let Some(end) = small_letters(t, i) {
                t.find(Class::Name, i, end, finds);
            }
            continue;
        };
        if let Some(end) = row(t, i, found) {
            for (from, to) in row_words(t, i, end) {
                t.find(Class::Name, from, to, finds);
            }
            done = end;
        } else if is_named(t, i, found) {
            t.find(Class::Name, i, found.end_token(), finds);
            done = found.end_token();
        }
    }
}

/// A word with a capital that is a name by what stands beside it.
fn is_named(t: &Tokens<'_>, i: usize, found: Word) -> bool {
    let letters = t.str(i).chars().count();
    if letters < 3 || t.lower(i).is_some_and(|w| ROLES.contains(&w)) {
        return false;
    }
    let end = found.end_token();
    let before = t.before(i);
    let word_before = before.and_then(|b| t.lower(b));
    let behind = t.skip_space(end);
    let word_behind = t.lower(behind);
    if speaker(t, i, end, found) || possessive(t, end) {
        return true;
    }
    // Why is it on the list? Arcuri. The answer to a question for a name.
    if before.is_some_and(|b| t.is(b, "?") && b > 0 && t.lower(b - 1).is_some_and(|w| w == "name")) {
        return true;
    }
    let caps = !t.str(i).chars().any(char::is_lowercase);
    if sentence_begins(t, i) {
        let human = word_behind.is_some_and(|w| ONLY_PEOPLE.contains(&w)) && behind > end;
        return !caps && (human || is_from(t, behind));
    }
    if word_before.is_some_and(|w| SPEECH.contains(&w) || w == "kid") && !caps {
        return true;
    }
    let called = word_before.is_some_and(|w| matches!(w, "me" | "him" | "her"))
        && before
            .and_then(|b| t.before(b))
            .and_then(|b| t.lower(b))
            .is_some_and(|w| matches!(w, "call" | "calls" | "called" | "named" | "name"));
    called || vocative(t, i, end, found) || (found.given_name() && !caps && alone(t, i, end))
}

/// `Heather: "I am`, `John: You` at the beginning of a line.
fn speaker(t: &Tokens<'_>, i: usize, end: usize, found: Word) -> bool {
    let line = i.checked_sub(1).is_none_or(|b| t.kind(b) == Some(Kind::Line));
    let quoted = t.is(end, ":") && t.str(t.skip_space(end + 1)).starts_with(['"', '“', '„', '«']);
    line && t.is(end, ":") && (quoted || found.given_name() || found.surely_name())
}

/// `Asya's daughter`.
fn possessive(t: &Tokens<'_>, end: usize) -> bool {
    let s = matches!(t.str(end), "'" | "’") && t.lower(end + 1).is_some_and(|w| w == "s");
    s && t.lower(t.skip_space(end + 2)).is_some_and(|w| KIN.contains(&w))
}

/// `is from`, `was born`, `had given`.
fn is_from(t: &Tokens<'_>, verb: usize) -> bool {
    let next = t.lower(t.skip_space(verb + 1));
    match t.lower(verb) {
        Some("is" | "was" | "comes" | "came") if next.is_some_and(|w| w == "from") => {
            // Fluid is from the wound; people are from places.
            let place = t.skip_space(t.skip_space(verb + 1) + 1);
            t.is_capital(place)
        }
        Some("was") => next.is_some_and(|w| w == "born"),
        Some("had" | "has") => next.is_some_and(|w| matches!(w, "given" | "told" | "asked" | "said")),
        _ => false,
    }
}

/// `Don't go to town, Roy!`, `Remember me, Mary?`.
fn vocative(t: &Tokens<'_>, i: usize, end: usize, found: Word) -> bool {
    let comma = t.before(i).is_some_and(|b| t.is(b, ","));
    comma && found.given_name() && matches!(t.str(end), "!" | "?")
}

/// Whether no other word with a capital stands beside it: no heading, no title of something.
fn alone(t: &Tokens<'_>, i: usize, end: usize) -> bool {
    let small_before = t.before(i).and_then(|b| t.lower(b).map(|_| !t.is_capital(b)));
    let behind = t.skip_space(end);
    let capital_behind = behind > end && t.is_capital(behind);
    let joined = matches!(t.str(end), "-" | "/" | "'" | "’" | "(" | ":");
    small_before == Some(true) && !capital_behind && !joined
}

/// The end of a row of three words or more with commas and `and`, of which half are names for sure: `Gaetane, Hannah and Derek`.
fn row(t: &Tokens<'_>, i: usize, first: Word) -> Option<usize> {
    let (mut at, mut end) = (i, first.end_token());
    let (mut n, mut sure, mut certain) = (0, 0, 0);
    while let Some(found) = word(t, at).filter(|w| w.possible()) {
        n += 1;
        sure += usize::from(found.given_name() || found.surely_name());
        certain += usize::from(found.surely_name());
        end = found.end_token();
        let Some(next) = joint(t, end) else { break };
        at = next;
    }
    // Torpy and Salinas were: two words, one of them a name and nothing else.
    let plural =
        || t.lower(t.skip_space(end)).is_some_and(|w| matches!(w, "were" | "are" | "have" | "had" | "went" | "came"));
    let pair = n == 2 && certain > 0 && !t.is(first.end_token(), ",") && plural();
    (pair || (n >= 3 && sure * 2 >= n && sure >= 2)).then_some(end)
}

fn row_words(t: &Tokens<'_>, i: usize, end: usize) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let mut at = i;
    while at < end {
        let Some(found) = word(t, at) else { break };
        out.push((at, found.end_token()));
        match joint(t, found.end_token()) {
            Some(next) => at = next,
            None => break,
        }
    }
    out
}

/// The position behind `, `, ` and ` or `, and ` that stands at a token.
fn joint(t: &Tokens<'_>, end: usize) -> Option<usize> {
    let comma = t.is(end, ",");
    let at = if comma { end + 1 } else { end };
    if t.kind(at) != Some(Kind::Space) {
        return None;
    }
    let and = t.lower(at + 1).is_some_and(|w| w == "and") && t.kind(at + 2) == Some(Kind::Space);
    if and { Some(at + 3) } else { comma.then_some(at + 1) }
}

/// In a text without capitals: `my name is vitoria`, `people call me višeslav`.
fn small_letters(t: &Tokens<'_>, i: usize) -> Option<usize> {
    if !t.without_capitals || !t.begins(i) || t.str(i).chars().count() < 4 {
        return None;
    }
    let lower = t.lower(i)?;
    let before = t.before(i)?;
    let two_before = t.before(before).and_then(|b| t.lower(b))?;
    let asked = match t.lower(before)? {
        "is" => two_before == "name",
        "me" => matches!(two_before, "call" | "calls" | "called"),
        _ => false,
    };
    let a_word = t.listed(i, super::lists::NO_NAME) || super::names::looks_like_a_word(lower);
    (asked && !a_word).then(|| super::names::name_word(t, i, lower))
}
