//! How a file is written: what is guessed wrongly is corrected, and the columns are proposed anew from it.

#![expect(clippy::unwrap_used, reason = "a helper of a test may fail like the test")]

use columnar::Column;
use intake::csv::{CsvImport, inspect, inspect_as};
use intake::{Imported, IntakeError, Settings};
use model::dataset::ColumnRole;
use model::intake::{CsvDialect, CsvProposal, QuoteMark};

fn look(bytes: &[u8], said: &CsvDialect) -> CsvProposal {
    inspect_as("file.csv", bytes, true, said).unwrap()
}

fn import(proposal: CsvProposal, bytes: &[u8]) -> Imported {
    let mut import = CsvImport::new(proposal.mapping, Settings::new("test", [7; 32]), "file.csv").unwrap();
    bytes.chunks(5).for_each(|piece| import.push(piece).unwrap());
    import.finish().unwrap()
}

fn numbers(imported: &Imported, name: &str) -> Vec<Option<f64>> {
    match imported.dataset.table("variable").unwrap().column(name).unwrap() {
        Column::Number(a) => a.iter().collect(),
        other => panic!("{name} is no number: {other:?}"),
    }
}

fn levels(imported: &Imported, name: &str) -> Vec<Option<String>> {
    match imported.dataset.table("variable").unwrap().column(name).unwrap() {
        Column::Category(c) => (0..c.codes.len()).map(|r| c.level(r).map(str::to_owned)).collect(),
        other => panic!("{name} is no category: {other:?}"),
    }
}

#[test]
fn nothing_said_is_what_is_guessed() {
    let text = b"id;zeit;arm\n1;1,5;a\n2;2,5;b\n";
    assert_eq!(look(text, &CsvDialect::default()), inspect("file.csv", text, true).unwrap());
}

#[test]
fn a_delimiter_that_is_not_guessed_can_be_said() {
    let text = b"time status\n10 1\n20 0\n30 1\n";
    let guessed = look(text, &CsvDialect::default());
    assert_eq!(guessed.mapping.columns.len(), 1, "the wrong guess shows as one column");
    assert_eq!(guessed.preview[0], ["10 1"]);
    let p = look(text, &CsvDialect { delimiter: Some(' '), ..CsvDialect::default() });
    assert_eq!((p.mapping.delimiter, p.mapping.columns.len()), (' ', 2));
    assert_eq!(p.preview[0], ["10", "1"]);
    assert_eq!(numbers(&import(p, text), "time"), [Some(10.0), Some(20.0), Some(30.0)]);
}

#[test]
fn a_decimal_sign_that_is_guessed_wrongly_is_corrected_and_the_columns_follow() {
    // As many numbers with thousands points as with decimal commas: the point is guessed.
    let text = b"time;dose\n1,5;1.000\n2,5;2.000\n3,5;3.000\n";
    let guessed = look(text, &CsvDialect::default());
    assert_eq!(guessed.mapping.decimal, '.');
    assert_ne!(guessed.mapping.columns[0].role, ColumnRole::Duration);
    let p = look(text, &CsvDialect { decimal: Some(','), ..CsvDialect::default() });
    assert_eq!(p.mapping.decimal, ',');
    assert_eq!(p.mapping.columns[0].role, ColumnRole::Duration);
    assert_eq!(numbers(&import(p, text), "time"), [Some(1.5), Some(2.5), Some(3.5)]);
}

#[test]
fn a_comma_cannot_be_two_things() {
    let text = b"a,b\n1,5\n";
    let comma = |delimiter| CsvDialect { delimiter, decimal: Some(','), ..CsvDialect::default() };
    for said in [comma(Some(',')), comma(None)] {
        let error = inspect_as("f.csv", text, true, &said).unwrap_err();
        assert!(error.to_string().contains("at once"), "{error}");
    }
    // Where the comma is said to be the decimal sign, it is not taken for the delimiter of a file that has another one.
    let p = look(b"a;b\n1,5;2,5\n", &comma(None));
    assert_eq!((p.mapping.delimiter, p.mapping.columns.len()), (';', 2));
}

#[test]
fn quotation_marks_are_guessed_and_can_be_corrected() {
    let text = b"'id','arm'\n'1','a,b'\n'2','c'\n'3','c'\n";
    let p = look(text, &CsvDialect::default());
    assert_eq!((p.mapping.quote, p.mapping.columns.len()), (QuoteMark::Single, 2));
    assert_eq!(levels(&import(p, text), "arm"), ["a,b", "c", "c"].map(|l| Some(l.to_owned())));

    // Inches: a mark that opens nothing. As a quotation mark it swallows the rest of the file.
    let text = b"x,size\n1,\"5\n2,\"7\n3,\"5\n";
    let none = CsvDialect { quote: Some(QuoteMark::None), ..CsvDialect::default() };
    assert_eq!(look(text, &CsvDialect::default()).preview[0], ["1", "5\n2,7"], "the wrong guess shows");
    let p = look(text, &none);
    assert_eq!(p.preview, [["1", "\"5"], ["2", "\"7"], ["3", "\"5"]]);
    assert_eq!(levels(&import(p, text), "size"), ["\"5", "\"7", "\"5"].map(|l| Some(l.to_owned())));
}

#[test]
fn an_encoding_is_corrected_and_lost_letters_are_said() {
    let text = b"g,x\nm\xe4nn,1\nfrau,2\n";
    let utf8 = CsvDialect { encoding: Some("utf-8".to_owned()), ..CsvDialect::default() };
    let p = look(text, &utf8);
    assert_eq!(p.preview[0][0], "m\u{fffd}nn");
    assert!(p.warnings.iter().any(|w| w.contains("choose another encoding")), "{:?}", p.warnings);
    let windows = CsvDialect { encoding: Some("windows-1252".to_owned()), ..CsvDialect::default() };
    let p = look(text, &windows);
    assert_eq!(p.preview[0][0], "männ");
    assert!(p.warnings.is_empty(), "{:?}", p.warnings);
    assert_eq!(levels(&import(p, text), "g")[0].as_deref(), Some("männ"));

    // Right UTF-8 that was written by mistake from windows-1252 reads as two letters, in preview and import alike.
    let text = "g,x\nmänn,1\nfrau,2\n".as_bytes();
    let p = look(text, &windows);
    assert_eq!(p.preview[0][0], "mÃ¤nn");
    assert_eq!(levels(&import(p, text), "g")[0].as_deref(), Some("mÃ¤nn"));
}

#[test]
fn a_letter_cut_by_the_end_of_the_first_part_is_not_lost() {
    let text = "g,x\nab,1\ncd,2\nmä".as_bytes();
    let head = &text[..text.len() - 1];
    let p = inspect("f.csv", head, false).unwrap();
    assert_eq!((p.mapping.encoding.as_str(), p.warnings.len()), ("utf-8", 0));
}

#[test]
fn what_cannot_be_said_is_refused_in_words() {
    let refuse = |said: CsvDialect| inspect_as("f.csv", b"a,b\n1,2\n", true, &said).unwrap_err();
    for (said, words) in [
        (CsvDialect { delimiter: Some('ä'), ..CsvDialect::default() }, "the delimiter is"),
        (CsvDialect { delimiter: Some('a'), ..CsvDialect::default() }, "the delimiter is"),
        (CsvDialect { encoding: Some("latin-9".to_owned()), ..CsvDialect::default() }, "the encoding is one of"),
        (CsvDialect { decimal: Some('x'), ..CsvDialect::default() }, "the decimal sign is"),
    ] {
        let error = refuse(said);
        assert!(error.to_string().contains(words), "{error}");
    }
    let wrong = refuse(CsvDialect { delimiter: Some(';'), ..CsvDialect::default() });
    assert!(matches!(&wrong, IntakeError::Delimiter { instead, .. } if instead == "the comma"), "{wrong}");
}

#[test]
fn dates_of_either_order_are_marked_and_clear_ones_are_not() {
    let text = b"unsure,iso\n01/02/2020,2020-01-02\n03/04/2020,2020-01-03\n";
    let p = look(text, &CsvDialect::default());
    let unsure: Vec<bool> = p.evidence.iter().map(|e| e.date_order_unsure).collect();
    assert_eq!(unsure, [true, false]);
    // Where another column says it, there is nothing to ask.
    let text = b"unsure,clear,iso\n01/02/2020,13/02/2020,2020-01-02\n03/04/2020,14/02/2020,2020-01-03\n";
    let p = look(text, &CsvDialect::default());
    assert!(p.evidence.iter().all(|e| !e.date_order_unsure) && p.warnings.is_empty(), "{:?}", p.warnings);
    assert_eq!(p.mapping.columns[0].date_format, Some(model::intake::DateFormat::DayMonthYear));
    // Where others say both, it is asked.
    let text = b"unsure,one,other\n01/02/2020,13/02/2020,02/13/2020\n03/04/2020,14/02/2020,02/14/2020\n";
    assert!(look(text, &CsvDialect::default()).evidence[0].date_order_unsure);
    assert!(p.mapping.columns.iter().all(|c| c.role == ColumnRole::Date && c.date_format.is_some()));
}
