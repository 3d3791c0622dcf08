//! A file read otherwise than guessed, over the wire: looked at again, then imported as said.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use crate::support;

use model::dataset::ColumnRole;
use model::intake::{CsvDialect, CsvProposal, QuoteMark};
use protocol::{EngineError, ImportFormat, InspectCsv};
use support::{Host, words};

const FILE: &[u8] = b"'time';'dose';'place'\n1,5;1.000;'K\xf6ln; Altstadt'\n2,5;2.000;'Bonn'\n3,5;3.000;'Bonn'\n";

fn look(host: &mut Host, dialect: CsvDialect) -> Result<CsvProposal, EngineError> {
    let ask = InspectCsv { file_name: "file.csv".into(), complete: true, dialect };
    Ok(host.ask_with(ask, vec![FILE.to_vec()])?.0)
}

#[test]
fn what_is_said_wins_over_what_is_guessed_and_the_import_follows() {
    let mut host = Host::new();
    let guessed = look(&mut host, CsvDialect::default()).unwrap();
    assert_eq!((guessed.mapping.quote, guessed.mapping.decimal), (QuoteMark::Single, '.'));
    assert_eq!(guessed.mapping.columns[0].role, ColumnRole::Category, "'1,5' is no number with a decimal point");

    let none = CsvDialect { quote: Some(QuoteMark::None), ..CsvDialect::default() };
    let without = look(&mut host, none).unwrap();
    assert_eq!(without.preview[0].len(), 4, "without quotation marks the row falls apart: {:?}", without.preview[0]);

    let said = CsvDialect { decimal: Some(','), encoding: Some("windows-1252".into()), ..CsvDialect::default() };
    let proposal = look(&mut host, said).unwrap();
    assert_eq!(proposal.mapping.columns[0].role, ColumnRole::Duration);
    assert_eq!(proposal.preview[0], ["1,5", "1.000", "Köln; Altstadt"]);
    let format = ImportFormat::Csv { mapping: proposal.mapping };
    let (imported, _) = host.import(format, true, &[("file.csv".into(), FILE.to_vec())]).unwrap();
    assert_eq!((imported.report.rows_kept, imported.report.values_rejected), (3, 0));
}

#[test]
fn what_cannot_be_is_refused_with_what_to_do() {
    let both = CsvDialect { delimiter: Some(','), decimal: Some(','), ..CsvDialect::default() };
    let said = words(look(&mut Host::new(), both));
    assert!(said.contains("choose another delimiter"), "{said}");
    let wide = CsvDialect { delimiter: Some('§'), ..CsvDialect::default() };
    assert!(words(look(&mut Host::new(), wide)).contains("the delimiter is"));
}
