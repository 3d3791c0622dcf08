//! Documents of FHIR that tell something: Compositions, and documents as R5 dates them.
#![cfg(feature = "fhir")]
#![expect(clippy::unwrap_used, reason = "a helper of a test may fail like the test")]

use columnar::Column;
use intake::fhir::FhirImport;
use intake::{Imported, Settings};
use model::tables;
use serde_json::{Value, json};

fn import(bundle: &Value) -> Imported {
    let mut import = FhirImport::new(Settings::new("test", [7; 32]));
    import.begin_file("document.json");
    import.push(bundle.to_string().as_bytes()).unwrap();
    let imported = import.finish().unwrap();
    let r = &imported.report;
    assert_eq!(r.rows_read, r.rows_kept + r.rows_rejected + r.rows_not_used, "{r:?}");
    imported
}

fn notes(imported: &Imported) -> Vec<String> {
    match imported.dataset.table(tables::NOTE).and_then(|t| t.column(tables::NOTE_TEXT)) {
        Some(Column::Text(texts)) => texts.iter().map(|t| t.unwrap_or_default().to_owned()).collect(),
        _ => Vec::new(),
    }
}

fn patient() -> Value {
    json!({"fullUrl": "urn:uuid:11111111-1111-1111-1111-111111111111",
        "resource": {"resourceType": "Patient", "gender": "female", "birthDate": "1950-03-01"}})
}

#[test]
fn what_a_composition_tells_is_a_note() {
    let div = |html: &str| format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{html}</div>");
    let composition = |subject: Value, sections: Value| {
        json!({"resource": {"resourceType": "Composition", "id": "c", "status": "final", "title": "Discharge Summary",
            "type": {"coding": [{"system": "http://loinc.org", "code": "18842-5", "display": "Discharge summary"}]},
            "subject": subject, "date": "2020-05-05", "section": sections}})
    };
    let who = json!({"reference": "urn:uuid:11111111-1111-1111-1111-111111111111"});
    let sections = json!([
        {"title": "Hospital course", "text": {"status": "additional", "div": div("<p>Came with <b>pneumonia</b>.</p>")},
            "section": [{"title": "Day two:", "text": {"status": "generated", "div": div("<p>No fever.</p>")}}]},
        {"title": "Allergies", "text": {"status": "generated", "div": div("<p>Penicillin</p>")}, "entry": [{"reference": "x"}]},
    ]);
    for subject in [who.clone(), json!([who])] {
        let bundle = json!({"resourceType": "Bundle", "type": "document", "entry": [composition(subject, sections.clone()), patient()]});
        let imported = import(&bundle);
        assert_eq!(notes(&imported), ["Hospital course:\nCame with pneumonia.\n\nDay two:\nNo fever."]);
        assert_eq!((imported.report.notes, imported.report.note_findings), (1, 2));
    }
    let repeated = json!([{"title": "Allergies", "text": {"status": "generated", "div": div("<p>Penicillin</p>")}, "entry": [{"reference": "x"}]}]);
    let bundle = json!({"resourceType": "Bundle", "type": "document", "entry": [composition(json!({"reference":
        "urn:uuid:11111111-1111-1111-1111-111111111111"}), repeated), patient()]});
    let imported = import(&bundle);
    assert_eq!((imported.report.notes, imported.report.rows_not_used), (0, 1));
}

#[test]
fn a_document_is_dated_by_its_period() {
    let document = json!({"resource": {"resourceType": "DocumentReference", "id": "d", "status": "current",
        "subject": {"reference": "urn:uuid:11111111-1111-1111-1111-111111111111"}, "period": {"start": "2022-02-10"},
        "content": [{"attachment": {"contentType": "text/plain", "data": "Q291Z2gu"}}]}});
    let imported = import(&json!({"resourceType": "Bundle", "type": "collection", "entry": [document, patient()]}));
    assert_eq!(notes(&imported), ["Cough."]);
}

#[test]
fn a_summary_lists_what_is_known_on_its_day() {
    let who = json!({"reference": "urn:uuid:11111111-1111-1111-1111-111111111111"});
    let composition = json!({"resource": {"resourceType": "Composition", "id": "c", "status": "final", "title": "Patient Summary",
        "subject": who, "date": "2020-05-05T10:00:00+02:00", "section": []}});
    let coded = |words: &str| json!({"text": words});
    let entry = |resource: Value| json!({"resource": resource});
    let listed = [
        entry(json!({"resourceType": "Condition", "id": "1", "subject": who, "code": coded("Asthma")})),
        entry(
            json!({"resourceType": "Condition", "id": "2", "subject": who, "code": coded("Gout"), "onsetDateTime": "2011-02-03"}),
        ),
        entry(json!({"resourceType": "AllergyIntolerance", "id": "3", "patient": who, "code": coded("Penicillin")})),
        entry(json!({"resourceType": "MedicationStatement", "id": "4", "status": "active", "subject": who,
            "medicationCodeableConcept": coded("Salbutamol")})),
        // A result without a time is none.
        entry(
            json!({"resourceType": "Observation", "id": "5", "status": "final", "subject": who, "code": coded("Glucose"), "valueString": "high"}),
        ),
    ];
    let bundle = |first: Value, kind: &str| {
        let entries: Vec<Value> = std::iter::once(first).chain([patient()]).chain(listed.clone()).collect();
        import(&json!({"resourceType": "Bundle", "type": kind, "entry": entries}))
    };
    let imported = bundle(composition, "document");
    assert_eq!((imported.report.events, imported.report.rows_rejected), (4, 1), "{:?}", imported.report.rejected);
    assert_eq!(imported.report.rejected[0].field, "entry[6].Observation.effectiveDateTime");
    let said = "3 problems, allergies or drugs have no date and got the day of the document that lists them";
    assert!(imported.report.warnings.iter().any(|w| w.starts_with(said)), "{:?}", imported.report.warnings);
    // In no document there is no such day.
    let other = bundle(patient(), "collection");
    assert_eq!((other.report.events, other.report.rows_rejected), (1, 4));
}
