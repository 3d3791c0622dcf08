//! The question asked of a full record, as chosen and typed, and the question the engine is asked.

use model::cohort::{CohortDefinition, Entry, Limit};
use model::consult::{PatientDatum, RecordQuestion, RecordValue};
use model::covariate::Covariate;
use model::study::{Outcome, StudyArm, TimeAtRisk};

use super::form::SIZES;
use crate::components::parse_number;
use crate::routes::cohort_editor::covariate_fields::{EventCovariate, Reading};
use crate::routes::cohort_editor::draft::EventDraft;
use crate::routes::cohort_editor::words;

/// One, two and five years, in days.
const HORIZONS: [f64; 3] = [365.25, 730.5, 1826.25];
/// Days that mean 'ever'.
const EVER: u32 = 36_500;
/// Field of the age.
pub const AGE: &str = "consult-age";
/// Field of the treatments.
pub const TREATMENTS: &str = "consult-treatments";
/// Field of the outcome.
pub const OUTCOME: &str = "consult-outcome";

/// What the fields hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RecordForm {
    /// Treatments to set side by side.
    pub treatments: Vec<StudyArm>,
    /// The outcome.
    pub outcome: EventDraft,
    /// Leave out who had the outcome before.
    pub is_first_outcome: bool,
    /// Age in years as typed; empty: unknown.
    pub age: String,
    /// Sex; empty: unknown.
    pub sex: String,
    /// Further characteristics.
    pub traits: Vec<TraitForm>,
    next_key: u32,
}

/// A characteristic made from events, and the patient's value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TraitForm {
    /// Stays with the characteristic.
    pub key: u32,
    /// What it is.
    pub covariate: EventCovariate,
    /// The patient's value as typed or chosen; empty: unknown.
    pub value: String,
}

impl TraitForm {
    /// Id of its field.
    #[must_use]
    pub fn field(&self) -> String {
        format!("consult-trait-{}", self.key)
    }
}

/// Everybody from the first such event on.
#[must_use]
pub fn treated_with(event: &EventDraft, prior_observation_days: u32) -> StudyArm {
    let name = words::event(event);
    let mut cohort = CohortDefinition::everyone(&name);
    let event = event.query(&mut cohort.concept_sets);
    cohort.entry = Entry::Event { event, limit: Limit::First, prior_observation_days, washout_days: 0 };
    StudyArm { name, cohort }
}

impl RecordForm {
    /// Adds a treatment; one of the same name is replaced.
    pub fn add_treatment(&mut self, arm: StudyArm) {
        self.treatments.retain(|other| other.name != arm.name);
        self.treatments.push(arm);
    }

    /// Adds a characteristic; one of the same name is replaced.
    pub fn add_trait(&mut self, covariate: EventCovariate) {
        self.next_key += 1;
        let name = covariate.name();
        self.traits.retain(|other| other.covariate.name() != name);
        self.traits.push(TraitForm { key: self.next_key, covariate, value: String::new() });
    }

    /// The characteristic of a key.
    #[must_use]
    pub fn by_key(&self, key: u32) -> Option<&TraitForm> {
        self.traits.iter().find(|t| t.key == key)
    }

    /// Writes a characteristic's value.
    pub fn set_value(&mut self, key: u32, value: String) {
        if let Some(found) = self.traits.iter_mut().find(|t| t.key == key) {
            found.value = value;
        }
    }

    /// The outcome's name.
    #[must_use]
    pub fn outcome_name(&self) -> String {
        words::event(&self.outcome)
    }

    /// The patient in a line, for the decision that follows: characteristics only, no name.
    #[must_use]
    pub fn patient_words(&self) -> String {
        let age = self.age.trim();
        let known = (!age.is_empty()).then(|| format!("age {age}")).into_iter();
        let sex = (!self.sex.is_empty()).then(|| self.sex.clone());
        let traits = self.traits.iter().filter(|t| !t.value.trim().is_empty());
        let traits = traits.map(|t| format!("{}: {}", t.covariate.name(), t.value.trim()));
        known.chain(sex).chain(traits).collect::<Vec<_>>().join(", ")
    }

    /// Makes the question.
    ///
    /// # Errors
    /// Everything that is missing or wrong: field and words.
    pub fn question(&self) -> Result<RecordQuestion, Vec<(String, String)>> {
        let mut problems = Vec::new();
        if self.treatments.len() < 2 {
            let words = match self.treatments.len() {
                0 => "Add the treatments to set side by side, at least two.",
                _ => "Add a second treatment to set beside the first.",
            };
            problems.push((TREATMENTS.to_owned(), words.to_owned()));
        }
        if self.outcome.domain.is_none() && self.outcome.concepts.is_empty() {
            problems.push((OUTCOME.to_owned(), "Choose the outcome: a kind of event, or concepts.".to_owned()));
        }
        let mut concept_sets = Vec::new();
        let mut patient = Vec::new();
        let mut known = |covariate, value| patient.push(RecordValue { covariate, value, weight: 1.0 });
        match parse_number(&self.age) {
            Ok(Some(age)) if (0.0..=130.0).contains(&age) => known(Covariate::AgeAtIndex, PatientDatum::Number(age)),
            Ok(None) => {}
            Ok(Some(_)) => problems.push((AGE.to_owned(), "Give the age in years, from 0 to 130.".to_owned())),
            Err(words) => problems.push((AGE.to_owned(), words)),
        }
        if !self.sex.is_empty() {
            known(Covariate::Sex, PatientDatum::Level(self.sex.clone()));
        }
        for t in self.traits.iter().filter(|t| !t.value.trim().is_empty()) {
            let covariate = t.covariate.covariate(&mut concept_sets);
            match (t.covariate.reading, parse_number(&t.value)) {
                (Reading::Has, _) => known(covariate, PatientDatum::Level(t.value.clone())),
                (_, Ok(Some(x))) => known(covariate, PatientDatum::Number(x)),
                (_, Ok(None)) => {}
                (_, Err(words)) => problems.push((t.field(), words)),
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
        let mut outcome_sets = Vec::new();
        let event = self.outcome.query(&mut outcome_sets);
        Ok(RecordQuestion {
            treatments: self.treatments.clone(),
            outcome: Outcome::Event {
                name: self.outcome_name(),
                concept_sets: outcome_sets,
                event,
                washout_days: self.is_first_outcome.then_some(EVER),
                or_death: false,
            },
            // From the day after: what happened on the day of the decision was known.
            time_at_risk: TimeAtRisk { start: 1.0, end: None },
            patient,
            concept_sets,
            sizes: SIZES.to_vec(),
            horizons: HORIZONS.to_vec(),
        })
    }
}

#[cfg(test)]
mod tests {
    use model::concept::{ConceptItem, ConceptRef, Domain};

    use super::*;

    fn drug(code: &str) -> EventDraft {
        let concept =
            ConceptRef { system: "RxNorm".into(), code: code.into(), display: format!("drug {code}"), omop_id: None };
        let item = ConceptItem { concept, include_descendants: false, exclude: false };
        EventDraft { domain: Some(Domain::Drug), concepts: vec![item], ..EventDraft::default() }
    }

    fn form() -> RecordForm {
        let mut form = RecordForm {
            outcome: EventDraft { domain: Some(Domain::Death), ..EventDraft::default() },
            age: "62,5".into(),
            sex: "female".into(),
            ..RecordForm::default()
        };
        form.add_treatment(treated_with(&drug("A"), 365));
        form.add_treatment(treated_with(&drug("B"), 0));
        form.add_trait(EventCovariate { reading: Reading::Value, event: drug("C"), days: Some(365) });
        form.add_trait(EventCovariate { reading: Reading::Has, event: drug("D"), days: None });
        form
    }

    #[test]
    fn a_question_holds_what_is_known_and_nothing_else() {
        let mut form = form();
        let question = form.question().unwrap();
        assert_eq!(question.patient.len(), 2, "values that are not entered are unknown");
        assert_eq!(question.patient[0].value, PatientDatum::Number(62.5));
        assert!(question.concept_sets.is_empty());
        let (value, has) = (form.traits[0].key, form.traits[1].key);
        form.set_value(value, "7.1".into());
        form.set_value(has, "yes".into());
        let question = form.question().unwrap();
        let values: Vec<&PatientDatum> = question.patient.iter().skip(2).map(|p| &p.value).collect();
        assert_eq!(values, [&PatientDatum::Number(7.1), &PatientDatum::Level("yes".into())]);
        assert_eq!(question.concept_sets.len(), 2);
        assert_eq!(question.time_at_risk.start, 1.0);
        assert!(matches!(&question.outcome, Outcome::Event { name, washout_days: None, .. } if name == "death"));
        form.is_first_outcome = true;
        assert!(matches!(form.question().unwrap().outcome, Outcome::Event { washout_days: Some(EVER), .. }));
    }

    #[test]
    fn treatments_are_cohorts_of_the_first_such_event() {
        let arm = treated_with(&drug("A"), 365);
        assert_eq!(arm.name, "drug A");
        assert!(matches!(
            arm.cohort.entry,
            Entry::Event { limit: Limit::First, prior_observation_days: 365, washout_days: 0, .. }
        ));
        assert_eq!(arm.cohort.concept_sets.len(), 1);
        let mut form = form();
        form.add_treatment(treated_with(&drug("A"), 0));
        assert_eq!(form.treatments.len(), 2, "one of the same name is replaced");
    }

    #[test]
    fn every_problem_names_its_field() {
        let fields = |form: &RecordForm| -> Vec<String> {
            form.question().unwrap_err().into_iter().map(|(field, _)| field).collect()
        };
        assert_eq!(fields(&RecordForm::default()), [TREATMENTS, OUTCOME]);
        let mut wrong = form();
        wrong.age = "old".into();
        let key = wrong.traits[0].key;
        wrong.set_value(key, "high".into());
        assert_eq!(fields(&wrong), [AGE.to_owned(), format!("consult-trait-{key}")]);
        wrong.age = "1962".into();
        assert_eq!(fields(&wrong)[0], AGE);
        let unknown = RecordForm { age: String::new(), sex: String::new(), ..form() };
        assert_eq!(fields(&unknown), ["consult-patient"]);
    }

    #[test]
    fn the_patient_in_words_has_no_unknowns() {
        let mut form = form();
        let key = form.traits[1].key;
        form.set_value(key, "no".into());
        assert_eq!(form.patient_words(), "age 62,5, female, drug D: no");
        assert_eq!(RecordForm::default().patient_words(), "");
    }
}
