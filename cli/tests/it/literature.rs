//! `rounds literature`: one document with records, counts and effects; what is wrong ends the command.

use crate::support::rounds;

use rounds::{answer, file, folder, refusal};
use serde_json::json;

const NBIB: &str = "PMID- 123\nTI  - A trial\nAB  - RESULTS: \u{dc}ber HR 0.72 (95% CI 0.56-0.89).\n\nPMID- 123\nTI  - A trial\n\nPMID- 124\n\n";

#[test]
fn records_counts_and_effects_are_one_document() {
    let dir = folder();
    let nbib = file(dir.path(), "a.nbib", NBIB);
    let ris = file(dir.path(), "b.ris", "TY  - JOUR\nTI  - Other\nER  - \n");
    let out = answer(&["literature", &nbib, &ris]);
    assert_eq!(
        (&out["records_read"], &out["kept"], &out["rejected"], &out["not_used"], &out["effects"]),
        (&json!(4), &json!(2), &json!(1), &json!(1), &json!(1))
    );
    let effect = &out["records"][0]["effects"][0];
    assert_eq!((effect["measure"].as_str(), effect["estimate"].as_f64()), (Some("hazard_ratio"), Some(0.72)));
    assert_eq!(effect["interval"], json!({"lower": 0.56, "upper": 0.89, "level": 0.95, "credible": false}));
    assert_eq!((&effect["sentence_span"], &effect["estimate_span"]), (&json!([0, 32]), &json!([8, 12])));
    assert_eq!(out["rejections"][0]["line"], 8);
    assert_eq!(out["unused"][0]["line"], 5);
    assert_eq!(out["files"][1]["format"], "ris");
}

#[test]
fn what_is_no_file_of_citations_ends_the_command() {
    let dir = folder();
    let good = file(dir.path(), "a.nbib", NBIB);
    let bad = file(dir.path(), "b.ris", "id,age\n1,2\n");
    let said = refusal(1, &["literature", &good, &bad]);
    assert!(said.contains("b.ris") && said.contains("RIS"), "{said}");
    let said = refusal(1, &["literature", &file(dir.path(), "e.nbib", "")]);
    assert!(said.contains("e.nbib is empty"), "{said}");
    refusal(2, &["literature"]);
    refusal(1, &["literature", "/nowhere/x.nbib"]);
}
