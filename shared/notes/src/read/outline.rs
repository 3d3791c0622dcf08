//! Sentences and sections.
//!
//! A sentence ends at a full stop, an exclamation or a question mark that a capital or a number follows, at an empty line,
//! and at a line end unless the line goes on in the next. A heading is a known one (rows of kind `section` in
//! `rules/context.tsv`) with a colon or alone on its line, a run of words in capitals with a colon, or a line that begins
//! with `#`. A section lasts until the next heading.

use std::ops::Range;

use super::phrases::Phrases;
use super::tokens::{Gap, Kind, Token};
use super::vocabulary::Vocabulary;

/// Bytes of a line from which on it may go on in the next.
const LONG_LINE: u32 = 40;

/// Most tokens of a sentence: what is longer (a table, a text without marks) is cut, so that time stays linear.
const LONGEST: usize = 400;

/// Most words of a heading in capitals that is not known.
const HEADING_WORDS: usize = 7;

/// Abbreviations that a full stop follows within a sentence.
const ABBREVIATIONS: [&str; 26] = [
    "dr", "mr", "mrs", "ms", "prof", "st", "vs", "approx", "eg", "ie", "fig", "pt", "pts", "wt", "ht", "temp", "resp",
    "hx", "dx", "jr", "sr", "dept", "lt", "rt", "incl", "esp",
];

/// A sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sentence {
    /// Its tokens.
    pub(crate) tokens: Range<usize>,
    /// The section it stands in: a number of a section rule.
    pub(crate) section: Option<u32>,
    /// The heading's tokens.
    pub(crate) heading: Range<usize>,
}

/// Words of the language that the outline needs to know.
#[derive(Debug)]
pub(crate) struct Outliner {
    headings: Phrases,
    abbreviations: Vec<u32>,
}

/// Where a heading ends, where what stands below begins, and its rule.
struct Heading {
    end: usize,
    content: usize,
    rule: Option<u32>,
}

impl Outliner {
    /// With the headings that are known.
    pub(crate) fn new(headings: Phrases, vocabulary: &mut Vocabulary) -> Self {
        let mut abbreviations: Vec<u32> = ABBREVIATIONS.iter().map(|a| vocabulary.add(a)).collect();
        abbreviations.sort_unstable();
        Self { headings, abbreviations }
    }

    /// The sentences of a text, in order; headings that are known belong to none.
    pub(crate) fn sentences(&self, text: &str, tokens: &[Token]) -> Vec<Sentence> {
        let mut out: Vec<Sentence> = Vec::with_capacity(tokens.len() / 10 + 1);
        let (mut section, mut heading) = (None, 0..0);
        let (mut start, mut at) = (0, 0);
        while at < tokens.len() {
            if let Some(found) = self.heading(text, tokens, at) {
                push(&mut out, start..at, section, &heading);
                section = found.rule;
                heading = at..found.end;
                if found.rule.is_none() {
                    // Not known: it may be a finding ('HYPERTENSION: on two drugs'), so it is read as a sentence too.
                    push(&mut out, at..found.content, section, &heading);
                }
                start = found.content;
                at = found.content;
                continue;
            }
            at += 1;
            while at < tokens.len() && at - start < LONGEST && !self.breaks(text, tokens, start, at) {
                at += 1;
            }
            // A break that a heading makes is seen at the loop's head.
            push(&mut out, start..at, section, &heading);
            start = at;
        }
        push(&mut out, start..tokens.len(), section, &heading);
        out
    }

    /// Whether a sentence ends before token `at`.
    fn breaks(&self, text: &str, tokens: &[Token], start: usize, at: usize) -> bool {
        let (Some(token), Some(before)) = (tokens.get(at), tokens.get(at.wrapping_sub(1))) else { return true };
        match token.gap {
            Gap::None | Gap::Hyphen => return false,
            Gap::Blank => return true,
            _ => {}
        }
        let small = token.kind == Kind::Word && !token.capital;
        let stop = mark(text, before);
        if matches!(stop, Some('!' | '?')) {
            return !small && before.gap != Gap::Blank;
        }
        if stop == Some('.') && !small {
            return !self.abbreviated(text, tokens, start, at - 1);
        }
        match token.gap {
            Gap::Line => {
                let goes_on = small || stop == Some(',') || (token.kind == Kind::Number && !numbered(text, tokens, at));
                let bullet = matches!(mark(text, token), Some('-' | '*' | '•' | '·' | '+' | '#' | '–'));
                bullet || !goes_on || (stop != Some(',') && line_length(text, before) < LONG_LINE)
            }
            Gap::Wide => numbered(text, tokens, at) || self.heading(text, tokens, at).is_some(),
            _ => false,
        }
    }

    /// Whether the full stop `at` belongs to the word before it.
    fn abbreviated(&self, text: &str, tokens: &[Token], start: usize, at: usize) -> bool {
        let Some(word) = at.checked_sub(1).and_then(|i| tokens.get(i)) else { return false };
        let glued = tokens.get(at).is_some_and(|t| t.gap == Gap::None);
        if !glued {
            return false;
        }
        match word.kind {
            // '2. Cough' begins an item.
            Kind::Number => at - 1 == start && tokens.get(at + 1).is_none_or(|t| t.gap != Gap::Blank),
            Kind::Word => {
                let piece = text.get(word.start as usize..word.end as usize).unwrap_or_default();
                // An initial, or the last of 'p.o.' with something in capitals behind it.
                piece.chars().count() == 1 && word.capital || self.abbreviations.binary_search(&word.word).is_ok()
            }
            Kind::Mark => false,
        }
    }

    /// The heading that begins at a token.
    fn heading(&self, text: &str, tokens: &[Token], at: usize) -> Option<Heading> {
        let first = tokens.get(at)?;
        let begins = first.gap >= Gap::Wide || tokens.get(at.checked_sub(1)?).is_some_and(|b| mark(text, b).is_some());
        if !begins {
            return None;
        }
        let hash = mark(text, first) == Some('#') && first.gap >= Gap::Line;
        let mut from = at;
        while tokens.get(from).and_then(|t| mark(text, t)).is_some_and(|c| matches!(c, '#' | '*' | '_' | '=')) {
            from += 1;
        }
        if from > at && tokens.get(from).is_none_or(|t| t.gap >= Gap::Line) {
            return None;
        }
        let mut known = None;
        self.headings.at(tokens, from, tokens.len(), |m| {
            if let (Some(content), Some(rule)) = (self.closed(text, tokens, at, m.end), m.of.first()) {
                known = Some(Heading { end: m.end, content, rule: Some(*rule) });
            }
        });
        if known.is_some() {
            return known;
        }
        let wide = first.gap >= Gap::Wide;
        let mut end = from;
        while let Some(token) = tokens.get(end)
            && end - from < HEADING_WORDS
            && (token.caps || hash || matches!(mark(text, token), Some('/' | '&' | '(' | ')')))
            && (end == from || token.gap < Gap::Line)
        {
            end += 1;
        }
        if hash {
            let content = if tokens.get(end).is_some_and(|t| mark(text, t) == Some(':')) { end + 1 } else { end };
            return Some(Heading { end, content, rule: None });
        }
        let colon = tokens.get(end).is_some_and(|t| mark(text, t) == Some(':') && t.gap < Gap::Line);
        (wide && end > from && colon).then_some(Heading { end, content: end + 1, rule: None })
    }

    /// Where what stands below a known heading begins, if it ends as a heading does.
    fn closed(&self, text: &str, tokens: &[Token], at: usize, end: usize) -> Option<usize> {
        let mut end = end;
        while tokens.get(end).and_then(|t| mark(text, t)).is_some_and(|c| matches!(c, '*' | '_' | '=')) {
            end += 1;
        }
        let Some(token) = tokens.get(end) else { return tokens.get(at).filter(|t| t.gap >= Gap::Line).map(|_| end) };
        if token.gap < Gap::Line && mark(text, token) == Some(':') {
            let bold = |i: usize| tokens.get(i).is_some_and(|t| t.gap == Gap::None && mark(text, t) == Some('*'));
            let mut content = end + 1;
            while bold(content) {
                content += 1;
            }
            return Some(content);
        }
        let dash = token.gap == Gap::Space && matches!(mark(text, token), Some('-' | '–' | '—'));
        let dash = dash && tokens.get(end + 1).is_some_and(|t| t.gap != Gap::None);
        let line = tokens.get(at).is_some_and(|t| t.gap >= Gap::Line);
        if line && dash {
            return Some(end + 1);
        }
        (line && token.gap >= Gap::Line).then_some(end)
    }
}

fn push(out: &mut Vec<Sentence>, tokens: Range<usize>, section: Option<u32>, heading: &Range<usize>) {
    if !tokens.is_empty() {
        out.push(Sentence { tokens, section, heading: heading.clone() });
    }
}

/// The character of a mark.
pub(crate) fn mark(text: &str, token: &Token) -> Option<char> {
    if token.kind != Kind::Mark {
        return None;
    }
    text.get(token.start as usize..)?.chars().next()
}

/// Whether `2)` or `2.` begins here.
fn numbered(text: &str, tokens: &[Token], at: usize) -> bool {
    let number = tokens.get(at).is_some_and(|t| t.kind == Kind::Number && t.end - t.start <= 2);
    let behind = tokens.get(at + 1).filter(|t| t.gap == Gap::None).and_then(|t| mark(text, t));
    number && matches!(behind, Some(')' | '.'))
}

/// Bytes of the line that a token ends.
fn line_length(text: &str, token: &Token) -> u32 {
    let end = token.end as usize;
    let from = end.saturating_sub(LONG_LINE as usize);
    let bytes = text.as_bytes().get(from..end).unwrap_or_default();
    match memchr::memrchr2(b'\n', b'\r', bytes) {
        Some(at) => u32::try_from(bytes.len() - at - 1).unwrap_or(LONG_LINE),
        None => u32::try_from(bytes.len()).unwrap_or(LONG_LINE),
    }
}
