//! Rows of the clinical tables, as they come: persons may come after their events.

use rustc_hash::{FxHashMap, FxHashSet};
use sha2::{Digest as _, Sha256};

use super::layout::{Layout, Table};
use super::row::{Id, Row, Said, integer};
use crate::date::DateFlaw;
use crate::report::{Fate, Flaw, Reporter};
use crate::sex;

/// Where a row stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) file: usize,
    pub(super) line: u64,
}

/// A row's primary key, as a number of fixed size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct RowId(pub(super) [u64; 2]);

impl RowId {
    /// The key of a row, where it has one. Numbers stand for themselves, other ids for half of their SHA-256.
    fn of(layout: &Layout, row: Row<'_>) -> Option<Self> {
        let digest = match row.id(layout.id)? {
            Id::Number(number) => match i64::try_from(number) {
                Ok(number) => return Some(Self::of_number(number)),
                Err(_) => Sha256::digest(number.to_string()),
            },
            Id::Text(bytes) => match integer(bytes) {
                Some(number) => return Some(Self::of_number(number)),
                None => Sha256::digest(bytes),
            },
        };
        let half = |at: usize| digest.get(at..at + 8).and_then(|b| b.try_into().ok()).map_or(0, u64::from_be_bytes);
        // A number's first half is 0; no digest's is.
        Some(Self([half(0) | 1, half(8)]))
    }

    fn of_number(number: i64) -> Self {
        Self([0, number.cast_unsigned()])
    }
}

/// A person of the person table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Person {
    /// Position among all persons named anywhere.
    pub(super) id: u32,
    pub(super) sex: &'static str,
    pub(super) birth: Option<(i32, u32, u32)>,
    pub(super) race: (i64, String),
    pub(super) ethnicity: (i64, String),
    pub(super) source_value: String,
}

/// An event as it stands in its table.
#[derive(Clone, Debug)]
pub(super) struct Event {
    pub(super) person: u32,
    pub(super) table: Table,
    pub(super) concept: i64,
    /// Interned; used where the concept is 0.
    pub(super) source: u32,
    pub(super) start: i32,
    pub(super) end: Option<i32>,
    pub(super) value: Option<f64>,
    pub(super) value_concept: i64,
    pub(super) value_text: u32,
    pub(super) unit_concept: i64,
    pub(super) unit_text: u32,
    pub(super) id: Option<RowId>,
    pub(super) place: Place,
}

/// A period of observation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Period {
    pub(super) person: u32,
    pub(super) start: i32,
    pub(super) end: i32,
    pub(super) place: Place,
}

/// A note.
#[derive(Clone, Debug)]
pub(super) struct Note {
    pub(super) person: u32,
    pub(super) day: i32,
    pub(super) title: String,
    pub(super) text: String,
    pub(super) id: Option<RowId>,
    pub(super) place: Place,
}

/// Everything that was read.
#[derive(Default)]
pub(super) struct Records {
    ids: FxHashMap<Vec<u8>, u32>,
    /// The same of those that came as numbers.
    numbered: FxHashMap<i128, u32>,
    /// The person of the row before: rows of one person often stand together.
    last_id: u32,
    /// Its number, where it came as one.
    last_number: Option<i128>,
    pub(super) id_texts: Vec<Vec<u8>>,
    /// Position in `persons` by number of the person.
    listed: FxHashMap<u32, usize>,
    /// Day and concept of death.
    dead: FxHashMap<u32, (i32, i64)>,
    /// Rows of persons and deaths that were there already, word for word.
    pub(super) n_repeated: u64,
    pub(super) persons: Vec<Person>,
    pub(super) events: Vec<Event>,
    /// Eras and details of visits.
    pub(super) spans: Vec<Event>,
    pub(super) periods: Vec<Period>,
    pub(super) notes: Vec<Note>,
    pub(super) texts: Texts,
    pub(super) n_device_ids: u64,
    /// Values that are limits: `<`, `>`.
    pub(super) n_signs: u64,
}

/// Texts, each once; 0 is no text.
#[derive(Default)]
pub(super) struct Texts {
    by_text: FxHashMap<String, u32>,
    all: Vec<String>,
}

impl Texts {
    pub(super) fn intern(&mut self, text: &str) -> u32 {
        if text.is_empty() {
            return 0;
        }
        if let Some(&i) = self.by_text.get(text) {
            return i;
        }
        self.all.push(text.to_owned());
        let i = u32::try_from(self.all.len()).unwrap_or(0);
        self.by_text.insert(text.to_owned(), i);
        i
    }

    pub(super) fn get(&self, i: u32) -> Option<&str> {
        (i as usize).checked_sub(1).and_then(|i| self.all.get(i)).map(String::as_str)
    }
}

/// The flaw of a row.
pub(super) fn row_flaw(field: &str, reason: impl Into<String>) -> Flaw {
    Flaw { field: field.to_owned(), reason: reason.into() }
}

/// Lists values of a row that are set to missing.
struct Flaws<'a> {
    file: &'a str,
    line: u64,
    reporter: &'a mut Reporter,
}

impl Flaws<'_> {
    fn value(&mut self, field: &str, reason: impl Into<String>) {
        self.reporter.value(self.file, self.line, row_flaw(field, reason));
    }
}

impl Records {
    pub(super) fn n_persons_listed(&self) -> usize {
        self.persons.len()
    }

    /// Concepts that the records refer to.
    pub(super) fn used_concepts(&self) -> FxHashSet<i64> {
        let of_events =
            self.events.iter().chain(&self.spans).flat_map(|e| [e.concept, e.value_concept, e.unit_concept]);
        let of_persons = self.persons.iter().flat_map(|p| [p.race.0, p.ethnicity.0]);
        distinct(of_events.chain(of_persons))
    }

    /// Takes a row of a clinical table.
    pub(super) fn take(
        &mut self,
        layout: &Layout,
        row: Row<'_>,
        place: Place,
        file: &str,
        reporter: &mut Reporter,
    ) -> Result<Fate, Flaw> {
        let Some(id) = row.id(layout.person) else {
            return Err(row_flaw("person_id", "no person: the row belongs to nobody"));
        };
        let mut flaws = Flaws { file, line: place.line, reporter };
        match layout.table {
            Table::Person => self.person(id, layout, row, &mut flaws),
            Table::ObservationPeriod => self.period(id, layout, row, place).map(|()| Fate::Kept),
            Table::Note => self.note(id, layout, row, place).map(|()| Fate::Kept),
            _ => self.event(id, layout, row, place, &mut flaws),
        }
    }

    fn id(&mut self, id: Id<'_>) -> u32 {
        let known = match id {
            Id::Number(n) if self.last_number == Some(n) => Some(self.last_id),
            Id::Number(n) => self.numbered.get(&n).copied(),
            Id::Text(bytes) => {
                let same = self.id_texts.get(self.last_id as usize).is_some_and(|last| last == bytes);
                if same { Some(self.last_id) } else { self.ids.get(bytes).copied() }
            }
        };
        if let Some(known) = known {
            self.last_number = if let Id::Number(n) = id { Some(n) } else { None };
            self.last_id = known;
            return known;
        }
        let text = match id {
            Id::Number(n) => n.to_string().into_bytes(),
            Id::Text(bytes) => bytes.to_vec(),
        };
        let next = u32::try_from(self.id_texts.len()).unwrap_or(u32::MAX);
        let place = *self.ids.entry(text).or_insert(next);
        if place == next {
            let text = match id {
                Id::Number(n) => n.to_string().into_bytes(),
                Id::Text(bytes) => bytes.to_vec(),
            };
            self.id_texts.push(text);
        }
        if let Id::Number(n) = id {
            self.numbered.insert(n, place);
        }
        place
    }

    fn person(&mut self, id: Id<'_>, layout: &Layout, row: Row<'_>, flaws: &mut Flaws<'_>) -> Result<Fate, Flaw> {
        let id = self.id(id);
        let part = |i: usize| row.integer(layout.extra(i)).value();
        let small = |v: Option<i64>| v.and_then(|v| u32::try_from(v).ok());
        let mut birth = part(0)
            .and_then(|y| i32::try_from(y).ok())
            .filter(|y| (1800..=2200).contains(y))
            .map(|y| (y, small(part(1)).unwrap_or(7), small(part(2)).unwrap_or(1)));
        if birth.is_none() && !row.is_missing(layout.extra(0)) {
            flaws.value("year_of_birth", "not a year between 1800 and 2200; set to missing");
        }
        if birth.is_none()
            && let Some(Ok(day)) = row.day(layout.extra(8), None)
        {
            birth = Some(columnar::day::to_ymd(day));
        }
        let concept = |i| row.integer(i).value().unwrap_or(0);
        let sex = match concept(layout.concept) {
            8507 => "male",
            8532 => "female",
            8521 => "other",
            _ => sex::sex_of(&row.text(layout.extra(3))).unwrap_or("unknown"),
        };
        let person = Person {
            id,
            sex,
            birth,
            race: (concept(layout.extra(4)), row.text(layout.extra(5)).into_owned()),
            ethnicity: (concept(layout.extra(6)), row.text(layout.extra(7)).into_owned()),
            source_value: row.text(layout.source_value).into_owned(),
        };
        if let Some(first) = self.listed.get(&id) {
            if self.persons.get(*first) == Some(&person) {
                self.n_repeated += 1;
                return Ok(Fate::NotUsed);
            }
            return Err(row_flaw("person_id", "this person stands in the person table already; the first row is kept"));
        }
        self.listed.insert(id, self.persons.len());
        self.persons.push(person);
        Ok(Fate::Kept)
    }

    fn period(&mut self, id: Id<'_>, layout: &Layout, row: Row<'_>, place: Place) -> Result<(), Flaw> {
        let start = day(row, layout.start, layout.start_time, "observation_period_start_date")?;
        let end = day(row, layout.end, layout.end_time, "observation_period_end_date")?;
        if end < start {
            return Err(row_flaw("observation_period_end_date", "the period ends before it begins"));
        }
        let person = self.id(id);
        self.periods.push(Period { person, start, end, place });
        Ok(())
    }

    fn note(&mut self, id: Id<'_>, layout: &Layout, row: Row<'_>, place: Place) -> Result<(), Flaw> {
        let day = day(row, layout.start, layout.start_time, "note_date")?;
        let text = row.text(layout.extra(1)).into_owned();
        if text.is_empty() {
            return Err(row_flaw("note_text", "a note without text"));
        }
        let person = self.id(id);
        self.notes.push(Note {
            person,
            day,
            title: row.text(layout.extra(0)).into_owned(),
            text,
            id: RowId::of(layout, row),
            place,
        });
        Ok(())
    }

    fn event(
        &mut self,
        id: Id<'_>,
        layout: &Layout,
        row: Row<'_>,
        place: Place,
        flaws: &mut Flaws<'_>,
    ) -> Result<Fate, Flaw> {
        let start = day(row, layout.start, layout.start_time, "start date")?;
        let concept = match row.integer(layout.concept) {
            Said::Is(id) => id,
            Said::Nothing => 0,
            Said::Other => return Err(row_flaw("concept_id", "the concept is no whole number")),
        };
        let person = self.id(id);
        if layout.table == Table::Death {
            match self.dead.get(&person) {
                Some(first) if *first == (start, concept) => {
                    self.n_repeated += 1;
                    return Ok(Fate::NotUsed);
                }
                Some(_) => return Err(row_flaw("person_id", "a second death of this person; the first row is kept")),
                None => self.dead.insert(person, (start, concept)),
            };
        }
        let end = end_day(layout, row, start, flaws);
        let value = row.number(layout.value);
        if value == Said::Other {
            flaws.value("value", "not a number; set to missing");
        }
        let value = value.value();
        let value_concept = row.integer(layout.value_concept).value().unwrap_or(0);
        let mut words = row.text(layout.value_text);
        if words.is_empty() && value.is_none() {
            words = row.text(layout.value_source);
        }
        let value_text = match sign(layout, row).filter(|_| value.is_some() && value_concept == 0 && words.is_empty()) {
            Some(sign) => {
                self.n_signs += 1;
                self.texts.intern(sign)
            }
            None if value_concept == 0 => self.texts.intern(&words),
            None => 0,
        };
        let source = if concept == 0 { self.texts.intern(&row.text(layout.source_value)) } else { 0 };
        let unit_text = self.texts.intern(&row.text(layout.unit_source));
        if layout.table == Table::Device && !row.is_missing(layout.extra(0)) {
            self.n_device_ids += 1;
        }
        let into = if layout.table.is_span() { &mut self.spans } else { &mut self.events };
        into.push(Event {
            person,
            table: layout.table,
            concept,
            source,
            start,
            end,
            value,
            value_concept,
            value_text,
            unit_concept: row.integer(layout.unit_concept).value().unwrap_or(0),
            unit_text,
            id: RowId::of(layout, row),
            place,
        });
        Ok(Fate::Kept)
    }
}

/// What a measurement's operator says, where its value is a limit.
fn sign(layout: &Layout, row: Row<'_>) -> Option<&'static str> {
    let at = layout.extra(0).filter(|_| layout.table == Table::Measurement);
    match row.integer(Some(at?)).value()? {
        4_171_756 => Some("<"),
        4_171_754 => Some("<="),
        4_172_704 => Some(">"),
        4_171_755 => Some(">="),
        _ => None,
    }
}

/// The ids that are not zero, each once. Most rows repeat an id of shortly before, which is not hashed again.
pub(super) fn distinct(ids: impl Iterator<Item = i64>) -> FxHashSet<i64> {
    let (mut all, mut recent) = (FxHashSet::default(), [0_i64; 256]);
    for id in ids {
        let place = id.cast_unsigned().wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56;
        if let Some(there) = usize::try_from(place).ok().and_then(|place| recent.get_mut(place))
            && *there != id
        {
            *there = id;
            all.insert(id);
        }
    }
    all.remove(&0);
    all
}

/// The day in a date column, else in the column of date and time beside it.
fn day(row: Row<'_>, date: Option<usize>, time: Option<usize>, field: &str) -> Result<i32, Flaw> {
    match row.day(date, time) {
        Some(Ok(day)) => Ok(day),
        Some(Err(DateFlaw::NoSuchDay)) => Err(row_flaw(field, "there is no such day")),
        Some(Err(_)) => Err(row_flaw(field, "not a date written as year-month-day")),
        None => Err(row_flaw(field, "no date: it is not known when this was")),
    }
}

/// The end of an event: as given, or for drugs the days' supply after the start.
fn end_day(layout: &Layout, row: Row<'_>, start: i32, flaws: &mut Flaws<'_>) -> Option<i32> {
    match row.day(layout.end, layout.end_time) {
        None => {
            let supply = row.integer(layout.days_supply).value().filter(|d| (1..=3650).contains(d))?;
            start.checked_add(i32::try_from(supply).ok()?)
        }
        Some(Ok(end)) if end >= start => Some(end),
        Some(Ok(_)) => {
            flaws.value("end date", "the end lies before the start; the end is set to missing");
            None
        }
        Some(Err(DateFlaw::NoSuchDay)) => {
            flaws.value("end date", "there is no such day; the end is set to missing");
            None
        }
        Some(Err(_)) => {
            flaws.value("end date", "not a date written as year-month-day; the end is set to missing");
            None
        }
    }
}
