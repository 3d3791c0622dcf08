//! `sample`, `import`, `info`, `export`, `cohort`, `describe`, `summarize`, `study`: the cycle on the command line.

use crate::support::rounds;

use std::path::Path;

use parquet::file::reader::{FileReader as _, SerializedFileReader};
use rounds::{answer, close, fields, file, folder, refusal, repository, run, word};
use serde_json::{Value, json};

fn sample(folder: &Path, persons: &str) -> String {
    let out = word(&folder.join("two-drugs"));
    let made = answer(&["sample", "two-drugs", "--persons", persons, "--seed", "1", "--out", &out]);
    fields(&made, &["files", "truth"]);
    for written in made["files"].as_array().expect("files") {
        let size = std::fs::metadata(written["file"].as_str().expect("a name")).expect("it is there").len();
        assert_eq!(written["bytes"], size);
    }
    out
}

fn flat(folder: &Path) -> String {
    let out = word(&folder.join("gbsg.rounds"));
    let file = word(&repository("public/samples/gbsg.csv"));
    let report = answer(&["import", "--format", "csv", "--seed", "7", "--out", &out, &file]);
    assert_eq!((&report["format"], &report["persons"]), (&json!("csv"), &json!(686)));
    out
}

fn older(folder: &Path, name: &str, age: u32) -> String {
    let test = json!({"type": "range", "range": {"min": age}});
    let rule = json!({"name": "older", "condition": {"type": "variable", "name": "age", "test": test}});
    let definition = json!({"kind": "cohort", "schema_version": 1, "name": name, "entry": {"type": "everyone"}, "inclusion_rules": [rule]});
    file(folder, &format!("{name}.json"), definition.to_string())
}

/// The three commands of the README, with fewer persons.
#[test]
fn the_commands_of_the_readme() {
    let folder = folder();
    let file = word(&repository("public/samples/gbsg.csv"));
    let report = answer(&["survival", &file, "--time", "rfstime", "--event", "status", "--group", "hormon"]);
    // R: survdiff(Surv(rfstime, status) ~ hormon, gbsg), coxph(... ~ hormon), survfit
    close("log-rank", &report["log_rank"]["chi2"], Some(8.564_780_853_539_004), 1e-8);
    close("coefficient", &report["cox"]["coefficients"][0]["coef"], Some(-0.364_009_911_1), 1e-6);
    close("median", &report["groups"][1]["median"], Some(2018.0), 0.0);
    let tables = sample(folder.path(), "200");
    let out = word(&folder.path().join("two-drugs.rounds"));
    let report = answer(&["import", "--out", &out, &tables]);
    let shape = ["format", "persons", "events", "notes", "rows_read", "rows_kept", "rows_rejected", "rejected"];
    fields(&report, &shape);
    fields(&report, &["identifiers", "seconds"]);
    assert_eq!((&report["format"], &report["persons"]), (&json!("omop"), &json!(200)));
    let count = |field: &str| report[field].as_u64().expect("a count");
    assert_eq!(count("rows_read"), count("rows_kept") + count("rows_rejected") + count("rows_not_used"));
    fields(&report["identifiers"][0], &["class", "found", "action"]);
    let info = answer(&["info", &out]);
    fields(&info, &["header", "tables", "domains", "span", "bytes"]);
    let person = info["tables"].as_array().into_iter().flatten().find(|t| t["name"] == "person").expect("persons");
    assert_eq!(person["rows"], 200);
}

#[test]
fn a_seed_makes_everything_again_to_the_byte() {
    let folder = folder();
    let file = word(&repository("public/samples/gbsg.csv"));
    let bytes: Vec<Vec<u8>> = ["7", "7", "8"]
        .iter()
        .map(|seed| {
            let out = folder.path().join("same.rounds");
            answer(&["import", "--seed", seed, "--out", &word(&out), &file]);
            std::fs::read(out).expect("a dataset")
        })
        .collect();
    assert!(bytes[0] == bytes[1] && bytes[0] != bytes[2]);
}

#[test]
fn cohorts_are_counted_described_and_summarized() {
    let folder = folder();
    let dataset = flat(folder.path());
    let definition = older(folder.path(), "older", 50);
    let report = answer(&["cohort", &dataset, "--definition", &definition]);
    fields(&report, &["persons", "events", "attrition", "unsupported", "warnings", "seconds"]);
    assert!(report.get("subjects").is_none());
    let text = std::fs::read_to_string(repository("public/samples/gbsg.csv")).expect("the sample");
    let age = |line: &str| line.split(',').nth(1).and_then(|age| age.parse::<f64>().ok()).expect("an age");
    let n = text.lines().skip(1).filter(|line| age(line) >= 50.0).count();
    assert_eq!(report["persons"], n);
    let rows: Vec<(&Value, &Value)> =
        report["attrition"].as_array().into_iter().flatten().map(|row| (&row["rule"], &row["persons"])).collect();
    assert_eq!(rows, [(&json!("all persons"), &json!(686)), (&json!("older"), &json!(n))]);
    let report = answer(&["cohort", &dataset, "--definition", &definition, "--subjects"]);
    let subjects = report["subjects"].as_array().expect("subjects");
    assert_eq!(subjects.len(), n);
    fields(&subjects[0], &["person", "start", "end"]);
    let described = answer(&["describe", &definition]);
    fields(&described, &["text", "problems"]);
    assert!(described["text"].as_str().is_some_and(|text| text.contains("50")));
    let oldest = older(folder.path(), "oldest", 65);
    let table = answer(&["summarize", &dataset, "--cohort", &definition, "--comparator", &oldest]);
    assert_eq!(table["groups"][0]["n"], n);
    let variable = &table["variables"][0];
    fields(variable, &["name", "kind", "by_group", "smd"]);
    fields(&variable["by_group"][1], &["n", "missing", "mean", "sd", "median", "q1", "q3", "count", "percent"]);
}

/// A flat file is added to, and what was said of how files are read stands in the report.
#[test]
fn a_flat_file_is_updated_in_place() {
    let folder = folder();
    let rows = (0..24).fold("mrn,age,sbp\n".to_owned(), |text, i| {
        text + &format!("M{i:03},{},{}\n", 40 + i, if i % 8 == 0 { -99 } else { 110 + i })
    });
    let (path, out) = (file(folder.path(), "ward.csv", rows), word(&folder.path().join("ward.rounds")));
    let first = answer(&["import", "--seed", "7", "--out", &out, &path]);
    let told = |report: &Value, words: &str| {
        report["warnings"].as_array().into_iter().flatten().filter_map(Value::as_str).any(|w| w.contains(words))
    };
    assert!(told(&first, "ward.csv: 'sbp' holds -99 in 3 rows"), "{}", first["warnings"]);
    assert_eq!((&first["safe_harbor"][0]["looked_for"], &first["safe_harbor"][0]["found"]), (&json!(true), &json!(0)));
    let more = file(folder.path(), "more.csv", "mrn,age,sbp\nM001,41,150\nM099,70,120\n");
    let done = answer(&["import", "--seed", "7", "--into", &out, &more]);
    let persons = &done["merged"]["persons"];
    assert_eq!((&persons["new"], &persons["updated"]), (&json!(1), &json!(1)));
    assert!(told(&done, "1 value of persons who were there was replaced"), "{}", done["warnings"]);
    assert_eq!(answer(&["info", &out])["header"]["n_persons"], 25);
}

/// One of two equal keys would be ignored without a word.
#[test]
fn a_key_that_stands_twice_is_refused() {
    let folder = folder();
    let head = r#"{"kind":"cohort","schema_version":1,"name":"x","entry":{"type":"everyone"},"inclusion_rules":"#;
    let adults = r#"[{"name":"adults","condition":{"type":"variable","name":"age","test":{"type":"range","range":{"min":18}}}}]"#;
    let twice = [
        format!(r#"{head}{adults},"inclusion_rules":[]}}"#),
        format!("{head}{}}}", adults.replace(r#""min":18"#, r#""min":18,"min":0"#)),
    ];
    for (name, text) in ["rules.json", "range.json"].iter().zip(twice) {
        let path = file(folder.path(), name, text);
        let said = refusal(1, &["describe", &path]);
        assert!(said.contains(name) && said.contains("twice"), "{said}");
    }
    let once = file(folder.path(), "once.json", format!("{head}{adults}}}"));
    assert_eq!(answer(&["describe", &once])["problems"], json!([]));
}

#[test]
fn a_study_plan_is_run() {
    let folder = folder();
    let dataset = flat(folder.path());
    let arm = |name: &str, level: &str| {
        let test = json!({"type": "one_of", "levels": [level]});
        let rule = json!({"name": name, "condition": {"type": "variable", "name": "hormon", "test": test}});
        json!({"name": name, "cohort": {"kind": "cohort", "schema_version": 1, "name": name, "entry": {"type": "everyone"},
            "inclusion_rules": [rule]}})
    };
    let outcome = json!({"type": "columns", "name": "recurrence or death", "duration": "rfstime", "event": "status"});
    let plan = json!({"kind": "study", "schema_version": 1, "name": "hormones", "target": arm("hormones", "1"),
        "comparator": arm("none", "0"), "outcome": outcome,
        "covariates": [{"type": "variable", "name": "age"}, {"type": "variable", "name": "nodes"}]});
    let path = file(folder.path(), "plan.json", plan.to_string());
    let result = answer(&["study", &dataset, "--plan", &path]);
    fields(&result, &["attrition", "balance", "unadjusted", "settings"]);
    close("log-rank", &result["unadjusted"]["log_rank"]["chi2"], Some(8.564_780_853_539_004), 1e-8);
    let typo = file(folder.path(), "typo.json", plan.to_string().replace("\"outcome\"", "\"outcom\""));
    let said = refusal(1, &["study", &dataset, "--plan", &typo]);
    assert!(said.contains("typo.json") && said.contains("outcom"), "{said}");
}

#[test]
fn exports_are_whole_and_come_back() {
    let folder = folder();
    let dataset = flat(folder.path());
    let out = folder.path().join("out");
    let report = answer(&["export", &dataset, "--format", "csv", "--out", &word(&out)]);
    let written = report["files"].as_array().expect("files");
    let variables = written
        .iter()
        .filter_map(|f| f["file"].as_str())
        .find(|name| name.ends_with("variable.csv") || name.ends_with("gbsg.csv"))
        .expect("the variables");
    let again = answer(&["survival", variables, "--time", "rfstime", "--event", "status", "--group", "hormon"]);
    close("log-rank", &again["log_rank"]["chi2"], Some(8.564_780_853_539_004), 1e-8);
    let report = answer(&["export", &dataset, "--format", "arrow", "--out", &word(&out)]);
    let first = report["files"][0]["file"].as_str().expect("a file");
    assert!(std::fs::read(first).expect("bytes").starts_with(b"ARROW1"));
    assert!(
        std::fs::read_dir(&out)
            .expect("a folder")
            .flatten()
            .all(|f| !f.file_name().to_string_lossy().ends_with("part"))
    );
    refusal(2, &["export", &dataset, "--format", "xlsx", "--out", &word(&out)]);
    // a folder that is a file
    refusal(1, &["export", &dataset, "--format", "csv", "--out", first]);
}

#[test]
fn a_parquet_file_a_table_has_the_rows_and_columns_of_the_dataset() {
    let folder = folder();
    let tables = sample(folder.path(), "60");
    let dataset = word(&folder.path().join("two-drugs.rounds"));
    answer(&["import", "--seed", "7", "--out", &dataset, &tables]);
    let info = answer(&["info", &dataset]);
    let out = folder.path().join("parquet");
    let report = answer(&["export", &dataset, "--format", "parquet", "--out", &word(&out)]);
    let written: Vec<&str> =
        report["files"].as_array().expect("files").iter().filter_map(|f| f["file"].as_str()).collect();
    let tables = info["tables"].as_array().expect("tables");
    assert!(tables.len() > 4);
    assert_eq!(written.len(), tables.len());
    for table in tables {
        let end = format!("-{}.parquet", table["name"].as_str().expect("a name"));
        let path = written.iter().find(|path| path.ends_with(&end)).expect("a file of the table");
        let reader = SerializedFileReader::new(std::fs::File::open(path).expect("it is there")).expect("Parquet");
        let schema = reader.metadata().file_metadata().schema().get_fields().iter().map(|f| f.name().to_owned());
        let of_header = info["header"]["tables"].as_array().into_iter().flatten().find(|t| t["name"] == table["name"]);
        let columns = of_header.and_then(|t| t["columns"].as_array()).expect("columns");
        let names: Vec<&str> = columns.iter().filter_map(|c| c["name"].as_str()).collect();
        assert_eq!(schema.collect::<Vec<_>>(), names, "{end}");
        // Every value can be read, not only the description.
        let rows = reader.get_row_iter(None).expect("rows").map(|row| row.expect("a row").len());
        assert_eq!(rows.filter(|n| *n == names.len()).count(), table["rows"].as_u64().expect("rows") as usize, "{end}");
    }
}

#[test]
fn samples_know_their_names_and_sizes() {
    let folder = folder();
    let out = word(&folder.path().join("x"));
    let said = refusal(2, &["sample", "three-drugs", "--out", &out]);
    assert!(said.contains("three-drugs"), "{said}");
    refusal(2, &["sample", "two-drugs", "--persons", "many", "--out", &out]);
    assert!(!Path::new(&out).exists());
    let tables = sample(folder.path(), "60");
    let once = std::fs::read(Path::new(&tables).join("person.csv")).expect("persons");
    sample(folder.path(), "60");
    assert_eq!(once, std::fs::read(Path::new(&tables).join("person.csv")).expect("persons"));
}

#[test]
fn a_mapping_is_followed_to_the_letter() {
    let folder = folder();
    let data = file(folder.path(), "d.csv", "who,t,dead\np1,5,yes\np2,7,no\np3,9,yes\n");
    let column = |name: &str, role: &str| json!({"name": name, "role": role});
    let mut dead = column("dead", "event");
    dead["event_observed"] = json!(["yes"]);
    dead["event_censored"] = json!(["no"]);
    let mapping = json!({"delimiter": ",", "encoding": "utf-8", "decimal": ".", "missing": [],
        "columns": [column("who", "identifier"), column("t", "duration"), dead]});
    let path = file(folder.path(), "mapping.json", mapping.to_string());
    let out = word(&folder.path().join("d.rounds"));
    let report = answer(&["import", "--format", "csv", "--mapping", &path, "--out", &out, &data]);
    assert_eq!((&report["persons"], &report["rows_rejected"]), (&json!(3), &json!(0)));
    std::fs::remove_file(&out).expect("it was written");
    let wrong = file(folder.path(), "wrong.json", mapping.to_string().replace("\"duration\"", "\"lifetime\""));
    let said = refusal(1, &["import", "--format", "csv", "--mapping", &wrong, "--out", &out, &data]);
    assert!(said.contains("wrong.json") && said.contains("lifetime"), "{said}");
    let said = refusal(2, &["import", "--format", "omop", "--mapping", &path, "--out", &out, &data]);
    assert!(said.contains("--mapping"), "{said}");
    assert!(!Path::new(&out).exists());
}

#[test]
fn what_is_not_there_is_said_and_nothing_is_written() {
    let folder = folder();
    let out = word(&folder.path().join("out.rounds"));
    let absent = word(&folder.path().join("absent.csv"));
    let said = refusal(1, &["import", "--out", &out, &absent]);
    assert!(said.contains("absent.csv"), "{said}");
    for words in [&["info", &absent][..], &["survival", &absent, "--time", "t", "--event", "e"], &["describe", &absent]]
    {
        let said = refusal(1, words);
        assert!(said.contains("absent.csv") && said.contains("No such file"), "{said}");
    }
    let file_of_csv = word(&repository("public/samples/gbsg.csv"));
    let said = refusal(1, &["info", &file_of_csv]);
    assert!(said.contains("gbsg.csv:"), "{said}");
    let nowhere = word(&folder.path().join("no/such/folder/x.rounds"));
    refusal(1, &["import", "--out", &nowhere, &file_of_csv]);
    let dataset = flat(folder.path());
    let bytes = std::fs::read(&dataset).expect("a dataset");
    for cut in [10, bytes.len() / 2, bytes.len() - 1] {
        let path = file(folder.path(), "cut.rounds", &bytes[..cut]);
        let said = refusal(1, &["info", &path]);
        assert!(said.contains("cut.rounds:"), "{said}");
    }
    let circe = file(folder.path(), "circe.json", r#"{"ConceptSets": [], "PrimaryCriteria": {}}"#);
    let done = run(&["cohort", &dataset, "--definition", &circe]);
    assert!(done.code == 2 && done.err.contains("not built"), "{}", done.err);
}
