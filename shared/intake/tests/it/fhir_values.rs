//! What FHIR's Observations say: units, quotients, ages, contained results; and words that may say who somebody is.
#![cfg(feature = "fhir")]

use model::tables;
use serde_json::{Value, json};

use crate::support::records::{events, fhir, found, loinc, of_patient, says, texts};

const UCUM: &str = "http://unitsofmeasure.org";

fn observation(id: &str, more: Value) -> Value {
    let mut r = of_patient("Observation", id, more);
    r["status"] = json!("final");
    if r.get("effectiveDateTime").is_none() {
        r["effectiveDateTime"] = json!("2020-05-04");
    }
    if r.get("code").is_none() {
        r["code"] = json!({"coding": [{"system": "urn:x", "code": id}]});
    }
    r
}

#[test]
fn a_quotient_has_the_quotient_of_the_units() {
    let q = |value: f64, unit: &str| {
        let mut q = json!({"value": value});
        if !unit.is_empty() {
            q["unit"] = json!(unit);
        }
        q
    };
    let ratio = |id: &str, above: Value, below: Value| {
        observation(id, json!({"valueRatio": {"numerator": above, "denominator": below}}))
    };
    let mut limit = q(1.0, "");
    limit["comparator"] = json!("<");
    let imported = fhir(&[
        ratio("a", q(100.0, "mg"), q(4.0, "h")),
        ratio("b", q(1.0, "mg"), q(4.0, "mg")),
        ratio("c", q(3.0, "mg"), q(2.0, "")),
        ratio("d", q(3.0, "mg"), q(2.0, "1")),
        ratio("e", q(3.0, ""), q(2.0, "mL/h")),
        ratio("f", limit, q(8.0, "")),
    ]);
    assert_eq!(
        events(&imported),
        [
            "a measurement 2020-05-04..- 25 mg/h 100:4",
            "b measurement 2020-05-04..- 0.25 - 1:4",
            "c measurement 2020-05-04..- 1.5 mg 3:2",
            "d measurement 2020-05-04..- 1.5 mg 3:2",
            "e measurement 2020-05-04..- 1.5 /(mL/h) 3:2",
            "f measurement 2020-05-04..- 0.125 - <1:8",
        ]
    );
    says(&imported, "1 value is given as 'less than'");
}

#[test]
fn a_code_of_another_system_is_no_unit() {
    let of = |id: &str, quantity: Value| observation(id, json!({"valueQuantity": quantity}));
    let all = [
        of("a", json!({"value": 1, "unit": "tablets", "system": "http://snomed.info/sct", "code": "385055001"})),
        of("b", json!({"value": 1, "unit": "milligrams", "system": UCUM, "code": "mg"})),
        of("c", json!({"value": 1, "unit": "milligrams", "code": "mg"})),
        of("d", json!({"value": 1, "system": "urn:x", "code": "TAB"})),
        of("e", json!({"value": 1, "unit": "g", "system": "urn:oid:2.16.840.1.113883.6.8", "code": "kg"})),
    ];
    assert_eq!(texts(&fhir(&all), tables::EVENT, tables::EVENT_UNIT), ["tablets", "mg", "mg", "TAB", "kg"]);
}

#[test]
fn contained_results_are_read_with_the_report() {
    let inside = |id: &str, more: Value| {
        let mut r = json!({"resourceType": "Observation", "id": id, "status": "final",
            "code": {"coding": [{"system": "urn:x", "code": id}]}, "valueQuantity": {"value": 5, "unit": "mg"}});
        more.as_object().into_iter().flatten().for_each(|(key, value)| r[key] = value.clone());
        r
    };
    let report = of_patient(
        "DiagnosticReport",
        "r",
        json!({"status": "final", "code": {"text": "panel"}, "effectiveDateTime": "2020-01-02",
        "result": [{"reference": "#o1"}, {"reference": "#o2"}, {"reference": "#o3"}, {"reference": "#o4"}, {"reference": "#no"}],
        "contained": [
            inside("o1", json!({})),
            inside("o2", json!({"effectiveDateTime": "2020-01-01", "hasMember": [{"reference": "#o5"}, {"reference": "#o1"}]})),
            inside("o3", json!({"status": "entered-in-error"})),
            inside("o4", json!({"subject": {"reference": "Patient/2"}})),
            inside("o5", json!({"effectiveDateTime": "2020-13-01"})),
            inside("o6", json!({})),
            {"resourceType": "Practitioner", "id": "p"},
        ]}),
    );
    let group = observation("g", json!({"hasMember": [{"reference": "#m"}], "contained": [inside("m", json!({}))]}));
    let imported = fhir(&[report, group]);
    assert_eq!(
        events(&imported),
        [
            "o2 measurement 2020-01-01..- 5 mg -",
            "o1 measurement 2020-01-02..- 5 mg -",
            "o5 measurement 2020-01-02..- 5 mg -",
            "panel observation 2020-01-02..- - - -",
            "m measurement 2020-05-04..- 5 mg -",
            "g observation 2020-05-04..- - - -",
        ]
    );
    // o4 is another patient's, and nothing names o6.
    says(&imported, "2 contained resources were not read");
    let r = &imported.report;
    assert_eq!((r.rows_read, r.rows_kept, r.values_rejected), (3, 3, 1));
    assert_eq!(r.rejected[0].field, "DiagnosticReport.contained.effectiveDateTime");
    assert_eq!(texts(&imported, tables::EVENT, tables::EVENT_PROVENANCE)[1], "Observation");
}

#[test]
fn ages_above_89_are_90() {
    let of = |id: &str, code: &str, value: f64, unit: &str| {
        observation(id, json!({"code": loinc(code), "valueQuantity": {"value": value, "system": UCUM, "code": unit}}))
    };
    let imported = fhir(&[
        of("a", "30525-0", 93.0, "a"),
        of("b", "21612-7", 1100.0, "mo"),
        of("c", "29553-5", 88.0, "a"),
        of("d", "29553-5", 4800.0, "wk"),
        of("e", "98765-4", 95.0, "a"),
        observation("f", json!({"code": loinc("30525-0"), "valueString": "97 years"})),
    ]);
    let mut all = events(&imported);
    all.sort();
    assert_eq!(
        all,
        [
            "21612-7 measurement 2020-05-04..- 1080 mo -",
            "29553-5 measurement 2020-05-04..- 4696 wk -",
            "29553-5 measurement 2020-05-04..- 88 a -",
            "30525-0 measurement 2020-05-04..- 90 a -",
            "30525-0 observation 2020-05-04..- - - 90",
            "98765-4 measurement 2020-05-04..- 95 a -",
        ]
    );
    assert_eq!(found(&imported, "ages over 89"), 4);
}

#[test]
fn an_interpretation_is_the_answer_where_there_is_no_other() {
    let high = json!([{"coding": [{"code": "POS", "display": "Positive"}]}]);
    let imported = fhir(&[
        observation("a", json!({"interpretation": high})),
        observation("b", json!({"interpretation": high, "valueString": "see comment"})),
        observation("c", json!({"interpretation": [{"coding": [{"code": "NEG"}]}]})),
    ]);
    assert_eq!(texts(&imported, tables::EVENT, tables::EVENT_VALUE_TEXT), ["Positive", "see comment", "NEG"]);
}

fn person(id: &str, status: &Value, state: &str, race: &str) -> Value {
    json!({"resourceType": "Patient", "id": id, "name": [{"family": "Quandt", "given": ["Ottilie"]}],
        "maritalStatus": status, "address": [{"city": "Hamburg", "state": state}],
        "extension": [{"url": "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race",
            "extension": [{"url": "text", "valueString": race}]}]})
}

#[test]
fn words_about_a_person_are_screened_and_lists_are_not() {
    let imported = fhir(&[
        person("2", &json!({"text": "married to Ottilie Quandt, call 617-555-0199"}), "Georgia", "White"),
        person("3", &json!({"coding": [{"code": "M", "display": "Married"}]}), "Hamburg", "Quandt 617-555-0199"),
        person("4", &json!({"text": "Never Married"}), "call 617-555-0199", "2106-3"),
    ]);
    let of = |column: &str| {
        let mut words: Vec<String> =
            texts(&imported, tables::VARIABLE, column).into_iter().filter(|w| w != "-").collect();
        words.sort();
        words
    };
    assert_eq!(of("marital_status"), ["Married", "Never Married", "married to [NAME], call [PHONE]"]);
    assert_eq!(of("state"), ["Georgia", "Hamburg", "call [PHONE]"]);
    assert_eq!(of("race"), ["2106-3", "White", "[NAME] [PHONE]"]);
    assert!(found(&imported, "telephone numbers") >= 3);
}

#[test]
fn one_word_in_the_place_of_a_code_may_say_who_somebody_is() {
    let of = |id: &str, words: &str| observation(id, json!({"code": {"text": words}, "valueInteger": 1}));
    let coded = observation(
        "f",
        json!({"code": {"coding": [{"system": "http://hl7.org/fhir/sid/ndc", "code": "00093005801"}]}, "valueInteger": 1}),
    );
    let imported = fhir(&[
        of("a", "123-45-6789"),
        of("b", "617-555-0199"),
        of("c", "MRN123456789"),
        of("d", "E11.9"),
        of("e", "44833365"),
        coded,
    ]);
    let mut codes = texts(&imported, tables::CONCEPT, tables::CONCEPT_CODE);
    codes.sort();
    for code in ["00093005801", "44833365", "E11.9", "[PHONE]", "[SSN]"] {
        assert!(codes.contains(&code.to_owned()), "{code}: {codes:?}");
    }
    assert!(!codes.iter().any(|c| c.contains("123")), "{codes:?}");
}

#[test]
fn a_component_may_say_its_interpretation_only() {
    let code = |code: &str| json!({"coding": [{"system": "urn:x", "code": code}]});
    let resistant = json!([{"coding": [{"code": "R", "display": "Resistant"}]}]);
    let imported = fhir(&[observation(
        "panel",
        json!({"component": [
            {"code": code("amikacin"), "interpretation": resistant},
            {"code": code("cefepime"), "interpretation": resistant, "valueQuantity": {"value": 8, "unit": "mg/L"}},
            {"code": code("colistin"), "interpretation": resistant, "dataAbsentReason": {"coding": [{"code": "error"}]}},
        ]}),
    )]);
    assert_eq!(
        events(&imported),
        [
            "amikacin measurement 2020-05-04..- - - Resistant",
            "cefepime measurement 2020-05-04..- 8 mg/L -",
            "panel measurement 2020-05-04..- - - -",
        ]
    );
    says(&imported, "1 component was left out");
}
