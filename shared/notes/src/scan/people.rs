//! Names by the dictionary: given names and surnames beside each other, and alone where they are no everyday words.
//!
//! Kept: terms of the lexicons, eponyms (`Parkinson's disease`, `Foley catheter`), places of work (`Mercy Hospital`), words that
//! begin sentences. A word that is a name and an everyday word (`Grace`, `Hill`) counts beside another name only.

use super::dictionary::{self, Known};
use super::lists;
use super::tokens::{Kind, Tokens};
use super::words::{EPONYM_NOUNS, FOREIGN_EPONYMS, GIVEN_MONTHS, HUMAN_VERBS, SUFFIXES, WORKPLACES};
use crate::{Class, Identifier, Reader};

/// Units of doses.
const DOSE_UNITS: [&str; 19] = [
    "mg", "mcg", "ug", "µg", "g", "gm", "ml", "unit", "units", "unt", "iu", "meq", "puffs", "tablet", "tablets", "tab",
    "tabs", "capsule", "capsules",
];

/// Most words of a name.
const MOST: usize = 4;

/// A word with a capital, as part of a name.
#[derive(Clone, Copy)]
pub(super) struct Word {
    /// Token behind it.
    end: usize,
    known: Known,
    /// An initial.
    initial: bool,
    /// A term of the lexicons, an abbreviation, or a word that no name is.
    closed: bool,
    /// In the lexicons.
    term: bool,
}

impl Word {
    /// Token behind it.
    pub(super) fn end_token(self) -> usize {
        self.end
    }

    /// A name by itself.
    fn strong(self) -> bool {
        self.known.only_name() && !self.closed
    }

    /// A name by itself.
    pub(super) fn surely_name(self) -> bool {
        self.strong()
    }

    /// A given name, perhaps an everyday word too, but no term.
    pub(super) fn given_name(self) -> bool {
        self.given()
    }

    /// Could be a name in a row of names: not closed, or an eponym or a place that is a surname too.
    pub(super) fn possible(self) -> bool {
        self.open() || (self.term && self.known.surname && !self.initial)
    }

    /// Could be a name that nobody has a list of.
    pub(super) fn open(self) -> bool {
        !self.closed && !self.initial
    }

    /// A given name, perhaps an everyday word too.
    fn given(self) -> bool {
        self.known.given && !self.closed
    }

    /// A surname, perhaps an everyday word or a term too.
    fn surname(self) -> bool {
        self.known.surname && (!self.closed || self.term)
    }
}

pub(super) fn scan(t: &Tokens<'_>, finds: &mut Vec<Identifier>) {
    let mut i = 0;
    while i < t.len() {
        match name_at(t, i) {
            Some((end, take)) => {
                if take {
                    t.find(Class::Name, i, end, finds);
                }
                i = end;
            }
            None => i += 1,
        }
    }
}

/// The end of the name that begins at a token; and whether it is to go (an eponym stays).
fn name_at(t: &Tokens<'_>, i: usize) -> Option<(usize, bool)> {
    let first = word(t, i)?;
    if first.initial {
        return None;
    }
    // Rocky100, An125: made-up persons have numbers behind their names, whatever else the name means.
    let made_up = t.kind(i + 1) == Some(Kind::Digits) && t.str(i + 1).len() <= 4 && !is_caps(t, i);
    if made_up && !t.without_capitals && first.known.name() && !t.listed(i, lists::NO_NAME) {
        let end = run(t, i, first).map_or(first.end, |(end, _)| end);
        return Some((end, true));
    }
    if first.closed && GIVEN_MONTHS.contains(&t.lower(i)?) {
        // April Johnson, Will Garcia; 'will' and months alone are none.
        let (_, next, comma) = following(t, first.end)?;
        return (!comma && next.strong() && next.known.surname).then_some((next.end, true));
    }
    if first.closed {
        // Child-Pugh is one word: its second half is none of its own.
        return Some((first.end, false));
    }
    if let Some(end) = unknown_pair(t, i, first) {
        return Some((end, !eponym(t, i, end)));
    }
    if !first.known.name() && sentence_begins(t, i) {
        return None;
    }
    let (end, sure) = run(t, i, first)?;
    if t.without_capitals {
        // In small letters one word could be anything ('camila' is a drug too): two names beside each other count.
        let two = (i..end).any(|k| t.kind(k) == Some(Kind::Space));
        return (sure && two).then(|| (end, !eponym(t, i, end)));
    }
    // Grace reports, Smith denies: an everyday word that does what people do.
    let acts = || t.lower(t.skip_space(end)).is_some_and(|w| HUMAN_VERBS.contains(&w));
    let sure = sure || (first.known.name() && !is_caps(t, i) && acts());
    sure.then(|| (end, !eponym(t, i, end)))
}

/// `Gherardo Napolitani`: two words with a capital and small letters that no list knows and that look like no word of the
/// language, perhaps with an initial between them; not behind an article.
fn unknown_pair(t: &Tokens<'_>, i: usize, first: Word) -> Option<usize> {
    let article = t.before(i).and_then(|b| t.lower(b)).is_some_and(|w| matches!(w, "the" | "a" | "an" | "at" | "in"));
    if first.known.name() || article || is_caps(t, i) || t.str(i).chars().count() < 3 {
        return None;
    }
    // Bulimia Nervosa: words that are in no lexicon, and no names.
    let is_word = |at: usize| t.lower(at).is_some_and(super::vocabulary::is_word);
    let (mut at, mut next, mut comma) = following(t, first.end)?;
    if next.initial && !comma {
        (at, next, comma) = following(t, next.end)?;
    }
    let unknown = !comma && next.open() && !is_caps(t, at) && t.str(at).chars().count() >= 3;
    // Right Arm: three letters that no list of names has, beside a word.
    let short = |at: usize| t.str(at).chars().count() == 3;
    let unknown = unknown && !((is_word(i) || short(i)) && (is_word(at) || short(at)) && !(short(i) && short(at)));
    let more = following(t, next.end).is_some_and(|(k, w, c)| !c && !w.initial && !is_caps(t, k) && !w.known.name());
    (unknown && !more && !(sentence_begins(t, i) && next.known.everyday)).then_some(next.end)
}

/// Words of one name from here, and whether they are one.
fn run(t: &Tokens<'_>, i: usize, first: Word) -> Option<(usize, bool)> {
    let (mut end, mut last, mut sure) = (first.end, first, first.strong() && (first.end > i + 1 || !too_short(t, i)));
    let mut at = i;
    for _ in 1..MOST {
        let Some((next_at, next, comma)) = following(t, end) else { break };
        let pair = if comma {
            // Smith, John.
            at == i && last.surname() && last.strong() && next.given()
        } else if next.initial {
            true
        } else if last.initial || last.given() {
            (last.initial && first.given() && next.open() && !is_caps(t, next_at))
                || next.strong()
                || next.surname()
                || (next.given() && first.known.only_name())
                || (first.strong() && next.open())
        } else {
            // An unknown first word before a surname that is no everyday word; two surnames.
            let is_word = !last.known.name() && t.lower(at).is_some_and(super::vocabulary::is_word);
            next.strong() && next.known.surname && !is_word
        };
        if !pair {
            break;
        }
        sure |= !next.initial
            && (next.strong()
                || (last.initial && first.given())
                || (first.given() && next.surname())
                || first.strong());
        (at, end, last) = (next_at, next.end, next);
    }
    // Maria G.: a given name with an initial.
    sure |= last.initial && first.given() && t.is(end.saturating_sub(1), ".");
    // An initial at the end belongs to what follows, unless a full stop stands behind it.
    let suffix = t.skip_space(if t.is(end, ",") { end + 1 } else { end });
    if sure && t.lower(suffix).is_some_and(|w| SUFFIXES.contains(&w)) && t.ends(suffix + 1) {
        end = suffix + 1;
    }
    Some((end, sure))
}

/// The next word of a name behind token `end`: where, what, and whether a comma stands between.
fn following(t: &Tokens<'_>, end: usize) -> Option<(usize, Word, bool)> {
    let comma = t.is(end, ",");
    let gap = if comma { end + 1 } else { end };
    if t.kind(gap) != Some(Kind::Space) {
        return None;
    }
    let at = super::names::behind_particles(t, gap + 1);
    word(t, at).map(|w| (at, w, comma))
}

/// A word with a capital that may be part of a name.
pub(super) fn word(t: &Tokens<'_>, i: usize) -> Option<Word> {
    t.named(i)
}

/// Looks up what [`word`] says.
pub(super) fn look_at(t: &Tokens<'_>, i: usize) -> Option<Word> {
    if !(t.is_capital(i) || t.without_capitals) || !t.begins(i) {
        return None;
    }
    let lower = t.lower(i)?;
    if t.without_capitals && !dictionary::look_up(lower).only_name() {
        return None;
    }
    let letters = lower.chars().count();
    let end = super::names::name_word(t, i, lower);
    if letters == 1 && end <= i + 2 {
        let initial = t.is(i + 1, ".") || t.kind(i + 1) == Some(Kind::Space);
        return Some(Word { end, known: Known::default(), initial, closed: !initial, term: false });
    }
    let (mut known, mut sure) = (Known::default(), false);
    for part in i..end {
        if let Some(piece) = t.lower(part) {
            let here = dictionary::look_up(piece);
            known.given |= here.given;
            known.surname |= here.surname;
            sure |= here.only_name();
        }
    }
    // A double name is no everyday word if one half is none.
    known.everyday = known.name() && !sure;
    if end > i + 1 && !known.name() {
        // O'Brien is obrien in the list.
        let joined: String = (i..end).filter_map(|part| t.lower(part)).collect();
        known = dictionary::look_up(&joined);
    }
    // A place is a surname behind a given name only, like a term.
    let term = t.listed(i, lists::TERM) || (letters > 1 && Reader::built_in().knows(lower));
    let no_name = t.listed(i, lists::NO_NAME) || lower == "non";
    let short = letters <= 3 && is_caps(t, i);
    let of_language = !known.name() && super::names::looks_like_a_word(lower);
    // Letters of other languages: a name, unless it is one of medicine's.
    let foreign = !lower.is_ascii() && t.is_capital(i) && letters >= 3 && !FOREIGN_EPONYMS.contains(&lower);
    if foreign && !known.name() {
        known = Known { given: true, surname: true, everyday: false };
    }
    // Camila 0.35 mg: a drug with a name like somebody's. Behind a given name it is a surname.
    let behind_given = || {
        let before = t.before(i).filter(|b| t.is_capital(*b)).and_then(|b| t.lower(b));
        before.is_some_and(|w| dictionary::look_up(w).given)
    };
    let dosed = known.name() && is_dosed(t, end) && !behind_given();
    Some(Word {
        end,
        known,
        initial: false,
        closed: dosed || term || no_name || of_language && !foreign || (short && !known.only_name()),
        term,
    })
}

fn is_caps(t: &Tokens<'_>, i: usize) -> bool {
    !t.str(i).chars().any(char::is_lowercase)
}

/// AMI, IDA: an abbreviation rather than a name.
fn too_short(t: &Tokens<'_>, i: usize) -> bool {
    let letters = t.str(i).chars().count();
    letters <= 2 || (letters <= 4 && is_caps(t, i))
}

/// Whether a sentence or a line begins here: its first word has a capital whatever it is.
pub(super) fn sentence_begins(t: &Tokens<'_>, i: usize) -> bool {
    match t.before(i) {
        None => true,
        Some(before) => {
            matches!(t.kind(before), Some(Kind::Line | Kind::Space))
                || matches!(t.str(before), "." | "!" | "?" | ":" | ";" | "-" | "*" | "•" | "(" | "\"" | "#" | "|" | ">")
        }
    }
}

/// Whether a dose stands here: ` 0.35 mg`, ` 28 day pack`.
fn is_dosed(t: &Tokens<'_>, end: usize) -> bool {
    let at = t.skip_space(end);
    if at == end || t.kind(at) != Some(Kind::Digits) {
        return false;
    }
    let point = matches!(t.str(at + 1), "." | ",") && t.kind(at + 2) == Some(Kind::Digits);
    let behind = if point { at + 3 } else { at + 1 };
    let unit = if t.is(behind, "-") { behind + 1 } else { t.skip_space(behind) };
    let pack = || t.lower(unit) == Some("day") && t.lower(t.skip_space(unit + 1)) == Some("pack");
    t.lower(unit).is_some_and(|w| DOSE_UNITS.contains(&w)) || t.is(unit, "%") || pack()
}

/// `Murphy's sign`, `Mercy Hospital`: stays.
fn eponym(t: &Tokens<'_>, i: usize, end: usize) -> bool {
    let mut at = end;
    if matches!(t.str(at), "'" | "’") && t.lower(at + 1).is_some_and(|w| w == "s") {
        at += 2;
    }
    let mut at = t.skip_space(at);
    // Wolff Parkinson White syndrome: several names before the noun.
    for _ in 0..3 {
        let more = word(t, at).filter(|w| !w.initial && w.known.surname);
        let end = more.map_or(at, Word::end_token);
        if end == at || t.lower(at).is_some_and(|w| EPONYM_NOUNS.contains(&w) || WORKPLACES.contains(&w)) {
            break;
        }
        at = t.skip_space(end);
    }
    let Some(next) = t.lower(at) else { return false };
    let one_word = !(i..end).any(|k| t.kind(k) == Some(Kind::Space));
    // Von Hippel-Lindau disease.
    let listed = (i..end).any(|k| t.listed(k, lists::TERM));
    ((one_word || listed) && EPONYM_NOUNS.contains(&next)) || (t.is_capital(at) && WORKPLACES.contains(&next))
}
