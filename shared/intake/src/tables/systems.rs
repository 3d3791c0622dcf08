//! Names of code systems as tables write them.

use model::concept::Domain;

/// Words that name a system wherever they stand in its name.
const NAMED: [(&str, &str); 13] = [
    ("snomed", "SNOMED"),
    ("loinc", "LOINC"),
    ("rxnorm", "RxNorm"),
    ("icd-10-cm", "ICD10CM"),
    ("icd10cm", "ICD10CM"),
    ("icd-10", "ICD10"),
    ("icd10", "ICD10"),
    ("icd-9", "ICD9CM"),
    ("icd9", "ICD9CM"),
    ("cvx", "CVX"),
    ("cpt", "CPT4"),
    ("atc", "ATC"),
    ("ndc", "NDC"),
];

/// Short names of PCORnet and Sentinel.
const SHORT: [(&str, &str); 11] = [
    ("sm", "SNOMED"),
    ("ch", "CPT4"),
    ("c4", "CPT4"),
    ("hc", "HCPCS"),
    ("hcpcs", "HCPCS"),
    ("lc", "LOINC"),
    ("ln", "LOINC"),
    ("nd", "NDC"),
    ("rx", "RxNorm"),
    ("icd10pcs", "ICD10PCS"),
    ("icd10gm", "ICD10GM"),
];

/// The system that a text names, in any of its spellings.
pub(super) fn named(text: &str) -> Option<&'static str> {
    let lower = text.trim().to_ascii_lowercase();
    let bare: String = lower.chars().filter(char::is_ascii_alphanumeric).collect();
    let is = |list: &[(&str, &'static str)]| list.iter().find(|(word, _)| bare == *word).map(|(_, system)| *system);
    is(&SHORT).or_else(|| NAMED.iter().find(|(word, _)| lower.contains(word)).map(|(_, system)| *system))
}

/// The system that a row names of its code: of ICD also the version alone (`9`, `10`), of procedures then its volume of procedures.
pub(super) fn of_row(text: &str, domain: Domain) -> Option<&'static str> {
    let version = version(text);
    let version = version.strip_prefix("icd").unwrap_or(&version).trim_start_matches(['-', ' ']).to_owned();
    match (version.as_str(), domain) {
        ("9", Domain::Procedure) => Some("ICD9Proc"),
        ("10", Domain::Procedure) => Some("ICD10PCS"),
        ("9", _) => Some("ICD9CM"),
        ("10", _) => Some("ICD10CM"),
        _ => named(text),
    }
}

/// A version as codes are told apart by it: `09` is `9`.
pub(super) fn version(text: &str) -> String {
    text.trim().trim_start_matches('0').to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn systems_are_known_by_their_names_and_versions() {
        assert_eq!(named("http://snomed.info/sct"), Some("SNOMED"));
        assert_eq!(named("ICD-10-CM"), Some("ICD10CM"));
        assert_eq!(named("what"), None);
        for (text, domain, want) in [
            ("9", Domain::Condition, Some("ICD9CM")),
            ("09", Domain::Procedure, Some("ICD9Proc")),
            ("10", Domain::Condition, Some("ICD10CM")),
            ("ICD-10", Domain::Procedure, Some("ICD10PCS")),
            ("SM", Domain::Condition, Some("SNOMED")),
            ("CH", Domain::Procedure, Some("CPT4")),
            ("OT", Domain::Condition, None),
        ] {
            assert_eq!(of_row(text, domain), want, "{text}");
        }
    }
}
