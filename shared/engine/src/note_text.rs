//! Places in notes, as the protocol names them.

use std::ops::Range;

/// Byte spans of a text as spans of code points.
pub(crate) struct CodePoints {
    /// First bytes of characters; empty for ASCII, where both are the same.
    starts: Vec<usize>,
}

impl CodePoints {
    pub(crate) fn new(text: &str) -> Self {
        let starts = if text.is_ascii() { Vec::new() } else { text.char_indices().map(|(at, _)| at).collect() };
        Self { starts }
    }

    pub(crate) fn span(&self, bytes: &Range<usize>) -> [usize; 2] {
        let at = |byte: usize| if self.starts.is_empty() { byte } else { self.starts.partition_point(|s| *s < byte) };
        [at(bytes.start), at(bytes.end)]
    }
}
