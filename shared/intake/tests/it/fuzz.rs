//! No bytes make an import panic, lose count of a row, or depend on how the file was cut.

#![expect(clippy::unwrap_used, reason = "a helper of a test may fail like the test")]

use intake::csv::{CsvImport, inspect};
use intake::omop::OmopImport;
use intake::{Imported, IntakeError, Settings};
use model::intake::{CsvMapping, IntakeReport};
use proptest::prelude::*;

fn settings() -> Settings {
    Settings::new("fuzz", [3; 32])
}

fn import(mapping: &CsvMapping, pieces: &[&[u8]]) -> Result<Imported, IntakeError> {
    let mut import = CsvImport::new(mapping.clone(), settings(), "f.csv")?;
    for piece in pieces {
        import.push(piece)?;
    }
    import.finish()
}

/// Cuts bytes into pieces of the sizes given, over and over.
fn cut<'a>(bytes: &'a [u8], sizes: &[usize]) -> Vec<&'a [u8]> {
    let (mut rest, mut pieces, mut sizes) = (bytes, Vec::new(), sizes.iter().cycle());
    while !rest.is_empty() {
        let (piece, behind) = rest.split_at((*sizes.next().unwrap_or(&1)).clamp(1, rest.len()));
        pieces.push(piece);
        rest = behind;
    }
    pieces
}

fn adds_up(r: &IntakeReport) {
    assert_eq!(r.rows_read, r.rows_kept + r.rows_rejected + r.rows_not_used);
    let files = r.files.iter().fold((0, 0, 0, 0), |s, f| {
        (s.0 + f.rows_read, s.1 + f.rows_kept, s.2 + f.rows_rejected, s.3 + f.rows_not_used)
    });
    assert_eq!(files, (r.rows_read, r.rows_kept, r.rows_rejected, r.rows_not_used));
    assert!(r.rejected.len() as u64 <= r.rows_rejected + r.values_rejected && r.rejected.len() <= 1000);
    if r.rows_rejected + r.values_rejected <= 1000 {
        assert_eq!(r.rejected.len() as u64, r.rows_rejected + r.values_rejected);
    }
}

/// Looks at bytes, imports them whole and in pieces; the results are one.
fn check(bytes: &[u8], sizes: &[usize]) {
    let Ok(proposal) = inspect("f.csv", bytes, true) else { return };
    let whole = import(&proposal.mapping, &[bytes]);
    let pieces = import(&proposal.mapping, &cut(bytes, sizes));
    match (whole, pieces) {
        (Ok(a), Ok(b)) => {
            adds_up(&a.report);
            assert_eq!(a.header, b.header);
            assert_eq!(a.report, b.report);
            let chunk = |key: &str| a.chunks.iter().find(|c| c.key == key).map(|c| c.bytes.clone());
            assert_eq!(intake::unpack(&a.header, chunk).unwrap(), b.dataset);
            assert_eq!(a.report.rows_kept, a.header.n_persons);
        }
        (Err(a), Err(b)) => assert_eq!(a, b),
        (a, b) => panic!("whole {:?}, in pieces {:?}", a.map(|i| i.report), b.map(|i| i.report)),
    }
}

#[test]
fn the_corpus_of_nasty_files() {
    let dir = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus");
    let mut n = 0;
    for file in std::fs::read_dir(dir).unwrap() {
        let path = file.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        println!("{}", path.display());
        for sizes in [[1, 1], [2, 3], [7, 64]] {
            check(&bytes, &sizes);
        }
        let name = path.file_name().unwrap().to_str().unwrap();
        let refused = inspect(name, &bytes, true).err().map(|e| e.to_string());
        let must_refuse = [
            "empty.csv",
            "blank_lines",
            "only_bom",
            "header_only",
            "same_names",
            "excel",
            "json",
            "html",
            "parquet",
            "gzip",
            "elf",
            "control",
        ];
        assert_eq!(refused.is_some(), must_refuse.iter().any(|m| name.starts_with(m)), "{name}: {refused:?}");
        n += 1;
    }
    assert!(n >= 40);
}

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => (-50i32..500).prop_map(|n| n.to_string()),
        2 => any::<f64>().prop_map(|v| v.to_string()),
        1 => "[a-zA-Z ,;\"\n\t.]{0,8}",
        1 => (1900i32..2030, 0u32..14, 0u32..33).prop_map(|(y, m, d)| format!("{y}-{m:02}-{d:02}")),
        1 => prop::sample::select(vec!["", "NA", "0", "1", "2", "yes", "no", "dead", "alive", "a@b.org", "\u{feff}", "é", "1,5"]).prop_map(str::to_owned),
    ]
}

/// A file as a careful program writes it.
fn file() -> impl Strategy<Value = String> {
    let names =
        prop::sample::subsequence(vec!["id", "time", "status", "age", "x", "when", "name", "zip", "note", "dob"], 2..8);
    names.prop_flat_map(|names| {
        let n = names.len();
        prop::collection::vec(prop::collection::vec(cell(), n), 1..25).prop_map(move |rows| {
            let mut writer = ::csv::Writer::from_writer(Vec::new());
            writer.write_record(&names).unwrap();
            rows.iter().for_each(|r| writer.write_record(r).unwrap());
            String::from_utf8(writer.into_inner().unwrap()).unwrap()
        })
    })
}

const PERSON: &str = "person_id,gender_concept_id,year_of_birth\n1,8507,1950\n2,8532,1960\n3,0,1970\n";
const CONDITION: &str = "person_id,condition_concept_id,condition_start_date,condition_end_date,condition_source_value\n1,10,2020-01-01,,a\n2,0,2020-02-01,2020-02-03,b\n9,10,2020-01-01,,c\n";

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..300), sizes in prop::collection::vec(1usize..40, 1..4)) {
        check(&bytes, &sizes);
    }

    #[test]
    fn any_delimited_text(text in "[ab1.,;\t|\"\r\n -]{0,120}", sizes in prop::collection::vec(1usize..20, 1..4)) {
        check(text.as_bytes(), &sizes);
    }

    #[test]
    fn good_files_keep_or_explain_every_row(text in file(), sizes in prop::collection::vec(1usize..50, 1..4)) {
        check(text.as_bytes(), &sizes);
    }

    #[test]
    fn changed_files(text in file(), at in any::<prop::sample::Index>(), byte in any::<u8>(), end in any::<prop::sample::Index>()) {
        let mut bytes = text.into_bytes();
        let i = at.index(bytes.len());
        bytes[i] = byte;
        check(&bytes, &[13]);
        bytes.truncate(end.index(bytes.len()));
        check(&bytes, &[5]);
    }

    #[test]
    fn a_plan_for_one_file_meets_another(text in file(), other in prop::collection::vec(any::<u8>(), 0..200)) {
        let mapping = inspect("f.csv", text.as_bytes(), true).map(|p| p.mapping);
        if let Ok(mapping) = mapping {
            let header = text.lines().next().unwrap_or_default();
            let mixed = [header.as_bytes(), b"\n", &other].concat();
            if let Ok(imported) = import(&mapping, &[&mixed]) {
                adds_up(&imported.report);
            }
        }
    }

    #[test]
    fn changed_omop_folders(at in any::<prop::sample::Index>(), byte in any::<u8>(), which in any::<bool>(), size in 1usize..40) {
        let mut files = [("person.csv", PERSON.as_bytes().to_vec()), ("condition.csv", CONDITION.as_bytes().to_vec())];
        let bytes = &mut files[usize::from(which)].1;
        let i = at.index(bytes.len());
        bytes[i] = byte;
        let run = |size: usize| {
            let mut import = OmopImport::new(settings());
            for (name, bytes) in &files {
                import.begin_file(name)?;
                for piece in bytes.chunks(size) {
                    import.push(piece)?;
                }
            }
            import.finish()
        };
        match (run(1 << 16), run(size)) {
            (Ok(a), Ok(b)) => {
                adds_up(&a.report);
                prop_assert_eq!(a.report, b.report);
                prop_assert_eq!(a.header, b.header);
            }
            (Err(a), Err(b)) => prop_assert_eq!(a, b),
            (a, b) => prop_assert!(false, "{:?} {:?}", a.map(|x| x.report), b.map(|x| x.report)),
        }
    }

    #[test]
    fn any_bytes_as_omop_tables(bytes in prop::collection::vec(any::<u8>(), 0..200), size in 1usize..50) {
        let mut import = OmopImport::new(settings());
        for name in ["person.csv", "death.csv", "note.csv", "concept.csv", "concept_ancestor.csv", "other.csv"] {
            if import.begin_file(name).is_err() {
                return Ok(());
            }
            for piece in bytes.chunks(size) {
                if import.push(piece).is_err() {
                    return Ok(());
                }
            }
        }
        if let Ok(imported) = import.finish() {
            adds_up(&imported.report);
        }
    }
}
