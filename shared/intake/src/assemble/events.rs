//! The event table.

use std::iter::Peekable;

use columnar::Table;
use columnar::build::{CategoryBuilder, DayBuilder, IndexBuilder, NumberBuilder};
use model::concept::Domain;
use model::tables;

use super::findings::{Finding, Findings};
use super::{Core, table};
use crate::IntakeError;

/// An event, its days as they stand in the source.
pub(crate) struct EventRow<'a> {
    /// Row of `person`.
    pub(crate) person: u32,
    pub(crate) domain: Option<Domain>,
    /// Row of `concept`.
    pub(crate) concept: u32,
    pub(crate) start: i32,
    pub(crate) end: Option<i32>,
    pub(crate) value: Option<f64>,
    pub(crate) text: Option<&'a str>,
    pub(crate) unit: Option<&'a str>,
    /// Table, type of resource, or file.
    pub(crate) provenance: Provenance<'a>,
    /// Key of the resource or row it came from, where that has an id.
    pub(crate) source: Option<f64>,
}

/// Where an event was read.
#[derive(Clone, Copy)]
pub(crate) enum Provenance<'a> {
    /// A table or a type of resource: a word that stands in the program.
    Kind(&'static str),
    /// A file of the user's.
    File(&'a str),
}

/// A column of words that stand in the program, each hashed once and then known by its place in memory.
#[derive(Default)]
struct Fixed {
    column: CategoryBuilder,
    codes: Vec<(&'static str, u32)>,
}

impl Fixed {
    /// Any word.
    fn push_other(&mut self, word: &str) {
        let code = self.column.intern(word);
        self.column.push_code(code);
    }

    fn push(&mut self, word: Option<&'static str>) {
        let Some(word) = word else { return self.column.push(None) };
        let code = match self.codes.iter().find(|(known, _)| std::ptr::eq(*known, word)) {
            Some((_, code)) => *code,
            None => {
                let code = self.column.intern(word);
                self.codes.push((word, code));
                code
            }
        };
        self.column.push_code(code);
    }
}

/// The table while it is made: rows come by person, then start.
pub(crate) struct EventTable {
    person: IndexBuilder,
    concept: IndexBuilder,
    domain: Fixed,
    start: DayBuilder,
    end: DayBuilder,
    value: NumberBuilder,
    text: CategoryBuilder,
    unit: CategoryBuilder,
    provenance: Fixed,
    source: NumberBuilder,
    /// Of findings of notes only.
    qualifier: CategoryBuilder,
    note: NumberBuilder,
    /// Findings that are still to come, and the row of `concept` of each of their concepts.
    findings: Peekable<std::vec::IntoIter<Finding>>,
    concepts: Vec<u32>,
}

impl EventTable {
    /// An empty table. `findings` come by person and day; `concepts` are the rows of `concept` of their names.
    ///
    /// # Errors
    /// If there are more events than can be numbered.
    pub(crate) fn new(n_events: usize, findings: Findings, concepts: Vec<u32>) -> Result<Self, IntakeError> {
        if u32::try_from(n_events + findings.rows.len()).is_err() {
            let detail = "more than four thousand million events".to_owned();
            return Err(IntakeError::TooLarge { file: "the import".to_owned(), detail });
        }
        Ok(Self {
            person: IndexBuilder::new(),
            concept: IndexBuilder::new(),
            domain: Fixed::default(),
            start: DayBuilder::new(),
            end: DayBuilder::new(),
            value: NumberBuilder::new(),
            text: CategoryBuilder::new(),
            unit: CategoryBuilder::new(),
            provenance: Fixed::default(),
            source: NumberBuilder::new(),
            qualifier: CategoryBuilder::new(),
            note: NumberBuilder::new(),
            findings: findings.rows.into_iter().peekable(),
            concepts,
        })
    }

    /// Takes the next event. Findings of notes of days before go first.
    pub(crate) fn push(&mut self, core: &mut Core, row: &EventRow<'_>) {
        while let Some(f) = self.findings.next_if(|f| (f.person, f.day) < (row.person, row.start)) {
            self.finding(core, &f);
        }
        self.domain.push(row.domain.map(Domain::name));
        self.qualifier.push(None);
        self.note.push(None);
        self.event(core, row);
    }

    fn finding(&mut self, core: &mut Core, f: &Finding) {
        let present = f.context.is_present();
        self.domain.push(Some(if present { Domain::NoteFinding.name() } else { tables::DOMAIN_NOTE_NOT_PRESENT }));
        self.qualifier.push(Some(&f.context.level()));
        self.note.push(Some(f64::from(f.note)));
        let row = EventRow {
            person: f.person,
            domain: None,
            concept: self.concepts.get(f.concept as usize).copied().unwrap_or(0),
            start: f.day,
            end: None,
            value: f.value,
            text: f.text.as_deref(),
            unit: f.unit,
            provenance: Provenance::Kind(tables::PROVENANCE_NOTE),
            source: f.source,
        };
        self.event(core, &row);
    }

    fn event(&mut self, core: &mut Core, row: &EventRow<'_>) {
        self.person.push(row.person);
        self.concept.push(row.concept);
        match row.provenance {
            Provenance::Kind(word) => self.provenance.push(Some(word)),
            Provenance::File(name) => self.provenance.push_other(name),
        }
        self.start.push(Some(core.moved(row.person, row.start)));
        self.end.push(row.end.map(|day| core.moved(row.person, day)));
        self.value.push(row.value);
        self.text.push(row.text);
        self.unit.push(row.unit);
        self.source.push(row.source);
    }

    pub(crate) fn finish(mut self, core: &mut Core) -> Result<Table, IntakeError> {
        while let Some(f) = self.findings.next() {
            self.finding(core, &f);
        }
        let mut columns = vec![
            (tables::EVENT_PERSON, self.person.finish()),
            (tables::EVENT_DOMAIN, self.domain.column.finish()),
            (tables::EVENT_CONCEPT, self.concept.finish()),
            (tables::EVENT_START_DAY, self.start.finish()),
            (tables::EVENT_END_DAY, self.end.finish()),
            (tables::EVENT_VALUE, self.value.finish()),
            (tables::EVENT_VALUE_TEXT, self.text.finish()),
            (tables::EVENT_UNIT, self.unit.finish()),
            (tables::EVENT_PROVENANCE, self.provenance.column.finish()),
        ];
        if self.source.n_missing() < self.source.len() {
            columns.push((tables::EVENT_SOURCE, self.source.finish()));
        }
        if self.note.n_missing() < self.note.len() {
            columns.push((tables::EVENT_QUALIFIER, self.qualifier.finish()));
            columns.push((tables::EVENT_NOTE, self.note.finish()));
        }
        table(columns)
    }
}
