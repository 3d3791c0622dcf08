//! The persons of all tables, and their variables.

use std::collections::{BTreeMap, BTreeSet};

use columnar::build::{CategoryBuilder, DayBuilder, NumberBuilder, TextBuilder};
use columnar::{Column, Table as Columns};
use model::tables;
use rustc_hash::FxHashMap;

use super::super::store::Store;
use super::{KnownOf, PersonRows};
use crate::IntakeError;
use crate::assemble::{key_column, table};
use crate::free_text::KnownIdentifiers;
use crate::key::PersonKey;
use crate::pack::ColumnMeta;

/// Persons by row.
pub(super) struct Persons {
    pub(super) keys: Vec<PersonKey>,
    rows: FxHashMap<u64, u32>,
}

type Made = (Columns, Option<Columns>, BTreeMap<String, ColumnMeta>);

impl Persons {
    /// Those of the tables of persons, in their order; without such tables all who have an event or a note.
    pub(super) fn new(of_tables: &[PersonRows], store: &Store) -> Self {
        let keys: Vec<u64> = if of_tables.is_empty() {
            // By their keyed hashes: the order of the files then does not matter, and is not told.
            let used = store.events.iter().map(|e| e.person).chain(store.notes.iter().map(|n| n.person));
            let used = used.chain(store.deaths.iter().map(|(person, ..)| *person));
            let used: BTreeSet<u64> = used.filter_map(|p| store.keys.get(p as usize)).map(|k| k.key).collect();
            used.into_iter().collect()
        } else {
            of_tables.iter().flat_map(|t| t.keys.iter().copied()).collect()
        };
        let (mut order, mut rows) = (Vec::new(), FxHashMap::default());
        for key in keys {
            let next = u32::try_from(order.len()).unwrap_or(u32::MAX);
            rows.entry(key).or_insert_with(|| {
                order.push(key);
                next
            });
        }
        let of_tables = of_tables.iter().flat_map(|t| t.keys.iter().copied().zip(t.shifts.iter().copied()));
        let shift_of: FxHashMap<u64, i16> = of_tables.chain(store.keys.iter().map(|k| (k.key, k.shift))).collect();
        let keyed = |key: u64| PersonKey { key, shift: shift_of.get(&key).copied().unwrap_or(1) };
        Self { keys: order.into_iter().map(keyed).collect(), rows }
    }

    pub(super) fn row(&self, key: u64) -> Option<u32> {
        self.rows.get(&key).copied()
    }

    /// What is known of the person of a row.
    pub(super) fn known(&self, row: u32, known: &KnownOf) -> KnownIdentifiers {
        self.keys.get(row as usize).and_then(|k| known.get(&k.key)).cloned().unwrap_or_default()
    }

    /// The person table, the variables, and the words about these.
    pub(super) fn tables(&self, of_tables: Vec<PersonRows>, deaths: Option<Column>) -> Result<Made, IntakeError> {
        let key = key_column(self.keys.iter().map(|k| k.key)).map_err(|e| IntakeError::Pack(e.to_string()))?;
        let mut person = vec![(tables::PERSON_KEY, key)];
        let (mut columns, mut metas) = (Vec::new(), BTreeMap::new());
        let (mut sex, mut birth_years) = (None, None);
        for rows in of_tables {
            let spread = Spread::new(self, &rows.keys);
            for (name, column) in rows.variables {
                let meta = rows.metas.get(&name).cloned().unwrap_or_default();
                let own = if metas.contains_key(&name) { format!("{name} ({})", rows.table) } else { name };
                metas.insert(own.clone(), meta);
                columns.push((own, spread.column(column)?));
            }
            // Of several tables that say it, the first counts.
            sex = sex.or(rows.sex.map(|c| spread.column(c)).transpose()?);
            birth_years = birth_years.or(rows.birth_years.map(|c| spread.column(c)).transpose()?);
        }
        person.extend(sex.map(|c| (tables::PERSON_SEX, c)));
        person.extend(birth_years.map(|c| (tables::PERSON_BIRTH_YEAR, c)));
        person.extend(deaths.map(|c| (tables::PERSON_DEATH_DAY, c)));
        let variables = if columns.is_empty() {
            None
        } else {
            Some(Columns::new(columns).map_err(|e| IntakeError::Plan(e.to_string()))?)
        };
        Ok((table(person)?, variables, metas))
    }
}

/// Puts the rows of a table into the order of all persons; who is not in it has no value.
struct Spread {
    /// By person: the row in the table, or the row behind the last, which has no value.
    rows: Vec<u32>,
    is_whole: bool,
}

impl Spread {
    fn new(persons: &Persons, keys: &[u64]) -> Self {
        let behind = u32::try_from(keys.len()).unwrap_or(u32::MAX);
        let mut rows = vec![behind; persons.keys.len()];
        for (at, key) in (0u32..).zip(keys) {
            if let Some(row) = persons.row(*key).and_then(|row| rows.get_mut(row as usize)) {
                *row = at;
            }
        }
        let is_whole = keys.iter().eq(persons.keys.iter().map(|k| &k.key));
        Self { rows, is_whole }
    }

    fn column(&self, column: Column) -> Result<Column, IntakeError> {
        if self.is_whole {
            return Ok(column);
        }
        let missing = no_value(&column)?;
        let longer = Column::concat(vec![column, missing]).map_err(|e| IntakeError::Pack(e.to_string()))?;
        longer.take(&self.rows).map_err(|e| IntakeError::Pack(e.to_string()))
    }
}

/// One row without a value, of the same kind.
fn no_value(like: &Column) -> Result<Column, IntakeError> {
    Ok(match like {
        Column::Number(_) | Column::Index(_) => {
            let mut out = NumberBuilder::new();
            out.push(None);
            out.finish()
        }
        Column::Day(_) => {
            let mut out = DayBuilder::new();
            out.push(None);
            out.finish()
        }
        Column::Category(_) => {
            let mut out = CategoryBuilder::new();
            out.push(None);
            out.finish()
        }
        Column::Text(_) => {
            let mut out = TextBuilder::new();
            out.push(None).map_err(|e| IntakeError::Pack(e.to_string()))?;
            out.finish()
        }
    })
}
