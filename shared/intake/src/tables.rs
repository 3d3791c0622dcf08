//! Several tables joined by a person into one dataset: delimited files, sheets of Excel workbooks, JSON lines, and clinic
//! notes as text files.
//!
//! Start with [`inspect`] (what the files seem to be) and [`TablesImport`]. A table has a row a person (its columns become
//! variables), a row a visit or a row a value (events), or a row a note; [`model::import_mapping`] says which.
//!
//! **Invariants:** rows read = kept + rejected + not used; a person who is not in the tables of persons (where there are any)
//! gets no event: the row is rejected and says so.

mod assemble;
mod cell_rows;
mod dictionaries;
mod encounters;
mod inspect;
mod json_lines;
mod quantity;
mod reader;
mod shape;
mod store;
mod systems;
mod take;
mod texts;
mod withdrawn;
mod workbook;

use model::import_mapping::{ImportMapping, TablePlan, TableShape};
use model::intake::FileCount;

use crate::archive::files_of_a_set;
use crate::csv::joined::Persons;
use crate::report::Reporter;
use crate::{Imported, IntakeError, NoteBatch, RecordImport, Settings, Tick};

pub use inspect::{Head, MAX_LOOK, inspect};
pub use json_lines::looks_like_notes;

use cell_rows::CellRows;
use reader::Rows;
use store::Store;
use take::Taker;

/// Reads tables and notes, file by file in any order, each in pieces of any size.
pub struct TablesImport {
    settings: Settings,
    mapping: ImportMapping,
    /// Only one table is used: it need not name persons.
    is_alone: bool,
    reporter: Reporter,
    store: Store,
    persons: Vec<Persons>,
    files: Vec<FileCount>,
    /// Plans whose table came.
    came: Vec<bool>,
    open: Option<Open>,
    settled: Option<Box<assemble::Settled>>,
}

/// The file that is being read.
enum Open {
    /// A delimited file with a row a person.
    Persons(Box<Persons>),
    /// Another delimited file.
    Rows(Box<Rows>, Box<Taker>),
    /// JSON lines.
    Lines(Box<json_lines::Lines>, Box<CellRows>),
    /// A workbook: all of it.
    Workbook(String, Vec<u8>),
    /// A note: all of it.
    Note(String, Vec<u8>),
    /// Not in the plan.
    Ignored,
}

impl std::fmt::Debug for TablesImport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TablesImport")
            .field("settings", &self.settings)
            .field("files", &self.files)
            .finish_non_exhaustive()
    }
}

impl TablesImport {
    /// Begins an import by a mapping, as [`inspect`] proposed it and the user corrected it.
    ///
    /// # Errors
    /// If the mapping cannot be followed; the first problem, in words.
    pub fn new(mapping: ImportMapping, settings: Settings) -> Result<Self, IntakeError> {
        if let Some(problem) = mapping.problems().into_iter().next() {
            return Err(IntakeError::Plan(problem.trim_end_matches('.').to_owned()));
        }
        Ok(Self {
            is_alone: mapping.tables.iter().filter(|t| t.shape != TableShape::NotUsed).count() == 1,
            reporter: Reporter::new("csv"),
            store: Store::new(&settings),
            persons: Vec::new(),
            files: Vec::new(),
            came: vec![false; mapping.tables.len()],
            open: None,
            settled: None,
            mapping,
            settings,
        })
    }

    /// Begins a file. One that is still open is ended first.
    ///
    /// # Errors
    /// As [`TablesImport::end_file`].
    pub fn begin_file(&mut self, name: &str) -> Result<(), IntakeError> {
        if self.open.is_some() {
            self.end_file()?;
        }
        self.store.file = self.next_file();
        let place = self.mapping.tables.iter().position(|t| t.file == name);
        self.open = Some(match place.and_then(|i| self.mapping.tables.get(i)) {
            Some(plan) if plan.sheet.is_some() => Open::Workbook(name.to_owned(), Vec::new()),
            Some(plan) => {
                let plan = plan.clone();
                self.arrived(&plan)?;
                self.table(plan)?
            }
            None if inspect::is_text_name(name) => Open::Note(name.to_owned(), Vec::new()),
            None => {
                self.reporter.warn(format!("{name} is not in the plan and was not used."));
                Open::Ignored
            }
        });
        Ok(())
    }

    /// Notes that a table came: each may come once.
    fn arrived(&mut self, plan: &TablePlan) -> Result<(), IntakeError> {
        let places = self.mapping.tables.iter().zip(&mut self.came);
        for (_, came) in places.filter(|(t, _)| t.file == plan.file && t.sheet == plan.sheet) {
            if std::mem::replace(came, true) {
                return Err(IntakeError::Plan(format!("{} was given twice: give it once", plan.name())));
            }
        }
        Ok(())
    }

    fn table(&self, plan: TablePlan) -> Result<Open, IntakeError> {
        if json_lines::is_name(&plan.file) {
            let rows = CellRows::new(plan.clone(), self)?;
            return Ok(Open::Lines(Box::new(json_lines::Lines::new(&plan)), Box::new(rows)));
        }
        if plan.shape == TableShape::Persons {
            return Ok(Open::Persons(Box::new(self.persons_table(&plan)?)));
        }
        Ok(Open::Rows(Box::new(Rows::new(&plan)?), Box::new(Taker::new(plan, &self.settings)?)))
    }

    fn persons_table(&self, plan: &TablePlan) -> Result<Persons, IntakeError> {
        let name = plan.name();
        Persons::new(plan.mapping.clone(), self.settings.clone(), &name, self.is_alone)
    }

    /// Takes the next piece of the file.
    ///
    /// # Errors
    /// If no file was begun, it is of another kind, its columns are not those of the mapping, or a row does not end.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), IntakeError> {
        match &mut self.open {
            None => Err(IntakeError::Plan("bytes came before the name of their file".to_owned())),
            Some(Open::Persons(persons)) => persons.push(bytes),
            Some(Open::Rows(rows, taker)) => rows.push(bytes, taker, &mut self.store, &mut self.reporter),
            Some(Open::Lines(lines, rows)) => lines.push(bytes, rows, &mut self.store, &mut self.reporter),
            Some(Open::Workbook(name, whole)) => {
                if whole.len() + bytes.len() > workbook::MAX_BYTES {
                    return Err(IntakeError::TooLarge {
                        file: name.clone(),
                        detail: "a workbook may have 256 MB; save its sheets as CSV".to_owned(),
                    });
                }
                whole.extend_from_slice(bytes);
                Ok(())
            }
            Some(Open::Note(_, whole)) => {
                // What is beyond is counted by the length and makes the note one that is rejected.
                let room = (texts::MAX_BYTES + 1).saturating_sub(whole.len());
                whole.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
                Ok(())
            }
            Some(Open::Ignored) => Ok(()),
        }
    }

    /// Ends the file.
    ///
    /// # Errors
    /// As [`TablesImport::push`].
    pub fn end_file(&mut self) -> Result<(), IntakeError> {
        match self.open.take() {
            None | Some(Open::Ignored) => {}
            Some(Open::Persons(mut persons)) => {
                persons.end()?;
                self.persons.push(*persons);
            }
            Some(Open::Rows(mut rows, mut taker)) => {
                rows.end(&mut taker, &mut self.store, &mut self.reporter)?;
                self.ended(*taker)?;
            }
            Some(Open::Lines(mut lines, mut rows)) => {
                lines.end(&mut rows, &mut self.store, &mut self.reporter)?;
                self.ended_cells(*rows)?;
            }
            Some(Open::Workbook(name, bytes)) => self.workbook(&name, bytes)?,
            Some(Open::Note(name, bytes)) => {
                let count = texts::take(&name, &bytes, &self.mapping.texts, &mut self.store, &mut self.reporter);
                self.files.push(count);
            }
        }
        Ok(())
    }

    fn ended(&mut self, mut taker: Taker) -> Result<(), IntakeError> {
        self.persons.extend(taker.persons(&self.settings, &mut self.reporter)?);
        let count = taker.end(&mut self.reporter);
        self.files.push(count);
        Ok(())
    }

    /// The number that the next file's counts will have.
    fn next_file(&self) -> u32 {
        u32::try_from(self.files.len()).unwrap_or(u32::MAX)
    }

    fn ended_cells(&mut self, rows: CellRows) -> Result<(), IntakeError> {
        match rows {
            CellRows::Persons(mut persons) => {
                persons.end()?;
                self.persons.push(*persons);
            }
            CellRows::Others(taker) => self.ended(*taker)?,
        }
        Ok(())
    }

    fn workbook(&mut self, name: &str, bytes: Vec<u8>) -> Result<(), IntakeError> {
        let plans: Vec<TablePlan> = self.mapping.tables.iter().filter(|t| t.file == name).cloned().collect();
        let fault = |reason: String| IntakeError::Workbook { file: name.to_owned(), reason };
        let mut book = workbook::Workbook::open(bytes).map_err(fault)?;
        for sheet in &book.sheets {
            if !plans.iter().any(|p| p.sheet.as_deref() == Some(&sheet.name)) {
                self.reporter.warn(format!("{name}: the sheet '{}' is not in the plan and was not used.", sheet.name));
            }
        }
        for plan in plans {
            self.arrived(&plan)?;
            self.store.file = self.next_file();
            let mut rows = CellRows::new(plan.clone(), self)?;
            cell_rows::sheet(&mut book, &plan, &mut rows, &mut self.store, &mut self.reporter)?;
            self.ended_cells(rows)?;
        }
        Ok(())
    }

    /// Ends the import.
    ///
    /// # Errors
    /// If a table of the mapping did not come, nobody is left, there is more than a dataset can hold, or `tick` stopped it.
    pub fn finish(mut self, tick: &mut Tick<'_>) -> Result<Imported, IntakeError> {
        self.settle()?;
        self.settled.map_or_else(|| Err(IntakeError::Stopped), |settled| settled.finish(tick))
    }

    /// Joins the persons: all files came.
    fn settle(&mut self) -> Result<&mut assemble::Settled, IntakeError> {
        if let Some(settled) = self.settled.take() {
            return Ok(self.settled.insert(settled));
        }
        self.end_file()?;
        let missing =
            self.mapping.tables.iter().zip(&self.came).find(|(t, came)| !**came && t.shape != TableShape::NotUsed);
        if let Some((table, _)) = missing {
            return Err(IntakeError::Plan(format!("{} is in the plan and was not given", table.name())));
        }
        let settled = assemble::settle(self)?;
        Ok(self.settled.insert(Box::new(settled)))
    }
}

impl RecordImport for TablesImport {
    fn finish(self: Box<Self>, tick: &mut Tick<'_>) -> Result<Imported, IntakeError> {
        (*self).finish(tick)
    }

    fn next_notes(&mut self) -> Result<Option<NoteBatch>, IntakeError> {
        self.settle()?.next_notes()
    }

    fn take_notes(&mut self, done: &[u8]) -> Result<(), IntakeError> {
        self.settle()?.take_notes(done)
    }
}

files_of_a_set!(TablesImport, IntakeError::Plan);
