//! The person table and what is known of persons besides.

use columnar::Table as Columns;
use columnar::build::CategoryBuilder;

use super::super::layout::Table;
use super::Assembly;
use crate::IntakeError;
use crate::assemble::{PersonRow, person_table, variable_table};

/// Names of the races and ethnicities of the US census, for folders without a vocabulary.
const KNOWN: [(i64, &str); 7] = [
    (8527, "White"),
    (8515, "Asian"),
    (8516, "Black or African American"),
    (8557, "Native Hawaiian or Other Pacific Islander"),
    (8657, "American Indian or Alaska Native"),
    (38_003_563, "Hispanic or Latino"),
    (38_003_564, "Not Hispanic or Latino"),
];

/// Makes the person table. `periods` are by person, before their dates are moved.
pub(super) fn make(a: &mut Assembly, periods: &[(u32, i32, i32)]) -> Result<Columns, IntakeError> {
    let n = a.records.persons.len();
    let mut last_seen: Vec<Option<i32>> = vec![None; n];
    let mut deaths: Vec<Option<i32>> = vec![None; n];
    for &(person, _, end) in periods {
        if let Some(last) = last_seen.get_mut(person as usize) {
            *last = (*last).max(Some(end));
        }
    }
    for e in &a.records.events {
        if let Some(last) = last_seen.get_mut(e.person as usize) {
            *last = (*last).max(Some(e.last()));
        }
        if a.records.table(e.place) == Table::Death
            && let Some(death) = deaths.get_mut(e.person as usize)
        {
            *death = Some(e.start);
        }
    }
    let persons = a.records.persons.iter().zip(deaths.into_iter().zip(last_seen));
    let rows = persons.map(|(p, (death, last))| PersonRow { sex: p.sex, birth: p.birth, death, last });
    person_table(&mut a.core, rows, "person: birth dates")
}

/// Race and ethnicity, where somebody has one.
pub(super) fn variables(a: &Assembly) -> Result<Option<Columns>, IntakeError> {
    let words = |concept: i64, source: &str| {
        let known = KNOWN.iter().find(|(id, _)| *id == concept).map(|(_, words)| (*words).to_owned());
        let of_vocabulary = a.vocabulary.get(concept).map(|c| c.display.clone());
        let source = Some(source.to_owned()).filter(|s| !s.is_empty());
        of_vocabulary.filter(|_| concept != 0).or(known).or(source)
    };
    let (mut race, mut ethnicity) = (CategoryBuilder::new(), CategoryBuilder::new());
    for p in &a.records.persons {
        race.push(words(p.race.0, &p.race.1).as_deref());
        ethnicity.push(words(p.ethnicity.0, &p.ethnicity.1).as_deref());
    }
    variable_table([("race", race), ("ethnicity", ethnicity)].into_iter())
}
