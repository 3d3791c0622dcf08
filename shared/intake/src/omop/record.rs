//! Rows of the clinical tables, as they come: persons may come after their events.

use rustc_hash::{FxHashMap, FxHashSet};

use super::ids::{LongIds, Persons, RowId, ShortId};
use super::layout::{Layout, Table};
use super::pairs::Pairs;
use super::row::{Id, Row, Said};
use crate::date::DateFlaw;
use crate::event::Place;
use crate::interned::{NO_TEXT, Texts};
use crate::report::{Fate, Flaw, Reporter};
use crate::sex;

/// Days that a drug may last.
const MAX_SUPPLY_DAYS: f64 = 3650.0;

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

/// An event as it stands in its table: its concept, answer (as text) and unit are numbers of [`Pairs`]. Its table is that of
/// its file.
pub(super) type Event = crate::event::Event<ShortId>;

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

/// The table of each file.
#[derive(Default)]
pub(super) struct Tables(Vec<Table>);

impl Tables {
    /// Begins a file; one of no table that is used gives no records.
    pub(super) fn begin_file(&mut self, table: Option<Table>) {
        self.0.push(table.unwrap_or(Table::Concept));
    }

    /// The table that a row stood in.
    #[inline]
    pub(super) fn of(&self, place: Place) -> Table {
        self.0.get(place.file as usize).copied().unwrap_or(Table::Concept)
    }
}

/// Everything that was read.
#[derive(Default)]
pub(super) struct Records {
    pub(super) tables: Tables,
    pub(super) ids: Persons,
    pub(super) row_ids: LongIds,
    /// Concepts of events; the source's word where the concept is 0.
    pub(super) concepts: Pairs,
    /// Values as concepts or words.
    pub(super) answers: Pairs,
    pub(super) units: Pairs,
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
    /// Rows that have the concept of their source, for want of a standard one.
    pub(super) n_source_concepts: u64,
    /// Days' supplies with part of a day.
    pub(super) n_parts_of_days: u64,
    /// Days' supplies of no day, of less, or of more than ten years.
    pub(super) n_no_supplies: u64,
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

    /// A concept beside the one of the row; 0 where there is none.
    fn concept(&mut self, field: &str, row: Row<'_>, at: Option<usize>) -> i64 {
        let said = row.integer(at);
        if said == Said::Other {
            self.value(field, "the concept is no whole number; set to missing");
        }
        said.value().unwrap_or(0)
    }
}

impl Records {
    pub(super) fn n_persons_listed(&self) -> usize {
        self.persons.len()
    }

    /// The table that a row stood in.
    #[inline]
    pub(super) fn table(&self, place: Place) -> Table {
        self.tables.of(place)
    }

    /// Concepts that the records refer to.
    pub(super) fn named_concepts(&self) -> FxHashSet<i64> {
        let pairs = [&self.concepts, &self.answers, &self.units];
        let of_events = pairs.into_iter().flat_map(Pairs::all).map(|(concept, _)| *concept);
        of_events.chain(self.of_persons()).filter(|id| *id != 0).collect()
    }

    /// Concepts that the person table refers to.
    pub(super) fn of_persons(&self) -> impl Iterator<Item = i64> {
        self.persons.iter().flat_map(|p| [p.race.0, p.ethnicity.0])
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
        let mut flaws = Flaws { file, line: place.line(), reporter };
        match layout.table {
            Table::Person => self.person(id, layout, row, &mut flaws),
            Table::ObservationPeriod => self.period(id, layout, row, place).map(|()| Fate::Kept),
            Table::Note => self.note(id, layout, row, place).map(|()| Fate::Kept),
            _ => self.event(id, layout, row, place, &mut flaws),
        }
    }

    fn person(&mut self, id: Id<'_>, layout: &Layout, row: Row<'_>, flaws: &mut Flaws<'_>) -> Result<Fate, Flaw> {
        let id = self.ids.number(id);
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
        let person = self.ids.number(id);
        self.periods.push(Period { person, start, end, place });
        Ok(())
    }

    fn note(&mut self, id: Id<'_>, layout: &Layout, row: Row<'_>, place: Place) -> Result<(), Flaw> {
        let day = day(row, layout.start, layout.start_time, "note_date")?;
        let text = row.text(layout.extra(1)).into_owned();
        if text.is_empty() {
            return Err(row_flaw("note_text", "a note without text"));
        }
        let person = self.ids.number(id);
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
        let of_source = if concept == 0 { flaws.concept("source_concept_id", row, layout.source_concept) } else { 0 };
        let concept = if concept == 0 { of_source } else { concept };
        let person = self.ids.number(id);
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
        self.n_source_concepts += u64::from(of_source != 0);
        let end = self.end_day(layout, row, start, flaws);
        let value = row.number(layout.value);
        if value == Said::Other {
            flaws.value("value", "not a number; set to missing");
        }
        let value = value.value();
        let answer = self.answer(layout, row, value.is_none(), flaws);
        let source = if concept == 0 { self.texts.intern(&row.text(layout.source_value)) } else { NO_TEXT };
        let unit_text = self.texts.intern(&row.text(layout.unit_source));
        let unit_concept = flaws.concept("unit_concept_id", row, layout.unit_concept);
        if layout.table == Table::Device && !row.is_missing(layout.extra(0)) {
            self.n_device_ids += 1;
        }
        let into = if layout.table.is_span() { &mut self.spans } else { &mut self.events };
        let id = self.row_ids.short(RowId::of(layout, row));
        let mut event = Event::new(person, self.concepts.number((concept, source)), start, place, id);
        event.set_end(end);
        event.set_value(value);
        event.text = answer;
        event.unit = self.units.number((unit_concept, unit_text));
        into.push(event);
        Ok(Fate::Kept)
    }

    /// The value as a concept, else in words; without a number, also in the source's own. A number that is a limit has its sign.
    fn answer(&mut self, layout: &Layout, row: Row<'_>, no_number: bool, flaws: &mut Flaws<'_>) -> u32 {
        let concept = flaws.concept("value_as_concept_id", row, layout.value_concept);
        if concept != 0 {
            return self.answers.number((concept, NO_TEXT));
        }
        let mut words = row.text(layout.value_text);
        if words.is_empty() && no_number {
            words = row.text(layout.value_source);
        }
        let text = match sign(layout, row).filter(|_| !no_number && words.is_empty()) {
            Some(sign) => {
                self.n_signs += 1;
                self.texts.intern(sign)
            }
            None => self.texts.intern(&words),
        };
        self.answers.number((0, text))
    }

    /// The end of an event: as given, or for drugs the last day of the days' supply: 30 days from the first of June are over on the 30th
    /// (OHDSI's Themis).
    fn end_day(&mut self, layout: &Layout, row: Row<'_>, start: i32, flaws: &mut Flaws<'_>) -> Option<i32> {
        let reason = match row.day(layout.end, layout.end_time) {
            None => return self.supplied(layout, row, start, flaws),
            Some(Ok(end)) if end >= start => return Some(end),
            Some(Ok(_)) => "the end lies before the start; the end is set to missing",
            Some(Err(DateFlaw::NoSuchDay)) => "there is no such day; the end is set to missing",
            Some(Err(_)) => "not a date written as year-month-day; the end is set to missing",
        };
        flaws.value("end date", reason);
        None
    }

    fn supplied(&mut self, layout: &Layout, row: Row<'_>, start: i32, flaws: &mut Flaws<'_>) -> Option<i32> {
        let days = match row.number(layout.days_supply) {
            Said::Nothing => return None,
            Said::Is(days) => days,
            Said::Other => {
                flaws.value("days_supply", "not a number; set to missing");
                return None;
            }
        };
        if !(1.0..=MAX_SUPPLY_DAYS + 1.0).contains(&days) || days.floor() > MAX_SUPPLY_DAYS {
            self.n_no_supplies += 1;
            return None;
        }
        self.n_parts_of_days += u64::from(days.fract() != 0.0);
        #[expect(clippy::cast_possible_truncation, reason = "between 1 and 3650")]
        start.checked_add(days.floor() as i32 - 1)
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

/// The day in a date column, else in the column of date and time beside it.
fn day(row: Row<'_>, date: Option<usize>, time: Option<usize>, field: &str) -> Result<i32, Flaw> {
    match row.day(date, time) {
        Some(Ok(day)) => Ok(day),
        Some(Err(DateFlaw::NoSuchDay)) => Err(row_flaw(field, "there is no such day")),
        Some(Err(_)) => Err(row_flaw(field, "not a date written as year-month-day")),
        None => Err(row_flaw(field, "no date: it is not known when this was")),
    }
}
