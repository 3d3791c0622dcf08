//! Two drugs, confounded by severity: drug A truly lowers the hazard of death, but sicker persons get it more often, so
//! the crude comparison misleads. Severity is measured (ejection fraction), so adjusting for it, age and diabetes gives
//! the truth back.

mod omop;
mod person;

use crate::{Format, Sample, Settings};
use person::Person;

/// Hazard ratio of drug A against drug B, given severity, age and diabetes.
pub(crate) const TRUE_HAZARD_RATIO: f64 = 0.70;
/// Log hazard per standard deviation of severity.
pub(crate) const LOG_HAZARD_SEVERITY: f64 = 0.80;
/// Log hazard per year of age.
pub(crate) const LOG_HAZARD_AGE: f64 = 0.03;
/// Log hazard of diabetes.
pub(crate) const LOG_HAZARD_DIABETES: f64 = 0.30;
/// Log odds of getting drug A per standard deviation of severity.
pub(crate) const LOG_ODDS_SEVERITY: f64 = 1.00;
/// Log odds of getting drug A per year of age.
pub(crate) const LOG_ODDS_AGE: f64 = 0.02;

pub(crate) fn make(settings: Settings) -> Sample {
    let persons: Vec<Person> = (0..settings.persons).map(|id| Person::draw(settings.seed, id)).collect();
    let files = match settings.format {
        Format::Omop => omop::write(&persons, settings.seed),
        Format::Csv => vec![("two_drugs.csv".to_owned(), flat(&persons))],
    };
    Sample { files, truth: truth(settings) }
}

/// One row a person: what a flat research file of the same cohort would hold.
fn flat(persons: &[Person]) -> String {
    use std::fmt::Write as _;
    let mut text = String::from("person_id,age,sex,ejection_fraction,diabetes,creatinine,drug,days,death\n");
    for p in persons {
        let sex = if p.female { "female" } else { "male" };
        let drug = if p.drug_a { "A" } else { "B" };
        // Writing to a String cannot fail.
        writeln!(
            text,
            "{},{},{sex},{:.1},{},{:.2},{drug},{},{}",
            p.id + 1,
            p.age,
            p.ejection_fraction,
            u8::from(p.diabetes),
            p.creatinine,
            p.days,
            u8::from(p.died)
        )
        .unwrap_or(());
    }
    text
}

fn truth(settings: Settings) -> Vec<(String, String)> {
    let row = |name: &str, value: String| (name.to_owned(), value);
    vec![
        row("persons", settings.persons.to_string()),
        row("seed", settings.seed.to_string()),
        row("hazard ratio of death, drug A against drug B, given the confounders", format!("{TRUE_HAZARD_RATIO}")),
        row("confounders", "ejection fraction (severity), age, diabetes".to_owned()),
        row("log hazard per 8 points less of ejection fraction", format!("{LOG_HAZARD_SEVERITY}")),
        row("log hazard per year of age", format!("{LOG_HAZARD_AGE}")),
        row("log hazard of diabetes", format!("{LOG_HAZARD_DIABETES}")),
        row("log odds of drug A per 8 points less of ejection fraction", format!("{LOG_ODDS_SEVERITY}")),
        row("log odds of drug A per year of age", format!("{LOG_ODDS_AGE}")),
        row("time to death", "Weibull, shape 1.2, proportional hazards".to_owned()),
        row("censoring", "independent, 1 to 6 years after the first dose".to_owned()),
    ]
}
