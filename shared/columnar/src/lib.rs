//! Typed columns on Apache Arrow, bit sets, day arithmetic and the dataset file. No clinical words in here.
//!
//! Start with [`Column`] and [`Table`]; [`Dataset`] holds tables by name; [`build`] makes columns a value at a time;
//! [`chunk`] turns columns into Arrow IPC bytes and back; [`file`] writes and reads the `.rounds` file (a zip of a JSON
//! header and those bytes); [`export`] writes whole tables for other tools.
//!
//! **Invariant:** the same columns give the same bytes, on every machine and at every time.

mod bit_set;
pub mod build;
pub mod chunk;
mod column;
mod dataset;
pub mod day;
pub mod export;
pub mod file;
mod select;
mod table;

pub use bit_set::BitSet;
pub use column::{Category, Column, ConcatError};
pub use dataset::Dataset;
pub use select::SelectError;
pub use table::{Table, TableError};
