//! Eras and details of visits of both sides: they have no key, so of equal ones as many are kept as the side with most of
//! them has.

use columnar::build::IndexBuilder;
use columnar::{Column, Table};
use model::tables;
use rustc_hash::FxHashMap;

use super::Sides;
use super::columns::{bits, damaged, index, indices, join, select};
use super::persons::Persons;
use crate::IntakeError;

/// The table of both sides by person and start; nothing where neither has one.
pub(super) fn spans(sides: &Sides<'_>, persons: &Persons, concepts: &[u32]) -> Result<Option<Table>, IntakeError> {
    let (base, new) = sides.table(tables::SPAN);
    if base.is_none() && new.is_none() {
        return Ok(None);
    }
    let n_base = base.map_or(0, Table::n_rows);
    let mut joined = join(base, new)?;
    let (mut person, mut concept) = (Vec::new(), Vec::new());
    for (table, row_of, is_new) in [(base, &persons.of_base, false), (new, &persons.of_new, true)] {
        let Some(table) = table else { continue };
        let rows = indices(table, tables::SPAN_PERSON, tables::SPAN)?;
        person.extend(rows.iter().map(|r| row_of.get(*r as usize).copied().unwrap_or(0)));
        let rows = indices(table, tables::SPAN_CONCEPT, tables::SPAN)?;
        let of = |r: &u32| if is_new { concepts.get(*r as usize).copied().unwrap_or(0) } else { *r };
        concept.extend(rows.iter().map(of));
    }
    for (name, column) in &mut joined {
        match *name {
            tables::SPAN_PERSON => *column = IndexBuilder::from(person.clone()).finish(),
            tables::SPAN_CONCEPT => *column = IndexBuilder::from(concept.clone()).finish(),
            _ => {}
        }
    }
    let n = person.len();
    let content = |row: usize| -> Vec<Option<u64>> { joined.iter().map(|(_, c)| bits(c, row)).collect() };
    let mut of_base: FxHashMap<Vec<Option<u64>>, u32> = FxHashMap::default();
    for row in 0..n_base {
        *of_base.entry(content(row)).or_default() += 1;
    }
    let mut rows: Vec<u32> = (0..index(n_base)).collect();
    for row in n_base..n {
        match of_base.get_mut(&content(row)) {
            Some(left) if *left > 0 => *left -= 1,
            _ => rows.push(index(row)),
        }
    }
    let find = |name: &str| joined.iter().find(|(n, _)| *n == name).map(|(_, c)| c);
    let Some(Column::Day(days)) = find(tables::SPAN_START_DAY) else { return Err(damaged(tables::SPAN)) };
    crate::order::sort_by_key(&mut rows, |row| (person.get(*row as usize).copied(), days.value(*row as usize), *row));
    select(&joined, &rows).map(Some)
}
