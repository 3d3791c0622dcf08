//! The same data again: within one import, and added to a dataset that is there.
#![cfg(feature = "fhir")]
#![expect(clippy::unwrap_used, reason = "a helper of a test may fail like the test")]

use columnar::Column;
use intake::fhir::FhirImport;
use intake::omop::OmopImport;
use intake::{DatePolicy, Imported, IntakeError, Settings, merge};
use model::intake::Compared;
use model::tables;
use serde_json::{Value, json};

fn settings() -> Settings {
    Settings { dates: DatePolicy::Shift, ..Settings::new("test", [7; 32]) }
}

fn fhir_with(settings: Settings, files: &[(&str, &[Value])]) -> Imported {
    let mut import = FhirImport::new(settings);
    for (name, resources) in files {
        import.begin_file(name);
        for resource in *resources {
            import.push(format!("{resource}\n").as_bytes()).unwrap();
        }
    }
    checked(import.finish().unwrap())
}

fn fhir(files: &[(&str, &[Value])]) -> Imported {
    fhir_with(settings(), files)
}

fn omop(files: &[(&str, &str)]) -> Imported {
    let mut import = OmopImport::new(settings());
    for (name, text) in files {
        import.begin_file(name).unwrap();
        import.push(text.as_bytes()).unwrap();
    }
    checked(import.finish().unwrap())
}

fn checked(imported: Imported) -> Imported {
    let r = &imported.report;
    assert_eq!(r.rows_read, r.rows_kept + r.rows_rejected + r.rows_not_used, "{r:?}");
    imported
}

fn added(base: &Imported, new: Imported) -> Result<Imported, IntakeError> {
    merge(&base.header, &base.dataset, new, &mut |_, _| true)
}

fn n_rows(imported: &Imported, table: &str) -> usize {
    imported.dataset.table(table).map_or(0, columnar::Table::n_rows)
}

fn numbers(imported: &Imported, table: &str, column: &str) -> Vec<f64> {
    match imported.dataset.table(table).unwrap().column(column) {
        Some(Column::Number(a)) => a.iter().flatten().collect(),
        other => panic!("{column}: {other:?}"),
    }
}

fn levels(imported: &Imported, column: &str) -> Vec<String> {
    match imported.dataset.table(tables::EVENT).unwrap().column(column) {
        Some(Column::Category(c)) => (0..c.codes.len()).map(|r| c.level(r).unwrap_or("-").to_owned()).collect(),
        other => panic!("{column}: {other:?}"),
    }
}

fn compared(new: u64, updated: u64, unchanged: u64, removed: u64) -> Compared {
    Compared { new, updated, unchanged, removed }
}

fn patient(id: &str) -> Value {
    json!({"resourceType": "Patient", "id": id, "gender": "female", "birthDate": "1950-03-01"})
}

fn hba1c(id: &str, patient: &str, value: f64) -> Value {
    json!({
        "resourceType": "Observation", "id": id, "status": "final", "subject": {"reference": patient},
        "effectiveDateTime": "2020-03-02", "code": {"coding": [{"system": "http://loinc.org", "code": "4548-4"}]},
        "valueQuantity": {"value": value, "unit": "%", "code": "%"},
    })
}

fn note(id: &str, patient: &str, text: &str) -> Value {
    json!({
        "resourceType": "DocumentReference", "id": id, "status": "current", "subject": {"reference": patient},
        "date": "2020-03-05T10:00:00Z", "type": {"text": "Visit"},
        "content": [{"attachment": {"contentType": "text/plain", "data": base64(text)}}],
    })
}

fn base64(text: &str) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for three in text.as_bytes().chunks(3) {
        let word = three.iter().fold(0u32, |w, b| w << 8 | u32::from(*b)) << (8 * (3 - three.len()));
        for i in 0..4 {
            let letter = if i <= three.len() { LETTERS[(word >> (18 - 6 * i)) as usize & 63] } else { b'=' };
            out.push(char::from(letter));
        }
    }
    out
}

#[test]
fn corrected_values_without_ids_are_counted_aloud() {
    let of = |value: &str| {
        format!(
            "person_id,measurement_concept_id,measurement_date,value_as_number\n1,3004410,2020-03-03,{value}\n2,3004410,2020-04-03,8\n"
        )
    };
    let (was, is) = (of("7.5"), of("7.6"));
    let base = omop(&[("person.csv", PERSON), ("measurement.csv", &was)]);
    let done = added(&base, omop(&[("person.csv", PERSON), ("measurement.csv", &is)])).unwrap();
    assert_eq!(done.report.merged.unwrap().events, compared(1, 0, 1, 0));
    assert!(
        done.report.warnings.iter().any(|w| w.starts_with("1 event stands now beside one of the same person")),
        "{:?}",
        done.report.warnings
    );
    let same = added(&base, omop(&[("person.csv", PERSON), ("measurement.csv", &was)])).unwrap();
    assert!(!same.report.warnings.iter().any(|w| w.contains("beside one of the same person")));
}

#[test]
fn a_file_given_twice_counts_once() {
    let mut without_id = hba1c("x", "Patient/1", 7.5);
    without_id.as_object_mut().unwrap().remove("id");
    let resources =
        [patient("1"), hba1c("o", "Patient/1", 7.0), without_id.clone(), without_id, note("d", "Patient/1", "Cough.")];
    let once = fhir(&[("a.ndjson", &resources)]);
    let twice = fhir(&[("a.ndjson", &resources), ("copy of a.ndjson", &resources)]);
    assert_eq!(once.report.events, 3, "two equal resources of one file are two events");
    assert_eq!(once.header.id, twice.header.id);
    assert_eq!((twice.report.rows_read, twice.report.rows_not_used), (10, 5));
    assert!(twice.report.warnings.iter().any(|w| w.starts_with("5 resources came more than once")));
}

#[test]
fn a_bundle_and_the_bulk_export_of_one_server_are_the_same() {
    let id = "2e97a19a-500b-4908-9dd8-b9e714316569";
    let (patient, value) = (patient(id), hba1c("b0c3151bd1cbf4d64b04d", &format!("Patient/{id}"), 7.0));
    let entry = |r: &Value| json!({"fullUrl": format!("https://ehr.org/fhir/{}/{}", r["resourceType"].as_str().unwrap(), r["id"].as_str().unwrap()), "resource": r});
    let bundle = json!({"resourceType": "Bundle", "type": "searchset", "entry": [entry(&patient), entry(&value)]});
    let lines = [patient, value];
    for files in [
        [("b.json", &[bundle.clone()][..]), ("e.ndjson", &lines[..])],
        [("e.ndjson", &lines[..]), ("b.json", &[bundle.clone()][..])],
    ] {
        let imported = fhir(&files);
        assert_eq!((imported.report.persons, imported.report.events), (1, 1));
        assert_eq!((imported.report.rows_kept, imported.report.rows_not_used), (2, 2));
    }
}

const PERSON: &str = "person_id,gender_concept_id,year_of_birth\n1,8507,1950\n2,8532,1960\n";
const MEASUREMENT: &str = "measurement_id,person_id,measurement_concept_id,measurement_date,value_as_number\n\
    11,1,3004410,2020-03-03,7.5\n12,1,3004410,2020-04-03,7.5\n13,2,3004410,2020-04-03,8\n";

#[test]
fn rows_of_overlapping_extracts_count_once() {
    let overlap = "measurement_id,person_id,measurement_concept_id,measurement_date,value_as_number\n\
        12,1,3004410,2020-04-03,7.5\n13,2,3004410,2020-04-03,8.5\n14,2,3004410,2020-05-03,9\n";
    let death = "person_id,death_date\n2,2021-01-01\n";
    let imported = omop(&[
        ("a/person.csv", PERSON),
        ("b/person.csv", PERSON),
        ("a/measurement.csv", MEASUREMENT),
        ("b/measurement.csv", overlap),
        ("a/death.csv", death),
        ("b/death.csv", death),
    ]);
    let r = &imported.report;
    assert_eq!((r.persons, r.events), (2, 5), "four measurements and a death");
    assert_eq!((r.rows_read, r.rows_kept, r.rows_not_used, r.rows_rejected), (12, 7, 5, 0));
    let mut values = numbers(&imported, tables::EVENT, tables::EVENT_VALUE);
    values.sort_by(f64::total_cmp);
    assert_eq!(values, [7.5, 7.5, 8.5, 9.0], "the later row of a key counts");
    assert!(r.warnings.iter().any(|w| w.starts_with("4 rows came more than once")), "{:?}", r.warnings);
    assert!(r.warnings.iter().any(|w| w.starts_with("1 row came under the primary key")), "{:?}", r.warnings);
}

#[test]
fn rows_without_keys_count_as_often_as_in_the_file_that_has_most() {
    let rows = "person_id,drug_concept_id,drug_exposure_start_date\n1,5,2020-01-01\n1,5,2020-01-01\n2,5,2020-01-01\n";
    let once = omop(&[("person.csv", PERSON), ("drug_exposure.csv", rows)]);
    let twice = omop(&[("person.csv", PERSON), ("drug_exposure.csv", rows), ("old/drug_exposure.csv", rows)]);
    assert_eq!((once.report.events, twice.report.events), (3, 3));
    assert_eq!(twice.report.rows_not_used, 3);
    assert_eq!(once.header.id, twice.header.id);
}

#[test]
fn the_same_import_again_changes_nothing() {
    let text = "Denies fever. Cough for two days. EF 55%.";
    let resources = [patient("1"), hba1c("o", "Patient/1", 7.0), note("d", "Patient/1", text)];
    let first = fhir(&[("a.ndjson", &resources)]);
    assert_eq!(first.report.note_findings, 3);
    let again = added(&first, fhir(&[("b.ndjson", &resources)])).unwrap();
    assert_eq!(again.header.id, first.header.id, "the same content");
    let merged = again.report.merged.unwrap();
    assert_eq!(merged.persons, compared(0, 0, 1, 0));
    assert_eq!(merged.events, compared(0, 0, 4, 0));
    assert_eq!(merged.notes, compared(0, 0, 1, 0));
    assert_eq!(again.header.source.files, ["a.ndjson", "b.ndjson"]);

    let first = omop(&[("person.csv", PERSON), ("measurement.csv", MEASUREMENT)]);
    let again = added(&first, omop(&[("person.csv", PERSON), ("measurement.csv", MEASUREMENT)])).unwrap();
    assert_eq!(again.header.id, first.header.id);
    assert_eq!(again.report.merged.unwrap().events, compared(0, 0, 3, 0));
}

#[test]
fn an_update_replaces_by_resource() {
    let old = [
        patient("1"),
        hba1c("o", "Patient/1", 7.0),
        hba1c("p", "Patient/1", 7.2),
        note("d", "Patient/1", "Denies fever."),
    ];
    let mut moved = hba1c("q", "Patient/2", 9.0);
    moved["effectiveDateTime"] = json!("2021-01-01");
    let mut dead = patient("1");
    dead["deceasedDateTime"] = json!("2022-01-01");
    let new = [dead, patient("2"), hba1c("o", "Patient/1", 8.0), moved, note("d", "Patient/1", "Fever since Monday.")];
    let first = fhir(&[("a.ndjson", &old)]);
    let all = added(&first, fhir(&[("b.ndjson", &new)])).unwrap();
    let merged = all.report.merged.unwrap();
    assert_eq!(merged.persons, compared(1, 1, 0, 0));
    // o is updated, and the finding of the note; q and the death are new.
    assert_eq!(merged.events, compared(2, 2, 0, 0));
    assert_eq!(merged.notes, compared(0, 1, 0, 0));
    let mut values = numbers(&all, tables::EVENT, tables::EVENT_VALUE);
    values.sort_by(f64::total_cmp);
    assert_eq!(values, [7.2, 8.0, 9.0]);
    assert_eq!((n_rows(&all, tables::NOTE), n_rows(&all, tables::PERSON)), (1, 2));
    let domains = levels(&all, tables::EVENT_DOMAIN);
    assert_eq!(domains.iter().filter(|d| *d == "note_finding").count(), 1, "{domains:?}");
    assert!(!domains.iter().any(|d| d == tables::DOMAIN_NOTE_NOT_PRESENT), "{domains:?}");
    assert_eq!(all.header.n_persons, 2);
    // The same as if all had come at once, but for what the update took away.
    let at_once = fhir(&[("a.ndjson", &old), ("b.ndjson", &new)]);
    assert_eq!(levels(&at_once, tables::EVENT_DOMAIN), domains);
    assert_eq!(n_rows(&at_once, tables::OBSERVATION_PERIOD), n_rows(&all, tables::OBSERVATION_PERIOD));
}

#[test]
fn what_an_update_takes_back_goes() {
    let old = [
        patient("1"),
        hba1c("o", "Patient/1", 7.0),
        hba1c("p", "Patient/1", 7.2),
        note("d", "Patient/1", "Denies fever. Cough."),
        note("e", "Patient/1", "Has hypertension."),
    ];
    let first = fhir(&[("a.ndjson", &old)]);
    assert_eq!((n_rows(&first, tables::EVENT), n_rows(&first, tables::NOTE)), (5, 2));
    let (mut value, mut text) = (hba1c("o", "Patient/1", 7.0), note("d", "Patient/1", "Denies fever. Cough."));
    value["status"] = json!("entered-in-error");
    text["status"] = json!("entered-in-error");
    // Of what the dataset never had, nothing can go.
    let mut other = hba1c("q", "Patient/1", 9.0);
    other["status"] = json!("cancelled");
    let all = added(&first, fhir(&[("b.ndjson", &[patient("1"), value, text, other])])).unwrap();
    let merged = all.report.merged.unwrap();
    assert_eq!(merged.events, compared(0, 0, 0, 3), "the value, and two findings of the note");
    assert_eq!(merged.notes, compared(0, 0, 0, 1));
    assert_eq!((n_rows(&all, tables::EVENT), n_rows(&all, tables::NOTE)), (2, 1));
    assert_eq!(numbers(&all, tables::EVENT, tables::EVENT_VALUE), [7.2]);
    // Given again as it was, it is there again.
    let right = added(&all, fhir(&[("c.ndjson", &old)])).unwrap();
    assert_eq!(right.report.merged.unwrap().events, compared(3, 0, 2, 0));
    assert_eq!((n_rows(&right, tables::EVENT), n_rows(&right, tables::NOTE)), (5, 2));
}

#[test]
fn an_update_may_be_about_those_who_are_there_without_holding_them() {
    let mut other = patient("2");
    other["gender"] = json!("male");
    let old = [patient("1"), other, hba1c("o", "Patient/1", 7.0), hba1c("p", "Patient/2", 7.2)];
    let first = fhir(&[("a.ndjson", &old)]);
    // The same person by three ways of naming them, and one whom nobody knows.
    let new = [
        hba1c("o", "Patient/1", 8.0),
        hba1c("q", "https://ehr.org/fhir/Patient/1", 8.1),
        hba1c("r", "urn:uuid:1", 8.2),
        hba1c("s", "Patient/3", 9.0),
    ];
    let known = Settings { known: intake::person_keys(&first.dataset), ..settings() };
    let all = added(&first, fhir_with(known, &[("b.ndjson", &new)])).unwrap();
    let r = &all.report;
    assert_eq!((r.rows_read, r.rows_kept, r.rows_rejected), (4, 3, 1));
    assert!(r.rejected[0].reason.contains("not among the files"), "{:?}", r.rejected);
    assert!(r.warnings.iter().any(|w| w.starts_with("1 patient was not among these files")), "{:?}", r.warnings);
    let merged = r.merged.as_ref().unwrap();
    assert_eq!(merged.persons, compared(0, 0, 1, 0));
    assert_eq!(merged.events, compared(2, 1, 0, 0));
    // What is known of the person stays.
    let sexes = |i: &Imported| match i.dataset.table(tables::PERSON).unwrap().column(tables::PERSON_SEX) {
        Some(Column::Category(c)) => (0..c.codes.len()).map(|r| c.level(r).map(str::to_owned)).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(sexes(&all), sexes(&first));
    let born = |i: &Imported| numbers(i, tables::PERSON, tables::PERSON_BIRTH_YEAR);
    assert_eq!(born(&all), born(&first));
    let mut values = numbers(&all, tables::EVENT, tables::EVENT_VALUE);
    values.sort_by(f64::total_cmp);
    assert_eq!(values, [7.2, 8.0, 8.1, 8.2]);
}

#[test]
fn what_was_keyed_otherwise_is_refused() {
    let resources = [patient("1"), hba1c("o", "Patient/1", 7.0)];
    let first = fhir(&[("a.ndjson", &resources)]);
    let refused =
        |settings: Settings| added(&first, fhir_with(settings, &[("a.ndjson", &resources)])).unwrap_err().to_string();
    let other = refused(Settings { secret: [8; 32], ..settings() });
    assert!(other.contains("another secret"), "{other}");
    let dates = refused(Settings { dates: DatePolicy::YearsOnly, ..settings() });
    assert!(dates.contains("dates in another way"), "{dates}");
}

#[test]
fn findings_of_notes_are_events_apart_from_what_was_recorded() {
    let text =
        "PMH: hypertension.\nHPI: Denies chest pain. Mother had breast cancer. Medications: Metoprolol 50 mg po bid.";
    let resources = [patient("1"), hba1c("o", "Patient/1", 7.0), note("d", "Patient/1", text)];
    let on = fhir(&[("a.ndjson", &resources)]);
    assert_eq!(on.report.events, 1);
    assert_eq!(n_rows(&on, tables::EVENT) as u64, 1 + on.report.note_findings);
    assert_eq!(on.header.schema_version, 3, "older builds would take negated findings for events");
    let (domains, said) = (levels(&on, tables::EVENT_DOMAIN), levels(&on, tables::EVENT_QUALIFIER));
    for (domain, said) in domains.iter().zip(&said) {
        let want = match said.as_str() {
            "-" => "measurement",
            "affirmed, recent, patient" => "note_finding",
            _ => tables::DOMAIN_NOTE_NOT_PRESENT,
        };
        assert_eq!(domain, want, "{said}");
    }
    assert!(said.iter().any(|s| s == "negated, recent, patient"), "{said:?}");
    assert!(said.iter().any(|s| s.ends_with(", other")), "{said:?}");
    assert!(numbers(&on, tables::EVENT, tables::EVENT_NOTE).iter().all(|row| *row == 0.0));
    assert!(on.report.warnings.iter().any(|w| w.contains("read from 1 note")), "{:?}", on.report.warnings);

    let off = fhir_with(Settings { note_findings: false, ..settings() }, &[("a.ndjson", &resources)]);
    assert_eq!((off.report.note_findings, n_rows(&off, tables::EVENT)), (0, 1));
    assert_eq!(off.header.schema_version, 2);
}

#[test]
fn reading_notes_can_be_stopped() {
    let resources = [patient("1"), note("d", "Patient/1", "Cough.")];
    let mut import = FhirImport::new(settings());
    import.begin_file("a.ndjson");
    resources.iter().for_each(|r| import.push(format!("{r}\n").as_bytes()).unwrap());
    let mut said = Vec::new();
    let stopped = import.finish_with(&mut |share, doing| {
        said.push((share, doing.to_owned()));
        false
    });
    assert_eq!(stopped.unwrap_err(), IntakeError::Stopped);
    assert_eq!(said.len(), 1);
}

#[test]
fn a_replaced_patient_is_the_one_that_replaces_them() {
    let mut old = patient("old");
    old["link"] = json!([{"other": {"reference": "Patient/1"}, "type": "replaced-by"}]);
    let mut lost = patient("lost");
    lost["link"] = json!([{"other": {"reference": "Patient/nobody"}, "type": "replaced-by"}]);
    let resources = [old, patient("1"), lost, hba1c("o", "Patient/old", 7.0), hba1c("p", "Patient/1", 7.2)];
    let imported = fhir(&[("a.ndjson", &resources)]);
    let r = &imported.report;
    assert_eq!((r.persons, r.events, r.rows_kept, r.rows_not_used), (2, 2, 4, 1));
    assert!(r.warnings.iter().any(|w| w.contains("1 resource not used: merged")), "{:?}", r.warnings);
    assert!(r.warnings.iter().any(|w| w.starts_with("1 patient is marked as replaced")), "{:?}", r.warnings);
    let Some(Column::Index(person)) = imported.dataset.table(tables::EVENT).unwrap().column(tables::EVENT_PERSON)
    else {
        panic!("no persons of events")
    };
    assert_eq!(person.value(0), person.value(1), "both values are of one person");
}

#[test]
fn eras_and_maps_of_both_sides_are_kept_once() {
    let person = "person_id,gender_concept_id,year_of_birth\n1,8507,1950\n2,8532,1960\n";
    let era = "condition_era_id,person_id,condition_concept_id,condition_era_start_date,condition_era_end_date\n";
    let (first, other) =
        (format!("{era}1,1,201826,2020-05-01,2020-05-09\n"), format!("{era}2,2,7,2020-06-01,2020-06-09\n"));
    let map = "concept_id_1,concept_id_2,relationship_id,invalid_reason\n";
    let (maps, more) = (format!("{map}201826,5,Maps to,\n"), format!("{map}7,6,Maps to,\n"));
    let concept = "concept_id,concept_name,vocabulary_id,concept_code\n201826,Type 2 diabetes,SNOMED,44054006\n\
                   5,Five,SNOMED,5\n6,Six,SNOMED,6\n7,Seven,SNOMED,70\n";
    let all = |eras: &str, maps: &str| {
        omop(&[
            ("person.csv", person),
            ("condition_era.csv", eras),
            ("concept_relationship.csv", maps),
            ("concept.csv", concept),
        ])
    };
    let twice = omop(&[("person.csv", person), ("condition_era_1.csv", &first), ("condition_era_2.csv", &first)]);
    assert_eq!((n_rows(&twice, tables::SPAN), twice.report.rows_not_used), (1, 1));

    let base = all(&first, &maps);
    assert_eq!((n_rows(&base, tables::SPAN), n_rows(&base, tables::CONCEPT_MAP)), (1, 1));
    let again = added(&base, all(&first, &maps)).unwrap();
    assert_eq!(again.dataset.table(tables::SPAN), base.dataset.table(tables::SPAN));
    assert_eq!(again.dataset.table(tables::CONCEPT_MAP), base.dataset.table(tables::CONCEPT_MAP));

    let both = added(&base, all(&other, &more)).unwrap();
    assert_eq!((n_rows(&both, tables::SPAN), n_rows(&both, tables::CONCEPT_MAP)), (2, 2));
    let table = both.dataset.table(tables::SPAN).unwrap();
    let concepts = both.dataset.table(tables::CONCEPT).unwrap();
    let (Some(Column::Index(of)), Some(Column::Text(codes))) =
        (table.column(tables::SPAN_CONCEPT), concepts.column(tables::CONCEPT_CODE))
    else {
        panic!("no columns");
    };
    let mut said: Vec<&str> = of.values().iter().map(|row| codes.value(*row as usize)).collect();
    said.sort_unstable();
    assert_eq!(said, ["44054006", "70"]);
}
