//! From the pieces of a file to its resources: Bundles are opened, each resource is taken, and what became of it is counted.

use std::borrow::Cow;

use super::counts::UNREAD;
use super::frame::{Marks, Piece};
use super::json::{self, BadJson, Document, Fields, Tape, Value};
use super::kind::Kind;
use super::request::{self, Asked, Deleted};
use super::store::{NONE, Place, State};
use super::take::{self, Fate};
use super::{At, FhirImport};
use crate::report::Flaw;

/// Bundles within one another, at most.
const MAX_BUNDLES: usize = 4;

impl FhirImport {
    /// Reads what there is of the file.
    pub(super) fn read(&mut self) {
        let Some(mut open) = self.open.take() else { return };
        let mut tape = std::mem::take(&mut self.tape);
        while let Some((piece, line)) = open.framer.next() {
            match piece {
                Piece::Resource(text, marks) => {
                    let clean = json::plain_slashes(text);
                    match document(&mut tape, &clean, marks.filter(|_| matches!(clean, Cow::Borrowed(_)))) {
                        Ok(read) => self.resource(&read.fields(), Asked::default(), At { line, entry: NONE }, 0),
                        Err(e) => self.broken(text, line, NONE, e),
                    }
                }
                Piece::Entry(text, marks, entry) => {
                    let clean = json::plain_slashes(text);
                    match document(&mut tape, &clean, Some(marks).filter(|_| matches!(clean, Cow::Borrowed(_)))) {
                        Ok(read) => open.n_empty += self.entry(&read.fields(), At { line, entry }, 0),
                        Err(e) => self.broken(text, line, entry, e),
                    }
                }
                Piece::EntriesEnd(name) => {
                    let bundle = name.is_none_or(|name| name == "Bundle");
                    let n = std::mem::take(&mut open.n_empty);
                    match (bundle, name) {
                        (false, Some(name)) => {
                            let count = self.counts.of(name);
                            self.counts.other_type(count);
                        }
                        _ => self.empty_entries(n),
                    }
                }
                Piece::Broken(why) => {
                    let flaw = Flaw { field: String::new(), reason: why.to_owned() };
                    self.reject(UNREAD, At { line, entry: NONE }, flaw);
                }
            }
        }
        self.open = Some(open);
        self.tape = tape;
    }

    /// Entries that hold no resource (answers without content).
    fn empty_entries(&mut self, n: u64) {
        if n == 0 {
            return;
        }
        let count = self.counts.of("Bundle entry");
        for _ in 0..n {
            self.counts.not_used(count, "the entry holds no resource");
        }
    }

    fn broken(&mut self, text: &[u8], line: u64, entry: u32, e: BadJson) {
        let before = text.get(..e.at).unwrap_or(text);
        let line = line + memchr::memchr_iter(b'\n', before).count() as u64;
        let reason = format!("not JSON that can be read, at byte {} of the resource: {}", e.at + 1, e.what);
        self.reject(UNREAD, At { line, entry }, Flaw { field: String::new(), reason });
    }

    /// Counts what was rejected, and says why.
    pub(super) fn reject(&mut self, name: &str, at: At, flaw: Flaw) {
        let count = self.counts.of(name);
        self.counts.rejected(count);
        let field = path(name, at.entry, &flaw.field);
        self.reporter.row(self.counts.file(), at.line, Flaw { field, ..flaw });
    }

    /// Takes an entry of a Bundle; gives 1 if it holds no resource.
    fn entry(&mut self, entry: &Fields<'_>, at: At, depth: usize) -> u64 {
        let method = entry.get("request").and_then(|r| r.get("method")).and_then(Value::bytes);
        if method == Some(b"DELETE") {
            self.delete(entry, at);
            return 0;
        }
        let Some(resource) = entry.get("resource").filter(|r| r.is_object()) else { return 1 };
        let fields = Fields::of(resource);
        let asked = Asked::read(entry, &fields, &mut self.store.lists.bases);
        self.resource(&fields, asked, at, depth);
        0
    }

    /// A request to delete a resource: it counts as a version of it that is no event.
    fn delete(&mut self, entry: &Fields<'_>, at: At) {
        match request::deleted(entry, &mut self.store.lists.bases) {
            Deleted::One(kind, key) => {
                let count = self.counts.of(kind.name());
                let place = Place { count, line: at.line, entry: at.entry };
                let (stored, is_history) = (request::stored(entry), request::is_history(entry));
                let what = take::withdraw(&mut self.store, &mut self.draft, (kind, key), stored, is_history, place);
                self.settle(kind, at, count, what);
            }
            Deleted::OtherType(name) => {
                let count = self.counts.of(&String::from_utf8_lossy(name));
                self.counts.other_type(count);
            }
            Deleted::Unclear => {
                let count = self.counts.of("Bundle entry");
                self.counts.not_used(count, "it asks to delete by a search, and only the server knows what it finds");
            }
        }
    }

    fn resource(&mut self, fields: &Fields<'_>, asked: Asked<'_>, at: At, depth: usize) {
        let Some(name) = fields.text("resourceType") else {
            return self.nameless(fields, at);
        };
        if name == "Bundle" {
            return self.bundle(fields, at, depth);
        }
        let count = self.counts.of(&name);
        let Some(kind) = Kind::of(name.as_bytes()) else { return self.counts.other_type(count) };
        let place = Place { count, line: at.line, entry: at.entry };
        let what = take::take(&mut self.store, &mut self.draft, kind, fields, asked, place);
        self.settle(kind, at, count, what);
    }

    /// Counts what became of a resource, and of the version that it replaces.
    fn settle(&mut self, kind: Kind, at: At, count: u32, (fate, replaced): (Fate, take::Replaced)) {
        if let Some(old) = replaced.and_then(|i| self.store.resources.get_mut(i as usize)) {
            if old.state == State::Kept {
                self.counts.leave_out(old.place, None);
            }
            old.state = State::Superseded;
            self.counts.n_superseded += 1;
        }
        match fate {
            Fate::Kept(flaws) => {
                self.counts.kept(count);
                for flaw in flaws {
                    let field = path(kind.name(), at.entry, &flaw.field);
                    self.reporter.value(self.counts.file(), at.line, Flaw { field, ..flaw });
                }
            }
            Fate::NotUsed(why) => self.counts.not_used(count, &why),
            Fate::Late => {
                self.counts.not_used(count, "a later version is there");
                self.counts.n_late += 1;
            }
            Fate::Rejected(flaw) => self.reject(kind.name(), at, flaw),
        }
    }

    /// A Bundle within a line or within another Bundle.
    fn bundle(&mut self, fields: &Fields<'_>, at: At, depth: usize) {
        if depth >= MAX_BUNDLES {
            let reason = "more than four Bundles stand within one another".to_owned();
            return self.reject("Bundle", at, Flaw { field: String::new(), reason });
        }
        let mut n_empty = 0;
        for (i, entry) in (0u32..).zip(fields.get("entry").into_iter().flat_map(Value::items)) {
            let at = At { entry: if at.entry == NONE { i } else { at.entry }, ..at };
            n_empty += self.entry(&Fields::of(entry), at, depth + 1);
        }
        self.empty_entries(n_empty);
    }

    /// An object without a resourceType.
    fn nameless(&mut self, fields: &Fields<'_>, at: At) {
        if fields.get("exportId").is_some() && fields.get("eventId").is_some() {
            let count = self.counts.of("bulk export log");
            return self.counts.not_used(count, "the log of an export");
        }
        let reason = "no resourceType: this is no FHIR resource".to_owned();
        self.reject(UNREAD, at, Flaw { field: "resourceType".to_owned(), reason });
    }
}

/// Reads the text of a resource, by its marks where they are known.
fn document<'a>(tape: &'a mut Tape, text: &'a [u8], marks: Option<Marks<'_>>) -> Result<Document<'a>, BadJson> {
    match marks {
        Some(marks) => tape.document_marked(text, marks.marks, marks.from),
        None => tape.document(text),
    }
}

/// `entry[3].resource.Observation.subject`.
pub(super) fn path(name: &str, entry: u32, field: &str) -> String {
    let mut out = String::new();
    if entry != NONE {
        out.push_str(&format!("entry[{entry}]."));
    }
    if name != UNREAD {
        out.push_str(name);
        out.push('.');
    }
    out.push_str(field);
    out.truncate(out.trim_end_matches('.').len());
    out
}
