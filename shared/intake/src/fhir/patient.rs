//! Patients: what is kept of them, and what is counted, looked for in notes and then dropped.

use super::date::When;
use super::element::{Reading, Skip, reject};
use super::json::{Fields, Value};
use super::kind::Kind;
use super::reference::{Key, Target, target};
use super::store::{Patient, Tally};
use crate::report::Flaw;
use crate::safe_harbor::{class_words, zip3};
use crate::sex;

const DROPPED: &str = "dropped; looked for in notes";

/// Reads a Patient.
pub(super) fn read(r: &mut Reading<'_>, fields: &Fields<'_>, urn: Option<&[u8]>) -> Result<(), Skip> {
    let id = fields.text("id");
    let urn = urn.map(String::from_utf8_lossy);
    let Some(identity) = urn.as_ref().or(id.as_ref()) else {
        return reject("id", "the patient has no id: nothing can refer to them");
    };
    let mut patient = Patient { identity: identity.clone().into_owned(), ..Patient::default() };
    if let Some(id) = id.filter(|_| urn.is_some()) {
        r.draft.aliases.push(Key::new(0, Kind::Patient, id.as_bytes()).anywhere());
    }
    // What is made up for one export does no harm in a note; ids that stand in both must go.
    if patient.identity.len() > 3 {
        patient.numbers.push(patient.identity.clone());
    }
    let gender = fields.text("gender");
    patient.sex = gender.as_deref().and_then(sex::sex_of).unwrap_or("unknown");
    let born = fields.get("birthDate").map(|v| r.when(v));
    match born {
        Some(Ok(When { year, month, first, precision, .. })) => {
            // Without a day the middle is taken, so that nobody is on average too old or too young.
            let (_, _, of_month) = columnar::day::to_ymd(first);
            let exact = precision == super::date::Precision::Day;
            patient.birth = Some((year, month.unwrap_or(7), if exact { of_month } else { 1 }));
        }
        Some(Err(e)) => flaw(r, "birthDate", e),
        None => {}
    }
    died(r, fields, &mut patient);
    extensions(r, fields, &mut patient);
    names(r, fields, &mut patient);
    contacts(r, fields, &mut patient);
    identifiers(r, fields, &mut patient);
    places(r, fields, &mut patient);
    if let Some(status) = fields.get("maritalStatus") {
        patient.marital_status = r.words(status);
    }
    let photos = fields.get("photo").map_or(0, |p| p.items().count() as u64);
    r.identifier(class_words("photo"), "Patient.photo", "photographs dropped", photos);
    let told = fields.get("text").and_then(|t| t.get("div")).is_some();
    r.identifier(class_words("name"), "Patient.text", "narratives about the patient dropped", u64::from(told));
    links(r, fields, &mut patient);
    r.draft.patient = Some(patient);
    Ok(())
}

/// Records of the same person. `seealso` does not say which of the two counts: it is left alone.
fn links(r: &mut Reading<'_>, fields: &Fields<'_>, patient: &mut Patient) {
    for link in fields.get("link").into_iter().flat_map(Value::items) {
        let to = link.get("other").map(|other| target(other, Kind::Patient, r.base, &mut r.lists.bases));
        let way = match link.get("type").and_then(Value::bytes) {
            Some(b"replaced-by" | b"refer") => &mut patient.gives_way_to,
            Some(b"replaces") => &mut patient.replaces,
            _ => continue,
        };
        if let Some(Target::Resource(key)) = to {
            way.push(key);
        }
    }
}

fn flaw(r: &mut Reading<'_>, field: &str, reason: &str) {
    r.draft.flaws.push(Flaw { field: field.to_owned(), reason: format!("{reason}; set to missing") });
}

fn died(r: &mut Reading<'_>, fields: &Fields<'_>, patient: &mut Patient) {
    match fields.get("deceasedDateTime").map(|v| r.when(v)) {
        // Of a year or month the last day, as OMOP's convention for DEATH has it: who died in that year was alive at its beginning.
        Some(Ok(when)) => patient.death = Some(when.last),
        Some(Err(e)) => {
            flaw(r, "deceasedDateTime", e);
            r.draft.tally(Tally::DeadWithoutDate);
        }
        None if fields.get("deceasedBoolean").and_then(Value::boolean) == Some(true) => {
            r.draft.tally(Tally::DeadWithoutDate);
        }
        None => {}
    }
}

/// Race and ethnicity of US Core, and the names in HL7's extensions.
fn extensions(r: &mut Reading<'_>, fields: &Fields<'_>, patient: &mut Patient) {
    for extension in fields.get("extension").into_iter().flat_map(Value::items) {
        let url = extension.get("url").and_then(Value::text).unwrap_or_default();
        match url.rsplit('/').next().unwrap_or_default() {
            "us-core-race" => patient.race = category(r, extension),
            "us-core-ethnicity" => patient.ethnicity = category(r, extension),
            "us-core-birthsex" if patient.sex == "unknown" => {
                let code = extension.get("valueCode").and_then(Value::text);
                patient.sex = code.as_deref().and_then(sex::sex_of).unwrap_or("unknown");
            }
            "patient-mothersMaidenName" => {
                let name = extension.get("valueString").and_then(Value::text);
                r.identifier(
                    class_words("name"),
                    "Patient.extension (mother's maiden name)",
                    DROPPED,
                    u64::from(name.is_some()),
                );
                patient.names.extend(name.map(std::borrow::Cow::into_owned));
            }
            "patient-birthPlace" | "birthPlace" => {
                r.identifier(class_words("city"), "Patient.extension (birth place)", "place of birth dropped", 1);
            }
            _ => {}
        }
    }
}

/// The category of the census in US Core's race and ethnicity, else their text.
fn category(r: &mut Reading<'_>, extension: Value<'_>) -> u32 {
    let inner = |wanted: &'static str, value: &'static str| {
        let all = extension.get("extension").into_iter().flat_map(Value::items);
        let of = move |e: Value<'_>| e.get("url").and_then(Value::bytes) == Some(wanted.as_bytes());
        all.filter(move |e| of(*e)).filter_map(move |e| e.get(value))
    };
    let mut words: Vec<String> = inner("ombCategory", "valueCoding")
        .filter_map(|c| c.get("display").or_else(|| c.get("code"))?.text())
        .map(std::borrow::Cow::into_owned)
        .collect();
    let is_free = words.is_empty();
    if is_free {
        words.extend(inner("text", "valueString").filter_map(Value::text).map(std::borrow::Cow::into_owned));
    }
    crate::order::sort(&mut words);
    words.dedup();
    let words = words.join("; ");
    if is_free { r.lists.texts.free(&words) } else { r.lists.texts.coded(&words) }
}

fn names(r: &mut Reading<'_>, fields: &Fields<'_>, patient: &mut Patient) {
    let contacts = fields.get("contact").into_iter().flat_map(Value::items).filter_map(|c| c.get("name"));
    let own = fields.get("name").into_iter().flat_map(Value::items);
    let mut n = 0;
    for name in own.chain(contacts.flat_map(Value::items)) {
        n += 1;
        for part in ["family", "given", "text"] {
            let texts = name.get(part).into_iter().flat_map(Value::items).filter_map(Value::text);
            // `MR` in a note is no title of the patient's.
            let words = texts.flat_map(|t| t.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
            patient.names.extend(words.filter(|w| !is_title(w)));
        }
    }
    r.identifier(class_words("name"), "Patient.name, Patient.contact.name", DROPPED, n);
}

/// Words of a name that are no name.
fn is_title(word: &str) -> bool {
    const TITLES: [&str; 20] = [
        "mr", "mrs", "ms", "mx", "miss", "dr", "prof", "md", "phd", "rn", "do", "jr", "sr", "ii", "iii", "iv", "van",
        "von", "de", "the",
    ];
    TITLES.contains(&word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase().as_str())
}

fn contacts(r: &mut Reading<'_>, fields: &Fields<'_>, patient: &mut Patient) {
    let of_contacts = fields.get("contact").into_iter().flat_map(Value::items).filter_map(|c| c.get("telecom"));
    let own = fields.get("telecom").into_iter();
    for point in own.chain(of_contacts).flat_map(Value::items) {
        let Some(value) = point.get("value").and_then(Value::text) else { continue };
        let class = match point.get("system").and_then(Value::bytes) {
            Some(b"email") => "email",
            Some(b"url") => "url",
            Some(b"other") => "other",
            Some(b"fax") => "fax",
            _ => "phone",
        };
        r.identifier(class_words(class), "Patient.telecom, Patient.contact.telecom", DROPPED, 1);
        if value.len() > 3 {
            patient.numbers.push(value.into_owned());
        }
    }
}

fn identifiers(r: &mut Reading<'_>, fields: &Fields<'_>, patient: &mut Patient) {
    for identifier in fields.get("identifier").into_iter().flat_map(Value::items) {
        let Some(value) = identifier.get("value").and_then(Value::text) else { continue };
        let system = identifier.get("system").and_then(Value::text).unwrap_or_default();
        let coding = identifier.get("type").and_then(|t| t.first("coding"));
        let code = coding.and_then(|c| c.get("code")).and_then(Value::text).unwrap_or_default();
        // HL7 v2 table 0203.
        let class = match code.as_ref() {
            "SS" => "ssn",
            _ if system.contains("us-ssn") || system.ends_with("2.16.840.1.113883.4.1") => "ssn",
            "MR" | "MRT" | "PI" | "PT" | "EN" => "record_number",
            "DL" | "LN" | "MD" | "NP" | "PRN" => "licence",
            "MB" | "MA" | "MC" | "MCR" | "SN" | "HC" | "JHN" => "insurance",
            "AN" | "ANON" | "BA" | "VN" | "ACSN" => "account",
            _ => "other",
        };
        r.identifier(class_words(class), "Patient.identifier", DROPPED, 1);
        r.draft.aliases.push(Key::identifier(Kind::Patient, system.as_bytes(), value.as_bytes()));
        if value.len() > 3 {
            patient.numbers.push(value.into_owned());
        }
    }
}

/// State and three digits of the ZIP code of the first address that is not old; the rest is dropped.
fn places(r: &mut Reading<'_>, fields: &Fields<'_>, patient: &mut Patient) {
    let own = fields.get("address").into_iter().flat_map(Value::items);
    let of_contacts = fields.get("contact").into_iter().flat_map(Value::items).filter_map(|c| c.get("address"));
    let mut first = true;
    let (mut n, n_own) = (0, fields.get("address").map_or(0, |a| a.items().count()));
    for (i, address) in own.chain(of_contacts).enumerate() {
        n += 1;
        let lines = address.get("line").into_iter().flat_map(Value::items).filter_map(Value::text);
        patient.numbers.extend(lines.filter(|l| l.len() > 3).map(std::borrow::Cow::into_owned));
        for part in ["city", "postalCode"] {
            let text = address.get(part).and_then(Value::text).filter(|t| t.len() > 3);
            patient.numbers.extend(text.map(std::borrow::Cow::into_owned));
        }
        let old = address.get("use").and_then(Value::bytes) == Some(b"old");
        if !first || old || i >= n_own {
            continue;
        }
        first = false;
        let text = |part: &str| address.get(part).and_then(Value::text).unwrap_or_default();
        patient.state = r.lists.texts.free(&text("state"));
        let us = matches!(text("country").to_ascii_uppercase().as_str(), "" | "US" | "USA" | "UNITED STATES");
        let code = text("postalCode");
        if us && !code.is_empty() {
            patient.zip3 = r.lists.texts.coded(&zip3(&code));
            r.identifier(class_words("zip"), "Patient.address.postalCode", "ZIP codes cut to three digits", 1);
        }
    }
    r.identifier(
        class_words("address"),
        "Patient.address, Patient.contact.address",
        "addresses dropped but for state and ZIP code; looked for in notes",
        n,
    );
}
