//! US Core resources as Synthea's bulk export writes them, with narratives, profiles, extensions and identifiers that no import
//! keeps. The same bytes on every machine.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use base64::Engine as _;

use super::numbers::{Numbers, iso};

const CORE: &str = "http://hl7.org/fhir/us/core/StructureDefinition";
const LABS: [(&str, &str, &str, u64); 10] = [
    ("2160-0", "Creatinine [Mass/volume] in Serum or Plasma", "mg/dL", 3),
    ("2339-0", "Glucose [Mass/volume] in Blood", "mg/dL", 180),
    ("6299-2", "Urea nitrogen [Mass/volume] in Blood", "mg/dL", 25),
    ("2947-0", "Sodium [Moles/volume] in Blood", "mmol/L", 145),
    ("6298-4", "Potassium [Moles/volume] in Blood", "mmol/L", 5),
    ("4548-4", "Hemoglobin A1c/Hemoglobin.total in Blood", "%", 9),
    ("718-7", "Hemoglobin [Mass/volume] in Blood", "g/dL", 15),
    ("29463-7", "Body Weight", "kg", 90),
    ("8302-2", "Body Height", "cm", 180),
    ("39156-5", "Body mass index (BMI) [Ratio]", "kg/m2", 31),
];
const CONDITIONS: [(&str, &str); 6] = [
    ("38341003", "Essential hypertension (disorder)"),
    ("44054006", "Diabetes mellitus type 2 (disorder)"),
    ("195662009", "Acute viral pharyngitis (disorder)"),
    ("431855005", "Chronic kidney disease stage 1 (disorder)"),
    ("160903007", "Full-time employment (finding)"),
    ("73595000", "Stress (finding)"),
];
const DRUGS: [(&str, &str); 4] = [
    ("314076", "lisinopril 10 MG Oral Tablet"),
    ("860975", "24 HR metformin hydrochloride 500 MG Extended Release Oral Tablet"),
    ("310798", "hydrochlorothiazide 25 MG Oral Tablet"),
    ("314231", "simvastatin 10 MG Oral Tablet"),
];
const PROCEDURES: [(&str, &str); 4] = [
    ("430193006", "Medication Reconciliation (procedure)"),
    ("710824005", "Assessment of health and social care needs (procedure)"),
    ("265764009", "Renal dialysis (procedure)"),
    ("171207006", "Depression screening (procedure)"),
];

/// Files of a bulk export, a resource a line, by name.
pub type Files = BTreeMap<String, Vec<u8>>;

/// One patient on the way.
struct Patient<'a> {
    id: String,
    name: String,
    r: &'a mut Numbers,
    files: &'a mut Files,
}

/// An export of `persons` patients of 40 visits each, without notes or with one note a visit.
pub fn export(persons: usize, notes: bool) -> Files {
    let (mut r, mut files) = (Numbers::new(), Files::new());
    for n in 0..persons {
        person(n, notes, &mut r, &mut files);
    }
    files
}

fn person(n: usize, notes: bool, r: &mut Numbers, files: &mut Files) {
    let id = r.uuid();
    let name = format!("Marine{} Upton{}", r.below(1000), r.below(1000));
    let mut p = Patient { id, name, r, files };
    p.patient(n);
    let mut day = 12_000 + i32::try_from(p.r.below(1000)).unwrap_or(0);
    for visit in 0..40 {
        day += 10 + i32::try_from(p.r.below(170)).unwrap_or(0);
        p.visit(day, visit, notes);
    }
}

/// A transaction Bundle a patient, with a note a visit, indented as Synthea writes them; `take` gets the number and the text of each.
pub fn bundles(
    persons: usize,
    mut take: impl FnMut(usize, &str) -> std::io::Result<()>,
) -> Result<(), Box<dyn std::error::Error>> {
    let mut r = Numbers::new();
    for n in 0..persons {
        let mut files = Files::new();
        person(n, true, &mut r, &mut files);
        let mut entries = Vec::new();
        for line in files.values().flat_map(|file| file.split(|b| *b == b'\n')).filter(|line| !line.is_empty()) {
            let resource: serde_json::Value = serde_json::from_slice(line)?;
            let url = format!("urn:uuid:{}", resource["id"].as_str().unwrap_or_default());
            let request = serde_json::json!({"method": "POST", "url": resource["resourceType"]});
            entries.push(serde_json::json!({"fullUrl": url, "resource": resource, "request": request}));
        }
        let bundle = serde_json::json!({"resourceType": "Bundle", "type": "transaction", "entry": entries});
        take(n, &serde_json::to_string_pretty(&bundle)?)?;
    }
    Ok(())
}

impl Patient<'_> {
    fn line(&mut self, kind: &str, text: &str) {
        let file = self.files.entry(format!("{kind}.000.ndjson")).or_default();
        file.extend_from_slice(text.as_bytes());
        file.push(b'\n');
    }

    /// `"subject":{...}` and what stands at the beginning of a resource.
    fn head(&mut self, kind: &str, profile: &str) -> String {
        let id = self.r.uuid();
        format!(r#"{{"resourceType":"{kind}","id":"{id}","meta":{{"profile":["{CORE}/{profile}"]}}"#)
    }

    fn subject(&self, encounter: &str) -> String {
        format!(
            r#""subject":{{"reference":"Patient/{}"}},"encounter":{{"reference":"Encounter/{encounter}"}}"#,
            self.id
        )
    }

    fn patient(&mut self, n: usize) {
        let (id, name) = (self.id.clone(), self.name.clone());
        let (given, family) = name.split_once(' ').unwrap_or_default();
        let birth = iso(i32::try_from(self.r.below(15_000)).unwrap_or(0) - 10_000);
        let mut text =
            format!(r#"{{"resourceType":"Patient","id":"{id}","meta":{{"profile":["{CORE}/us-core-patient"]}}"#);
        text.push_str(r#","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">Generated by <a href=\"https://github.com/synthetichealth/synthea\">Synthea</a>. Version identifier: made to measure</div>"}"#);
        for (url, code, words) in [("race", "2106-3", "White"), ("ethnicity", "2186-5", "Not Hispanic or Latino")] {
            let comma = if url == "race" { r#","extension":["# } else { "," };
            let system = "urn:oid:2.16.840.1.113883.6.238";
            write_to(
                &mut text,
                format_args!(
                    r#"{comma}{{"url":"{CORE}/us-core-{url}","extension":[{{"url":"ombCategory","valueCoding":{{"system":"{system}","code":"{code}","display":"{words}"}}}},{{"url":"text","valueString":"{words}"}}]}}"#
                ),
            );
        }
        let (sex, letter) = if n.is_multiple_of(2) { ("female", "F") } else { ("male", "M") };
        write_to(
            &mut text,
            format_args!(
                r#",{{"url":"{CORE}/us-core-birthsex","valueCode":"{letter}"}}],"identifier":[{{"system":"https://github.com/synthetichealth/synthea","value":"{id}"}},{{"type":{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"MR","display":"Medical Record Number"}}],"text":"Medical Record Number"}},"system":"http://hospital.smarthealthit.org","value":"{id}"}}],"name":[{{"use":"official","family":"{family}","given":["{given}"],"prefix":["Ms."]}}],"telecom":[{{"system":"phone","value":"555-{:03}-{:04}","use":"home"}}],"gender":"{sex}","birthDate":"{birth}","address":[{{"line":["{} Gleason Lane Apt {}"],"city":"Springfield","state":"MA","postalCode":"01101","country":"US"}}],"maritalStatus":{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/v3-MaritalStatus","code":"M","display":"Married"}}],"text":"Married"}},"multipleBirthBoolean":false,"communication":[{{"language":{{"coding":[{{"system":"urn:ietf:bcp:47","code":"en-US","display":"English (United States)"}}],"text":"English (United States)"}}}}]}}"#,
                n % 1000,
                n % 10_000,
                n % 900,
                n % 90
            ),
        );
        self.line("Patient", &text);
    }

    fn visit(&mut self, day: i32, number: usize, notes: bool) {
        let encounter = self.r.uuid();
        let (from, to) = (format!("{}T08:15:16-05:00", iso(day)), format!("{}T08:45:16-05:00", iso(day)));
        let (patient, name) = (self.id.clone(), self.name.clone());
        let text = format!(
            r#"{{"resourceType":"Encounter","id":"{encounter}","meta":{{"profile":["{CORE}/us-core-encounter"]}},"identifier":[{{"use":"official","system":"https://github.com/synthetichealth/synthea","value":"{encounter}"}}],"status":"finished","class":{{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB"}},"type":[{{"coding":[{{"system":"http://snomed.info/sct","code":"185347001","display":"Encounter for problem (procedure)"}}],"text":"Encounter for problem (procedure)"}}],"subject":{{"reference":"Patient/{patient}","display":"Ms. {name}"}},"participant":[{{"type":[{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/v3-ParticipationType","code":"PPRF","display":"primary performer"}}],"text":"primary performer"}}],"period":{{"start":"{from}","end":"{to}"}},"individual":{{"reference":"Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|9999974493","display":"Dr. Chelsey293 Simonis280"}}}}],"period":{{"start":"{from}","end":"{to}"}},"location":[{{"location":{{"reference":"Location?identifier=https://github.com/synthetichealth/synthea|3b23bdf7-5bd6-30bf-85a9-a37d7d74938a","display":"NEWMAN MEMORIAL COUNTY HOSPITAL"}}}}],"serviceProvider":{{"reference":"Organization?identifier=https://github.com/synthetichealth/synthea|a261e1fc-9361-3633-a2c4-8569a04b818d","display":"NEWMAN MEMORIAL COUNTY HOSPITAL"}}}}"#
        );
        self.line("Encounter", &text);
        let subject = self.subject(&encounter);
        self.pressure(&subject, &from);
        for _ in 0..10 {
            self.laboratory(&subject, &from);
        }
        for _ in 0..2 {
            self.procedure(&subject, &from, &to);
        }
        if number.is_multiple_of(2) {
            self.condition(&subject, &from);
            self.prescription(&subject, &from);
        }
        if notes {
            self.note(&encounter, &from, day);
        }
    }

    fn laboratory(&mut self, subject: &str, at: &str) {
        let (code, words, unit, about) = *self.r.pick(&LABS);
        let (category, title, profile) = match unit {
            "kg" | "cm" | "kg/m2" => ("vital-signs", "Vital signs", "us-core-vital-signs"),
            _ => ("laboratory", "Laboratory", "us-core-observation-lab"),
        };
        let (whole, part) = (self.r.below(about) + 1, self.r.below(10_000));
        let head = self.head("Observation", profile);
        let text = format!(
            r#"{head},"status":"final","category":[{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"{category}","display":"{title}"}}]}}],"code":{{"coding":[{{"system":"http://loinc.org","code":"{code}","display":"{words}"}}],"text":"{words}"}},{subject},"effectiveDateTime":"{at}","issued":"{at}","valueQuantity":{{"value":{whole}.{part:04},"unit":"{unit}","system":"http://unitsofmeasure.org","code":"{unit}"}}}}"#
        );
        self.line("Observation", &text);
    }

    fn pressure(&mut self, subject: &str, at: &str) {
        let head = self.head("Observation", "us-core-blood-pressure");
        let part = |code: &str, words: &str, value: u64| {
            format!(
                r#"{{"code":{{"coding":[{{"system":"http://loinc.org","code":"{code}","display":"{words}"}}],"text":"{words}"}},"valueQuantity":{{"value":{value}.0,"unit":"mm[Hg]","system":"http://unitsofmeasure.org","code":"mm[Hg]"}}}}"#
            )
        };
        let diastolic = part("8462-4", "Diastolic Blood Pressure", 60 + self.r.below(40));
        let systolic = part("8480-6", "Systolic Blood Pressure", 100 + self.r.below(70));
        let text = format!(
            r#"{head},"status":"final","category":[{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"vital-signs","display":"Vital signs"}}]}}],"code":{{"coding":[{{"system":"http://loinc.org","code":"85354-9","display":"Blood pressure panel with all children optional"}}],"text":"Blood pressure panel with all children optional"}},{subject},"effectiveDateTime":"{at}","issued":"{at}","component":[{diastolic},{systolic}]}}"#
        );
        self.line("Observation", &text);
    }

    fn condition(&mut self, subject: &str, at: &str) {
        let (code, words) = *self.r.pick(&CONDITIONS);
        let head = self.head("Condition", "us-core-condition-encounter-diagnosis");
        let text = format!(
            r#"{head},"clinicalStatus":{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active"}}]}},"verificationStatus":{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/condition-ver-status","code":"confirmed"}}]}},"category":[{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/condition-category","code":"encounter-diagnosis","display":"Encounter Diagnosis"}}]}}],"code":{{"coding":[{{"system":"http://snomed.info/sct","code":"{code}","display":"{words}"}}],"text":"{words}"}},{subject},"onsetDateTime":"{at}","recordedDate":"{at}"}}"#
        );
        self.line("Condition", &text);
    }

    fn prescription(&mut self, subject: &str, at: &str) {
        let (code, words) = *self.r.pick(&DRUGS);
        let head = self.head("MedicationRequest", "us-core-medicationrequest");
        let text = format!(
            r#"{head},"status":"stopped","intent":"order","category":[{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/medicationrequest-category","code":"community","display":"Community"}}],"text":"Community"}}],"medicationCodeableConcept":{{"coding":[{{"system":"http://www.nlm.nih.gov/research/umls/rxnorm","code":"{code}","display":"{words}"}}],"text":"{words}"}},{subject},"authoredOn":"{at}","requester":{{"reference":"Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|9999974394","display":"Dr. Olevia458 Hermiston71"}},"dosageInstruction":[{{"sequence":1,"timing":{{"repeat":{{"frequency":1,"period":1.0,"periodUnit":"d"}}}},"asNeededBoolean":false,"doseAndRate":[{{"type":{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/dose-rate-type","code":"ordered","display":"Ordered"}}]}},"doseQuantity":{{"value":1.0}}}}]}}]}}"#
        );
        self.line("MedicationRequest", &text);
    }

    fn procedure(&mut self, subject: &str, from: &str, to: &str) {
        let (code, words) = *self.r.pick(&PROCEDURES);
        let head = self.head("Procedure", "us-core-procedure");
        let text = format!(
            r#"{head},"status":"completed","code":{{"coding":[{{"system":"http://snomed.info/sct","code":"{code}","display":"{words}"}}],"text":"{words}"}},{subject},"performedPeriod":{{"start":"{from}","end":"{to}"}},"location":{{"reference":"Location?identifier=https://github.com/synthetichealth/synthea|903d2c77-31a2-3572-b99d-55fcdb7e3f52","display":"GRACEMED HEALTH CLINIC INC"}}}}"#
        );
        self.line("Procedure", &text);
    }

    fn note(&mut self, encounter: &str, at: &str, day: i32) {
        let name = self.name.clone();
        let mut words = format!(
            "\n{}\n\n# Chief Complaint\n- Hunger\n- Thirst\n- Frequent Urination\n\n# History of Present Illness\n{name}\n is a {} year-old nonhispanic white female. Patient has a history of ",
            iso(day),
            30 + self.r.below(50)
        );
        for _ in 0..6 {
            write_to(&mut words, format_args!("{}, ", self.r.pick(&CONDITIONS).1.to_lowercase()));
        }
        words.push_str("stress (finding).\n\n# Social History\nPatient is married. Patient has never smoked.\nPatient identifies as heterosexual.\n\nPatient comes from a middle socioeconomic background.\nPatient has completed some college courses.\nPatient currently has Medicare.\n\n# Allergies\nNo Known Allergies.\n\n# Medications\n");
        for _ in 0..3 {
            write_to(&mut words, format_args!("{}; ", self.r.pick(&DRUGS).1.to_lowercase()));
        }
        words.push_str("\n\n# Assessment and Plan\nPatient is presenting with essential hypertension. There is no evidence of heart failure. Return if there is chest pain or shortness of breath.\n\n## Plan\nThe following procedures were conducted:\n- ");
        words.push_str(self.r.pick(&PROCEDURES).1);
        let data = base64::engine::general_purpose::STANDARD.encode(words);
        let head = self.head("DocumentReference", "us-core-documentreference");
        let patient = self.id.clone();
        let text = format!(
            r#"{head},"identifier":[{{"system":"urn:ietf:rfc:3986","value":"urn:uuid:{encounter}"}}],"status":"current","type":{{"coding":[{{"system":"http://loinc.org","code":"34117-2","display":"History and physical note"}},{{"system":"http://loinc.org","code":"51847-2","display":"Evaluation + Plan note"}}]}},"category":[{{"coding":[{{"system":"http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category","code":"clinical-note","display":"Clinical Note"}}]}}],"subject":{{"reference":"Patient/{patient}"}},"date":"{at}","author":[{{"reference":"Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|9999974493","display":"Dr. Chelsey293 Simonis280"}}],"content":[{{"attachment":{{"contentType":"text/plain; charset=utf-8","data":"{data}"}},"format":{{"system":"http://ihe.net/fhir/ihe.formatcode.fhir/CodeSystem/formatcode","code":"urn:ihe:iti:xds:2017:mimeTypeSufficient","display":"mimeType Sufficient"}}}}],"context":{{"encounter":[{{"reference":"Encounter/{encounter}"}}],"period":{{"start":"{at}","end":"{at}"}}}}}}"#
        );
        self.line("DocumentReference", &text);
    }
}

fn write_to(text: &mut String, what: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    text.write_fmt(what).unwrap_or(());
}
