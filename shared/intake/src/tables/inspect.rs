//! A look at the files of an import: tables and notes, and what is proposed for each.

use model::import_mapping::{FileNotUsed, TableProposal, TableShape, TablesProposal, TextFound};
use model::intake::{CsvDialect, DateFormat};

use super::cell_rows::header_of;
use super::json_lines;
use super::shape::{Looked, join};
use super::texts;
use super::workbook::{Cell, Workbook};
use crate::archive::{Files, Unpacker};
use crate::magic::{FileKind, kind_of};
use crate::{IntakeError, csv};

/// Bytes of a delimited file that are looked at. Workbooks are needed whole.
pub const MAX_LOOK: usize = 1 << 20;
/// Rows of a sheet or of JSON lines that are looked at.
const MAX_ROWS: usize = 5_000;

/// Whether a name is one of a text file.
pub(super) fn is_text_name(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    [".txt", ".text", ".note"].iter().any(|end| lower.ends_with(end))
}

fn is_workbook_name(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    [".xlsx", ".xlsm"].iter().any(|end| lower.ends_with(end))
}

/// A file's first part, as the host gives it.
#[derive(Clone, Copy, Debug)]
pub struct Head<'a> {
    /// File name, with its folder where there is one.
    pub name: &'a str,
    /// Its first bytes ([`MAX_LOOK`] are enough); all of a workbook.
    pub bytes: &'a [u8],
    /// Whether these are all.
    pub complete: bool,
    /// What the user says of how it is written.
    pub dialect: &'a CsvDialect,
}

/// Looks at files, also within archives, and proposes how to read them.
///
/// # Errors
/// If no file can be used: of a single one the reason that it gives.
pub fn inspect(files: &[Head<'_>]) -> Result<TablesProposal, IntakeError> {
    let mut found = Found::default();
    for file in files {
        let n_before = found.n_seen();
        let mut inside = Inside { found: &mut found, file: *file, open: None };
        let mut unpacker = Unpacker::new(file.name);
        let is_document = is_workbook_name(file.name);
        let done = if is_document {
            inside.look(file.name, file.bytes, file.complete);
            Ok(())
        } else {
            unpacker.push(file.bytes, &mut inside).and_then(|()| unpacker.end(&mut inside))
        };
        match done {
            Err(error) => found.not_used(file.name, &error),
            // An archive in which there is no file.
            Ok(()) if file.complete && found.n_seen() == n_before => {
                let kind = kind_of(file.bytes.get(..512).unwrap_or(file.bytes));
                found.not_used(file.name, &IntakeError::OtherKind { file: file.name.to_owned(), kind });
            }
            Ok(()) => {}
        }
    }
    found.proposal()
}

#[derive(Default)]
struct Found {
    tables: Vec<(String, Option<String>, bool, Looked)>,
    texts: Vec<TextFound>,
    not_used: Vec<FileNotUsed>,
    /// Why the first file that cannot be used cannot.
    error: Option<IntakeError>,
}

/// Gathers the first bytes of files within a file.
struct Inside<'a, 'f> {
    found: &'f mut Found,
    file: Head<'a>,
    open: Option<(String, Vec<u8>, bool)>,
}

impl Inside<'_, '_> {
    fn look(&mut self, name: &str, bytes: &[u8], complete: bool) {
        if let Err(error) = self.found.look(name, bytes, complete, self.file.dialect) {
            self.found.not_used(name, &error);
        }
    }
}

impl Files for Inside<'_, '_> {
    fn begin(&mut self, name: &str) -> Result<(), IntakeError> {
        self.open = Some((name.to_owned(), Vec::new(), true));
        Ok(())
    }

    fn bytes(&mut self, bytes: &[u8]) -> Result<(), IntakeError> {
        if let Some((name, head, whole)) = &mut self.open {
            let most = if is_workbook_name(name) { super::workbook::MAX_BYTES } else { MAX_LOOK };
            let room = most.saturating_sub(head.len());
            *whole &= bytes.len() <= room;
            head.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), IntakeError> {
        if let Some((name, head, whole)) = self.open.take() {
            let complete = whole && self.file.complete;
            self.look(&name, &head, complete);
        }
        Ok(())
    }

    fn damaged(&mut self, name: &str, reason: &str) -> Result<(), IntakeError> {
        if let Some((open, head, _)) = self.open.take() {
            self.look(&open, &head, false);
        } else if self.file.complete {
            // The rest of an archive that goes on is no damage.
            let kind = kind_of(self.file.bytes.get(..512).unwrap_or(self.file.bytes));
            let file = self.file.name.to_owned();
            let error = IntakeError::Archive { file, kind, reason: reason.trim_end_matches('.').to_owned() };
            self.found.error.get_or_insert(error);
            self.found.not_used.push(FileNotUsed { file: name.to_owned(), reason: reason.to_owned() });
        }
        Ok(())
    }
}

impl Found {
    fn n_seen(&self) -> usize {
        self.tables.len() + self.texts.len() + self.not_used.len()
    }

    fn not_used(&mut self, name: &str, error: &IntakeError) {
        self.not_used.push(FileNotUsed { file: name.to_owned(), reason: error.to_string() });
        self.error.get_or_insert_with(|| error.clone());
    }

    fn look(&mut self, name: &str, bytes: &[u8], complete: bool, said: &CsvDialect) -> Result<(), IntakeError> {
        let kind = kind_of(bytes.get(..4096).unwrap_or(bytes));
        if is_workbook_name(name) && kind == FileKind::Xlsx {
            return self.workbook(name, bytes);
        }
        if json_lines::is_name(name) && kind == FileKind::Json {
            let mut records = json_lines::records(bytes, complete, MAX_ROWS);
            let proposal = csv::look_at_cells(name, &records, complete && records.len() <= MAX_ROWS)?;
            let rows = records.split_off(1.min(records.len()));
            self.tables.push((name.to_owned(), None, false, Looked::new(proposal, rows, name)));
            return Ok(());
        }
        if is_text_name(name) && said == &CsvDialect::default() && !is_table(bytes, complete) {
            return self.text(name, bytes);
        }
        let (proposal, mut records) = csv::look(name, bytes, complete, said)?;
        let rows = records.split_off(1.min(records.len()));
        self.tables.push((name.to_owned(), None, true, Looked::new(proposal, rows, name)));
        Ok(())
    }

    fn text(&mut self, name: &str, bytes: &[u8]) -> Result<(), IntakeError> {
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Err(IntakeError::Empty { file: name.to_owned() });
        }
        let kind = kind_of(bytes.get(..512).unwrap_or(bytes));
        if !matches!(kind, FileKind::Text | FileKind::Xml | FileKind::Json) {
            return Err(IntakeError::OtherKind { file: name.to_owned(), kind });
        }
        let (text, _) = texts::decode(bytes.get(..texts::MAX_BYTES).unwrap_or(bytes));
        let said = texts::said(name, &text);
        let begins: String = text.split_whitespace().take(12).collect::<Vec<_>>().join(" ").chars().take(90).collect();
        self.texts.push(TextFound { file: name.to_owned(), person: said.person, date: said.date, begins });
        Ok(())
    }

    fn workbook(&mut self, name: &str, bytes: &[u8]) -> Result<(), IntakeError> {
        let fault = |reason: String| IntakeError::Workbook { file: name.to_owned(), reason };
        let mut book = Workbook::open(bytes.to_vec()).map_err(fault)?;
        let sheets: Vec<(String, bool)> = book.sheets.iter().map(|s| (s.name.clone(), s.hidden)).collect();
        let mut any = false;
        for (sheet, hidden) in sheets {
            let mut top: Vec<(u64, Vec<Cell>)> = Vec::new();
            let mut whole = true;
            book.rows(&sheet, &mut |line, cells| {
                top.push((line, cells.to_vec()));
                whole = top.len() <= MAX_ROWS;
                whole
            })
            .map_err(fault)?;
            let table = model::import_mapping::table_name(name, Some(&sheet));
            let records = records_of(&top);
            match csv::look_at_cells(&table, &records, whole) {
                Ok(mut proposal) => {
                    any = true;
                    if hidden {
                        proposal.warnings.push(format!("The sheet '{sheet}' is hidden in the workbook."));
                    }
                    let rows = records.into_iter().skip(1).collect();
                    let looked = Looked::new(proposal, rows, &sheet);
                    self.tables.push((name.to_owned(), Some(sheet), false, looked));
                }
                Err(error) => self.not_used(&table, &error),
            }
        }
        if any { Ok(()) } else { Err(fault("no sheet has a header and rows below it".to_owned())) }
    }

    fn proposal(self) -> Result<TablesProposal, IntakeError> {
        if self.tables.is_empty() && self.texts.is_empty() {
            return Err(self.error.unwrap_or_else(|| IntakeError::Plan("no file can be used".to_owned())));
        }
        let (places, mut looked): (Vec<_>, Vec<Looked>) =
            self.tables.into_iter().map(|(file, sheet, delimited, looked)| ((file, sheet, delimited), looked)).unzip();
        join(&mut looked);
        let is_flat = looked.len() == 1 && self.texts.is_empty();
        let tables = places.into_iter().zip(looked).map(|((file, sheet, is_delimited), mut looked)| {
            let (shape, why) = looked.shape(sheet.as_deref().unwrap_or(&file));
            let repeats = shape == TableShape::Persons && looked.repeats();
            let mut proposal = looked.proposal;
            if repeats && is_flat && is_delimited {
                csv::repeated_persons(&mut proposal);
            } else if repeats {
                let words = "Somebody stands in several rows: of each person the first row is kept, the others are rejected and named. \
                             If the rows are visits or values, say so.";
                proposal.warnings.push(words.to_owned());
            }
            TableProposal { file, sheet, is_delimited, shape, why, proposal }
        });
        let mut tables: Vec<TableProposal> = tables.collect();
        settle_alone(&mut tables, self.texts.is_empty());
        let (text_date_format, text_order_unsure) = text_order(&self.texts);
        Ok(TablesProposal { tables, texts: self.texts, text_date_format, text_order_unsure, not_used: self.not_used })
    }
}

/// A table of several that names nobody cannot be joined: it is left out unless the user says who.
fn settle_alone(tables: &mut [TableProposal], no_texts: bool) {
    if tables.len() < 2 && no_texts {
        return;
    }
    for table in tables {
        let names_person =
            table.proposal.mapping.columns.iter().any(|c| c.role == model::dataset::ColumnRole::Identifier);
        let needs_none = table.shape.is_dated_by_encounter() || matches!(table.shape, TableShape::Dictionary(_));
        if !names_person && !needs_none {
            table.shape = TableShape::NotUsed;
            "no column names the person, so it cannot be joined: left out unless you say which does"
                .clone_into(&mut table.why);
        }
    }
}

/// The header and the rows below it, as text.
fn records_of(top: &[(u64, Vec<Cell>)]) -> Vec<Vec<String>> {
    let place = header_of(top);
    let width = top.get(place).map_or(0, |(_, c)| c.iter().rposition(|c| !c.is_empty()).map_or(0, |i| i + 1));
    let text = |(_, cells): &(u64, Vec<Cell>)| {
        (0..width).map(|i| cells.get(i).map_or("", Cell::text).trim().to_owned()).collect::<Vec<_>>()
    };
    top.iter().skip(place).map(text).collect()
}

/// Whether a text file is a table: its lines have as many fields as the first, and more than one.
fn is_table(bytes: &[u8], complete: bool) -> bool {
    let Ok((proposal, records)) = csv::look("", bytes, complete, &CsvDialect::default()) else { return false };
    let n = proposal.mapping.columns.len();
    let fitting = records.iter().filter(|r| r.len() == n).count();
    let is_name = |name: &str| !name.is_empty() && name.chars().count() <= 60 && !name.contains(": ");
    n > 1
        && records.len() > 1
        && fitting * 10 >= records.len() * 9
        && proposal.mapping.columns.iter().all(|c| is_name(&c.name))
}

/// The order of day and month in the dates of text files where some could be read in both: as the others say it; and whether
/// none says it.
fn text_order(texts: &[TextFound]) -> (Option<DateFormat>, bool) {
    let orders: Vec<Vec<DateFormat>> = texts.iter().filter_map(|t| t.date.as_deref()).map(texts::orders).collect();
    let only = |format: DateFormat| orders.iter().any(|o| o.as_slice() == [format]);
    let both = |o: &Vec<DateFormat>| o.contains(&DateFormat::DayMonthYear) && o.contains(&DateFormat::MonthDayYear);
    match (orders.iter().any(both), only(DateFormat::DayMonthYear), only(DateFormat::MonthDayYear)) {
        (false, ..) => (None, false),
        (true, true, false) => (Some(DateFormat::DayMonthYear), false),
        (true, false, true) => (Some(DateFormat::MonthDayYear), false),
        (true, ..) => (None, true),
    }
}
