//! What bad input gets: a clear message that names file, line and field, nothing on stdout, nothing half-written.

use crate::support::rounds;

use std::path::Path;

use rounds::{answer, file, folder, refusal, repository, word};
use serde_json::{Value, json};

const HEADER: &str = "time,event,arm";

fn survival(path: &str) -> Vec<&str> {
    vec!["survival", path, "--time", "time", "--event", "event", "--group", "arm"]
}

/// The words of a survival report that is refused.
#[track_caller]
fn refused(name: &str, text: impl AsRef<[u8]>, wanted: &[&str]) {
    let folder = folder();
    let path = file(folder.path(), name, text);
    let said = refusal(1, &survival(&path));
    for wanted in [&[name], wanted].concat() {
        assert!(said.contains(wanted), "{name}: '{wanted}' is not in: {said}");
    }
}

/// A survival report of a file that can be analysed, with what it warns of.
#[track_caller]
fn warned(rows: &str, more: &[&str]) -> (Value, String) {
    let folder = folder();
    let path = file(folder.path(), "rows.csv", format!("{HEADER}\n{rows}\n"));
    let report = answer(&[&["survival", &path, "--time", "time", "--event", "event"], more].concat());
    let mut said = report["warnings"].to_string();
    said += &report["cox"]["warnings"].to_string();
    (report, said)
}

#[test]
fn files_without_rows() {
    refused("empty.csv", "", &["empty"]);
    refused("header.csv", format!("{HEADER}\n"), &["no rows"]);
    refused("blank.csv", "\n\n\n", &[]);
    refused("binary.csv", [0_u8, 1, 2, 255, 254, 10, 0, 44], &["binary"]);
}

#[test]
fn rows_that_do_not_fit() {
    refused("ragged.csv", format!("{HEADER}\n1,1,a\n2,0\n3,1,a,9\n"), &["line 3", "2 fields", "3"]);
    refused("twice.csv", "time,event,arm,time\n1,1,a,2\n", &["two columns", "'time'"]);
    refused("quote.csv", format!("{HEADER}\n1,1,a\n2,0,\"b\n3,1,a\n"), &["line 3", "quotation"]);
    let sample = std::fs::read(repository("public/samples/gbsg.csv")).expect("the sample");
    let folder = folder();
    let cut = file(folder.path(), "cut.csv", &sample[..3000]);
    let said = refusal(1, &["survival", &cut, "--time", "rfstime", "--event", "status"]);
    assert!(said.contains("cut.csv, line 103"), "{said}");
}

#[test]
fn an_identifier_is_no_group_and_a_cell_no_universe() {
    let rows: Vec<String> = (0..150).map(|i| format!("{},{},p{i}", i + 1, i % 2)).collect();
    let folder = folder();
    let path = file(folder.path(), "ids.csv", format!("{HEADER}\n{}\n", rows.join("\n")));
    let said = refusal(1, &survival(&path));
    assert!(said.contains("'arm' has 150 different values") && said.contains("identifier"), "{said}");
    let huge = "9000000000000000000";
    let said = refusal(2, &["two-by-two", huge, huge, huge, huge]);
    assert!(said.contains(huge) && said.contains("more than"), "{said}");
}

#[test]
fn values_that_do_not_fit() {
    refused("negative.csv", format!("{HEADER}\n5,1,a\n-1,1,a\n2,0,b\n"), &["line 3", "'time'", "negative"]);
    refused("text.csv", format!("{HEADER}\n5,1,a\nsoon,1,a\n2,0,b\n"), &["line 3", "'time'", "'soon'"]);
    refused("infinite.csv", format!("{HEADER}\n5,1,a\ninf,1,a\n2,0,b\n"), &["line 3", "'time'"]);
    refused("events.csv", format!("{HEADER}\n5,1,a\n2,0,b\n3,2,b\n1,7,a\n"), &["line 4", "'event'", "'2'"]);
    refused("words.csv", format!("{HEADER}\n5,1,a\n2,0,b\n3,left,b\n"), &["line 4", "'event'", "'left'"]);
}

#[test]
fn another_delimiter_is_recognized() {
    let folder = folder();
    for (name, delimiter) in [("semicolon.csv", ';'), ("tab.tsv", '\t'), ("bar.csv", '|')] {
        let text = format!("{HEADER}\n5,1,a\n2,0,b\n3,1,b\n").replace(',', &delimiter.to_string());
        let report = answer(&survival(&file(folder.path(), name, text)));
        assert_eq!((&report["n"], &report["n_events"]), (&json!(3), &json!(2)), "{name}");
    }
}

#[test]
fn comparisons_that_cannot_be_made_say_why() {
    let (report, said) = warned("1,1,a\n2,0,a\n3,1,a", &["--group", "arm"]);
    assert!(report["log_rank"].is_null() && report["cox"].is_null());
    assert!(said.contains("'arm' is 'a' in every row"), "{said}");
    let (report, said) = warned("1,0,a\n2,0,b\n3,0,a", &["--group", "arm"]);
    assert!(report["log_rank"].is_null() && report["groups"][0]["median"].is_null());
    assert!(said.contains("nobody had the event"), "{said}");
    // everybody at once: R's survdiff is singular
    let (report, said) = warned("4,1,a\n4,1,b\n4,1,a\n4,1,b", &["--group", "arm"]);
    assert!(report["log_rank"].is_null());
    assert!(said.contains("not estimable"), "{said}");
    // an arm that missing values emptied
    let (report, said) = warned("1,1,a\n2,0,a\n,1,b\n3,,b", &["--group", "arm"]);
    assert_eq!(report["n_missing_dropped"], 2);
    assert!(said.contains("nobody is in the group 'b'"), "{said}");
}

#[test]
fn regressions_that_cannot_be_made_say_why() {
    let (report, said) = warned("1,1,7\n2,0,7\n3,1,7", &["--covariates", "arm"]);
    assert!(report["cox"].is_null() && said.contains("constant"), "{said}");
    let (report, said) = warned("1,1,1\n2,1,1\n3,1,1\n4,0,0\n5,0,0\n6,0,0", &["--covariates", "arm"]);
    assert!(said.contains("may be infinite"), "{said}");
    assert!(report["cox"]["coefficients"][0]["upper"].is_null(), "an infinite limit is no number");
}

#[test]
fn dates_in_five_styles_and_impossible_ones() {
    let folder = folder();
    let days = ["2021-02-28", "28.02.2021", "02/28/2021", "20210228", "28-Feb-2021"];
    let bad = ["2021-02-30", "30.02.2021", "02/30/2021", "20210230", "30-Feb-2021"];
    let formats = ["year_month_day", "day_month_year", "month_day_year", "compact", "day_month_name_year"];
    for ((day, bad), format) in days.iter().zip(bad).zip(formats) {
        let data = file(folder.path(), "dates.csv", format!("who,seen,x\n1,{day},1\n2,{bad},2\n3,{day},3\n"));
        let columns = json!([{"name": "who", "role": "identifier"},
            {"name": "seen", "role": "date", "date_format": format}, {"name": "x", "role": "number"}]);
        let mapping = json!({"delimiter": ",", "encoding": "utf-8", "decimal": ".", "missing": [], "columns": columns});
        let mapping = file(folder.path(), "mapping.json", mapping.to_string());
        let out = word(&folder.path().join("dates.rounds"));
        let report = answer(&["import", "--format", "csv", "--mapping", &mapping, "--out", &out, &data]);
        let rejected = report["rejected"].as_array().expect("rejections");
        assert_eq!(rejected.len(), 1, "{format}: {report}");
        assert_eq!((&rejected[0]["file"], &rejected[0]["line"]), (&json!("dates.csv"), &json!(3)), "{format}");
        assert_eq!(rejected[0]["field"], "seen", "{format}");
        // the day itself is not told: it may be somebody's
        let reason = rejected[0]["reason"].as_str().expect("words");
        assert!(reason.contains("no such day") && !reason.contains(bad), "{format}: {reason}");
    }
}

#[test]
fn an_import_counts_what_it_cannot_use_and_leaves_no_half_file() {
    let folder = folder();
    let out = folder.path().join("out.rounds");
    let ragged = file(folder.path(), "ragged.csv", format!("{HEADER}\n1,1,a\n2,0\n3,1,a,9\n4,1,b\n"));
    let report = answer(&["import", "--format", "csv", "--out", &word(&out), &ragged]);
    assert_eq!(
        (&report["rows_read"], &report["rows_kept"], &report["rows_rejected"]),
        (&json!(4), &json!(2), &json!(2))
    );
    assert_eq!((&report["rejected"][0]["line"], &report["rejected"][1]["line"]), (&json!(3), &json!(4)));
    let before = std::fs::read(&out).expect("a dataset");
    for (name, text) in [("empty.csv", ""), ("header.csv", "time,event\n"), ("twice.csv", "a,a\n1,2\n")] {
        let path = file(folder.path(), name, text);
        let said = refusal(1, &["import", "--format", "csv", "--out", &word(&out), &path]);
        assert!(said.contains(name), "{said}");
    }
    assert_eq!(std::fs::read(&out).expect("still there"), before, "a failed import touches nothing");
    assert_eq!(parts(folder.path()), 0);
    let said = refusal(1, &["import", "--format", "fhir", "--out", &word(&out), &ragged]);
    assert!(said.contains("no FHIR resource"), "{said}");
    assert_eq!(std::fs::read(&out).expect("still there"), before, "a failed import touches nothing");
}

fn parts(folder: &Path) -> usize {
    std::fs::read_dir(folder)
        .expect("a folder")
        .flatten()
        .filter(|f| f.file_name().to_string_lossy().contains(".part"))
        .count()
}
