//! Flat files with a row a person: a proposal of what the columns are, and the import.
//!
//! Start with [`inspect`] (and [`inspect_as`] where the user corrects what was guessed of its delimiter, encoding, marks), then [`CsvImport`].

#[cfg(feature = "tables")]
mod again;
pub(crate) mod ages;
#[cfg(feature = "tables")]
pub(crate) mod apart;
pub(crate) mod births;
#[cfg(feature = "tables")]
mod by_name;
pub(crate) mod dialect;
mod evidence;
mod finish;
mod import;
mod inspect;
#[cfg(feature = "tables")]
pub(crate) mod joined;
pub(crate) mod known;
mod levels;
pub(crate) mod names;
#[cfg(feature = "tables")]
mod own_names;
mod roles;
pub(crate) mod sink;

pub use import::CsvImport;
#[cfg(feature = "tables")]
pub(crate) use inspect::{check_header, look, look_at_cells, repeated_persons};
pub use inspect::{inspect, inspect_as};
