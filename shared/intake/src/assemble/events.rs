//! The event table.

use columnar::Table;
use columnar::build::{CategoryBuilder, DayBuilder, IndexBuilder, NumberBuilder};
use model::concept::Domain;
use model::tables;

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
    /// Table or type of resource.
    pub(crate) provenance: &'a str,
}

/// The table while it is made: rows come by person, then start.
pub(crate) struct EventTable {
    person: IndexBuilder,
    concept: IndexBuilder,
    domain: CategoryBuilder,
    start: DayBuilder,
    end: DayBuilder,
    value: NumberBuilder,
    text: CategoryBuilder,
    unit: CategoryBuilder,
    provenance: CategoryBuilder,
}

impl EventTable {
    /// An empty table.
    ///
    /// # Errors
    /// If there are more events than can be numbered.
    pub(crate) fn new(n_events: usize) -> Result<Self, IntakeError> {
        if u32::try_from(n_events).is_err() {
            let detail = "more than four thousand million events".to_owned();
            return Err(IntakeError::TooLarge { file: "the import".to_owned(), detail });
        }
        Ok(Self {
            person: IndexBuilder::new(),
            concept: IndexBuilder::new(),
            domain: CategoryBuilder::new(),
            start: DayBuilder::new(),
            end: DayBuilder::new(),
            value: NumberBuilder::new(),
            text: CategoryBuilder::new(),
            unit: CategoryBuilder::new(),
            provenance: CategoryBuilder::new(),
        })
    }

    pub(crate) fn push(&mut self, core: &mut Core, row: &EventRow<'_>) {
        self.person.push(row.person);
        self.concept.push(row.concept);
        self.domain.push(row.domain.map(Domain::name));
        self.provenance.push(Some(row.provenance));
        self.start.push(Some(core.moved(row.person, row.start)));
        self.end.push(row.end.map(|day| core.moved(row.person, day)));
        self.value.push(row.value);
        self.text.push(row.text);
        self.unit.push(row.unit);
    }

    pub(crate) fn finish(self) -> Result<Table, IntakeError> {
        table(vec![
            (tables::EVENT_PERSON, self.person.finish()),
            (tables::EVENT_DOMAIN, self.domain.finish()),
            (tables::EVENT_CONCEPT, self.concept.finish()),
            (tables::EVENT_START_DAY, self.start.finish()),
            (tables::EVENT_END_DAY, self.end.finish()),
            (tables::EVENT_VALUE, self.value.finish()),
            (tables::EVENT_VALUE_TEXT, self.text.finish()),
            (tables::EVENT_UNIT, self.unit.finish()),
            (tables::EVENT_PROVENANCE, self.provenance.finish()),
        ])
    }
}
