//! What the entry of a Bundle asks of a server: to delete, to replace, to create unless it is there.
//!
//! Transactions, batches and histories say it in `request`; the lists of deleted resources of a bulk export are transactions
//! that hold nothing else. A DELETE takes the resource back that it names; a PUT is the resource of its address, whatever
//! `fullUrl` calls it; what `ifNoneExist` finds is not created again. A history lists the newest version first.

use serde::{Deserialize, Serialize};

use super::json::{Fields, Value};
use super::kind::Kind;
use super::reference::{Bases, FullUrl, Key, searched_key, split};

/// What is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Asked<'a> {
    /// Where the resource is and what it is called.
    pub(super) full: FullUrl<'a>,
    /// The id of a URN that the resource is called by beside its address.
    pub(super) also: Option<&'a [u8]>,
    /// The business identifier that is looked for first.
    pub(super) search: Option<Search>,
    /// The entry is a version out of a history: what came before it in the file is newer.
    pub(super) is_history: bool,
    /// When the server stored it, if the resource does not say so.
    pub(super) stored: Option<i64>,
}

/// A resource that is looked for by an identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Search {
    /// Key of the identifier.
    pub(super) key: Key,
    /// What is found is replaced; else it stays, and nothing is created.
    pub(super) replaces: bool,
}

/// What a request to delete names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deleted<'a> {
    /// The resource of this key.
    One(Kind, Key),
    /// A resource of a type that is not read; its name.
    OtherType(&'a [u8]),
    /// A search, or nothing: only the server knows what it is.
    Unclear,
}

impl<'a> Asked<'a> {
    /// Reads an entry that holds a resource.
    pub(super) fn read(entry: &Fields<'a>, resource: &Fields<'a>, bases: &mut Bases) -> Self {
        let full = FullUrl::new(entry.get("fullUrl"), bases);
        let request = entry.get("request");
        let part = |name| request.and_then(|r| r.get(name)).and_then(Value::bytes);
        let kind = resource.text("resourceType").and_then(|name| Kind::of(name.as_bytes()));
        let mut asked = Asked { full, stored: stored(entry), is_history: is_history(entry), ..Self::default() };
        let Some(kind) = kind else { return asked };
        match (part("method"), part("url")) {
            (Some(b"PUT"), Some(url)) => asked.put(kind, url, bases),
            (Some(b"POST"), _) => {
                let key = part("ifNoneExist").and_then(|query| searched_key(query, kind));
                asked.search = key.map(|key| Search { key, replaces: false });
            }
            _ => {}
        }
        asked
    }

    /// A PUT names the resource; its `fullUrl` may be made up for the Bundle.
    fn put(&mut self, kind: Kind, url: &'a [u8], bases: &mut Bases) {
        if let Some(i) = memchr::memchr(b'?', url) {
            let key = searched_key(url.get(i + 1..).unwrap_or_default(), kind);
            self.search = key.map(|key| Search { key, replaces: true });
        } else if let Some((server, name, id)) = split(url)
            && name == kind.name().as_bytes()
        {
            let base = if server.is_empty() { self.full.base } else { bases.number(server) };
            self.also = self.full.urn.filter(|urn| *urn != id);
            self.full = FullUrl { base, urn: Some(id) };
        }
    }
}

/// What a request to delete names: by its address, else by the address of the entry.
pub(super) fn deleted<'a>(entry: &Fields<'a>, bases: &mut Bases) -> Deleted<'a> {
    let full = entry.get("fullUrl").and_then(Value::bytes).and_then(split);
    let url = entry.get("request").and_then(|r| r.get("url")).and_then(Value::bytes);
    if url.is_some_and(|url| url.contains(&b'?')) {
        return Deleted::Unclear;
    }
    let Some((server, name, id)) = url.and_then(split).or(full) else { return Deleted::Unclear };
    let server = if server.is_empty() { full.map_or(server, |(server, ..)| server) } else { server };
    match Kind::of(name) {
        Some(kind) => Deleted::One(kind, Key::new(bases.number(server), kind, id)),
        None => Deleted::OtherType(name),
    }
}

/// When the server stored or deleted it, in microseconds since 1970.
pub(super) fn stored(entry: &Fields<'_>) -> Option<i64> {
    let modified = entry.get("response").and_then(|r| r.get("lastModified"));
    modified.and_then(Value::bytes).and_then(super::date::instant)
}

/// Whether an entry is a version out of a history: these alone hold a request and its response.
pub(super) fn is_history(entry: &Fields<'_>) -> bool {
    entry.get("request").is_some() && entry.get("response").is_some()
}
