//! The end of a FHIR import: references followed, dates moved, tables made.

mod concepts;
mod events;
mod notes;
mod persons;
mod resolve;
mod values;
mod words;

use columnar::build::{DayBuilder, IndexBuilder, NumberBuilder};
use columnar::{Column, Dataset, Table as Columns};
use model::dataset::{ColumnRole, DATASET_SCHEMA_VERSION, DatasetHeader, DatasetShape, DeidentificationStep};
use model::tables;
use rustc_hash::{FxHashMap, FxHashSet};

use super::counts::Counts;
use super::store::{State, Store};
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
    store: Store,
    counts: Counts,
    /// Position in `store.patients` by row of `person`.
    persons: Vec<u32>,
    /// By row of `person`.
    keys: Vec<PersonKey>,
    /// Row of `person` by resource.
    row_of: FxHashMap<u32, u32>,
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

    fn patient(&self, row: u32) -> Option<&super::store::Patient> {
        self.persons.get(row as usize).and_then(|i| self.store.patients.get(*i as usize))
    }
}

/// Makes the dataset.
pub(super) fn assemble(
    settings: Settings,
    reporter: Reporter,
    store: Store,
    counts: Counts,
) -> Result<Imported, IntakeError> {
    let mut a = persons::order(settings, reporter, store, counts)?;
    resolve::resolve(&mut a);
    values::settle(&mut a);
    persons::add_deaths(&mut a);
    let n_events = a.store.events.len() as u64;
    let concepts = concepts::make(&mut a);
    let periods = periods(&mut a);
    let mut dataset = Dataset::default();
    dataset.insert(tables::PERSON, persons::make(&mut a, &periods)?);
    if let Some(variables) = persons::variables(&a)? {
        dataset.insert(tables::VARIABLE, variables);
    }
    dataset.insert(tables::OBSERVATION_PERIOD, period_table(&mut a, &periods)?);
    dataset.insert(tables::EVENT, events::make(&mut a)?);
    dataset.insert(tables::CONCEPT, concepts.table()?);
    let n_notes = a.store.notes.len() as u64;
    if n_notes > 0 {
        dataset.insert(tables::NOTE, notes::make(&mut a)?);
    }
    identifiers(&mut a);
    words::warn(&mut a);
    a.reporter.report.persons = a.persons.len() as u64;
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
            tables::PERSON_SEX => ColumnRole::Category,
            _ if persons::VARIABLES.contains(&name) => ColumnRole::Category,
            _ => ColumnRole::Number,
        };
        ColumnMeta { role, ..ColumnMeta::default() }
    })?;
    a.counts.report(&mut a.reporter);
    let review = a.free.report(&mut a.reporter);
    let report = a.reporter.report;
    let mut source = a.settings.source;
    if source.format.is_empty() {
        "fhir".clone_into(&mut source.format);
    }
    if source.files.is_empty() {
        source.files = report.files.iter().map(|f| f.file.clone()).collect();
        source.files.dedup();
    }
    if a.settings.safe_harbor {
        nameless(&mut source.files, &a.store.patients);
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

/// Files that are named after a person lose their names: the header is stored.
fn nameless(files: &mut [String], patients: &[super::store::Patient]) {
    let bare = |word: &str| word.trim_end_matches(|c: char| c.is_ascii_digit()).to_lowercase();
    fn words(text: &str) -> impl Iterator<Item = &str> {
        text.split(|c: char| !c.is_alphanumeric()).filter(|w| w.len() > 2)
    }
    let names: FxHashSet<String> = patients.iter().flat_map(|p| &p.names).flat_map(|n| words(n)).map(bare).collect();
    for file in files {
        if words(file).any(|word| names.contains(&bare(word))) {
            "a file named after a person".clone_into(file);
        }
    }
}

/// Periods by person: from the first to the last event, since FHIR has no observation periods.
fn periods(a: &mut Assembly) -> Vec<(u32, i32, i32)> {
    let mut spans: Vec<Option<(i32, i32)>> = vec![None; a.persons.len()];
    for event in &a.store.events {
        // `resource` is the row of the person by now.
        if let Some(span) = spans.get_mut(event.resource as usize) {
            let (first, last) = span.unwrap_or((event.start, event.start));
            *span = Some((first.min(event.start), last.max(event.end.unwrap_or(event.start))));
        }
    }
    let n_never = spans.iter().filter(|s| s.is_none()).count() as u64;
    if n_never < spans.len() as u64 {
        a.reporter.warn(
            "FHIR holds no observation periods; one from the first to the last event of each person was made. Time without \
             events before and after it does not count as observed.",
        );
    }
    if n_never > 0 {
        let persons = counted(n_never, "person has", "persons have");
        a.reporter.warn(format!("{persons} no event: no time of theirs is observed."));
    }
    (0u32..).zip(spans).filter_map(|(row, span)| span.map(|(first, last)| (row, first, last))).collect()
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

fn identifiers(a: &mut Assembly) {
    let n = a.persons.len() as u64;
    a.reporter.identifiers(
        class_words("other"),
        n,
        "Patient.id",
        "ids of resources replaced by a keyed hash; the key stays on this device",
    );
    for ((class, place, action), n) in std::mem::take(&mut a.store.lists.identifiers) {
        a.reporter.identifiers(class, n, place, action);
    }
    let words = a.dates.words();
    a.reporter.identifiers(class_words("date"), a.n_dates, "dates of all resources", words);
    if a.settings.dates == crate::DatePolicy::Keep {
        a.reporter.warn("Dates are kept as they are, as was asked for: they can tell who somebody is.");
    }
}

fn table(columns: Vec<(&str, Column)>) -> Result<Columns, IntakeError> {
    let columns = columns.into_iter().map(|(name, column)| (name.to_owned(), column)).collect();
    Columns::new(columns).map_err(|e| IntakeError::Pack(e.to_string()))
}

fn number_column(values: impl IntoIterator<Item = Option<f64>>) -> Column {
    let mut out = NumberBuilder::new();
    values.into_iter().for_each(|v| out.push(v));
    out.finish()
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
) -> Assembly {
    let rows = (0u32..).zip(&persons);
    let row_of = rows.filter_map(|(row, (_, i))| Some((store.patients.get(*i as usize)?.resource, row))).collect();
    let dates = Dates::new(settings.dates);
    let keys = persons.iter().map(|(key, _)| *key).collect();
    let persons = persons.into_iter().map(|(_, i)| i).collect();
    let free = FreeText::new(&settings);
    Assembly { settings, reporter, store, counts, persons, keys, row_of, dates, n_dates: 0, free }
}

/// The keyer of the settings.
fn keyer(settings: &Settings) -> Keyer {
    Keyer::new(&settings.secret)
}
