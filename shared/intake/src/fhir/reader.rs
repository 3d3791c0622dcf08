//! Files and parts of files, piece by piece, to their resources.

use super::counts::UNREAD;
use super::frame::{Framer, HEAD_BYTES};
use super::json::Tape;
use super::sink::{At, Sink};
use super::store::{Draft, NONE};
use crate::IntakeError;
use crate::magic::{FileKind, kind_of};
use crate::report::Flaw;

/// Bytes that are looked at in one go.
const PIECE: usize = 1 << 17;

/// Reads files one after the other.
#[derive(Default)]
pub(super) struct Reader {
    pub(super) draft: Draft,
    /// Room for the values of one resource.
    pub(super) tape: Tape,
    pub(super) open: Option<Open>,
    /// Day of the document whose entries are being read.
    pub(super) document: Option<i32>,
}

/// The file that is being read.
pub(super) struct Open {
    name: String,
    pub(super) framer: Framer,
    /// The first bytes, until there are enough to tell the kind of file.
    head: Option<Vec<u8>>,
    /// It is no JSON: not read.
    skip: bool,
    n_bytes: u64,
    /// Entries of the Bundle at hand that hold no resource.
    pub(super) n_empty: u64,
    /// Only a part of it is read here: which.
    part: super::Part,
    /// Lines of the part that are over.
    n_lines: u64,
}

impl Reader {
    /// Begins a file. One that is still open is ended first.
    pub(super) fn begin_file(&mut self, name: &str, sink: &mut dyn Sink) {
        self.begin_part(name, super::Part::WHOLE, sink);
    }

    /// Begins a part of a file that holds a resource a line: it begins and ends with a line.
    pub(super) fn begin_part(&mut self, name: &str, part: super::Part, sink: &mut dyn Sink) {
        self.end_file(sink);
        self.document = None;
        if part.first {
            sink.begin_file(name);
        }
        let (framer, head) = match part {
            super::Part::WHOLE => (Framer::new(name), Some(Vec::new())),
            _ => (Framer::lines(), part.first.then(Vec::new)),
        };
        self.open =
            Some(Open { name: name.to_owned(), framer, head, skip: false, n_bytes: 0, n_empty: 0, part, n_lines: 0 });
    }

    /// Takes the next piece of the file.
    pub(super) fn push(&mut self, bytes: &[u8], sink: &mut dyn Sink) -> Result<(), IntakeError> {
        // A piece and its marks stay near the processor.
        bytes.chunks(PIECE).try_for_each(|piece| self.push_piece(piece, sink))
    }

    fn push_piece(&mut self, bytes: &[u8], sink: &mut dyn Sink) -> Result<(), IntakeError> {
        let Some(open) = &mut self.open else {
            return Err(IntakeError::Fhir("bytes came before the name of their file".to_owned()));
        };
        open.n_bytes += bytes.len() as u64;
        if open.part != super::Part::WHOLE {
            open.n_lines += memchr::memchr_iter(b'\n', bytes).count() as u64;
        }
        match &mut open.head {
            Some(head) => {
                head.extend_from_slice(bytes);
                if head.len() >= HEAD_BYTES {
                    self.begin_resources(sink);
                }
            }
            None if open.skip => {}
            None => {
                open.framer.push(bytes);
                self.read(sink);
            }
        }
        Ok(())
    }

    /// Looks what the file is, by the same first bytes however it was cut, and begins to read.
    fn begin_resources(&mut self, sink: &mut dyn Sink) {
        let Some(open) = &mut self.open else { return };
        let Some(bytes) = open.head.take() else { return };
        let head = bytes.get(..HEAD_BYTES).unwrap_or(&bytes);
        let utf16 = head.starts_with(&[0xff, 0xfe])
            || head.starts_with(&[0xfe, 0xff])
            || crate::text::looks_utf16(head).is_some();
        let kind = kind_of(head);
        let named = is_json_name(&open.name);
        let problem = if utf16 {
            Some("it is written as UTF-16: save it as UTF-8, as FHIR asks for".to_owned())
        } else if kind == FileKind::Json || (named && kind == FileKind::Text) {
            None
        } else if kind == FileKind::Xml {
            Some("it is XML: export FHIR as JSON or NDJSON".to_owned())
        } else {
            Some(format!("it is {kind}, no JSON"))
        };
        let Some(problem) = problem else {
            open.framer.push(&bytes);
            return self.read(sink);
        };
        open.skip = true;
        if bytes.is_empty() {
            return;
        }
        // Rejected where its name says that it should have been read.
        if named || utf16 {
            let reason = format!("the file cannot be read: {problem}");
            sink.reject(UNREAD, At { line: 1, entry: NONE }, Flaw { field: String::new(), reason });
        } else {
            sink.warn(format!("{} was not used: {problem}.", open.name));
        }
    }

    /// Ends the file, or the part of it.
    pub(super) fn end_file(&mut self, sink: &mut dyn Sink) {
        self.begin_resources(sink);
        if let Some(open) = &mut self.open {
            open.framer.end();
            if !open.skip {
                self.read(sink);
            }
        }
        let Some(open) = self.open.take() else { return };
        if open.part == super::Part::WHOLE && open.n_bytes == 0 {
            sink.warn(format!("{} is empty.", open.name));
        }
        if open.part.last {
            sink.end_file();
        } else {
            sink.end_part(open.n_lines);
        }
    }
}

fn is_json_name(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    [".json", ".ndjson", ".jsonl"].iter().any(|end| lower.ends_with(end))
}
