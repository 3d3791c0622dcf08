//! The rows of a sheet.

use std::io::Cursor;

use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::cells::{Cell, Context};
use super::part::{self, Budget, attribute, reader};
use super::strings::{Text, content};
use super::{Fault, Notable, damaged};

/// Columns of a sheet: Excel's own limit.
const MAX_COLUMNS: usize = 16_384;
/// Bytes that list the merged cells, at most.
const MAX_MERGES: usize = 8 << 20;

/// A range of cells, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Range {
    first: (u64, usize),
    last: (u64, usize),
}

/// Cells that are merged.
pub(super) struct Merges {
    /// Over several rows, by first row.
    down: Vec<Range>,
    /// How many of them began.
    n_begun: usize,
    /// Those that the row at hand is in, with their values.
    active: Vec<(Range, Option<Cell>)>,
    n_across: usize,
}

impl Merges {
    /// Reads them: they stand behind the cells, so the part is gone through once before.
    pub(super) fn read(
        archive: &mut ZipArchive<Cursor<Vec<u8>>>,
        name: &str,
        budget: &mut Budget,
    ) -> Result<Self, Fault> {
        const MARK: &[u8] = b"mergeCells";
        let (mut tail, mut found) = (Vec::new(), false);
        part::pieces(part::open(archive, name, budget)?, &mut |piece| {
            if found && (tail.len() > MAX_MERGES || is_over(&tail)) {
                return;
            }
            tail.extend_from_slice(piece);
            if !found {
                let at = memchr::memmem::find(&tail, MARK);
                found = at.is_some();
                tail.drain(..at.unwrap_or_else(|| tail.len().saturating_sub(MARK.len())));
            }
        })?;
        let mut merges = Self { down: Vec::new(), n_begun: 0, active: Vec::new(), n_across: 0 };
        if !found {
            return Ok(merges);
        }
        if tail.len() > MAX_MERGES {
            return Err("it has more merged cells than can be followed; undo their merging in a spreadsheet".to_owned());
        }
        let text = String::from_utf8_lossy(&tail);
        // Up to the end of the element: what stands behind has references too.
        let text = text.get(MARK.len()..).unwrap_or_default();
        let Some((list, _)) = text.split_once("mergeCells") else { return Ok(merges) };
        for reference in list.split("ref=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            let Some(range) = range(reference) else { continue };
            if range.last.0 > range.first.0 {
                merges.down.push(range);
            }
            merges.n_across += usize::from(range.last.1 > range.first.1);
        }
        crate::order::sort_by_key(&mut merges.down, |range| range.first);
        Ok(merges)
    }

    pub(super) fn notable(&self) -> Notable {
        Notable { n_merged_down: self.down.len(), n_merged_across: self.n_across }
    }

    /// Remembers values of merged cells that begin in a row, and puts them into the rows below.
    fn apply(&mut self, row: u64, cells: &mut Vec<Cell>) {
        self.active.retain(|(range, _)| range.last.0 >= row);
        while let Some(range) = self.down.get(self.n_begun).filter(|range| range.first.0 <= row) {
            self.active.push((*range, None));
            self.n_begun += 1;
        }
        for (range, value) in &mut self.active {
            let column = range.first.1;
            if range.first.0 == row {
                *value = cells.get(column).cloned();
            } else if let Some(value) = value {
                if cells.len() <= column {
                    cells.resize(column + 1, Cell::Empty);
                }
                if let Some(cell) = cells.get_mut(column).filter(|cell| cell.is_empty()) {
                    cell.clone_from(value);
                }
            }
        }
    }
}

/// Whether the element with the merged cells is over: its name stands a second time, at its end.
fn is_over(tail: &[u8]) -> bool {
    const END: &[u8] = b"mergeCells>";
    // The first is at the beginning, and is followed by `>` only where it has no attributes.
    tail.get(1..).is_some_and(|rest| memchr::memmem::rfind(rest, END).is_some())
}

fn range(reference: &str) -> Option<Range> {
    let (first, last) = reference.split_once(':')?;
    Some(Range { first: place(first)?, last: place(last)? })
}

/// `C5` as row 4 and column 2.
fn place(reference: &str) -> Option<(u64, usize)> {
    let digits = reference.find(|c: char| c.is_ascii_digit())?;
    let (letters, digits) = reference.split_at(digits);
    let mut column = 0usize;
    for c in letters.bytes() {
        if !c.is_ascii_alphabetic() || column > MAX_COLUMNS {
            return None;
        }
        column = column * 26 + usize::from(c.to_ascii_uppercase() - b'A') + 1;
    }
    let row: u64 = digits.parse().ok()?;
    (column > 0 && column <= MAX_COLUMNS && row > 0).then(|| (row - 1, column - 1))
}

/// The cell that is being read.
#[derive(Default)]
struct Open {
    column: usize,
    kind: String,
    style: usize,
    value: String,
    inline: Text,
    in_value: bool,
    in_inline: bool,
}

/// Hands out the rows that have cells.
pub(super) fn rows(
    archive: &mut ZipArchive<Cursor<Vec<u8>>>,
    name: &str,
    budget: &mut Budget,
    context: &Context<'_>,
    mut merges: Merges,
    take: &mut dyn FnMut(u64, &[Cell]) -> bool,
) -> Result<(), Fault> {
    let mut xml = reader(archive, name, budget)?;
    let (mut buffer, mut row, mut cells) = (Vec::new(), 0u64, Vec::new());
    let mut open: Option<Open> = None;
    loop {
        let event = xml.read_event_into(&mut buffer).map_err(|e| damaged(&e.to_string()))?;
        match &event {
            Event::Eof => return Ok(()),
            Event::Start(e) if e.local_name().into_inner() == "row" => {
                // Rows are numbered; where one is not, it follows the one before.
                row = attribute(e, "r").and_then(|r| r.parse().ok()).unwrap_or(row + 1);
                cells.clear();
            }
            Event::Start(e) if e.local_name().into_inner() == "c" => open = Some(begin(e, cells.len())),
            // `<c/>` is a cell without a value: what follows without a reference stands behind it.
            Event::Empty(e) if e.local_name().into_inner() == "c" => {
                let cell = begin(e, cells.len());
                put(&mut cells, &cell, context);
            }
            Event::End(e) if e.local_name().into_inner() == "c" => {
                if let Some(cell) = open.take() {
                    put(&mut cells, &cell, context);
                }
            }
            Event::End(e) if e.local_name().into_inner() == "row" => {
                let has_own = cells.iter().any(|c: &Cell| !c.is_empty());
                merges.apply(row.saturating_sub(1), &mut cells);
                if has_own && !take(row, &cells) {
                    return Ok(());
                }
                cells.clear();
            }
            other => {
                if let Some(cell) = &mut open {
                    inside(cell, other);
                }
            }
        }
        buffer.clear();
    }
}

fn begin(element: &BytesStart<'_>, next: usize) -> Open {
    let column = attribute(element, "r").and_then(|r| place(&r)).map_or(next, |(_, column)| column);
    Open {
        column: column.min(MAX_COLUMNS - 1),
        kind: attribute(element, "t").unwrap_or_default(),
        style: attribute(element, "s").and_then(|s| s.parse().ok()).unwrap_or(0),
        ..Open::default()
    }
}

fn inside(cell: &mut Open, event: &Event<'_>) {
    match event {
        Event::Start(e) => match e.local_name().into_inner() {
            "v" => cell.in_value = true,
            "is" => cell.in_inline = true,
            _ if cell.in_inline => cell.inline.event(event),
            _ => {}
        },
        Event::End(e) => match e.local_name().into_inner() {
            "v" => cell.in_value = false,
            "is" => {
                cell.in_inline = false;
                cell.value = cell.inline.take();
            }
            _ if cell.in_inline => cell.inline.event(event),
            _ => {}
        },
        _ if cell.in_value => content(event, &mut cell.value),
        _ if cell.in_inline => cell.inline.event(event),
        _ => {}
    }
}

fn put(cells: &mut Vec<Cell>, cell: &Open, context: &Context<'_>) {
    if cells.len() <= cell.column {
        cells.resize(cell.column + 1, Cell::Empty);
    }
    if let Some(place) = cells.get_mut(cell.column) {
        *place = context.cell(&cell.kind, cell.style, &cell.value);
    }
}
