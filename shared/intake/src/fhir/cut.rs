//! Parts of a file that holds a resource a line, each read on its own: a line belongs to the part in which it begins.

use std::ops::Range;

use memchr::memchr;

use super::frame::lines_of_resources;

/// Whether a file is called as those are that hold a resource a line.
#[must_use]
pub fn is_named_lines(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    [".ndjson", ".jsonl"].iter().any(|end| lower.ends_with(end))
}

/// Whether a file may be read in parts, by its name and first bytes: it holds a resource a line.
#[must_use]
pub fn can_be_cut(name: &str, head: &[u8]) -> bool {
    is_named_lines(name) && lines_of_resources(head)
}

/// What to read of a file for one of its parts, and what of it belongs to the part.
#[derive(Debug)]
pub(super) struct Cutter {
    at: u64,
    to: u64,
    size: u64,
    begun: bool,
    done: bool,
}

impl Cutter {
    /// For the part of these bytes of a file of `size` bytes.
    pub(super) fn new(part: Range<u64>, size: u64) -> Self {
        // The line break before a part says whether a line begins with it.
        let at = part.start.saturating_sub(1);
        Self { at, to: part.end, size, begun: part.start == 0, done: part.is_empty() }
    }

    /// The bytes to read next, at most `most`; nothing when all was read.
    pub(super) fn wants(&self, most: u64) -> Option<Range<u64>> {
        (!self.done && self.at < self.size).then(|| self.at..(self.at + most).min(self.size))
    }

    /// What of the bytes that were wanted belongs to the part.
    pub(super) fn take<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        let base = self.at;
        self.at += bytes.len() as u64;
        let mut from = 0;
        if !self.begun {
            // As long as the line lasts that began in a part before.
            let Some(i) = memchr(b'\n', bytes) else {
                self.done = self.at >= self.to;
                return &[];
            };
            (self.begun, from) = (true, i + 1);
            if base + from as u64 >= self.to {
                self.done = true;
                return &[];
            }
        }
        // The last line of the part ends with the first line break from here on.
        let last = usize::try_from((self.to - 1).saturating_sub(base)).unwrap_or(usize::MAX).max(from);
        let rest = bytes.get(last..).unwrap_or_default();
        let end = memchr(b'\n', rest).map(|i| last + i + 1);
        self.done = end.is_some();
        bytes.get(from..end.unwrap_or(bytes.len())).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn part(text: &[u8], part: Range<u64>, most: u64) -> Vec<u8> {
        let mut cutter = Cutter::new(part, text.len() as u64);
        let mut out = Vec::new();
        while let Some(range) = cutter.wants(most) {
            let (from, to) = (usize::try_from(range.start).unwrap(), usize::try_from(range.end).unwrap());
            out.extend_from_slice(cutter.take(&text[from..to]));
        }
        out
    }

    #[test]
    fn a_line_belongs_where_it_begins() {
        let text = b"ab\ncd\nef";
        let of = |range| String::from_utf8(part(text, range, 2)).unwrap();
        assert_eq!((of(0..1), of(1..8)), ("ab\n".to_owned(), "cd\nef".to_owned()));
        assert_eq!((of(0..3), of(3..8)), ("ab\n".to_owned(), "cd\nef".to_owned()));
        assert_eq!((of(0..4), of(4..5), of(5..8)), ("ab\ncd\n".to_owned(), String::new(), "ef".to_owned()));
    }

    #[test]
    fn only_lines_of_resources_are_cut() {
        let line = br#"{"resourceType":"Patient","id":"1"}"#;
        let lines = [line.as_slice(), b"\n", line].concat();
        assert!(can_be_cut("a.ndjson", &lines));
        assert!(!can_be_cut("a.json", &lines));
        assert!(!can_be_cut("a.ndjson", line), "the line does not end here");
        assert!(!can_be_cut("a.ndjson", b"{\n\"resourceType\":\"Patient\"}\n"));
        assert!(!can_be_cut("a.ndjson", &[b"\xef\xbb\xbf".as_slice(), &lines].concat()));
    }

    proptest! {
        #[test]
        fn parts_make_the_whole(text in "[ab\n]{0,40}", cuts in prop::collection::vec(0u64..40, 0..6), most in 1u64..9) {
            let size = text.len() as u64;
            let mut cuts: Vec<u64> = cuts.into_iter().map(|c| c.min(size)).chain([0, size]).collect();
            cuts.sort_unstable();
            let parts: Vec<Vec<u8>> = cuts.windows(2).map(|w| part(text.as_bytes(), w[0]..w[1], most)).collect();
            prop_assert_eq!(parts.concat(), text.as_bytes());
            for part in parts.iter().rev().skip_while(|p| p.is_empty()).skip(1) {
                prop_assert!(part.is_empty() || part.ends_with(b"\n"));
            }
        }
    }
}
