//! Similar patients in a full record, with numbers worked out by hand.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[allow(dead_code, reason = "each test file uses its own part")]
use crate::patients;

use cohort::{Index, Source};
use columnar::Dataset;
use model::consult::{ConsultAnswer, RecordQuestion};
use patients::record;
use study::{StudyError, similar_in_record};

/// Drug A on day 400 or 380, drug B on day 400; outcome D. Day 400 lies in 1971.
const PATIENTS: &str = "p0 female 1911 | 1..800 | 390:lab:HBA1C=8% 400:drug:A 500:dx:D
     p1 female 1901 | 1..800 | 350:lab:HBA1C=6% 395:lab:HBA1C=7% 400:drug:A
     p2 male   1911 | 1..700 | 390:lab:HBA1C=8% 395:visit:C 400:drug:B 450:dx:D
     p3 male   1891 | 1..800 | 400:drug:B
     p4 female 1911 | 1..800 | 380:drug:A 420:drug:B 600:dx:D
     p5 female 1911 | 1..800 | 400:drug:A 400:drug:B
     p6 female 1911 | 1..800 | 300:dx:D 400:drug:A 500:dx:D";

fn question() -> serde_json::Value {
    let set = |code: &str| serde_json::json!({"id": code, "name": code, "items": [{"concept": {"system": "TEST", "code": code}}]});
    let arm = |code: &str| {
        serde_json::json!({"name": format!("drug {code}"), "cohort": {"kind": "cohort", "schema_version": 1, "name": code,
            "concept_sets": [set(code)], "entry": {"type": "event", "event": {"domain": "drug", "concept_set": code}}}})
    };
    serde_json::json!({
        "treatments": [arm("A"), arm("B")],
        "outcome": {"type": "event", "name": "D", "concept_sets": [set("D")], "event": {"concept_set": "D"}, "washout_days": 36500},
        "time_at_risk": {"start": 1.0},
        "patient": [
            {"covariate": {"type": "age_at_index"}, "value": {"number": 60.0}, "weight": 1.0},
            {"covariate": {"type": "sex"}, "value": {"level": "female"}, "weight": 1.0},
            {"covariate": {"type": "last_value", "name": "HbA1c", "event": {"concept_set": "HBA1C"},
                "window": {"start_days": -365, "end_days": 0}}, "value": {"number": 8.0}, "weight": 2.0},
            {"covariate": {"type": "has_event", "name": "visit C", "event": {"domain": "visit", "concept_set": "C"},
                "window": {"end_days": 0}}, "value": {"level": "no"}, "weight": 0.0}
        ],
        "concept_sets": [set("HBA1C"), set("C")],
        "sizes": [2, 10],
        "horizons": [150.0]
    })
}

fn ask_of(data: &Dataset, question: serde_json::Value) -> Result<ConsultAnswer, StudyError> {
    let question: RecordQuestion = serde_json::from_value(question).unwrap();
    let index = Index::new(data).unwrap();
    similar_in_record(&Source::new(data, &index), &question, &mut |_| true)
}

fn ask(question: serde_json::Value) -> Result<ConsultAnswer, StudyError> {
    ask_of(&record(PATIENTS), question)
}

fn problems(question: serde_json::Value) -> String {
    ask(question).unwrap_err().to_string()
}

#[test]
fn the_nearest_are_found_by_what_was_known_at_the_index_date() {
    let answer = ask(question()).unwrap();
    // p5 began both on one day, p6 had the outcome before: five are left, p4 under A, which it began first.
    assert_eq!(answer.n_considered, 5, "{:?}", answer.warnings);
    let all = &answer.circles[1];
    let by: Vec<(&str, u64, u64)> = all.by_treatment.iter().map(|t| (t.treatment.as_str(), t.n, t.n_events)).collect();
    assert_eq!(by, [("drug A", 3, 2), ("drug B", 2, 1)]);

    // p0 (60, female, 8) and p4 (60, female, no value) are at 0. Next p2: only the sex differs, 1 of weight 4.
    let two = &answer.circles[0];
    assert_eq!((two.n, two.max_distance), (2, 0.0));
    assert_eq!(two.by_treatment[0].n, 2);
    let parts: Vec<(&str, &str, &str)> =
        two.contributions.iter().map(|p| (p.name.as_str(), p.patient.as_str(), p.similar.as_str())).collect();
    assert_eq!(
        parts,
        [
            ("age at index", "60", "60 to 60"),
            ("sex", "female", "100 % the same"),
            ("HbA1c", "8", "8 to 8"),
            ("visit C", "no", "100 % the same")
        ]
    );
    let mut three = question();
    three["sizes"] = serde_json::json!([3]);
    assert!((ask(three).unwrap().circles[0].max_distance - 0.25).abs() < 1e-12);
}

#[test]
fn outcomes_are_counted_from_the_day_after_the_index_date() {
    let answer = ask(question()).unwrap();
    let arms = &answer.circles[1].by_treatment;
    // Under A: p0 on day 100, p4 on day 220, p1 censored on day 400. At day 150 two of three are free of D.
    assert!((arms[0].at[0].survival.unwrap() - 2.0 / 3.0).abs() < 1e-12, "{:?}", arms[0]);
    assert_eq!(arms[0].median, Some(220.0));
    assert_eq!((arms[0].median_lower, arms[0].median_upper), (Some(100.0), None));
    assert!(arms.iter().all(|arm| arm.few), "fewer than ten of each");
    assert!((arms[1].at[0].survival.unwrap() - 0.5).abs() < 1e-12);
}

#[test]
fn everybody_left_out_is_counted_and_the_distance_is_explained() {
    let answer = ask(question()).unwrap();
    for words in [
        "1 persons had several of the treatments",
        "1 persons began two of the treatments on one day",
        "drug A: 1 of 4 persons are left out; they are not 'without the outcome before'",
        "only 5 can be compared",
    ] {
        assert!(answer.warnings.iter().any(|w| w.contains(words)), "{words}: {:?}", answer.warnings);
    }
    for words in ["Gower's distance", "HbA1c (number,", "weight 2", "visit C (shown only)", "sex (same or different"] {
        assert!(answer.distance.contains(words), "{words}: {}", answer.distance);
    }
    let mut old = question();
    old["patient"][0]["value"] = serde_json::json!({"number": 95.0});
    let answer = ask(old).unwrap();
    assert!(answer.warnings.iter().any(|w| w.contains("age at index 95 lies outside")), "{:?}", answer.warnings);
}

#[test]
fn a_question_that_cannot_be_says_everything() {
    let mut one = question();
    one["treatments"].as_array_mut().unwrap().pop();
    one["patient"][0]["weight"] = serde_json::json!(-1.0);
    one["patient"][2]["covariate"]["window"]["end_days"] = serde_json::json!(30);
    let words = problems(one);
    for part in ["at least two treatments", "the weight of 'age at index' is -1", "'HbA1c' looks beyond the index date"]
    {
        assert!(words.contains(part), "{part}: {words}");
    }
    let mut same = question();
    same["treatments"][1]["name"] = serde_json::json!("drug A");
    assert!(problems(same).contains("two treatments are named 'drug A'"));
    let mut level = question();
    level["patient"][1]["value"] = serde_json::json!({"level": "femal"});
    assert!(problems(level).contains("'sex' has no level 'femal'"));
    let mut nothing = question();
    nothing["patient"] = serde_json::json!([]);
    assert!(problems(nothing).contains("at least one characteristic"));
    let mut text = question();
    text["patient"][2]["value"] = serde_json::json!({"level": "high"});
    assert!(problems(text).contains("'HbA1c' is 'high'; give a number"));
    let mut columns = question();
    columns["outcome"] = serde_json::json!({"type": "columns", "name": "x", "duration": "t", "event": "e"});
    assert!(problems(columns).contains("is an event, not columns"));
}

#[test]
fn nobody_treated_is_no_failure() {
    let answer =
        ask_of(&record("p0 female 1911 | 1..800 | 390:lab:HBA1C=8%\n p1 male 1911 | 1..800 | 300:visit:C"), question());
    let answer = answer.unwrap();
    assert_eq!((answer.n_considered, answer.circles.len()), (0, 0));
    assert!(answer.warnings.iter().any(|w| w.contains("nobody can be shown")), "{:?}", answer.warnings);
}

#[test]
fn it_can_be_stopped() {
    let data = record(PATIENTS);
    let index = Index::new(&data).unwrap();
    let question: RecordQuestion = serde_json::from_value(question()).unwrap();
    let stopped = similar_in_record(&Source::new(&data, &index), &question, &mut |_| false);
    assert_eq!(stopped, Err(StudyError::Cancelled));
}
