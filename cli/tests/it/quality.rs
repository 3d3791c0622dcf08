//! Data quality on the command line.

use crate::support::rounds;

use rounds::{answer, fields, file, folder, refusal, word};
use serde_json::{Value, json};

const PERSON: &str = "person_id,gender_concept_id,year_of_birth\n1,8507,1950\n2,8532,1960\n3,8532,\n";
const PERIOD: &str = "observation_period_id,person_id,observation_period_start_date,observation_period_end_date,\
    period_type_concept_id\n1,1,2000-01-01,2010-01-01,0\n2,2,2000-01-01,2010-01-01,0\n";
const CONDITION: &str = "condition_occurrence_id,person_id,condition_concept_id,condition_start_date,condition_end_date,\
    condition_type_concept_id\n1,1,316866,2001-01-01,2001-01-05,0\n2,2,316866,2001-01-01,2001-01-05,0\n\
    3,2,316866,2015-01-01,,0\n";

/// The dataset of three small tables.
fn dataset(folder: &std::path::Path) -> String {
    let tables = folder.join("tables");
    std::fs::create_dir(&tables).expect("a folder");
    file(&tables, "person.csv", PERSON);
    file(&tables, "observation_period.csv", PERIOD);
    file(&tables, "condition_occurrence.csv", CONDITION);
    let out = word(&folder.join("ds.rounds"));
    answer(&["import", "--format", "omop", "--seed", "1", "--out", &out, &word(&tables)]);
    out
}

fn check<'a>(report: &'a Value, id: &str, part: &str) -> &'a Value {
    let checks = report["checks"].as_array().expect("checks");
    checks.iter().find(|c| c["id"] == id && c["part"] == part).unwrap_or_else(|| panic!("no check {id} {part}"))
}

#[test]
fn checks_are_counted_and_those_that_failed_can_be_listed_alone() {
    let folder = folder();
    let data = dataset(folder.path());
    let report = answer(&["quality", &data, "--today", "2026-11-25"]);
    fields(
        &report,
        &["n_passed", "n_failed", "n_not_applicable", "failed", "summary", "checks", "settings", "seconds"],
    );
    let born = check(&report, "birth_year_missing", "");
    assert_eq!((&born["n_violated"], &born["n_total"], &born["status"]), (&json!(1), &json!(3), &json!("fail")));
    let outside = check(&report, "event_outside_period", "condition");
    assert_eq!((&outside["n_violated"], &outside["n_total"]), (&json!(1), &json!(3)));
    let n = report["checks"].as_array().expect("checks").len();
    let sum =
        ["n_passed", "n_failed", "n_not_applicable"].map(|f| report[f].as_u64().expect("a count")).iter().sum::<u64>();
    assert_eq!(n as u64, sum);

    let failed = answer(&["quality", &data, "--today", "2026-11-25", "--failed"]);
    assert_eq!(failed["n_passed"], report["n_passed"]);
    let listed = failed["checks"].as_array().expect("checks");
    assert!(!listed.is_empty() && listed.iter().all(|c| c["status"] == "fail"));

    let info = answer(&["info", &data]);
    assert_eq!(info["quality"]["n_failed"], report["n_failed"]);
    let said = refusal(1, &["quality", &data, "--today", "yesterday"]);
    assert!(said.contains("YYYY-MM-DD"), "{said}");
}
