//! Names behind titles and labels, and before professional credentials.

use super::lists;
use super::tokens::{Kind, Tokens};
use crate::{Class, Identifier};

pub(super) const TITLES: [&str; 18] = [
    "dr",
    "drs",
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "prof",
    "professor",
    "doctor",
    "nurse",
    "sir",
    "madam",
    "herr",
    "frau",
    "mme",
    "mlle",
    "rev",
];

/// Labels that a name follows behind a colon.
pub(super) const LABELS: [&str; 17] = [
    "name",
    "patient",
    "pt",
    "attending",
    "provider",
    "physician",
    "surgeon",
    "pcp",
    "by",
    "consultant",
    "author",
    "nurse",
    "dictated",
    "cc",
    "mother",
    "father",
    "contact",
];

pub(super) const CREDENTIALS: [&str; 12] =
    ["md", "do", "rn", "np", "pa", "phd", "dds", "dpm", "lpn", "mbbs", "facc", "pharmd"];

/// Words with a capital that begin a sentence or a section rather than go on with a name.
pub(super) const NO_NAMES: [&str; 60] = [
    "a",
    "also",
    "and",
    "as",
    "at",
    "but",
    "came",
    "complains",
    "date",
    "denies",
    "did",
    "does",
    "dob",
    "for",
    "from",
    "had",
    "has",
    "he",
    "her",
    "his",
    "i",
    "in",
    "is",
    "it",
    "medical",
    "mrn",
    "no",
    "not",
    "notes",
    "of",
    "on",
    "or",
    "patient",
    "plan",
    "please",
    "presented",
    "presents",
    "recommended",
    "reported",
    "reports",
    "saw",
    "says",
    "seen",
    "sex",
    "she",
    "states",
    "that",
    "the",
    "they",
    "this",
    "to",
    "was",
    "we",
    "well",
    "were",
    "who",
    "will",
    "with",
    "you",
    "age",
];

/// Endings of English and medical words: a word with one of them that is in no list of names is none.
const WORD_ENDINGS: [&str; 55] = [
    "ology", "ogy", "tion", "sion", "tional", "ment", "ing", "ery", "ics", "ic", "ical", "ial", "ual", "ed", "ive",
    "ous", "ity", "ness", "ance", "ence", "itis", "osis", "emia", "oma", "scopy", "ectomy", "plasty", "gram", "graphy",
    "pathy", "ology", "ism", "ist", "ary", "ory", "able", "ible", "ly", "ful", "less", "ship", "cillin", "mycin",
    "statin", "pril", "olol", "sartan", "azole", "pine", "mide", "xaban", "mab", "nib", "vir", "ectasis",
];

/// Whether a word ends so; the last byte is looked at first, since most words end otherwise.
#[inline]
pub(super) fn ends_with(word: &str, end: &str) -> bool {
    word.as_bytes().last() == end.as_bytes().last() && word.ends_with(end)
}

/// Whether an unknown word looks like a word of the language rather than a name.
pub(super) fn looks_like_a_word(word: &str) -> bool {
    WORD_ENDINGS.iter().any(|end| word.len() > end.len() + 1 && ends_with(word, end))
}

const PARTICLES: [&str; 14] =
    ["van", "von", "de", "der", "den", "la", "le", "du", "da", "di", "del", "bin", "al", "el"];

pub(super) fn scan(t: &Tokens<'_>, finds: &mut Vec<Identifier>) {
    for i in 0..t.len() {
        if !t.listed(i, lists::NAME) || !t.begins(i) {
            continue;
        }
        let Some(word) = t.lower(i) else { continue };
        // 'Father: Prostate cancer' is a family history: only a name that a list knows is taken.
        let kin = matches!(word, "mother" | "father");
        let known =
            |start: &usize| !kin || super::people::word(t, *start).is_some_and(|w| w.given_name() || w.surely_name());
        let start = behind_title(t, i, word).or_else(|| behind_label(t, i, word).filter(known));
        if let Some(start) = start
            && let Some(end) = name(t, start, 3)
        {
            t.find(Class::Name, start, end, finds);
        }
        if CREDENTIALS.contains(&word)
            && t.str(i).chars().all(|c| c.is_uppercase() || word == "phd" || word == "pharmd")
        {
            before_credentials(t, i, finds);
        }
    }
}

/// The position behind `Dr.`, `Mrs`.
fn behind_title(t: &Tokens<'_>, i: usize, word: &str) -> Option<usize> {
    // Small letters with a full stop, and in texts without capitals, are titles too.
    let small = (t.is(i + 1, ".") || t.without_capitals) && matches!(word, "dr" | "mr" | "mrs" | "ms");
    if !TITLES.contains(&word) || !(t.is_capital(i) || small) {
        return None;
    }
    let at = if t.is(i + 1, ".") { i + 2 } else { i + 1 };
    let behind = t.skip_space(at);
    // MR BRAIN is a magnetic resonance study.
    let caps = |k: usize| !t.str(k).chars().any(char::is_lowercase);
    if t.str(i) == "MR" && at == i + 1 && caps(behind) {
        let named = t.lower(behind).is_some_and(|w| super::dictionary::look_up(w).only_name());
        return named.then_some(behind);
    }
    // A title and its name are two words.
    (behind > i + 1).then_some(behind)
}

/// The position behind `Patient:`, `Name -`, `Electronically signed by`.
fn behind_label(t: &Tokens<'_>, i: usize, word: &str) -> Option<usize> {
    if !LABELS.contains(&word) {
        return None;
    }
    let at = t.skip_space(i + 1);
    if t.is(at, ":") {
        return Some(t.skip_space(at + 1)).filter(|behind| !super::speech::begins(t, *behind));
    }
    let signed = word == "by"
        && t.before(i).and_then(|b| t.lower(b)).is_some_and(|w| matches!(w, "signed" | "dictated" | "authored"));
    (signed && at > i + 1).then_some(at)
}

/// The end of a name of at most `most` words that begins here.
fn name(t: &Tokens<'_>, start: usize, most: usize) -> Option<usize> {
    let (mut end, mut at) = (None, start);
    for words in 0..most {
        at = behind_particles(t, at);
        let Some(word) = t.lower(at) else { break };
        // The A of 'Dr. A. Smith' is an initial.
        let initial = word.len() == 1 && t.is(at + 1, ".");
        let is_word = !initial && NO_NAMES.contains(&word) || (words > 0 && CREDENTIALS.contains(&word));
        let named = t.is_capital(at) || (t.without_capitals && words == 0);
        if !named || is_word {
            break;
        }
        let behind = name_word(t, at, word);
        end = Some(behind);
        let comma = words == 0
            && t.is(behind, ",")
            && t.kind(behind + 1) == Some(Kind::Space)
            && t.is_capital(behind + 2)
            && last_first(t, behind + 2);
        let next = if comma { behind + 2 } else { t.skip_space(behind) };
        if next == behind {
            break;
        }
        at = next;
    }
    end
}

/// The position behind `van der`.
pub(super) fn behind_particles(t: &Tokens<'_>, mut at: usize) -> usize {
    for _ in 0..2 {
        let particle = !t.is_capital(at) && t.lower(at).is_some_and(|w| PARTICLES.contains(&w));
        if !particle || t.kind(at + 1) != Some(Kind::Space) {
            break;
        }
        at += 2;
    }
    at
}

/// The position behind one word of a name, with what made-up names have behind it (Smith123), hyphens, apostrophes and the
/// full stop of an initial.
pub(super) fn name_word(t: &Tokens<'_>, at: usize, word: &str) -> usize {
    let behind_digits = |at: usize| if t.kind(at) == Some(Kind::Digits) { at + 1 } else { at };
    let mut at = behind_digits(at + 1);
    for _ in 0..3 {
        if !matches!(t.str(at), "-" | "'" | "’") || !t.is_capital(at + 1) {
            break;
        }
        at = behind_digits(at + 2);
    }
    if word.chars().count() == 1 && t.is(at, ".") { at + 1 } else { at }
}

/// Whether `Smith, John` rather than `Smith, Plan`: what follows is no credential and no common word.
fn last_first(t: &Tokens<'_>, i: usize) -> bool {
    t.lower(i).is_some_and(|w| !CREDENTIALS.contains(&w) && !NO_NAMES.contains(&w))
}

/// `Jane Q. Doe, MD`: up to three words with capitals before the credential.
fn before_credentials(t: &Tokens<'_>, i: usize, finds: &mut Vec<Identifier>) {
    let Some(mut at) = t.before(i) else { return };
    let comma = t.is(at, ",");
    if comma {
        let Some(before) = t.before(at) else { return };
        at = before;
    }
    let (mut from, mut words) = (None, 0);
    loop {
        let full_stop = t.is(at, ".");
        let word = if full_stop { at.checked_sub(1) } else { Some(at) };
        let Some(word) = word else { break };
        let initial = t.str(word).chars().count() == 1;
        let no_name = t.lower(word).is_none_or(|w| NO_NAMES.contains(&w) || TITLES.contains(&w));
        if !t.is_capital(word) || no_name || (full_stop && !initial) {
            break;
        }
        words += 1;
        from = Some(word);
        if words == 3 {
            break;
        }
        let hyphen =
            word.checked_sub(1).filter(|b| matches!(t.str(*b), "-" | "'" | "’")).and_then(|b| b.checked_sub(1));
        match hyphen.or_else(|| t.before(word)) {
            Some(before) => at = before,
            None => break,
        }
    }
    // Without a comma one word could be anything: 'Consult PA'.
    if let Some(from) = from
        && (words >= 2 || comma)
    {
        let end = t.before(i).map_or(i, |b| if comma { t.before(b).map_or(b, |w| w + 1) } else { b + 1 });
        t.find(Class::Name, from, end, finds);
    }
}
