//! Tables with a column of codes and one of their words, as many systems export events (`CODE`, `DESCRIPTION`): what kind of events
//! they hold the name of the table says, and of which code system the codes are their own letters say.

use std::collections::BTreeSet;

use model::concept::Domain;

use super::{Looked, names_of};
use crate::tables::systems;

/// Columns of codes.
const CODE: [&str; 9] = [
    "code",
    "conceptcode",
    "sourcecode",
    "itemid",
    "testcode",
    "codevalue",
    "diagnosiscode",
    "procedurecode",
    "medicationcode",
];
/// Columns of the words of a code.
const DESCRIPTION: [&str; 9] = [
    "description",
    "display",
    "label",
    "term",
    "codedescription",
    "conceptname",
    "codedisplay",
    "diagnosisdescription",
    "proceduredescription",
];
/// Columns that say of which system the codes are.
const SYSTEM: [&str; 5] = ["system", "codesystem", "codingsystem", "vocabulary", "vocabularyid"];

/// Words of tables' names, and what their rows are.
const TABLES: [(&[&str], Domain); 8] = [
    (
        &["condition", "conditions", "diagnosis", "diagnoses", "problem", "problems", "dx", "comorbidities"],
        Domain::Condition,
    ),
    (
        &[
            "medication",
            "medications",
            "drug",
            "drugs",
            "prescription",
            "prescriptions",
            "immunization",
            "immunizations",
            "rx",
        ],
        Domain::Drug,
    ),
    (
        &["procedure", "procedures", "operation", "operations", "surgery", "surgeries", "imaging", "studies"],
        Domain::Procedure,
    ),
    (&["device", "devices"], Domain::Device),
    (&["encounter", "encounters", "visit", "visits", "admission", "admissions", "stays"], Domain::Visit),
    (&["allergy", "allergies", "survey", "surveys"], Domain::Observation),
    (
        &[
            "observation",
            "observations",
            "lab",
            "labs",
            "vital",
            "vitals",
            "result",
            "results",
            "measurement",
            "measurements",
        ],
        Domain::Measurement,
    ),
    (&["supply", "supplies", "careplan", "careplans"], Domain::Observation),
];

/// The columns of such a table.
pub(super) struct Described {
    pub(super) variable: String,
    pub(super) code: String,
    pub(super) system: Option<String>,
    /// What the table's name says its rows are.
    pub(super) domain: Option<Domain>,
}

impl Looked {
    /// The columns of codes and their words, if a table has both, and somebody or some code stands in several rows.
    pub(super) fn described(&self, table: &str) -> Option<Described> {
        let (at, code) = self.named(&CODE)?;
        let (_, words) = self.named(&DESCRIPTION).filter(|(i, _)| *i != at)?;
        let codes = self.values(at);
        if codes.is_empty() || !(self.repeats() || codes.len() < self.n_present(at)) {
            return None;
        }
        let domain = domain_of(table);
        let said = self.named(&SYSTEM).map(|(i, _)| self.values(i)).unwrap_or_default();
        let system = system_of(&said).or_else(|| looks_like(&codes, domain, table)).map(str::to_owned);
        Some(Described { variable: words.name.clone(), code: code.name.clone(), system, domain })
    }
}

pub(super) fn domain_of(table: &str) -> Option<Domain> {
    let words = table_words(table);
    TABLES.iter().find(|(list, _)| words.iter().any(|w| list.contains(&w.as_str()))).map(|(_, domain)| *domain)
}

/// The words of a table's name, without its folder and its ending.
pub(super) fn table_words(table: &str) -> Vec<String> {
    let base = table.rsplit(['/', '\\']).next().unwrap_or_default();
    names_of(base.rsplit_once('.').map_or(base, |(stem, _)| stem))
}

/// The system that all rows name.
fn system_of(said: &BTreeSet<&str>) -> Option<&'static str> {
    let [only] = said.iter().collect::<Vec<_>>()[..] else { return None };
    systems::named(only)
}

/// The system that nearly all codes look like: 4548-4 is LOINC, E11.9 is ICD-10; whole numbers are SNOMED CT, of drugs RxNorm, of
/// vaccines CVX.
pub(super) fn looks_like(codes: &BTreeSet<&str>, domain: Option<Domain>, table: &str) -> Option<&'static str> {
    let most = |is: &dyn Fn(&str) -> bool| codes.iter().filter(|c| is(c)).count() * 10 >= codes.len() * 8;
    let digits = |c: &str, least: usize, longest: usize| {
        (least..=longest).contains(&c.len()) && c.bytes().all(|b| b.is_ascii_digit())
    };
    let loinc = |c: &str| c.rsplit_once('-').is_some_and(|(head, check)| digits(head, 1, 7) && digits(check, 1, 1));
    let icd10 = |c: &str| {
        let b = c.as_bytes();
        let begins = b.first().is_some_and(u8::is_ascii_uppercase) && b.get(1).is_some_and(u8::is_ascii_digit);
        begins && (3..=8).contains(&b.len()) && b.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'.')
    };
    let vaccines = table_words(table).iter().any(|w| w.starts_with("immuni") || w.starts_with("vaccin"));
    match domain {
        _ if most(&loinc) => Some("LOINC"),
        Some(Domain::Condition) if most(&icd10) => Some("ICD10CM"),
        Some(Domain::Drug) if vaccines && most(&|c| digits(c, 1, 3)) => Some("CVX"),
        Some(Domain::Drug) if !vaccines && most(&|c| digits(c, 3, 8)) => Some("RxNorm"),
        Some(Domain::Condition | Domain::Procedure | Domain::Observation | Domain::Device | Domain::Visit)
            if most(&|c| digits(c, 6, 18)) =>
        {
            Some("SNOMED")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_and_codes_say_what_they_are() {
        assert_eq!(domain_of("csv/conditions.csv"), Some(Domain::Condition));
        assert_eq!(domain_of("lab_results_2020.csv"), Some(Domain::Measurement));
        assert_eq!(domain_of("payers.csv"), None);
        let of = |codes: &[&'static str], domain, table| looks_like(&codes.iter().copied().collect(), domain, table);
        assert_eq!(of(&["4548-4", "2339-0"], None, ""), Some("LOINC"));
        assert_eq!(of(&["E11.9", "I10", "Z00.00"], Some(Domain::Condition), ""), Some("ICD10CM"));
        assert_eq!(of(&["44054006"], Some(Domain::Condition), ""), Some("SNOMED"));
        assert_eq!(of(&["860975", "314076"], Some(Domain::Drug), "medications.csv"), Some("RxNorm"));
        assert_eq!(of(&["140", "62"], Some(Domain::Drug), "immunizations.csv"), Some("CVX"));
        assert_eq!(of(&["a", "b"], Some(Domain::Condition), ""), None);
        assert_eq!(system_of(&["http://snomed.info/sct"].into_iter().collect()), Some("SNOMED"));
        assert_eq!(system_of(&["SNOMED-CT", "ICD10"].into_iter().collect()), None);
    }
}
