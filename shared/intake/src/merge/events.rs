//! Events of both sides.

use columnar::build::{IndexBuilder, NumberBuilder};
use columnar::{Column, Table};
use model::intake::Compared;
use model::tables;
use rustc_hash::FxHashMap;

use super::Sides;
use super::columns::{bits, index, indices, join, select};
use super::notes::Notes;
use super::persons::Persons;
use crate::IntakeError;

/// What an event says: every column but the key of its source and the file it stood in.
type Content = Vec<Option<u64>>;
/// Person, key of the source, and whether it is a finding of a note.
type Group = (u32, u64, bool);

/// The event table of both sides, and how many events without an id stand beside one that was there, of the same person, day and
/// concept, which says something else.
pub(super) fn compare(
    sides: &Sides<'_>,
    persons: &Persons,
    concepts: &[u32],
    notes: &Notes,
    count: &mut Compared,
) -> Result<(Table, u64), IntakeError> {
    let (base, new) = sides.table(tables::EVENT);
    let n_base = base.map_or(0, Table::n_rows);
    let mut joined = join(base, new)?;
    let person = remapped(&mut joined, base, new, persons, concepts, notes)?;
    let n = person.len();
    let find = |name: &str| joined.iter().find(|(n, _)| *n == name).map(|(_, c)| c);
    let (source, qualifier, note) =
        (find(tables::EVENT_SOURCE), find(tables::EVENT_QUALIFIER), find(tables::EVENT_NOTE));
    let is_finding = |row: usize| qualifier.is_some_and(|c| !c.is_missing(row));
    let group = |row: usize| -> Option<Group> {
        let key = source.and_then(|c| bits(c, row))?;
        Some((person.get(row).copied()?, key, is_finding(row)))
    };
    // The file that an event stood in says nothing of it: an update has other names.
    let is_said = |name: &str| name != tables::EVENT_SOURCE && name != tables::EVENT_PROVENANCE;
    let said: Vec<&Column> = joined.iter().filter(|(n, _)| is_said(n)).map(|(_, c)| c).collect();
    let content = |row: usize| -> Content { said.iter().map(|c| bits(c, row)).collect() };

    let mut keep = vec![true; n];
    let mut groups: FxHashMap<Group, (Vec<u32>, Vec<u32>)> = FxHashMap::default();
    let mut anonymous: FxHashMap<Content, Vec<u32>> = FxHashMap::default();
    for row in n_base..n {
        match group(row) {
            Some(group) => groups.entry(group).or_default().1.push(index(row)),
            None => anonymous.entry(content(row)).or_default().push(index(row)),
        }
    }
    let mut unmatched = Vec::new();
    for row in 0..n_base {
        // A finding of a note that came anew with another text, or what was entered in error.
        let gone = is_finding(row) && note.is_none_or(|c| c.is_missing(row))
            || source.and_then(|c| bits(c, row)).is_some_and(|key| sides.withdrawn.contains(&key));
        let compared = match group(row) {
            Some(group) => groups.get_mut(&group).map(|(was, _)| was.push(index(row))).is_some(),
            None => {
                let there = anonymous.get_mut(&content(row)).and_then(Vec::pop);
                if let Some(flag) = there.and_then(|r| keep.get_mut(r as usize)) {
                    *flag = false;
                    count.unchanged += 1;
                }
                if there.is_none() && !gone {
                    unmatched.push(row);
                }
                there.is_some()
            }
        };
        if gone && !compared {
            count.removed += 1;
            if let Some(flag) = keep.get_mut(row) {
                *flag = false;
            }
        }
    }
    let about = |row: usize| {
        let of = |name: &str| find(name).and_then(|c| bits(c, row));
        (person.get(row).copied(), of(tables::EVENT_CONCEPT), of(tables::EVENT_START_DAY))
    };
    let mut fresh: FxHashMap<_, u64> = FxHashMap::default();
    for row in anonymous.values().flatten() {
        *fresh.entry(about(*row as usize)).or_default() += 1;
        count.new += 1;
    }
    let mut n_beside = 0;
    for row in unmatched {
        if let Some(n) = fresh.get_mut(&about(row)).filter(|n| **n > 0) {
            *n -= 1;
            n_beside += 1;
        }
    }
    for (was, is) in groups.into_values() {
        settle(&was, &is, &content, &mut keep, count);
    }
    let days = find(tables::EVENT_START_DAY);
    let day = |row: usize| days.and_then(|c| if let Column::Day(d) = c { Some(d.value(row)) } else { None });
    let mut rows: Vec<u32> = (0..n).filter(|row| keep.get(*row) == Some(&true)).map(index).collect();
    crate::order::sort_by_key(&mut rows, |row| (person.get(*row as usize).copied(), day(*row as usize), *row));
    Ok((select(&joined, &rows)?, n_beside))
}

/// Compares the events of one source: what it says now stays.
fn settle(was: &[u32], is: &[u32], content: &impl Fn(usize) -> Content, keep: &mut [bool], count: &mut Compared) {
    let mut drop_row = |row: u32| {
        if let Some(flag) = keep.get_mut(row as usize) {
            *flag = false;
        }
    };
    let mut old: Vec<(Content, u32)> = was.iter().map(|row| (content(*row as usize), *row)).collect();
    let (mut fresh, mut gone) = (0u64, 0u64);
    for row in is {
        let says = content(*row as usize);
        match old.iter().position(|(before, _)| *before == says) {
            Some(at) => {
                old.swap_remove(at);
                drop_row(*row);
                count.unchanged += 1;
            }
            None => fresh += 1,
        }
    }
    for (_, row) in old {
        drop_row(row);
        gone += 1;
    }
    count.updated += fresh.min(gone);
    count.new += fresh - fresh.min(gone);
    count.removed += gone - fresh.min(gone);
}

/// Points persons, concepts and notes of the joined columns at the rows of the tables of both sides; gives the persons.
fn remapped(
    joined: &mut [(&str, Column)],
    base: Option<&Table>,
    new: Option<&Table>,
    persons: &Persons,
    concepts: &[u32],
    notes: &Notes,
) -> Result<Vec<u32>, IntakeError> {
    let n_base = base.map_or(0, Table::n_rows);
    let (mut person, mut concept) = (Vec::new(), Vec::new());
    for (table, row_of, is_new) in [(base, &persons.of_base, false), (new, &persons.of_new, true)] {
        let Some(table) = table else { continue };
        let rows = indices(table, tables::EVENT_PERSON, tables::EVENT)?;
        person.extend(rows.iter().map(|r| row_of.get(*r as usize).copied().unwrap_or(0)));
        let rows = indices(table, tables::EVENT_CONCEPT, tables::EVENT)?;
        let of = |r: &u32| if is_new { concepts.get(*r as usize).copied().unwrap_or(0) } else { *r };
        concept.extend(rows.iter().map(of));
    }
    for (name, column) in joined {
        match *name {
            tables::EVENT_PERSON => *column = IndexBuilder::from(person.clone()).finish(),
            tables::EVENT_CONCEPT => *column = IndexBuilder::from(std::mem::take(&mut concept)).finish(),
            tables::EVENT_NOTE => {
                let Column::Number(rows) = &*column else { continue };
                let mut out = NumberBuilder::new();
                for (at, row) in rows.iter().enumerate() {
                    let of = if at < n_base { &notes.of_base } else { &notes.of_new };
                    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a row's number")]
                    let to = row.and_then(|row| of.get(row as usize).copied().flatten());
                    out.push(to.map(f64::from));
                }
                *column = out.finish();
            }
            _ => {}
        }
    }
    Ok(person)
}
