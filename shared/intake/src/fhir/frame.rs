//! Cuts the bytes of a file into the texts of single resources, holding one of them at a time.
//!
//! Two kinds of files: **lines** (NDJSON: a resource a line; a broken line harms no other) and **documents** (a resource,
//! an array of resources, or a Bundle whose entries are handed out one by one, however long it is; documents may follow one
//! another). What a file is, its first 64 KB tell.

mod document;

use memchr::{memchr, memchr_iter};

use super::json::{Value, space};
use document::Document;
pub(super) use document::Marks;

/// Bytes that tell what a file is.
pub(super) const HEAD_BYTES: usize = 1 << 16;
/// Bytes of one resource, at most.
pub(super) const MAX_RESOURCE: usize = 64 << 20;

/// A piece of a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// The text of a resource (or of a Bundle within a line), with its marks where they are known.
    Resource(&'a [u8], Option<Marks<'a>>),
    /// The text of an entry of a Bundle, and its number from 0.
    Entry(&'a [u8], Marks<'a>, u32),
    /// A document whose entries were handed out is over; its type where it says one.
    EntriesEnd(Option<&'a str>),
    /// What is no JSON value, or the beginning of one that does not end.
    Broken(&'static str),
}

/// A piece and the line it begins on.
pub(super) type Placed<'a> = (Piece<'a>, u64);

/// Bytes that wait to be cut.
pub(super) struct Framer {
    buffer: Buffer,
    mode: Mode,
    named_lines: bool,
}

enum Mode {
    /// The head is not complete.
    Head,
    Lines {
        long: bool,
    },
    Document(Document),
}

/// The bytes that are still needed.
#[derive(Default)]
pub(super) struct Buffer {
    bytes: Vec<u8>,
    /// Bytes before it are done with.
    done: usize,
    /// The line that the byte at `counted` is on, from 1.
    line: u64,
    counted: usize,
    /// Bytes taken away in front since [`Buffer::take_dropped`]: positions in the buffer move by them.
    dropped: usize,
    last: bool,
}

impl Buffer {
    fn push(&mut self, bytes: &[u8]) {
        if self.done > 0 {
            self.line_at(self.done);
            self.bytes.drain(..self.done);
            self.counted -= self.done;
            self.dropped += self.done;
            self.done = 0;
        }
        self.bytes.extend_from_slice(bytes);
    }

    fn take_dropped(&mut self) -> usize {
        std::mem::take(&mut self.dropped)
    }

    /// The line of a byte at or behind the one that was asked for last.
    fn line_at(&mut self, at: usize) -> u64 {
        if at > self.counted {
            let between = self.bytes.get(self.counted..at).unwrap_or_default();
            self.line += memchr_iter(b'\n', between).count() as u64;
            self.counted = at;
        }
        self.line
    }
}

impl Framer {
    /// For a file whose name says whether it holds lines.
    pub(super) fn new(name: &str) -> Self {
        let named_lines = super::is_named_lines(name);
        Self { buffer: Buffer { line: 1, ..Buffer::default() }, mode: Mode::Head, named_lines }
    }

    /// For a part of a file that is known to hold lines.
    pub(super) fn lines() -> Self {
        let mode = Mode::Lines { long: false };
        Self { buffer: Buffer { line: 1, ..Buffer::default() }, mode, named_lines: true }
    }

    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.buffer.push(bytes);
    }

    /// No more bytes come.
    pub(super) fn end(&mut self) {
        self.buffer.last = true;
    }

    /// The next piece; nothing until more bytes come, or at the end.
    pub(super) fn next(&mut self) -> Option<Placed<'_>> {
        if matches!(self.mode, Mode::Head) {
            let buffer = &mut self.buffer;
            if buffer.bytes.len() < HEAD_BYTES && !buffer.last {
                return None;
            }
            let head = buffer.bytes.get(..HEAD_BYTES).unwrap_or(&buffer.bytes);
            let mark = if head.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
            let head = head.get(mark..).unwrap_or_default();
            let lines = is_lines(head, self.named_lines, buffer.bytes.len() <= HEAD_BYTES && buffer.last);
            (buffer.done, buffer.counted) = (mark, mark);
            self.mode = if lines { Mode::Lines { long: false } } else { Mode::Document(Document::new(mark)) };
        }
        match &mut self.mode {
            Mode::Head => None,
            Mode::Lines { long } => next_line(&mut self.buffer, long),
            Mode::Document(document) => document.next(&mut self.buffer),
        }
    }
}

/// Whether a file holds a value a line.
fn is_lines(head: &[u8], named: bool, complete: bool) -> bool {
    let head = head.get(space(head, 0)..).unwrap_or_default();
    let first = match memchr(b'\n', head) {
        Some(end) => head.get(..end).unwrap_or_default(),
        None if complete => head,
        None => return named,
    };
    // Written over several lines in spite of its name.
    let opens_only = matches!(first.trim_ascii(), b"{" | b"[");
    named && !opens_only || Value::is_one(first)
}

/// Whether a file begins with a line that is a resource, and goes on with another line.
pub(super) fn lines_of_resources(head: &[u8]) -> bool {
    let Some(end) = memchr(b'\n', head) else { return false };
    let first = head.get(..end).unwrap_or_default();
    first.starts_with(b"{") && memchr::memmem::find(first, b"\"resourceType\"").is_some() && Value::is_one(first)
}

fn next_line<'a>(buffer: &'a mut Buffer, long: &mut bool) -> Option<Placed<'a>> {
    loop {
        let from = buffer.done;
        let rest = buffer.bytes.get(from..).unwrap_or_default();
        // What was looked through already is not looked through again: `counted` stands behind it.
        let looked = buffer.counted.saturating_sub(from);
        let end = memchr(b'\n', rest.get(looked..).unwrap_or_default()).map(|i| looked + i);
        let Some(end) = end.or((buffer.last && !rest.is_empty()).then_some(rest.len())) else {
            if rest.len() > MAX_RESOURCE {
                *long = true;
                buffer.done = buffer.bytes.len();
            }
            buffer.counted = buffer.bytes.len();
            return None;
        };
        buffer.done = (from + end + 1).min(buffer.bytes.len());
        let line = buffer.line;
        buffer.line += 1;
        buffer.counted = buffer.done;
        if std::mem::take(long) || end > MAX_RESOURCE {
            return Some((Piece::Broken("the line is longer than 64 MB"), line));
        }
        if !buffer.bytes.get(from..from + end).unwrap_or_default().trim_ascii().is_empty() {
            let text = buffer.bytes.get(from..from + end).unwrap_or_default();
            return Some((Piece::Resource(text, None), line));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(name: &str, bytes: &[u8], size: usize) -> Vec<String> {
        let mut framer = Framer::new(name);
        let mut out = Vec::new();
        let show = |(piece, line): Placed<'_>| match piece {
            Piece::Resource(t, _) => format!("{line} R {}", String::from_utf8_lossy(t).replace('\n', "|")),
            Piece::Entry(t, _, n) => format!("{line} {n} {}", String::from_utf8_lossy(t)),
            other => format!("{line} {other:?}"),
        };
        for piece in bytes.chunks(size) {
            framer.push(piece);
            while let Some(p) = framer.next() {
                out.push(show(p));
            }
        }
        framer.end();
        while let Some(p) = framer.next() {
            out.push(show(p));
        }
        out
    }

    fn check(name: &str, text: &str, want: &[&str]) {
        for size in [1, 2, 3, 7, 1000] {
            assert_eq!(pieces(name, text.as_bytes(), size), want, "{size}");
        }
    }

    #[test]
    fn lines_are_cut_at_their_ends() {
        check(
            "a",
            "{\"a\":1}\r\n\n{\"b\":\"}\"}\n{oops\n{\"c\":2}",
            &["1 R {\"a\":1}\r", "3 R {\"b\":\"}\"}", "4 R {oops", "5 R {\"c\":2}"],
        );
        check("a.ndjson", "{oops\n{\"c\":2}\n", &["1 R {oops", "2 R {\"c\":2}"]);
    }

    #[test]
    fn entries_come_one_by_one() {
        let text = "{\n \"entry\": [ {\"a\":[{}]} ,\n{\"b\":\"]}\\\"\"} ], \"x\":{\"entry\":[1]},\n\"resourceType\":\"Bundle\"}\n";
        check("a", text, &["2 0 {\"a\":[{}]}", "3 1 {\"b\":\"]}\\\"\"}", "4 EntriesEnd(Some(\"Bundle\"))"]);
        check(
            "a",
            "{\n\"resourceType\":\"List\",\"entry\":[{}]\n}",
            &["1 R {|\"resourceType\":\"List\",\"entry\":[{}]|}"],
        );
    }

    #[test]
    fn arrays_and_documents_in_a_row() {
        check("a", "[\n{\"a\":1}, {\"b\":2}, 3\n]", &["2 R {\"a\":1}", "2 R {\"b\":2}", "2 R 3"]);
        check("a", "{\n\"a\":1}{\n\"b\":2\n}\n", &["1 R {|\"a\":1}", "2 R {|\"b\":2|}"]);
    }

    #[test]
    fn what_does_not_end_is_said() {
        let said = "the file ends within this resource: it seems to be cut";
        check(
            "a",
            "{\n\"entry\":[{\"a\":1},{\"b\":",
            &["2 0 {\"a\":1}", &format!("2 Broken({said:?})"), "2 EntriesEnd(None)"],
        );
        check("a", "{\n\"a\":1", &[&format!("1 Broken({said:?})")]);
        check("a", "{\n\"entry\":[{\"a\":1}", &["2 0 {\"a\":1}", &format!("2 Broken({said:?})"), "2 EntriesEnd(None)"]);
        check("a", "oops\nhm\n{\n\"a\":1}", &["1 Broken(\"not JSON\")", "2 Broken(\"not JSON\")", "3 R {|\"a\":1}"]);
    }
}
