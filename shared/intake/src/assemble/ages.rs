//! Ages that stand as values of events: above 89 they become 90 (Safe Harbor), in whichever unit they are given.

use crate::csv::ages::Ages;
use crate::safe_harbor::OLDEST;

/// LOINC: age, age reported, age calculated. SNOMED CT: age, current chronological age.
const CODES: [(&str, &str); 5] = [
    ("LOINC", "30525-0"),
    ("LOINC", "21612-7"),
    ("LOINC", "29553-5"),
    ("SNOMED", "397669002"),
    ("SNOMED", "424144002"),
];

/// OMOP's ids of these, for folders without a vocabulary.
const IDS: [i64; 3] = [4_265_453, 3_022_304, 3_007_016];

/// Whether a code means the age of a person.
pub(crate) fn is_age(system: &str, code: &str) -> bool {
    CODES.contains(&(system, code))
}

/// Whether an OMOP concept means the age of a person.
pub(crate) fn is_age_id(id: i64) -> bool {
    IDS.contains(&id)
}

/// Whether a source's own code is one of LOINC's for an age: no other system has codes of this form.
pub(crate) fn is_age_word(word: &str) -> bool {
    is_age("LOINC", word)
}

/// What an age becomes that is above 89; nothing for ages that may stay. A unit that is not understood counts as years.
pub(crate) fn capped(value: f64, unit: Option<&str>) -> Option<f64> {
    let a_year = in_a_year(unit.unwrap_or_default());
    (value / a_year > OLDEST).then(|| ((OLDEST + 1.0) * a_year).round())
}

/// Whether an age in words or as a range has a number above 89.
pub(crate) fn tells_old(text: &str, unit: Option<&str>) -> bool {
    let own = text.split(|c: char| !c.is_alphabetic()).find(|word| !word.is_empty());
    let numbers = text.split(|c: char| !c.is_ascii_digit() && c != '.').filter_map(|n| n.parse::<f64>().ok());
    numbers.into_iter().any(|n| capped(n, unit.or(own)).is_some())
}

/// How many of a unit are a year.
fn in_a_year(unit: &str) -> f64 {
    // OMOP's ids of units, for folders without a vocabulary.
    let words = match unit.trim() {
        "OMOP 9580" => "months",
        "OMOP 9511" => "weeks",
        "OMOP 8512" => "days",
        "OMOP 8505" => "hours",
        "OMOP 8550" => "minutes",
        other => other,
    };
    Ages::by_unit(words).map_or(1.0, Ages::in_a_year)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_capped_in_their_units() {
        for (value, unit, want) in [
            (89.0, Some("a"), None),
            (93.0, Some("a"), Some(90.0)),
            (93.0, None, Some(90.0)),
            (93.0, Some("mo"), None),
            (1100.0, Some("Months"), Some(1080.0)),
            (4800.0, Some("wk"), Some(4696.0)),
            (34_000.0, Some("d"), Some(32_873.0)),
            (900.0, Some("h"), None),
            (95.0, Some("furlong"), Some(90.0)),
        ] {
            assert_eq!(capped(value, unit), want, "{value} {unit:?}");
        }
        assert!(tells_old("95 years", None) && tells_old("85 - 95", Some("a")) && !tells_old("95 weeks", None));
    }
}
