//! Persons of both sides.

use columnar::build::NumberBuilder;
use columnar::{Column, Dataset, Table, day};
use model::dataset::DatasetHeader;
use model::intake::Compared;
use model::tables;
use rustc_hash::FxHashMap;

use super::Sides;
use super::columns::{damaged, index, indices, join, padded, same, text_of};
use crate::IntakeError;
use crate::safe_harbor::OLDEST;

/// Persons of both sides together: those of the dataset before, then the new ones.
pub(super) struct Persons {
    /// Row in the dataset before and row in the import, by row.
    rows: Vec<(Option<u32>, Option<u32>)>,
    /// Row by row of the dataset before.
    pub(super) of_base: Vec<u32>,
    /// Row by row of the import.
    pub(super) of_new: Vec<u32>,
}

fn keys(table: Option<&Table>) -> Result<Vec<&str>, IntakeError> {
    let column = table.and_then(|t| t.column(tables::PERSON_KEY)).ok_or_else(|| damaged(tables::PERSON))?;
    Ok((0..column.len()).map(|row| text_of(column, row)).collect())
}

/// Keys of the persons of a dataset, in order: what an import that is added to it may know them by.
#[must_use]
pub fn person_keys(dataset: &Dataset) -> Vec<u64> {
    let keys = keys(dataset.table(tables::PERSON)).unwrap_or_default();
    let mut keys: Vec<u64> = keys.into_iter().filter_map(|key| u64::from_str_radix(key, 16).ok()).collect();
    crate::order::sort(&mut keys);
    keys
}

impl Persons {
    pub(super) fn new(sides: &Sides<'_>) -> Result<Self, IntakeError> {
        let (base, new) = sides.table(tables::PERSON);
        let (base, new) = (keys(base)?, keys(new)?);
        let mut rows: Vec<(Option<u32>, Option<u32>)> = (0..index(base.len())).map(|row| (Some(row), None)).collect();
        let mut known: FxHashMap<&str, u32> = FxHashMap::default();
        for (row, key) in (0u32..).zip(&base) {
            known.entry(key).or_insert(row);
        }
        let mut of_new = Vec::with_capacity(new.len());
        for (row, key) in (0u32..).zip(&new) {
            let next = index(rows.len());
            let at = *known.entry(key).or_insert(next);
            match rows.get_mut(at as usize) {
                Some((_, there)) => *there = Some(row),
                None => rows.push((None, Some(row))),
            }
            of_new.push(at);
        }
        // Where both sides are in the order of the keys, so is what comes of them.
        let sorted = |keys: &[&str]| keys.is_sorted();
        let mut place: Vec<u32> = (0..index(rows.len())).collect();
        if sorted(&base) && sorted(&new) {
            let key = |(was, is): &(Option<u32>, Option<u32>)| {
                was.and_then(|r| base.get(r as usize)).or(is.and_then(|r| new.get(r as usize))).copied()
            };
            let mut order: Vec<u32> = place.clone();
            crate::order::sort_by_key(&mut order, |row| (rows.get(*row as usize).and_then(key), *row));
            for (to, from) in (0u32..).zip(&order) {
                if let Some(place) = place.get_mut(*from as usize) {
                    *place = to;
                }
            }
            rows = order.iter().filter_map(|row| rows.get(*row as usize).copied()).collect();
        }
        let moved = |row: u32| place.get(row as usize).copied().unwrap_or(row);
        Ok(Self {
            of_base: (0..index(base.len())).map(moved).collect(),
            of_new: of_new.into_iter().map(moved).collect(),
            rows,
        })
    }

    /// Puts the tables with a row a person in. Of a person on both sides what the import says counts, where it says something.
    pub(super) fn tables(
        &self,
        sides: &Sides<'_>,
        events: &Table,
        periods: &[(u32, i32, i32)],
        header: &DatasetHeader,
        count: &mut Compared,
        dataset: &mut Dataset,
    ) -> Result<(), IntakeError> {
        let mut changed = vec![false; self.rows.len()];
        let mut made = self.joined(sides, tables::PERSON, &mut changed)?;
        if header.keyed.as_ref().is_some_and(|k| k.safe_harbor) {
            let last = self.last_days(events, periods)?;
            cap_ages(&mut made, &last);
        }
        dataset.insert(tables::PERSON, super::named(made.iter().map(|(n, c)| (*n, c.clone())).collect())?);
        if sides.base.table(tables::VARIABLE).is_some() || sides.new.table(tables::VARIABLE).is_some() {
            let made = self.joined(sides, tables::VARIABLE, &mut changed)?;
            dataset.insert(tables::VARIABLE, super::named(made)?);
        }
        self.count(&changed, count);
        Ok(())
    }

    /// Counts the persons of the import against those that were there.
    pub(super) fn count(&self, changed: &[bool], count: &mut Compared) {
        for ((was, is), changed) in self.rows.iter().zip(changed) {
            match (was, is) {
                (None, _) => count.new += 1,
                (Some(_), Some(_)) if *changed => count.updated += 1,
                (Some(_), Some(_)) => count.unchanged += 1,
                (Some(_), None) => {}
            }
        }
    }

    /// How many persons there are on both sides together.
    pub(super) fn n(&self) -> usize {
        self.rows.len()
    }

    /// Rows in the dataset before and in the import of those who are in both.
    pub(super) fn on_both_sides(&self) -> impl Iterator<Item = (u32, u32)> {
        self.rows.iter().filter_map(|(was, is)| was.zip(*is))
    }

    /// How many persons of the dataset before the import does not name.
    pub(super) fn n_of_base_alone(&self) -> u64 {
        self.rows.iter().filter(|(_, is)| is.is_none()).count() as u64
    }

    /// A table with a row a person, of both sides: what the import says counts, where it says something.
    pub(super) fn joined<'a>(
        &self,
        sides: &Sides<'a>,
        name: &str,
        changed: &mut [bool],
    ) -> Result<Vec<(&'a str, Column)>, IntakeError> {
        let (base, new) = (sides.base.table(name), sides.new.table(name));
        let n_base = self.of_base.len();
        let mut out = Vec::new();
        // A side without the table has its persons all the same: their values are missing.
        let blank_base = base.is_none().then(|| blank(n_base)).transpose()?;
        let joined = join(base.or(blank_base.as_ref()), new)?;
        for (column_name, column) in joined {
            if column_name == BLANK {
                continue;
            }
            // The import may lack the table: then there are no rows of it.
            let there =
                |row: usize| row < column.len() && !column.is_missing(row) && text_of(&column, row) != "unknown";
            let rows: Vec<u32> = self
                .rows
                .iter()
                .zip(changed.iter_mut())
                .map(|((was, is), changed)| {
                    let is = is.map(|r| n_base + r as usize).filter(|r| there(*r));
                    match (was.map(|r| r as usize), is) {
                        (Some(was), Some(is)) => {
                            *changed |= column_name != tables::PERSON_BIRTH_YEAR && !same(&column, was, is);
                            index(is)
                        }
                        (Some(was), None) => index(was),
                        (None, Some(is)) => index(is),
                        (None, None) => u32::MAX,
                    }
                })
                .collect();
            out.push((column_name, take_or_missing(&column, &rows)?));
        }
        // Names live as long as the tables, not as the blank one.
        let names: Vec<&'a str> =
            [base, new].into_iter().flatten().flat_map(|t| t.columns().iter().map(|(name, _)| name.as_str())).collect();
        Ok(out.into_iter().filter_map(|(name, column)| Some((*names.iter().find(|n| **n == name)?, column))).collect())
    }

    /// The last day that anything is known of each person.
    fn last_days(&self, events: &Table, periods: &[(u32, i32, i32)]) -> Result<Vec<Option<i32>>, IntakeError> {
        let mut last: Vec<Option<i32>> = vec![None; self.rows.len()];
        let mut see = |person: u32, day: i32| {
            if let Some(last) = last.get_mut(person as usize) {
                *last = (*last).max(Some(day));
            }
        };
        periods.iter().for_each(|(person, _, end)| see(*person, *end));
        let persons = indices(events, tables::EVENT_PERSON, tables::EVENT)?;
        for name in [tables::EVENT_START_DAY, tables::EVENT_END_DAY] {
            let Some(Column::Day(days)) = events.column(name) else { continue };
            persons.iter().zip(days).for_each(|(person, day)| {
                if let Some(day) = day {
                    see(*person, day);
                }
            });
        }
        Ok(last)
    }
}

const BLANK: &str = "";

fn blank(n: usize) -> Result<Table, IntakeError> {
    let mut out = NumberBuilder::new();
    (0..n).for_each(|_| out.push(None));
    super::named(vec![(BLANK, out.finish())])
}

/// Rows of a column; those beyond it are missing.
fn take_or_missing(column: &Column, rows: &[u32]) -> Result<Column, IntakeError> {
    let n = column.len();
    if rows.iter().all(|r| (*r as usize) < n) {
        return column.take(rows).map_err(|e| IntakeError::Merge(e.to_string()));
    }
    // One more row, without a value, stands for them.
    let rows: Vec<u32> = rows.iter().map(|r| (*r).min(index(n))).collect();
    padded(column)?.take(&rows).map_err(|e| IntakeError::Merge(e.to_string()))
}

/// Nobody is older than 90 when last seen.
fn cap_ages(person: &mut [(&str, Column)], last: &[Option<i32>]) {
    let deaths: Vec<Option<i32>> = match person.iter().find(|(name, _)| *name == tables::PERSON_DEATH_DAY) {
        Some((_, Column::Day(days))) => days.iter().collect(),
        _ => Vec::new(),
    };
    let Some((_, years)) = person.iter_mut().find(|(name, _)| *name == tables::PERSON_BIRTH_YEAR) else { return };
    let Column::Number(numbers) = &*years else { return };
    let mut out = NumberBuilder::new();
    for (row, year) in numbers.iter().enumerate() {
        let seen = deaths.get(row).copied().flatten().or(last.get(row).copied().flatten());
        let seen = seen.map(|d| f64::from(day::year_of(d)));
        out.push(year.map(|year| seen.map_or(year, |seen| year.max(seen - OLDEST - 1.0))));
    }
    *years = out.finish();
}
