//! When FHIR's events begin and end: days' supplies, onsets, abatements, and the days of encounters.
#![cfg(feature = "fhir")]

use model::tables;
use serde_json::{Value, json};

use crate::support::records::{events, fhir, of_patient, patient, says, texts};

fn drug(id: &str, more: Value) -> Value {
    let mut r = of_patient("MedicationRequest", id, more);
    r["status"] = json!("active");
    r["intent"] = json!("order");
    r["medicationCodeableConcept"] = json!({"text": id});
    r
}

fn visit() -> Value {
    of_patient(
        "Encounter",
        "e",
        json!({"status": "finished", "class": {"code": "AMB"}, "period": {"start": "2020-07-01", "end": "2020-07-03"}}),
    )
}

/// The events without the visit.
fn others(all: &[Value]) -> Vec<String> {
    events(&fhir(all)).into_iter().filter(|e| !e.starts_with("AMB")).collect()
}

#[test]
fn a_supply_without_a_date_ends_behind_the_day_of_the_encounter() {
    let at = json!({"reference": "Encounter/e"});
    let supply = json!({"expectedSupplyDuration": {"value": 30, "unit": "days", "code": "d"}});
    let dispense = of_patient(
        "MedicationDispense",
        "b",
        json!({"status": "completed", "context": at, "daysSupply": {"value": 2, "code": "wk"},
            "medicationCodeableConcept": {"text": "b"}}),
    );
    let bounds = json!([{"timing": {"repeat": {"boundsPeriod": {"start": "2020-07-01", "end": "2020-08-01"}}}}]);
    let all = [
        drug("a", json!({"encounter": at, "dispenseRequest": supply})),
        dispense,
        drug("c", json!({"encounter": at, "dosageInstruction": bounds})),
        visit(),
    ];
    assert_eq!(
        others(&all),
        [
            "a drug 2020-07-01..2020-07-30 - - -",
            "b drug 2020-07-01..2020-07-14 - - -",
            "c drug 2020-07-01..2020-08-01 - - -"
        ]
    );
}

#[test]
fn supplies_end_on_their_last_day_in_many_units() {
    let of = |id: &str, supply: Value| {
        drug(id, json!({"authoredOn": "2020-01-01", "dispenseRequest": {"expectedSupplyDuration": supply}}))
    };
    let ucum = "http://unitsofmeasure.org";
    let all = [
        of("a", json!({"value": 30, "unit": "Days"})),
        of("b", json!({"value": 30, "code": "D", "system": ucum})),
        of("c", json!({"value": 48, "code": "h", "system": ucum})),
        of("d", json!({"value": 2, "unit": "Weeks", "code": "w", "system": "urn:other"})),
        of("e", json!({"value": 1, "code": "mo", "system": ucum})),
        of("f", json!({"value": 1})),
        of("g", json!({"value": 3, "unit": "packs"})),
        of("h", json!({"value": 0, "unit": "d"})),
        of("i", json!({"value": 1e300, "unit": "d"})),
    ];
    let imported = fhir(&all);
    let mut ends = texts(&imported, tables::EVENT, tables::EVENT_END_DAY);
    ends.sort_unstable();
    let mut want = ["2020-01-30", "2020-01-30", "2020-01-02", "2020-01-14", "2020-01-30", "2020-01-01", "-", "-", "-"];
    want.sort_unstable();
    assert_eq!(ends, want);
    says(&imported, "3 days' supplies were not understood");
}

fn condition(id: &str, more: Value) -> Value {
    let mut r = of_patient("Condition", id, more);
    r["code"] = json!({"text": id});
    r
}

#[test]
fn a_period_of_onset_is_no_end() {
    let onset = json!({"start": "2020-01-01", "end": "2020-01-03"});
    let allergy = json!({"resourceType": "AllergyIntolerance", "id": "c", "patient": {"reference": "Patient/1"},
        "code": {"text": "c"}, "onsetPeriod": onset});
    let all = [
        condition("a", json!({"onsetPeriod": onset})),
        condition("b", json!({"onsetPeriod": onset, "abatementDateTime": "2020-02-01"})),
        allergy,
    ];
    assert_eq!(
        others(&all),
        [
            "a condition 2020-01-01..- - - -",
            "b condition 2020-01-01..2020-02-01 - - -",
            "c observation 2020-01-01..- - - -"
        ]
    );
}

#[test]
fn onsets_and_ends_in_words_are_said() {
    let recorded = |id: &str, mut more: Value| {
        more["recordedDate"] = json!("2020-03-01");
        condition(id, more)
    };
    let imported = fhir(&[
        recorded("a", json!({"onsetAge": {"value": 40, "code": "a"}})),
        recorded("b", json!({"onsetString": "in youth", "abatementString": "long ago"})),
        recorded("c", json!({"onsetDateTime": "2020-02-01", "onsetString": "February"})),
        recorded("d", json!({"abatementBoolean": true})),
        recorded("e", json!({"abatementBoolean": false})),
        recorded("f", json!({"abatementAge": {"value": 41, "code": "a"}})),
    ]);
    assert_eq!(imported.report.events, 6);
    says(&imported, "2 onsets are given as an age or in words: dated by the recording");
    says(&imported, "3 conditions are over by an age, in words, or as a mere yes");
}

#[test]
fn an_end_is_checked_against_the_day_of_the_encounter() {
    let undated = |id: &str, end: &str| {
        condition(id, json!({"encounter": {"reference": "Encounter/e"}, "abatementDateTime": end}))
    };
    let imported = fhir(&[undated("a", "2020-09-01"), undated("b", "2020-06-30"), visit()]);
    let conditions: Vec<String> = events(&imported).into_iter().filter(|e| e.contains("condition")).collect();
    assert_eq!(conditions, ["a condition 2020-07-01..2020-09-01 - - -", "b condition 2020-07-01..- - - -"]);
    let flaw = &imported.report.rejected[0];
    assert_eq!((flaw.field.as_str(), flaw.line), ("Condition.abatementDateTime", 3));
    assert!(flaw.reason.contains("end lies before the start"));
}

#[test]
fn devices_of_procedures_that_are_not_there_are_said() {
    let imported = fhir(&[of_patient(
        "Procedure",
        "p",
        json!({"status": "completed", "performedDateTime": "2020-02-03", "code": {"text": "implantation"},
            "focalDevice": [{"manipulated": {"reference": "Device/7"}}, {"manipulated": {"reference": "Device/8", "display": "stent"}}]}),
    )]);
    assert_eq!(events(&imported), ["implantation procedure 2020-02-03..- - - -", "stent device 2020-02-03..- - - -"]);
    says(&imported, "1 device of a procedure is not among the files");
}

#[test]
fn a_death_of_a_year_or_a_month_is_on_its_last_day() {
    for (written, day) in [("2020", "2020-12-31"), ("2020-02", "2020-02-29"), ("2020-02-03", "2020-02-03")] {
        let mut dead = patient("1");
        dead["deceasedDateTime"] = json!(written);
        let imported = fhir(&[dead]);
        assert_eq!(texts(&imported, tables::PERSON, tables::PERSON_DEATH_DAY), [day]);
    }
}
