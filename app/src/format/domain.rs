//! Domains in words: the one place that says what a domain of events is called.

use model::tables::DOMAIN_NOTE_NOT_PRESENT;

/// Name in the data, one of it in a sentence, many of it as a heading.
const WORDS: [(&str, &str, &str); 12] = [
    ("visit", "visit", "Visits"),
    ("condition", "diagnosis", "Diagnoses"),
    ("drug", "drug", "Drugs"),
    ("procedure", "procedure", "Procedures"),
    ("measurement", "measurement", "Measurements"),
    ("observation", "observation", "Observations"),
    ("device", "device", "Devices"),
    ("specimen", "specimen", "Specimens"),
    ("death", "death", "Deaths"),
    ("note", "note", "Notes"),
    ("note_finding", "finding in a note", "Findings in notes"),
    (DOMAIN_NOTE_NOT_PRESENT, "finding in a note that is not present", "Findings in notes, not present"),
];

/// What [`DOMAIN_NOTE_NOT_PRESENT`] holds, in a sentence.
pub const NOT_PRESENT: &str = "Findings in notes, not present: what a note denies, suspects, plans, or tells of the past or of relatives. It counts in no \
                               cohort that does not ask for it.";

/// A domain as a heading: `Diagnoses`. One that is not known here is told by its name, without its underscores.
#[must_use]
pub fn heading(domain: &str) -> String {
    let known = WORDS.iter().find(|(name, ..)| *name == domain);
    known.map_or_else(|| crate::format::capital(&domain.replace('_', " ")), |(.., many)| (*many).to_owned())
}

/// One event of a domain in a sentence: `diagnosis`.
#[must_use]
pub fn one(domain: &str) -> String {
    let known = WORDS.iter().find(|(name, ..)| *name == domain);
    known.map_or_else(|| domain.replace('_', " "), |(_, one, _)| (*one).to_owned())
}

/// The same with its article: `a diagnosis`, `an observation`.
#[must_use]
pub fn with_article(domain: &str) -> String {
    let word = one(domain);
    let article = if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {word}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::concept::Domain;

    #[test]
    fn every_domain_has_words_of_its_own() {
        let names: Vec<&str> =
            Domain::ALL.into_iter().map(Domain::name).chain([DOMAIN_NOTE_NOT_PRESENT, "note"]).collect();
        for name in &names {
            assert!(WORDS.iter().any(|(known, ..)| known == name), "{name}");
            assert!(!heading(name).contains('_') && !one(name).contains('_'), "{name}");
        }
        let mut headings: Vec<String> = names.iter().map(|name| heading(name)).collect();
        headings.sort();
        headings.dedup();
        assert_eq!(headings.len(), names.len());
        assert!(NOT_PRESENT.starts_with(&heading(DOMAIN_NOTE_NOT_PRESENT)));
    }

    #[test]
    fn what_is_not_known_is_told_by_its_name() {
        assert_eq!(heading("dose_era"), "Dose era");
        assert_eq!(with_article("observation"), "an observation");
        assert_eq!(with_article("condition"), "a diagnosis");
    }
}
