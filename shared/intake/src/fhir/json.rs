//! JSON text of one resource, read where it stands: nothing is copied until a value is asked for.
//!
//! [`Fields::read`] checks the whole text once against the grammar (RFC 8259; raw control characters within strings are
//! let through, as some exports hold them). What it hands out is then known to be well formed, so that walking through it
//! cannot fail.

mod escapes;
mod scan;

use std::borrow::Cow;

use sha2::{Digest as _, Sha256};

use crate::text::windows_1252;
use escapes::unescaped;
use scan::{key, skip};
pub(super) use scan::{quote_or_backslash, space};

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
