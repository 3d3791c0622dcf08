//! The import of a flat file.

use columnar::build::{CategoryBuilder, DayBuilder, NumberBuilder, TextBuilder};
use model::dataset::ColumnRole;
use model::intake::{ColumnPlan, CsvMapping, FileCount};

use super::ages::Ages;
use super::dialect;
use super::finish;
use super::known::{Naming, RowPerson};
use super::names;
#[cfg(feature = "tables")]
use super::own_names::OwnNames;
use super::sink::{Context, EventCodes, Missing, Sink, Taken};
use crate::date::Written;
use crate::free_text::FreeText;
use crate::key::Keyer;
use crate::magic::{FileKind, kind_of};
use crate::report::{Fate, Flaw, Reporter, count};
use crate::scanner::{Fields, MAX_RECORD, Scanner};
use crate::text::ToUtf8;
use crate::{Imported, IntakeError, Settings};

/// Bytes that tell the kind of a file.
const HEAD_BYTES: usize = 512;
/// Rows after which it is reckoned how many are to come.
const FIRST_ROOM: u64 = 5000;
/// Rows a dataset can hold: rows are numbered in 32 bits.
const MAX_ROWS: u64 = u32::MAX as u64 - 1;

/// Reads a flat file in pieces of any size; the result does not depend on how it was cut.
pub struct CsvImport {
    pub(super) file: String,
    pub(super) mapping: CsvMapping,
    pub(super) settings: Settings,
    pub(super) context: Context,
    pub(super) sinks: Vec<Sink>,
    pub(super) reporter: Reporter,
    pub(super) count: FileCount,
    to_utf8: ToUtf8,
    scanner: Scanner,
    fields: Fields,
    /// Text that is not yet a whole record.
    carry: Vec<u8>,
    /// Carried bytes below which another look is not worth it: a long record is then looked at a few times only.
    next_look: usize,
    pub(super) header_seen: bool,
    /// Rows before the one with the names of the columns.
    pub(super) above: Vec<Vec<String>>,
    /// The first bytes, until there are enough to tell the kind of file.
    pub(super) head: Option<Vec<u8>>,
    bytes_taken: u64,
    progress: Progress,
    /// After how many rows room is made.
    next_room: u64,
    /// Flaws of the row at hand: listed only if the row is kept.
    flaws: Vec<Flaw>,
    pub(super) naming: Naming,
    #[cfg(feature = "tables")]
    pub(super) own_names: OwnNames,
    /// Why the last rejected row was, for the message when nothing is left.
    pub(super) last_row_reason: String,
}

/// How far the text is read.
#[derive(Default)]
struct Progress {
    /// Bytes of text before those that are held.
    n_before: u64,
    /// Bytes of text that are held.
    n_held: usize,
    /// Where among these the row at hand begins.
    at: usize,
}

impl Progress {
    /// Of the bytes of the file that were taken, those that are read: they are as many as letters, or twice as many.
    fn of(&self, taken: u64) -> u64 {
        let (read, all) =
            (u128::from(self.n_before) + self.at as u128, u128::from(self.n_before) + self.n_held as u128);
        u64::try_from(u128::from(taken) * read / all.max(1)).unwrap_or(taken)
    }
}

impl std::fmt::Debug for CsvImport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CsvImport").field("file", &self.file).field("count", &self.count).finish_non_exhaustive()
    }
}

impl CsvImport {
    /// Begins an import by a mapping, as [`super::inspect`] proposed it and the user corrected it.
    ///
    /// # Errors
    /// If the mapping cannot be followed.
    #[cfg_attr(not(feature = "tables"), expect(unused_mut, reason = "nothing is added to a dataset here"))]
    pub fn new(mut mapping: CsvMapping, settings: Settings, file_name: impl Into<String>) -> Result<Self, IntakeError> {
        let file = file_name.into();
        let mut reporter = Reporter::new("csv");
        #[cfg(feature = "tables")]
        for told in super::again::as_then(&mut mapping, &settings.variables) {
            reporter.warn(told);
        }
        let delimiter = dialect::delimiter_byte(mapping.delimiter)?;
        let decimal = dialect::decimal_byte(mapping.decimal, delimiter)?;
        let to_utf8 = dialect::to_utf8(&mapping.encoding)?;
        let sinks = sinks(&mapping, &settings, &file)?;
        let free = FreeText::new(&settings);
        Ok(Self {
            context: Context {
                decimal,
                missing: Missing::new(&mapping.missing, decimal),
                keyer: Keyer::new(&settings.secret),
                free,
                person: RowPerson::default(),
            },
            naming: Naming::new(&mapping, settings.safe_harbor),
            #[cfg(feature = "tables")]
            own_names: OwnNames::new(&mapping, settings.safe_harbor),
            scanner: Scanner::new(delimiter, dialect::quote_byte(mapping.quote)),
            count: FileCount { file: file.clone(), table: "variable".to_owned(), ..FileCount::default() },
            reporter,
            fields: Fields::default(),
            carry: Vec::new(),
            next_look: 0,
            header_seen: false,
            above: Vec::new(),
            head: Some(Vec::new()),
            bytes_taken: 0,
            progress: Progress::default(),
            next_room: if settings.expected_bytes > 0 { FIRST_ROOM } else { u64::MAX },
            flaws: Vec::new(),
            last_row_reason: String::new(),
            file,
            mapping,
            settings,
            sinks,
            to_utf8,
        })
    }

    /// Takes the next piece of the file.
    ///
    /// # Errors
    /// If the file is of another kind, its header is not the one of the mapping, or a row does not end.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), IntakeError> {
        self.bytes_taken += bytes.len() as u64;
        let Some(head) = &mut self.head else {
            self.to_utf8.push(bytes, false, &mut self.carry);
            return self.read(false);
        };
        head.extend_from_slice(bytes);
        if head.len() < HEAD_BYTES { Ok(()) } else { self.begin() }
    }

    /// Looks what kind of file it is, by the same first bytes however the file was cut, and begins to read.
    fn begin(&mut self) -> Result<(), IntakeError> {
        let Some(head) = self.head.take() else { return Ok(()) };
        let kind = kind_of(head.get(..HEAD_BYTES).unwrap_or(&head));
        if !matches!(kind, FileKind::Text | FileKind::Binary) {
            return Err(IntakeError::OtherKind { file: self.file.clone(), kind });
        }
        self.to_utf8.push(&head, false, &mut self.carry);
        self.read(false)
    }

    /// Rows read so far, for progress.
    #[must_use]
    pub fn rows_read(&self) -> u64 {
        self.count.rows_read
    }

    /// Ends the import.
    ///
    /// # Errors
    /// If there is no row to keep, or the mapping is for another file.
    pub fn finish(mut self) -> Result<Imported, IntakeError> {
        self.end()?;
        finish::finish(self)
    }

    /// Reads what is left and looks whether there is anything.
    pub(super) fn end(&mut self) -> Result<(), IntakeError> {
        self.begin()?;
        self.to_utf8.push(&[], true, &mut self.carry);
        self.next_look = 0;
        self.read(true)?;
        if !self.header_seen {
            // Of the rows that came, the first should have been the names of the columns.
            let Some(first) = self.above.first().cloned() else {
                return Err(IntakeError::Empty { file: self.file.clone() });
            };
            self.above.clear();
            super::inspect::check_header(&self.file, &first, self.mapping.delimiter)?;
            let column = self.mapping.missing_column(&first).unwrap_or_default();
            let detail = format!("it names the column '{column}', which the file does not have");
            return Err(IntakeError::Mapping { file: self.file.clone(), detail });
        }
        if self.count.rows_read == 0 {
            return Err(IntakeError::HeaderOnly { file: self.file.clone() });
        }
        if self.to_utf8.replaced {
            let encoding = &self.mapping.encoding;
            self.reporter.warn(format!("Some letters are not {encoding} and were replaced by �: check the encoding."));
        }
        if self.count.rows_kept == 0 {
            let reason = self.last_row_reason.clone();
            return Err(IntakeError::NothingKept { file: self.file.clone(), reason });
        }
        Ok(())
    }

    fn read(&mut self, last: bool) -> Result<(), IntakeError> {
        if self.carry.len() < self.next_look && !last {
            return Ok(());
        }
        let buffer = std::mem::take(&mut self.carry);
        let mut fields = std::mem::take(&mut self.fields);
        let mut from = 0;
        self.progress.n_held = buffer.len();
        while let Some(next) = self.scanner.next(&buffer, &mut from, last, &mut fields) {
            self.progress.at = from;
            if self.header_seen {
                self.row(&buffer, &fields)?;
            } else {
                self.header(&buffer, &fields)?;
            }
            from = next;
        }
        self.fields = fields;
        self.carry = buffer;
        self.carry.drain(..from);
        self.progress.n_before += from as u64;
        let left = self.carry.len();
        if left > MAX_RECORD {
            return Err(IntakeError::RowTooLong { file: self.file.clone(), line: self.fields.line });
        }
        self.next_look = if left > 1 << 17 { left + left / 2 } else { 0 };
        Ok(())
    }

    pub(super) fn header(&mut self, buffer: &[u8], fields: &Fields) -> Result<(), IntakeError> {
        self.header_seen = true;
        let found: Vec<String> = (0..fields.len()).map(|i| header_name(fields.get(buffer, i))).collect();
        if found.len() == self.mapping.columns.len() && found.iter().eq(self.mapping.columns.iter().map(|c| &c.name)) {
            #[cfg(feature = "tables")]
            self.say_above();
            return super::inspect::check_header(&self.file, &found, self.mapping.delimiter);
        }
        self.by_name(&found)
    }

    /// A published sample has the header of its plan.
    #[cfg(not(feature = "tables"))]
    fn by_name(&mut self, _found: &[String]) -> Result<(), IntakeError> {
        let detail = "its header is not the one of the plan".to_owned();
        Err(IntakeError::Mapping { file: self.file.clone(), detail })
    }

    #[inline]
    pub(super) fn row(&mut self, buffer: &[u8], fields: &Fields) -> Result<(), IntakeError> {
        let row = self.count.rows_kept;
        if self.count.rows_read == self.next_room {
            self.make_room();
        }
        if fields.len() != self.sinks.len() || fields.unclosed {
            self.reject(fields, None, ragged(fields, self.sinks.len()));
            return Ok(());
        }
        #[cfg(feature = "tables")]
        if self.count.rows_read == 0 && self.is_units_row(buffer, fields) {
            return Ok(());
        }
        #[cfg(feature = "tables")]
        if self.is_remark(buffer, fields) {
            self.reject(fields, None, "a remark beside the table, and no row of it".to_owned());
            return Ok(());
        }
        if row >= MAX_ROWS {
            let detail = "more than four thousand million rows".to_owned();
            return Err(IntakeError::TooLarge { file: self.file.clone(), detail });
        }
        let Context { keyer, missing, .. } = &mut self.context;
        if let Some(person) = self.naming.read(buffer, fields, row, keyer, missing) {
            self.context.person = person;
        }
        for (i, sink) in self.sinks.iter_mut().enumerate() {
            let field = fields.get(buffer, i);
            if sink.take_plain(field, &self.context) {
                continue;
            }
            match sink.take(field, row, &mut self.context) {
                Taken::Well => {}
                Taken::Value(reason) => self.flaws.push(Flaw { field: name_of(&self.mapping, i), reason }),
                Taken::Row(reason) => {
                    self.reject(fields, Some(i), reason);
                    return Ok(());
                }
                Taken::Full => {
                    let detail = format!("the text of '{}' is longer than 2 GB", name_of(&self.mapping, i));
                    return Err(IntakeError::TooLarge { file: self.file.clone(), detail });
                }
            }
        }
        #[cfg(feature = "tables")]
        self.own_names.row(buffer, fields, &self.context.missing);
        count(&mut self.count, Fate::Kept);
        if !self.flaws.is_empty() {
            for flaw in self.flaws.drain(..) {
                self.reporter.value(&self.file, fields.line, flaw);
            }
        }
        Ok(())
    }

    #[cold]
    fn reject(&mut self, fields: &Fields, column: Option<usize>, reason: String) {
        let rows = usize::try_from(self.count.rows_kept).unwrap_or(usize::MAX);
        for sink in &mut self.sinks {
            sink.truncate(rows);
        }
        self.flaws.clear();
        count(&mut self.count, Fate::Rejected);
        self.last_row_reason.clone_from(&reason);
        let field = column.map_or_else(String::new, |i| name_of(&self.mapping, i));
        self.reporter.row(&self.file, fields.line, Flaw { field, reason });
        if fields.unclosed {
            self.reporter.warn(format!(
                "{} ends within quotation marks opened at line {}: the file seems to be cut. Export or copy it again.",
                self.file, fields.line
            ));
        }
    }

    /// Makes room for the rows to come, from the length of those that came, and says when to look again. A column that grows by
    /// itself is copied into one twice as long: at the end of a long file, when there is least memory.
    fn make_room(&mut self) {
        let read = self.count.rows_read;
        let taken = self.progress.of(self.bytes_taken);
        let per_row = (taken / read.max(1)).max(2);
        let left = self.settings.expected_bytes.saturating_sub(taken) / per_row;
        // One in a hundred more than reckoned; where the file is longer than was said, an eighth of what came.
        let rows = (left + left / 100 + 64).max(if left == 0 { read / 8 } else { 0 });
        // Believed up to what would take 4 GB for a column at the worst.
        let rows = rows.min(1 << 25);
        self.next_room = read + rows;
        for sink in &mut self.sinks {
            sink.reserve(usize::try_from(rows).unwrap_or(0));
        }
    }
}

fn name_of(mapping: &CsvMapping, i: usize) -> String {
    mapping.columns.get(i).map_or_else(String::new, |c| c.name.clone())
}

fn ragged(fields: &Fields, want: usize) -> String {
    if fields.unclosed {
        return "a quotation mark is opened and the file ends before it is closed".to_owned();
    }
    let got = fields.len();
    let fields_word = if got == 1 { "field" } else { "fields" };
    let lines = if fields.n_lines > 1 {
        format!(" (it covers {} lines: is a quotation mark left open?)", fields.n_lines)
    } else {
        String::new()
    };
    format!("the row has {got} {fields_word} where the header has {want}{lines}")
}

/// A column's name as it stands in the header.
pub(super) fn header_name(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim().to_owned()
}

fn sinks(mapping: &CsvMapping, settings: &Settings, file: &str) -> Result<Vec<Sink>, IntakeError> {
    let mut person_found = false;
    let mut out = Vec::with_capacity(mapping.columns.len());
    for plan in &mapping.columns {
        let sink = match plan.role {
            ColumnRole::Identifier if !person_found => {
                person_found = true;
                Sink::Person { keys: Vec::new(), shifts: Vec::new(), seen: 0, unnamed: 0, once: None }
            }
            _ => value_sink(plan, settings, file),
        };
        out.push(sink);
    }
    if out.iter().all(|s| matches!(s, Sink::Skip { .. } | Sink::Person { .. })) {
        return Err(IntakeError::Plan("it leaves no column in: give at least one column a role".to_owned()));
    }
    Ok(out)
}

fn value_sink(plan: &ColumnPlan, settings: &Settings, file: &str) -> Sink {
    let safe_harbor = settings.safe_harbor;
    // A direct identifier is reduced where something harmless remains, and not stored where nothing does.
    let class = plan.identifier_class.as_deref().filter(|_| safe_harbor);
    match (plan.role, class) {
        (ColumnRole::Drop | ColumnRole::Identifier, _) => Sink::Skip { seen: 0 },
        (ColumnRole::Date | ColumnRole::Death, None | Some("birth_date" | "date")) => {
            Sink::Day { column: DayBuilder::new(), written: Written::of(plan, settings.this_year) }
        }
        (ColumnRole::Category | ColumnRole::Number | ColumnRole::Text, Some("zip")) => {
            Sink::Category { column: CategoryBuilder::new() }
        }
        (_, Some(_)) => Sink::Skip { seen: 0 },
        (ColumnRole::Duration, None) => Sink::Duration { column: NumberBuilder::new() },
        (ColumnRole::Event, None) => Sink::Event {
            column: NumberBuilder::new(),
            codes: EventCodes::new(&plan.event_observed, &plan.event_censored),
        },
        // As levels, the years of people above 89 would stay.
        (ColumnRole::Category, None) if safe_harbor && names::is_birth_year(&plan.name) => {
            Sink::Number { column: NumberBuilder::new(), ages: None }
        }
        (ColumnRole::Category, None) => Sink::Category { column: CategoryBuilder::new() },
        (ColumnRole::Number, None) => {
            let ages = Ages::of(&plan.name, &plan.label, plan.unit.as_deref()).filter(|_| safe_harbor);
            Sink::Number { column: NumberBuilder::new(), ages: ages.map(|ages| (ages, 0)) }
        }
        (ColumnRole::Text, None) => Sink::Text { column: TextBuilder::new(), place: format!("{file}: {}", plan.name) },
    }
}

#[cfg(test)]
mod tests;
