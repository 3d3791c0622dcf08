//! What entries of Bundles ask for besides holding a resource: to delete, to replace, to create unless it is there.
#![cfg(feature = "fhir")]
#![expect(clippy::unwrap_used, reason = "a helper of a test may fail like the test")]

use columnar::Column;
use intake::fhir::FhirImport;
use intake::{DatePolicy, Imported, Settings, merge};
use model::intake::Compared;
use model::tables;
use serde_json::{Value, json};

fn settings() -> Settings {
    Settings { dates: DatePolicy::Shift, ..Settings::new("test", [7; 32]) }
}

fn import_with(settings: Settings, files: &[(&str, &str)]) -> Result<Imported, intake::IntakeError> {
    let mut import = FhirImport::new(settings);
    for (name, text) in files {
        import.begin_file(name);
        import.push(text.as_bytes()).unwrap();
    }
    let imported = import.finish()?;
    let r = &imported.report;
    assert_eq!(r.rows_read, r.rows_kept + r.rows_rejected + r.rows_not_used, "{r:?}");
    Ok(imported)
}

fn import(files: &[(&str, &str)]) -> Imported {
    import_with(settings(), files).unwrap()
}

/// As the engine adds to a dataset: those who are there are known.
fn add(base: &Imported, files: &[(&str, &str)]) -> Imported {
    let known = Settings { known: intake::person_keys(&base.dataset), ..settings() };
    let new = import_with(known, files).unwrap();
    merge(&base.header, &base.dataset, new, &mut |_, _| true).unwrap()
}

fn lines(resources: &[Value]) -> String {
    resources.iter().map(|r| format!("{r}\n")).collect()
}

fn bundle(kind: &str, entries: &[Value]) -> String {
    json!({"resourceType": "Bundle", "type": kind, "entry": entries}).to_string()
}

fn patient(id: &str) -> Value {
    json!({"resourceType": "Patient", "id": id, "gender": "female", "birthDate": "1950-03-01"})
}

fn weight(id: &str, patient: &str, value: f64) -> Value {
    json!({
        "resourceType": "Observation", "id": id, "status": "final", "subject": {"reference": patient},
        "effectiveDateTime": "2020-03-02", "code": {"coding": [{"system": "http://loinc.org", "code": "29463-7"}]},
        "valueQuantity": {"value": value, "unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg"},
    })
}

fn delete(url: &str) -> Value {
    json!({"request": {"method": "DELETE", "url": url}})
}

fn values(imported: &Imported) -> Vec<f64> {
    let Some(Column::Number(all)) = imported.dataset.table(tables::EVENT).unwrap().column(tables::EVENT_VALUE) else {
        panic!("no values")
    };
    let mut all: Vec<f64> = all.iter().flatten().collect();
    all.sort_by(f64::total_cmp);
    all
}

fn says(imported: &Imported, words: &str) -> bool {
    imported.report.warnings.iter().any(|w| w.contains(words))
}

#[test]
fn a_request_to_delete_takes_the_resource_back() {
    let all = lines(&[patient("1"), weight("a", "Patient/1", 70.0), weight("b", "Patient/1", 71.0)]);
    // The list of deleted resources of a bulk export: a Bundle a line.
    let deleted =
        bundle("transaction", &[delete("Observation/a"), delete("Practitioner/9"), delete("Observation?code=x")]);
    let imported = import(&[("all.ndjson", &all), ("deleted.ndjson", &deleted)]);
    assert_eq!(values(&imported), [71.0]);
    let r = &imported.report;
    assert_eq!((r.rows_read, r.rows_kept, r.rows_not_used, r.rows_rejected), (6, 2, 4, 0));
    assert!(says(&imported, "Observation: 1 resource not used: deleted"), "{:?}", r.warnings);
    assert!(says(&imported, "asks to delete by a search"), "{:?}", r.warnings);
    assert!(says(&imported, "1 Practitioner"), "{:?}", r.warnings);
    // Of a server whose name only the resource has.
    let named = bundle(
        "searchset",
        &[
            json!({"fullUrl": "https://ehr.org/fhir/Patient/1", "resource": patient("1")}),
            json!({"fullUrl": "https://ehr.org/fhir/Observation/a", "resource": weight("a", "Patient/1", 70.0)}),
        ],
    );
    let imported = import(&[("a.json", &named), ("b.json", &bundle("batch", &[delete("Observation/a")]))]);
    assert_eq!((imported.report.persons, imported.report.events), (1, 0));
}

#[test]
fn an_update_that_only_takes_back_does() {
    let first = import(&[(
        "a.ndjson",
        &lines(&[
            patient("1"),
            weight("a", "Patient/1", 70.0),
            weight("b", "Patient/1", 71.0),
            weight("c", "Patient/1", 72.0),
        ]),
    )]);
    let mut wrong = weight("b", "Patient/1", 71.0);
    wrong["status"] = json!("entered-in-error");
    let all =
        add(&first, &[("b.ndjson", &lines(&[wrong])), ("d.json", &bundle("transaction", &[delete("Observation/a")]))]);
    assert_eq!(values(&all), [72.0]);
    let merged = all.report.merged.as_ref().unwrap();
    assert_eq!(merged.events, Compared { new: 0, updated: 0, unchanged: 0, removed: 2 });
    assert_eq!(merged.persons, Compared::default());
    assert_eq!(all.header.n_persons, 1);
    // Without a dataset that it is added to, there is nobody.
    let alone = import_with(settings(), &[("d.json", &bundle("transaction", &[delete("Observation/a")]))]);
    assert!(alone.unwrap_err().to_string().contains("Patient"));
    // A patient who is deleted stays, and it is said.
    let kept = add(&first, &[("d.json", &bundle("transaction", &[delete("Patient/1"), delete("Observation/c")]))]);
    assert_eq!((kept.header.n_persons, values(&kept).len()), (1, 2));
    assert!(says(&kept, "1 patient is deleted"), "{:?}", kept.report.warnings);
}

#[test]
fn a_history_tells_the_newest_first() {
    let version = |value: f64, at: Option<&str>| {
        let mut resource = weight("a", "Patient/1", value);
        if let Some(at) = at {
            resource["meta"] = json!({"lastUpdated": at});
        }
        json!({"fullUrl": "http://s/fhir/Observation/a", "resource": resource,
            "request": {"method": "PUT", "url": "Observation/a"}, "response": {"status": "200"}})
    };
    let gone = |at: Option<&str>| {
        let mut entry = json!({"fullUrl": "http://s/fhir/Observation/a", "request": {"method": "DELETE", "url": "Observation/a"},
            "response": {"status": "204"}});
        if let Some(at) = at {
            entry["response"]["lastModified"] = json!(at);
        }
        entry
    };
    let who = json!({"fullUrl": "http://s/fhir/Patient/1", "resource": patient("1"),
        "request": {"method": "POST", "url": "Patient"}, "response": {"status": "201"}});
    let of = |entries: &[Value]| values(&import(&[("h.json", &bundle("history", entries))]));
    assert_eq!(of(&[version(72.0, None), version(71.0, None), who.clone()]), [72.0]);
    assert_eq!(of(&[gone(None), version(71.0, None), who.clone()]), [0.0; 0]);
    let (early, late) = (Some("2020-01-01T00:00:00Z"), Some("2021-01-01T00:00:00Z"));
    assert_eq!(of(&[version(71.0, early), gone(late), who.clone()]), [0.0; 0]);
    assert_eq!(of(&[gone(early), version(71.0, late), who]), [71.0]);
}

#[test]
fn a_put_is_the_resource_of_its_address() {
    let put = |urn: &str, url: &str, resource: Value| json!({"fullUrl": urn, "resource": resource, "request": {"method": "PUT", "url": url}});
    let of = |value: f64, urn: &str| {
        bundle(
            "transaction",
            &[
                put("urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "Patient/1", patient("1")),
                put(urn, "Observation/a", weight("a", "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", value)),
            ],
        )
    };
    let (one, two) = (
        of(70.0, "urn:uuid:0c3151bd-1cbf-4d64-b04d-000000000001"),
        of(71.0, "urn:uuid:0c3151bd-1cbf-4d64-b04d-000000000002"),
    );
    let imported = import(&[("a.json", &one), ("b.json", &two)]);
    assert_eq!((imported.report.persons, values(&imported)), (1, vec![71.0]));
    let all = add(&import(&[("a.json", &one)]), &[("b.json", &two)]);
    assert_eq!(values(&all), [71.0]);
    let merged = all.report.merged.unwrap();
    assert_eq!((merged.persons.unchanged, merged.events.updated), (1, 1));
}

#[test]
fn what_is_there_is_not_created_again() {
    let post = |urn: &str, value: f64| {
        let mut who = patient("x");
        who.as_object_mut().unwrap().remove("id");
        who["identifier"] = json!([{"system": "http://h/mrn", "value": "7"}]);
        let urn = format!("urn:uuid:{urn}");
        bundle(
            "transaction",
            &[
                json!({"fullUrl": urn, "resource": who,
                    "request": {"method": "POST", "url": "Patient", "ifNoneExist": "identifier=http://h/mrn%7C7"}}),
                json!({"resource": weight(&format!("w{value}"), &urn, value), "request": {"method": "POST", "url": "Observation"}}),
            ],
        )
    };
    let one = post("0c3151bd-1cbf-4d64-b04d-000000000001", 70.0);
    let two = post("0c3151bd-1cbf-4d64-b04d-000000000002", 71.0);
    let imported = import(&[("a.json", &one), ("b.json", &two)]);
    assert_eq!((imported.report.persons, values(&imported)), (1, vec![70.0, 71.0]));
    assert!(says(&imported, "it is there already (ifNoneExist)"), "{:?}", imported.report.warnings);
    // A PUT by the same identifier replaces.
    let mut who = patient("y");
    who["gender"] = json!("male");
    let put = bundle(
        "transaction",
        &[json!({"resource": who, "request": {"method": "PUT", "url": "Patient?identifier=http://h/mrn|7"}})],
    );
    let imported = import(&[("a.json", &one), ("c.json", &put)]);
    assert_eq!((imported.report.persons, imported.report.events), (1, 1));
}

#[test]
fn slashes_may_be_escaped() {
    let text = lines(&[patient("1"), weight("a", "Patient/1", 70.0)]).replace('/', "\\/");
    assert!(text.contains("http:\\/\\/loinc.org"));
    let imported = import(&[("a.ndjson", &text)]);
    assert_eq!(values(&imported), [70.0]);
    let concept = imported.dataset.table(tables::CONCEPT).unwrap().column(tables::CONCEPT_SYSTEM);
    assert!(matches!(concept, Some(Column::Category(c)) if c.level(0) == Some("LOINC")));
}
