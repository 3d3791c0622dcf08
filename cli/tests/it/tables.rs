//! `rounds import` of several tables, notes, and by a saved mapping.

use crate::support::rounds;

use std::path::Path;

use rounds::{answer, file, folder, refusal, word};
use serde_json::{Value, json};

const PEOPLE: &str = "patient_id,sex,age\nA1,f,50\nA2,m,60\nA3,f,95\n";
const LABS: &str =
    "patient_id,date,test,value\nA1,2024-01-31,crp,5\nA1,2024-02-01,crp,6\nA3,2024-02-01,crp,7\nA9,2024-02-01,crp,7\n";

fn set(folder: &Path) -> String {
    let data = folder.join("data");
    std::fs::create_dir_all(data.join("A2")).expect("a folder");
    file(&data, "people.csv", PEOPLE);
    file(&data, "labs.csv", LABS);
    file(&data, "A2/2024-03-01.txt", "Seen in clinic (A2). No chest pain.");
    word(&data)
}

fn adds_up(report: &Value) {
    let count = |field: &str| report[field].as_u64().expect("a count");
    assert_eq!(count("rows_read"), count("rows_kept") + count("rows_rejected") + count("rows_not_used"));
}

#[test]
fn a_folder_of_tables_and_notes_is_one_dataset() {
    let folder = folder();
    let out = word(&folder.path().join("ward.rounds"));
    let report = answer(&["import", "--seed", "7", "--out", &out, &set(folder.path())]);
    adds_up(&report);
    assert_eq!((&report["format"], &report["persons"]), (&json!("csv"), &json!(3)));
    assert_eq!((&report["events"], &report["notes"]), (&json!(3), &json!(1)));
    let rejected = &report["rejected"][0];
    assert_eq!((&rejected["file"], &rejected["line"]), (&json!("labs.csv"), &json!(5)));
    let info = answer(&["info", &out]);
    let table = |name: &str| info["tables"].as_array().into_iter().flatten().find(|t| t["name"] == name).cloned();
    assert_eq!(table("variable").expect("variables")["rows"], 3);
    // Findings of the note stand beside the values.
    let found = report["note_findings"].as_u64().expect("a count");
    assert_eq!(table("event").expect("events")["rows"].as_u64(), Some(3 + found));
    let bytes = std::fs::read(&out).expect("a dataset");
    assert!(!bytes.windows(2).any(|w| w == b"A9"));
}

#[test]
fn a_mapping_is_written_corrected_and_used_again() {
    let folder = folder();
    let data = set(folder.path());
    let out = word(&folder.path().join("a.rounds"));
    let saved = folder.path().join("m.json");
    answer(&["import", "--seed", "7", "--out", &out, "--save-mapping", &word(&saved), &data]);
    let text = std::fs::read_to_string(&saved).expect("a mapping");
    let mapping: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!((&mapping["kind"], &mapping["schema_version"]), (&json!("import_mapping"), &json!(1)));

    // Other columns' order, another name: the same mapping.
    let next = folder.path().join("next");
    std::fs::create_dir(&next).expect("a folder");
    let people = file(&next, "p.csv", "age;sex;patient_id\n50;f;A1\n");
    let labs = file(&next, "l.csv", "value,patient_id,test,date,ward\n5,A1,crp,2024-01-31,x\n");
    let report = answer(&["import", "--seed", "7", "--mapping", &word(&saved), "--out", &out, &people, &labs]);
    adds_up(&report);
    assert_eq!((&report["persons"], &report["events"]), (&json!(1), &json!(1)));
    let warnings = report["warnings"].to_string();
    assert!(warnings.contains("ward"), "{warnings}");

    let labs = file(&next, "l.csv", "patient_id,test,date\nA1,crp,2024-01-31\n");
    let said = refusal(1, &["import", "--mapping", &word(&saved), "--out", &out, &people, &labs]);
    assert!(said.contains("m.json") && said.contains("'value'"), "{said}");
    let said = refusal(1, &["import", "--mapping", &word(&saved), "--out", &out, &people]);
    assert!(said.contains("labs.csv"), "{said}");
}

#[test]
fn dates_that_could_be_either_way_round_are_said_aloud() {
    let folder = folder();
    let labs = file(
        folder.path(),
        "l.csv",
        "pid,date,test,value\n1,01/02/2024,crp,5\n1,03/04/2024,crp,6\n2,05/06/2024,crp,7\n",
    );
    let out = word(&folder.path().join("a.rounds"));
    let report = answer(&["import", "--seed", "7", "--out", &out, &labs]);
    assert!(
        report["warnings"].to_string().contains("whether the day or the month comes first"),
        "{}",
        report["warnings"]
    );
}

#[test]
fn notes_as_lines_are_imported_and_a_line_that_is_none_is_named() {
    let folder = folder();
    let lines = "{\"id\": \"7\", \"date\": \"2024-01-31\", \"text\": \"Well today, and denies any chest pain at rest.\"}\nnonsense\n{\"id\": \"7\", \"text\": \"Undated, and so of no use here at all.\"}\n";
    let notes = file(folder.path(), "n.jsonl", lines);
    let out = word(&folder.path().join("n.rounds"));
    let report = answer(&["import", "--seed", "7", "--out", &out, &notes]);
    adds_up(&report);
    assert_eq!((&report["notes"], &report["rows_rejected"]), (&json!(1), &json!(2)));
    let lines: Vec<u64> =
        report["rejected"].as_array().into_iter().flatten().filter_map(|r| r["line"].as_u64()).collect();
    assert_eq!(lines, [2, 3]);
}
