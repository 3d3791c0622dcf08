//! Typed columns on Apache Arrow, bit sets, day arithmetic and the dataset file. No clinical words in here.
//!
//! Start with [`Column`] and [`Table`]; [`Dataset`] holds tables by name; [`chunk`] turns columns into
//! Arrow IPC bytes and back; [`file`] writes and reads the `.rounds` file (a zip of a JSON header and those bytes).

mod column;
mod dataset;
mod table;

pub use column::{Category, Column};
pub use dataset::Dataset;
pub use table::{Table, TableError};
