//! Excel workbooks (.xlsx, ECMA-376 SpreadsheetML): sheets, and their rows as text.
//!
//! Start with [`Workbook::open`]. The compressed file is held in memory; sheets stream out of it row by row. Numbers are
//! written as they are stored, dates (serial numbers under a date format, in the epoch of 1900 or 1904) as year-month-day,
//! formulas with the value that was stored with them, errors as what they are called. A cell merged over several rows counts
//! in each of them.
//!
//! **Safety:** a workbook that unpacks to more than [`crate::archive::MAX_RATIO`] times its size (beyond the first 64 MB) is
//! refused; entities are not expanded; nothing is allocated by what a file says of its size.

mod cells;
mod part;
mod sheet;
mod strings;
mod styles;

use std::io::Cursor;

use quick_xml::events::Event;
use zip::ZipArchive;

pub(super) use cells::{Cell, CellError};
use part::{Budget, attribute, reader};
use styles::Styles;

/// Bytes of a workbook, at most: it is held in memory.
pub(super) const MAX_BYTES: usize = 256 << 20;

/// A workbook.
pub(super) struct Workbook {
    archive: ZipArchive<Cursor<Vec<u8>>>,
    pub(super) sheets: Vec<Sheet>,
    strings: Vec<Box<str>>,
    styles: Styles,
    epoch_1904: bool,
    budget: Budget,
}

/// A sheet.
pub(super) struct Sheet {
    pub(super) name: String,
    /// Not shown in Excel.
    pub(super) hidden: bool,
    part: String,
}

/// What a sheet holds besides its cells.
#[derive(Debug, Default)]
pub(super) struct Notable {
    /// Cells merged over several rows, whose value stands in each of these rows.
    pub(super) n_merged_down: usize,
    /// Cells merged over several columns: the value stands in the first one.
    pub(super) n_merged_across: usize,
}

/// Why a workbook cannot be read, in words.
pub(super) type Fault = String;

impl Workbook {
    /// Opens a workbook.
    pub(super) fn open(bytes: Vec<u8>) -> Result<Self, Fault> {
        let mut budget = Budget::new(bytes.len());
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|e| damaged(&e.to_string()))?;
        let relations = relations(&mut archive, &mut budget)?;
        let (mut sheets, epoch_1904) = listed(&mut archive, &mut budget)?;
        for sheet in &mut sheets {
            let target = relations.iter().find(|(id, _)| *id == sheet.part).map(|(_, target)| target.clone());
            sheet.part = target.unwrap_or_default();
        }
        sheets.retain(|sheet| archive.index_for_name(&sheet.part).is_some() && sheet.part.contains("worksheet"));
        if sheets.is_empty() {
            return Err("it has no sheet with cells".to_owned());
        }
        let styles = Styles::read(&mut archive, &mut budget)?;
        let strings = strings::read(&mut archive, &mut budget)?;
        Ok(Self { archive, sheets, strings, styles, epoch_1904, budget })
    }

    /// Reads a sheet: each row with cells, with its number (from 1). `take` says whether to go on.
    pub(super) fn rows(&mut self, sheet: &str, take: &mut dyn FnMut(u64, &[Cell]) -> bool) -> Result<Notable, Fault> {
        let part = self.sheets.iter().find(|s| s.name == sheet).map(|s| s.part.clone());
        let part = part.ok_or_else(|| format!("it has no sheet '{sheet}'"))?;
        let merges = sheet::Merges::read(&mut self.archive, &part, &mut self.budget)?;
        let notable = merges.notable();
        let context = cells::Context { strings: &self.strings, styles: &self.styles, epoch_1904: self.epoch_1904 };
        sheet::rows(&mut self.archive, &part, &mut self.budget, &context, merges, take)?;
        Ok(notable)
    }
}

fn damaged(what: &str) -> Fault {
    format!("it is damaged or no Excel workbook ({what}); open it in a spreadsheet and save it again")
}

/// Ids and targets of the workbook's parts.
fn relations(archive: &mut ZipArchive<Cursor<Vec<u8>>>, budget: &mut Budget) -> Result<Vec<(String, String)>, Fault> {
    let mut out = Vec::new();
    let mut xml = reader(archive, "xl/_rels/workbook.xml.rels", budget)?;
    let mut buffer = Vec::new();
    loop {
        match xml.read_event_into(&mut buffer).map_err(|e| damaged(&e.to_string()))? {
            Event::Eof => return Ok(out),
            Event::Start(e) | Event::Empty(e) if e.local_name().into_inner() == "Relationship" => {
                let (id, target) =
                    (attribute(&e, "Id").unwrap_or_default(), attribute(&e, "Target").unwrap_or_default());
                let target = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
                out.push((id, target));
            }
            _ => {}
        }
        buffer.clear();
    }
}

/// The sheets (each with the id of its part), and whether days count from 1904.
fn listed(archive: &mut ZipArchive<Cursor<Vec<u8>>>, budget: &mut Budget) -> Result<(Vec<Sheet>, bool), Fault> {
    let (mut sheets, mut epoch_1904) = (Vec::new(), false);
    let mut xml = reader(archive, "xl/workbook.xml", budget)?;
    let mut buffer = Vec::new();
    loop {
        match xml.read_event_into(&mut buffer).map_err(|e| damaged(&e.to_string()))? {
            Event::Eof => return Ok((sheets, epoch_1904)),
            Event::Start(e) | Event::Empty(e) => match e.local_name().into_inner() {
                "sheet" => sheets.push(Sheet {
                    name: attribute(&e, "name").unwrap_or_default(),
                    hidden: attribute(&e, "state").is_some_and(|s| s != "visible"),
                    part: attribute(&e, "id").unwrap_or_default(),
                }),
                "workbookPr" => epoch_1904 = attribute(&e, "date1904").is_some_and(|v| v == "1" || v == "true"),
                _ => {}
            },
            _ => {}
        }
        buffer.clear();
    }
}
