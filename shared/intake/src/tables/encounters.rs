//! Encounters, and the rows of other tables that have no day of their own but the number of an encounter.
//!
//! Such rows are of the last day of their encounter: diagnoses and procedures are coded when somebody leaves.

use std::collections::BTreeMap;

use model::intake::FileCount;
use rustc_hash::FxHashMap;

use super::store::{Event, Store};
use crate::event::Place;
use crate::report::{Flaw, Reporter, counted};

/// Nobody: the row does not say whose it is.
pub(super) const NOBODY: u32 = u32::MAX;

/// What tables say of encounters, and the events that wait for it.
#[derive(Default)]
pub(super) struct Encounters {
    numbers: FxHashMap<Box<[u8]>, u32>,
    of: Vec<Option<Encounter>>,
    waiting: Vec<(Event, u32)>,
}

/// An encounter.
#[derive(Clone, Copy)]
struct Encounter {
    person: u32,
    start: i32,
    end: Option<i32>,
    /// It is said of several persons.
    odd: bool,
}

impl Encounters {
    /// The number of an encounter by its identifier.
    pub(super) fn number(&mut self, identifier: &[u8]) -> u32 {
        if let Some(number) = self.numbers.get(identifier) {
            return *number;
        }
        let number = u32::try_from(self.of.len()).unwrap_or(u32::MAX);
        self.of.push(None);
        self.numbers.insert(identifier.into(), number);
        number
    }

    /// Says whose an encounter is and when it was. Of several rows of one the first and the last day count.
    pub(super) fn define(&mut self, identifier: &[u8], person: u32, start: i32, end: Option<i32>) {
        let number = self.number(identifier);
        let Some(place) = self.of.get_mut(number as usize) else { return };
        let known = place.get_or_insert(Encounter { person, start, end, odd: false });
        known.odd |= known.person != person;
        known.start = known.start.min(start);
        known.end = known.end.max(end);
    }

    /// Keeps an event until all tables are read.
    pub(super) fn wait(&mut self, event: Event, encounter: u32) {
        self.waiting.push((event, encounter));
    }
}

/// How rows of a file got their days.
#[derive(Default)]
struct Dated {
    by_end: u64,
    by_start: u64,
    /// Rows that name nobody.
    named: u64,
}

/// Dates what waits. Rows whose encounter does not say when it was are rejected.
pub(super) fn settle(store: &mut Store, files: &mut [FileCount], reporter: &mut Reporter) {
    let waiting = std::mem::take(&mut store.encounters.waiting);
    let mut dated: BTreeMap<u32, Dated> = BTreeMap::new();
    for (mut event, number) in waiting {
        let found = store.encounters.of.get(number as usize).copied().flatten();
        let encounter = match found {
            None => Err("its encounter is in no table that has its days: it is not known when this was"),
            Some(e) if e.odd => Err("its encounter is said to be of several persons"),
            Some(e) if event.person != NOBODY && event.person != e.person => {
                Err("its encounter is another person's in the table of encounters")
            }
            Some(e) => Ok(e),
        };
        match encounter {
            Ok(encounter) => {
                let of = dated.entry(event.place.file).or_default();
                of.named += u64::from(event.person == NOBODY);
                event.person = encounter.person;
                if event.start == i32::MIN {
                    *if encounter.end.is_some() { &mut of.by_end } else { &mut of.by_start } += 1;
                    event.start = encounter.end.unwrap_or(encounter.start);
                }
                store.events.push(event);
            }
            Err(reason) => reject(event.place, reason, files, reporter),
        }
    }
    for (file, of) in dated {
        let name = files.get(file as usize).map(|f| f.file.clone()).unwrap_or_default();
        for (n, one, many) in [
            (
                of.by_end,
                "row has no day of its own and got the last day of its encounter",
                "rows have no day of their own and got the last day of their encounter",
            ),
            (
                of.named,
                "row names nobody and is of the person of its encounter",
                "rows name nobody and are of the persons of their encounters",
            ),
            (
                of.by_start,
                "row has no day of its own and got the first day of it: no last day is known",
                "rows have no day of their own and got the first day of it: no last day is known",
            ),
        ] {
            if n > 0 {
                reporter.warn(format!("{name}: {}.", counted(n, one, many)));
            }
        }
    }
}

fn reject(place: Place, reason: &str, files: &mut [FileCount], reporter: &mut Reporter) {
    let Some(file) = files.get_mut(place.file as usize) else { return };
    file.rows_kept = file.rows_kept.saturating_sub(1);
    file.rows_rejected += 1;
    let flaw = Flaw { field: String::new(), reason: reason.to_owned() };
    reporter.row(&file.file, place.line(), flaw);
}
