//! A folder of OMOP CDM tables (5.3 and 5.4) as delimited or Parquet files, into a full record.
//!
//! Start with [`OmopImport`]. Files may come in any order; [`import_order`] gives the one that needs least memory.
//!
//! **What becomes of the tables.** `person`, `observation_period`, `visit_occurrence`, `condition_occurrence`, `drug_exposure`,
//! `procedure_occurrence`, `measurement`, `observation`, `device_exposure`, `specimen`, `death` and `note` are persons, periods,
//! events and notes. `visit_detail` and the three eras say again, in parts or in sums, what events say: they are kept in the
//! table `span`, apart from the events, so that nothing counts twice. `concept`, `concept_ancestor` and `concept_relationship` are
//! kept as far as the records use them. All other tables are counted as not used.

mod assemble;
mod ids;
mod layout;
mod pairs;
#[cfg(feature = "parquet")]
mod parquet_file;
mod reader;
mod record;
mod row;
mod unnamed;
mod vocabulary;

use std::collections::BTreeMap;

use model::intake::FileCount;

use crate::event::Place;
use crate::magic::{FileKind, kind_of};
use crate::report::{Fate, Flaw, Reporter, count, counted};
use crate::{Imported, IntakeError, Settings, Tick};
use layout::{Layout, Table};
use reader::Rows;
use record::Records;
use row::Row;
pub(crate) use unnamed::has_no_header;
use vocabulary::Vocabulary;

/// Bytes that tell the kind of a file.
const HEAD_BYTES: usize = 512;

/// The OMOP table that a file name stands for (any case, any folder, `.csv`, `.tsv`, `.txt`, `.parquet`, numbered parts, parts
/// in a folder of the table's name); nothing for files that are not used.
#[must_use]
pub fn table_of(file_name: &str) -> Option<&'static str> {
    Table::of_file(file_name).map(Table::name)
}

/// The positions of `names` in the order that needs least memory: records first, then `concept_relationship`,
/// `concept_ancestor` and `concept`. Files of records stay in the order given: of two rows under one key the later counts.
/// With the names in [`DatasetSource::files`](model::dataset::DatasetSource), the import sees for itself when the records
/// are complete; else call [`OmopImport::records_complete`].
#[must_use]
pub fn import_order(names: &[&str]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..names.len()).collect();
    let rank = |i: &usize| {
        let name = names.get(*i).copied().unwrap_or_default();
        Table::of_file(unpacked(name)).filter(|t| t.is_vocabulary()).map_or(0, |t| t as u8)
    };
    crate::order::sort_by_key(&mut order, rank);
    order
}

/// The name of the file inside of a `.gz`.
fn unpacked(name: &str) -> &str {
    let cut = name.len().saturating_sub(3);
    match name.get(cut..) {
        Some(end) if end.eq_ignore_ascii_case(".gz") => name.get(..cut).unwrap_or(name),
        _ => name,
    }
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
    /// Files that are still to come, and how many of each name, as far as the host named them; empty where it did not.
    to_come: BTreeMap<String, usize>,
    /// The last bytes of the next file.
    tail: Option<Vec<u8>>,
    settled: Option<Box<assemble::Settled>>,
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
    /// The last bytes of the file, where the host gave them first.
    #[cfg_attr(not(feature = "parquet"), expect(dead_code, reason = "only Parquet is described at its end"))]
    tail: Option<Vec<u8>>,
    #[cfg(feature = "parquet")]
    parquet: Option<crate::parquet::Stream>,
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
        let mut to_come = BTreeMap::new();
        for name in &settings.source.files {
            *to_come.entry(unpacked(name).to_owned()).or_default() += 1;
        }
        Self {
            settings,
            to_come,
            tail: None,
            settled: None,
            reporter: Reporter::new("omop"),
            records: Records::default(),
            vocabulary: Vocabulary::default(),
            files: Vec::new(),
            open: None,
            n_rows: 0,
        }
    }

    /// Says that no more tables of records (all but the three of concepts) come: the vocabulary then keeps only what the
    /// records use, while it is read. The three have to come in the order of [`import_order`] then.
    pub fn records_complete(&mut self) {
        self.vocabulary.only(self.records.named_concepts());
    }

    /// Gives the last bytes of the file that begins next, as many as [`crate::footer_bytes`] asks for: a Parquet file is
    /// described there. Files of other kinds need none.
    pub fn expect_tail(&mut self, tail: Vec<u8>) {
        self.tail = Some(tail).filter(|tail| !tail.is_empty());
    }

    /// Takes a file from those that are still to come; says whether it was named.
    fn no_longer_to_come(&mut self, name: &str) -> bool {
        let Some(n) = self.to_come.get_mut(name) else { return false };
        *n -= 1;
        if *n == 0 {
            self.to_come.remove(name);
        }
        true
    }

    /// Whether all files that are still to come are about concepts, and none is an archive.
    fn only_vocabulary_is_to_come(&self) -> bool {
        let is_vocabulary = |name: &str| Table::of_file(name).is_some_and(Table::is_vocabulary);
        let archives = [".zip", ".tar", ".tgz", ".gz"];
        let other = |name: &str| {
            let lower = name.to_ascii_lowercase();
            Table::of_file(name).is_none() && !archives.iter().any(|end| lower.ends_with(end))
        };
        self.to_come.keys().all(|name| is_vocabulary(name) || other(name))
    }

    /// Whether the tables of concepts come in the order of [`import_order`], as far as can be seen.
    fn in_order(&self, next: Table) -> bool {
        self.to_come.keys().filter_map(|name| Table::of_file(name)).all(|t| t as u8 >= next as u8)
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
        let was_named = self.no_longer_to_come(name);
        if let Some(table) = table.filter(|t| t.is_vocabulary())
            && was_named
            && self.only_vocabulary_is_to_come()
            && self.in_order(table)
        {
            self.records_complete();
        }
        let what = table.map_or("not used", Table::name);
        self.files.push(FileCount { file: name.to_owned(), table: what.to_owned(), ..FileCount::default() });
        self.records.tables.begin_file(table);
        self.open = Some(Open {
            table,
            layout: None,
            rows: Rows::default(),
            n_bytes: 0,
            head: Some(Vec::new()),
            skip: false,
            n_padded: 0,
            tail: self.tail.take(),
            #[cfg(feature = "parquet")]
            parquet: None,
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
            #[cfg(feature = "parquet")]
            if open.parquet.is_some() {
                return self.push_parquet(bytes);
            }
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
        #[cfg(feature = "parquet")]
        if kind == FileKind::Parquet {
            return self.begin_parquet(&bytes);
        }
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
        #[cfg(feature = "parquet")]
        self.end_parquet()?;
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
        self.settle()?;
        self.settled.map_or_else(|| Err(IntakeError::Stopped), |settled| settled.finish(tick))
    }

    /// Finds the persons of all events: all files came.
    pub(crate) fn settle(&mut self) -> Result<&mut assemble::Settled, IntakeError> {
        if let Some(settled) = self.settled.take() {
            return Ok(self.settled.insert(settled));
        }
        if self.open.is_some() {
            self.end_file()?;
        }
        if !self.files.iter().any(|f| f.table == Table::Person.name()) {
            return Err(IntakeError::Omop(
                "There is no person table among the files (person.csv or person.parquet): give all tables of the folder together."
                    .to_owned(),
            ));
        }
        if self.records.n_persons_listed() == 0 {
            return Err(IntakeError::Omop(self.nobody()));
        }
        let (reporter, records) = (std::mem::take(&mut self.reporter), std::mem::take(&mut self.records));
        let (vocabulary, files) = (std::mem::take(&mut self.vocabulary), std::mem::take(&mut self.files));
        let settled = assemble::settle(self.settings.clone(), reporter, records, vocabulary, files);
        Ok(self.settled.insert(Box::new(settled)))
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
        let index = file_number(&self.files);
        let Some(file_count) = self.files.last_mut() else { return Ok(()) };
        let file = file_count.file.clone();
        loop {
            let Some(fields) = open.rows.next(last, &file)? else { return Ok(()) };
            if fields.is_header() {
                let first: Vec<String> =
                    (0..fields.n()).map(|i| Row::Line(&fields).text(Some(i)).into_owned()).collect();
                let unnamed = open.table.and_then(|table| unnamed::columns(table, &first));
                let is_row = unnamed.is_some();
                if let Some((version, _)) = &unnamed {
                    self.reporter.warn(format!(
                        "{file} names no columns: its {} were read in the order of the OMOP CDM {version}. If they stand in another order, \
                         put a line with their names above.",
                        first.len()
                    ));
                }
                let names = unnamed.map_or(first, |(_, names)| names);
                open.layout = open.table.and_then(|table| match Layout::new(table, &names) {
                    Ok(layout) => Some(layout),
                    Err(missing) => {
                        let words = "Its first line has to name the columns.";
                        self.reporter.warn(format!("{file} has no column {missing}: its rows were not used. {words}"));
                        None
                    }
                });
                if !is_row {
                    continue;
                }
            }
            self.n_rows += 1;
            let Some(layout) = &open.layout else {
                count(file_count, Fate::NotUsed);
                continue;
            };
            let padded = fields.n() > layout.n_fields
                && (layout.n_fields..fields.n()).all(|i| Row::Line(&fields).is_missing(Some(i)));
            open.n_padded += u64::from(padded);
            let fate = if fields.unclosed() {
                let reason = "a quotation mark is opened and the file ends before it is closed".to_owned();
                self.reporter.warn(format!("{file} ends within quotation marks: it seems to be cut. Copy it again."));
                Err(record::row_flaw("", reason))
            } else if fields.n() != layout.n_fields && !padded {
                let (got, want) = (fields.n(), layout.n_fields);
                Err(record::row_flaw("", format!("the row has {got} fields where the header has {want}")))
            } else {
                let place = Place::new(index, fields.line());
                let mut sink = Sink {
                    records: &mut self.records,
                    vocabulary: &mut self.vocabulary,
                    reporter: &mut self.reporter,
                    file: &file,
                };
                sink.take(layout, Row::Line(&fields), place)
            };
            settle(file_count, &file, fields.line(), fate, &mut self.reporter);
        }
    }
}

/// The number of the file that is being read.
fn file_number(files: &[FileCount]) -> u32 {
    u32::try_from(files.len().saturating_sub(1)).unwrap_or(u32::MAX)
}

impl OmopImport {
    /// Why no person could be read: what was said of the person table.
    fn nobody(&self) -> String {
        let report = &self.reporter.report;
        let of_table = |file: &str| Table::of_file(file) == Some(Table::Person);
        let row = report.rejected.iter().find(|r| of_table(&r.file));
        let row = row.map(|r| format!(" {}, line {}, {}: {}.", r.file, r.line, r.field, r.reason));
        let said = || report.warnings.iter().find(|w| w.contains("has no column person_id")).map(|w| format!(" {w}"));
        let why = row.or_else(said).unwrap_or_default();
        format!("The person table holds no person that could be read.{why}")
    }
}

/// Where rows go.
struct Sink<'a> {
    records: &'a mut Records,
    vocabulary: &'a mut Vocabulary,
    reporter: &'a mut Reporter,
    file: &'a str,
}

impl Sink<'_> {
    fn take(&mut self, layout: &Layout, row: Row<'_>, place: Place) -> Result<Fate, Flaw> {
        match layout.table {
            Table::Concept => Ok(self.vocabulary.concept(layout, row)),
            Table::ConceptAncestor => Ok(self.vocabulary.ancestor(layout, row)),
            Table::ConceptRelationship => Ok(self.vocabulary.relationship(layout, row)),
            _ => self.records.take(layout, row, place, self.file, self.reporter),
        }
    }
}

/// Counts a row, and lists it where it was rejected.
fn settle(counts: &mut FileCount, file: &str, line: u64, fate: Result<Fate, Flaw>, reporter: &mut Reporter) {
    match fate {
        Ok(fate) => count(counts, fate),
        Err(flaw) => {
            count(counts, Fate::Rejected);
            reporter.row(file, line, flaw);
        }
    }
}
