//! A folder of OMOP CDM tables (5.3 and 5.4) as delimited files, into a full record.
//!
//! Start with [`OmopImport`]. Files may come in any order; [`import_order`] gives the one that needs least memory.

mod assemble;
mod layout;
mod reader;
mod record;
mod vocabulary;

use model::intake::FileCount;

use crate::magic::{FileKind, kind_of};
use crate::report::{Fate, Reporter, count, counted};
use crate::{Imported, IntakeError, Settings, Tick};
use layout::{Layout, Table};
use reader::Rows;
use record::Records;
use vocabulary::Vocabulary;

/// Bytes that tell the kind of a file.
const HEAD_BYTES: usize = 512;

/// The OMOP table that a file name stands for (any case, any folder, `.csv`, `.tsv`, `.txt`, numbered parts); nothing for
/// files that are not used.
#[must_use]
pub fn table_of(file_name: &str) -> Option<&'static str> {
    Table::of_file(file_name).map(Table::name)
}

/// The positions of `names` in the order that needs least memory: records first, then `concept_ancestor`, then `concept`.
/// Call [`OmopImport::records_complete`] before the first of the latter.
#[must_use]
pub fn import_order(names: &[&str]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..names.len()).collect();
    let rank = |i: &usize| {
        let name = names.get(*i).copied().unwrap_or_default();
        (Table::of_file(name).map_or(0, |t| t as u8), name)
    };
    order.sort_by(|a, b| rank(a).cmp(&rank(b)));
    order
}

/// Reads a folder of OMOP tables, file by file in any order, each in pieces of any size.
pub struct OmopImport {
    settings: Settings,
    reporter: Reporter,
    records: Records,
    vocabulary: Vocabulary,
    files: Vec<FileCount>,
    open: Option<Open>,
    n_rows: u64,
}

/// The file that is being read.
struct Open {
    table: Option<Table>,
    layout: Option<Layout>,
    rows: Rows,
    n_bytes: u64,
    /// The first bytes, until there are enough to tell the kind of file.
    head: Option<Vec<u8>>,
    /// No text and no table that is used: its rows are not counted.
    skip: bool,
    /// Rows with more fields than the header, the additional ones empty.
    n_padded: u64,
}

impl std::fmt::Debug for OmopImport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OmopImport")
            .field("settings", &self.settings)
            .field("files", &self.files)
            .finish_non_exhaustive()
    }
}

impl OmopImport {
    /// Begins an import.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            reporter: Reporter::new("omop"),
            records: Records::default(),
            vocabulary: Vocabulary::default(),
            files: Vec::new(),
            open: None,
            n_rows: 0,
        }
    }

    /// Says that no more tables of records (all but `concept` and `concept_ancestor`) come: the vocabulary then keeps only
    /// what the records use, while it is read.
    pub fn records_complete(&mut self) {
        self.vocabulary.only(self.records.used_concepts());
    }

    /// Begins a file. One that is still open is ended first.
    ///
    /// # Errors
    /// As [`OmopImport::end_file`].
    pub fn begin_file(&mut self, name: &str) -> Result<(), IntakeError> {
        if self.open.is_some() {
            self.end_file()?;
        }
        let table = Table::of_file(name);
        let what = table.map_or("not used", Table::name);
        self.files.push(FileCount { file: name.to_owned(), table: what.to_owned(), ..FileCount::default() });
        self.open = Some(Open {
            table,
            layout: None,
            rows: Rows::default(),
            n_bytes: 0,
            head: Some(Vec::new()),
            skip: false,
            n_padded: 0,
        });
        Ok(())
    }

    /// Takes the next piece of the file.
    ///
    /// # Errors
    /// If no file was begun, it is no delimited text, or a row does not end.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), IntakeError> {
        let Some(open) = &mut self.open else {
            return Err(IntakeError::Omop("bytes came before the name of their file".to_owned()));
        };
        open.n_bytes += bytes.len() as u64;
        let Some(head) = &mut open.head else {
            open.rows.add(bytes);
            return self.read(false);
        };
        head.extend_from_slice(bytes);
        if head.len() < HEAD_BYTES { Ok(()) } else { self.begin_rows() }
    }

    /// Looks what kind of file it is, by the same first bytes however the file was cut, and begins to read.
    fn begin_rows(&mut self) -> Result<(), IntakeError> {
        let Some(open) = &mut self.open else { return Ok(()) };
        let Some(bytes) = open.head.take() else { return Ok(()) };
        let head = bytes.get(..HEAD_BYTES).unwrap_or(&bytes);
        let file = self.files.last().map_or("", |f| f.file.as_str());
        let kind = kind_of(head);
        if kind != FileKind::Text {
            if open.table.is_some() {
                return Err(IntakeError::OtherKind { file: file.to_owned(), kind });
            }
            self.reporter.warn(format!("{file} is {kind} and was not used."));
            open.skip = true;
        }
        let marked = head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]);
        if open.table.is_some() && (marked || crate::text::looks_utf16(head).is_some()) {
            return Err(IntakeError::Omop(format!("{file} is written as UTF-16: save it as UTF-8.")));
        }
        open.rows.add(&bytes);
        self.read(false)
    }

    /// Ends the file.
    ///
    /// # Errors
    /// If a row does not end.
    pub fn end_file(&mut self) -> Result<(), IntakeError> {
        self.begin_rows()?;
        self.read(true)?;
        let file = self.files.last().map_or("", |f| f.file.as_str());
        if let Some(open) = self.open.take() {
            if open.n_bytes == 0 {
                self.reporter.warn(format!("{file} is empty."));
            }
            if open.n_padded > 0 {
                let rows = counted(open.n_padded, "row", "rows");
                self.reporter
                    .warn(format!("{file}: {rows} with empty fields behind the last column; these were left out."));
            }
        }
        Ok(())
    }

    /// Rows read so far, for progress.
    #[must_use]
    pub fn rows_read(&self) -> u64 {
        self.n_rows
    }

    /// Ends the import.
    ///
    /// # Errors
    /// If there is no person table, no person in it, or more than a dataset can hold.
    pub fn finish(self) -> Result<Imported, IntakeError> {
        self.finish_with(&mut |_, _| true)
    }

    /// Ends the import, saying how far it is.
    ///
    /// # Errors
    /// As [`OmopImport::finish`]; [`IntakeError::Stopped`] if `tick` said so.
    pub fn finish_with(mut self, tick: &mut Tick<'_>) -> Result<Imported, IntakeError> {
        if self.open.is_some() {
            self.end_file()?;
        }
        if !self.files.iter().any(|f| f.table == Table::Person.name()) {
            return Err(IntakeError::Omop(
                "There is no person table among the files (person.csv): give all tables of the folder together."
                    .to_owned(),
            ));
        }
        if self.records.n_persons_listed() == 0 {
            return Err(IntakeError::Omop("The person table holds no person that could be read.".to_owned()));
        }
        assemble::assemble(self.settings, self.reporter, self.records, self.vocabulary, self.files, tick)
    }

    fn read(&mut self, last: bool) -> Result<(), IntakeError> {
        let Some(mut open) = self.open.take() else { return Ok(()) };
        if open.skip {
            open.rows = Rows::default();
            self.open = Some(open);
            return Ok(());
        }
        let result = self.read_open(&mut open, last);
        self.open = Some(open);
        result
    }

    fn read_open(&mut self, open: &mut Open, last: bool) -> Result<(), IntakeError> {
        let index = self.files.len().saturating_sub(1);
        let Some(file_count) = self.files.last_mut() else { return Ok(()) };
        let file = file_count.file.clone();
        loop {
            let Some(fields) = open.rows.next(last, &file)? else { return Ok(()) };
            if fields.is_header() {
                open.layout = open.table.and_then(|table| match Layout::new(table, &fields) {
                    Ok(layout) => Some(layout),
                    Err(missing) => {
                        self.reporter.warn(format!("{file} has no column {missing}: its rows were not used."));
                        None
                    }
                });
                continue;
            }
            self.n_rows += 1;
            let Some(layout) = &open.layout else {
                count(file_count, Fate::NotUsed);
                continue;
            };
            let padded = fields.n() > layout.n_fields && (layout.n_fields..fields.n()).all(|i| fields.is_empty(i));
            open.n_padded += u64::from(padded);
            let fate = if fields.unclosed() {
                let reason = "a quotation mark is opened and the file ends before it is closed".to_owned();
                self.reporter.warn(format!("{file} ends within quotation marks: it seems to be cut. Copy it again."));
                Err(record::row_flaw("", reason))
            } else if fields.n() != layout.n_fields && !padded {
                let (got, want) = (fields.n(), layout.n_fields);
                Err(record::row_flaw("", format!("the row has {got} fields where the header has {want}")))
            } else {
                let place = record::Place { file: index, line: fields.line() };
                match layout.table {
                    Table::Concept => Ok(self.vocabulary.concept(layout, &fields)),
                    Table::ConceptAncestor => Ok(self.vocabulary.ancestor(layout, &fields)),
                    _ => self.records.take(layout, &fields, place, &file, &mut self.reporter),
                }
            };
            match fate {
                Ok(fate) => count(file_count, fate),
                Err(flaw) => {
                    count(file_count, Fate::Rejected);
                    self.reporter.row(&file, fields.line(), flaw);
                }
            }
        }
    }
}
