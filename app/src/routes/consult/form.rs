//! The question a clinician asks of the record, as typed, and the question the engine is asked.

use std::collections::BTreeMap;

use model::consult::{ConsultQuestion, PatientDatum, PatientValue};
use model::dataset::{ColumnKind, ColumnRole};
use model::study::{Outcome, TimeUnit};
use protocol::VariableInfo;

use crate::figures::scale::units_in_a_year;
use crate::format::variable::VariableWords;

/// How many of the most similar patients are taken.
pub const SIZES: [u32; 2] = [50, 200];
/// A treatment with more levels than this cannot be read side by side.
const MOST_TREATMENTS: usize = 6;

/// What the fields hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConsultForm {
    /// Column of the treatment.
    pub treatment: String,
    /// Column of the duration.
    pub duration: String,
    /// Column of the event.
    pub event: String,
    /// Unit of the duration.
    pub unit: TimeUnit,
    /// What is known of the patient, by column; empty: unknown.
    pub patient: BTreeMap<String, String>,
}

/// Columns that can be the treatment: few levels, and neither outcome nor text.
#[must_use]
pub fn treatments(variables: &[VariableInfo]) -> Vec<&VariableInfo> {
    variables
        .iter()
        .filter(|variable| {
            (2..=MOST_TREATMENTS).contains(&variable.levels.len())
                && !matches!(variable.role, ColumnRole::Event | ColumnRole::Duration | ColumnRole::Identifier)
        })
        .collect()
}

/// Columns of a role, in the order of the file.
#[must_use]
pub fn with_role(variables: &[VariableInfo], role: ColumnRole) -> Vec<&VariableInfo> {
    variables.iter().filter(|variable| variable.role == role).collect()
}

/// Characteristics: what can be known of a patient before the treatment. Outcome columns are left out, whichever
/// outcome is asked about: they lie in the patient's future.
#[must_use]
pub fn characteristics<'a>(variables: &'a [VariableInfo], form: &ConsultForm) -> Vec<&'a VariableInfo> {
    variables
        .iter()
        .filter(|variable| {
            matches!(variable.kind, ColumnKind::Number | ColumnKind::Category)
                && !matches!(
                    variable.role,
                    ColumnRole::Event
                        | ColumnRole::Duration
                        | ColumnRole::Identifier
                        | ColumnRole::Date
                        | ColumnRole::Death
                        | ColumnRole::Text
                )
                && ![&form.treatment, &form.duration, &form.event].contains(&&variable.name)
        })
        .collect()
}

/// A first guess: an outcome whose event column follows its duration column, and a treatment by its name.
#[must_use]
pub fn propose(variables: &[VariableInfo]) -> ConsultForm {
    const TREATMENT_WORDS: [&str; 9] = ["hormon", "treat", "trt", "arm", "drug", "therap", "rx", "group", "chemo"];
    let mut form = ConsultForm::default();
    let durations = with_role(variables, ColumnRole::Duration);
    if let Some(duration) = durations.first() {
        form.duration.clone_from(&duration.name);
        form.unit = unit_of(duration);
        form.event = event_after(variables, &duration.name).unwrap_or_default();
    }
    let candidates = treatments(variables);
    let by_name = TREATMENT_WORDS
        .iter()
        .find_map(|word| candidates.iter().find(|variable| variable.name.to_lowercase().contains(word)));
    if let Some(treatment) = by_name {
        form.treatment.clone_from(&treatment.name);
    }
    form
}

/// The event column that belongs to a duration: the next one after it, else the first.
#[must_use]
pub fn event_after(variables: &[VariableInfo], duration: &str) -> Option<String> {
    let at = variables.iter().position(|variable| variable.name == duration)?;
    let is_event = |variable: &&VariableInfo| variable.role == ColumnRole::Event;
    variables[at..]
        .iter()
        .find(is_event)
        .or_else(|| variables.iter().find(is_event))
        .map(|variable| variable.name.clone())
}

/// The unit of a duration column, days where it is not known.
#[must_use]
pub fn unit_of(variable: &VariableInfo) -> TimeUnit {
    [TimeUnit::Days, TimeUnit::Weeks, TimeUnit::Months, TimeUnit::Years]
        .into_iter()
        .find(|unit| variable.unit.as_deref() == Some(unit.word()))
        .unwrap_or_default()
}

/// Times at which survival is told: at most three of 1, 2, 5, 10 and 20 years within the follow-up, else quarters of
/// it.
#[must_use]
pub fn horizons(unit: TimeUnit, longest: Option<f64>) -> Vec<f64> {
    let year = units_in_a_year(unit);
    let Some(longest) = longest.filter(|longest| *longest > 0.0) else {
        return vec![year];
    };
    let mut years: Vec<f64> = [1.0, 2.0, 5.0, 10.0, 20.0]
        .into_iter()
        .map(|years| years * year)
        .filter(|time| *time <= longest * 0.8)
        .collect();
    if years.is_empty() {
        return vec![longest / 4.0, longest / 2.0];
    }
    if years.len() > 3 {
        years.drain(..years.len() - 3);
    }
    years
}

/// Makes the question.
///
/// # Errors
/// Everything that is missing or wrong: field and words.
pub fn question(form: &ConsultForm, variables: &[VariableInfo]) -> Result<ConsultQuestion, Vec<(String, String)>> {
    let mut problems: Vec<(String, String)> = Vec::new();
    let named = |name: &str| variables.iter().find(|variable| variable.name == name);
    for (id, name, words) in [
        ("consult-treatment", &form.treatment, "Choose the treatment to compare."),
        ("consult-duration", &form.duration, "Choose the column with the time to the outcome."),
        ("consult-event", &form.event, "Choose the column that says whether the outcome happened."),
    ] {
        if named(name).is_none() {
            problems.push((id.to_owned(), words.to_owned()));
        }
    }
    let mut patient = Vec::new();
    for variable in characteristics(variables, form) {
        let Some(text) = form.patient.get(&variable.name).map(|text| text.trim()).filter(|text| !text.is_empty())
        else {
            continue;
        };
        match datum(variable, text) {
            Ok(value) => patient.push(PatientValue { name: variable.name.clone(), value, weight: 1.0 }),
            Err(words) => problems.push((field_id(&variable.name), words)),
        }
    }
    if patient.is_empty() && problems.is_empty() {
        problems.push((
            "consult-patient".to_owned(),
            "Enter at least one characteristic of the patient: without any, nobody is more similar than another."
                .to_owned(),
        ));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(ConsultQuestion {
        treatment: form.treatment.clone(),
        outcome: Outcome::Columns {
            name: named(&form.event).map(shown_name).unwrap_or_default(),
            duration: form.duration.clone(),
            event: form.event.clone(),
            unit: form.unit,
            or: None,
        },
        patient,
        sizes: SIZES.to_vec(),
        horizons: horizons(form.unit, named(&form.duration).and_then(|variable| variable.max)),
    })
}

fn datum(variable: &VariableInfo, text: &str) -> Result<PatientDatum, String> {
    if variable.kind == ColumnKind::Category {
        return Ok(PatientDatum::Level(text.to_owned()));
    }
    // A clinician may write a decimal comma.
    match text.replace(',', ".").parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(PatientDatum::Number(number)),
        _ => Err(format!("\u{201c}{}\u{201d} takes a number, such as {}.", shown_name(variable), example(variable))),
    }
}

fn example(variable: &VariableInfo) -> String {
    let middle = variable.min.zip(variable.max).map_or(1.0, |(min, max)| f64::midpoint(min, max).round());
    crate::figures::scale::plain_number(middle)
}

/// Where a number lies outside what the record has seen: similarity is then a stretch.
#[must_use]
pub fn beyond_record(form: &ConsultForm, variables: &[VariableInfo]) -> Vec<String> {
    characteristics(variables, form)
        .into_iter()
        .filter(|variable| variable.kind == ColumnKind::Number)
        .filter_map(|variable| {
            let value: f64 = form.patient.get(&variable.name)?.trim().replace(',', ".").parse().ok()?;
            let (min, max) = variable.min.zip(variable.max)?;
            let plain = crate::figures::scale::plain_number;
            (value < min || value > max).then(|| {
                format!(
                    "{} {} lies outside this record ({} to {}).",
                    shown_name(variable),
                    plain(value),
                    plain(min),
                    plain(max)
                )
            })
        })
        .collect()
}

/// Label without the key of its codes, else name.
#[must_use]
pub fn shown_name(variable: &VariableInfo) -> String {
    VariableWords::of(variable).label().to_owned()
}

/// Id of the field of a characteristic.
#[must_use]
pub fn field_id(name: &str) -> String {
    let safe: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    format!("consult-field-{safe}")
}

/// The patient in a line, for the decision that follows: characteristics only, no name.
#[must_use]
pub fn patient_words(form: &ConsultForm, variables: &[VariableInfo]) -> String {
    characteristics(variables, form)
        .into_iter()
        .filter_map(|variable| {
            let value = form.patient.get(&variable.name)?.trim();
            let words = VariableWords::of(variable);
            let value = words.meaning(value).unwrap_or(value);
            let unit = variable.unit.as_ref().map(|unit| format!(" {unit}")).unwrap_or_default();
            (!value.is_empty()).then(|| format!("{} {value}{unit}", shown_name(variable)))
        })
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variable(name: &str, kind: ColumnKind, role: ColumnRole, levels: &[&str]) -> VariableInfo {
        VariableInfo {
            name: name.into(),
            label: String::new(),
            kind,
            role,
            unit: None,
            n_missing: 0,
            levels: levels.iter().map(|level| ((*level).to_owned(), 9)).collect(),
            min: Some(0.0),
            max: Some(100.0),
        }
    }

    fn rotterdam() -> Vec<VariableInfo> {
        use ColumnKind::{Category, Number};
        vec![
            variable("age", Number, ColumnRole::Number, &[]),
            variable("meno", Number, ColumnRole::Category, &["0", "1"]),
            variable("size", Category, ColumnRole::Category, &["<=20", "20-50", ">50"]),
            variable("hormon", Number, ColumnRole::Category, &["0", "1"]),
            variable("rtime", Number, ColumnRole::Duration, &[]),
            variable("recur", Number, ColumnRole::Event, &["0", "1"]),
            variable("dtime", Number, ColumnRole::Duration, &[]),
            variable("death", Number, ColumnRole::Event, &["0", "1"]),
        ]
    }

    #[test]
    fn the_first_guess_is_a_whole_question() {
        let form = propose(&rotterdam());
        assert_eq!(
            (form.treatment.as_str(), form.duration.as_str(), form.event.as_str()),
            ("hormon", "rtime", "recur")
        );
        assert_eq!(event_after(&rotterdam(), "dtime").as_deref(), Some("death"));
    }

    #[test]
    fn the_future_is_no_characteristic() {
        let form = propose(&rotterdam());
        let variables = rotterdam();
        let names: Vec<&str> = characteristics(&variables, &form).iter().map(|v| v.name.as_str()).collect();
        assert_eq!(names, ["age", "meno", "size"], "death is an outcome even where recurrence is asked about");
    }

    #[test]
    fn a_question_holds_what_is_known_and_nothing_else() {
        let mut form = propose(&rotterdam());
        form.patient.insert("age".into(), "62,5".into());
        form.patient.insert("size".into(), "<=20".into());
        form.patient.insert("meno".into(), " ".into());
        let question = question(&form, &rotterdam()).unwrap();
        assert_eq!(question.sizes, [50, 200]);
        let values: Vec<(&str, &PatientDatum)> =
            question.patient.iter().map(|value| (value.name.as_str(), &value.value)).collect();
        assert_eq!(values, [("age", &PatientDatum::Number(62.5)), ("size", &PatientDatum::Level("<=20".into()))]);
    }

    #[test]
    fn every_problem_names_its_field() {
        let variables = rotterdam();
        let problems = question(&ConsultForm::default(), &variables).unwrap_err();
        assert_eq!(problems.len(), 3);
        let mut form = propose(&variables);
        assert_eq!(question(&form, &variables).unwrap_err()[0].0, "consult-patient");
        form.patient.insert("age".into(), "old".into());
        let problems = question(&form, &variables).unwrap_err();
        assert_eq!(problems[0].0, "consult-field-age");
        assert!(problems[0].1.contains("such as 50"));
    }

    #[test]
    fn a_value_outside_the_record_is_said() {
        let variables = rotterdam();
        let mut form = propose(&variables);
        form.patient.insert("age".into(), "104".into());
        assert_eq!(beyond_record(&form, &variables), ["age 104 lies outside this record (0 to 100)."]);
    }

    #[test]
    fn horizons_lie_within_the_follow_up() {
        assert_eq!(horizons(TimeUnit::Days, Some(2659.0)), [365.25, 730.5, 1826.25]);
        assert_eq!(horizons(TimeUnit::Days, Some(7000.0)), [730.5, 1826.25, 3652.5]);
        assert_eq!(horizons(TimeUnit::Days, Some(100.0)), [25.0, 50.0]);
        assert_eq!(horizons(TimeUnit::Years, None), [1.0]);
    }

    #[test]
    fn the_patient_in_words_has_no_unknowns() {
        let variables = rotterdam();
        let mut form = propose(&variables);
        form.patient.insert("age".into(), "62".into());
        form.patient.insert("size".into(), String::new());
        assert_eq!(patient_words(&form, &variables), "age 62");
    }
}
