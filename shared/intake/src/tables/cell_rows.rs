//! Rows that come as cells: of a sheet, of JSON lines.

use model::import_mapping::{TablePlan, TableShape};

use super::TablesImport;
use super::store::Store;
use super::take::Taker;
use super::workbook::{Cell, CellError, Workbook};
use crate::IntakeError;
use crate::csv::joined::Persons;
use crate::report::{Flaw, Reporter, counted};
use crate::scanner::Fields;

/// Where rows of cells go.
pub(super) enum CellRows {
    Persons(Box<Persons>),
    Others(Box<Taker>),
}

impl CellRows {
    pub(super) fn new(plan: TablePlan, import: &TablesImport) -> Result<Self, IntakeError> {
        if plan.shape == TableShape::Persons {
            return Ok(Self::Persons(Box::new(import.persons_table(&plan)?)));
        }
        Ok(Self::Others(Box::new(Taker::new(plan, &import.settings)?)))
    }

    pub(super) fn header(
        &mut self,
        fields: &Fields,
        store: &mut Store,
        reporter: &mut Reporter,
    ) -> Result<(), IntakeError> {
        match self {
            Self::Persons(persons) => persons.header(fields),
            Self::Others(taker) => taker.header(&[], fields, store, reporter),
        }
    }

    pub(super) fn row(
        &mut self,
        fields: &Fields,
        store: &mut Store,
        reporter: &mut Reporter,
    ) -> Result<(), IntakeError> {
        match self {
            Self::Persons(persons) => persons.row(fields)?,
            Self::Others(taker) => taker.row(&[], fields, store, reporter),
        }
        Ok(())
    }

    /// A row that is no row: it is rejected as a whole.
    pub(super) fn reject(&mut self, line: u64, flaw: Flaw, reporter: &mut Reporter) {
        match self {
            Self::Persons(persons) => persons.reject(line, flaw),
            Self::Others(taker) => taker.reject(line, flaw, reporter),
        }
    }

    /// A value that counts as missing.
    pub(super) fn flaw(&mut self, table: &str, line: u64, flaw: Flaw, reporter: &mut Reporter) {
        match self {
            Self::Persons(persons) => persons.flaw(line, flaw),
            Self::Others(_) => reporter.value(table, line, flaw),
        }
    }
}

/// Rows of a sheet that are looked at for the one with the names of the columns.
const TOP: usize = 20;

/// The place of the header among the first rows of a sheet: the first row of words that is nearly as wide as the widest.
/// Titles stand above it.
pub(super) fn header_of(top: &[(u64, Vec<Cell>)]) -> usize {
    let width = |row: &[Cell]| row.iter().filter(|c| !c.is_empty()).count();
    let widest = top.iter().take(TOP).map(|(_, row)| width(row)).max().unwrap_or(0);
    let is_header =
        |row: &[Cell]| width(row) * 5 >= widest * 4 && row.iter().all(|c| c.is_empty() || matches!(c, Cell::Text(_)));
    top.iter().take(TOP).position(|(_, row)| is_header(row)).unwrap_or(0)
}

/// Reads a sheet.
pub(super) fn sheet(
    book: &mut Workbook,
    plan: &TablePlan,
    rows: &mut CellRows,
    store: &mut Store,
    reporter: &mut Reporter,
) -> Result<(), IntakeError> {
    let name = plan.name();
    let mut reading = Reading {
        name: &name,
        top: Vec::new(),
        header: None,
        rows,
        store,
        reporter,
        fields: Fields::default(),
        failed: None,
    };
    let sheet = plan.sheet.clone().unwrap_or_default();
    let read = book.rows(&sheet, &mut |line, cells| reading.take(line, cells));
    reading.flush();
    let (header, failed) = (reading.header.take(), reading.failed.take());
    let notable = read.map_err(|reason| IntakeError::Workbook { file: name.clone(), reason })?;
    if let Some(error) = failed {
        return Err(error);
    }
    if header.is_none() {
        return Err(IntakeError::Empty { file: name });
    }
    if notable.n_merged_down > 0 {
        let cells = counted(notable.n_merged_down as u64, "cell is", "cells are");
        reporter.warn(format!("{name}: {cells} merged over several rows; the value counts in each of these rows."));
    }
    if notable.n_merged_across > 0 {
        let cells = counted(notable.n_merged_across as u64, "cell is", "cells are");
        reporter.warn(format!("{name}: {cells} merged over several columns; the value counts in the first of them."));
    }
    Ok(())
}

struct Reading<'a> {
    name: &'a str,
    /// The first rows, until it is known which one is the header.
    top: Vec<(u64, Vec<Cell>)>,
    /// Names of the columns.
    header: Option<Vec<String>>,
    rows: &'a mut CellRows,
    store: &'a mut Store,
    reporter: &'a mut Reporter,
    fields: Fields,
    failed: Option<IntakeError>,
}

impl Reading<'_> {
    /// Takes a row of the sheet; says whether to go on.
    fn take(&mut self, line: u64, cells: &[Cell]) -> bool {
        if self.header.is_some() {
            self.row(line, cells);
        } else {
            self.top.push((line, cells.to_vec()));
            if self.top.len() == TOP {
                self.flush();
            }
        }
        self.failed.is_none()
    }

    /// Finds the header among the first rows, and takes the others.
    fn flush(&mut self) {
        let top = std::mem::take(&mut self.top);
        if self.header.is_some() || top.is_empty() {
            return;
        }
        let place = header_of(&top);
        if place > 0 {
            let rows = counted(
                place as u64,
                "row above the names of the columns was",
                "rows above the names of the columns were",
            );
            self.reporter.warn(format!("{}: {rows} taken for a title and not read.", self.name));
        }
        let Some((line, cells)) = top.get(place) else { return };
        let width = cells.iter().rposition(|c| !c.is_empty()).map_or(0, |i| i + 1);
        let names: Vec<String> = cells.iter().take(width).map(|c| c.text().trim().to_owned()).collect();
        self.fields.of_cells(*line, names.iter().map(String::as_bytes));
        if let Err(error) = self.rows.header(&self.fields, self.store, self.reporter) {
            self.failed = Some(error);
        }
        self.header = Some(names);
        for (line, cells) in top.iter().skip(place + 1) {
            self.row(*line, cells);
        }
    }

    fn row(&mut self, line: u64, cells: &[Cell]) {
        let Some(header) = self.header.as_ref().filter(|_| self.failed.is_none()) else { return };
        for (i, cell) in cells.iter().enumerate() {
            let field = || header.get(i).cloned().unwrap_or_default();
            let flaw = match cell {
                Cell::Error(CellError(what)) => {
                    Flaw { field: field(), reason: format!("the cell holds the error {what}; set to missing") }
                }
                cell if i >= header.len() && !cell.is_empty() => {
                    let reason =
                        format!("a value stands in column {}, which has no name in the header; left out", i + 1);
                    Flaw { field: String::new(), reason }
                }
                _ => continue,
            };
            self.rows.flaw(self.name, line, flaw, self.reporter);
        }
        let texts = (0..header.len()).map(|i| cells.get(i).map_or("", Cell::text).as_bytes());
        self.fields.of_cells(line, texts);
        if let Err(error) = self.rows.row(&self.fields, self.store, self.reporter) {
            self.failed = Some(error);
        }
    }
}
