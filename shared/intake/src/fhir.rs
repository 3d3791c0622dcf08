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
//! - a problem, an allergy or a drug without a date and an encounter, in a document, has the day of the document (its Composition):
//!   summaries of patients list what is known without saying since when;
//! - of two versions of a resource the one of the later `meta.lastUpdated` counts, else the one that came last.

mod assemble;
mod clinical;
mod counts;
mod cut;
mod date;
mod document;
mod element;
mod frame;
mod inside;
mod json;
mod keeper;
mod kind;
mod medication;
mod observation;
mod parcel;
mod patient;
mod plain;
mod plan;
mod reader;
mod reference;
mod request;
mod resources;
mod sink;
mod store;
mod system;
mod take;

use crate::{Imported, IntakeError, NoteBatch, Settings, Tick};
pub use cut::{can_be_cut, is_named_lines};
#[cfg(feature = "tables")]
pub(crate) use json::json_line;
use keeper::Keeper;
pub use parcel::FhirReader;
use parcel::Part;
pub use plan::{How, Load, Piece, Shape, plan};
use reader::Reader;
use sink::Sink as _;

/// Whether the first bytes of a file (some hundreds are enough) look like FHIR as JSON.
#[must_use]
pub fn looks_like(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    matches!(head.first(), Some(b'{' | b'[')) && memchr::memmem::find(head, b"\"resourceType\"").is_some()
}

/// Reads FHIR resources, file by file in any order, each in pieces of any size.
pub struct FhirImport {
    settings: Settings,
    keeper: Keeper,
    reader: Reader,
    settled: Option<Box<assemble::Settled>>,
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
        let mut keeper = Keeper::new();
        keeper.store.lists.subject_ids = (!settings.known.is_empty()).then(Default::default);
        Self { settings, keeper, reader: Reader::default(), settled: None }
    }

    /// Begins a file. One that is still open is ended first.
    pub fn begin_file(&mut self, name: &str) {
        self.reader.begin_file(name, &mut self.keeper);
    }

    /// Takes the next piece of the file.
    ///
    /// # Errors
    /// If no file was begun.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), IntakeError> {
        self.reader.push(bytes, &mut self.keeper)
    }

    /// Ends the file.
    pub fn end_file(&mut self) {
        self.reader.end_file(&mut self.keeper);
    }

    /// A file cannot be unpacked (any further): counts as one rejected row.
    pub fn damaged(&mut self, name: &str, reason: &str) {
        self.end_file();
        self.keeper.damaged(name, reason);
    }

    /// Takes what a [`FhirReader`] read of files or parts of files, as if they had been read here.
    ///
    /// # Errors
    /// If it is no parcel of a reader of the same build.
    pub fn absorb(&mut self, parcel: &[u8]) -> Result<(), IntakeError> {
        self.end_file();
        parcel::absorb(parcel, &mut self.keeper)
    }

    /// Resources read so far, for progress.
    #[must_use]
    pub fn rows_read(&self) -> u64 {
        self.keeper.counts.n_read
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
        self.settle()?;
        self.settled.map_or_else(|| Err(IntakeError::Stopped), |settled| settled.finish(tick))
    }

    /// Follows the references: all files came.
    fn settle(&mut self) -> Result<&mut assemble::Settled, IntakeError> {
        self.end_file();
        let settled = match self.settled.take() {
            Some(settled) => settled,
            None => {
                let keeper = std::mem::replace(&mut self.keeper, Keeper::new());
                Box::new(assemble::settle(self.settings.clone(), keeper)?)
            }
        };
        Ok(self.settled.insert(settled))
    }
}

impl crate::RecordImport for FhirImport {
    fn finish(self: Box<Self>, tick: &mut Tick<'_>) -> Result<Imported, IntakeError> {
        self.finish_with(tick)
    }

    fn absorb(&mut self, parcel: &[u8]) -> Result<(), IntakeError> {
        FhirImport::absorb(self, parcel)
    }

    fn next_notes(&mut self) -> Result<Option<NoteBatch>, IntakeError> {
        self.settle()?.next_notes()
    }

    fn take_notes(&mut self, done: &[u8]) -> Result<(), IntakeError> {
        self.settle()?.take_notes(done)
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
