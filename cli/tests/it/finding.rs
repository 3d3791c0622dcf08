//! `rounds finding check`: what discloses, and what was tampered with.

use crate::support::rounds;

use engine::Engine;
use model::document::SignedDocument;
use protocol::{Call, Done, SignFinding, Work};
use rounds::{answer, fields, file, folder, one_document, refusal, run};
use serde_json::{Value, json};

/// A finding of two arms with these persons and events.
fn finding(arms: [(u64, u64); 2]) -> Value {
    let cohort = json!({"kind": "cohort", "schema_version": 1, "name": "all", "entry": {"type": "everyone"}});
    let plan = json!({"kind": "study", "schema_version": 1, "name": "hormones",
        "target": {"name": "hormones", "cohort": cohort}, "comparator": {"name": "none", "cohort": cohort},
        "outcome": {"type": "columns", "name": "recurrence", "duration": "t", "event": "e"}});
    let arm = |name: &str, (n, events): (u64, u64)| {
        json!({"name": name, "n": {"count": n}, "n_events": {"count": events}, "median": 2000.0, "time_unit": "days",
            "curve": []})
    };
    let estimate = json!({"measure": "hazard_ratio", "adjusted": false, "method": "Cox regression", "estimate": 0.7,
        "lower": 0.55, "upper": 0.9, "std_err": 0.125, "level": 0.95, "ph_p": 0.4});
    json!({"kind": "finding", "schema_version": 1, "title": "Hormones", "question": "Do they help?",
        "population": {"description": "women", "dataset": "GBSG", "n": {"count": arms[0].0 + arms[1].0}, "n_events": {"count": arms[0].1 + arms[1].1}},
        "estimates": [estimate], "arms": [arm("hormones", arms[0]), arm("none", arms[1])], "balance": [], "methods": [],
        "limits": [], "not_adjusted_for": [], "summary": "", "plan": plan, "overrides": [],
        "author": {"name": "A", "site": "B"}, "made_on": "2026-11-23", "cell_threshold": 10})
}

fn signed(finding: Value) -> SignedDocument {
    let finding = serde_json::from_value(finding).expect("a finding");
    let sign = SignFinding { finding, secret_key: "07".repeat(32) };
    let Work::Engine(request) = sign.into_work() else { panic!("a question for the engine") };
    let done = engine::handle(&mut Engine::default(), request, Vec::new(), &mut |_, _| true).expect("signed");
    SignFinding::from_done(Done::Engine(done.0)).expect("a document")
}

#[test]
fn small_cells_are_named_with_their_place() {
    let folder = folder();
    let fine = file(folder.path(), "fine.json", finding([(246, 94), (440, 205)]).to_string());
    assert_eq!(answer(&["finding", "check", &fine])["discloses"], json!([]));
    let small = file(folder.path(), "small.json", finding([(7, 3), (440, 205)]).to_string());
    let done = run(&["finding", "check", &small]);
    assert_eq!(done.code, 1);
    let report = one_document(&done.out);
    let discloses = report["discloses"].as_array().expect("a list");
    assert!(!discloses.is_empty());
    fields(&discloses[0], &["path", "reason"]);
    assert!(discloses.iter().any(|d| d["path"].as_str().is_some_and(|path| path.contains("arms"))), "{report}");
}

#[test]
fn a_signed_finding_is_verified_first() {
    let folder = folder();
    let document = signed(finding([(246, 94), (440, 205)]));
    let write = |document: &SignedDocument| {
        file(folder.path(), "document.json", serde_json::to_string(document).expect("JSON"))
    };
    assert_eq!(answer(&["finding", "check", &write(&document)])["discloses"], json!([]));
    let body = document.body.replace("0.7", "0.5");
    assert_ne!(body, document.body);
    let said = refusal(1, &["finding", "check", &write(&SignedDocument { body, ..document.clone() })]);
    assert!(said.contains("document.json") && said.contains("changed after it was signed"), "{said}");
    let signature = "00".repeat(64);
    let said = refusal(1, &["finding", "check", &write(&SignedDocument { signature, ..document })]);
    assert!(said.contains("signature"), "{said}");
}

#[test]
fn what_is_no_finding_is_refused() {
    let folder = folder();
    for (name, text) in [("empty.json", ""), ("list.json", "[]"), ("cut.json", "{\"kind\": \"find")] {
        let done = run(&["finding", "check", &file(folder.path(), name, text)]);
        assert_eq!(done.code, 1, "{name}");
        assert_ne!(one_document(&done.out)["discloses"], json!([]), "{name}");
    }
    let bytes = file(folder.path(), "bytes.json", [255_u8, 254, 0]);
    assert!(refusal(1, &["finding", "check", &bytes]).contains("not text"));
    refusal(2, &["finding", "publish", &bytes]);
}
