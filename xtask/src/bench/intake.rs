//! Figures of imports: files made to measure with, peers on the same files, and data that others wrote where they are there.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::lines;
use crate::run::{command, output, root, run, tee};

/// Folder of the files made to measure with.
pub(super) fn folder() -> PathBuf {
    root().join("target/bench-intake")
}

/// An example of `intake`, in release.
fn example<'a>(name: &'a str, rest: &[&'a str]) -> Vec<&'a str> {
    let mut args = vec!["run", "--quiet", "--release", "--package", "intake", "--example", name, "--"];
    args.extend(rest);
    args
}

/// Imports natively, then peers on the same files, a line that compares each.
pub(super) fn native() -> anyhow::Result<()> {
    let mut ours = Vec::new();
    for name in ["speed_fhir", "speed_omop"] {
        let (ok, text) = tee(command("cargo", &example(name, &[])))?;
        anyhow::ensure!(ok, "the imports could not be measured");
        ours.extend(lines(&text)?);
    }
    run("cargo", &["run", "--quiet", "--release", "--package", "notes", "--example", "speed"])?;
    shared()?;
    write()?;
    if output("python3", &["--version"]).is_none() {
        eprintln!("python3 is not installed: no peer in this run");
        return Ok(());
    }
    let script = root().join("e2e/bench/intake_peers.py").display().to_string();
    let (ok, theirs) = tee(command("python3", &[&script, &folder().display().to_string()]))?;
    anyhow::ensure!(ok, "the peers could not be measured");
    for theirs in lines(&theirs)? {
        let ours = ours.iter().find(|line| line["name"] == theirs["name"]);
        println!("{}", compare(ours.unwrap_or(&Value::Null), &theirs));
    }
    Ok(())
}

/// The files for peers and for the browser.
pub(super) fn write() -> anyhow::Result<()> {
    let at = |name: &str| folder().join(name).display().to_string();
    run("cargo", &example("speed_fhir", &["--write", &at("fhir"), "150"]))?;
    run("cargo", &example("speed_fhir", &["--write", &at("fhir-notes"), "60", "notes"]))?;
    run("cargo", &example("speed_fhir", &["--write-bundles", &at("bundles"), "1000"]))?;
    run("cargo", &example("speed_omop", &["--write", &at("omop")]))
}

/// Sets of `../shared/data`, where they are there.
fn shared() -> anyhow::Result<()> {
    for set in ["carebundle-2000", "synthea-bulk-10"] {
        let folder = root().join("../shared/data/fhir").join(set);
        let files = gz_files(&folder);
        if files.is_empty() {
            eprintln!("{} is not there: not measured", folder.display());
            continue;
        }
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        run("cargo", &example("speed_fhir", &files))?;
    }
    Ok(())
}

fn gz_files(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.filter_map(|e| Some(e.ok()?.path().display().to_string()));
    let mut files: Vec<String> = paths.filter(|p| p.ends_with(".ndjson.gz")).collect();
    files.sort();
    files
}

/// How many times faster than a peer, which only reads.
fn compare(ours: &Value, theirs: &Value) -> Value {
    let seconds = |line: &Value, what: &str| line[what].as_f64().unwrap_or(f64::NAN);
    json!({
        "name": theirs["name"],
        "where": "our whole import against a peer that reads",
        "peer": theirs["peer"],
        "rows": ours["rows_read"].as_u64().or(ours["rows"].as_f64().map(|n| n as u64)),
        "peer_rows": theirs["rows"],
        "cpu_s": ours["cpu_s"],
        "peer_cpu_s": theirs["cpu_s"],
        "times_faster_cpu": seconds(theirs, "cpu_s") / seconds(ours, "cpu_s"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_is_of_processor_seconds() {
        let ours = json!({"name": "fhir_ndjson", "cpu_s": 0.5, "rows_read": 7});
        let line = compare(&ours, &json!({"name": "fhir_ndjson", "cpu_s": 2.0, "rows": 7, "peer": "x"}));
        assert_eq!(line["times_faster_cpu"], 4.0);
        assert_eq!(line["rows"], line["peer_rows"]);
        assert!(compare(&Value::Null, &json!({"cpu_s": 2.0}))["times_faster_cpu"].is_null());
    }
}
