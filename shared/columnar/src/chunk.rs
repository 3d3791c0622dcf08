//! A run of rows of one column as the bytes of an Arrow IPC file, and back.
//!
//! pandas, polars, DuckDB and R's arrow open these bytes: numbers are stored as the smallest integer type that holds
//! them all exactly, else as 64-bit floats; days as date32; levels as a dictionary. The kind stands in the field's
//! metadata (`rounds.kind`), so that a decoded column is the column that was encoded.

mod decode;
mod encode;

pub use decode::{ChunkError, decode};
pub use encode::{EncodeError, encode, encode_rows};
pub(crate) use encode::{Width, array_of, ipc_file};

/// Rows a chunk: 2 MB of 64-bit numbers, small enough to be read and hashed between two frames of a page.
pub const ROWS: usize = 262_144;

/// Key of the field's metadata that names the kind.
const KIND: &str = "rounds.kind";

/// The runs of rows (first, number) that a column of `n_rows` is cut into; one empty run for no rows.
pub fn runs(n_rows: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..n_rows.div_ceil(ROWS).max(1)).map(move |i| (i * ROWS, ROWS.min(n_rows - i * ROWS)))
}
