//! The person table and what is known of persons besides.

use columnar::build::{CategoryBuilder, DayBuilder, TextBuilder};
use columnar::{Table as Columns, day};
use model::concept::Domain;
use model::tables;

use super::super::counts::Counts;
use super::super::kind::Kind;
use super::super::store::{Event, NONE, Store};
use super::{Assembly, is_kept, keyer, number_column, table, with_persons};
use crate::key::hex;
use crate::report::Reporter;
use crate::{DatePolicy, IntakeError, Settings, safe_harbor};

/// Names of the variables.
pub(super) const VARIABLES: [&str; 5] = ["race", "ethnicity", "marital_status", "state", "zip3"];

/// Orders the persons by their keys, so that the order of the files does not matter.
pub(super) fn order(
    settings: Settings,
    reporter: Reporter,
    store: Store,
    counts: Counts,
) -> Result<Assembly, IntakeError> {
    let keyer = keyer(&settings);
    let kept = (0u32..).zip(&store.patients).filter(|(_, p)| is_kept(&store, p.resource));
    let mut persons: Vec<_> = kept.map(|(i, p)| (keyer.person(p.identity.as_bytes()), i)).collect();
    persons.sort_by_key(|(key, i)| (key.key, store.patients.get(*i as usize).map(|p| p.identity.as_str())));
    if persons.is_empty() {
        let n = counts.n_read;
        return Err(IntakeError::Fhir(if n == 0 {
            "There is no FHIR resource among the files. FHIR comes as .json or .ndjson files with a resourceType in each \
             resource."
                .to_owned()
        } else {
            format!(
                "{} read, and none is a Patient that can be used: give the file with the Patient resources too.",
                crate::report::counted(n, "resource was", "resources were")
            )
        }));
    }
    Ok(with_persons(settings, reporter, store, counts, persons))
}

/// Adds an event of death for each person who died on a known day.
pub(super) fn add_deaths(a: &mut Assembly) {
    let concept = a.store.lists.concepts.number("SNOMED", "419099009", "Dead (finding)");
    let rows = u32::try_from(a.persons.len()).unwrap_or(NONE);
    for row in 0..rows {
        let Some(start) = a.patient(row).and_then(|p| p.death) else { continue };
        a.store.events.push(Event {
            resource: row,
            kind: Kind::Patient,
            domain: Domain::Death,
            concept,
            link: NONE,
            start,
            end: None,
            value: None,
            text: 0,
            unit: 0,
        });
    }
}

/// Makes the person table. `periods` are by person, before their dates are moved.
pub(super) fn make(a: &mut Assembly, periods: &[(u32, i32, i32)]) -> Result<Columns, IntakeError> {
    let n = a.persons.len();
    let mut last_seen: Vec<Option<i32>> = vec![None; n];
    for &(person, _, end) in periods {
        if let Some(last) = last_seen.get_mut(person as usize) {
            *last = Some(end);
        }
    }
    let (mut key, mut sex, mut death) = (TextBuilder::new(), CategoryBuilder::new(), DayBuilder::new());
    let (mut years, mut n_old) = (Vec::with_capacity(n), 0u64);
    for (row, last) in (0u32..).zip(last_seen) {
        let mut digits = [0u8; 16];
        hex(a.keys.get(row as usize).map_or(0, |k| k.key), &mut digits);
        let text = std::str::from_utf8(&digits).unwrap_or_default();
        key.push(Some(text)).map_err(|e| IntakeError::Pack(e.to_string()))?;
        let patient = a.patient(row);
        sex.push(patient.map(|p| p.sex));
        let died = patient.and_then(|p| p.death);
        // Nobody grows older than at death, whatever an event's end says.
        years.push(birth_year(a, row, died.or(last), &mut n_old).map(f64::from));
        death.push(died.map(|day| a.moved(row, day)));
    }
    a.reporter.identifiers(
        "ages over 89",
        n_old,
        "Patient.birthDate",
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
fn birth_year(a: &Assembly, row: u32, last: Option<i32>, n_old: &mut u64) -> Option<i32> {
    let (year, month, of_month) = a.patient(row)?.birth?;
    let shift = a.keys.get(row as usize).map_or(0, |k| i32::from(k.shift));
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

/// Race, ethnicity, marital status, state and three digits of the ZIP code, where somebody has one.
pub(super) fn variables(a: &Assembly) -> Result<Option<Columns>, IntakeError> {
    let mut columns: [CategoryBuilder; 5] = std::array::from_fn(|_| CategoryBuilder::new());
    let rows = u32::try_from(a.persons.len()).unwrap_or(NONE);
    for row in 0..rows {
        let of = a.patient(row).map(|p| [p.race, p.ethnicity, p.marital_status, p.state, p.zip3]);
        for (column, text) in columns.iter_mut().zip(of.unwrap_or_default()) {
            column.push(a.store.lists.texts.get(text));
        }
    }
    let columns: Vec<_> = VARIABLES
        .into_iter()
        .zip(columns)
        .filter(|(_, c)| c.n_missing() < c.len())
        .map(|(name, c)| (name, c.finish()))
        .collect();
    if columns.is_empty() { Ok(None) } else { table(columns).map(Some) }
}
