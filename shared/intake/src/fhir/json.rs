//! JSON text of one resource, read where it stands: nothing is copied until a value is asked for.
//!
//! [`Tape::document`] checks the whole text once against the grammar (RFC 8259; raw control characters within strings are
//! let through, as some exports hold them) and notes where every value begins and ends. What it hands out is then known to be
//! well formed, so that walking through it cannot fail, and what is of no interest is stepped over whole.

mod escapes;
mod marks;
mod tape;

use std::borrow::Cow;

use sha2::{Digest as _, Sha256};

use crate::text::windows_1252;
use escapes::unescaped;
pub(super) use marks::Marker;
use tape::Node;
pub(super) use tape::Tape;

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

/// Behind white space.
pub(super) fn space(text: &[u8], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    at + rest.iter().position(|b| !matches!(b, b' ' | b'\t' | b'\n' | b'\r')).unwrap_or(rest.len())
}

/// A text that was found to be one well-formed value.
#[derive(Debug)]
pub(super) struct Document<'a> {
    text: &'a [u8],
    nodes: &'a [Node],
}

impl Tape {
    /// Reads a text that is an object, with white space around it.
    ///
    /// # Errors
    /// The first place where it is none.
    pub(super) fn document<'a>(&'a mut self, text: &'a [u8]) -> Result<Document<'a>, BadJson> {
        object(text)?;
        Ok(Document { text, nodes: self.read(text)? })
    }

    /// The same with the text's marks known: positions in a longer text in which this one begins at `from`.
    ///
    /// # Errors
    /// As [`Tape::document`].
    pub(super) fn document_marked<'a>(
        &'a mut self,
        text: &'a [u8],
        marks: &[u32],
        from: u32,
    ) -> Result<Document<'a>, BadJson> {
        object(text)?;
        Ok(Document { text, nodes: self.read_marked(text, marks, from)? })
    }
}

fn object(text: &[u8]) -> Result<(), BadJson> {
    let at = space(text, 0);
    if text.get(at) == Some(&b'{') { Ok(()) } else { bad(at, "not a JSON object") }
}

impl Document<'_> {
    /// The members of the object that it is.
    pub(super) fn fields(&self) -> Fields<'_> {
        Fields(Value { document: self, at: 0 })
    }
}

/// One well-formed value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Value<'a> {
    document: &'a Document<'a>,
    /// Its node.
    at: u32,
}

/// The members of an object, in the order of the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fields<'a>(Value<'a>);

impl<'a> Fields<'a> {
    /// The members of a value within a document; none for what is no object.
    pub(super) fn of(value: Value<'a>) -> Self {
        Self(value)
    }

    /// The value of a member that is no null. Of two members of one name the first is taken.
    pub(super) fn get(&self, name: &str) -> Option<Value<'a>> {
        self.0.get(name)
    }

    /// A digest of the members as they are written, but for white space between them.
    pub(super) fn digest(&self) -> [u64; 2] {
        let mut hasher = Sha256::new();
        for (key, value) in self.0.members() {
            hasher.update(key);
            hasher.update(b"\0");
            value.for_each_part(|part| hasher.update(part));
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
    let mut tape = Tape::default();
    let document = tape.document(text).map_err(|bad| format!("{} at byte {}", bad.what, bad.at + 1))?;
    let lossy = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let member = |(key, value): (&[u8], Value<'_>)| {
        let text = if value.is_null() {
            String::new()
        } else if value.bytes().is_some() {
            value.text().unwrap_or_default().into_owned()
        } else {
            lossy(value.raw())
        };
        (lossy(key), text)
    };
    Ok(document.fields().0.members().map(member).collect())
}

impl<'a> Value<'a> {
    /// Whether a text is exactly one value, with white space around it.
    pub(super) fn is_one(text: &[u8]) -> bool {
        Tape::default().read(text).is_ok()
    }

    #[inline]
    fn node(self) -> Node {
        self.document.nodes.get(self.at as usize).copied().unwrap_or(Node { start: 0, end: 0, next: self.at })
    }

    /// The text of it.
    #[inline]
    fn raw(self) -> &'a [u8] {
        self.document.raw(self.node())
    }

    pub(super) fn is_object(self) -> bool {
        self.raw().first() == Some(&b'{')
    }

    fn is_null(self) -> bool {
        self.raw().first() == Some(&b'n')
    }

    /// The members of an object; none for another value.
    #[inline]
    pub(super) fn members(self) -> Members<'a> {
        let node = self.node();
        let end = if self.is_object() { node.next } else { self.at };
        Members { document: self.document, at: self.at + 1, end }
    }

    /// The items of an array; another value stands for itself, as where FHIR R5 repeats what R4 has once.
    pub(super) fn items(self) -> Items<'a> {
        let node = self.node();
        let array = self.raw().first() == Some(&b'[');
        Items { document: self.document, at: if array { self.at + 1 } else { self.at }, end: node.next }
    }

    /// The text without the white space between its parts, part by part.
    fn for_each_part(self, mut part: impl FnMut(&[u8])) {
        let node = self.node();
        let mut at = node.start as usize;
        let between = |from: usize, to: usize, part: &mut dyn FnMut(&[u8])| {
            let text = self.document.text.get(from..to).unwrap_or_default();
            text.split(u8::is_ascii_whitespace).for_each(part);
        };
        for i in self.at..node.next {
            let inner = Value { document: self.document, at: i };
            if inner.bytes().is_some() {
                let string = inner.node();
                between(at, string.start as usize, &mut part);
                part(inner.raw());
                at = string.end as usize;
            }
        }
        between(at, node.end as usize, &mut part);
    }

    /// A member of an object. Of two members of one name the first is taken; nothing where it is null.
    pub(super) fn get(self, name: &str) -> Option<Value<'a>> {
        if !self.is_object() {
            return None;
        }
        let (text, nodes) = (self.document.text, self.document.nodes);
        let end = self.node().next as usize;
        let mut at = self.at as usize + 1;
        while at < end
            && let Some([here, value, ..]) = nodes.get(at..)
        {
            // Lengths and first letters differ in most cases, and a call is not worth it.
            if (here.end - here.start) as usize == name.len() + 2
                && let Some(found) = text.get(here.start as usize + 1..here.end as usize - 1)
                && found.first() == name.as_bytes().first()
                && found == name.as_bytes()
            {
                let value = Value { document: self.document, at: at as u32 + 1 };
                return Some(value).filter(|v| !v.is_null());
            }
            at = value.next as usize;
        }
        None
    }

    /// The first item of a member that repeats.
    pub(super) fn first(self, name: &str) -> Option<Value<'a>> {
        self.get(name)?.items().next()
    }

    /// A text's bytes as they are written, between the quotation marks.
    pub(super) fn bytes(self) -> Option<&'a [u8]> {
        match self.raw() {
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
        let raw = self.bytes().unwrap_or(self.raw());
        fast_float2::parse::<f64, _>(raw.trim_ascii()).ok().filter(|v| v.is_finite())
    }

    /// `true` or `false`, also as text.
    pub(super) fn boolean(self) -> Option<bool> {
        match self.bytes().unwrap_or(self.raw()) {
            b"true" => Some(true),
            b"false" => Some(false),
            _ => None,
        }
    }
}

impl<'a> Document<'a> {
    #[inline]
    fn raw(&self, node: Node) -> &'a [u8] {
        self.text.get(node.start as usize..node.end as usize).unwrap_or_default()
    }
}

/// Members of an object.
pub(super) struct Members<'a> {
    document: &'a Document<'a>,
    at: u32,
    end: u32,
}

impl<'a> Iterator for Members<'a> {
    type Item = (&'a [u8], Value<'a>);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.end {
            return None;
        }
        let name = self.document.raw(*self.document.nodes.get(self.at as usize)?);
        let value = Value { document: self.document, at: self.at + 1 };
        self.at = value.node().next;
        Some((name.get(1..name.len() - 1).unwrap_or_default(), value))
    }
}

/// Items of an array.
pub(super) struct Items<'a> {
    document: &'a Document<'a>,
    at: u32,
    end: u32,
}

impl<'a> Iterator for Items<'a> {
    type Item = Value<'a>;

    fn next(&mut self) -> Option<Value<'a>> {
        if self.at >= self.end {
            return None;
        }
        let value = Value { document: self.document, at: self.at };
        self.at = value.node().next;
        Some(value)
    }
}

#[cfg(test)]
mod tests;
