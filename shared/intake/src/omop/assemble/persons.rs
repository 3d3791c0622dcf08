//! The person table and what is known of persons besides.

use columnar::Table as Columns;
use columnar::build::CategoryBuilder;
use notes::KnownIdentifiers;
use rustc_hash::FxHashMap;

use super::super::layout::Table;
use super::Assembly;
use crate::IntakeError;
use crate::assemble::{PersonRow, is_listed, person_table, variable_table};

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

/// Race and ethnicity, where somebody has one. Words of the source that no list has go through the screen.
pub(super) fn variables(a: &mut Assembly) -> Result<Option<Columns>, IntakeError> {
    let (mut race, mut ethnicity) = (CategoryBuilder::new(), CategoryBuilder::new());
    let persons = std::mem::take(&mut a.records.persons);
    let mut clean: FxHashMap<&str, String> = FxHashMap::default();
    for p in &persons {
        for (column, (concept, source)) in [(&mut race, &p.race), (&mut ethnicity, &p.ethnicity)] {
            let known = KNOWN.iter().find(|(id, _)| id == concept).map(|(_, words)| *words);
            let of_vocabulary = a.vocabulary.get(*concept).map(|c| c.display.as_str());
            match of_vocabulary.filter(|_| *concept != 0).or(known) {
                Some(words) => column.push(Some(words)),
                None if source.is_empty() || is_listed(source) => {
                    column.push(Some(source.as_str()).filter(|s| !s.is_empty()));
                }
                None => {
                    let words = clean.entry(source).or_insert_with(|| screened(a, source, None));
                    // The person's own number is looked for where it can be.
                    let own = p.source_value.as_str();
                    if own.len() > 3 && source.contains(own) {
                        column.push(Some(&screened(a, source, Some(own))));
                    } else {
                        column.push(Some(words));
                    }
                }
            }
        }
    }
    drop(clean);
    a.records.persons = persons;
    variable_table([("race", race), ("ethnicity", ethnicity)].into_iter())
}

fn screened(a: &mut Assembly, words: &str, number: Option<&str>) -> String {
    let known =
        KnownIdentifiers { numbers: number.into_iter().map(str::to_owned).collect(), ..KnownIdentifiers::default() };
    a.core.free.shared("race and ethnicity in words", &known, words)
}
