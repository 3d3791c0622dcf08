//! Builds a column of text.

use arrow_array::StringArray;
use arrow_buffer::{Buffer, OffsetBuffer, ScalarBuffer};

use super::validity::Validity;
use crate::Column;

/// A text column can hold 2 GB and no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a text column can hold 2 GB in all, and this one would hold more")]
pub struct TooMuchText;

/// Builds a column of text.
#[derive(Clone, Debug)]
pub struct TextBuilder {
    bytes: Vec<u8>,
    offsets: Vec<i32>,
    validity: Validity,
}

impl Default for TextBuilder {
    fn default() -> Self {
        Self { bytes: Vec::new(), offsets: vec![0], validity: Validity::default() }
    }
}

impl TextBuilder {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes room for `rows` more rows of `bytes` in all, no more.
    pub fn reserve(&mut self, rows: usize, bytes: usize) {
        self.offsets.reserve_exact(rows);
        self.bytes.reserve_exact(bytes);
    }

    /// Makes room for `rows` more rows as long as those that are there.
    pub fn reserve_alike(&mut self, rows: usize) {
        let per_row = self.bytes.len().div_ceil(self.len().max(1));
        self.reserve(rows, rows.saturating_mul(per_row).min(1 << 31));
    }

    /// Adds a row.
    ///
    /// # Errors
    /// If the column would hold more than 2 GB; nothing is added then.
    #[inline]
    pub fn push(&mut self, text: Option<&str>) -> Result<(), TooMuchText> {
        let bytes = text.unwrap_or_default().as_bytes();
        let Ok(end) = i32::try_from(self.bytes.len() + bytes.len()) else {
            return Err(TooMuchText);
        };
        self.bytes.extend_from_slice(bytes);
        self.offsets.push(end);
        self.validity.push(text.is_some());
        Ok(())
    }

    /// Forgets all rows from `rows` on.
    pub fn truncate(&mut self, rows: usize) {
        if rows < self.len() {
            self.offsets.truncate(rows + 1);
            let end = self.offsets.last().copied().unwrap_or(0);
            self.bytes.truncate(usize::try_from(end).unwrap_or(0));
            self.validity.truncate(rows);
        }
    }

    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of rows without a value.
    #[must_use]
    pub fn n_missing(&self) -> usize {
        self.validity.n_missing()
    }

    /// The column.
    #[must_use]
    pub fn finish(mut self) -> Column {
        self.bytes.shrink_to_fit();
        self.offsets.shrink_to_fit();
        let offsets = OffsetBuffer::new(ScalarBuffer::from(self.offsets));
        Column::Text(StringArray::new(offsets, Buffer::from_vec(self.bytes), self.validity.finish()))
    }
}
