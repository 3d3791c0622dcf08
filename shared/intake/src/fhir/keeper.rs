//! What was read of all files, and what became of it.

use super::counts::{Counts, UNREAD};
use super::kind::Kind;
use super::sink::{At, Sink};
use super::store::{Draft, Lists, NONE, Place, State, Store};
use super::take::{self, Fate, Head, Worth};
use crate::report::{Flaw, Reporter};

/// What the end of an import is made from.
pub(super) struct Keeper {
    pub(super) reporter: Reporter,
    pub(super) store: Store,
    pub(super) counts: Counts,
    /// Lines of the file at hand before the part at hand.
    n_lines: u64,
    /// A draft that nothing is in.
    empty: Draft,
}

impl Keeper {
    pub(super) fn new() -> Self {
        Self {
            reporter: Reporter::new("fhir"),
            store: Store::default(),
            counts: Counts::default(),
            n_lines: 0,
            empty: Draft::default(),
        }
    }

    fn place(&self, count: u32, at: At) -> Place {
        Place { count, line: self.n_lines + at.line, entry: at.entry }
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
                    self.reporter.value(self.counts.file(), self.n_lines + at.line, Flaw { field, ..flaw });
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
}

impl Sink for Keeper {
    fn lists(&mut self) -> &mut Lists {
        &mut self.store.lists
    }

    fn begin_file(&mut self, name: &str) {
        self.counts.begin_file(name);
        self.store.copies.clear();
        self.n_lines = 0;
    }

    fn end_file(&mut self) {
        self.counts.end_file();
    }

    fn end_part(&mut self, n_lines: u64) {
        self.n_lines += n_lines;
    }

    fn damaged(&mut self, name: &str, reason: &str) {
        if self.counts.file() != name {
            self.begin_file(name);
        }
        let flaw = Flaw { field: String::new(), reason: reason.to_owned() };
        // It has no line: the lines before it do not count.
        self.n_lines = 0;
        self.reject(UNREAD, At { line: 0, entry: NONE }, flaw);
    }

    fn warn(&mut self, text: String) {
        self.reporter.warn(text);
    }

    fn resource(&mut self, head: Head, worth: Worth, draft: &mut Draft, at: At) {
        let count = self.counts.of(head.kind.name());
        let place = self.place(count, at);
        let what = take::take(&mut self.store, draft, head, worth, place);
        self.settle(head.kind, at, count, what);
    }

    fn withdraw(&mut self, head: Head, at: At) {
        let count = self.counts.of(head.kind.name());
        let place = self.place(count, at);
        let what = take::withdraw(&mut self.store, &mut self.empty, head, place);
        self.settle(head.kind, at, count, what);
    }

    fn other_type(&mut self, name: &str) {
        let count = self.counts.of(name);
        self.counts.other_type(count);
    }

    fn not_used(&mut self, name: &str, why: &str, n: u64) {
        let count = self.counts.of(name);
        for _ in 0..n {
            self.counts.not_used(count, why);
        }
    }

    fn reject(&mut self, name: &str, at: At, flaw: Flaw) {
        let count = self.counts.of(name);
        self.counts.rejected(count);
        let field = path(name, at.entry, &flaw.field);
        self.reporter.row(self.counts.file(), self.n_lines + at.line, Flaw { field, ..flaw });
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
