//! Excel workbooks: dates of both epochs, merged cells, formulas, errors, titles, and what is made to do harm.

#![allow(clippy::unwrap_used, reason = "a helper of a test may fail like the test")]

use crate::support::tables as support;
use crate::support::workbook;

use columnar::{Column, day};
use intake::Imported;
use model::import_mapping::{ImportMapping, TableShape};
use support::{adds_up, events, import, import_as, look, numbers, settings, try_look, variables};
use workbook::{rows, xlsx, zip};

fn days(imported: &Imported, name: &str) -> Vec<Option<i32>> {
    let Column::Day(a) = imported.dataset.table("variable").unwrap().column(name).unwrap() else { panic!() };
    a.iter().collect()
}

/// Persons under a title, laboratory values on a second sheet: merged ids, a formula, an error.
fn ward(date1904: bool) -> Vec<u8> {
    let people = rows(&[
        &["i:Ward 3, exported by the registry"],
        &["i:pid", "i:sex", "i:enrolled", "i:age"],
        &["101", "s:0", "d:45322", "74"],
        &["102", "s:1", "d:45323", "f:61"],
        &["103", "s:1", "", "e:#DIV/0!"],
    ]);
    let labs = rows(&[
        &["i:pid", "i:date", "i:test", "i:value"],
        &["101", "t:45322.5", "i:CRP &amp; co", "1.5"],
        &["", "t:45323", "i:CRP &amp; co", "f:2.25"],
        &["102", "t:45330", "i:CRP &amp; co", "e:#N/A"],
        &["103", "i:2024-02-09", "i:CRP &amp; co", "4", "i:see chart"],
    ]) + "<mergeCells count=\"1\"><mergeCell ref=\"A2:A3\"/></mergeCells><conditionalFormatting sqref=\"A1:A9\"/>";
    xlsx(&[("People", &people), ("Labs", &labs), ("Empty", "<sheetData/>")], &["f", "m"], date1904)
}

#[test]
fn sheets_are_tables_that_are_joined() {
    let files = [("ward.xlsx", ward(false))];
    let files: Vec<(&str, &[u8])> = files.iter().map(|(n, b)| (*n, b.as_slice())).collect();
    let found = look(&files);
    let names: Vec<Option<&str>> = found.tables.iter().map(|t| t.sheet.as_deref()).collect();
    assert_eq!(names, [Some("People"), Some("Labs")]);
    assert!(found.not_used.iter().any(|f| f.file.contains("Empty")), "{:?}", found.not_used);
    assert!(matches!(found.tables[1].shape, TableShape::Long(_)), "{:?}", found.tables[1]);
    let imported = import(&files, settings());
    let r = &imported.report;
    adds_up(r);
    assert_eq!((r.persons, r.events, r.rows_read, r.rows_kept, r.rows_not_used), (3, 3, 7, 6, 1), "{r:?}");
    assert_eq!(days(&imported, "enrolled")[..2], [day::from_ymd(2024, 1, 31), day::from_ymd(2024, 2, 1)]);
    assert_eq!(numbers(&imported, "variable", "age"), [Some(74.0), Some(61.0), None]);
    let told: Vec<(&str, u64, &str)> = r.rejected.iter().map(|x| (x.file.as_str(), x.line, x.field.as_str())).collect();
    assert!(told.contains(&("ward.xlsx, sheet 'People'", 5, "age")), "{told:?}");
    assert!(told.contains(&("ward.xlsx, sheet 'Labs'", 4, "value")), "{told:?}");
    assert!(r.rejected.iter().any(|x| x.line == 5 && x.reason.contains("column 5")), "{:?}", r.rejected);
    assert_eq!(r.values_rejected, 3);
    let got = events(&imported);
    let crp: Vec<(u32, Option<f64>)> = got.iter().map(|e| (e.person, e.value)).collect();
    assert_eq!(crp, [(0, Some(1.5)), (0, Some(2.25)), (2, Some(4.0))], "the merged cell names the person of both rows");
    assert_eq!(got[0].start, day::from_ymd(2024, 1, 31).unwrap());
    for words in ["merged over several rows", "taken for a title", "'Empty'"] {
        assert!(r.warnings.iter().any(|w| w.contains(words)), "{words}: {:?}", r.warnings);
    }
}

#[test]
fn days_count_from_1904_where_the_workbook_says_so() {
    let bytes = ward(true);
    let imported = import(&[("ward.xlsx", &bytes)], settings());
    assert_eq!(days(&imported, "enrolled")[0], day::from_ymd(2028, 2, 1));
}

#[test]
fn one_sheet_can_be_chosen_and_the_others_are_left() {
    let bytes = ward(false);
    let files = [("ward.xlsx", bytes.as_slice())];
    let mut plan = ImportMapping::from(&look(&files));
    plan.tables[1].shape = TableShape::NotUsed;
    let imported = import_as(plan, &files, settings()).unwrap();
    adds_up(&imported.report);
    assert_eq!((imported.report.rows_kept, imported.report.rows_not_used), (3, 4));
    assert_eq!(variables(&imported), ["sex", "enrolled", "age"]);
}

#[test]
fn a_workbook_within_a_zip_is_read_too() {
    let inner = ward(false);
    let outer = zip(&[("export/ward.xlsx", inner.as_slice())]);
    let found = look(&[("all.zip", &outer)]);
    assert_eq!(found.tables.len(), 2, "{:?}", found.not_used);
    assert_eq!(found.tables[0].file, "all.zip/export/ward.xlsx");
}

#[test]
fn harm_is_refused() {
    // 200 MB of blanks in 200 KB.
    let sheet = format!(
        "<sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>{}</t></is></c></row></sheetData>",
        " ".repeat(200 << 20)
    );
    let bomb = xlsx(&[("S", &sheet)], &[], false);
    assert!(bomb.len() < 1 << 20, "{}", bomb.len());
    let told = try_look(&[("bomb.xlsx", &bomb)]).unwrap_err().to_string();
    assert!(told.contains("300 times its size"), "{told}");
    // A cell at the far corner makes no table of seventeen thousand million cells.
    let far = "<sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>id</t></is></c></row>\
               <row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row><row r=\"99999999999\"><c r=\"ZZZZZZ9\"><v>1</v></c></row></sheetData>";
    let bytes = xlsx(&[("S", far)], &[], false);
    let found = look(&[("far.xlsx", &bytes)]);
    assert_eq!(found.tables[0].proposal.mapping.columns.len(), 1);
    // No entity is expanded.
    let lol = rows(&[&["i:id", "i:x"], &["1", "i:&lol;&lol;"]]);
    let bytes = xlsx(&[("S", &lol)], &[], false);
    assert_eq!(look(&[("lol.xlsx", &bytes)]).tables[0].proposal.preview[0][1], "\u{fffd}\u{fffd}");
    for bytes in [
        b"PK\x03\x04 no zip at all".to_vec(),
        zip(&[("[Content_Types].xml", b"<Types/>")]),
        bomb[..bomb.len() / 2].to_vec(),
    ] {
        let told = try_look(&[("broken.xlsx", &bytes)]).unwrap_err().to_string();
        assert!(told.contains("broken.xlsx"), "{told}");
    }
}

#[test]
fn an_archive_without_a_file_is_called_an_archive() {
    let words = try_look(&[("bad.csv", b"PK\x03\x04 and so on, not a table at all")]).unwrap_err().to_string();
    assert!(words.starts_with("bad.csv is a zip archive"), "{words}");
}

#[test]
fn cells_without_references_stand_in_order_also_behind_empty_ones() {
    let row = |cells: &[&str]| {
        let cell = |c: &&str| match *c {
            "" => "<c/>".to_owned(),
            number if number.parse::<f64>().is_ok() => format!("<c t=\"n\"><v>{number}</v></c>"),
            words => format!("<c t=\"inlineStr\"><is><t>{words}</t></is></c>"),
        };
        format!("<row>{}</row>", cells.iter().map(cell).collect::<String>())
    };
    let sheet = [
        row(&["pid", "bmi", "crp", "hb"]),
        row(&["1", "", "3", "9"]),
        row(&["2", "22.5", "", ""]),
        row(&["3", "", "", "7.5"]),
    ];
    let book = xlsx(&[("People", &format!("<sheetData>{}</sheetData>", sheet.concat()))], &[], false);
    let imported = import(&[("people.xlsx", &book)], settings());
    adds_up(&imported.report);
    assert_eq!(numbers(&imported, "variable", "bmi"), [None, Some(22.5), None]);
    assert_eq!(numbers(&imported, "variable", "crp"), [Some(3.0), None, None]);
    assert_eq!(numbers(&imported, "variable", "hb"), [Some(9.0), None, Some(7.5)]);
}
