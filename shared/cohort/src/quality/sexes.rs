//! Conditions and procedures of one sex only.
//!
//! **Sources.** WHO, ICD-10, 2019: malignant neoplasms of female (C51-C58) and male genital organs (C60-C63), diseases of
//! male genital organs (N40-N51, in ICD-10-CM to N53), of female pelvic organs and genital tract (N70-N98), pregnancy,
//! childbirth and the puerperium (O00-O9A). ICD-9-CM: 179-184, 614-630 to 679 and 185-187, 600-608. Other systems: words
//! for organs that one sex has, in the concept's own name.

use model::concept::ConceptRef;

/// A sex that a code is bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sex {
    Female,
    Male,
}

impl Sex {
    /// The sex of a stored name; nothing for other and unknown.
    pub(super) fn from_name(name: &str) -> Option<Self> {
        match name {
            "female" => Some(Self::Female),
            "male" => Some(Self::Male),
            _ => None,
        }
    }
}

/// Systems of conditions and procedures whose names are looked at.
const WORDED: [&str; 3] = ["SNOMED", "CPT4", "ICD10PCS"];

const FEMALE_WORDS: [&str; 22] = [
    "pregnan",
    "childbirth",
    "ectopic gestation",
    "preeclampsia",
    "eclampsia",
    "puerper",
    "uterus",
    "uterine",
    "uteri",
    "endometri",
    "ovary",
    "ovarian",
    "fallopian",
    "vagin",
    "vulva",
    "cervix uteri",
    "hysterectomy",
    "menstrua",
    "menorrh",
    "salpingectomy",
    "cesarean",
    "placenta",
];
const MALE_WORDS: [&str; 14] = [
    "prostat",
    "testis",
    "testes",
    "testicul",
    "testicle",
    "scrotum",
    "scrotal",
    "penis",
    "penile",
    "spermat",
    "epididym",
    "phimosis",
    "orchi",
    "vas deferens",
];
/// With these words it is somebody else's organ, or none at all.
const NOT_OWN: [&str; 14] = [
    "family history",
    "fetus",
    "fetal",
    "newborn",
    "neonat",
    "infant",
    "partner",
    "father",
    "mother",
    "maternal",
    "screening",
    "education",
    "prostatic specific",
    "born",
];

/// The sex that a concept is bound to, if any.
pub(super) fn only(concept: &ConceptRef) -> Option<Sex> {
    match concept.system.as_str() {
        "ICD10" | "ICD10CM" | "ICD10GM" => icd10(&concept.code),
        "ICD9CM" => icd9(&concept.code),
        system if WORDED.contains(&system) => words(&concept.display),
        _ => None,
    }
}

fn icd10(code: &str) -> Option<Sex> {
    let mut letters = code.chars();
    let chapter = letters.next()?.to_ascii_uppercase();
    let digits: String = letters.take(2).collect();
    if chapter == 'O' {
        return Some(Sex::Female);
    }
    let block: u32 = digits.parse().ok()?;
    match (chapter, block) {
        ('C', 51..=58) | ('N', 70..=98) => Some(Sex::Female),
        ('C', 60..=63) | ('N', 40..=53) => Some(Sex::Male),
        _ => None,
    }
}

fn icd9(code: &str) -> Option<Sex> {
    let block: u32 = code.split('.').next()?.parse().ok()?;
    match block {
        179..=184 | 614..=679 => Some(Sex::Female),
        185..=187 | 600..=608 => Some(Sex::Male),
        _ => None,
    }
}

fn words(display: &str) -> Option<Sex> {
    let display = display.to_lowercase();
    let holds = |words: &[&str]| words.iter().any(|word| display.contains(word));
    if holds(&NOT_OWN) {
        return None;
    }
    match (holds(&FEMALE_WORDS), holds(&MALE_WORDS)) {
        (true, false) => Some(Sex::Female),
        (false, true) => Some(Sex::Male),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(system: &str, code: &str, display: &str) -> Option<Sex> {
        only(&ConceptRef { system: system.into(), code: code.into(), display: display.into(), omop_id: None })
    }

    #[test]
    fn blocks_of_the_classifications() {
        for code in ["O80", "O9A.2", "C50.9", "C53.1", "N80", "N39.0", "N40.1", "C61", "E11.9", "Z33", "", "C5"] {
            let sex = of("ICD10CM", code, "");
            let want = match code {
                "O80" | "O9A.2" | "C53.1" | "N80" => Some(Sex::Female),
                "N40.1" | "C61" => Some(Sex::Male),
                _ => None,
            };
            assert_eq!(sex, want, "{code}");
        }
        assert_eq!(of("ICD9CM", "650", ""), Some(Sex::Female));
        assert_eq!(of("ICD9CM", "600.00", ""), Some(Sex::Male));
        assert_eq!(of("ICD9CM", "V22.1", ""), None);
        assert_eq!(of("ICD9CM", "250.00", ""), None);
    }

    #[test]
    fn words_of_organs() {
        assert_eq!(of("SNOMED", "72892002", "Normal pregnancy"), Some(Sex::Female));
        assert_eq!(of("SNOMED", "126906006", "Neoplasm of prostate"), Some(Sex::Male));
        assert_eq!(of("SNOMED", "1", "Family history of malignant neoplasm of ovary"), None);
        assert_eq!(of("SNOMED", "2", "Cervical spondylosis"), None);
        assert_eq!(of("SNOMED", "3", "Pain in testis during pregnancy of partner"), None);
        assert_eq!(of("LOINC", "2857-1", "Prostate specific Ag"), None);
    }
}
