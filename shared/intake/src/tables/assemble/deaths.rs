//! Deaths: what tables of persons, of visits and of values say of the day that somebody died. A death is a day in the table of
//! persons and, in a record, an event, as it is for FHIR and OMOP.

use std::collections::BTreeMap;

use columnar::Column;
use columnar::build::DayBuilder;
use model::concept::Domain;

use super::super::store::{Concept, Event, Store};
use super::Assembly;
use crate::csv::joined::Persons as PersonTable;
use crate::event::Place;
use crate::policy::Dates;
use crate::report::counted;

/// Days of death as they stand in the tables, by the person's key.
#[derive(Default)]
pub(super) struct Deaths {
    of: BTreeMap<u64, Death>,
    /// Persons of whom tables say different days.
    n_odd: u64,
}

/// A death.
struct Death {
    day: i32,
    place: Place,
    /// An event says it already.
    told: bool,
    odd: bool,
}

impl Deaths {
    /// Gathers what all tables say. Of different days of one person the first is taken, and it is said. The tables of persons are
    /// numbered behind the `n_files` others.
    pub(super) fn gather(of_persons: &mut [PersonTable], store: &Store, n_files: usize) -> Self {
        let mut out = Self::default();
        for (file, table) in (n_files..).zip(of_persons) {
            let place = Place::new(u32::try_from(file).unwrap_or(u32::MAX), 0);
            for (key, day) in table.deaths() {
                out.add(key, day, place, false);
            }
        }
        let key = |person: u32| store.keys.get(person as usize).map(|k| k.key);
        for (person, day, place) in &store.deaths {
            if let Some(key) = key(*person) {
                out.add(key, *day, *place, false);
            }
        }
        for event in store.events.iter().filter(|e| e.more == Domain::Death) {
            if let Some(key) = key(event.person) {
                out.add(key, event.start, event.place, true);
            }
        }
        out
    }

    fn add(&mut self, key: u64, day: i32, place: Place, told: bool) {
        let death = self.of.entry(key).or_insert(Death { day, place, told, odd: false });
        death.told |= told;
        if death.day != day {
            self.n_odd += u64::from(!death.odd);
            death.odd = true;
            death.day = death.day.min(day);
        }
    }

    /// The days by row of `person`, moved; nothing where no table says that somebody died.
    pub(super) fn column(&self, a: &Assembly) -> Option<Column> {
        if self.of.is_empty() {
            return None;
        }
        let dates = Dates::new(a.core.settings.dates);
        let mut out = DayBuilder::new();
        for person in &a.persons.keys {
            out.push(self.of.get(&person.key).map(|death| dates.moved(death.day, person.shift)));
        }
        Some(out.finish())
    }

    /// Adds an event for each death that is none yet.
    pub(super) fn events(&self, a: &mut Assembly) {
        if self.n_odd > 0 {
            let persons = counted(self.n_odd, "person has", "persons have");
            a.core
                .reporter
                .warn(format!("{persons} different days of death in the tables: the first of them was taken."));
        }
        let dead = Concept {
            system: "SNOMED".to_owned(),
            code: "419099009".to_owned(),
            display: "Dead (finding)".to_owned(),
            of: 0,
        };
        let untold: Vec<(u32, &Death)> =
            self.of.iter().filter(|(_, d)| !d.told).filter_map(|(key, d)| Some((a.persons.row(*key)?, d))).collect();
        if untold.is_empty() {
            return;
        }
        let concept = a.store.concept(dead);
        let event = |(person, death): (u32, &Death)| Event::new(person, concept, death.day, death.place, Domain::Death);
        a.store.events.extend(untold.into_iter().map(event));
    }
}
