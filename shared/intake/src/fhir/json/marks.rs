//! Where the signs of a JSON text stand.
//!
//! Sixty-four bytes at a time become bit masks (a bit a byte), and what is within a string is told from what is outside by
//! the parity of the quotation marks before it. Method: the first stage of Langdale and Lemire, Parsing Gigabytes of JSON
//! per Second, VLDB Journal 28 (2019).

use wide::u8x16;

/// Finds the marks of a text that comes in pieces.
///
/// A mark is the position of a bracket, brace, colon or comma outside of strings, of both quotation marks of a string, and of
/// the first byte of anything else (a number, a word, or what is no JSON) that is no white space.
#[derive(Debug, Default)]
pub(in crate::fhir) struct Marker {
    /// The next byte is within a string.
    in_text: bool,
    /// The next byte stands behind a backslash.
    escaped: bool,
    /// The byte before is part of a number or word.
    in_word: bool,
}

/// Which bytes of a block are what.
#[derive(Default)]
struct Block {
    quote: u64,
    backslash: u64,
    /// Brackets, braces, colons, commas.
    sign: u64,
    /// Blanks, tabs, line ends.
    blank: u64,
}

impl Block {
    #[inline]
    fn of(bytes: &[u8; 64]) -> Self {
        let mut out = Self::default();
        for (i, sixteen) in bytes.as_chunks::<16>().0.iter().enumerate() {
            let v = u8x16::new(*sixteen);
            let is = |byte: u8| v.simd_eq(u8x16::splat(byte));
            // `[` and `{`, `]` and `}` differ in this bit only.
            let braces = v | u8x16::splat(0x20);
            let brace = |byte: u8| braces.simd_eq(u8x16::splat(byte));
            let mask = |v: u8x16| u64::from(v.to_bitmask()) << (16 * i);
            out.quote |= mask(is(b'"'));
            out.backslash |= mask(is(b'\\'));
            out.sign |= mask(brace(b'{') | brace(b'}') | is(b':') | is(b','));
            out.blank |= mask(is(b' ') | is(b'\n') | is(b'\r') | is(b'\t'));
        }
        out
    }
}

impl Marker {
    /// Adds the marks of the next bytes; the first of them stands at `from`.
    pub(in crate::fhir) fn mark(&mut self, bytes: &[u8], mut from: u32, marks: &mut Vec<u32>) {
        let (blocks, rest) = bytes.as_chunks::<64>();
        for block in blocks {
            self.block(block, 64, from, marks);
            from = from.wrapping_add(64);
        }
        if !rest.is_empty() {
            let mut block = [b' '; 64];
            if let Some(start) = block.get_mut(..rest.len()) {
                start.copy_from_slice(rest);
            }
            self.block(&block, rest.len(), from, marks);
        }
    }

    /// A block of which the first `n` bytes count: 1 to 64; the others are blanks.
    #[inline]
    fn block(&mut self, bytes: &[u8; 64], n: usize, from: u32, marks: &mut Vec<u32>) {
        let block = Block::of(bytes);
        let quotes = block.quote & !self.escaped(block.backslash, n);
        // From an opening quotation mark up to the byte before the closing one.
        let within = parity(quotes) ^ if self.in_text { u64::MAX } else { 0 };
        self.in_text = within >> 63 == 1;
        let word = !(block.sign | block.blank | quotes | within);
        let first = word & !(word << 1 | u64::from(self.in_word));
        self.in_word = word >> (n - 1) & 1 == 1;
        let mut bits = block.sign & !within | quotes | first;
        let all = marks.len() + bits.count_ones() as usize;
        while bits != 0 {
            // Eight without a branch; what is too much is cut off.
            let mut eight = [0u32; 8];
            for mark in &mut eight {
                *mark = from.wrapping_add(bits.trailing_zeros());
                bits &= bits.wrapping_sub(1);
            }
            marks.extend_from_slice(&eight);
        }
        marks.truncate(all);
    }

    /// The bytes that stand behind a backslash which counts.
    #[inline]
    fn escaped(&mut self, backslash: u64, n: usize) -> u64 {
        let mut escaped = u64::from(std::mem::take(&mut self.escaped));
        let mut left = backslash & !escaped;
        while left != 0 {
            let at = left.trailing_zeros() as usize;
            if at + 1 == n {
                self.escaped = true;
                break;
            }
            escaped |= 2u64 << at;
            left &= !(3u64 << at);
        }
        escaped
    }
}

/// At every bit the parity of the bits up to it.
#[inline]
fn parity(mut bits: u64) -> u64 {
    for shift in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << shift;
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The same, byte by byte.
    fn plainly(text: &[u8]) -> Vec<u32> {
        let (mut marks, mut in_text, mut escaped, mut in_word) = (Vec::new(), false, false, false);
        for (i, byte) in (0u32..).zip(text) {
            let is_escaped = std::mem::replace(&mut escaped, false);
            escaped = *byte == b'\\' && !is_escaped;
            if *byte == b'"' && !is_escaped {
                in_text = !in_text;
                in_word = false;
                marks.push(i);
            } else if in_text {
            } else if b"{}[]:,".contains(byte) {
                in_word = false;
                marks.push(i);
            } else if b" \n\r\t".contains(byte) {
                in_word = false;
            } else if !std::mem::replace(&mut in_word, true) {
                marks.push(i);
            }
        }
        marks
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]
        #[test]
        fn marks_are_those_of_a_reading_byte_by_byte(
            text in proptest::collection::vec(proptest::sample::select(&b"\"\"\\\\{}[]:, \n\r\taeZ19.-\xc3\xa9\x00\x0b"[..]), 0..400),
            cuts in proptest::collection::vec(0usize..400, 0..6),
        ) {
            let mut cuts: Vec<usize> = cuts.into_iter().map(|c| c.min(text.len())).collect();
            cuts.sort_unstable();
            cuts.push(text.len());
            let (mut marker, mut marks, mut from) = (Marker::default(), Vec::new(), 0);
            for cut in cuts {
                marker.mark(&text[from..cut], u32::try_from(from).unwrap(), &mut marks);
                from = cut;
            }
            prop_assert_eq!(marks, plainly(&text));
        }
    }
}
