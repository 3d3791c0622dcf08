//! Rows of one delimited file: the delimiter is seen in the header.

use crate::IntakeError;
use crate::scanner::{Fields, MAX_RECORD, Scanner};

/// Bytes in which a tab-separated file shows whether its fields stand within quotation marks.
const LOOK: usize = 1 << 16;

/// Records of a file that comes in pieces.
#[derive(Default)]
pub(super) struct Rows {
    buffer: Vec<u8>,
    from: usize,
    scanner: Option<Scanner>,
    fields: Fields,
    n_records: u64,
    next_look: usize,
}

/// A record.
pub(super) struct Line<'a> {
    buffer: &'a [u8],
    fields: &'a Fields,
    header: bool,
}

impl Rows {
    pub(super) fn add(&mut self, bytes: &[u8]) {
        self.buffer.drain(..self.from);
        self.from = 0;
        self.buffer.extend_from_slice(bytes);
    }

    /// The next record; nothing where more bytes are needed or all are read.
    pub(super) fn next(&mut self, last: bool, file: &str) -> Result<Option<Line<'_>>, IntakeError> {
        if !last && self.buffer.len() - self.from < self.next_look {
            return Ok(None);
        }
        if self.scanner.is_none() {
            if self.buffer.len() < 3 && !last {
                return Ok(None);
            }
            if self.buffer.starts_with(&[0xef, 0xbb, 0xbf]) {
                self.from = 3;
            }
            let start = self.buffer.get(self.from..).unwrap_or_default();
            let Some(end) = memchr::memchr2(b'\n', b'\r', start).or(last.then_some(start.len())) else {
                return if start.len() > MAX_RECORD { Err(too_long(file, 1)) } else { Ok(None) };
            };
            let delimiter = delimiter(start.get(..end).unwrap_or_default());
            if delimiter == b'\t' && start.len() < LOOK && !last {
                return Ok(None);
            }
            let head = start.get(..LOOK).unwrap_or(start);
            let is_quoted = delimiter != b'\t' || has_marked_field(head, start.len() <= LOOK && last);
            self.scanner = Some(Scanner::new(delimiter, is_quoted.then_some(b'"')));
        }
        let Some(scanner) = &mut self.scanner else { return Ok(None) };
        let mut from = self.from;
        let Some(next) = scanner.next(&self.buffer, &mut from, last, &mut self.fields) else {
            self.from = from;
            let left = self.buffer.len() - from;
            self.next_look = if left > 1 << 17 { left + left / 2 } else { 0 };
            return if left > MAX_RECORD { Err(too_long(file, self.fields.line)) } else { Ok(None) };
        };
        self.from = next;
        self.next_look = 0;
        self.n_records += 1;
        Ok(Some(Line { buffer: &self.buffer, fields: &self.fields, header: self.n_records == 1 }))
    }
}

fn too_long(file: &str, line: u64) -> IntakeError {
    IntakeError::RowTooLong { file: file.to_owned(), line }
}

/// The delimiter that stands most often in the header; the comma where none does.
pub(super) fn delimiter(header: &[u8]) -> u8 {
    let n = |d: u8| memchr::memchr_iter(d, header).count();
    [b'|', b';', b'\t', b','].into_iter().max_by_key(|&d| n(d)).unwrap_or(b',')
}

/// Whether a field of a tab-separated file stands wholly within quotation marks. Athena's files have none, and names such as
/// `"Red man" syndrome`, whose marks are part of the name.
fn has_marked_field(head: &[u8], is_whole: bool) -> bool {
    let is_stop = |at: usize| head.get(at).map_or(is_whole, |b| matches!(b, b'\t' | b'\n' | b'\r'));
    let begins = |at: usize| at == 0 || head.get(at - 1).is_some_and(|b| matches!(b, b'\t' | b'\n' | b'\r'));
    let mut from = 0;
    while let Some(open) = head.get(from..).and_then(|rest| memchr::memchr(b'"', rest)).map(|i| from + i) {
        from = open + 1;
        if !begins(open) {
            continue;
        }
        let mut at = open + 1;
        while let Some(mark) = head.get(at..).and_then(|rest| memchr::memchr(b'"', rest)).map(|i| at + i) {
            if head.get(mark + 1) == Some(&b'"') {
                at = mark + 2;
                continue;
            }
            if is_stop(mark + 1) {
                return true;
            }
            break;
        }
    }
    false
}

impl Line<'_> {
    pub(super) fn is_header(&self) -> bool {
        self.header
    }

    pub(super) fn n(&self) -> usize {
        self.fields.len()
    }

    pub(super) fn line(&self) -> u64 {
        self.fields.line
    }

    pub(super) fn unclosed(&self) -> bool {
        self.fields.unclosed
    }

    /// A field as it stands in the file, without its quotation marks.
    #[inline]
    pub(super) fn field(&self, i: usize) -> &[u8] {
        self.fields.get(self.buffer, i)
    }
}
