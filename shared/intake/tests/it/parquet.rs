//! OMOP tables as Parquet: every type, encoding and packing gives what the same rows as CSV give; damaged files give an error
//! that names file and column. The files are made by `make_parquet.py` with pyarrow.

#![cfg(feature = "parquet")]
#![expect(clippy::unwrap_used, reason = "a helper of a test may fail like the test")]

use std::path::PathBuf;

use intake::omop::OmopImport;
use intake::{DatePolicy, Imported, IntakeError, Settings, footer_bytes};
use proptest::prelude::*;

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/parquet"))
}

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).unwrap()
}

fn fixtures() -> Vec<String> {
    let all = std::fs::read_dir(folder()).unwrap().map(|f| f.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = all.filter(|n| n.ends_with(".parquet")).collect();
    names.sort();
    names
}

/// Reads persons and one more file, in pieces of `size`, its end first or not.
fn import(name: &str, file: &[u8], size: usize, end_first: bool) -> Result<Imported, IntakeError> {
    let mut import = OmopImport::new(Settings { dates: DatePolicy::Keep, ..Settings::new("test", [7; 32]) });
    import.begin_file("person.csv")?;
    import.push(&bytes("person.csv"))?;
    if end_first && let Some(n) = footer_bytes(file) {
        let from = file.len().saturating_sub(usize::try_from(n).unwrap());
        import.expect_tail(file[from..].to_vec());
    }
    import.begin_file(name)?;
    for piece in file.chunks(size) {
        import.push(piece)?;
    }
    import.end_file()?;
    import.finish()
}

#[test]
fn every_way_to_write_a_table_gives_the_same_dataset() {
    let want = import("measurement.csv", &bytes("measurement.csv"), 1 << 20, false).unwrap();
    assert_eq!((want.report.rows_read, want.report.rows_kept, want.report.events), (170, 170, 150));
    let all = fixtures();
    assert_eq!(all.len(), 11);
    for name in all {
        let file = bytes(&name);
        for (size, end_first) in [(1 << 20, true), (1 << 20, false), (1000, true), (1, true), (7, false)] {
            let got = import("measurement.parquet", &file, size, end_first).unwrap_or_else(|e| panic!("{name}: {e}"));
            assert_eq!(got.dataset, want.dataset, "{name}, {size}");
            assert_eq!(got.header.id, want.header.id, "{name}");
            assert_eq!((got.report.rows_read, got.report.rows_kept), (170, 170), "{name}");
            assert_eq!(got.report.values_rejected, want.report.values_rejected, "{name}");
        }
    }
}

#[test]
fn a_table_that_is_not_used_is_counted_by_its_description() {
    let file = bytes("snappy.parquet");
    for (name, table) in [("cost.parquet", "not used"), ("visit_occurrence.parquet", "visit_occurrence")] {
        let imported = import(name, &file, 100, true).unwrap();
        let count = imported.report.files.iter().find(|f| f.file == name).unwrap();
        assert_eq!((count.table.as_str(), count.rows_read, count.rows_not_used), (table, 150, 150));
    }
}

#[test]
fn rows_are_rejected_by_their_number() {
    let mut import = OmopImport::new(Settings::new("test", [7; 32]));
    import.begin_file("person.csv").unwrap();
    import.push(b"person_id,gender_concept_id\n15,8507\n").unwrap();
    import.begin_file("measurement.parquet").unwrap();
    import.push(&bytes("int96.parquet")).unwrap();
    let report = import.finish().unwrap().report;
    assert_eq!(report.rows_read, report.rows_kept + report.rows_rejected);
    let second = &report.rejected[0];
    assert_eq!((second.file.as_str(), second.line, second.field.as_str()), ("measurement.parquet", 2, "person_id"));
}

#[test]
fn what_cannot_be_read_is_named() {
    let file = bytes("snappy.parquet");
    let message = |bytes: &[u8]| import("measurement.parquet", bytes, 100, true).unwrap_err().to_string();
    // Cut in the middle; its end is not there.
    assert!(message(&file[..file.len() / 2]).contains("measurement.parquet: it does not end as a Parquet file does"));
    // The description of another file.
    let mut import_ = OmopImport::new(Settings::new("test", [7; 32]));
    import_.expect_tail(file.clone());
    import_.begin_file("measurement.parquet").unwrap();
    import_.push(&file[..file.len() / 3]).unwrap();
    assert!(import_.end_file().unwrap_err().to_string().contains("it seems to be cut"));
    // The first page of the second column is overwritten.
    let mut broken = file.clone();
    let at = broken.len() / 8;
    broken[at..at + 200].fill(0xff);
    let text = message(&broken);
    assert!(text.starts_with("measurement.parquet: the column '"), "{text}");
}

fn survives(name: &str, file: &[u8], end_first: bool) {
    match import(name, file, 4096, end_first) {
        Ok(imported) => {
            let r = imported.report;
            assert_eq!(r.rows_read, r.rows_kept + r.rows_rejected + r.rows_not_used);
        }
        Err(error) => assert!(error.to_string().starts_with(name), "{error}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn damaged_files_give_an_error_or_rows(which in 0usize..11, at in prop::collection::vec((0usize..12_000, any::<u8>()), 1..6), end_first: bool) {
        let mut file = bytes(&fixtures()[which]);
        for (at, byte) in at {
            let n = file.len();
            file[at % n] = byte;
        }
        file[..4].copy_from_slice(b"PAR1");
        survives("measurement.parquet", &file, end_first);
    }

    #[test]
    fn cut_files_give_an_error(which in 0usize..11, keep in 4usize..12_000) {
        let file = bytes(&fixtures()[which]);
        let cut = &file[..keep.min(file.len() - 1)];
        prop_assert!(import("measurement.parquet", cut, 4096, false).is_err());
    }

    #[test]
    fn a_cut_middle_gives_an_error_or_rows(which in 0usize..11, from in 4usize..12_000, n in 1usize..400) {
        let mut file = bytes(&fixtures()[which]);
        let from = from % (file.len() - 8);
        let to = (from + n).min(file.len() - 8);
        file.drain(from.max(4)..to.max(4));
        survives("measurement.parquet", &file, true);
    }

    #[test]
    fn garbage_gives_an_error(body in prop::collection::vec(any::<u8>(), 0..600), footer in prop::collection::vec(any::<u8>(), 0..300)) {
        let mut file = b"PAR1".to_vec();
        file.extend_from_slice(&body);
        file.extend_from_slice(&footer);
        file.extend_from_slice(&u32::try_from(footer.len()).unwrap().to_le_bytes());
        file.extend_from_slice(b"PAR1");
        survives("measurement.parquet", &file, true);
    }

    /// Tables under a wrong name: columns of wrong types.
    #[test]
    fn other_tables_under_the_name_are_no_panic(which in 0usize..11, name in prop::sample::select(vec!["person.parquet", "note.parquet", "concept.parquet", "death.parquet", "visit_detail.parquet"])) {
        let file = bytes(&fixtures()[which]);
        if let Err(error) = import(name, &file, 4096, true) {
            prop_assert!(!error.to_string().is_empty());
        }
    }
}
