//! Ages that stand as values of events: above 89 they become 90 (Safe Harbor), in whichever unit they are given.

use crate::csv::ages::{Age, Ages};
use crate::report::Reporter;

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

/// What becomes of an age. A unit that is not understood counts as years.
pub(crate) fn settle(value: f64, unit: Option<&str>) -> Age {
    in_unit(unit).settle(value)
}

/// Whether an age in words or as a range has a number above 89.
pub(crate) fn tells_old(text: &str, unit: Option<&str>) -> bool {
    let own = text.split(|c: char| !c.is_alphabetic()).find(|word| !word.is_empty());
    let numbers = text.split(|c: char| !c.is_ascii_digit() && c != '.').filter_map(|n| n.parse::<f64>().ok());
    let ages = in_unit(unit.or(own));
    numbers.into_iter().any(|n| !ages.keeps(n))
}

/// Ages that became 90, and numbers that are nobody's age.
#[derive(Default)]
pub(crate) struct AgesSeen {
    pub(crate) n_old: u64,
    n_nobodys: u64,
}

impl AgesSeen {
    /// An age as it is stored.
    pub(crate) fn value(&mut self, value: f64, unit: Option<&str>) -> Option<f64> {
        match settle(value, unit) {
            Age::Stays => Some(value),
            Age::Old(oldest) => {
                self.n_old += 1;
                Some(oldest)
            }
            Age::Nobodys => {
                self.n_nobodys += 1;
                None
            }
        }
    }

    /// Accounts for them.
    pub(crate) fn say(&self, place: &str, reporter: &mut Reporter) {
        reporter.identifiers("ages over 89", self.n_old, place, "set to 90");
        reporter.warn_counts(&[(
            self.n_nobodys,
            "age is",
            "ages are",
            "more than 130 years in the unit given (years, where none is), which nobody is, and not kept",
        )]);
    }
}

fn in_unit(unit: Option<&str>) -> Ages {
    // OMOP's ids of units, for folders without a vocabulary.
    let words = unit.map(|unit| match unit.trim() {
        "OMOP 9580" => "months",
        "OMOP 9511" => "weeks",
        "OMOP 8512" => "days",
        "OMOP 8505" => "hours",
        "OMOP 8550" => "minutes",
        other => other,
    });
    Ages::in_unit(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_capped_in_their_units() {
        for (value, unit, want) in [
            (89.0, Some("a"), Age::Stays),
            (89.5, Some("a"), Age::Stays),
            (93.0, Some("a"), Age::Old(90.0)),
            (93.0, None, Age::Old(90.0)),
            (93.0, Some("mo"), Age::Stays),
            (1079.0, Some("mo"), Age::Stays),
            (1080.0, Some("OMOP 9580"), Age::Old(1080.0)),
            (1100.0, Some("Months"), Age::Old(1080.0)),
            (4800.0, Some("wk"), Age::Old(4696.0)),
            (34_000.0, Some("d"), Age::Old(32_873.0)),
            (900.0, Some("h"), Age::Stays),
            (95.0, Some("furlong"), Age::Old(90.0)),
            (1100.0, None, Age::Nobodys),
        ] {
            assert_eq!(settle(value, unit), want, "{value} {unit:?}");
        }
        assert!(tells_old("95 years", None) && tells_old("85 - 95", Some("a")) && !tells_old("95 weeks", None));
    }
}
