//! Delimited text to records: the rules of RFC 4180 as the `csv` crate reads them, over bytes that come in pieces.
//!
//! A quotation mark (`"`, or another one, or none) means something only at the beginning of a field; `""` inside is one mark; `\n`, `\r` and `\r\n` end
//! a record; empty lines are no records. Records are found in one pass and handed out as ranges of bytes, without copies.

/// Longest record taken; a longer one is a quotation mark that never closes.
pub(crate) const MAX_RECORD: usize = 16 << 20;

/// Where a field's bytes are.
#[derive(Clone, Copy, Debug)]
struct Span {
    start: u32,
    end: u32,
    /// In `unescaped`, not in the buffer.
    copied: bool,
}

/// The fields of one record.
#[derive(Debug, Default)]
pub(crate) struct Fields {
    spans: Vec<Span>,
    unescaped: Vec<u8>,
    /// Line on which the record begins, from 1.
    pub(crate) line: u64,
    /// Lines it covers.
    pub(crate) n_lines: u64,
    /// The file ended within quotation marks.
    pub(crate) unclosed: bool,
    /// A field was given within quotation marks.
    pub(crate) quoted: bool,
}

impl Fields {
    pub(crate) fn len(&self) -> usize {
        self.spans.len()
    }

    /// The bytes of a field; `buffer` is the one the record was found in.
    #[inline]
    pub(crate) fn get<'a>(&'a self, buffer: &'a [u8], i: usize) -> &'a [u8] {
        let Some(span) = self.spans.get(i) else { return &[] };
        let from = if span.copied { &self.unescaped } else { buffer };
        from.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// Fields that came as cells instead of text, on a line (or row) of their file.
    #[cfg(feature = "tables")]
    pub(crate) fn of_cells<'a>(&mut self, line: u64, cells: impl IntoIterator<Item = &'a [u8]>) {
        self.clear();
        self.line = line;
        self.n_lines = 1;
        for cell in cells {
            let start = self.unescaped.len();
            self.unescaped.extend_from_slice(cell);
            self.add(start, self.unescaped.len(), true);
        }
    }

    fn clear(&mut self) {
        self.spans.clear();
        self.unescaped.clear();
        self.unclosed = false;
        self.quoted = false;
    }

    #[inline]
    fn add(&mut self, start: usize, end: usize, copied: bool) {
        // Records are shorter than MAX_RECORD and buffers shorter than 4 GB.
        #[expect(clippy::cast_possible_truncation, reason = "a buffer holds one piece and one record, far below 4 GB")]
        self.spans.push(Span { start: start as u32, end: end as u32, copied });
    }
}

/// Finds records in a growing buffer.
pub(crate) struct Scanner {
    delimiter: u8,
    /// The quotation mark; a number that is no byte where there is none.
    quote: u16,
    /// The delimiter in all eight bytes.
    repeated: u64,
    /// Bytes that end an unquoted field.
    stops: Box<[bool; 256]>,
    /// Line on which the next byte is, from 1.
    line: u64,
    /// The byte before was `\r`: a `\n` now belongs to it.
    after_cr: bool,
}

impl Scanner {
    pub(crate) fn new(delimiter: u8, quote: Option<u8>) -> Self {
        let mut stops = Box::new([false; 256]);
        for b in [delimiter, b'\n', b'\r'] {
            stops[usize::from(b)] = true;
        }
        let repeated = u64::from(delimiter) * 0x0101_0101_0101_0101;
        Self { delimiter, quote: quote.map_or(u16::MAX, u16::from), repeated, stops, line: 1, after_cr: false }
    }

    /// The next record at or behind `from`: the position behind it. Nothing where the buffer ends before the record does
    /// (`last` says that no more bytes come) or where there are no more records; `from` is moved over empty lines.
    #[inline]
    pub(crate) fn next(&mut self, buffer: &[u8], from: &mut usize, last: bool, fields: &mut Fields) -> Option<usize> {
        self.skip_empty_lines(buffer, from);
        if *from >= buffer.len() {
            return None;
        }
        fields.clear();
        fields.line = self.line;
        let mut newlines = 0;
        let mut at = *from;
        loop {
            if self.is_quote(buffer, at) {
                fields.quoted = true;
                at = self.quoted(buffer, at, last, fields, &mut newlines)?;
            } else {
                at = self.plain_fields(buffer, at, fields);
                if self.is_quote(buffer, at) {
                    continue;
                }
                let start = at;
                at = self.field_end(buffer, at);
                if at == buffer.len() && !last {
                    return None;
                }
                fields.add(start, at, false);
            }
            match buffer.get(at) {
                Some(&b) if b == self.delimiter => at += 1,
                Some(&b) => {
                    self.after_cr = b == b'\r';
                    at += 1;
                    break;
                }
                None => break,
            }
        }
        self.line += newlines + 1;
        fields.n_lines = newlines + 1;
        Some(at)
    }

    #[inline]
    fn is_quote(&self, buffer: &[u8], at: usize) -> bool {
        buffer.get(at).is_some_and(|&b| u16::from(b) == self.quote)
    }

    /// Adds the fields from `at` on that a delimiter follows, up to one that begins with a quotation mark or ends the line:
    /// where that one begins. Each eight bytes are looked at once, however many fields are in them; the last field is left to
    /// [`Scanner::field_end`].
    #[inline(never)]
    fn plain_fields(&self, buffer: &[u8], at: usize, fields: &mut Fields) -> usize {
        const ONES: u64 = 0x0101_0101_0101_0101;
        const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
        // Exact for every byte, not for the first alone.
        let zero_bytes = |x: u64| !(((x & LOW) + LOW) | x | LOW);
        let (mut start, mut from) = (at, at);
        while let Some(chunk) = buffer.get(from..).and_then(<[u8]>::first_chunk::<8>) {
            let word = u64::from_le_bytes(*chunk);
            let line_ends = zero_bytes(word ^ (ONES * 0x0a)) | zero_bytes(word ^ (ONES * 0x0d));
            let mut delimiters = zero_bytes(word ^ self.repeated);
            if line_ends != 0 {
                // Those before the line end.
                delimiters &= (line_ends & line_ends.wrapping_neg()) - 1;
            }
            while delimiters != 0 {
                let end = from + (delimiters.trailing_zeros() / 8) as usize;
                fields.add(start, end, false);
                start = end + 1;
                if self.is_quote(buffer, start) {
                    return start;
                }
                delimiters &= delimiters - 1;
            }
            if line_ends != 0 {
                return start;
            }
            from += 8;
        }
        start
    }

    /// The position of the first delimiter or line end at or behind `at`, or the end of the buffer.
    ///
    /// Eight bytes at a time, since a branch a byte is guessed wrong once a field. The lowest bit that
    /// `(x - 1) & !x & 0x80..` sets is that of the first zero byte of `x`; higher ones may be wrong and are not looked at.
    #[inline]
    fn field_end(&self, buffer: &[u8], mut at: usize) -> usize {
        const ONES: u64 = 0x0101_0101_0101_0101;
        const HIGH: u64 = 0x8080_8080_8080_8080;
        let zero_byte = |x: u64| x.wrapping_sub(ONES) & !x & HIGH;
        while let Some(chunk) = buffer.get(at..).and_then(<[u8]>::first_chunk::<8>) {
            let word = u64::from_le_bytes(*chunk);
            let delimiters = zero_byte(word ^ self.repeated);
            let line_ends = zero_byte(word ^ (ONES * 0x0a)) | zero_byte(word ^ (ONES * 0x0d));
            let found = delimiters | line_ends;
            if found != 0 {
                return at + (found.trailing_zeros() / 8) as usize;
            }
            at += 8;
        }
        while buffer.get(at).is_some_and(|&b| !self.stops[usize::from(b)]) {
            at += 1;
        }
        at
    }

    fn skip_empty_lines(&mut self, buffer: &[u8], from: &mut usize) {
        while let Some(&b) = buffer.get(*from) {
            match b {
                b'\n' => self.line += u64::from(!self.after_cr),
                b'\r' => self.line += 1,
                _ => {
                    self.after_cr = false;
                    return;
                }
            }
            self.after_cr = b == b'\r';
            *from += 1;
        }
    }

    /// A field that begins with a quotation mark: the position of the byte that ends it.
    fn quoted(&self, buffer: &[u8], at: usize, last: bool, fields: &mut Fields, newlines: &mut u64) -> Option<usize> {
        let start = at + 1;
        let quote = *buffer.get(at)?;
        let first_mark = memchr::memchr(quote, buffer.get(start..)?).map(|i| start + i);
        if let Some(end) = first_mark
            && let Some(&next) = buffer.get(end + 1)
            && self.stops[usize::from(next)]
        {
            *newlines += count_lines(buffer.get(start..end)?);
            fields.add(start, end, false);
            return Some(end + 1);
        }
        let begin = fields.unescaped.len();
        let mut at = start;
        loop {
            let Some(mark) = memchr::memchr(quote, buffer.get(at..)?).map(|i| at + i) else {
                if !last {
                    return None;
                }
                fields.unclosed = true;
                fields.unescaped.extend_from_slice(buffer.get(at..)?);
                at = buffer.len();
                break;
            };
            fields.unescaped.extend_from_slice(buffer.get(at..mark)?);
            match buffer.get(mark + 1) {
                Some(&next) if next == quote => {
                    fields.unescaped.push(quote);
                    at = mark + 2;
                }
                None if !last => return None,
                _ => {
                    *newlines += count_lines(fields.unescaped.get(begin..)?);
                    at = mark + 1;
                    // What stands between the closing mark and the delimiter belongs to the field.
                    while let Some(&b) = buffer.get(at)
                        && !self.stops[usize::from(b)]
                    {
                        fields.unescaped.push(b);
                        at += 1;
                    }
                    if at == buffer.len() && !last {
                        return None;
                    }
                    break;
                }
            }
        }
        fields.add(begin, fields.unescaped.len(), true);
        Some(at)
    }
}

fn count_lines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn records(bytes: &[u8], sizes: &[usize]) -> Vec<Vec<Vec<u8>>> {
        let (mut scanner, mut fields, mut buffer) = (Scanner::new(b',', Some(b'"')), Fields::default(), Vec::new());
        let (mut out, mut at, mut sizes) = (Vec::new(), 0, sizes.iter().cycle());
        loop {
            let end = (at + sizes.next().copied().unwrap_or(9)).min(bytes.len());
            buffer.extend_from_slice(&bytes[at..end]);
            at = end;
            let mut from = 0;
            while let Some(next) = scanner.next(&buffer, &mut from, at == bytes.len(), &mut fields) {
                out.push((0..fields.len()).map(|i| fields.get(&buffer, i).to_vec()).collect());
                from = next;
            }
            buffer.drain(..from);
            if at == bytes.len() {
                return out;
            }
        }
    }

    fn reference(bytes: &[u8]) -> Vec<Vec<Vec<u8>>> {
        ::csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(bytes)
            .into_byte_records()
            .map(|r| r.unwrap().iter().map(<[u8]>::to_vec).collect())
            .collect()
    }

    #[test]
    fn lines_are_counted_as_an_editor_does() {
        let text = b"a,b\r\n\r\n1,\"x\ny\"\r2,3\n\n4,5";
        let (mut scanner, mut fields, mut from) = (Scanner::new(b',', Some(b'"')), Fields::default(), 0);
        let mut lines = Vec::new();
        while let Some(next) = scanner.next(text, &mut from, true, &mut fields) {
            lines.push((fields.line, fields.n_lines));
            from = next;
        }
        assert_eq!(lines, [(1, 1), (3, 2), (5, 1), (7, 1)]);
    }

    fn one(text: &[u8], quote: Option<u8>) -> Vec<Vec<u8>> {
        let (mut scanner, mut fields, mut from) = (Scanner::new(b',', quote), Fields::default(), 0);
        assert!(scanner.next(text, &mut from, true, &mut fields).is_some());
        (0..fields.len()).map(|i| fields.get(text, i).to_vec()).collect()
    }

    #[test]
    fn another_mark_or_none() {
        assert_eq!(one(b"'a,''b',\"c\n", Some(b'\'')), [b"a,'b".as_slice(), b"\"c"]);
        assert_eq!(one(b"\"a,b\",'c\n", None), [b"\"a".as_slice(), b"b\"", b"'c"]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn reads_what_the_csv_crate_reads(text in "[a\",\n\r é\u{80}\u{0}]{0,40}", sizes in prop::collection::vec(1usize..9, 1..6)) {
            let want = reference(text.as_bytes());
            prop_assert_eq!(&records(text.as_bytes(), &[1000]), &want);
            prop_assert_eq!(&records(text.as_bytes(), &sizes), &want);
        }
    }
}
