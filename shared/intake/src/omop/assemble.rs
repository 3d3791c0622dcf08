//! The end of an OMOP import: persons found for their events, dates moved, tables made.

mod ages;
mod concepts;
mod duplicates;
mod events;
mod order;
mod persons;
mod seen;
mod spans;
mod units;
mod words;

use model::dataset::DatasetShape;
use model::intake::FileCount;
use model::tables;
use notes::KnownIdentifiers;

use super::layout::Table;
use super::record::{Event, Records};
use super::vocabulary::Vocabulary;
use crate::assemble::{self, Core, Findings, NoteRow, Notes, Spans, Title, Unknown};
use crate::key::{Keyer, SourceKeyer};
use crate::pack::Packer;
use crate::report::{Reporter, counted};
use crate::safe_harbor::class_words;
use crate::{Imported, IntakeError, NoteBatch, Settings, Tick};
use seen::Seen;

/// What the steps share.
struct Assembly {
    core: Core,
    records: Records,
    vocabulary: Vocabulary,
    sources: SourceKeyer,
}

/// An import whose events have their persons: its notes are to be screened and read, then its tables are made.
pub(crate) struct Settled {
    a: Assembly,
    files: Vec<FileCount>,
    periods: Vec<(u32, i32, i32)>,
    n_events: u64,
    notes: Notes,
}

/// Finds the persons of all events.
pub(super) fn settle(
    settings: Settings,
    mut reporter: Reporter,
    mut records: Records,
    vocabulary: Vocabulary,
    mut files: Vec<FileCount>,
) -> Settled {
    reject_unknown(&mut records, &mut reporter, &mut files);
    let keyer = Keyer::new(&settings.secret);
    let sources = keyer.sources();
    let id_of = |p: &super::record::Person| records.ids.ids.get(p.id as usize).map_or(&[][..], Vec::as_slice);
    let keys = records.persons.iter().map(|p| keyer.person(id_of(p))).collect();
    let mut a = Assembly { core: Core::new(settings, reporter, keys), records, vocabulary, sources };

    duplicates::leave_out(&mut a, &mut files);
    // Room that was made for more is needed for the tables now.
    a.records.events.shrink_to_fit();
    let n_events = a.records.events.len() as u64;
    let periods = periods(&mut a);
    let notes = notes(&mut a);
    Settled { a, files, periods, n_events, notes }
}

impl Settled {
    /// Notes that another worker may read: see [`crate::RecordImport::next_notes`].
    pub(crate) fn next_notes(&mut self) -> Result<Option<NoteBatch>, IntakeError> {
        self.notes.hand_out(&self.a.core, known(&self.a.records))
    }

    /// Takes the notes that it read.
    pub(crate) fn take_notes(&mut self, done: &[u8]) -> Result<(), IntakeError> {
        self.notes.take(&mut self.a.core, done)
    }

    /// Makes the dataset.
    pub(super) fn finish(self, tick: &mut Tick<'_>) -> Result<Imported, IntakeError> {
        let Self { mut a, mut files, periods, n_events, notes } = self;
        let n_notes = notes.len() as u64;
        let mut packer = Packer::new(a.core.settings.keep_tables, assemble::record_meta);
        let mut findings = Findings::default();
        if n_notes > 0 {
            let (table, found) = notes.table(&mut a.core, known(&a.records), tick)?;
            packer.table(tables::NOTE, table)?;
            findings = found;
        }
        ages::cap(&mut a);
        let seen = Seen::of(&a.records);
        let mut concepts = concepts::make(&mut a, &seen, &mut files);
        units::settle(&mut a);
        let of_findings = findings.names().map(|(system, code, display)| concepts.add(system, code, display)).collect();
        packer.table(tables::PERSON, persons::make(&mut a, &periods)?)?;
        if let Some(variables) = persons::variables(&mut a)? {
            packer.table(tables::VARIABLE, variables)?;
        }
        packer.table(tables::OBSERVATION_PERIOD, assemble::period_table(&mut a.core, &periods)?)?;
        packer.table(tables::EVENT, events::make(&mut a, &concepts, &seen, findings, of_findings)?)?;
        packer.table(tables::CONCEPT, concepts.table()?)?;
        if let Some(ancestors) = concepts::ancestor_table(&a)? {
            packer.table(tables::CONCEPT_ANCESTOR, ancestors)?;
        }
        if let Some(maps) = concepts::map_table(&a)? {
            packer.table(tables::CONCEPT_MAP, maps)?;
        }
        if let Some(spans) = spans::make(&mut a, &concepts)? {
            packer.table(tables::SPAN, spans)?;
        }
        identifiers(&mut a);
        for file in files {
            a.core.reporter.file(file);
        }
        a.core.reporter.report.persons = a.records.persons.len() as u64;
        a.core.reporter.report.events = n_events;
        a.core.reporter.report.notes = n_notes;
        let (settings, reporter, review) = a.core.end();
        Ok(assemble::imported(settings, (reporter.report, review), packer.finish(), DatasetShape::Record))
    }
}

/// Rejects rows of persons that the person table does not have; the others are then numbered by its rows.
fn reject_unknown(records: &mut Records, reporter: &mut Reporter, files: &mut [FileCount]) {
    let mut row_of = vec![None; records.ids.ids.len()];
    for (row, person) in (0u32..).zip(&records.persons) {
        if let Some(place) = row_of.get_mut(person.id as usize) {
            *place = Some(row);
        }
    }
    let mut unknown = Unknown::new(row_of);
    for events in [&mut records.events, &mut records.spans] {
        events.retain_mut(|e| unknown.settle(&mut e.person, e.place));
    }
    records.periods.retain_mut(|p| unknown.settle(&mut p.person, p.place));
    records.notes.retain_mut(|n| unknown.settle(&mut n.person, n.place));
    unknown.reject(("person_id", "this person is not in the person table"), files, reporter);
}

/// Periods by person and start; made from the events for persons without one.
fn periods(a: &mut Assembly) -> Vec<(u32, i32, i32)> {
    let mut out: Vec<(u32, i32, i32)> = a.records.periods.iter().map(|p| (p.person, p.start, p.end)).collect();
    let mut spans = Spans::new(a.records.persons.len());
    a.records.events.iter().for_each(|e| spans.add(e.person, e.start, e.end()));
    if a.core.settings.note_findings {
        a.records.notes.iter().for_each(|n| spans.add(n.person, n.day, None));
    }
    let made = assemble::made_up(&mut out, spans);
    if made.n_made > 0 {
        a.core.reporter.warn(format!(
            "{} no observation period; one from the first to the last event was made. Time without events before and after it \
             does not count as observed.",
            counted(made.n_made, "person has", "persons have")
        ));
    }
    if made.n_never > 0 {
        let persons = counted(made.n_never, "person has", "persons have");
        a.core
            .reporter
            .warn(format!("{persons} neither an observation period nor an event: no time of theirs is observed."));
    }
    out
}

/// The notes by person, day and place.
fn notes(a: &mut Assembly) -> Notes {
    let mut all = std::mem::take(&mut a.records.notes);
    crate::order::sort_by_key(&mut all, |n| (n.person, n.day, n.place));
    let sources = a.sources;
    let rows = all.into_iter().map(|note| NoteRow {
        person: note.person,
        day: note.day,
        title: Title::Free(note.title),
        source: note.id.map(|id| sources.key(Table::Note.name(), id.0)),
        text: note.text,
    });
    Notes::new(rows.collect())
}

/// What is known of the person of a row.
fn known(records: &Records) -> impl Fn(u32) -> KnownIdentifiers + use<'_> {
    |row| {
        let number = records.persons.get(row as usize).map(|p| p.source_value.clone()).filter(|v| v.len() > 3);
        KnownIdentifiers { numbers: number.into_iter().collect(), ..KnownIdentifiers::default() }
    }
}

fn identifiers(a: &mut Assembly) {
    let persons = &a.records.persons;
    let (n, named) = (persons.len() as u64, persons.iter().filter(|p| !p.source_value.is_empty()).count() as u64);
    let action = "person_id replaced by a keyed hash; the key stays on this device";
    let reporter = &mut a.core.reporter;
    reporter.identifiers(class_words("other"), n, "person: person_id", action);
    reporter.identifiers(class_words("record_number"), named, "person: person_source_value", "dropped");
    let at = "device_exposure: unique_device_id";
    reporter.identifiers(class_words("device"), a.records.n_device_ids, at, "dropped");
    a.core.say_dates("dates of all tables");
    say_rows(a);
    if a.records.n_signs > 0 {
        let values = counted(a.records.n_signs, "value is", "values are");
        a.core.reporter.warn(format!(
            "{values} given as 'less than' or 'more than' (operator_concept_id): the limit is kept as the value, the sign as its text."
        ));
    }
}

/// Says what was made of concepts and days' supplies that are not as they should be.
fn say_rows(a: &mut Assembly) {
    let records = &a.records;
    a.core.reporter.warn_counts(&[
        (
            records.n_source_concepts,
            "row has",
            "rows have",
            "no standard concept (concept_id 0) and was given the concept of its source (source_concept_id)",
        ),
        (
            records.n_parts_of_days,
            "days' supply is",
            "days' supplies are",
            "not of whole days: the part of a day was left out",
        ),
        (
            records.n_no_supplies,
            "days' supply is",
            "days' supplies are",
            "not between a day and ten years: no end of the drug was taken from there",
        ),
    ]);
}

/// Rows of a vocabulary table that are kept after all; the others count as not used.
fn settle_counts(files: &mut [FileCount], which: Table, mut kept: u64) {
    for file in files.iter_mut().filter(|f| f.table == which.name()) {
        let here = file.rows_kept.min(kept);
        kept -= here;
        file.rows_not_used += file.rows_kept - here;
        file.rows_kept = here;
    }
}
