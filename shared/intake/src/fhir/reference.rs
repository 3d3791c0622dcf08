//! What a reference points at: a resource by type and id, by a URN, or by a business identifier.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::json::Value;
use super::kind::Kind;

/// Who a resource is, as a number of fixed size: 200,000 references to one patient cost the text once.
///
/// Ids that are UUIDs stand for themselves, others for the first half of their SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Key {
    /// The server's number (0: none is named) and the kind of resource.
    space: u32,
    id: [u64; 2],
}

/// The server's number that means 'any'.
const ANY: u32 = 0x00ff_ffff;

impl Key {
    pub(super) fn new(base: u32, kind: Kind, id: &[u8]) -> Self {
        Self { space: base << 8 | kind as u32, id: id_of(id) }
    }

    /// The key of a business identifier.
    pub(super) fn identifier(kind: Kind, system: &[u8], value: &[u8]) -> Self {
        let mut text = Vec::with_capacity(system.len() + value.len() + 1);
        text.extend_from_slice(system);
        text.push(0);
        text.extend_from_slice(value);
        Self { space: (ANY - 1) << 8 | kind as u32, id: digest(&text) }
    }

    /// The id, without the server: its number depends on the order of the files.
    pub(super) fn id(self) -> [u64; 2] {
        self.id
    }

    /// The key of a resource without an id, by its content.
    pub(super) fn content(kind: Kind, digest: [u64; 2], nth: u32) -> Self {
        Self { space: (ANY - 2) << 8 | kind as u32, id: [digest[0], digest[1].wrapping_add(u64::from(nth))] }
    }

    /// Whether no server is named.
    pub(super) fn is_nowhere(self) -> bool {
        self.space >> 8 == 0
    }

    /// The same id on a server by its number.
    pub(super) fn on(self, server: u32) -> Self {
        Self { space: server << 8 | self.space & 0xff, ..self }
    }

    /// The same id on whichever server.
    pub(super) fn anywhere(self) -> Self {
        Self { space: ANY << 8 | self.space & 0xff, ..self }
    }

    /// The same with the number that another import gave the server. `numbers`: by the number of this one, from 1.
    pub(super) fn renumbered(self, numbers: &[u32]) -> Self {
        let known = (self.space >> 8).checked_sub(1).and_then(|server| numbers.get(server as usize));
        known.map_or(self, |server| self.on(*server))
    }

    /// The same id where no server is named.
    pub(super) fn nowhere(self) -> Self {
        Self { space: self.space & 0xff, ..self }
    }
}

fn id_of(id: &[u8]) -> [u64; 2] {
    uuid(id).unwrap_or_else(|| digest(id))
}

/// The 128 bits of a UUID in its usual form, with small letters.
fn uuid(id: &[u8]) -> Option<[u64; 2]> {
    if id.len() != 36 {
        return None;
    }
    let (mut bits, mut n) = (0u128, 0);
    for (i, b) in id.iter().enumerate() {
        let digit = match b {
            b'-' if matches!(i, 8 | 13 | 18 | 23) => continue,
            b'0'..=b'9' => b - b'0',
            b'a'..=b'f' => b - b'a' + 10,
            _ => return None,
        };
        bits = bits << 4 | u128::from(digit);
        n += 1;
    }
    #[expect(clippy::cast_possible_truncation, reason = "the two halves")]
    (n == 32).then_some([(bits >> 64) as u64, bits as u64])
}

fn digest(text: &[u8]) -> [u64; 2] {
    halves(&Sha256::digest(text))
}

/// The first two numbers of a SHA-256.
pub(super) fn halves(digest: &[u8]) -> [u64; 2] {
    let half = |at: usize| digest.get(at..at + 8).and_then(|b| b.try_into().ok()).map_or(0, u64::from_be_bytes);
    [half(0), half(8)]
}

/// Servers by their address, numbered from 1.
#[derive(Debug, Default)]
pub(super) struct Bases(FxHashMap<Vec<u8>, u32>);

impl Bases {
    /// How many there are.
    pub(super) fn len(&self) -> u32 {
        u32::try_from(self.0.len()).unwrap_or(u32::MAX)
    }

    /// The addresses in the order of their numbers.
    pub(super) fn list(&self) -> Vec<&[u8]> {
        let mut all: Vec<(u32, &[u8])> = self.0.iter().map(|(address, n)| (*n, address.as_slice())).collect();
        crate::order::sort_by_key(&mut all, |(n, _)| *n);
        all.into_iter().map(|(_, address)| address).collect()
    }

    /// The number of a server's address; 0 where none is named.
    pub(super) fn number(&mut self, address: &[u8]) -> u32 {
        if address.is_empty() {
            return 0;
        }
        let address = address.strip_prefix(b"https://").or_else(|| address.strip_prefix(b"http://")).unwrap_or(address);
        if let Some(&n) = self.0.get(address) {
            return n;
        }
        // More servers than numbers: they share the last one.
        let n = u32::try_from(self.0.len() + 1).unwrap_or(ANY).min(ANY - 3);
        self.0.insert(address.to_vec(), n);
        n
    }
}

/// What a reference says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target<'a> {
    /// A resource of the kind that was expected.
    Resource(Key),
    /// A resource of another type.
    OtherType(&'a [u8]),
    /// A resource contained in the one at hand.
    Contained(&'a [u8]),
    /// Nothing that can be followed.
    Unclear,
}

/// The address of a resource in a Bundle, as `fullUrl` gives it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct FullUrl<'a> {
    /// The server.
    pub(super) base: u32,
    /// The id of a URN.
    pub(super) urn: Option<&'a [u8]>,
}

impl<'a> FullUrl<'a> {
    pub(super) fn new(url: Option<Value<'a>>, bases: &mut Bases) -> Self {
        let Some(url) = url.and_then(Value::bytes) else { return Self::default() };
        if let Some(urn) = urn_id(url) {
            return Self { base: 0, urn: Some(urn) };
        }
        match split(url) {
            Some((base, _, _)) => Self { base: bases.number(base), urn: None },
            None => Self::default(),
        }
    }
}

fn urn_id(url: &[u8]) -> Option<&[u8]> {
    url.strip_prefix(b"urn:uuid:").or_else(|| url.strip_prefix(b"urn:oid:"))
}

/// Server, type and id of `[server/]Type/id[/_history/version]`.
pub(super) fn split(url: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let url = memchr::memmem::find(url, b"/_history/").and_then(|i| url.get(..i)).unwrap_or(url);
    let slash = memchr::memrchr(b'/', url)?;
    let (before, id) = (url.get(..slash)?, url.get(slash + 1..)?);
    let (base, name) = match memchr::memrchr(b'/', before) {
        Some(i) => (before.get(..i)?, before.get(i + 1..)?),
        None => (&[][..], before),
    };
    let named = name.first().is_some_and(u8::is_ascii_uppercase) && name.iter().all(u8::is_ascii_alphabetic);
    (named && !id.is_empty()).then_some((base, name, id))
}

/// Follows a Reference as far as its text goes. `base` is the server of the resource it stands in.
pub(super) fn target<'a>(reference: Value<'a>, expected: Kind, base: u32, bases: &mut Bases) -> Target<'a> {
    let other = |name: &[u8]| name != expected.name().as_bytes();
    if let Some(url) = reference.get("reference").and_then(Value::bytes).map(<[u8]>::trim_ascii) {
        if let Some(id) = url.strip_prefix(b"#") {
            return Target::Contained(id);
        }
        if let Some(id) = urn_id(url) {
            return Target::Resource(Key::new(0, expected, id));
        }
        if let Some(i) = memchr::memchr(b'?', url) {
            let name = url.get(..i).and_then(|u| u.rsplit(|b| *b == b'/').next()).unwrap_or_default();
            return if other(name) { Target::OtherType(name) } else { searched(url.get(i + 1..), expected) };
        }
        return match split(url) {
            Some((_, name, _)) if other(name) => Target::OtherType(name),
            Some((address, _, id)) => {
                let base = if address.is_empty() { base } else { bases.number(address) };
                Target::Resource(Key::new(base, expected, id))
            }
            // Some exports leave the type out.
            None if !url.is_empty() && !url.iter().any(|b| matches!(b, b'/' | b':' | b' ')) => {
                Target::Resource(Key::new(base, expected, url))
            }
            None => Target::Unclear,
        };
    }
    if let Some(name) = reference.get("type").and_then(Value::bytes).filter(|name| other(name)) {
        return Target::OtherType(name);
    }
    let Some(identifier) = reference.get("identifier") else { return Target::Unclear };
    let part = |name| identifier.get(name).and_then(Value::bytes).unwrap_or_default();
    match part("value") {
        b"" => Target::Unclear,
        value => Target::Resource(Key::identifier(expected, part("system"), value)),
    }
}

/// The id that a reference ends in, as it stands there; none of a conditional one or of an identifier.
pub(super) fn literal_id<'a>(reference: Value<'a>) -> Option<&'a [u8]> {
    let url = reference.get("reference").and_then(Value::bytes).map(<[u8]>::trim_ascii)?;
    if url.is_empty() || url.starts_with(b"#") || url.contains(&b'?') {
        return None;
    }
    let bare = || Some(url).filter(|url| !url.iter().any(|b| matches!(b, b'/' | b':' | b' ')));
    urn_id(url).or_else(|| split(url).map(|(.., id)| id)).or_else(bare)
}

/// `identifier=system|value` of a conditional reference.
fn searched(query: Option<&[u8]>, expected: Kind) -> Target<'static> {
    searched_key(query.unwrap_or_default(), expected).map_or(Target::Unclear, Target::Resource)
}

/// The key of the identifier that a query looks for: `identifier=system|value`, `|` maybe as `%7C`.
pub(super) fn searched_key(query: &[u8], expected: Kind) -> Option<Key> {
    let query = query.rsplit(|b| *b == b'?').next().unwrap_or_default();
    let found = query.split(|b| *b == b'&').find_map(|p| p.strip_prefix(b"identifier="))?;
    let found = unescaped(found);
    let i = memchr::memchr(b'|', &found)?;
    let (system, value) = (found.get(..i)?, found.get(i + 1..)?);
    (!value.is_empty()).then(|| Key::identifier(expected, system, value))
}

/// The bytes that `%XX` stands for.
fn unescaped(text: &[u8]) -> Vec<u8> {
    let digit = |at: usize| text.get(at).and_then(|b| char::from(*b).to_digit(16));
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        let code = if *byte == b'%' { digit(at + 1).zip(digit(at + 2)) } else { None };
        let code = code.and_then(|(high, low)| u8::try_from(high * 16 + low).ok());
        out.push(code.unwrap_or(*byte));
        at += if code.is_some() { 3 } else { 1 };
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::json::Tape;
    use super::*;

    fn of(text: &str, base: u32, bases: &mut Bases) -> String {
        let text = format!("{{\"s\":{text}}}");
        let mut tape = Tape::default();
        let document = tape.document(text.as_bytes()).unwrap();
        let fields = document.fields();
        format!("{:?}", target(fields.get("s").unwrap(), Kind::Patient, base, bases))
    }

    fn same(a: &str, b: &str) -> bool {
        let mut bases = Bases::default();
        bases.number(b"http://x/fhir");
        of(&format!("{{\"reference\":\"{a}\"}}"), 1, &mut bases)
            == of(&format!("{{\"reference\":\"{b}\"}}"), 1, &mut bases)
    }

    #[test]
    fn references_of_every_form() {
        assert!(same("Patient/1", "Patient/1/_history/3"));
        assert!(same("Patient/1", "http://x/fhir/Patient/1"));
        assert!(same("Patient/1", "https://x/fhir/Patient/1/_history/2"));
        assert!(same("Patient/1", "1"));
        assert!(!same("Patient/1", "http://y/fhir/Patient/1"));
        assert!(!same("Patient/1", "Patient/2"));
        assert!(!same("urn:uuid:0b0", "urn:uuid:0b1"));
        let mut bases = Bases::default();
        let mut show = |t: &str| of(t, 0, &mut bases);
        assert!(show(r#"{"reference":"Group/1"}"#).starts_with("OtherType"));
        assert!(show(r##"{"reference":"#p"}"##).starts_with("Contained"));
        assert_eq!(show(r#"{"display":"somebody"}"#), "Unclear");
        assert_eq!(
            show(r#"{"reference":"Patient?identifier=http://a|7"}"#),
            show(r#"{"identifier":{"system":"http://a","value":"7"}}"#)
        );
    }

    #[test]
    fn a_uuid_stands_for_itself() {
        let id = b"00000000-0000-0001-0000-0000000000ff";
        assert_eq!(uuid(id), Some([1, 255]));
        assert_eq!(uuid(b"00000000-0000-0001-0000-0000000000FF"), None);
        assert_ne!(id_of(b"a"), id_of(b"b"));
    }
}
