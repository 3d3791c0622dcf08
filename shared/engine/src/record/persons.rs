//! Persons to choose one from: keys and numbers of events, nothing else.

use std::collections::BTreeMap;

use columnar::Column;
use model::tables;
use protocol::{EngineError, ListPersons, PersonEntry, PersonList, PersonOrder};

use crate::columns::index;
use crate::datasets::OpenDataset;
use crate::subjects::subjects;
use crate::{Engine, Tick};

/// Persons in one list.
const MOST: usize = 100;

/// The key of a person; the row where a file has no keys.
pub(super) fn key_of(open: &OpenDataset, row: u32) -> String {
    match open.data.table(tables::PERSON).and_then(|t| t.column(tables::PERSON_KEY)) {
        Some(column @ Column::Text(keys)) if (row as usize) < column.len() && !column.is_missing(row as usize) => {
            keys.value(row as usize).to_owned()
        }
        _ => row.to_string(),
    }
}

/// The row of a person's key.
pub(super) fn row_of(open: &OpenDataset, key: &str) -> Result<u32, EngineError> {
    let n = u32::try_from(open.index.n_persons()).unwrap_or(u32::MAX);
    let found = match open.data.table(tables::PERSON).and_then(|t| t.column(tables::PERSON_KEY)) {
        Some(Column::Text(keys)) => keys.iter().position(|k| k == Some(key)).and_then(|at| u32::try_from(at).ok()),
        _ => key.parse().ok(),
    };
    found.filter(|row| *row < n).ok_or_else(|| EngineError::NotFound { what: format!("The person '{key}'") })
}

/// Notes of each person.
fn notes(open: &OpenDataset) -> Vec<u64> {
    let mut counts = vec![0; open.index.n_persons()];
    let persons = open.data.table(tables::NOTE).and_then(|t| index(t, tables::NOTE_PERSON)).unwrap_or(&[]);
    for person in persons {
        if let Some(count) = counts.get_mut(*person as usize) {
            *count += 1;
        }
    }
    counts
}

/// Lists persons.
pub(crate) fn list(engine: &Engine, request: &ListPersons, tick: &mut Tick<'_>) -> Result<PersonList, EngineError> {
    let open = engine.dataset(&request.dataset)?;
    if !open.source().is_record() {
        return Err(EngineError::invalid(
            "A flat file has one row a person and no dated events: there is no timeline to show.",
        ));
    }
    let n_persons = u32::try_from(open.index.n_persons()).unwrap_or(u32::MAX);
    let (rows, warnings): (BTreeMap<u32, Vec<i32>>, Vec<String>) = match &request.cohort {
        None => ((0..n_persons).map(|row| (row, Vec::new())).collect(), Vec::new()),
        Some(definition) => {
            let found = subjects(&open.source(), definition, tick)?;
            let mut rows: BTreeMap<u32, Vec<i32>> = BTreeMap::new();
            for subject in &found.subjects {
                rows.entry(subject.person).or_default().push(subject.start_day);
            }
            (rows, found.warnings)
        }
    };
    let notes = notes(open);
    let wanted = request.key.trim().to_lowercase();
    let mut found: Vec<(u64, u64, String, u32)> = rows
        .keys()
        .filter_map(|&row| {
            let n_events = open.index.event_rows(row).len() as u64;
            let n_notes = notes.get(row as usize).copied().unwrap_or(0);
            let key = key_of(open, row);
            (n_events + n_notes >= request.min_events && key.to_lowercase().starts_with(&wanted))
                .then_some((n_events, n_notes, key, row))
        })
        .collect();
    match request.order {
        PersonOrder::MostEvents => found.sort_by(|a, b| (b.0, b.1, &a.2).cmp(&(a.0, a.1, &b.2))),
        PersonOrder::FewestEvents => found.sort_by(|a, b| (a.0, a.1, &a.2).cmp(&(b.0, b.1, &b.2))),
        PersonOrder::Key => found.sort_by(|a, b| a.2.cmp(&b.2)),
    }
    let n_found = found.len() as u64;
    found.truncate((request.limit as usize).min(MOST));
    let entry = |(n_events, n_notes, person, row): (u64, u64, String, u32)| PersonEntry {
        person,
        n_events,
        n_notes,
        index_days: rows.get(&row).cloned().unwrap_or_default(),
    };
    Ok(PersonList { n_found, persons: found.into_iter().map(entry).collect(), warnings })
}
