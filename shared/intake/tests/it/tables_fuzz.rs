//! No bytes make an import of tables, workbooks or notes panic, lose count of a row, or depend on how files were cut.

#![allow(clippy::unwrap_used, reason = "a helper of a test may fail like the test")]

use crate::support::tables as support;
use crate::support::workbook;

use model::import_mapping::{ImportMapping, LongShape, NoteShape, TableShape, VisitShape};
use proptest::prelude::*;
use support::{adds_up, import_cut, settings, try_look};

const PEOPLE: &[u8] = b"pid,sex\n1,f\n2,m\n3,f\n";

/// Looks at files and imports them whole and in pieces, in every shape that the first columns allow.
fn check(files: &[(&str, &[u8])], sizes: &[usize]) {
    let Ok(found) = try_look(files) else { return };
    let proposed = ImportMapping::from(&found);
    for shape in 0..5 {
        let mut plan = proposed.clone();
        for table in plan.tables.iter_mut().filter(|t| t.file != "people.csv") {
            reshape(table, shape);
        }
        // Files that cannot be used are not given either.
        let given: Vec<(&str, &[u8])> =
            files.iter().copied().filter(|(n, _)| !found.not_used.iter().any(|f| f.file == *n)).collect();
        let whole = import_cut(plan.clone(), &given, settings(), &[usize::MAX]);
        let pieces = import_cut(plan, &given, settings(), sizes);
        match (whole, pieces) {
            (Ok(a), Ok(b)) => {
                adds_up(&a.report);
                assert_eq!(a.header, b.header);
                assert_eq!(a.report, b.report);
                let chunk = |key: &str| a.chunks.iter().find(|c| c.key == key).map(|c| c.bytes.clone());
                assert_eq!(intake::unpack(&a.header, chunk).unwrap(), b.dataset);
            }
            (Err(a), Err(b)) => assert_eq!(a, b),
            (a, b) => panic!("whole {:?}, in pieces {:?}", a.map(|i| i.report), b.map(|i| i.report)),
        }
    }
}

fn reshape(table: &mut model::import_mapping::TablePlan, shape: usize) {
    let names: Vec<String> = table.mapping.columns.iter().map(|c| c.name.clone()).collect();
    let name = |i: usize| names.get(i % names.len().max(1)).cloned().unwrap_or_default();
    table.shape = match shape {
        0 => return,
        1 => TableShape::Visits(VisitShape {
            date: name(1),
            more_dates: vec![name(3)],
            of_person: vec![name(5)],
            end: Some(name(4)),
            encounter: Some(name(2)),
        }),
        2 => TableShape::Long(LongShape {
            date: name(1),
            end: Some(name(4)),
            variable: name(2),
            code: None,
            system: None,
            system_column: Some(name(5)),
            value: Some(name(3)),
            unit: Some(name(4)),
            words: Some(name(5)),
            operator: Some(name(5)),
            withdrawn: Some(name(4)),
            encounter: Some(name(2)),
            domain: model::concept::Domain::Measurement,
        }),
        3 => TableShape::Notes(NoteShape { date: name(1), text: name(2), title: Some(name(3)) }),
        _ => TableShape::NotUsed,
    };
    for (i, column) in table.mapping.columns.iter_mut().enumerate() {
        use model::dataset::ColumnRole;
        if i == 0 {
            column.role = ColumnRole::Identifier;
        } else if column.role == ColumnRole::Identifier {
            column.role = ColumnRole::Category;
        }
        if i == 1 {
            column.date_format = Some(model::intake::DateFormat::YearMonthDay);
        }
    }
}

fn pieces() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(1usize..40, 1..5)
}

/// Text that often looks like a table.
fn table() -> impl Strategy<Value = Vec<u8>> {
    let cell = prop_oneof![
        Just("1".to_owned()),
        Just("2".to_owned()),
        Just("9".to_owned()),
        Just("2024-01-31".to_owned()),
        Just("2024-02-30".to_owned()),
        Just("NA".to_owned()),
        Just("\"a, b\"".to_owned()),
        Just("\"open".to_owned()),
        "[a-z<0-9.é\u{0} ]{0,6}",
    ];
    let row = prop::collection::vec(cell, 1..7).prop_map(|cells| cells.join(","));
    prop::collection::vec(row, 0..14)
        .prop_map(|rows| format!("pid,date,test,value,unit\n{}\n", rows.join("\n")).into_bytes())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn tables_of_any_rows(bytes in table(), sizes in pieces()) {
        check(&[("people.csv", PEOPLE), ("t.csv", &bytes)], &sizes);
        check(&[("t.csv", &bytes)], &sizes);
    }

    #[test]
    fn any_bytes_under_any_name(bytes in prop::collection::vec(any::<u8>(), 0..300), sizes in pieces()) {
        for name in ["a.csv", "a.txt", "a.jsonl", "a.xlsx"] {
            check(&[(name, &bytes)], &sizes);
            check(&[("people.csv", PEOPLE), (name, &bytes)], &sizes);
        }
    }

    #[test]
    fn json_lines_of_any_kind(lines in prop::collection::vec("(\\{\"pid\": ?[0-9]{1,2}, \"date\": \"2024-01-[0-3][0-9]\", \"text\": \"[a-z \\\\\\\\n]{0,50}\"\\}|[{}\\[\\]\",:a0]{0,12})", 0..12), sizes in pieces()) {
        let text = lines.join("\n");
        check(&[("a.jsonl", text.as_bytes())], &sizes);
        check(&[("people.csv", PEOPLE), ("a.jsonl", text.as_bytes())], &sizes);
    }

    #[test]
    fn texts_with_any_first_lines(text in "((Patient|MRN|Date|Note date)[:= ]{1,2}[0-9A-Z/. -]{0,12}\n){0,4}[a-zé ]{0,40}", name in "[A-Za-z0-9_. -]{0,24}") {
        check(&[(&format!("{name}.txt"), text.as_bytes())], &[3]);
    }

    #[test]
    fn workbooks_with_any_bytes_changed(at in any::<prop::sample::Index>(), byte in any::<u8>(), cells in prop::collection::vec("(i|s|d|t|e|f):[0-9a-z#/<>&;.-]{0,9}|[0-9.eE-]{0,8}", 0..12)) {
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        let mut all: Vec<&[&str]> = vec![&["i:pid", "i:date", "i:test", "i:value"]];
        all.extend(cells.chunks(4));
        let xml = workbook::rows(&all) + "<mergeCells><mergeCell ref=\"A2:B4\"/></mergeCells>";
        let mut bytes = workbook::xlsx(&[("S", &xml)], &["a"], false);
        check(&[("a.xlsx", &bytes)], &[7]);
        let at = at.index(bytes.len());
        bytes[at] = byte;
        check(&[("people.csv", PEOPLE), ("a.xlsx", &bytes)], &[7]);
    }
}

#[test]
fn the_corpus() {
    let tests = concat!(env!("CARGO_MANIFEST_DIR"), "/tests");
    let mut n = 0;
    for folder in ["corpus", "corpus_tables"] {
        for file in std::fs::read_dir(format!("{tests}/{folder}")).unwrap() {
            let path = file.unwrap().path();
            let bytes = std::fs::read(&path).unwrap();
            let name = path.file_name().unwrap().to_str().unwrap();
            println!("{name}");
            for sizes in [[1, 1], [2, 3], [7, 64]] {
                check(&[(name, &bytes)], &sizes);
                check(&[("people.csv", PEOPLE), (name, &bytes)], &sizes);
            }
            n += 1;
        }
    }
    assert!(n > 45, "{n}");
}
