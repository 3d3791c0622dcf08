//! The person table and what is known of persons besides.

use columnar::build::{CategoryBuilder, DayBuilder, TextBuilder};
use columnar::{Table as Columns, day};
use model::tables;

use super::super::layout::Table;
use super::{Assembly, number_column, table};
use crate::key::hex;
use crate::{DatePolicy, IntakeError, safe_harbor};

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
    let ends = periods.iter().map(|&(person, _, end)| (person, end));
    let events = a.records.events.iter().map(|e| (e.person, e.end.unwrap_or(e.start)));
    for (person, end) in ends.chain(events) {
        if let Some(last) = last_seen.get_mut(person as usize) {
            *last = (*last).max(Some(end));
        }
    }
    for event in a.records.events.iter().filter(|e| e.table == Table::Death) {
        if let Some(death) = deaths.get_mut(event.person as usize) {
            *death = Some(event.start);
            if let Some(last) = last_seen.get_mut(event.person as usize) {
                // Nobody grows older than at death, whatever a period's end says.
                *last = Some(event.start);
            }
        }
    }
    let (mut key, mut sex, mut death) = (TextBuilder::new(), CategoryBuilder::new(), DayBuilder::new());
    let (mut years, mut n_old) = (Vec::with_capacity(n), 0u64);
    for row in 0..n {
        let mut digits = [0u8; 16];
        hex(a.keys.get(row).map_or(0, |k| k.key), &mut digits);
        let text = std::str::from_utf8(&digits).unwrap_or_default();
        key.push(Some(text)).map_err(|e| IntakeError::Pack(e.to_string()))?;
        sex.push(a.records.persons.get(row).map(|p| p.sex));
        let last = last_seen.get(row).copied().flatten();
        let year = birth_year(a, row, last, &mut n_old);
        years.push(year.map(f64::from));
        let person = u32::try_from(row).unwrap_or(u32::MAX);
        death.push(deaths.get(row).copied().flatten().map(|day| a.moved(person, day)));
    }
    a.reporter.identifiers(
        "ages over 89",
        n_old,
        "person: birth dates",
        "year of birth set as for age 90 at the last observation",
    );
    table(vec![
        (tables::PERSON_KEY, key.finish()),
        (tables::PERSON_SEX, sex.finish()),
        (tables::PERSON_BIRTH_YEAR, number_column(years)),
        (tables::PERSON_DEATH_DAY, death.finish()),
    ])
}

/// The year of birth, moved with the person's dates; nobody is older than 90 when last seen.
fn birth_year(a: &Assembly, row: usize, last: Option<i32>, n_old: &mut u64) -> Option<i32> {
    let (year, month, of_month) = a.records.persons.get(row)?.birth?;
    let shift = a.keys.get(row).map_or(0, |k| i32::from(k.shift));
    let shift = if a.settings.dates == DatePolicy::Shift { shift } else { 0 };
    let born = day::from_ymd(year, month, of_month).or_else(|| day::from_ymd(year, 7, 1));
    let year = born.map_or(year, |born| day::year_of(born + shift));
    let last_year = last.map(|last| day::year_of(last + shift)).or(a.settings.this_year);
    let Some(last_year) = last_year else { return Some(year) };
    if !a.settings.safe_harbor {
        return Some(year);
    }
    let (year, old) = safe_harbor::birth_year(year, last_year);
    *n_old += u64::from(old);
    Some(year)
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
    let columns: Vec<_> = [("race", race), ("ethnicity", ethnicity)]
        .into_iter()
        .filter(|(_, c)| c.n_missing() < c.len())
        .map(|(name, c)| (name, c.finish()))
        .collect();
    if columns.is_empty() { Ok(None) } else { table(columns).map(Some) }
}
