//! The end of an import of tables: persons joined, dates moved, tables made.

mod births;
mod deaths;
mod events;
mod persons;

use columnar::Table as Columns;
use model::dataset::DatasetShape;
use model::import_mapping::ImportMapping;
use model::intake::FileCount;
use model::tables;
use rustc_hash::FxHashMap;

use super::TablesImport;
use super::inspect::is_text_name;
use super::store::Store;
use super::{dictionaries, encounters};
use crate::assemble::{self, Core, Findings, NoteRow, Notes, Spans, Title, Unknown};
use crate::csv::joined::{KnownOf, PersonRows};
use crate::free_text::FreeText;
use crate::pack::{Imported, Packed, Packer};
use crate::report::counted;
use crate::{IntakeError, NoteBatch, Tick};
use deaths::Deaths;
use persons::Persons;

/// What the steps share.
struct Assembly {
    core: Core,
    store: Store,
    files: Vec<FileCount>,
    /// Names of the tables of persons.
    of_tables: Vec<String>,
    persons: Persons,
    known: KnownOf,
}

/// An import whose persons are joined: its notes are to be screened and read, then the other tables are made.
pub(super) struct Settled {
    a: Assembly,
    mapping: ImportMapping,
    packer: Packer<'static>,
    is_record: bool,
    notes: Notes,
}

/// Joins the persons. All that came is taken out of the import.
pub(super) fn settle(import: &mut TablesImport) -> Result<Settled, IntakeError> {
    let (settings, mapping) = (import.settings.clone(), import.mapping.clone());
    let mut store = std::mem::replace(&mut import.store, Store::new(&settings));
    let (mut reporter, mut files) = (std::mem::take(&mut import.reporter), std::mem::take(&mut import.files));
    let mut of_persons = std::mem::take(&mut import.persons);
    encounters::settle(&mut store, &mut files, &mut reporter);
    dictionaries::settle(&mut store, &mut of_persons, &mut files, &mut reporter);
    // What the persons are known by goes before anything is moved or hashed away.
    let (mut spans, mut known) = (Vec::new(), KnownOf::new());
    for table in &mut of_persons {
        spans.extend(table.spans());
        table.known(&mut known);
    }
    store.known(&mut known);
    for of in known.values_mut() {
        for texts in [&mut of.names, &mut of.numbers] {
            crate::order::sort(texts);
            texts.dedup();
        }
    }
    let deaths = Deaths::gather(&mut of_persons, &store, files.len());
    let last_seen = last_seen(&store, &spans);
    let mut free = FreeText::new(&settings);
    let rows = of_persons.into_iter().map(|table| table.finish(&last_seen, &known, &mut free));
    let rows: Vec<PersonRows> = rows.collect::<Result<_, _>>()?;
    let persons = Persons::new(&rows, &store);
    let mut core = Core::new(settings, reporter, persons.keys.clone());
    core.free = free;
    let of_tables = rows.iter().map(|table| table.table.clone()).collect();
    let mut a = Assembly { core, store, files, of_tables, persons, known };
    for table in &rows {
        a.core.reporter.absorb(&table.reporter);
        if let Some(count) = table.count.clone() {
            a.core.reporter.file(count);
        }
    }
    let is_record = !a.store.events.is_empty() || !a.store.notes.is_empty();
    reject_unknown(&mut a, !rows.is_empty());
    if a.persons.keys.is_empty() {
        let rejected = a.core.reporter.report.rejected.first();
        let reason = rejected.map_or_else(|| "no row names a person".to_owned(), |r| r.reason.clone());
        return Err(IntakeError::NothingKept { file: "the files".to_owned(), reason });
    }
    let (person, variables, metas) = a.persons.tables(rows, deaths.column(&a))?;
    let mut packer = Packer::new(a.core.settings.keep_tables, move |table: &str, name: &str| match table {
        tables::VARIABLE => metas.get(name).cloned().unwrap_or_default(),
        _ => assemble::record_meta(table, name),
    });
    packer.table(tables::PERSON, person)?;
    if let Some(variables) = variables {
        packer.table(tables::VARIABLE, variables)?;
    }
    if is_record {
        deaths.events(&mut a);
        births::settle(&mut a, &last_seen);
        let report = &mut a.core.reporter.report;
        report.events = a.store.events.len() as u64;
        report.notes = a.store.notes.len() as u64;
        packer.table(tables::OBSERVATION_PERIOD, period_table(&mut a, &spans)?)?;
    }
    let notes = notes(&mut a);
    Ok(Settled { a, mapping, packer, is_record, notes })
}

impl Settled {
    /// Notes that another worker may read: see [`crate::RecordImport::next_notes`].
    pub(super) fn next_notes(&mut self) -> Result<Option<NoteBatch>, IntakeError> {
        let Assembly { core, persons, known, .. } = &self.a;
        self.notes.hand_out(core, |row| persons.known(row, known))
    }

    /// Takes the notes that it read.
    pub(super) fn take_notes(&mut self, done: &[u8]) -> Result<(), IntakeError> {
        self.notes.take(&mut self.a.core, done)
    }

    /// Makes the dataset.
    pub(super) fn finish(self, tick: &mut Tick<'_>) -> Result<Imported, IntakeError> {
        let Self { mut a, mapping, mut packer, is_record, notes } = self;
        if is_record {
            let mut findings = Findings::default();
            if notes.len() > 0 {
                let (persons, known) = (&a.persons, &a.known);
                let (table, found) = notes.table(&mut a.core, |row| persons.known(row, known), tick)?;
                packer.table(tables::NOTE, table)?;
                findings = found;
            }
            let (events, concepts) = events::make(&mut a, findings)?;
            packer.table(tables::EVENT, events)?;
            packer.table(tables::CONCEPT, concepts)?;
        }
        let shape = if is_record { DatasetShape::Record } else { DatasetShape::Flat };
        Ok(imported(a, &mapping, packer.finish(), shape))
    }
}

/// Accounts for what was done.
fn imported(mut a: Assembly, mapping: &ImportMapping, packed: Packed, shape: DatasetShape) -> Imported {
    a.core.say_dates("dates of events and notes");
    a.core.reporter.identifiers("ages over 89", a.store.n_ages, "events", "set to 90");
    for file in a.files {
        a.core.reporter.file(file);
    }
    a.core.reporter.report.persons = a.persons.keys.len() as u64;
    let (mut settings, reporter, review) = a.core.end();
    let named = &mut settings.source.files;
    if named.is_empty() {
        *named = reporter.report.files.iter().map(|f| f.file.clone()).collect();
    }
    if settings.safe_harbor {
        without_notes(named, mapping);
        assemble::nameless(named, a.known.values().flat_map(|of| &of.names));
    }
    assemble::imported(settings, (reporter.report, review), packed, shape)
}

/// Text files are often named after the patient: the header, which is stored and handed on, has their number only.
fn without_notes(files: &mut Vec<String>, mapping: &ImportMapping) {
    let n = files.len();
    files.retain(|file| !is_text_name(file) || mapping.tables.iter().any(|t| t.file == *file));
    if files.len() < n {
        files.push(counted((n - files.len()) as u64, "note as a text file", "notes as text files"));
    }
}

/// The last day that events, notes and other dates have of each person, by key.
fn last_seen(store: &Store, spans: &[(u64, i32, i32)]) -> FxHashMap<u64, i32> {
    let events = store.events.iter().map(|e| (e.person, e.last()));
    let days = events.chain(store.notes.iter().map(|n| (n.person, n.day)));
    let days = days.chain(store.deaths.iter().map(|(person, day, _)| (*person, *day)));
    let keyed = days.filter_map(|(person, day)| Some((store.keys.get(person as usize)?.key, day)));
    let mut out: FxHashMap<u64, i32> = FxHashMap::default();
    for (key, day) in keyed.chain(spans.iter().map(|(key, _, last)| (*key, *last))) {
        let last = out.entry(key).or_insert(day);
        *last = day.max(*last);
    }
    out
}

/// Numbers events and notes by the rows of `person`; those of persons who are not there are rejected, each row once.
fn reject_unknown(a: &mut Assembly, has_table: bool) {
    let mut unknown = Unknown::new(a.store.keys.iter().map(|k| a.persons.row(k.key)).collect());
    a.store.events.retain_mut(|e| unknown.settle(&mut e.person, e.place));
    a.store.notes.retain_mut(|n| unknown.settle(&mut n.person, n.place));
    let reason = "this person is not in the table of persons";
    let odd = unknown.reject(("", reason), &mut a.files, &mut a.core.reporter);
    if !has_table {
        return;
    }
    for (file, n) in odd {
        let Some(file) = a.files.get(file as usize) else { continue };
        if n * 2 > file.rows_read {
            a.core.reporter.warn(format!(
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
    let mut of = Spans::new(a.persons.keys.len());
    a.store.events.iter().for_each(|e| of.add(e.person, e.start, e.end()));
    a.store.notes.iter().for_each(|n| of.add(n.person, n.day, None));
    for (key, first, last) in spans {
        if let Some(row) = a.persons.row(*key) {
            of.add(row, *first, Some(*last));
        }
    }
    let mut periods = Vec::new();
    let made = assemble::made_up(&mut periods, of);
    let reporter = &mut a.core.reporter;
    reporter.warn("A person counts as observed from the first to the last day that the tables know of: no table says it otherwise.");
    if made.n_never > 0 {
        let persons = counted(made.n_never, "person has", "persons have");
        reporter.warn(format!("{persons} no event, no note and no date: no time of theirs is observed."));
    }
    assemble::period_table(&mut a.core, &periods)
}

/// The notes by person, day and place.
fn notes(a: &mut Assembly) -> Notes {
    let mut all = std::mem::take(&mut a.store.notes);
    crate::order::sort_by(&mut all, |x, y| {
        (x.person, x.day, x.place, &x.text).cmp(&(y.person, y.day, y.place, &y.text))
    });
    let rows = all.into_iter().map(|note| NoteRow {
        person: note.person,
        day: note.day,
        title: Title::Free(note.title),
        text: note.text,
        source: None,
    });
    Notes::new(rows.collect())
}
