//! Who may import whom: the table of the house, held against `cargo metadata`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, MetadataCommand};

/// A crate and the crates of the house it may import.
const MAY_IMPORT: [(&str, &[&str]); 18] = [
    ("model", &[]),
    ("columnar", &[]),
    ("stats", &[]),
    ("notes", &["model"]),
    ("sample", &["model"]),
    ("intake", &["model", "columnar", "notes"]),
    ("cohort", &["model", "columnar"]),
    ("study", &["model", "columnar", "cohort", "stats"]),
    ("knowledge", &["model", "stats"]),
    ("sync", &["model"]),
    ("protocol", &["model"]),
    (
        "engine",
        &["model", "columnar", "notes", "intake", "cohort", "stats", "study", "knowledge", "protocol", "sample"],
    ),
    ("web", &["protocol", "model"]),
    ("worker", &["engine", "protocol", "model", "web"]),
    ("app", &["model", "protocol", "sync", "web"]),
    ("server", &["model", "sync", "knowledge"]),
    ("cli", &["engine", "protocol", "model"]),
    ("xtask", &[]),
];

/// A crate and packages from elsewhere that must never be among its direct dependencies.
const NEVER: [(&str, &[&str]); 9] = [
    ("model", &["rand", "getrandom", "web-sys", "tokio"]),
    ("stats", &["serde", "serde_json", "jiff", "arrow-array"]),
    ("study", &["serde", "serde_json", "web-sys"]),
    ("protocol", &["web-sys", "arrow-array"]),
    ("engine", &["web-sys", "wasm-bindgen", "js-sys"]),
    ("web", &["leptos"]),
    ("worker", &["leptos"]),
    ("server", &["arrow-array", "csv"]),
    ("cli", &["web-sys", "wasm-bindgen"]),
];

/// Direct dependencies by crate, tests' own left out.
fn edges() -> BTreeMap<String, BTreeSet<String>> {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml");
    let metadata = MetadataCommand::new().manifest_path(manifest).no_deps().exec().unwrap();
    metadata
        .packages
        .iter()
        .map(|package| {
            let direct = package.dependencies.iter().filter(|d| d.kind == DependencyKind::Normal);
            (package.name.to_string(), direct.map(|d| d.name.clone()).collect())
        })
        .collect()
}

#[test]
fn every_crate_imports_only_what_the_table_allows() {
    let edges = edges();
    let house: BTreeSet<&str> = MAY_IMPORT.iter().map(|(name, _)| *name).collect();
    let found: BTreeSet<&str> = edges.keys().map(String::as_str).collect();
    assert_eq!(found, house, "a crate is missing in the table, or the table names one that is gone");
    for (name, allowed) in MAY_IMPORT {
        for import in edges[name].iter().filter(|i| house.contains(i.as_str())) {
            assert!(allowed.contains(&import.as_str()), "{name} may not import {import}");
        }
    }
}

#[test]
fn no_crate_imports_what_it_must_never() {
    let edges = edges();
    for (name, never) in NEVER {
        for import in never {
            assert!(!edges[name].contains(*import), "{name} must never import {import}");
        }
    }
}
