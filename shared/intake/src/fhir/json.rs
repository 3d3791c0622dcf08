//! JSON text of one resource, read where it stands: nothing is copied until a value is asked for.
//!
//! [`Fields::read`] checks the whole text once against the grammar (RFC 8259; raw control characters within strings are
//! let through, as some exports hold them). What it hands out is then known to be well formed, so that walking through it
//! cannot fail.

use std::borrow::Cow;

use sha2::{Digest as _, Sha256};

use crate::text::windows_1252;

/// Objects and arrays within one another, at most.
pub(super) const MAX_DEPTH: usize = 256;

/// Why a text is no JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BadJson {
    /// Byte in the text.
    pub(super) at: usize,
    /// What is wrong, in words.
    pub(super) what: &'static str,
}

fn bad<T>(at: usize, what: &'static str) -> Result<T, BadJson> {
    Err(BadJson { at, what })
}

/// The raw text of one well-formed value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Value<'a>(&'a [u8]);

/// The members of a resource, in the order of the text.
#[derive(Debug)]
pub(super) struct Fields<'a>(Vec<(&'a [u8], Value<'a>)>);

impl<'a> Fields<'a> {
    /// Reads an object. White space around it is allowed.
    pub(super) fn read(text: &'a [u8]) -> Result<Self, BadJson> {
        let mut at = space(text, 0);
        if text.get(at) != Some(&b'{') {
            return bad(at, "not a JSON object");
        }
        let mut members = Vec::with_capacity(20);
        at = space(text, at + 1);
        if text.get(at) == Some(&b'}') {
            return ended(text, at + 1, members);
        }
        loop {
            let (key, colon) = key(text, at)?;
            let from = space(text, colon);
            let end = skip(text, from)?;
            members.push((key, Value(text.get(from..end).unwrap_or_default())));
            at = space(text, end);
            match text.get(at) {
                Some(b',') => at = space(text, at + 1),
                Some(b'}') => return ended(text, at + 1, members),
                None => return bad(at, "the text ends within an object"),
                _ => return bad(at, "a comma or a closing brace is missing"),
            }
        }
    }

    /// Reads an object that stands within a checked text.
    pub(super) fn of(value: Value<'a>) -> Self {
        Self(value.members().collect())
    }

    /// The value of a member that is no null. Of two members of one name the first is taken.
    pub(super) fn get(&self, name: &str) -> Option<Value<'a>> {
        self.0.iter().find(|(key, _)| *key == name.as_bytes()).map(|(_, value)| *value).filter(|v| !v.is_null())
    }

    /// A digest of the members as they are written, but for white space between them.
    pub(super) fn digest(&self) -> [u64; 2] {
        let mut hasher = Sha256::new();
        for (key, value) in &self.0 {
            hasher.update(key);
            hasher.update(b"\0");
            let (mut at, mut rest) = (0, value.0);
            while let Some(byte) = rest.get(at) {
                if *byte == b'"' {
                    at = skip(rest, at).unwrap_or(rest.len());
                } else if byte.is_ascii_whitespace() {
                    hasher.update(rest.get(..at).unwrap_or_default());
                    rest = rest.get(at + 1..).unwrap_or_default();
                    at = 0;
                } else {
                    at += 1;
                }
            }
            hasher.update(rest);
            hasher.update(b"\0");
        }
        super::reference::halves(&hasher.finalize())
    }

    /// A member that is text.
    pub(super) fn text(&self, name: &str) -> Option<Cow<'a, str>> {
        self.get(name)?.text()
    }
}

/// The text with `/` for every `\/`: some programs write slashes so, and addresses and references are read as they are written.
pub(super) fn plain_slashes(text: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memmem::find(text, b"\\/").is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(i) = text.get(at..).and_then(|rest| memchr::memchr(b'\\', rest)).map(|i| at + i) {
        out.extend_from_slice(text.get(at..i).unwrap_or_default());
        match text.get(i + 1) {
            Some(b'/') => out.push(b'/'),
            _ => out.extend_from_slice(text.get(i..text.len().min(i + 2)).unwrap_or_default()),
        }
        at = i + 2;
    }
    out.extend_from_slice(text.get(at..).unwrap_or_default());
    Cow::Owned(out)
}

/// The members of an object that is no resource, as text: numbers and truth values as they are written, nothing for null,
/// lists and objects as their JSON. Of two members of one name the first is taken by [`Fields::get`], and here both come.
///
/// # Errors
/// Why the text is no object, in words.
#[cfg(feature = "tables")]
pub(crate) fn json_line(text: &[u8]) -> Result<Vec<(String, String)>, String> {
    let fields = Fields::read(text).map_err(|bad| format!("{} at byte {}", bad.what, bad.at + 1))?;
    let lossy = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let member = |(key, value): (&[u8], Value<'_>)| {
        let text = if value.is_null() {
            String::new()
        } else if value.bytes().is_some() {
            value.text().unwrap_or_default().into_owned()
        } else {
            lossy(value.0)
        };
        (lossy(key), text)
    };
    Ok(fields.0.into_iter().map(member).collect())
}

fn ended<'a>(text: &[u8], at: usize, members: Vec<(&'a [u8], Value<'a>)>) -> Result<Fields<'a>, BadJson> {
    let at = space(text, at);
    if at < text.len() { bad(at, "something stands behind the object") } else { Ok(Fields(members)) }
}

impl<'a> Value<'a> {
    /// Whether a text is exactly one value, with white space around it.
    pub(super) fn is_one(text: &[u8]) -> bool {
        skip(text, space(text, 0)).is_ok_and(|end| space(text, end) == text.len())
    }

    pub(super) fn is_object(self) -> bool {
        self.0.first() == Some(&b'{')
    }

    fn is_null(self) -> bool {
        self.0.first() == Some(&b'n')
    }

    /// The members of an object; none for another value.
    pub(super) fn members(self) -> Members<'a> {
        let at = if self.is_object() { 1 } else { self.0.len() };
        Members { text: self.0, at }
    }

    /// The items of an array; another value stands for itself, as where FHIR R5 repeats what R4 has once.
    pub(super) fn items(self) -> Items<'a> {
        match self.0.first() {
            Some(b'[') => Items { text: self.0, at: 1, array: true },
            _ => Items { text: self.0, at: 0, array: false },
        }
    }

    /// A member of an object.
    pub(super) fn get(self, name: &str) -> Option<Value<'a>> {
        self.members().find(|(key, _)| *key == name.as_bytes()).map(|(_, value)| value).filter(|v| !v.is_null())
    }

    /// The first item of a member that repeats.
    pub(super) fn first(self, name: &str) -> Option<Value<'a>> {
        self.get(name)?.items().next()
    }

    /// A text's bytes as they are written, between the quotation marks.
    pub(super) fn bytes(self) -> Option<&'a [u8]> {
        match self.0 {
            [b'"', inner @ .., b'"'] => Some(inner),
            _ => None,
        }
    }

    /// A text, without blanks around it. What is not UTF-8 is read as windows-1252. Nothing for an empty text.
    pub(super) fn text(self) -> Option<Cow<'a, str>> {
        let raw = self.bytes()?.trim_ascii();
        if raw.is_empty() {
            return None;
        }
        let whole = match std::str::from_utf8(raw) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => Cow::Owned(raw.iter().map(|b| windows_1252(*b)).collect()),
        };
        if memchr::memchr(b'\\', raw).is_none() {
            return Some(whole);
        }
        let clean = unescaped(&whole);
        let trimmed = clean.trim();
        (!trimmed.is_empty()).then(|| Cow::Owned(trimmed.to_owned()))
    }

    /// A number. Numbers within quotation marks are taken too, since some exports write them.
    pub(super) fn number(self) -> Option<f64> {
        let raw = self.bytes().unwrap_or(self.0);
        fast_float2::parse::<f64, _>(raw.trim_ascii()).ok().filter(|v| v.is_finite())
    }

    /// `true` or `false`, also as text.
    pub(super) fn boolean(self) -> Option<bool> {
        match self.bytes().unwrap_or(self.0) {
            b"true" => Some(true),
            b"false" => Some(false),
            _ => None,
        }
    }
}

/// Members of a well-formed object.
pub(super) struct Members<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Iterator for Members<'a> {
    type Item = (&'a [u8], Value<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let mut at = space(self.text, self.at);
        if self.text.get(at) == Some(&b',') {
            at = space(self.text, at + 1);
        }
        let (key, colon) = key(self.text, at).ok()?;
        let from = space(self.text, colon);
        self.at = skip(self.text, from).ok()?;
        Some((key, Value(self.text.get(from..self.at)?)))
    }
}

/// Items of a well-formed array.
pub(super) struct Items<'a> {
    text: &'a [u8],
    at: usize,
    array: bool,
}

impl<'a> Iterator for Items<'a> {
    type Item = Value<'a>;

    fn next(&mut self) -> Option<Value<'a>> {
        if !self.array {
            return Some(Value(std::mem::take(&mut self.text))).filter(|v| !v.0.is_empty());
        }
        let mut from = space(self.text, self.at);
        if self.text.get(from) == Some(&b',') {
            from = space(self.text, from + 1);
        }
        self.at = skip(self.text, from).ok()?;
        Some(Value(self.text.get(from..self.at)?))
    }
}

/// Behind white space.
#[inline]
pub(super) fn space(text: &[u8], mut at: usize) -> usize {
    while let Some(b' ' | b'\t' | b'\n' | b'\r') = text.get(at) {
        at += 1;
    }
    at
}

/// A key and the position behind its colon.
#[inline]
fn key(text: &[u8], at: usize) -> Result<(&[u8], usize), BadJson> {
    if text.get(at) != Some(&b'"') {
        return bad(at, "a member's name is missing");
    }
    let end = string_end(text, at + 1)?;
    let colon = space(text, end);
    if text.get(colon) != Some(&b':') {
        return bad(colon, "a colon is missing");
    }
    Ok((text.get(at + 1..end - 1).unwrap_or_default(), colon + 1))
}

/// Behind the value that begins at `at`. Without recursion: nothing nested can exhaust the stack.
fn skip(text: &[u8], mut at: usize) -> Result<usize, BadJson> {
    // A bit a level: whether it is an object.
    let mut objects = [0u64; MAX_DEPTH / 64];
    let mut depth = 0usize;
    loop {
        at = space(text, at);
        match text.get(at) {
            Some(b'"') => at = string_end(text, at + 1)?,
            Some(&open @ (b'{' | b'[')) => {
                let (Some(word), true) = (objects.get_mut(depth / 64), depth < MAX_DEPTH) else {
                    return bad(at, "more than 256 objects or arrays stand within one another");
                };
                let bit = 1u64 << (depth % 64);
                *word = if open == b'{' { *word | bit } else { *word & !bit };
                depth += 1;
                at = space(text, at + 1);
                if text.get(at) != Some(&(open + 2)) {
                    if open == b'{' {
                        at = key(text, at)?.1;
                    }
                    continue;
                }
                depth -= 1;
                at += 1;
            }
            Some(_) => at = literal_end(text, at)?,
            None => return bad(at, "the text ends where a value is expected"),
        }
        loop {
            let Some(level) = depth.checked_sub(1) else { return Ok(at) };
            let object = objects.get(level / 64).is_some_and(|word| word >> (level % 64) & 1 == 1);
            at = space(text, at);
            match (text.get(at), object) {
                (Some(b','), true) => {
                    at = key(text, space(text, at + 1))?.1;
                    break;
                }
                (Some(b','), false) => {
                    at += 1;
                    break;
                }
                (Some(b'}'), true) | (Some(b']'), false) => {
                    depth = level;
                    at += 1;
                }
                (None, _) => return bad(at, "the text ends within an object or an array"),
                (Some(_), true) => return bad(at, "a comma or a closing brace is missing"),
                (Some(_), false) => return bad(at, "a comma or a closing bracket is missing"),
            }
        }
    }
}

fn literal_end(text: &[u8], at: usize) -> Result<usize, BadJson> {
    let rest = text.get(at..).unwrap_or_default();
    for word in [&b"true"[..], b"false", b"null"] {
        if rest.starts_with(word) {
            return Ok(at + word.len());
        }
    }
    let n = rest.iter().take_while(|b| matches!(b, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E')).count();
    let starts = matches!(rest, [b'0'..=b'9', ..] | [b'-', b'0'..=b'9', ..]);
    if starts { Ok(at + n) } else { bad(at, "not a value: a text needs quotation marks") }
}

const ONES: u64 = 0x0101_0101_0101_0101;

/// High bits of the bytes of `word` that are `byte`; exact up to the first of them.
#[inline]
fn marks(word: u64, byte: u8) -> u64 {
    let x = word ^ (ONES * u64::from(byte));
    x.wrapping_sub(ONES) & !x & (ONES << 7)
}

/// The first quotation mark or backslash at or behind `at`, eight bytes at a time: texts are short, so that a call of a
/// vector routine would cost more than it saves.
#[inline]
pub(super) fn quote_or_backslash(text: &[u8], mut at: usize) -> Option<usize> {
    while let Some(Ok(eight)) = text.get(at..at + 8).map(<[u8; 8]>::try_from) {
        let word = u64::from_le_bytes(eight);
        let found = marks(word, b'"') | marks(word, b'\\');
        if found != 0 {
            return Some(at + (found.trailing_zeros() / 8) as usize);
        }
        at += 8;
    }
    let rest = text.get(at..)?;
    rest.iter().position(|b| matches!(b, b'"' | b'\\')).map(|i| at + i)
}

/// Behind the quotation mark that ends the string whose first letter is at `at`.
#[inline]
fn string_end(text: &[u8], mut at: usize) -> Result<usize, BadJson> {
    loop {
        match quote_or_backslash(text, at) {
            Some(i) if text.get(i) == Some(&b'"') => return Ok(i + 1),
            Some(i) => at = i + 2,
            None => return bad(text.len(), "the text ends within a string"),
        }
    }
}

fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(i) = rest.find('\\') {
        out.push_str(rest.get(..i).unwrap_or_default());
        let mut after = rest.get(i + 1..).unwrap_or_default().chars();
        match after.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('b') => out.push('\u{8}'),
            Some('f') => out.push('\u{c}'),
            Some('u') => {
                let (letter, behind) = unicode(after.as_str());
                out.push(letter);
                rest = behind;
                continue;
            }
            Some(c) => out.push(c),
            None => {}
        }
        rest = after.as_str();
    }
    out.push_str(rest);
    out
}

/// The letter of the hexadecimal digits behind `\u`, with the second half of a pair where there is one.
fn unicode(text: &str) -> (char, &str) {
    let four = |t: &str| t.get(..4).and_then(|h| u32::from_str_radix(h, 16).ok());
    let Some(first) = four(text) else { return (char::REPLACEMENT_CHARACTER, text) };
    let behind = text.get(4..).unwrap_or_default();
    if (0xd800..0xdc00).contains(&first)
        && let Some(second) = behind.strip_prefix("\\u").and_then(four)
        && (0xdc00..0xe000).contains(&second)
    {
        let letter = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
        let letter = char::from_u32(letter).unwrap_or(char::REPLACEMENT_CHARACTER);
        return (letter, behind.get(6..).unwrap_or_default());
    }
    (char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER), behind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_and_unescaped() {
        let text = br#" {"a" : [1, -2.5e1, "3"] , "b":{"c":"x\"y\\z\u00e9\ud83d\ude00\n."},"d":null,"e":true} "#;
        let fields = Fields::read(text).unwrap();
        let numbers: Vec<_> = fields.get("a").unwrap().items().map(|v| v.number()).collect();
        assert_eq!(numbers, [Some(1.0), Some(-25.0), Some(3.0)]);
        assert_eq!(fields.get("b").unwrap().get("c").unwrap().text().unwrap(), "x\"y\\z\u{e9}\u{1f600}\n.");
        assert!(fields.get("d").is_none() && fields.get("x").is_none());
        assert_eq!(fields.get("e").unwrap().boolean(), Some(true));
        assert_eq!(fields.get("e").unwrap().items().count(), 1);
    }

    #[test]
    fn what_is_no_json_is_refused() {
        for text in [
            "",
            "[]",
            "{",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1,}",
            "{\"a\":1 \"b\":2}",
            "{\"a\":[1,2}",
            "{\"a\":{\"b\":1]}",
            "{\"a\":tru}",
            "{\"a\":\"x}",
            "{\"a\":1}x",
            "{\"a\":\"x\\\"}",
            "{\"a\":[1 2]}",
            "{'a':1}",
            "{\"a\":{,}}",
        ] {
            assert!(Fields::read(text.as_bytes()).is_err(), "{text}");
        }
        let deep = format!("{{\"a\":{}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(Fields::read(deep.as_bytes()).is_err());
        let fine = format!("{{\"a\":{}1{}}}", "[".repeat(255), "]".repeat(255));
        assert!(Fields::read(fine.as_bytes()).is_ok());
    }
}
