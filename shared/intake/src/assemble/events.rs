//! The event table.

use std::iter::Peekable;

use columnar::Table;
use columnar::build::{CategoryBuilder, DayBuilder, IndexBuilder, NumberBuilder};
use model::concept::Domain;
use model::tables;

use super::findings::{Finding, Findings};
use super::{Core, table};
use crate::IntakeError;
use crate::interned::NO_TEXT;

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
    /// By [`EventTable::text`].
    pub(crate) text: Option<Code>,
    /// By [`EventTable::unit`].
    pub(crate) unit: Option<Code>,
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

/// A text or a unit of the table that is being made.
#[derive(Clone, Copy)]
pub(crate) struct Code(u32);

/// A column of words that the import knows by number, each looked up once.
#[derive(Default)]
struct Numbered {
    column: CategoryBuilder,
    /// By number: nothing as long as it was not looked up.
    codes: Vec<Option<Option<Code>>>,
}

impl Numbered {
    #[inline]
    fn code(&mut self, number: u32, words: impl FnOnce() -> Option<String>) -> Option<Code> {
        if number == NO_TEXT {
            return None;
        }
        match self.codes.get(number as usize) {
            Some(Some(known)) => *known,
            _ => self.look_up(number, words()),
        }
    }

    #[cold]
    fn look_up(&mut self, number: u32, words: Option<String>) -> Option<Code> {
        let code = words.map(|words| Code(self.column.intern(&words)));
        let at = number as usize;
        if at >= self.codes.len() {
            self.codes.resize(at + 1, None);
        }
        if let Some(place) = self.codes.get_mut(at) {
            *place = Some(code);
        }
        code
    }

    fn of(&mut self, words: &str) -> Code {
        Code(self.column.intern(words))
    }

    #[inline]
    fn push(&mut self, code: Option<Code>) {
        match code {
            Some(Code(code)) => self.column.push_code(code),
            None => self.column.push(None),
        }
    }
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
    text: Numbered,
    unit: Numbered,
    provenance: Fixed,
    source: NumberBuilder,
    /// Of findings of notes, where there are any.
    of_notes: Option<(CategoryBuilder, NumberBuilder)>,
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
        let n = n_events + findings.rows.len();
        let mut table = Self {
            person: IndexBuilder::new(),
            concept: IndexBuilder::new(),
            domain: Fixed::default(),
            start: DayBuilder::new(),
            end: DayBuilder::new(),
            value: NumberBuilder::new(),
            text: Numbered::default(),
            unit: Numbered::default(),
            provenance: Fixed::default(),
            source: NumberBuilder::new(),
            of_notes: (!findings.rows.is_empty()).then(Default::default),
            findings: findings.rows.into_iter().peekable(),
            concepts,
        };
        for column in [&mut table.person, &mut table.concept] {
            column.reserve(n);
        }
        for column in [&mut table.start, &mut table.end] {
            column.reserve(n);
        }
        for column in [&mut table.value, &mut table.source] {
            column.reserve(n);
        }
        let Self { domain, provenance, text, unit, .. } = &mut table;
        for column in [&mut domain.column, &mut provenance.column, &mut text.column, &mut unit.column] {
            column.reserve(n);
        }
        Ok(table)
    }

    /// Takes the next event. Findings of notes of days before go first.
    pub(crate) fn push(&mut self, core: &mut Core, row: &EventRow<'_>) {
        while let Some(f) = self.findings.next_if(|f| (f.person, f.day) < (row.person, row.start)) {
            self.finding(core, &f);
        }
        self.domain.push(row.domain.map(Domain::name));
        if let Some((qualifier, note)) = &mut self.of_notes {
            qualifier.push(None);
            note.push(None);
        }
        self.event(core, row);
    }

    /// The value in words that an import knows by number; `words` are asked for once. [`NO_TEXT`] is none.
    #[inline]
    pub(crate) fn text(&mut self, number: u32, words: impl FnOnce() -> Option<String>) -> Option<Code> {
        self.text.code(number, words)
    }

    /// A value in words.
    pub(crate) fn text_of(&mut self, words: &str) -> Code {
        self.text.of(words)
    }

    /// The unit that an import knows by number; `words` are asked for once. [`NO_TEXT`] is none.
    #[inline]
    pub(crate) fn unit(&mut self, number: u32, words: impl FnOnce() -> Option<String>) -> Option<Code> {
        self.unit.code(number, words)
    }

    fn finding(&mut self, core: &mut Core, f: &Finding) {
        let what = &f.what;
        let present = what.context.is_present();
        self.domain.push(Some(if present { Domain::NoteFinding.name() } else { tables::DOMAIN_NOTE_NOT_PRESENT }));
        if let Some((qualifier, note)) = &mut self.of_notes {
            qualifier.push(Some(&what.context.level()));
            note.push(Some(f64::from(f.note)));
        }
        let row = EventRow {
            person: f.person,
            domain: None,
            concept: self.concepts.get(what.concept as usize).copied().unwrap_or(0),
            start: f.day,
            end: None,
            value: what.value,
            text: what.text.as_deref().map(|words| self.text.of(words)),
            unit: what.unit.as_deref().map(|words| self.unit.of(words)),
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
            (tables::EVENT_VALUE_TEXT, self.text.column.finish()),
            (tables::EVENT_UNIT, self.unit.column.finish()),
            (tables::EVENT_PROVENANCE, self.provenance.column.finish()),
        ];
        if self.source.n_missing() < self.source.len() {
            columns.push((tables::EVENT_SOURCE, self.source.finish()));
        }
        if let Some((qualifier, note)) = self.of_notes {
            columns.push((tables::EVENT_QUALIFIER, qualifier.finish()));
            columns.push((tables::EVENT_NOTE, note.finish()));
        }
        table(columns)
    }
}
