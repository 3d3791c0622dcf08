//! Years of birth among the values of visits and long tables: nobody older than 90.

use columnar::day;
use rustc_hash::FxHashMap;

use super::Assembly;
use crate::csv::births::year_of_birth;
use crate::csv::names::is_birth_year;
use crate::policy::Dates;

/// Sets years of birth of people above 89 as for age 90, by the last day that all tables have of them, moved.
pub(super) fn settle(a: &mut Assembly, last_seen: &FxHashMap<u64, i32>) {
    if !a.core.settings.safe_harbor {
        return;
    }
    let named =
        |concept: &super::super::store::Concept| is_birth_year(&concept.display) || is_birth_year(&concept.code);
    let births = a.store.concepts_that(named);
    if births.is_empty() {
        return;
    }
    let dates = Dates::new(a.core.settings.dates);
    let mut n_old = 0;
    for event in a.store.events.iter_mut().filter(|e| births.binary_search(&e.concept).is_ok()) {
        let (Some(born), Some(person)) = (event.value(), a.persons.keys.get(event.person as usize)) else { continue };
        // The event itself is a day of the person.
        let day = last_seen.get(&person.key).copied().unwrap_or(event.start);
        let (year, old) = year_of_birth(born, day::year_of(dates.moved(day, person.shift)));
        n_old += u64::from(old);
        event.set_value(Some(year));
    }
    a.core.reporter.identifiers(
        "ages over 89",
        n_old,
        "years of birth among events",
        "year of birth set as for age 90",
    );
}
