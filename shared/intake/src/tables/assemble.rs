//! The end of an import of tables: persons joined, dates moved, tables made.

mod events;
mod persons;

use std::collections::BTreeMap;

use columnar::build::{DayBuilder, IndexBuilder};
use columnar::{Column, Dataset, Table as Columns};
use model::dataset::{ColumnRole, DATASET_SCHEMA_VERSION, DatasetHeader, DatasetShape, DeidentificationStep};
use model::intake::FileCount;
use model::tables;
use rustc_hash::FxHashMap;

use super::TablesImport;
use super::notes;
use super::store::{Event, Note, Place, Store};
use crate::csv::joined::{KnownOf, PersonRows};
use crate::pack::{ColumnMeta, Imported, dataset_id, pack};
use crate::policy::Dates;
use crate::report::{Flaw, Reporter, counted};
use crate::safe_harbor::class_words;
use crate::{DatePolicy, IntakeError, Settings};
use persons::Persons;

/// What the steps share.
struct Assembly {
    settings: Settings,
    reporter: Reporter,
    store: Store,
    files: Vec<FileCount>,
    persons: Persons,
    dates: Dates,
    n_dates: u64,
    known: BTreeMap<u64, KnownOf>,
}

impl Assembly {
    fn moved(&mut self, person: u32, day: i32) -> i32 {
        self.n_dates += 1;
        self.dates.moved(day, self.persons.shift(person))
    }
}

/// Makes the dataset.
pub(super) fn assemble(import: TablesImport) -> Result<Imported, IntakeError> {
    let TablesImport { settings, reporter, store, persons: mut tables_of_persons, files, .. } = import;
    let (mut spans, mut known) = (Vec::new(), BTreeMap::<u64, KnownOf>::new());
    for table in &mut tables_of_persons {
        spans.extend(table.spans());
        for (key, of) in table.known() {
            let all = known.entry(key).or_default();
            all.names.extend(of.names);
            all.numbers.extend(of.numbers);
        }
    }
    let is_record = !store.events.is_empty() || !store.notes.is_empty();
    let latest = latest(&store, &spans).filter(|_| is_record || tables_of_persons.len() > 1);
    let rows: Vec<PersonRows> = tables_of_persons.into_iter().map(|table| table.finish(latest)).collect();
    let dates = Dates::new(settings.dates);
    let persons = Persons::new(&rows, &store);
    let mut a = Assembly { settings, reporter, store, files, persons, dates, n_dates: 0, known };
    for table in &rows {
        a.reporter.absorb(&table.reporter);
        a.reporter.file(table.count.clone());
    }
    reject_unknown(&mut a, !rows.is_empty());
    if a.persons.keys.is_empty() {
        let reason =
            a.reporter.report.rejected.first().map_or_else(|| "no row names a person".to_owned(), |r| r.reason.clone());
        return Err(IntakeError::NothingKept { file: "the files".to_owned(), reason });
    }
    // What the persons are known by goes before anything is moved or hashed away.
    let identifiers: Vec<Vec<u8>> = a.store.identifiers().into_iter().map(<[u8]>::to_vec).collect();
    a.persons.name(&identifiers, &a.store.keys, &mut a.known);
    let mut dataset = Dataset::default();
    let (person, variables, metas) = a.persons.tables(rows)?;
    dataset.insert(tables::PERSON, person);
    if let Some(variables) = variables {
        dataset.insert(tables::VARIABLE, variables);
    }
    let (n_events, n_notes) = (a.store.events.len() as u64, a.store.notes.len() as u64);
    if is_record {
        let periods = period_table(&mut a, &spans)?;
        dataset.insert(tables::OBSERVATION_PERIOD, periods);
        let (events, concepts) = events::make(&mut a)?;
        dataset.insert(tables::EVENT, events);
        dataset.insert(tables::CONCEPT, concepts);
    }
    if n_notes > 0 {
        let all = std::mem::take(&mut a.store.notes);
        let notes = note_table(&mut a, all)?;
        dataset.insert(tables::NOTE, notes);
    }
    a.reporter.report.events = n_events;
    a.reporter.report.notes = n_notes;
    imported(a, dataset, &metas, is_record)
}

/// The last day of anything.
fn latest(store: &Store, spans: &[(u64, i32, i32)]) -> Option<i32> {
    let events = store.events.iter().map(|e| e.end.unwrap_or(e.start));
    events.chain(store.notes.iter().map(|n| n.day)).chain(spans.iter().map(|(.., last)| *last)).max()
}

fn imported(
    mut a: Assembly,
    dataset: Dataset,
    metas: &BTreeMap<String, ColumnMeta>,
    is_record: bool,
) -> Result<Imported, IntakeError> {
    a.reporter.identifiers(class_words("date"), a.n_dates, a.dates.words());
    if a.settings.dates == DatePolicy::Keep && a.n_dates > 0 {
        a.reporter.warn("Dates are kept as they are, as was asked for: they can tell who somebody is.");
    }
    a.reporter.identifiers("ages over 89", a.store.n_ages, "set to 90 in events");
    for file in a.files {
        a.reporter.file(file);
    }
    let n_persons = a.persons.keys.len() as u64;
    a.reporter.report.persons = n_persons;
    let (table_headers, chunks) = pack(&dataset, |table, name| match table {
        tables::VARIABLE => metas.get(name).cloned().unwrap_or_default(),
        _ => ColumnMeta { role: role_of(name), ..ColumnMeta::default() },
    })?;
    let report = a.reporter.report;
    let mut source = a.settings.source;
    if source.format.is_empty() {
        "csv".clone_into(&mut source.format);
    }
    if source.files.is_empty() {
        source.files = report.files.iter().map(|f| f.file.clone()).collect();
    }
    let header = DatasetHeader {
        schema_version: DATASET_SCHEMA_VERSION,
        id: dataset_id(&table_headers),
        name: a.settings.name,
        source,
        shape: if is_record { DatasetShape::Record } else { DatasetShape::Flat },
        n_persons,
        tables: table_headers,
        deidentification: report
            .identifiers
            .iter()
            .map(|i| DeidentificationStep { class: i.class.clone(), action: i.action.clone() })
            .collect(),
        rows_read: report.rows_read,
        rows_kept: report.rows_kept,
        rows_rejected: report.rows_rejected,
    };
    Ok(Imported { dataset, header, chunks, report })
}

fn role_of(name: &str) -> ColumnRole {
    match name {
        tables::PERSON_KEY => ColumnRole::Identifier,
        tables::EVENT_START_DAY | tables::EVENT_END_DAY | tables::NOTE_DAY => ColumnRole::Date,
        tables::NOTE_TEXT => ColumnRole::Text,
        tables::PERSON_SEX => ColumnRole::Category,
        _ => ColumnRole::Number,
    }
}

/// Numbers events and notes by the rows of `person`; those of persons who are not there are rejected, each row once.
fn reject_unknown(a: &mut Assembly, has_table: bool) {
    let row_of: Vec<Option<u32>> = a.store.keys.iter().map(|k| a.persons.row(k.key)).collect();
    let find = |person: u32| row_of.get(person as usize).copied().flatten();
    let mut unknown: Vec<Place> = Vec::new();
    let mut settle = |person: &mut u32, place: Place| match find(*person) {
        Some(row) => {
            *person = row;
            true
        }
        None => {
            unknown.push(place);
            false
        }
    };
    a.store.events.retain_mut(|Event { person, place, .. }| settle(person, *place));
    a.store.notes.retain_mut(|Note { person, place, .. }| settle(person, *place));
    unknown.sort_unstable();
    unknown.dedup();
    let mut by_file: FxHashMap<u32, u64> = FxHashMap::default();
    for place in unknown {
        let Some(file) = a.files.get_mut(place.file as usize) else { continue };
        file.rows_kept = file.rows_kept.saturating_sub(1);
        file.rows_rejected += 1;
        *by_file.entry(place.file).or_default() += 1;
        let reason = "this person is not in the table of persons".to_owned();
        a.reporter.row(&file.file, place.line, Flaw { field: String::new(), reason });
    }
    if !has_table {
        return;
    }
    let mut odd: Vec<(u32, u64)> = by_file.into_iter().collect();
    odd.sort_unstable();
    for (file, n) in odd {
        let Some(file) = a.files.get(file as usize) else { continue };
        if n * 2 > file.rows_read {
            a.reporter.warn(format!(
                "{}: {} of {} are of persons who are not in the table of persons. Are the identifiers written differently there \
                 (leading zeros, a letter before the number)?",
                file.file,
                counted(n, "row", "rows"),
                file.rows_read,
            ));
        }
    }
}

/// One period a person, from the first to the last day that anything is known of.
fn period_table(a: &mut Assembly, spans: &[(u64, i32, i32)]) -> Result<Columns, IntakeError> {
    let mut of: Vec<Option<(i32, i32)>> = vec![None; a.persons.keys.len()];
    let days = a.store.events.iter().map(|e| (e.person, e.start, e.end.unwrap_or(e.start)));
    let notes = a.store.notes.iter().map(|n| (n.person, n.day, n.day));
    let tables = spans.iter().filter_map(|(key, first, last)| Some((a.persons.row(*key)?, *first, *last)));
    for (person, first, last) in days.chain(notes).chain(tables) {
        if let Some(span) = of.get_mut(person as usize) {
            let (from, to) = span.unwrap_or((first, last));
            *span = Some((from.min(first), to.max(last)));
        }
    }
    let (mut person, mut start, mut end, mut n_never) = (IndexBuilder::new(), DayBuilder::new(), DayBuilder::new(), 0);
    for (row, span) in (0u32..).zip(of) {
        let Some((first, last)) = span else {
            n_never += 1;
            continue;
        };
        person.push(row);
        let (first, last) = (a.moved(row, first), a.moved(row, last));
        start.push(Some(first));
        end.push(Some(last));
    }
    a.reporter.warn("A person counts as observed from the first to the last day that the tables know of: no table says it otherwise.");
    if n_never > 0 {
        let persons = counted(n_never, "person has", "persons have");
        a.reporter.warn(format!("{persons} no event, no note and no date: no time of theirs is observed."));
    }
    table(vec![
        (tables::PERIOD_PERSON, person.finish()),
        (tables::PERIOD_START_DAY, start.finish()),
        (tables::PERIOD_END_DAY, end.finish()),
    ])
}

fn note_table(a: &mut Assembly, mut all: Vec<Note>) -> Result<Columns, IntakeError> {
    all.sort_by(|x, y| (x.person, x.day, x.place, &x.text).cmp(&(y.person, y.day, y.place, &y.text)));
    let days: Vec<i32> =
        all.iter().map(|n| (n.person, n.day)).collect::<Vec<_>>().into_iter().map(|(p, d)| a.moved(p, d)).collect();
    let known: Vec<KnownOf> = a.persons.keys.iter().map(|k| a.known.get(k).cloned().unwrap_or_default()).collect();
    notes::table(&all, &days, &known, a.settings.safe_harbor, &mut a.reporter)
}

fn table(columns: Vec<(&str, Column)>) -> Result<Columns, IntakeError> {
    let columns = columns.into_iter().map(|(name, column)| (name.to_owned(), column)).collect();
    Columns::new(columns).map_err(|e| IntakeError::Pack(e.to_string()))
}
