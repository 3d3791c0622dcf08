//! A text as words, numbers and marks.
//!
//! A hyphen, a blank or a line end between two words makes no token but is remembered as the [`Gap`] before the second:
//! `follow-up` is `follow up`. Every other mark is a token.

use super::vocabulary::Vocabulary;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Letters, with the digits and apostrophes among them.
    Word,
    /// Digits, with the points and commas among them.
    Number,
    /// One other character.
    Mark,
}

/// What stands between a token and the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Gap {
    /// Nothing.
    None,
    /// A hyphen.
    Hyphen,
    /// One blank.
    Space,
    /// Several blanks: what some systems print in place of a line end.
    Wide,
    /// A line end.
    Line,
    /// An empty line, or the beginning of the text.
    Blank,
}

/// A token.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    /// First byte.
    pub(crate) start: u32,
    /// Byte behind the last.
    pub(crate) end: u32,
    /// Number in the vocabulary.
    pub(crate) word: u32,
    /// What it is.
    pub(crate) kind: Kind,
    /// What stands before it.
    pub(crate) gap: Gap,
    /// Begins with a capital letter.
    pub(crate) capital: bool,
    /// Two letters or more, all capital.
    pub(crate) caps: bool,
}

/// Cuts a text. Texts of 4 GB and more are cut at that length.
pub(crate) fn tokens(text: &str, vocabulary: &Vocabulary) -> Vec<Token> {
    let mut out = Vec::with_capacity(text.len() / 5);
    let bytes = text.as_bytes();
    let (mut at, mut gap) = (0, Gap::Blank);
    while let Some(c) = next_char(text, at) {
        if c.is_whitespace() {
            let (end, blank) = whitespace(text, at);
            gap = gap.max(blank);
            at = end;
            continue;
        }
        let (end, kind) = if c.is_ascii_digit() {
            (number_end(bytes, at), Kind::Number)
        } else if c.is_alphanumeric() {
            (word_end(text, at), Kind::Word)
        } else {
            (at + c.len_utf8(), Kind::Mark)
        };
        let joins = matches!(c, '-' | '‐' | '‑')
            && gap == Gap::None
            && out.last().is_some_and(|t: &Token| t.kind != Kind::Mark)
            && next_char(text, end).is_some_and(char::is_alphanumeric);
        if joins {
            gap = Gap::Hyphen;
        } else {
            let (Ok(start), Ok(behind)) = (u32::try_from(at), u32::try_from(end)) else { break };
            let piece = text.get(at..end).unwrap_or_default();
            let word = vocabulary.get(piece);
            let capital = kind == Kind::Word && c.is_uppercase();
            let caps = capital && piece.len() > 1 && !piece.chars().any(char::is_lowercase);
            out.push(Token { start, end: behind, word, kind, gap, capital, caps });
            gap = Gap::None;
        }
        at = end;
    }
    out
}

fn next_char(text: &str, at: usize) -> Option<char> {
    match text.as_bytes().get(at) {
        Some(b) if b.is_ascii() => Some(char::from(*b)),
        Some(_) => text.get(at..)?.chars().next(),
        None => None,
    }
}

/// Where blanks end, and what they are.
fn whitespace(text: &str, from: usize) -> (usize, Gap) {
    let (mut at, mut blanks, mut lines) = (from, 0_usize, 0_usize);
    while let Some(c) = next_char(text, at)
        && c.is_whitespace()
    {
        lines += usize::from(c == '\n' || c == '\u{2028}' || c == '\u{2029}');
        // A carriage return alone ends a line too.
        lines += usize::from(c == '\r' && text.as_bytes().get(at + 1) != Some(&b'\n'));
        blanks += 1;
        at += c.len_utf8();
    }
    let gap = match (lines, blanks) {
        (2.., _) => Gap::Blank,
        (1, _) => Gap::Line,
        (0, 2..) => Gap::Wide,
        _ => Gap::Space,
    };
    (at, gap)
}

fn number_end(bytes: &[u8], from: usize) -> usize {
    let digit = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_digit);
    let mut at = from;
    while digit(at) || (matches!(bytes.get(at), Some(b'.' | b',')) && digit(at + 1)) {
        at += 1;
    }
    at
}

fn word_end(text: &str, from: usize) -> usize {
    let mut at = from;
    while let Some(c) = next_char(text, at) {
        let inner = matches!(c, '\'' | '’') && at > from && {
            next_char(text, at + c.len_utf8()).is_some_and(char::is_alphabetic)
        };
        if !(c.is_alphanumeric() || inner) {
            break;
        }
        at += c.len_utf8();
    }
    at
}
