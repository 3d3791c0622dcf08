//! Names of columns that say who somebody is.

use super::{abroad, any, joined, words};

/// The class of direct identifiers that a name speaks of, in English or another language.
pub(crate) fn identifier_class(name: &str) -> Option<&'static str> {
    let words = words(name);
    let all = joined(&words);
    in_english(&words, &all).or_else(|| abroad::identifier_class(&words, &all))
}

/// Words of whom a column named 'name' is.
const OF_PERSON: [&str; 24] = [
    "patient",
    "pat",
    "pt",
    "subject",
    "person",
    "first",
    "last",
    "full",
    "given",
    "family",
    "sur",
    "middle",
    "maiden",
    "mother",
    "father",
    "contact",
    "spouse",
    "guardian",
    "kin",
    "emergency",
    "employer",
    "member",
    "legal",
    "preferred",
];

fn in_english(words: &[String], all: &str) -> Option<&'static str> {
    let is = |list: &[&str]| list.contains(&all);
    if any(
        words,
        &[
            "firstname",
            "lastname",
            "surname",
            "fullname",
            "forename",
            "givenname",
            "familyname",
            "middlename",
            "maidenname",
            "patientname",
            "initials",
            "fname",
            "lname",
        ],
    ) || is(&["name"])
        || (any(words, &["name", "names"]) && any(words, &OF_PERSON))
    {
        Some("name")
    } else if any(words, &["dob", "birthdate", "dateofbirth", "birthday", "geburtsdatum", "bdate"])
        || (any(words, &["birth", "born"])
            && !any(words, &["weight", "year", "order", "cohort", "control", "place", "country", "month", "type"]))
    {
        Some("birth_date")
    } else if any(words, &["ssn", "socialsecurity"]) || all.contains("socialsecurity") || is(&["nino", "sin", "cpr"]) {
        Some("ssn")
    } else if any(words, &["mrn", "medrec", "chartno", "nhs", "ehrid", "unitnumber"])
        || is(&["identifier", "patientidentifier", "openmrsid", "unitnumber", "unitno", "primarymrn"])
        || all.contains("medicalrecord")
        || all.contains("recordnumber")
        || all.contains("chartnumber")
    {
        Some("record_number")
    } else if any(words, &["email", "mail", "emailaddress"]) {
        Some("email")
    } else if any(words, &["fax", "faxnumber", "telefax"]) {
        Some("fax")
    } else if any(words, &["phone", "telephone", "tel", "mobile", "cell", "cellphone", "phonenumber", "telefon"])
        && !any(words, &["count", "cd4"])
    {
        Some("phone")
    } else if is(&["facilitylocation"])
        || any(words, &["zip", "zipcode", "postcode", "postalcode", "postal", "plz", "zip5", "zip3"])
    {
        Some("zip")
    } else if any(words, &["url", "website", "webpage", "homepage"]) {
        Some("url")
    } else if any(words, &["ipaddress", "ipaddr"]) || is(&["ip", "ipv4", "ipv6"]) {
        Some("ip")
    } else if any(words, &["address", "addr", "street", "address1", "address2", "strasse"]) {
        Some("address")
    } else if any(words, &["city", "town", "village", "county", "municipality", "latitude", "longitude", "birthplace"])
        || is(&["lat", "lon", "lng", "fips", "placeofbirth", "birthcity", "geocode", "censustract", "blockgroup"])
    {
        Some("city")
    } else if any(words, &["insurance", "policy", "beneficiary", "memberid"])
        && any(words, &["no", "number", "id", "memberid", "beneficiary"])
    {
        Some("insurance")
    } else if any(words, &["account", "acct", "iban"]) {
        Some("account")
    } else if any(words, &["passport", "license", "licence", "drivers"]) && !any(words, &["type", "status"]) {
        Some("licence")
    } else if any(words, &["vin", "licenseplate", "numberplate"]) {
        Some("vehicle")
    } else if any(words, &["serial", "udi", "deviceid"]) {
        Some("device")
    } else if any(words, &["photo", "photograph"]) {
        Some("photo")
    } else if any(words, &["fingerprint", "fingerprints", "voiceprint", "biometric"]) {
        Some("biometric")
    } else {
        None
    }
}

/// Whether a name speaks of a person's identifier in the study.
pub(crate) fn is_person_id(name: &str) -> bool {
    let words = words(name);
    let all = joined(&words);
    let whole = [
        "id",
        "pid",
        "patid",
        "ptid",
        "patientid",
        "patient",
        "subject",
        "subjid",
        "subjectid",
        "usubjid",
        "personid",
        "person",
        "caseid",
        "case",
        "studyid",
        "recordid",
        "record",
        "participantid",
        "participant",
        "patientnumber",
        "patno",
        "subno",
        "subjectnumber",
        "patientno",
        "idno",
        "idnumber",
        "uid",
        "uuid",
        "guid",
        "key",
        "pseudonym",
        "eid",
        "stno",
        "pat",
    ];
    if abroad::has(abroad::STAYS, &all) {
        return false;
    }
    if whole.contains(&all.as_str()) || abroad::has(abroad::PERSONS, &all) {
        return true;
    }
    let of_others = [
        "site",
        "hospital",
        "center",
        "centre",
        "inst",
        "institution",
        "clinic",
        "visit",
        "encounter",
        "provider",
        "doctor",
        "physician",
        "concept",
        "ward",
        "study",
        "trial",
        "batch",
        "plate",
        "cluster",
        "group",
        "arm",
        "family",
        "country",
        "region",
    ];
    words.len() > 1 && words.last().is_some_and(|w| w == "id") && !any(&words, &of_others)
}

/// Whether a name speaks of the number of a stay, a visit or an order.
pub(crate) fn is_of_a_stay(name: &str) -> bool {
    abroad::has(abroad::STAYS, &joined(&words(name)))
}

/// Whether a name is that of the number of a visit, of somebody who treats, or of a key by which tables are joined.
pub(crate) fn is_number_of_another(name: &str) -> bool {
    let words = words(name);
    let of = [
        "visit",
        "encounter",
        "encntr",
        "enc",
        "stay",
        "admission",
        "provider",
        "prov",
        "prsnl",
        "physician",
        "doctor",
        "staff",
        "caregiver",
        "department",
        "order",
        "specimen",
        "sample",
        "accession",
        "rx",
    ];
    let whole =
        ["providerid", "rxproviderid", "facilityid", "provid", "visitid", "orderid", "specimenid", "accessionno"];
    // Written in one: `patientunitstayid`, `labid`.
    let ends = |list: &[&str]| list.iter().any(|end| joined(&words).ends_with(end));
    let in_one = words.len() == 1
        && ends(&[
            "stayid",
            "visitid",
            "encid",
            "sampleid",
            "specimenid",
            "labid",
            "eventid",
            "rowid",
            "orderid",
            "accountid",
            "noteid",
            "reportid",
            "resultid",
        ]);
    let in_one = in_one || joined(&words) == "stay";
    let ends = |list: &[&str]| words.last().is_some_and(|w| list.contains(&w.as_str()));
    let is_key = words.len() > 1 && ends(&["key"]) && !any(&words, &["date", "time"]) && !is_of_patient(&words);
    is_key
        || in_one
        || whole.contains(&joined(&words).as_str())
        || (words.len() > 1
            && ends(&["id", "key", "nr", "no", "num", "number", "npi"])
            && any(&words, &of)
            && !is_of_patient(&words))
}

fn is_of_patient(words: &[String]) -> bool {
    any(words, &["patient", "pat", "person", "subject", "participant", "pt"])
}

/// Whether a column names those who treat: `attending physician`, `Hausarzt`. Its values may be names, or what they are.
pub(crate) fn is_of_staff(name: &str) -> bool {
    any(
        &words(name),
        &[
            "physician",
            "doctor",
            "surgeon",
            "provider",
            "prov",
            "staff",
            "caregiver",
            "employee",
            "attending",
            "nurse",
            "pcp",
            "referrer",
            "clinician",
            "operator",
            "prescriber",
            "radiologist",
            "pathologist",
            "anesthesiologist",
            "hausarzt",
            "arzt",
            "operateur",
            "behandler",
            "medecin",
            "chirurgien",
            "infirmier",
            "medico",
            "cirujano",
            "chirurgo",
            "huisarts",
            "investigator",
        ],
    )
}

/// Whether a name is that of a part of a person's name, where the values are words: `FIRST`, `LAST`.
pub(in crate::csv) fn is_part_of_name(name: &str) -> bool {
    let all = joined(&words(name));
    ["first", "last", "middle", "maiden", "given", "family", "fname", "lname", "mname"].contains(&all.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_by_name() {
        for (name, class) in [
            ("name", Some("name")),
            ("patient_name", Some("name")),
            ("drug_name", None),
            ("LastName", Some("name")),
            ("DOB", Some("birth_date")),
            ("birth_weight", None),
            ("birth_year", None),
            ("date_of_birth", Some("birth_date")),
            ("zip", Some("zip")),
            ("MRN", Some("record_number")),
            ("e-mail", Some("email")),
            ("phone", Some("phone")),
            ("ssn", Some("ssn")),
            ("ip", Some("ip")),
            ("home_address", Some("address")),
            ("status", None),
            ("trip", None),
            ("capacity", None),
            ("telomere", None),
        ] {
            assert_eq!(identifier_class(name), class, "{name}");
        }
        for (name, is) in [
            ("id", true),
            ("pid", true),
            ("case.id", true),
            ("site_id", false),
            ("inst", false),
            ("paid", false),
            ("patient_id", true),
        ] {
            assert_eq!(is_person_id(name), is, "{name}");
        }
    }
}
