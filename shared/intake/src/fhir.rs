//! FHIR R4 (and R4B, R5 where they are the same): NDJSON of a bulk export, Bundles, single resources, into a full record.
//!
//! Start with [`FhirImport`]. Files may come in any order and be cut anywhere; one resource at a time is held as text.
//! A resource is a row: rows read = kept + rejected + not used, by file and type. References are followed at the end, so
//! that it does not matter which file holds the patients.
//!
//! Where FHIR and a table of events differ:
//! - the day of an event is the date as written, in the zone it is written in; of a year or month the first day is taken
//!   (of a death the last), counted;
//! - of several codings one is kept (SNOMED CT, RxNorm, LOINC, CVX before others), the others are counted;
//! - resources that say that nothing happened (entered in error, not done, cancelled, refuted, without a result) are not
//!   used, by reason; nor is what a Bundle's entry asks to delete;
//! - a drug ends on the last day of its days' supply (start + days - 1), a condition at its abatement: a period of its onset is
//!   when it began;
//! - Observations that stand inside of a report or of a group of observations that names them are events of it, with its patient and,
//!   where they have none, its date;
//! - of two versions of a resource the one of the later `meta.lastUpdated` counts, else the one that came last.

mod assemble;
mod clinical;
mod counts;
mod date;
mod document;
mod element;
mod frame;
mod inside;
mod json;
mod kind;
mod medication;
mod observation;
mod patient;
mod plain;
mod reference;
mod request;
mod resources;
mod store;
mod system;
mod take;

use crate::magic::{FileKind, kind_of};
use crate::report::{Flaw, Reporter};
use crate::{Imported, IntakeError, Settings, Tick};
use counts::{Counts, UNREAD};
use frame::{Framer, HEAD_BYTES};
use json::Tape;
#[cfg(feature = "tables")]
pub(crate) use json::json_line;
use store::{Draft, NONE, Store};

/// Bytes that are looked at in one go.
const PIECE: usize = 1 << 17;

/// Whether the first bytes of a file (some hundreds are enough) look like FHIR as JSON.
#[must_use]
pub fn looks_like(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    matches!(head.first(), Some(b'{' | b'[')) && memchr::memmem::find(head, b"\"resourceType\"").is_some()
}

/// Reads FHIR resources, file by file in any order, each in pieces of any size.
pub struct FhirImport {
    settings: Settings,
    reporter: Reporter,
    store: Store,
    counts: Counts,
    draft: Draft,
    /// Room for the values of one resource.
    tape: Tape,
    open: Option<Open>,
}

/// The file that is being read.
struct Open {
    framer: Framer,
    /// The first bytes, until there are enough to tell the kind of file.
    head: Option<Vec<u8>>,
    /// It is no JSON: not read.
    skip: bool,
    n_bytes: u64,
    /// Entries of the Bundle at hand that hold no resource.
    n_empty: u64,
}

/// Where a text stands in its file.
#[derive(Clone, Copy)]
struct At {
    line: u64,
    entry: u32,
}

impl std::fmt::Debug for FhirImport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FhirImport").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl FhirImport {
    /// Begins an import.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let mut store = Store::default();
        store.lists.subject_ids = (!settings.known.is_empty()).then(Default::default);
        Self {
            settings,
            reporter: Reporter::new("fhir"),
            store,
            counts: Counts::default(),
            draft: Draft::default(),
            tape: Tape::default(),
            open: None,
        }
    }

    /// Begins a file. One that is still open is ended first.
    pub fn begin_file(&mut self, name: &str) {
        self.end_file();
        self.counts.begin_file(name);
        self.store.copies.clear();
        let framer = Framer::new(name);
        self.open = Some(Open { framer, head: Some(Vec::new()), skip: false, n_bytes: 0, n_empty: 0 });
    }

    /// Takes the next piece of the file.
    ///
    /// # Errors
    /// If no file was begun.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), IntakeError> {
        // A piece and its marks stay near the processor.
        bytes.chunks(PIECE).try_for_each(|piece| self.push_piece(piece))
    }

    fn push_piece(&mut self, bytes: &[u8]) -> Result<(), IntakeError> {
        let Some(open) = &mut self.open else {
            return Err(IntakeError::Fhir("bytes came before the name of their file".to_owned()));
        };
        open.n_bytes += bytes.len() as u64;
        match &mut open.head {
            Some(head) => {
                head.extend_from_slice(bytes);
                if head.len() >= HEAD_BYTES {
                    self.begin_resources();
                }
            }
            None if open.skip => {}
            None => {
                open.framer.push(bytes);
                self.read();
            }
        }
        Ok(())
    }

    /// Looks what the file is, by the same first bytes however it was cut, and begins to read.
    fn begin_resources(&mut self) {
        let Some(open) = &mut self.open else { return };
        let Some(bytes) = open.head.take() else { return };
        let head = bytes.get(..HEAD_BYTES).unwrap_or(&bytes);
        let utf16 = head.starts_with(&[0xff, 0xfe])
            || head.starts_with(&[0xfe, 0xff])
            || crate::text::looks_utf16(head).is_some();
        let kind = kind_of(head);
        let named = is_json_name(self.counts.file());
        let problem = if utf16 {
            Some("it is written as UTF-16: save it as UTF-8, as FHIR asks for".to_owned())
        } else if kind == FileKind::Json || (named && kind == FileKind::Text) {
            None
        } else if kind == FileKind::Xml {
            Some("it is XML: export FHIR as JSON or NDJSON".to_owned())
        } else {
            Some(format!("it is {kind}, no JSON"))
        };
        if let Some(problem) = problem {
            open.skip = true;
            if !bytes.is_empty() {
                self.refuse_file(&problem, named || utf16);
            }
            return;
        }
        open.framer.push(&bytes);
        self.read();
    }

    /// A file that is not read: rejected where its name says that it should have been.
    fn refuse_file(&mut self, problem: &str, expected: bool) {
        if expected {
            let reason = format!("the file cannot be read: {problem}");
            self.reject(UNREAD, At { line: 1, entry: NONE }, Flaw { field: String::new(), reason });
        } else {
            let file = self.counts.file().to_owned();
            self.reporter.warn(format!("{file} was not used: {problem}."));
        }
    }

    /// Ends the file.
    pub fn end_file(&mut self) {
        self.begin_resources();
        if let Some(open) = &mut self.open {
            open.framer.end();
            if !open.skip {
                self.read();
            }
        }
        if let Some(open) = self.open.take() {
            if open.n_bytes == 0 {
                let file = self.counts.file().to_owned();
                self.reporter.warn(format!("{file} is empty."));
            }
            self.counts.end_file();
        }
    }

    /// A file cannot be unpacked (any further): counts as one rejected row.
    pub fn damaged(&mut self, name: &str, reason: &str) {
        self.end_file();
        if self.counts.file() != name {
            self.counts.begin_file(name);
        }
        let at = At { line: 0, entry: NONE };
        self.reject(UNREAD, at, Flaw { field: String::new(), reason: reason.to_owned() });
    }

    /// Resources read so far, for progress.
    #[must_use]
    pub fn rows_read(&self) -> u64 {
        self.counts.n_read
    }

    /// Ends the import.
    ///
    /// # Errors
    /// If there is no patient, or more than a dataset can hold.
    pub fn finish(self) -> Result<Imported, IntakeError> {
        self.finish_with(&mut |_, _| true)
    }

    /// Ends the import, saying how far it is.
    ///
    /// # Errors
    /// As [`FhirImport::finish`]; [`IntakeError::Stopped`] if `tick` said so.
    pub fn finish_with(mut self, tick: &mut Tick<'_>) -> Result<Imported, IntakeError> {
        self.end_file();
        assemble::assemble(self.settings, self.reporter, self.store, self.counts, tick)
    }
}

impl crate::RecordImport for FhirImport {
    fn finish(self: Box<Self>, tick: &mut Tick<'_>) -> Result<Imported, IntakeError> {
        self.finish_with(tick)
    }
}

impl crate::archive::Files for FhirImport {
    fn begin(&mut self, name: &str) -> Result<(), IntakeError> {
        self.begin_file(name);
        Ok(())
    }

    fn bytes(&mut self, bytes: &[u8]) -> Result<(), IntakeError> {
        self.push(bytes)
    }

    fn end(&mut self) -> Result<(), IntakeError> {
        self.end_file();
        Ok(())
    }

    fn damaged(&mut self, name: &str, reason: &str) -> Result<(), IntakeError> {
        self.damaged(name, reason);
        Ok(())
    }
}

fn is_json_name(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    [".json", ".ndjson", ".jsonl"].iter().any(|end| lower.ends_with(end))
}
