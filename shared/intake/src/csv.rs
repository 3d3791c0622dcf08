//! Flat files with a row a person: a proposal of what the columns are, and the import.
//!
//! Start with [`inspect`], then [`CsvImport`].

mod evidence;
mod finish;
mod import;
mod inspect;
mod names;
mod roles;
mod sink;

pub use import::CsvImport;
pub use inspect::inspect;
