//! The real samples are read as their mapping files say: these hold what the guess makes of the columns, with words.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use crate::support;

use std::path::PathBuf;

use model::intake::{CsvDialect, CsvMapping};
use protocol::{ImportFormat, InspectCsv, sample_columns, samples};
use support::Host;

fn below_public(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../public").join(file)
}

fn guessed(name: &str, bytes: &[u8]) -> CsvMapping {
    let ask = InspectCsv { file_name: name.to_owned(), complete: true, dialect: CsvDialect::default() };
    let mut mapping = Host::new().ask_with(ask, vec![bytes.to_vec()]).unwrap().0.mapping;
    for column in &mut mapping.columns {
        let words = sample_columns().iter().find(|(name, _, _)| *name == column.name);
        let (_, label, unit) = words.unwrap_or_else(|| panic!("no words for the column {}", column.name));
        (*label).clone_into(&mut column.label);
        column.unit = unit.map(str::to_owned);
    }
    mapping
}

/// With `ROUNDS_WRITE_MAPPINGS` set the files are written anew (after a change of the samples or of the guess).
#[test]
fn mapping_files_are_what_the_guess_makes_of_the_samples() {
    let mut n_samples = 0;
    for info in samples() {
        let (Some(file), Some(how)) = (&info.file, info.mapping_file()) else { continue };
        let bytes = std::fs::read(below_public(file)).unwrap();
        let name = file.rsplit('/').next().unwrap();
        let now = guessed(name, &bytes);
        if std::env::var_os("ROUNDS_WRITE_MAPPINGS").is_some() {
            std::fs::write(below_public(&how), serde_json::to_string_pretty(&now).unwrap() + "\n").unwrap();
        }
        let mapping: CsvMapping = model::json::read(&std::fs::read_to_string(below_public(&how)).unwrap()).unwrap();
        assert_eq!(
            mapping, now,
            "{how}: write it anew with ROUNDS_WRITE_MAPPINGS=1 cargo test -p engine --test it samples"
        );
        let imported = Host::new().import(ImportFormat::Csv { mapping }, true, &[(name.to_owned(), bytes)]).unwrap().0;
        assert_eq!(imported.header.n_persons, info.persons, "{}", info.key);
        assert_eq!(imported.report.rows_rejected, 0);
        n_samples += 1;
    }
    assert_eq!(n_samples, 2);
}
