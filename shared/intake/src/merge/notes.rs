//! Notes of both sides.

use std::collections::BTreeMap;

use columnar::build::IndexBuilder;
use columnar::{Column, Table};
use model::intake::Compared;
use model::tables;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Sides;
use super::columns::{bits, index, indices, join, select, text_of};
use super::persons::Persons;
use crate::IntakeError;

/// Notes of both sides together, and where each went.
pub(super) struct Notes {
    pub(super) table: Option<Table>,
    /// Row of each note of the dataset before; `None`: it came anew with another text, or was taken back.
    pub(super) of_base: Vec<Option<u32>>,
    /// Row of each note of the import.
    pub(super) of_new: Vec<Option<u32>>,
}

/// Compares the notes.
pub(super) fn compare(sides: &Sides<'_>, persons: &Persons, count: &mut Compared) -> Result<Notes, IntakeError> {
    let (base, new) = sides.table(tables::NOTE);
    let (n_base, n_new) = (base.map_or(0, Table::n_rows), new.map_or(0, Table::n_rows));
    let mut notes = Notes { table: None, of_base: vec![None; n_base], of_new: vec![None; n_new] };
    let mut joined = join(base, new)?;
    if joined.is_empty() {
        return Ok(notes);
    }
    let mut person = Vec::with_capacity(n_base + n_new);
    for (table, row_of) in [(base, &persons.of_base), (new, &persons.of_new)] {
        let Some(table) = table else { continue };
        let rows = indices(table, tables::NOTE_PERSON, tables::NOTE)?;
        person.extend(rows.iter().map(|r| row_of.get(*r as usize).copied().unwrap_or(0)));
    }
    for (name, column) in &mut joined {
        if *name == tables::NOTE_PERSON {
            *column = IndexBuilder::from(person.clone()).finish();
        }
    }
    // Row of the one that stays, for each that is the same.
    let same_as = paired(&joined, &person, n_base, &sides.withdrawn, count);
    let day = joined.iter().find(|(n, _)| *n == tables::NOTE_DAY).map(|(_, c)| c);
    let day_of = |row: usize| day.and_then(|c| if let Column::Day(d) = c { Some(d.value(row)) } else { None });
    let mut rows: Vec<u32> =
        (0..n_base + n_new).filter(|r| same_as.get(*r) == Some(&Stay::Itself)).map(index).collect();
    crate::order::sort_by_key(&mut rows, |r| (person.get(*r as usize).copied(), day_of(*r as usize), *r));
    let mut place = vec![None; n_base + n_new];
    for (to, from) in (0u32..).zip(&rows) {
        if let Some(place) = place.get_mut(*from as usize) {
            *place = Some(to);
        }
    }
    let went = |row: usize| match same_as.get(row) {
        Some(Stay::Itself) => place.get(row).copied().flatten(),
        Some(Stay::As(other)) => place.get(*other).copied().flatten(),
        _ => None,
    };
    notes.of_base = (0..n_base).map(went).collect();
    notes.of_new = (n_base..n_base + n_new).map(went).collect();
    notes.table = Some(select(&joined, &rows)?);
    Ok(notes)
}

/// What becomes of a note.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stay {
    Itself,
    /// It is there already, in this row.
    As(usize),
    /// It came anew with another text, or was taken back.
    Gone,
}

fn paired(
    joined: &[(&str, Column)],
    person: &[u32],
    n_base: usize,
    withdrawn: &FxHashSet<u64>,
    count: &mut Compared,
) -> Vec<Stay> {
    let find = |name: &str| joined.iter().find(|(n, _)| *n == name).map(|(_, c)| c);
    let (day, text, source) = (find(tables::NOTE_DAY), find(tables::NOTE_TEXT), find(tables::NOTE_SOURCE));
    let content =
        |row: usize| (person.get(row).copied(), day.and_then(|c| bits(c, row)), text.map_or("", |c| text_of(c, row)));
    let source_of = |row: usize| source.and_then(|c| bits(c, row)).map(|key| (person.get(row).copied(), key));
    let mut stay = vec![Stay::Itself; person.len()];
    let mut by_content: FxHashMap<_, Vec<usize>> = FxHashMap::default();
    let mut by_source: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for row in (0..n_base).rev() {
        by_content.entry(content(row)).or_default().push(row);
        if let Some(key) = source_of(row) {
            by_source.entry(key).or_default().push(row);
        }
    }
    let mut named: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    let mut found = vec![false; n_base];
    for row in n_base..person.len() {
        if let Some(key) = source_of(row) {
            named.entry(key).or_default().push(row);
        }
        if let Some(there) = by_content.get_mut(&content(row)).and_then(Vec::pop) {
            count.unchanged += 1;
            if let (Some(stay), Some(found)) = (stay.get_mut(row), found.get_mut(there)) {
                *stay = Stay::As(there);
                *found = true;
            }
        }
    }
    // Of each resource that came anew: what it no longer says goes.
    for (key, rows) in &named {
        let fresh = rows.iter().filter(|r| stay.get(**r) == Some(&Stay::Itself)).count() as u64;
        let mut gone = 0;
        for old in by_source.get(key).into_iter().flatten().filter(|r| found.get(**r) == Some(&false)) {
            if let Some(stay) = stay.get_mut(*old) {
                *stay = Stay::Gone;
                gone += 1;
            }
        }
        count.updated += fresh.min(gone);
        count.new += fresh - fresh.min(gone);
        count.removed += gone - fresh.min(gone);
    }
    // And what was entered in error.
    for ((_, key), rows) in &by_source {
        for old in rows.iter().filter(|r| withdrawn.contains(key) && found.get(**r) == Some(&false)) {
            if let Some(stay) = stay.get_mut(*old).filter(|stay| **stay == Stay::Itself) {
                *stay = Stay::Gone;
                count.removed += 1;
            }
        }
    }
    let anonymous = (n_base..person.len()).filter(|r| source_of(*r).is_none() && stay.get(*r) == Some(&Stay::Itself));
    count.new += anonymous.count() as u64;
    stay
}
