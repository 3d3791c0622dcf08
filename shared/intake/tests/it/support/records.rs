//! Small imports of records, and what became of them as text.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use intake::fhir::FhirImport;
use intake::omop::OmopImport;
use intake::{DatePolicy, Imported, Settings};
use model::tables;
use serde_json::{Value, json};

/// Dates are kept, texts get tags.
pub fn settings() -> Settings {
    let mut settings = Settings::new("test", [7; 32]);
    settings.dates = DatePolicy::Keep;
    settings.text.surrogates = false;
    settings
}

/// Every row is accounted for, and every rejection is listed.
#[track_caller]
fn accounted(imported: Imported) -> Imported {
    let r = &imported.report;
    assert_eq!(r.rows_read, r.rows_kept + r.rows_rejected + r.rows_not_used, "{r:?}");
    assert_eq!(r.rejected.len() as u64, r.rows_rejected + r.values_rejected, "{:?}", r.rejected);
    imported
}

/// FHIR resources as one file of lines, behind a Patient of the id 1.
#[track_caller]
pub fn fhir(resources: &[Value]) -> Imported {
    let mut import = FhirImport::new(settings());
    import.begin_file("a.ndjson");
    import.push(format!("{}\n{}", patient("1"), lines(resources)).as_bytes()).unwrap();
    accounted(import.finish().unwrap())
}

/// OMOP tables.
#[track_caller]
pub fn omop(files: &[(&str, &str)]) -> Imported {
    let mut import = OmopImport::new(settings());
    for (name, text) in files {
        import.begin_file(name).unwrap();
        import.push(text.as_bytes()).unwrap();
    }
    accounted(import.finish().unwrap())
}

pub fn lines(resources: &[Value]) -> String {
    resources.iter().map(|r| format!("{r}\n")).collect()
}

pub fn patient(id: &str) -> Value {
    json!({"resourceType": "Patient", "id": id, "gender": "female", "birthDate": "1950-03-01"})
}

/// A resource of the patient 1, with more fields.
pub fn of_patient(kind: &str, id: &str, more: Value) -> Value {
    let mut r = json!({"resourceType": kind, "id": id, "subject": {"reference": "Patient/1"}});
    if let Value::Object(more) = more {
        more.into_iter().for_each(|(key, value)| r[key] = value);
    }
    r
}

/// A LOINC code.
pub fn loinc(code: &str) -> Value {
    json!({"coding": [{"system": "http://loinc.org", "code": code}]})
}

/// A column of texts, whatever its kind.
pub fn texts(imported: &Imported, table: &str, column: &str) -> Vec<String> {
    let column = imported.dataset.table(table).unwrap().column(column).unwrap();
    super::cells::shown(column)
}

/// `code domain start..end value unit text` of each event.
pub fn events(imported: &Imported) -> Vec<String> {
    let codes = texts(imported, tables::CONCEPT, tables::CONCEPT_CODE);
    let of = |column: &str| texts(imported, tables::EVENT, column);
    let (concept, domain) = (of(tables::EVENT_CONCEPT), of(tables::EVENT_DOMAIN));
    let (start, end) = (of(tables::EVENT_START_DAY), of(tables::EVENT_END_DAY));
    let (value, unit, text) = (of(tables::EVENT_VALUE), of(tables::EVENT_UNIT), of(tables::EVENT_VALUE_TEXT));
    (0..concept.len())
        .map(|i| {
            let code = &codes[concept[i].parse::<usize>().unwrap()];
            format!("{code} {} {}..{} {} {} {}", domain[i], start[i], end[i], value[i], unit[i], text[i])
        })
        .collect()
}

/// Whether one of the warnings has the words.
#[track_caller]
pub fn says(imported: &Imported, words: &str) {
    let warnings = &imported.report.warnings;
    assert!(warnings.iter().any(|w| w.contains(words)), "{words}: {warnings:?}");
}

/// How many identifiers of a class were found.
pub fn found(imported: &Imported, class: &str) -> u64 {
    imported.report.identifiers.iter().filter(|i| i.class == class).map(|i| i.found).sum()
}
