//! A text as runs of letters, runs of digits, and single other characters.

use std::ops::Range;

use super::people::{self, Word};
use crate::{Class, Identifier};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Letters (and marks above them).
    Word,
    /// ASCII digits.
    Digits,
    /// Blanks but no line end.
    Space,
    /// A line end, with the blanks around it.
    Line,
    /// One other character.
    Mark,
}

/// A token.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) end: usize,
    /// Where a word begins and ends among the words in small letters.
    small: (u32, u32),
    /// The lists that it stands in.
    lists: u8,
    /// The character, where it is one of ASCII that stands alone; 0 for others.
    mark: u8,
    /// A word that begins with a capital.
    capital: bool,
}

/// A text and its tokens.
pub(super) struct Tokens<'a> {
    pub(super) text: &'a str,
    /// No word begins with a capital: names are to be found in small letters too.
    pub(super) without_capitals: bool,
    all: Vec<Token>,
    /// The words in small letters, one behind the other.
    small: String,
    /// What each token is as part of a name: every scanner asks, and it is looked up once.
    named: Vec<Option<Word>>,
}

fn kind_of(c: char) -> Kind {
    if c.is_ascii_digit() {
        Kind::Digits
    } else if c.is_alphabetic() {
        Kind::Word
    } else if matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}') {
        Kind::Line
    } else if c.is_whitespace() {
        Kind::Space
    } else {
        Kind::Mark
    }
}

/// Kind and bytes of the character at a position, and whether it is a capital.
#[inline]
fn look(text: &str, at: usize) -> Option<(Kind, usize, bool)> {
    let byte = *text.as_bytes().get(at)?;
    let kind = match byte {
        b'0'..=b'9' => Kind::Digits,
        b'a'..=b'z' | b'A'..=b'Z' => Kind::Word,
        b'\n' | b'\r' => Kind::Line,
        b' ' | b'\t' | 0x0b | 0x0c => Kind::Space,
        0..=0x7f => Kind::Mark,
        _ => {
            let c = text.get(at..)?.chars().next()?;
            return Some((kind_of(c), c.len_utf8(), c.is_uppercase()));
        }
    };
    Some((kind, 1, byte.is_ascii_uppercase()))
}

/// The words in small letters; each token learns where its own are.
fn small_letters(text: &str, all: &mut [Token]) -> String {
    let mut small = String::with_capacity(text.len());
    for token in all.iter_mut().filter(|t| t.kind == Kind::Word) {
        let word = text.get(token.start..token.end).unwrap_or_default();
        let from = small.len();
        if word.is_ascii() {
            small.push_str(word);
            if let Some(end) = small.get_mut(from..) {
                end.make_ascii_lowercase();
            }
        } else {
            small.push_str(&word.to_lowercase());
        }
        token.lists = super::lists::of(small.get(from..).unwrap_or_default());
        token.small = (u32::try_from(from).unwrap_or(0), u32::try_from(small.len()).unwrap_or(0));
    }
    small
}

impl<'a> Tokens<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let mut all: Vec<Token> = Vec::with_capacity(text.len() / 3);
        let (mut start, mut without_capitals) = (0, true);
        while let Some((kind, length, upper)) = look(text, start) {
            let mut end = start + length;
            without_capitals &= !upper;
            while kind != Kind::Mark
                && let Some((_, length, upper)) = look(text, end).filter(|(next, ..)| *next == kind)
            {
                end += length;
                without_capitals &= !upper;
            }
            let mark = if kind == Kind::Mark && length == 1 { text.as_bytes().get(start).copied() } else { None };
            let capital = upper && kind == Kind::Word;
            all.push(Token { kind, start, end, small: (0, 0), lists: 0, mark: mark.unwrap_or(0), capital });
            start = end;
        }
        let small = small_letters(text, &mut all);
        let mut tokens = Self { text, without_capitals, all, small, named: Vec::new() };
        tokens.named = (0..tokens.len()).map(|i| people::look_at(&tokens, i)).collect();
        tokens
    }

    /// A word with a capital that may be part of a name.
    #[inline]
    pub(super) fn named(&self, i: usize) -> Option<Word> {
        self.named.get(i).copied().flatten()
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    pub(super) fn get(&self, i: usize) -> Option<Token> {
        self.all.get(i).copied()
    }

    #[inline]
    pub(super) fn kind(&self, i: usize) -> Option<Kind> {
        self.all.get(i).map(|t| t.kind)
    }

    /// The text of a token; nothing behind the end.
    pub(super) fn str(&self, i: usize) -> &'a str {
        self.get(i).and_then(|t| self.text.get(t.start..t.end)).unwrap_or_default()
    }

    /// Whether a token is this character.
    #[inline(always)]
    pub(super) fn is(&self, i: usize, mark: &str) -> bool {
        match mark.as_bytes() {
            [byte] if byte.is_ascii_punctuation() => self.all.get(i).is_some_and(|t| t.mark == *byte),
            _ => self.str(i) == mark,
        }
    }

    /// A word in lower case; nothing for another token.
    pub(super) fn lower(&self, i: usize) -> Option<&str> {
        let token = self.get(i).filter(|t| t.kind == Kind::Word)?;
        self.small.get(token.small.0 as usize..token.small.1 as usize)
    }

    /// Whether a word stands in one of these lists.
    pub(super) fn listed(&self, i: usize, lists: u8) -> bool {
        self.all.get(i).is_some_and(|t| t.lists & lists != 0)
    }

    /// The digits of a token of at most nine digits, and how many there are.
    pub(super) fn number(&self, i: usize) -> Option<(u32, usize)> {
        if self.kind(i) != Some(Kind::Digits) {
            return None;
        }
        let text = self.str(i);
        (text.len() <= 9).then(|| text.parse().ok().map(|n| (n, text.len()))).flatten()
    }

    /// The position behind blanks (no line end).
    pub(super) fn skip_space(&self, i: usize) -> usize {
        if self.kind(i) == Some(Kind::Space) { i + 1 } else { i }
    }

    /// The position of the token before blanks.
    pub(super) fn before(&self, i: usize) -> Option<usize> {
        let i = i.checked_sub(1)?;
        if self.kind(i) == Some(Kind::Space) { i.checked_sub(1) } else { Some(i) }
    }

    /// Whether no letter or digit touches the token before it.
    pub(super) fn begins(&self, i: usize) -> bool {
        let Some(before) = i.checked_sub(1) else { return true };
        !matches!(self.kind(before), Some(Kind::Word | Kind::Digits))
    }

    /// Whether no letter or digit touches token `i - 1` behind it.
    pub(super) fn ends(&self, i: usize) -> bool {
        !matches!(self.kind(i), Some(Kind::Word | Kind::Digits))
    }

    /// Whether a word begins with a capital letter.
    pub(super) fn is_capital(&self, i: usize) -> bool {
        self.all.get(i).is_some_and(|t| t.capital)
    }

    /// The bytes of the tokens `from..to`.
    pub(super) fn span(&self, from: usize, to: usize) -> Option<Range<usize>> {
        let start = self.get(from)?.start;
        let end = self.get(to.checked_sub(1)?)?.end;
        (start < end).then_some(start..end)
    }

    /// Adds the tokens `from..to` as a find.
    pub(super) fn find(&self, class: Class, from: usize, to: usize, finds: &mut Vec<Identifier>) {
        if let Some(span) = self.span(from, to) {
            finds.push(Identifier { class, span });
        }
    }
}
