//! Bytes of clinical files to de-identified columns and an intake report.
//!
//! Start with [`csv::inspect`] (what a flat file seems to be), [`csv::CsvImport`] (a flat file into a dataset),
//! [`omop::OmopImport`] (a folder of OMOP tables into a dataset), `fhir::FhirImport` (FHIR resources into a dataset; with
//! the feature `fhir`) and `tables::TablesImport` (several tables joined by a person, workbooks, notes; feature `tables`). All take bytes in pieces of any size, so that a host can
//! read, show progress and stop between two pieces. [`unpack`] turns stored chunks back into columns.
//!
//! **Invariants:** no input makes it panic; every row read is kept, rejected with a reason, or not used, and counted;
//! no direct identifier is ever in [`Imported`].
//!
//! ```
//! use intake::{Settings, csv};
//! let file = b"id,time,status,age\n1,306,1,74\n2,455,0,68\n";
//! let proposal = csv::inspect("lung.csv", file, true)?;
//! let settings = Settings::new("lung", [7; 32]);
//! let mut import = csv::CsvImport::new(proposal.mapping, settings, "lung.csv")?;
//! import.push(file)?;
//! let imported = import.finish()?;
//! assert_eq!(imported.report.rows_kept, 2);
//! # Ok::<(), intake::IntakeError>(())
//! ```

#[cfg(feature = "archive")]
pub mod archive;
mod assemble;
pub mod csv;
mod date;
#[cfg(feature = "fhir")]
pub mod detect;
mod error;
#[cfg(feature = "omop")]
mod event;
#[cfg(feature = "fhir")]
pub mod fhir;
mod free_text;
#[cfg(feature = "omop")]
mod interned;
mod key;
mod magic;
#[cfg(feature = "omop")]
mod merge;
mod number;
#[cfg(feature = "omop")]
pub mod omop;
mod order;
mod pack;
#[cfg(feature = "parquet")]
mod parquet;
mod policy;
#[cfg(feature = "fhir")]
mod record_import;
mod report;
mod safe_harbor;
mod scanner;
mod settings;
mod sex;
#[cfg(feature = "tables")]
pub mod tables;
mod text;
pub mod units;

#[cfg(feature = "omop")]
pub use assemble::read_batch as read_notes;
pub use error::IntakeError;
#[cfg(feature = "screen")]
pub use free_text::text_person;
pub use magic::{FileKind, kind_of};
#[cfg(feature = "omop")]
pub use merge::{merge, person_keys};
pub use pack::{Chunk, ColumnMeta, Imported, Unpack, UnpackError, dataset_id, decode_column, pack, unpack};
pub use policy::choices;
#[cfg(feature = "fhir")]
pub use record_import::{NoteBatch, RecordImport, Unpacked};
pub use settings::{DatePolicy, Settings, TextPolicy, Tick};
pub use text::{ToUtf8, sniff as sniff_encoding};

/// How many of its last bytes describe a Parquet file, from its last 8 bytes (or more of them); nothing for a file of another
/// kind. A host that gives them before the file ([`omop::OmopImport::expect_tail`]) spares the import from holding all of it.
#[cfg(feature = "parquet")]
#[must_use]
pub fn footer_bytes(tail: &[u8]) -> Option<u64> {
    parquet::footer_bytes(tail)
}
