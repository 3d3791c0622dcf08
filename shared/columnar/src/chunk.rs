//! A run of rows of one column as the bytes of an Arrow IPC file, and back.
//!
//! pandas, polars, DuckDB and R's arrow open these bytes: numbers are stored as the smallest integer type that holds
//! them all exactly, else as 64-bit floats; days as date32; levels as a dictionary. The kind stands in the field's
//! metadata (`rounds.kind`), so that a decoded column is the column that was encoded.
//!
//! Files are written and read here over Arrow's own flatbuffers rather than by its reader and writer: these would bring
//! every type of Arrow to the page, copy each chunk twice, and panic on buffers that lie outside of a damaged file.

mod decode;
mod encode;
mod ipc;
mod stored;

pub use decode::{ChunkError, decode};
pub(crate) use encode::encode_table;
pub use encode::{EncodeError, encode, encode_rows};

/// Rows a chunk: 2 MB of 64-bit numbers, small enough to be read and hashed between two frames of a page.
pub const ROWS: usize = 262_144;

/// Key of the field's metadata that names the kind.
const KIND: &str = "rounds.kind";

/// The runs of rows (first, number) that a column of `n_rows` is cut into; one empty run for no rows.
pub fn runs(n_rows: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..n_rows.div_ceil(ROWS).max(1)).map(move |i| (i * ROWS, ROWS.min(n_rows - i * ROWS)))
}
