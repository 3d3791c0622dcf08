//! From the pieces of a file to its resources: Bundles are opened, each resource is read, and what it is goes to the sink.

use std::borrow::Cow;

use super::counts::UNREAD;
use super::date;
use super::frame::{Marks, Piece};
use super::json::{self, BadJson, Document, Fields, Tape, Value};
use super::kind::Kind;
use super::reader::Reader;
use super::request::{self, Asked, Deleted};
use super::sink::{At, Sink};
use super::store::NONE;
use super::take;
use crate::report::Flaw;

/// Bundles within one another, at most.
const MAX_BUNDLES: usize = 4;

impl Reader {
    /// Reads what there is of the file.
    pub(super) fn read(&mut self, sink: &mut dyn Sink) {
        let Some(mut open) = self.open.take() else { return };
        let mut tape = std::mem::take(&mut self.tape);
        while let Some((piece, line)) = open.framer.next() {
            match piece {
                Piece::Resource(text, marks) => {
                    let clean = json::plain_slashes(text);
                    match document(&mut tape, &clean, marks.filter(|_| matches!(clean, Cow::Borrowed(_)))) {
                        Ok(read) => self.resource(&read.fields(), Asked::default(), At { line, entry: NONE }, 0, sink),
                        Err(e) => broken(text, At { line, entry: NONE }, e, sink),
                    }
                }
                Piece::Entry(text, marks, entry) => {
                    let clean = json::plain_slashes(text);
                    let at = At { line, entry };
                    match document(&mut tape, &clean, Some(marks).filter(|_| matches!(clean, Cow::Borrowed(_)))) {
                        Ok(read) => open.n_empty += self.entry(&read.fields(), at, 0, sink),
                        Err(e) => broken(text, at, e, sink),
                    }
                }
                Piece::EntriesEnd(name) => {
                    let bundle = name.is_none_or(|name| name == "Bundle");
                    let n = std::mem::take(&mut open.n_empty);
                    match (bundle, name) {
                        (false, Some(name)) => sink.other_type(name),
                        _ => empty_entries(n, sink),
                    }
                }
                Piece::Broken(why) => {
                    let flaw = Flaw { field: String::new(), reason: why.to_owned() };
                    sink.reject(UNREAD, At { line, entry: NONE }, flaw);
                }
            }
        }
        self.open = Some(open);
        self.tape = tape;
    }

    /// Reads an entry of a Bundle; gives 1 if it holds no resource.
    fn entry(&mut self, entry: &Fields<'_>, at: At, depth: usize, sink: &mut dyn Sink) -> u64 {
        let method = entry.get("request").and_then(|r| r.get("method")).and_then(Value::bytes);
        if method == Some(b"DELETE") {
            delete(entry, at, sink);
            return 0;
        }
        let Some(resource) = entry.get("resource").filter(|r| r.is_object()) else { return 1 };
        let fields = Fields::of(resource);
        let asked = Asked::read(entry, &fields, &mut sink.lists().bases);
        self.resource(&fields, asked, at, depth, sink);
        0
    }

    fn resource(&mut self, fields: &Fields<'_>, asked: Asked<'_>, at: At, depth: usize, sink: &mut dyn Sink) {
        let Some(name) = fields.text("resourceType") else {
            return nameless(fields, at, sink);
        };
        if name == "Bundle" {
            return self.bundle(fields, at, depth, sink);
        }
        let Some(kind) = Kind::of(name.as_bytes()) else {
            if at.entry == 0 {
                self.document = None;
            }
            return sink.other_type(&name);
        };
        if at.entry == 0 {
            // A document begins with its Composition.
            let date = fields.get("date").filter(|_| kind == Kind::Composition).and_then(Value::bytes);
            self.document = date.and_then(|date| date::parse(date).ok()).map(|when| when.first);
        } else if at.entry == NONE {
            self.document = None;
        }
        let (head, worth) = take::read(sink.lists(), &mut self.draft, kind, fields, (asked, self.document));
        sink.resource(head, worth, &mut self.draft, at);
    }

    /// A Bundle within a line or within another Bundle.
    fn bundle(&mut self, fields: &Fields<'_>, at: At, depth: usize, sink: &mut dyn Sink) {
        if depth >= MAX_BUNDLES {
            let reason = "more than four Bundles stand within one another".to_owned();
            return sink.reject("Bundle", at, Flaw { field: String::new(), reason });
        }
        let mut n_empty = 0;
        for (i, entry) in (0u32..).zip(fields.get("entry").into_iter().flat_map(Value::items)) {
            let at = At { entry: if at.entry == NONE { i } else { at.entry }, ..at };
            n_empty += self.entry(&Fields::of(entry), at, depth + 1, sink);
        }
        empty_entries(n_empty, sink);
    }
}

/// Entries that hold no resource (answers without content).
fn empty_entries(n: u64, sink: &mut dyn Sink) {
    if n > 0 {
        sink.not_used("Bundle entry", "the entry holds no resource", n);
    }
}

fn broken(text: &[u8], at: At, e: BadJson, sink: &mut dyn Sink) {
    let before = text.get(..e.at).unwrap_or(text);
    let line = at.line + memchr::memchr_iter(b'\n', before).count() as u64;
    let reason = format!("not JSON that can be read, at byte {} of the resource: {}", e.at + 1, e.what);
    sink.reject(UNREAD, At { line, ..at }, Flaw { field: String::new(), reason });
}

/// A request to delete a resource: it counts as a version of it that is no event.
fn delete(entry: &Fields<'_>, at: At, sink: &mut dyn Sink) {
    match request::deleted(entry, &mut sink.lists().bases) {
        Deleted::One(kind, key) => {
            let (stored, is_history) = (request::stored(entry), request::is_history(entry));
            sink.withdraw(take::withdrawal(kind, key, stored, is_history), at);
        }
        Deleted::OtherType(name) => sink.other_type(&String::from_utf8_lossy(name)),
        Deleted::Unclear => {
            sink.not_used("Bundle entry", "it asks to delete by a search, and only the server knows what it finds", 1);
        }
    }
}

/// An object without a resourceType.
fn nameless(fields: &Fields<'_>, at: At, sink: &mut dyn Sink) {
    if fields.get("exportId").is_some() && fields.get("eventId").is_some() {
        return sink.not_used("bulk export log", "the log of an export", 1);
    }
    let reason = "no resourceType: this is no FHIR resource".to_owned();
    sink.reject(UNREAD, at, Flaw { field: "resourceType".to_owned(), reason });
}

/// Reads the text of a resource, by its marks where they are known.
fn document<'a>(tape: &'a mut Tape, text: &'a [u8], marks: Option<Marks<'_>>) -> Result<Document<'a>, BadJson> {
    match marks {
        Some(marks) => tape.document_marked(text, marks.marks, marks.from),
        None => tape.document(text),
    }
}
