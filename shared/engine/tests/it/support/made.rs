//! Records made row by row, put into the engine as stored ones are.

#![allow(dead_code, clippy::unwrap_used, reason = "each test file uses its own part, and a test may fail like this")]

use columnar::build::{CategoryBuilder, DayBuilder, IndexBuilder, NumberBuilder, TextBuilder};
use columnar::{Column, Dataset, Table};
use model::dataset::{
    ColumnRole, DATASET_SCHEMA_VERSION, DatasetHeader, DatasetId, DatasetShape, DatasetSource, DeidentificationStep,
};
use protocol::LoadDataset;

use super::Host;

#[derive(Clone, Debug)]
pub struct Person {
    pub key: String,
    pub sex: Option<&'static str>,
    pub birth_year: Option<f64>,
    pub death: Option<i32>,
}

#[derive(Clone, Debug)]
pub struct Event {
    pub person: u32,
    pub domain: &'static str,
    pub concept: u32,
    pub start: Option<i32>,
    pub end: Option<i32>,
    pub value: Option<f64>,
    pub text: Option<&'static str>,
    pub unit: Option<&'static str>,
}

#[derive(Clone, Debug)]
pub struct Note {
    pub person: u32,
    pub day: Option<i32>,
    pub text: Option<&'static str>,
}

/// A record under construction.
#[derive(Clone, Debug, Default)]
pub struct Made {
    pub persons: Vec<Person>,
    pub periods: Vec<(u32, Option<i32>, Option<i32>)>,
    pub events: Vec<Event>,
    pub notes: Vec<Note>,
    /// System, code, display.
    pub concepts: Vec<(&'static str, &'static str, &'static str)>,
    pub variables: Vec<(&'static str, Column, ColumnRole)>,
    pub dates: Option<&'static str>,
}

pub const CONDITION: u32 = 0;
pub const VISIT: u32 = 1;
pub const CREATININE: u32 = 2;

impl Made {
    /// Four persons, alike and faultless: A and B female, C and D male, all born in 1950 and observed from day 0 to day
    /// 9,999; D died on day 9,000. Each has a condition and a visit on day 100, a creatinine on day 200, a note on day 100.
    pub fn good() -> Self {
        let mut made = Self {
            concepts: vec![
                ("SNOMED", "38341003", "Hypertensive disorder"),
                ("Visit", "IP", "Inpatient Visit"),
                ("LOINC", "2160-0", "Creatinine"),
            ],
            dates: Some("kept as they are, as was asked for"),
            ..Self::default()
        };
        for (person, key) in (0..).zip(["A", "B", "C", "D"]) {
            let sex = Some(if person < 2 { "female" } else { "male" });
            let death = (key == "D").then_some(9000);
            made.persons.push(Person { key: key.into(), sex, birth_year: Some(1950.0), death });
            made.periods.push((person, Some(0), Some(9999)));
            made.events.push(Event { end: None, ..made.event(person, "condition", CONDITION, 100) });
            made.events.push(Event { end: Some(105), ..made.event(person, "visit", VISIT, 100) });
            made.events.push(Event {
                value: Some(1.0),
                unit: Some("mg/dL"),
                ..made.event(person, "measurement", CREATININE, 200)
            });
            made.notes.push(Note { person, day: Some(100), text: Some("Denies chest pain. Hypertension.") });
        }
        made
    }

    /// A bare event.
    pub fn event(&self, person: u32, domain: &'static str, concept: u32, start: i32) -> Event {
        Event { person, domain, concept, start: Some(start), end: None, value: None, text: None, unit: None }
    }

    /// The first event of a person in a domain.
    pub fn of(&mut self, person: u32, domain: &str) -> &mut Event {
        self.events.iter_mut().find(|e| e.person == person && e.domain == domain).unwrap()
    }

    /// Adds a concept.
    pub fn concept(&mut self, system: &'static str, code: &'static str, display: &'static str) -> u32 {
        self.concepts.push((system, code, display));
        u32::try_from(self.concepts.len() - 1).unwrap()
    }

    /// Puts the record into an engine.
    pub fn open(&self, host: &mut Host) -> DatasetId {
        let dataset = self.dataset();
        let role = |name: &str| self.variables.iter().find(|v| v.0 == name).map(|v| v.2).unwrap_or_default();
        let (tables, chunks) = intake::pack(&dataset, |table, name| intake::ColumnMeta {
            role: if table == "variable" { role(name) } else { ColumnRole::default() },
            ..intake::ColumnMeta::default()
        })
        .unwrap();
        let id = intake::dataset_id(&tables);
        let is_flat = self.events.is_empty() && self.periods.is_empty();
        let step = |action: &str| DeidentificationStep { class: "dates".into(), action: action.into() };
        let header = DatasetHeader {
            schema_version: DATASET_SCHEMA_VERSION,
            id: id.clone(),
            name: "made".into(),
            source: DatasetSource::default(),
            shape: if is_flat { DatasetShape::Flat } else { DatasetShape::Record },
            n_persons: self.persons.len() as u64,
            tables,
            deidentification: self.dates.map(step).into_iter().collect(),
            rows_read: 0,
            rows_kept: 0,
            rows_rejected: 0,
            keyed: None,
        };
        host.ask_with(LoadDataset { header }, chunks.into_iter().map(|c| c.bytes).collect()).unwrap();
        id
    }

    fn dataset(&self) -> Dataset {
        let mut data = Dataset::default();
        let mut add = |name: &str, columns: Vec<(&str, Column)>| {
            let columns = columns.into_iter().map(|(n, c)| (n.to_owned(), c)).collect();
            data.insert(name.to_owned(), Table::new(columns).unwrap());
        };
        if !self.persons.is_empty() {
            add("person", self.person_columns());
        }
        if !self.variables.is_empty() {
            add("variable", self.variables.iter().map(|(n, c, _)| (*n, c.clone())).collect());
        }
        if !self.periods.is_empty() {
            let (mut person, mut from, mut to) = (IndexBuilder::new(), DayBuilder::new(), DayBuilder::new());
            for (who, start, end) in &self.periods {
                person.push(*who);
                from.push(*start);
                to.push(*end);
            }
            let columns = vec![("person", person.finish()), ("start_day", from.finish()), ("end_day", to.finish())];
            add("observation_period", columns);
        }
        if !self.events.is_empty() {
            add("event", self.event_columns());
            let (mut system, mut code, mut display) = (CategoryBuilder::new(), TextBuilder::new(), TextBuilder::new());
            for (s, c, d) in &self.concepts {
                system.push(Some(s));
                code.push(Some(c)).unwrap();
                display.push(Some(d)).unwrap();
            }
            add("concept", vec![("system", system.finish()), ("code", code.finish()), ("display", display.finish())]);
        }
        if !self.notes.is_empty() {
            let (mut person, mut day) = (IndexBuilder::new(), DayBuilder::new());
            let (mut title, mut text) = (CategoryBuilder::new(), TextBuilder::new());
            for note in &self.notes {
                person.push(note.person);
                day.push(note.day);
                title.push(Some("Progress note"));
                text.push(note.text).unwrap();
            }
            let columns = [("person", person.finish()), ("day", day.finish()), ("title", title.finish())];
            add("note", columns.into_iter().chain([("text", text.finish())]).collect());
        }
        data
    }

    fn person_columns(&self) -> Vec<(&'static str, Column)> {
        let (mut key, mut sex) = (TextBuilder::new(), CategoryBuilder::new());
        let (mut birth, mut death) = (NumberBuilder::new(), DayBuilder::new());
        for person in &self.persons {
            key.push(Some(&person.key)).unwrap();
            sex.push(person.sex);
            birth.push(person.birth_year);
            death.push(person.death);
        }
        vec![
            ("person_key", key.finish()),
            ("sex", sex.finish()),
            ("birth_year", birth.finish()),
            ("death_day", death.finish()),
        ]
    }

    fn event_columns(&self) -> Vec<(&'static str, Column)> {
        let mut events = self.events.clone();
        events.sort_by_key(|e| (e.person, e.start));
        let (mut person, mut concept) = (IndexBuilder::new(), IndexBuilder::new());
        let (mut domain, mut unit, mut text) = (CategoryBuilder::new(), CategoryBuilder::new(), CategoryBuilder::new());
        let (mut start, mut end, mut value) = (DayBuilder::new(), DayBuilder::new(), NumberBuilder::new());
        for e in &events {
            person.push(e.person);
            concept.push(e.concept);
            domain.push(Some(e.domain));
            start.push(e.start);
            end.push(e.end);
            value.push(e.value);
            text.push(e.text);
            unit.push(e.unit);
        }
        vec![
            ("person", person.finish()),
            ("domain", domain.finish()),
            ("concept", concept.finish()),
            ("start_day", start.finish()),
            ("end_day", end.finish()),
            ("value", value.finish()),
            ("value_text", text.finish()),
            ("unit", unit.finish()),
        ]
    }
}
