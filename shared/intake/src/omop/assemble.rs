//! The end of an OMOP import: persons found for their events, dates moved, tables made.

mod concepts;
mod duplicates;
mod events;
mod order;
mod persons;
mod spans;
mod units;
mod words;

use columnar::{Dataset, Table as Columns};
use model::dataset::DatasetShape;
use model::intake::FileCount;
use model::tables;
use notes::KnownIdentifiers;

use super::layout::Table;
use super::record::{Event, Note, Period, Place, Records, RowId, row_flaw};
use super::vocabulary::Vocabulary;
use crate::assemble::{self, Core, Findings, NoteRow, Spans, Title};
use crate::key::{Keyer, SourceKeyer};
use crate::report::{Reporter, counted};
use crate::safe_harbor::class_words;
use crate::{Imported, IntakeError, Settings, Tick};

/// What the steps share.
struct Assembly {
    core: Core,
    records: Records,
    vocabulary: Vocabulary,
    sources: SourceKeyer,
}

impl Assembly {
    /// Key of a row, where it has an id.
    fn source(&self, table: Table, id: Option<RowId>) -> Option<f64> {
        id.map(|id| self.sources.key(table.name(), id.0))
    }
}

/// Makes the dataset.
pub(super) fn assemble(
    settings: Settings,
    mut reporter: Reporter,
    mut records: Records,
    vocabulary: Vocabulary,
    mut files: Vec<FileCount>,
    tick: &mut Tick<'_>,
) -> Result<Imported, IntakeError> {
    reject_unknown(&mut records, &mut reporter, &mut files);
    let keyer = Keyer::new(&settings.secret);
    let sources = keyer.sources();
    let id_of = |p: &super::record::Person| records.id_texts.get(p.id as usize).map_or(&[][..], Vec::as_slice);
    let keys = records.persons.iter().map(|p| keyer.person(id_of(p))).collect();
    let mut a = Assembly { core: Core::new(settings, reporter, keys), records, vocabulary, sources };

    duplicates::leave_out(&mut a, &mut files);
    let n_events = a.records.events.len() as u64;
    let n_notes = a.records.notes.len() as u64;
    let periods = periods(&mut a);
    let mut dataset = Dataset::default();
    let mut findings = Findings::default();
    if n_notes > 0 {
        let (table, found) = note_table(&mut a, tick)?;
        dataset.insert(tables::NOTE, table);
        findings = found;
    }
    let mut concepts = concepts::make(&mut a, &mut files);
    units::settle(&mut a);
    let of_findings = findings.names().map(|(system, code, display)| concepts.add(system, code, display)).collect();
    dataset.insert(tables::PERSON, persons::make(&mut a, &periods)?);
    if let Some(variables) = persons::variables(&a)? {
        dataset.insert(tables::VARIABLE, variables);
    }
    dataset.insert(tables::OBSERVATION_PERIOD, assemble::period_table(&mut a.core, &periods)?);
    dataset.insert(tables::EVENT, events::make(&mut a, &concepts, findings, of_findings)?);
    dataset.insert(tables::CONCEPT, concepts.table()?);
    if let Some(ancestors) = concepts::ancestor_table(&a)? {
        dataset.insert(tables::CONCEPT_ANCESTOR, ancestors);
    }
    if let Some(maps) = concepts::map_table(&a)? {
        dataset.insert(tables::CONCEPT_MAP, maps);
    }
    if let Some(spans) = spans::make(&mut a, &concepts)? {
        dataset.insert(tables::SPAN, spans);
    }
    identifiers(&mut a);
    for file in files {
        a.core.reporter.file(file);
    }
    a.core.reporter.report.persons = a.records.persons.len() as u64;
    a.core.reporter.report.events = n_events;
    a.core.reporter.report.notes = n_notes;
    let (settings, reporter, review) = a.core.end();
    assemble::imported(settings, (reporter.report, review), dataset, DatasetShape::Record, assemble::record_meta)
}

/// Rejects rows of persons that the person table does not have; the others are then numbered by its rows.
fn reject_unknown(records: &mut Records, reporter: &mut Reporter, files: &mut [FileCount]) {
    let mut row_of = vec![None; records.id_texts.len()];
    for (row, person) in (0u32..).zip(&records.persons) {
        if let Some(place) = row_of.get_mut(person.id as usize) {
            *place = Some(row);
        }
    }
    let find = |id: u32| row_of.get(id as usize).copied().flatten();
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
    records.events.retain_mut(|Event { person, place, .. }| settle(person, *place));
    records.spans.retain_mut(|Event { person, place, .. }| settle(person, *place));
    records.periods.retain_mut(|Period { person, place, .. }| settle(person, *place));
    records.notes.retain_mut(|Note { person, place, .. }| settle(person, *place));
    crate::order::sort_by_key(&mut unknown, |p| (p.file, p.line));
    for place in unknown {
        let Some(file) = files.get_mut(place.file) else { continue };
        file.rows_kept = file.rows_kept.saturating_sub(1);
        file.rows_rejected += 1;
        reporter.row(&file.file, place.line, row_flaw("person_id", "this person is not in the person table"));
    }
}

/// Periods by person and start; made from the events for persons without one.
fn periods(a: &mut Assembly) -> Vec<(u32, i32, i32)> {
    let mut out: Vec<(u32, i32, i32)> = a.records.periods.iter().map(|p| (p.person, p.start, p.end)).collect();
    let mut spans = Spans::new(a.records.persons.len());
    a.records.events.iter().for_each(|e| spans.add(e.person, e.start, e.end));
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

fn note_table(a: &mut Assembly, tick: &mut Tick<'_>) -> Result<(Columns, Findings), IntakeError> {
    let mut all = std::mem::take(&mut a.records.notes);
    crate::order::sort_by_key(&mut all, |n| (n.person, n.day, n.place.file, n.place.line));
    let (persons, sources) = (&a.records.persons, a.sources);
    let known = |row: u32| {
        let number = persons.get(row as usize).map(|p| p.source_value.clone()).filter(|v| v.len() > 3);
        KnownIdentifiers { numbers: number.into_iter().collect(), ..KnownIdentifiers::default() }
    };
    let rows = all.into_iter().map(|note| NoteRow {
        person: note.person,
        day: note.day,
        title: Title::Free(note.title),
        source: note.id.map(|id| sources.key(Table::Note.name(), id.0)),
        text: note.text,
    });
    assemble::note_table(&mut a.core, rows, known, tick)
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
    if a.records.n_signs > 0 {
        let values = counted(a.records.n_signs, "value is", "values are");
        a.core.reporter.warn(format!(
            "{values} given as 'less than' or 'more than' (operator_concept_id): the limit is kept as the value, the sign as its text."
        ));
    }
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
