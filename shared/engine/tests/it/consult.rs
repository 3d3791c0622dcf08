//! Consult over the wire: similar patients in a full record that came in as OMOP tables.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use crate::support;

use model::cohort::CohortDefinition;
use model::consult::{ConsultAnswer, RecordQuestion};
use model::dataset::DatasetId;
use protocol::{Call as _, ConsultRecord, EngineError, EvaluateCohort, ImportFormat, MakeSample, SampleFormat, Work};
use serde_json::{Value, json};
use support::{Host, words};

fn sample() -> (Host, DatasetId) {
    let mut host = Host::new();
    let request = MakeSample { name: "two-drugs".into(), persons: 1000, seed: 1, format: SampleFormat::Omop };
    let (made, bulk) = host.ask_with(request, Vec::new()).unwrap();
    let files: Vec<(String, Vec<u8>)> = made.names.into_iter().zip(bulk).collect();
    let (imported, _) = host.import(ImportFormat::Omop, true, &files).unwrap();
    (host, imported.header.id)
}

fn set(id: &str, omop_id: i64) -> Value {
    let concept = json!({"system": "Rounds sample", "code": id, "display": id, "omop_id": omop_id});
    json!({"id": id, "name": id, "items": [{"concept": concept}]})
}

fn cohort(id: &str, omop_id: i64) -> Value {
    json!({"kind": "cohort", "schema_version": 1, "name": id, "concept_sets": [set(id, omop_id)],
        "entry": {"type": "event", "event": {"domain": "drug", "concept_set": id}, "prior_observation_days": 365}})
}

fn question(ejection_fraction: f64) -> Value {
    json!({
        "treatments": [
            {"name": "drug A", "cohort": cohort("A", 2_000_000_001)},
            {"name": "drug B", "cohort": cohort("B", 2_000_000_002)}
        ],
        "outcome": {"type": "event", "name": "death", "event": {"domain": "death"}},
        "time_at_risk": {"start": 1.0},
        "patient": [
            {"covariate": {"type": "age_at_index"}, "value": {"number": 70.0}, "weight": 1.0},
            {"covariate": {"type": "sex"}, "value": {"level": "female"}, "weight": 1.0},
            {"covariate": {"type": "last_value", "name": "ejection fraction",
                "event": {"domain": "measurement", "concept_set": "LVEF"},
                "window": {"start_days": -365, "end_days": 0}},
             "value": {"number": ejection_fraction}, "weight": 1.0}
        ],
        "concept_sets": [set("LVEF", 2_000_000_003)],
        "sizes": [50, 200],
        "horizons": [365.0]
    })
}

fn ask(host: &mut Host, dataset: &DatasetId, question: Value) -> Result<ConsultAnswer, EngineError> {
    let question: RecordQuestion = serde_json::from_value(question).unwrap();
    host.ask(ConsultRecord { dataset: dataset.clone(), question })
}

#[test]
fn the_similar_ones_of_a_sick_and_of_a_well_patient_differ_as_the_patients_do() {
    let (mut host, dataset) = sample();
    let mut persons = 0;
    for (id, omop_id) in [("A", 2_000_000_001), ("B", 2_000_000_002)] {
        let definition: CohortDefinition = serde_json::from_value(cohort(id, omop_id)).unwrap();
        let count = EvaluateCohort { dataset: dataset.clone(), definition, with_subjects: false };
        persons += host.ask(count).unwrap().persons;
    }
    let sick = ask(&mut host, &dataset, question(25.0)).unwrap();
    let well = ask(&mut host, &dataset, question(55.0)).unwrap();
    assert!(sick.n_considered > 500 && sick.n_considered <= persons, "{} of {persons}", sick.n_considered);
    for answer in [&sick, &well] {
        assert_eq!(answer.circles.iter().map(|c| c.n).collect::<Vec<_>>(), [50, 200]);
        for circle in &answer.circles {
            assert_eq!(circle.by_treatment.iter().map(|t| t.n).sum::<u64>(), circle.n);
        }
        assert!(answer.circles[0].max_distance <= answer.circles[1].max_distance);
        assert_eq!(answer.circles[0].contributions[1].similar, "100 % the same");
    }
    let events = |answer: &ConsultAnswer| answer.circles[1].by_treatment.iter().map(|t| t.n_events).sum::<u64>();
    assert!(events(&sick) > events(&well), "a low ejection fraction kills: {} {}", events(&sick), events(&well));
    let middle = |answer: &ConsultAnswer| -> Vec<f64> {
        answer.circles[0].contributions[2].similar.split(" to ").map(|x| x.parse().unwrap()).collect()
    };
    assert!(middle(&sick)[1] < middle(&well)[0], "{:?} {:?}", middle(&sick), middle(&well));
}

#[test]
fn what_does_not_fit_is_refused_and_a_stop_is_heeded() {
    let (mut host, dataset) = sample();
    let mut future = question(40.0);
    future["patient"][2]["covariate"]["window"]["end_days"] = json!(90);
    let said = words(ask(&mut host, &dataset, future));
    assert!(said.contains("beyond the index date"), "{said}");

    let (flat, _) = host.shipped("gbsg");
    assert!(!words(ask(&mut host, &flat, question(40.0))).is_empty(), "a flat file has no dates");

    let question: RecordQuestion = serde_json::from_value(question(40.0)).unwrap();
    let Work::Engine(request) = (ConsultRecord { dataset, question }).into_work() else { panic!("a host request") };
    let stopped = engine::handle(&mut host.0, request, Vec::new(), &mut |_, _| false);
    assert_eq!(stopped.unwrap_err(), EngineError::Cancelled);
}
