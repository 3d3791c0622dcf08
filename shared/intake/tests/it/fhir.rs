//! FHIR resources into a record: what is kept, joined, left out and taken out.
#![cfg(feature = "fhir")]

use columnar::Column;
use intake::fhir::FhirImport;
use intake::{Imported, IntakeError, Settings};
use model::tables;
use serde_json::{Value, json};

use crate::support::records::{events, lines, patient, texts};

fn import(files: &[(&str, &str)]) -> Result<Imported, IntakeError> {
    import_with(crate::support::records::settings(), files)
}

fn import_with(settings: Settings, files: &[(&str, &str)]) -> Result<Imported, IntakeError> {
    let mut import = FhirImport::new(settings);
    for (name, text) in files {
        import.begin_file(name);
        import.push(text.as_bytes())?;
    }
    let imported = import.finish()?;
    let r = &imported.report;
    assert_eq!(r.rows_read, r.rows_kept + r.rows_rejected + r.rows_not_used, "{r:?}");
    assert_eq!(r.rejected.len() as u64, r.rows_rejected + r.values_rejected);
    Ok(imported)
}

fn condition(id: &str, patient: &str, more: Value) -> Value {
    let mut r = json!({
        "resourceType": "Condition", "id": id, "subject": {"reference": patient}, "onsetDateTime": "2020-01-02",
        "code": {"coding": [{"system": "http://snomed.info/sct", "code": "44054006", "display": "Diabetes"}]},
    });
    if let Value::Object(more) = more {
        more.into_iter().for_each(|(key, value)| r[key] = value);
    }
    r
}

#[test]
fn events_wait_for_patients_in_any_order_of_files() {
    let one = lines(&[patient("1")]);
    let two = lines(&[condition("c", "Patient/1", json!({})), condition("d", "Patient/2", json!({}))]);
    let a = import(&[("Patient.ndjson", &one), ("Condition.ndjson", &two)]).unwrap();
    let b = import(&[("Condition.ndjson", &two), ("Patient.ndjson", &one)]).unwrap();
    assert_eq!(a.header.id, b.header.id);
    assert_eq!(events(&a), ["44054006 condition 2020-01-02..- - - -"]);
    let lost = &a.report.rejected[0];
    assert_eq!((lost.file.as_str(), lost.line, lost.field.as_str()), ("Condition.ndjson", 2, "Condition.subject"));
    assert!(lost.reason.contains("not among the files"), "{}", lost.reason);
}

#[test]
fn references_of_bundles_are_followed() {
    let bundle = json!({
        "resourceType": "Bundle", "type": "collection",
        "entry": [
            {"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": condition("c1",
                "urn:uuid:2e97a19a-500b-4908-9dd8-b9e714316569", json!({}))},
            {"fullUrl": "urn:uuid:2e97a19a-500b-4908-9dd8-b9e714316569", "resource": patient("x")},
            {"fullUrl": "http://a.org/fhir/Condition/c2", "resource": condition("c2", "Patient/7", json!({}))},
            {"fullUrl": "http://a.org/fhir/Patient/7", "resource": patient("7")},
            {"fullUrl": "http://b.org/fhir/Patient/7", "resource": patient("7")},
            {"fullUrl": "http://b.org/fhir/Condition/c2", "resource": condition("c2", "Patient/7", json!({}))},
            {"fullUrl": "http://c.org/fhir/Condition/c3", "resource": condition("c3", "Patient/7", json!({}))},
            {"request": {"method": "DELETE", "url": "Patient/9"}},
        ],
    });
    let pretty = serde_json::to_string_pretty(&bundle).unwrap();
    let imported = import(&[("b.json", &pretty)]).unwrap();
    assert_eq!((imported.report.persons, imported.report.events), (3, 3));
    // Of two servers' patients 7 nobody can say whose the third condition is.
    assert_eq!(imported.report.rows_rejected, 1);
    assert!(imported.report.rejected[0].reason.contains("several patients"));
    assert_eq!(imported.report.rejected[0].field, "entry[6].Condition.subject");
    let line = usize::try_from(imported.report.rejected[0].line).unwrap();
    assert!(pretty.lines().skip(line - 1).take(2).any(|l| l.contains("http://c.org") || l.contains("{")));
    // The same on one line, and as a line among others.
    let b = import(&[("b.json", &bundle.to_string())]).unwrap();
    let c = import(&[("b.ndjson", &lines(&[bundle]))]).unwrap();
    assert_eq!((&imported.header.id, &imported.header.id), (&b.header.id, &c.header.id));
}

#[test]
fn an_undated_resource_has_the_day_of_its_encounter() {
    let undated = |id: &str, encounter: &str| {
        let mut r = condition(id, "Patient/1", json!({"encounter": {"reference": encounter}}));
        r.as_object_mut().unwrap().remove("onsetDateTime");
        r
    };
    let visit = json!({"resourceType": "Encounter", "id": "e", "status": "finished", "subject": {"reference": "Patient/1"},
        "class": {"code": "AMB"}, "period": {"start": "2020-07-01", "end": "2020-07-03"}});
    let all = lines(&[undated("a", "Encounter/e"), undated("b", "Encounter/f"), visit, patient("1")]);
    let imported = import(&[("a.ndjson", &all)]).unwrap();
    assert_eq!(events(&imported), ["AMB visit 2020-07-01..2020-07-03 - - -", "44054006 condition 2020-07-01..- - - -"]);
    assert_eq!(imported.report.rejected[0].field, "Condition.encounter");
}

#[test]
fn files_named_after_persons_are_not_named_in_the_header() {
    let mut p = patient("1");
    p["name"] = json!([{"family": "Blick", "given": ["Alden"], "text": "Mr. Alden Blick"}]);
    let imported =
        import(&[("out/Alden_Blick_77.ndjson", &lines(&[p])), ("x.ndjson", &lines(&[patient("2")]))]).unwrap();
    assert_eq!(imported.header.source.files, ["a file named after a person", "x.ndjson"]);
}

#[test]
fn patients_are_found_by_identifier() {
    let mut p = patient("1");
    p["identifier"] = json!([{"system": "http://mrn", "value": "A-77"}]);
    let mut by_value = condition("c", "", json!({}));
    by_value["subject"] = json!({"identifier": {"system": "http://mrn", "value": "A-77"}});
    let by_search = condition("d", "Patient?identifier=http://mrn|A-77", json!({}));
    let imported = import(&[("a.ndjson", &lines(&[by_value, by_search, p]))]).unwrap();
    assert_eq!(imported.report.events, 2);
}

#[test]
fn what_did_not_happen_is_no_event() {
    let status = |codes: &str| json!({"verificationStatus": {"coding": [{"code": codes}]}});
    let of = |kind: &str, status: &str| {
        json!({"resourceType": kind, "id": status, "status": status, "subject": {"reference": "Patient/1"},
            "patient": {"reference": "Patient/1"}, "code": {"text": "x"}, "effectiveDateTime": "2020",
            "performedDateTime": "2020", "vaccineCode": {"text": "x"}, "occurrenceDateTime": "2020"})
    };
    let all = lines(&[
        patient("1"),
        condition("a", "Patient/1", status("refuted")),
        condition("b", "Patient/1", status("entered-in-error")),
        condition("c", "Patient/1", status("provisional")),
        of("Observation", "cancelled"),
        of("Observation", "final"),
        of("Procedure", "not-done"),
        of("Immunization", "not-done"),
        condition("d", "Group/1", json!({})),
    ]);
    let r = import(&[("a.ndjson", &all)]).unwrap().report;
    assert_eq!((r.events, r.rows_kept, r.rows_not_used, r.rows_rejected), (2, 3, 6, 0));
    for words in ["verificationStatus is refuted", "status is not-done", "about a Group", "provisional"] {
        assert!(r.warnings.iter().any(|w| w.contains(words)), "{words}: {:?}", r.warnings);
    }
}

#[test]
fn the_latest_version_counts() {
    let version = |day: &str, updated: Option<&str>| {
        let mut r = condition("c", "Patient/1", json!({"onsetDateTime": day}));
        if let Some(updated) = updated {
            r["meta"] = json!({"lastUpdated": updated});
        }
        r
    };
    let run = |all: &[Value]| {
        let imported = import(&[("a.ndjson", &lines(all))]).unwrap();
        (events(&imported), imported.report.rows_not_used)
    };
    let newer = version("2021-01-01", Some("2022-01-01T00:00:00+02:00"));
    let older = version("2020-01-01", Some("2021-12-31T21:59:59Z"));
    let (found, n) = run(&[patient("1"), newer.clone(), older]);
    assert_eq!((found, n), (vec!["44054006 condition 2021-01-01..- - - -".to_owned()], 1));
    let (found, n) = run(&[patient("1"), version("2020-01-01", None), version("2021-05-01", None), patient("1")]);
    assert_eq!((found, n), (vec!["44054006 condition 2021-05-01..- - - -".to_owned()], 2));
    // An update that takes the event back.
    let mut wrong = newer.clone();
    wrong["meta"]["lastUpdated"] = json!("2023-01-01T00:00:00Z");
    wrong["verificationStatus"] = json!({"coding": [{"code": "entered-in-error"}]});
    assert_eq!(run(&[patient("1"), newer.clone(), wrong.clone()]), (vec![], 2));
    assert_eq!(run(&[patient("1"), wrong, newer]), (vec![], 2));
}

#[test]
fn observations_give_values_units_components_and_answers() {
    let observation = |id: &str, code: &str, more: Value| {
        let mut r = json!({"resourceType": "Observation", "id": id, "status": "final", "subject": {"reference": "Patient/1"},
            "effectiveDateTime": "2020-05-04T10:00:00Z",
            "code": {"coding": [{"system": "local", "code": "x"}, {"system": "http://loinc.org", "code": code}]}});
        for (key, value) in more.as_object().unwrap() {
            r[key] = value.clone();
        }
        r
    };
    let mm = |v: f64| json!({"value": v, "unit": "mmHg", "system": "http://unitsofmeasure.org", "code": "mm[Hg]"});
    let all = lines(&[
        patient("1"),
        observation("a", "1", json!({"valueQuantity": mm(5.5)})),
        observation("b", "2", json!({"valueQuantity": {"value": 3, "comparator": "<", "unit": "mg/dl"}})),
        observation("c", "3", json!({"valueCodeableConcept": {"coding": [{"code": "P", "display": "Positive"}]}})),
        observation("d", "4", json!({"valueString": "seen by Dr. John Miller"})),
        observation(
            "e",
            "5",
            json!({"component": [
                {"code": {"coding": [{"system": "http://loinc.org", "code": "8480-6"}]}, "valueQuantity": mm(120.0)},
                {"code": {"coding": [{"system": "http://loinc.org", "code": "8462-4"}]}, "valueQuantity": mm(80.0)},
                {"code": {"text": "nothing"}},
            ]}),
        ),
        observation("f", "6", json!({"dataAbsentReason": {"coding": [{"code": "not-performed"}]}})),
        observation("g", "7", json!({"valueBoolean": true, "category": [{"coding": [{"code": "survey"}]}]})),
        observation("h", "8", json!({"valueRatio": {"numerator": {"value": 1}, "denominator": {"value": 128}}})),
        observation("i", "9", json!({"valueDateTime": "2020-01-01"})),
    ]);
    let imported = import(&[("a.ndjson", &all)]).unwrap();
    let mut found = events(&imported);
    found.sort();
    assert_eq!(
        found,
        [
            "1 measurement 2020-05-04..- 5.5 mm[Hg] -",
            "2 measurement 2020-05-04..- 3 mg/dl <",
            "3 observation 2020-05-04..- - - Positive",
            "4 observation 2020-05-04..- - - seen by Dr. [NAME]",
            "5 measurement 2020-05-04..- - - -",
            "7 observation 2020-05-04..- - - true",
            "8 measurement 2020-05-04..- 0.0078125 - 1:128",
            "8462-4 measurement 2020-05-04..- 80 mm[Hg] -",
            "8480-6 measurement 2020-05-04..- 120 mm[Hg] -",
            "9 observation 2020-05-04..- - - -",
        ]
    );
    assert_eq!((imported.report.rows_kept, imported.report.rows_not_used), (9, 1));
    assert!(texts(&imported, tables::CONCEPT, tables::CONCEPT_SYSTEM).iter().all(|s| s == "LOINC"));
}

#[test]
fn drugs_come_by_code_contained_and_from_elsewhere() {
    let request = |id: &str, more: Value| {
        let mut r = json!({"resourceType": "MedicationRequest", "id": id, "status": "active", "intent": "order",
            "subject": {"reference": "Patient/1"}, "authoredOn": "2020-01-01"});
        for (key, value) in more.as_object().unwrap() {
            r[key] = value.clone();
        }
        r
    };
    let drug =
        |code: &str| json!({"coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": code}]});
    let all = lines(&[
        request(
            "a",
            json!({"medicationCodeableConcept": drug("1"), "dispenseRequest":
            {"expectedSupplyDuration": {"value": 30, "code": "d"}, "quantity": {"value": 60, "unit": "tablet"}}}),
        ),
        request(
            "b",
            json!({"medicationReference": {"reference": "#m"},
            "contained": [{"resourceType": "Medication", "id": "m", "code": drug("2")}]}),
        ),
        request("c", json!({"medicationReference": {"reference": "Medication/m3"}})),
        request("d", json!({"medicationReference": {"reference": "Medication/m4"}})),
        request("e", json!({"medication": {"reference": {"reference": "Medication/m3"}}})),
        request("f", json!({"medication": {"concept": drug("5")}})),
        request("g", json!({"medicationCodeableConcept": drug("6"), "intent": "proposal"})),
        json!({"resourceType": "Medication", "id": "m3", "code": drug("3")}),
        json!({"resourceType": "Medication", "id": "m9", "code": drug("9")}),
        patient("1"),
    ]);
    let imported = import(&[("a.ndjson", &all)]).unwrap();
    let found = events(&imported);
    assert_eq!(found[0], "1 drug 2020-01-01..2020-01-30 60 tablet -");
    let codes: Vec<&str> = found.iter().map(|e| e.split(' ').next().unwrap()).collect();
    assert_eq!(codes, ["1", "2", "3", "3", "5"]);
    let r = &imported.report;
    assert_eq!((r.rows_kept, r.rows_rejected, r.rows_not_used), (7, 1, 2));
    assert_eq!(r.rejected[0].field, "MedicationRequest.medicationReference");
}

#[test]
fn devices_are_dated_by_what_refers_to_them() {
    let device = |id: &str| {
        json!({"resourceType": "Device", "id": id, "patient": {"reference": "Patient/1"},
        "serialNumber": "S1", "type": {"coding": [{"system": "http://snomed.info/sct", "code": id}]}})
    };
    let all = lines(&[
        device("1"),
        device("2"),
        device("3"),
        patient("1"),
        json!({"resourceType": "Procedure", "id": "p", "status": "completed", "subject": {"reference": "Patient/1"},
            "performedPeriod": {"start": "2020-02-03", "end": "2020-02-01"}, "code": {"text": "implantation"},
            "focalDevice": [{"manipulated": {"reference": "Device/1"}}]}),
        json!({"resourceType": "DeviceUseStatement", "id": "u", "status": "active", "subject": {"reference": "Patient/1"},
            "timingDateTime": "2021", "device": {"reference": "Device/2"}}),
    ]);
    let imported = import(&[("a.ndjson", &all)]).unwrap();
    assert_eq!(
        events(&imported),
        ["implantation procedure 2020-02-03..- - - -", "1 device 2020-02-03..- - - -", "2 device 2021-01-01..- - - -",]
    );
    let r = &imported.report;
    assert_eq!((r.rows_rejected, r.values_rejected), (1, 1));
    assert!(r.rejected.iter().any(|x| x.reason.contains("end lies before the start")));
    assert!(r.rejected.iter().any(|x| x.reason.contains("since when it is used")));
}

#[test]
fn notes_lose_what_is_known_of_the_patient() {
    let mut p = patient("MRN-12345");
    p["name"] = json!([{"family": "Quandt", "given": ["Ottilie"]}]);
    p["identifier"] = json!([{"type": {"coding": [{"code": "MR"}]}, "value": "99887766X"}]);
    p["address"] =
        json!([{"line": ["12 Elm Street"], "city": "Springfield", "state": "MA", "postalCode": "02139-4307"}]);
    p["telecom"] = json!([{"system": "phone", "value": "+1 555 0100"}]);
    p["photo"] = json!([{"url": "x"}]);
    let document = |id: &str, attachments: Value| {
        json!({"resourceType": "DocumentReference", "id": id, "status": "current", "date": "2020-01-01T00:00:00Z",
            "subject": {"reference": "Patient/MRN-12345"}, "type": {"coding": [{"display": "Progress note"}]},
            "content": attachments})
    };
    // "Ottilie quandt (99887766X) of Springfield, diabetes", "<p>Html <b>note</b></p>", "{\rtf1 Rtf note\par}"
    let all = lines(&[
        document(
            "a",
            json!([{"attachment": {"contentType": "text/plain",
            "data": "T3R0aWxpZSBxdWFuZHQgKDk5ODg3NzY2WCkgb2YgU3ByaW5nZmllbGQsIGRpYWJldGVz"}}]),
        ),
        document(
            "b",
            json!([{"attachment": {"contentType": "text/html", "data": "PHA+SHRtbCA8Yj5ub3RlPC9iPjwvcD4="}}]),
        ),
        document(
            "c",
            json!([{"attachment": {"contentType": "application/rtf", "data": "e1xydGYxIFJ0ZiBub3RlXHBhcn0="}}]),
        ),
        document("d", json!([{"attachment": {"contentType": "application/pdf", "data": "JVBERi0="}}])),
        document("e", json!([{"attachment": {"contentType": "text/plain", "url": "Binary/1"}}])),
        document("f", json!([{"attachment": {"contentType": "text/plain", "data": "%%%"}}])),
        json!({"resourceType": "DiagnosticReport", "id": "r", "status": "final", "code": {"text": "Chest X-ray"},
            "subject": {"reference": "Patient/MRN-12345"}, "effectiveDateTime": "2020-01-02", "conclusion": "No pneumonia"}),
        p,
    ]);
    let imported = import(&[("a.ndjson", &all)]).unwrap();
    let mut notes = texts(&imported, tables::NOTE, tables::NOTE_TEXT);
    notes.sort();
    assert_eq!(notes, ["Html note", "No pneumonia", "Rtf note", "[NAME] [NAME] ([ID]) of [ID], diabetes"]);
    let r = &imported.report;
    assert_eq!((r.notes, r.rows_kept, r.rows_not_used, r.rows_rejected), (4, 5, 2, 1));
    assert_eq!(texts(&imported, tables::VARIABLE, "zip3"), ["021"]);
    assert_eq!(texts(&imported, tables::VARIABLE, "state"), ["MA"]);
    let class = |words: &str| r.identifiers.iter().filter(|i| i.class == words).map(|i| i.found).sum::<u64>();
    assert!(class("names") >= 3 && class("full-face photographs") == 1 && class("telephone numbers") == 1);
    // Nothing of it is in what is stored.
    let stored: Vec<u8> = imported.chunks.iter().flat_map(|c| c.bytes.clone()).collect();
    for secret in ["Quandt", "Ottilie", "99887766X", "MRN-12345", "Elm Street", "Springfield", "555 0100"] {
        assert!(memchr::memmem::find(&stored, secret.as_bytes()).is_none(), "{secret}");
    }
}

#[test]
fn dates_move_and_nobody_is_older_than_ninety() {
    let mut p = patient("1");
    p["birthDate"] = json!("1920-05");
    p["deceasedDateTime"] = json!("2020-06-01");
    let text =
        lines(&[p, condition("c", "Patient/1", json!({"onsetDateTime": "2019-03", "abatementDateTime": "2019"}))]);
    let kept = import(&[("a.ndjson", &text)]).unwrap();
    assert_eq!(
        events(&kept),
        ["44054006 condition 2019-03-01..2019-12-31 - - -", "419099009 death 2020-06-01..- - - -",]
    );
    assert_eq!(texts(&kept, tables::PERSON, tables::PERSON_DEATH_DAY), ["2020-06-01"]);
    assert_eq!(texts(&kept, tables::PERSON, tables::PERSON_BIRTH_YEAR), ["1930"]);
    let moved = import_with(Settings::new("test", [7; 32]), &[("a.ndjson", &text)]).unwrap();
    let days = |i: &Imported| match i.dataset.table(tables::EVENT).unwrap().column(tables::EVENT_START_DAY).unwrap() {
        Column::Day(d) => d.iter().flatten().collect::<Vec<_>>(),
        _ => panic!("days"),
    };
    let (a, b) = (days(&kept), days(&moved));
    assert_ne!(a, b);
    assert_eq!(a[1] - a[0], b[1] - b[0]);
    assert!((a[0] - b[0]).abs() <= 365);
}

#[test]
fn files_of_other_kinds_and_no_patients() {
    let error = |files: &[(&str, &str)]| import(files).unwrap_err().to_string();
    assert!(error(&[("a.json", "")]).contains("no FHIR resource"));
    let said = error(&[("a.ndjson", &lines(&[condition("c", "Patient/1", json!({}))]))]);
    assert!(said.contains("1 resource was read (1 Condition), and none is a Patient"), "{said}");
    assert!(error(&[("texts.json", "[{\"full_text\": \"x\"}, {\"full_text\": \"y\"}]")]).contains("no FHIR resource"));
    let imported = import(&[
        ("a.ndjson", &lines(&[patient("1")])),
        ("readme.txt", "hello"),
        ("b.json", "<Patient xmlns=\"http://hl7.org/fhir\"/>"),
        ("c.json", "{\"resourceType\": \"Patient\", \"id\": "),
        ("log.ndjson", "{\"exportId\":1,\"eventId\":\"kickoff\"}\n{\"a\":1}\n"),
    ]);
    let r = imported.unwrap().report;
    assert_eq!((r.rows_kept, r.rows_rejected, r.rows_not_used), (1, 3, 1));
    assert!(r.warnings.iter().any(|w| w.contains("readme.txt")));
}
