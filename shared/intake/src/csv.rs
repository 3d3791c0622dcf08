//! Flat files with a row a person: a proposal of what the columns are, and the import.
//!
//! Start with [`inspect`] (and [`inspect_as`] where the user corrects what was guessed of its delimiter, encoding, marks), then [`CsvImport`].

mod births;
mod dialect;
mod evidence;
mod finish;
mod import;
mod inspect;
mod known;
mod names;
mod roles;
mod sink;

pub use import::CsvImport;
pub use inspect::{inspect, inspect_as};
