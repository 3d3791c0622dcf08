//! `rounds notes` and `rounds screen`: a JSON line in, a JSON line out; what is wrong is named by file, line and field.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::process::{Command, Output};

use serde_json::Value;

fn rounds(command: &str, lines: &str) -> Output {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("notes.jsonl");
    std::fs::write(&file, lines).unwrap();
    Command::new(env!("CARGO_BIN_EXE_rounds")).arg(command).arg(&file).output().unwrap()
}

fn documents(output: &Output) -> Vec<Value> {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).lines().map(|l| serde_json::from_str(l).unwrap()).collect()
}

#[test]
fn notes_are_read_a_line_each_in_their_order() {
    let many: String = (0..600)
        .map(|i| format!("{{\"id\": {i}, \"text\": \"She denies fever. EF 45%.\"}}\n"))
        .chain([r#"{"id": "t", "text": "No sign of GOUT.", "target": "gout"}"#.to_owned()])
        .collect();
    let out = documents(&rounds("notes", &many));
    assert_eq!(out.len(), 601);
    assert!((0..600).all(|i| out[i]["id"] == i));
    let first = &out[0]["findings"][0];
    assert_eq!((first["concept"].as_str(), first["polarity"].as_str()), (Some("fever"), Some("negated")));
    assert_eq!(first["span"], serde_json::json!([11, 16]));
    assert_eq!(
        (first["trigger"]["text"].as_str(), first["trigger"]["rule"].as_str()),
        (Some("denies"), Some("neg-denies"))
    );
    assert_eq!(out[0]["findings"][1]["value"]["value"], 45.0);
    assert_eq!(out[600]["findings"][0]["polarity"], "negated");
    assert_eq!(out[600]["findings"][0]["temporality"], "recent");
    assert_eq!(out[600]["findings"][0]["experiencer"], "patient");
}

#[test]
fn notes_are_screened_with_what_is_known_of_the_patient() {
    let out = documents(&rounds(
        "screen",
        "{\"id\": 1, \"text\": \"Seen on 3/14/2020. Zyx fell.\", \"names\": [\"Zyx\"]}\n\n{\"text\": \"no names here\"}\n",
    ));
    assert_eq!(out.len(), 2);
    assert_eq!(out[0]["text"], "Seen on [DATE]. [NAME] fell.");
    assert_eq!(out[0]["identifiers"][1], serde_json::json!({"class": "name", "span": [19, 22]}));
    assert_eq!((&out[1]["id"], out[1]["text"].as_str()), (&Value::Null, Some("no names here")));
}

#[test]
fn what_is_wrong_is_named_by_line_and_field() {
    for (command, lines, parts) in [
        ("notes", "{\"id\": 1, \"text\": \"x\"}\nnot JSON\n", vec!["notes.jsonl", "line 2", "JSON"]),
        ("notes", "{\"id\": 1}\n", vec!["line 1", "'text'"]),
        ("notes", "{\"id\": 1, \"text\": 5}\n", vec!["line 1", "'text'"]),
        ("notes", "{\"id\": 1, \"text\": \"x\", \"target\": 5}\n", vec!["line 1", "'target'"]),
        ("screen", "{\"id\": 1, \"text\": \"x\", \"names\": \"Ann\"}\n", vec!["line 1", "'names'"]),
        ("screen", "[1]\n", vec!["line 1", "object"]),
    ] {
        let output = rounds(command, lines);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{said}");
        for part in parts {
            assert!(said.contains(part), "'{part}' is not in: {said}");
        }
    }
}
