//! Rows of a delimited file that is no table of persons.

use model::import_mapping::TablePlan;

use super::store::Store;
use super::take::Taker;
use crate::IntakeError;
use crate::csv::dialect;
use crate::magic::{FileKind, kind_of};
use crate::report::Reporter;
use crate::scanner::{Fields, MAX_RECORD, Scanner};
use crate::text::ToUtf8;

/// Bytes that tell the kind of a file.
const HEAD_BYTES: usize = 512;

/// Finds the rows of a file that comes in pieces.
pub(super) struct Rows {
    file: String,
    encoding: String,
    to_utf8: ToUtf8,
    scanner: Scanner,
    fields: Fields,
    carry: Vec<u8>,
    next_look: usize,
    header_seen: bool,
    head: Option<Vec<u8>>,
}

impl Rows {
    pub(super) fn new(plan: &TablePlan) -> Result<Self, IntakeError> {
        let delimiter = dialect::delimiter_byte(plan.mapping.delimiter)?;
        Ok(Self {
            file: plan.name(),
            encoding: plan.mapping.encoding.clone(),
            to_utf8: dialect::to_utf8(&plan.mapping.encoding)?,
            scanner: Scanner::new(delimiter, dialect::quote_byte(plan.mapping.quote)),
            fields: Fields::default(),
            carry: Vec::new(),
            next_look: 0,
            header_seen: false,
            head: Some(Vec::new()),
        })
    }

    pub(super) fn push(
        &mut self,
        bytes: &[u8],
        taker: &mut Taker,
        store: &mut Store,
        reporter: &mut Reporter,
    ) -> Result<(), IntakeError> {
        let Some(head) = &mut self.head else {
            self.to_utf8.push(bytes, false, &mut self.carry);
            return self.read(false, taker, store, reporter);
        };
        head.extend_from_slice(bytes);
        if head.len() < HEAD_BYTES { Ok(()) } else { self.begin(taker, store, reporter) }
    }

    /// Looks what kind of file it is, by the same first bytes however the file was cut, and begins to read.
    fn begin(&mut self, taker: &mut Taker, store: &mut Store, reporter: &mut Reporter) -> Result<(), IntakeError> {
        let Some(head) = self.head.take() else { return Ok(()) };
        let kind = kind_of(head.get(..HEAD_BYTES).unwrap_or(&head));
        if !matches!(kind, FileKind::Text | FileKind::Binary) {
            return Err(IntakeError::OtherKind { file: self.file.clone(), kind });
        }
        self.to_utf8.push(&head, false, &mut self.carry);
        self.read(false, taker, store, reporter)
    }

    pub(super) fn end(
        &mut self,
        taker: &mut Taker,
        store: &mut Store,
        reporter: &mut Reporter,
    ) -> Result<(), IntakeError> {
        self.begin(taker, store, reporter)?;
        self.to_utf8.push(&[], true, &mut self.carry);
        self.next_look = 0;
        self.read(true, taker, store, reporter)?;
        if !self.header_seen {
            return Err(taker.no_header());
        }
        if self.to_utf8.replaced {
            let (file, encoding) = (&self.file, &self.encoding);
            reporter
                .warn(format!("{file}: some letters are not {encoding} and were replaced by �: check the encoding."));
        }
        Ok(())
    }

    fn read(
        &mut self,
        last: bool,
        taker: &mut Taker,
        store: &mut Store,
        reporter: &mut Reporter,
    ) -> Result<(), IntakeError> {
        if self.carry.len() < self.next_look && !last {
            return Ok(());
        }
        let buffer = std::mem::take(&mut self.carry);
        let mut fields = std::mem::take(&mut self.fields);
        let mut from = 0;
        let mut failed = None;
        while let Some(next) = self.scanner.next(&buffer, &mut from, last, &mut fields) {
            from = next;
            if self.header_seen {
                taker.row(&buffer, &fields, store, reporter);
            } else if !taker.is_above(&buffer, &fields) {
                self.header_seen = true;
                if let Err(error) = taker.header(&buffer, &fields, store, reporter) {
                    failed = Some(error);
                    break;
                }
            }
        }
        self.fields = fields;
        self.carry = buffer;
        self.carry.drain(..from);
        if let Some(error) = failed {
            return Err(error);
        }
        let left = self.carry.len();
        if left > MAX_RECORD {
            return Err(IntakeError::RowTooLong { file: self.file.clone(), line: self.fields.line });
        }
        self.next_look = if left > 1 << 17 { left + left / 2 } else { 0 };
        Ok(())
    }
}
