//! The end of a FHIR import: references followed, dates moved, tables made.

mod concepts;
mod events;
mod known;
mod linked;
mod notes;
mod persons;
mod resolve;
mod values;
mod words;

use model::dataset::DatasetShape;
use model::tables;
use rustc_hash::FxHashMap;

use super::counts::Counts;
use super::keeper::Keeper;
use super::store::{State, Store};
use crate::assemble::{self, Core, Findings, Notes, Spans};
use crate::key::{Keyer, PersonKey};
use crate::pack::{Packed, Packer};
use crate::report::{Reporter, counted};
use crate::safe_harbor::class_words;
use crate::{Imported, IntakeError, NoteBatch, Settings, Tick};

/// What the steps share.
struct Assembly {
    core: Core,
    store: Store,
    counts: Counts,
    /// Position in `store.patients` by row of `person`.
    persons: Vec<u32>,
    /// Keys of the resources by number, for updates.
    sources: Vec<Option<f64>>,
    /// Row of `person` by resource.
    row_of: FxHashMap<u32, u32>,
}

impl Assembly {
    fn patient(&self, row: u32) -> Option<&super::store::Patient> {
        self.persons.get(row as usize).and_then(|i| self.store.patients.get(*i as usize))
    }
}

/// An import whose references are followed: its notes are to be screened and read, then its tables are made.
pub(super) struct Settled {
    a: Assembly,
    n_events: u64,
    periods: Vec<(u32, i32, i32)>,
    notes: Notes,
}

/// Follows the references.
pub(super) fn settle(settings: Settings, keeper: Keeper) -> Result<Settled, IntakeError> {
    let Keeper { reporter, store, counts, .. } = keeper;
    let mut a = persons::order(settings, reporter, store, counts)?;
    resolve::resolve(&mut a);
    values::settle(&mut a);
    values::cap_ages(&mut a);
    persons::add_deaths(&mut a);
    // Room that was made for more is needed for the tables now.
    a.store.events.shrink_to_fit();
    let n_events = a.store.events.len() as u64;
    let periods = periods(&mut a);
    let notes = notes::order(&mut a);
    Ok(Settled { a, n_events, periods, notes })
}

impl Settled {
    /// Notes that another worker may read: see [`crate::RecordImport::next_notes`].
    pub(super) fn next_notes(&mut self) -> Result<Option<NoteBatch>, IntakeError> {
        notes::next(&self.a, &mut self.notes)
    }

    /// Takes the notes that it read.
    pub(super) fn take_notes(&mut self, done: &[u8]) -> Result<(), IntakeError> {
        self.notes.take(&mut self.a.core, done)
    }

    /// Makes the dataset.
    pub(super) fn finish(self, tick: &mut Tick<'_>) -> Result<Imported, IntakeError> {
        let Self { mut a, n_events, periods, notes } = self;
        let n_notes = notes.len() as u64;
        let mut packer = Packer::new(a.core.settings.keep_tables, assemble::record_meta);
        let mut findings = Findings::default();
        if n_notes > 0 {
            let (table, found) = notes::make(&mut a, notes, tick)?;
            packer.table(tables::NOTE, table)?;
            findings = found;
        }
        let (concepts, of_findings) = concepts::make(&mut a, &findings);
        packer.table(tables::PERSON, persons::make(&mut a, &periods)?)?;
        if let Some(variables) = persons::variables(&mut a)? {
            packer.table(tables::VARIABLE, variables)?;
        }
        packer.table(tables::OBSERVATION_PERIOD, assemble::period_table(&mut a.core, &periods)?)?;
        packer.table(tables::EVENT, events::make(&mut a, findings, of_findings)?)?;
        packer.table(tables::CONCEPT, concepts.table()?)?;
        identifiers(&mut a);
        words::warn(&mut a);
        a.core.reporter.report.persons = a.persons.len() as u64;
        a.core.reporter.report.events = n_events;
        a.core.reporter.report.notes = n_notes;
        Ok(imported(a, packer.finish()))
    }
}

fn imported(a: Assembly, packed: Packed) -> Imported {
    let withdrawn = a.store.withdrawn(keyer(&a.core.settings).sources());
    let (mut settings, mut reporter, review) = a.core.end();
    a.counts.report(&mut reporter);
    let report = reporter.report;
    let files = &mut settings.source.files;
    if files.is_empty() {
        *files = report.files.iter().map(|f| f.file.clone()).collect();
        files.dedup();
    }
    if settings.safe_harbor {
        assemble::nameless(files, a.store.patients.iter().flat_map(|p| &p.names));
    }
    Imported { withdrawn, ..assemble::imported(settings, (report, review), packed, DatasetShape::Record) }
}

/// Periods by person: from the first to the last event, since FHIR has no observation periods.
fn periods(a: &mut Assembly) -> Vec<(u32, i32, i32)> {
    let mut spans = Spans::new(a.persons.len());
    // `resource` is the row of the person by now.
    a.store.events.iter().for_each(|e| spans.add(e.resource, e.start, e.end));
    if a.core.settings.note_findings {
        a.store.notes.iter().for_each(|n| spans.add(n.resource, n.day, None));
    }
    let mut periods = Vec::new();
    let made = assemble::made_up(&mut periods, spans);
    if made.n_made > 0 {
        a.core.reporter.warn(
            "FHIR holds no observation periods; one from the first to the last event of each person was made. Time without \
             events before and after it does not count as observed.",
        );
    }
    if made.n_never > 0 {
        let persons = counted(made.n_never, "person has", "persons have");
        a.core.reporter.warn(format!("{persons} no event: no time of theirs is observed."));
    }
    periods
}

fn identifiers(a: &mut Assembly) {
    let n = a.persons.len() as u64;
    let reporter = &mut a.core.reporter;
    reporter.identifiers(
        class_words("other"),
        n,
        "Patient.id",
        "ids of resources replaced by a keyed hash; the key stays on this device",
    );
    // By class and place, so that it does not matter in which order they came.
    let told = &a.store.lists.told;
    let mut counts: Vec<_> =
        a.store.identifiers.iter().filter_map(|(i, n)| Some((told.get(*i as usize)?, *n))).collect();
    crate::order::sort_by(&mut counts, |(x, _), (y, _)| x.cmp(y));
    for ((class, place, action), n) in counts {
        reporter.identifiers(class, n, place, action.as_ref());
    }
    a.core.say_dates("dates of all resources");
}

/// Whether a resource counts.
fn is_kept(store: &Store, resource: u32) -> bool {
    store.resources.get(resource as usize).is_some_and(|r| r.state == State::Kept)
}

/// Makes the assembly with its persons in order.
fn with_persons(
    settings: Settings,
    reporter: Reporter,
    store: Store,
    counts: Counts,
    persons: Vec<(PersonKey, u32)>,
    linked: std::collections::BTreeMap<u32, u32>,
) -> Assembly {
    let rows = (0u32..).zip(&persons);
    let mut row_of: FxHashMap<u32, u32> =
        rows.filter_map(|(row, (_, i))| Some((store.patients.get(*i as usize)?.resource, row))).collect();
    for (from, to) in linked {
        if let Some(row) = row_of.get(&to).copied() {
            row_of.insert(from, row);
        }
    }
    let keys = persons.iter().map(|(key, _)| *key).collect();
    let persons = persons.into_iter().map(|(_, i)| i).collect();
    let sources = store.source_keys(keyer(&settings).sources());
    Assembly { core: Core::new(settings, reporter, keys), store, counts, persons, sources, row_of }
}

/// The keyer of the settings.
fn keyer(settings: &Settings) -> Keyer {
    Keyer::new(&settings.secret)
}
