//! The person table and what is known of persons besides.

use ::notes::KnownIdentifiers;
use columnar::Table as Columns;
use columnar::build::CategoryBuilder;
use model::concept::Domain;
use rustc_hash::FxHashMap;

use super::super::counts::{Counts, UNREAD};
use super::super::kind::Kind;
use super::super::store::{Event, NONE, Patient, Store};
use super::notes::identifiers;
use super::{Assembly, is_kept, keyer, known, linked, with_persons};
use crate::assemble::{Answers, PersonRow, is_listed, person_table, variable_table};
use crate::report::{Reporter, counted};
use crate::{IntakeError, Settings};

/// Names of the variables.
pub(super) const VARIABLES: [&str; 5] = ["race", "ethnicity", "marital_status", "state", "zip3"];
/// Positions among them.
const STATE: usize = 3;
const ZIP3: usize = 4;

/// Orders the persons by their keys, so that the order of the files does not matter.
pub(super) fn order(
    settings: Settings,
    mut reporter: Reporter,
    mut store: Store,
    mut counts: Counts,
) -> Result<Assembly, IntakeError> {
    let keyer = keyer(&settings);
    let n_known = known::add(&mut store, &settings.known, &keyer);
    if n_known > 0 {
        reporter.warn(format!(
            "{} not among these files and found in the dataset that they are added to. Their names are not kept there: notes \
             about them were screened without.",
            counted(n_known, "patient was", "patients were")
        ));
    }
    let linked = linked::follow(&mut store, &mut counts);
    let stays = |p: &Patient| is_kept(&store, p.resource) && !linked.contains_key(&p.resource);
    let kept = (0u32..).zip(&store.patients).filter(|(_, p)| stays(p));
    let mut persons: Vec<_> = kept.map(|(i, p)| (keyer.person(p.identity.as_bytes()), i)).collect();
    crate::order::sort_by_key(&mut persons, |(key, i)| {
        (key.key, store.patients.get(*i as usize).map(|p| p.identity.as_str()))
    });
    // An update may do nothing but take back.
    let takes_back = !settings.known.is_empty() && !store.withdrawn(keyer.sources()).is_empty();
    if persons.is_empty() && !takes_back {
        return Err(IntakeError::Fhir(nobody(&counts)));
    }
    Ok(with_persons(settings, reporter, store, counts, persons, linked))
}

/// Why there is nobody, and what to do.
fn nobody(counts: &Counts) -> String {
    let types = counts.types();
    let resources: Vec<_> = types.iter().filter(|(name, _)| *name != UNREAD).collect();
    if resources.is_empty() {
        return "There is no FHIR resource among the files. FHIR comes as .json or .ndjson files with a resourceType in each \
                resource."
            .to_owned();
    }
    let n = resources.iter().map(|(_, n)| n).sum();
    let most: Vec<String> = resources.iter().take(4).map(|(name, n)| format!("{n} {name}")).collect();
    let others = if resources.len() > most.len() { ", and others" } else { "" };
    format!(
        "{} read ({}{others}), and none is a Patient that can be used: give the file with the Patient resources too.",
        counted(n, "resource was", "resources were"),
        most.join(", ")
    )
}

/// Adds an event of death for each person who died on a known day.
pub(super) fn add_deaths(a: &mut Assembly) {
    let concept = a.store.lists.concepts.number("SNOMED", "419099009", "Dead (finding)");
    let rows = u32::try_from(a.persons.len()).unwrap_or(NONE);
    for row in 0..rows {
        let Some((start, resource)) = a.patient(row).and_then(|p| Some((p.death?, p.resource))) else { continue };
        a.store.events.push(Event {
            resource: row,
            kind: Kind::Patient,
            domain: Domain::Death,
            concept,
            link: resource,
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
    let mut last_seen: Vec<Option<i32>> = vec![None; a.persons.len()];
    for &(person, _, end) in periods {
        if let Some(last) = last_seen.get_mut(person as usize) {
            *last = Some(end);
        }
    }
    let patients = &a.store.patients;
    let rows = a.persons.iter().zip(last_seen).map(|(i, last)| {
        let patient = patients.get(*i as usize);
        PersonRow {
            sex: patient.map_or("unknown", |p| p.sex),
            birth: patient.and_then(|p| p.birth),
            death: patient.and_then(|p| p.death),
            last,
        }
    });
    person_table(&mut a.core, rows, "Patient.birthDate")
}

/// Race, ethnicity, marital status, state and three digits of the ZIP code, where somebody has one. What somebody wrote and no list has
/// goes through the screen.
pub(super) fn variables(a: &mut Assembly) -> Result<Option<Columns>, IntakeError> {
    let mut columns: [CategoryBuilder; 5] = std::array::from_fn(|_| CategoryBuilder::new());
    let mut answers = Answers::at("race, ethnicity and marital status in words");
    let mut states: FxHashMap<u32, String> = FxHashMap::default();
    for (row, i) in (0u32..).zip(&a.persons) {
        let Some(p) = a.store.patients.get(*i as usize) else {
            columns.iter_mut().for_each(|column| column.push(None));
            continue;
        };
        for (at, number) in [p.race, p.ethnicity, p.marital_status, p.state, p.zip3].into_iter().enumerate() {
            let Some(column) = columns.get_mut(at) else { continue };
            let texts = &a.store.lists.texts;
            let text = texts.get(number);
            let written = text.filter(|text| at != ZIP3 && texts.is_free(number) && !is_listed(text));
            match written {
                None => column.push(text),
                // The name of a city may be the state's: it is not looked for there.
                Some(text) if at == STATE => {
                    let clean = states.entry(number).or_insert_with(|| {
                        a.core.free.shared("Patient.address.state", &KnownIdentifiers::default(), text)
                    });
                    column.push(Some(clean));
                }
                Some(text) => {
                    column.push(Some(&answers.clean(&mut a.core, (number, text), row, || identifiers(p))));
                }
            }
        }
    }
    variable_table(VARIABLES.into_iter().zip(columns))
}
