//! The end of an OMOP import: persons found for their events, dates moved, tables made.

mod concepts;
mod events;
mod persons;

use columnar::build::{CategoryBuilder, DayBuilder, IndexBuilder, NumberBuilder, TextBuilder};
use columnar::{Dataset, Table as Columns};
use model::dataset::{ColumnRole, DATASET_SCHEMA_VERSION, DatasetHeader, DatasetShape, DeidentificationStep};
use model::intake::FileCount;
use model::tables;
use notes::KnownIdentifiers;

use super::layout::Table;
use super::record::{Event, Note, Period, Place, Records, row_flaw};
use super::vocabulary::Vocabulary;
use crate::free_text::FreeText;
use crate::key::{Keyer, PersonKey};
use crate::pack::{ColumnMeta, Imported, dataset_id, pack};
use crate::policy::Dates;
use crate::report::{Reporter, counted};
use crate::safe_harbor::class_words;
use crate::{IntakeError, Settings};

/// What the steps share.
struct Assembly {
    settings: Settings,
    reporter: Reporter,
    records: Records,
    vocabulary: Vocabulary,
    /// By row of `person`.
    keys: Vec<PersonKey>,
    dates: Dates,
    n_dates: u64,
    free: FreeText,
}

impl Assembly {
    fn moved(&mut self, person: u32, day: i32) -> i32 {
        self.n_dates += 1;
        let shift = self.keys.get(person as usize).map_or(1, |k| k.shift);
        self.dates.moved(day, shift)
    }
}

/// Makes the dataset.
pub(super) fn assemble(
    settings: Settings,
    mut reporter: Reporter,
    mut records: Records,
    vocabulary: Vocabulary,
    mut files: Vec<FileCount>,
) -> Result<Imported, IntakeError> {
    reject_unknown(&mut records, &mut reporter, &mut files);
    let keyer = Keyer::new(&settings.secret);
    let id_of = |p: &super::record::Person| records.id_texts.get(p.id as usize).map_or(&[][..], Vec::as_slice);
    let keys = records.persons.iter().map(|p| keyer.person(id_of(p))).collect();
    let dates = Dates::new(settings.dates);
    let free = FreeText::new(&settings);
    let mut a = Assembly { settings, reporter, records, vocabulary, keys, dates, n_dates: 0, free };

    let concepts = concepts::make(&mut a, &mut files);
    let periods = periods(&mut a);
    let persons = persons::make(&mut a, &periods)?;
    let mut dataset = Dataset::default();
    let n_events = a.records.events.len() as u64;
    let n_notes = a.records.notes.len() as u64;
    dataset.insert(tables::PERSON, persons);
    if let Some(variables) = persons::variables(&a)? {
        dataset.insert(tables::VARIABLE, variables);
    }
    dataset.insert(tables::OBSERVATION_PERIOD, period_table(&mut a, &periods)?);
    dataset.insert(tables::EVENT, events::make(&mut a, &concepts)?);
    dataset.insert(tables::CONCEPT, concepts.table()?);
    if let Some(ancestors) = concepts::ancestor_table(&a)? {
        dataset.insert(tables::CONCEPT_ANCESTOR, ancestors);
    }
    if n_notes > 0 {
        dataset.insert(tables::NOTE, note_table(&mut a)?);
    }
    identifiers(&mut a);
    for file in files {
        a.reporter.file(file);
    }
    a.reporter.report.persons = a.records.persons.len() as u64;
    a.reporter.report.events = n_events;
    a.reporter.report.notes = n_notes;
    imported(a, dataset)
}

fn imported(mut a: Assembly, dataset: Dataset) -> Result<Imported, IntakeError> {
    let (table_headers, chunks) = pack(&dataset, |_, name| {
        let role = match name {
            tables::PERSON_KEY => ColumnRole::Identifier,
            tables::PERSON_DEATH_DAY | tables::EVENT_START_DAY | tables::EVENT_END_DAY | tables::NOTE_DAY => {
                ColumnRole::Date
            }
            tables::NOTE_TEXT => ColumnRole::Text,
            "race" | "ethnicity" | tables::PERSON_SEX => ColumnRole::Category,
            _ => ColumnRole::Number,
        };
        ColumnMeta { role, ..ColumnMeta::default() }
    })?;
    let review = a.free.report(&mut a.reporter);
    let report = a.reporter.report;
    let mut source = a.settings.source;
    if source.format.is_empty() {
        "omop".clone_into(&mut source.format);
    }
    if source.files.is_empty() {
        source.files = report.files.iter().map(|f| f.file.clone()).collect();
    }
    let header = DatasetHeader {
        schema_version: DATASET_SCHEMA_VERSION,
        id: dataset_id(&table_headers),
        name: a.settings.name,
        source,
        shape: DatasetShape::Record,
        n_persons: report.persons,
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
    Ok(Imported { dataset, header, chunks, report, review })
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
    records.periods.retain_mut(|Period { person, place, .. }| settle(person, *place));
    records.notes.retain_mut(|Note { person, place, .. }| settle(person, *place));
    unknown.sort_by_key(|p| (p.file, p.line));
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
    let mut has = vec![false; a.records.persons.len()];
    for (person, ..) in &out {
        if let Some(flag) = has.get_mut(*person as usize) {
            *flag = true;
        }
    }
    let mut spans: Vec<Option<(i32, i32)>> = vec![None; has.len()];
    for event in &a.records.events {
        if let Some(span) = spans.get_mut(event.person as usize) {
            let (first, last) = span.unwrap_or((event.start, event.start));
            *span = Some((first.min(event.start), last.max(event.end.unwrap_or(event.start))));
        }
    }
    let (mut n_made, mut n_never) = (0, 0);
    for (person, (has, span)) in (0u32..).zip(has.into_iter().zip(spans)) {
        match (has, span) {
            (true, _) => {}
            (false, Some((first, last))) => {
                out.push((person, first, last));
                n_made += 1;
            }
            (false, None) => n_never += 1,
        }
    }
    if n_made > 0 {
        a.reporter.warn(format!(
            "{} no observation period; one from the first to the last event was made. Time without events before and after it \
             does not count as observed.",
            counted(n_made, "person has", "persons have")
        ));
    }
    if n_never > 0 {
        let persons = counted(n_never, "person has", "persons have");
        a.reporter
            .warn(format!("{persons} neither an observation period nor an event: no time of theirs is observed."));
    }
    out.sort_unstable();
    out
}

fn period_table(a: &mut Assembly, periods: &[(u32, i32, i32)]) -> Result<Columns, IntakeError> {
    let (mut person, mut start, mut end) = (IndexBuilder::new(), DayBuilder::new(), DayBuilder::new());
    for &(p, first, last) in periods {
        person.push(p);
        start.push(Some(a.moved(p, first)));
        end.push(Some(a.moved(p, last)));
    }
    table(vec![
        (tables::PERIOD_PERSON, person.finish()),
        (tables::PERIOD_START_DAY, start.finish()),
        (tables::PERIOD_END_DAY, end.finish()),
    ])
}

fn note_table(a: &mut Assembly) -> Result<Columns, IntakeError> {
    let mut all = std::mem::take(&mut a.records.notes);
    all.sort_by_key(|n| (n.person, n.day, n.place.file, n.place.line));
    let (mut person, mut day) = (IndexBuilder::new(), DayBuilder::new());
    let (mut title, mut text) = (CategoryBuilder::new(), TextBuilder::new());
    for note in &all {
        let mut known = KnownIdentifiers::default();
        let of = a.records.persons.get(note.person as usize);
        known.numbers.extend(of.map(|p| p.source_value.clone()).filter(|v| v.len() > 3));
        let key = a.keys.get(note.person as usize).copied().unwrap_or_default();
        let mut screened = |raw: &str| a.free.clean("note", key, &known, raw);
        let (clean_title, clean_text) = (screened(&note.title), screened(&note.text));
        person.push(note.person);
        title.push(Some(clean_title.as_str()).filter(|t| !t.is_empty()));
        text.push(Some(&clean_text))
            .map_err(|e| IntakeError::TooLarge { file: "note".to_owned(), detail: e.to_string() })?;
        day.push(Some(a.moved(note.person, note.day)));
    }
    table(vec![
        (tables::NOTE_PERSON, person.finish()),
        (tables::NOTE_DAY, day.finish()),
        (tables::NOTE_TITLE, title.finish()),
        (tables::NOTE_TEXT, text.finish()),
    ])
}

fn identifiers(a: &mut Assembly) {
    let persons = &a.records.persons;
    let (n, named) = (persons.len() as u64, persons.iter().filter(|p| !p.source_value.is_empty()).count() as u64);
    let action = "person_id replaced by a keyed hash; the key stays on this device";
    a.reporter.identifiers(class_words("other"), n, "person: person_id", action);
    a.reporter.identifiers(class_words("record_number"), named, "person: person_source_value", "dropped");
    a.reporter.identifiers(
        class_words("device"),
        a.records.n_device_ids,
        "device_exposure: unique_device_id",
        "dropped",
    );
    let words = a.dates.words();
    a.reporter.identifiers(class_words("date"), a.n_dates, "dates of all tables", words);
    if a.settings.dates == crate::DatePolicy::Keep {
        a.reporter.warn("Dates are kept as they are, as was asked for: they can tell who somebody is.");
    }
}

fn table(columns: Vec<(&str, columnar::Column)>) -> Result<Columns, IntakeError> {
    let columns = columns.into_iter().map(|(name, column)| (name.to_owned(), column)).collect();
    Columns::new(columns).map_err(|e| IntakeError::Pack(e.to_string()))
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

/// A column of numbers that all exist.
fn number_column(values: impl IntoIterator<Item = Option<f64>>) -> columnar::Column {
    let mut out = NumberBuilder::new();
    values.into_iter().for_each(|v| out.push(v));
    out.finish()
}
