//! Public FHIR data beside the repository, where they are there: counts against `count_fhir.py`, which counts the same files
//! by whole documents in Python, with rules written a second time (`python3 tests/count_fhir.py ../../../shared/data/fhir/NAME`).
#![cfg(feature = "fhir")]
#![expect(clippy::unwrap_used, reason = "a helper of a test may fail like the test")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use columnar::Column;
use intake::archive::Unpacker;
use intake::fhir::FhirImport;
use intake::{Imported, Settings};
use model::tables;

fn data() -> Option<PathBuf> {
    let dir = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/fhir"));
    if dir.is_dir() {
        return Some(dir);
    }
    println!("no ../shared/data beside the repository: 6 checks of FHIR data did not run");
    None
}

fn files(dir: &Path, out: &mut Vec<PathBuf>) {
    let mut inside: Vec<PathBuf> = std::fs::read_dir(dir).unwrap().map(|f| f.unwrap().path()).collect();
    inside.sort();
    for path in inside {
        if path.is_dir() { files(&path, out) } else { out.push(path) }
    }
}

fn import(paths: &[PathBuf], size: usize) -> Imported {
    let mut import = FhirImport::new(Settings::new("fhir", [7; 32]));
    for path in paths {
        let mut unpacker = Unpacker::new(path.file_name().unwrap().to_str().unwrap());
        for piece in std::fs::read(path).unwrap().chunks(size) {
            unpacker.push(piece, &mut import).unwrap();
        }
        unpacker.end(&mut import).unwrap();
    }
    import.finish().unwrap()
}

fn set(name: &str) -> Option<Imported> {
    let mut paths = Vec::new();
    files(&data()?.join(name), &mut paths);
    Some(import(&paths, 1 << 16))
}

fn domains(imported: &Imported) -> BTreeMap<String, u64> {
    let mut out = BTreeMap::new();
    let Some(Column::Category(c)) = imported.dataset.table(tables::EVENT).unwrap().column(tables::EVENT_DOMAIN) else {
        panic!("domains are levels");
    };
    // What was read from notes is counted apart: the script counts what was recorded.
    let read = imported.dataset.table(tables::EVENT).unwrap().column(tables::EVENT_NOTE);
    for row in (0..c.codes.len()).filter(|row| read.is_none_or(|c| c.is_missing(*row))) {
        *out.entry(c.level(row).unwrap().to_owned()).or_default() += 1;
    }
    out
}

/// read, kept, rejected, not used; persons, events, notes; events by domain: as the script prints them.
#[track_caller]
fn check(imported: &Imported, rows: [u64; 4], made: [u64; 3], by_domain: &[(&str, u64)]) {
    let r = &imported.report;
    println!("{:?}", r.warnings);
    assert_eq!([r.rows_read, r.rows_kept, r.rows_rejected, r.rows_not_used], rows, "{:?}", r.rejected);
    assert_eq!([r.persons, r.events, r.notes], made);
    let want: BTreeMap<String, u64> = by_domain.iter().map(|(d, n)| ((*d).to_owned(), *n)).collect();
    assert_eq!(domains(imported), want);
}

#[test]
fn synthea_bulk_10() {
    let Some(imported) = set("synthea-bulk-10") else { return };
    let domains =
        [("condition", 555), ("death", 3), ("drug", 1906), ("observation", 11), ("procedure", 2056), ("visit", 1215)];
    // Rejected: the 16 Devices, which have no date of use.
    check(&imported, [7164, 6971, 16, 177], [13, 5746, 1215], &domains);
}

#[test]
fn pysynthea_20_out_of_its_zip() {
    let Some(imported) = set("pysynthea-20") else { return };
    let domains = [
        ("condition", 2521),
        ("death", 4),
        ("drug", 2394),
        ("measurement", 25_477),
        ("observation", 880),
        ("procedure", 5508),
        ("visit", 2590),
    ];
    // Rejected: the 115 Devices, which have neither type nor date.
    check(&imported, [47_565, 40_524, 115, 6926], [20, 39_374, 2590], &domains);
}

#[test]
fn carebundle_2000() {
    let Some(imported) = set("carebundle-2000") else { return };
    let domains = [("condition", 3356), ("drug", 2544), ("measurement", 82_000), ("observation", 395), ("visit", 2000)];
    check(&imported, [90_295, 88_295, 0, 2000], [2000, 90_295, 0], &domains);
}

#[test]
fn us_core_9_out_of_its_zip() {
    let Some(imported) = set("us-core-9") else { return };
    let domains = [
        ("condition", 6),
        ("death", 1),
        ("device", 1),
        ("drug", 6),
        ("measurement", 53),
        ("observation", 103),
        ("procedure", 2),
        ("visit", 1),
    ];
    // Rejected: 3 Devices that nothing dates, 2 allergies and 2 encounters without a date, 1 document without one.
    check(&imported, [236, 166, 8, 62], [4, 173, 0], &domains);
}

#[test]
fn hl7s_examples_right_and_wrong() {
    let Some(imported) = set("hl7-test-cases") else { return };
    let domains = [("condition", 14), ("drug", 18), ("measurement", 32), ("observation", 9), ("procedure", 2)];
    // 17 undated problems, allergies and drugs of an International Patient Summary have the day of the document.
    // The script counts 261, 80, 65, 116 and 11 persons: json-comments-1.json is one unreadable file to it; here the comment
    // in its first line is rejected, and the Patient behind it is read.
    // An Immunization without an id stands word for word in three files: once here, so two rejected ones fewer and two not used
    // more. The Patient of composition-example.json is not among the files.
    check(&imported, [262, 81, 63, 118], [12, 75, 0], &domains);
}

/// The order of the files, and how they are packed and cut, make no difference.
#[test]
fn the_order_of_files_makes_no_difference() {
    let Some(data) = data() else { return };
    let mut paths = Vec::new();
    files(&data.join("synthea-bulk-10"), &mut paths);
    let a = import(&paths, 1 << 16);
    paths.reverse();
    let b = import(&paths, 977);
    assert_eq!(a.header.id, b.header.id);
    assert_eq!(a.dataset, b.dataset);
}
