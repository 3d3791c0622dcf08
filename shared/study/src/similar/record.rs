//! Similar patients in a full record: treatments as cohorts, characteristics as covariates of the index date.

use cohort::{Cohort, CovariateColumn, CovariateValues, Source, Subject, covariates, evaluate};
use model::cohort::Window;
use model::consult::{ConsultAnswer, PatientDatum, RecordQuestion, RecordValue};
use model::covariate::Covariate;
use model::study::Outcome;
use model::words::count;

use super::distance::{Kind, Trait, check_weight, datum_words, place_of};
use super::{Compared, NOTHING_TO_COMPARE};
use crate::arms::{Followup, first_entries};
use crate::columns::{Codes, small};
use crate::error::StudyError;

/// Levels of whether there was an event.
const YES_NO: [&str; 2] = ["no", "yes"];

/// Finds the most similar persons of a full record by Gower's distance, as [`super::similar`] does in a flat file.
///
/// Each treatment is a cohort; its index date is time zero. Everybody counts once, with the first of the treatments that
/// began; who began two on one day is left out and counted. Characteristics are covariates at the index date: age, sex,
/// and events and values up to it. The outcome is the first such event from the start of the time at risk on, censored at
/// the end of the time in the cohort; horizons are in days.
///
/// # Errors
/// [`StudyError::Invalid`] with everything that does not fit, [`StudyError::Cohort`] for a cohort or a covariate that
/// cannot be evaluated, [`StudyError::Cancelled`].
pub fn similar_in_record(
    source: &Source<'_>,
    question: &RecordQuestion,
    tick: &mut cohort::Tick<'_>,
) -> Result<ConsultAnswer, StudyError> {
    let problems = check(question);
    if !problems.is_empty() {
        return Err(StudyError::Invalid(problems));
    }
    let mut warnings: Vec<String> = question.outcome.deaths_in_words().into_iter().collect();
    let entries = entries(source, question, &mut warnings, tick)?;
    let followed = follow(source, question, &entries, &mut warnings)?;
    let cohort = Cohort { subjects: followed.iter().map(|f| f.subject).collect(), ..Cohort::default() };
    let wanted: Vec<Covariate> = question.patient.iter().map(|p| p.covariate.clone()).collect();
    let read =
        covariates(source, &cohort, &wanted, &question.concept_sets).map_err(StudyError::of("characteristics"))?;
    warnings.extend(read.warnings);
    let mut problems = Vec::new();
    let mut traits = Vec::new();
    for (patient, column) in question.patient.iter().zip(read.columns) {
        match of_covariate(patient, column, &mut warnings) {
            Ok(found) => traits.push(found),
            Err(problem) => problems.push(problem),
        }
    }
    if !problems.is_empty() {
        return Err(StudyError::Invalid(problems));
    }
    let names = question.treatments.iter().map(|arm| arm.name.clone()).collect();
    let n = followed.len();
    let treatment = Codes { codes: followed.iter().map(|f| f.arm).collect(), valid: vec![true; n], names };
    let compared = Compared {
        traits,
        treatment,
        time: followed.iter().map(|f| f.time).collect(),
        event: followed.iter().map(|f| f.event).collect(),
        considered: (0..n).map(small).collect(),
    };
    compared.answer(&question.sizes, &question.horizons, warnings)
}

/// Everything wrong with a question before any data are read.
fn check(question: &RecordQuestion) -> Vec<String> {
    let mut problems = Vec::new();
    if question.treatments.len() < 2 {
        problems.push("name at least two treatments to set side by side".to_owned());
    }
    for (i, arm) in question.treatments.iter().enumerate() {
        if question.treatments.iter().take(i).any(|other| other.name == arm.name) {
            problems.push(format!("two treatments are named '{}'; rename one", arm.name));
        }
    }
    if !matches!(question.outcome, Outcome::Event { .. }) {
        problems.push("the outcome in a record is an event, not columns".to_owned());
    }
    if !question.patient.iter().any(|p| p.weight > 0.0) {
        problems.push(NOTHING_TO_COMPARE.to_owned());
    }
    for patient in &question.patient {
        let name = patient.covariate.name();
        if let Err(problem) = check_weight(name, patient.weight) {
            problems.push(problem);
        }
        if window_of(&patient.covariate).is_some_and(|w| w.end_days.is_none_or(|end| end > 0)) {
            problems.push(format!(
                "'{name}' looks beyond the index date, into what nobody knows of the patient; let its window end at day 0 or before"
            ));
        }
    }
    problems
}

fn window_of(covariate: &Covariate) -> Option<Window> {
    match covariate {
        Covariate::HasEvent { window, .. }
        | Covariate::EventCount { window, .. }
        | Covariate::LastValue { window, .. } => Some(*window),
        Covariate::Variable { .. } | Covariate::AgeAtIndex | Covariate::Sex => None,
    }
}

/// Who began which treatment first: each person once, by person.
fn entries(
    source: &Source<'_>,
    question: &RecordQuestion,
    warnings: &mut Vec<String>,
    tick: &mut cohort::Tick<'_>,
) -> Result<Vec<(Subject, u32)>, StudyError> {
    let mut all = Vec::new();
    for (arm, code) in question.treatments.iter().zip(0u32..) {
        let cohort =
            evaluate(source, &arm.cohort, tick).map_err(StudyError::of(&format!("treatment '{}'", arm.name)))?;
        warnings.extend(cohort.warnings.iter().map(|w| format!("{}: {w}", arm.name)));
        all.extend(first_entries(cohort).0.into_iter().map(|subject| (subject, code)));
    }
    all.sort_by_key(|(s, code)| (s.person, s.start_day, *code));
    let (mut kept, mut n_later, mut n_same_day) = (Vec::new(), 0u64, 0u64);
    for entries in all.chunk_by(|a, b| a.0.person == b.0.person) {
        match entries {
            [(first, _), (second, _), ..] if first.start_day == second.start_day => n_same_day += 1,
            [first, rest @ ..] => {
                n_later += u64::from(!rest.is_empty());
                kept.push(*first);
            }
            [] => {}
        }
    }
    if n_later > 0 {
        warnings.push(format!(
            "{} persons had several of the treatments; the one they began first is taken",
            count(n_later)
        ));
    }
    if n_same_day > 0 {
        warnings.push(format!("{} persons began two of the treatments on one day and are left out", count(n_same_day)));
    }
    Ok(kept)
}

/// A person compared: from the index date to the outcome or the end.
struct Person {
    subject: Subject,
    arm: u32,
    time: f64,
    event: bool,
}

fn follow(
    source: &Source<'_>,
    question: &RecordQuestion,
    entries: &[(Subject, u32)],
    warnings: &mut Vec<String>,
) -> Result<Vec<Person>, StudyError> {
    let followup = Followup::new(source, &question.outcome, question.time_at_risk, warnings)?;
    let mut out = Vec::new();
    for (arm, code) in question.treatments.iter().zip(0u32..) {
        let subjects: Vec<Subject> = entries.iter().filter(|e| e.1 == code).map(|e| e.0).collect();
        let mut before = subjects.len() as u64;
        let mut steps = Vec::new();
        let followed = followup.follow(subjects, &mut steps);
        for step in steps {
            if step.persons < before {
                warnings.push(format!(
                    "{}: {} of {} persons are left out; they are not '{}'",
                    arm.name,
                    count(before - step.persons),
                    count(before),
                    step.rule
                ));
            }
            before = step.persons;
        }
        out.extend(followed.into_iter().map(|f| Person {
            subject: f.subject,
            arm: code,
            time: f.time,
            event: f.event,
        }));
    }
    out.sort_by_key(|p| p.subject);
    Ok(out)
}

/// A covariate as a characteristic.
fn of_covariate(patient: &RecordValue, column: CovariateColumn, warnings: &mut Vec<String>) -> Result<Trait, String> {
    let name = column.name;
    let kind = match (&patient.covariate, &patient.value, column.values) {
        (Covariate::HasEvent { .. }, PatientDatum::Level(text), CovariateValues::Number { values, valid }) => {
            let levels = YES_NO.map(str::to_owned);
            let place = place_of(&name, text, &levels)?;
            Kind::Level { patient: place, values: values.iter().map(|v| u32::from(*v > 0.0)).collect(), valid }
        }
        (_, PatientDatum::Number(x), CovariateValues::Number { values, valid }) if x.is_finite() => {
            warnings.extend(beyond(&name, *x, &values, &valid));
            Kind::number(*x, values, valid)?
        }
        (_, value, CovariateValues::Number { .. }) => {
            return Err(format!("'{name}' is '{}'; give a number", datum_words(value)));
        }
        (_, value, CovariateValues::Category { codes, valid, levels }) => {
            let place = place_of(&name, &datum_words(value), &levels)?;
            Kind::Level { patient: place, values: codes, valid }
        }
    };
    Ok(Trait { name, weight: patient.weight, patient: datum_words(&patient.value), kind })
}

/// Words where the patient's number lies outside what the record has seen.
fn beyond(name: &str, x: f64, values: &[f64], valid: &[bool]) -> Option<String> {
    let known = || values.iter().zip(valid).filter(|(_, v)| **v).map(|(x, _)| *x);
    let (min, max) = (known().fold(f64::INFINITY, f64::min), known().fold(f64::NEG_INFINITY, f64::max));
    (min <= max && !(min..=max).contains(&x))
        .then(|| format!("{name} {x} lies outside this record ({min} to {max}): nobody there is close to it"))
}
