#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use super::*;
use crate::import_mapping::{TextNotes, VisitShape};
use crate::intake::{ColumnEvidence, ColumnPlan, CsvProposal};

fn mapping(columns: &[(&str, ColumnRole)]) -> CsvMapping {
    CsvMapping::of(columns.iter().map(|(name, role)| ColumnPlan::new(*name, *role)).collect())
}

fn found(file: &str, mapping: CsvMapping) -> TableProposal {
    let proposal = CsvProposal::of(mapping, &ColumnEvidence::default());
    TableProposal {
        file: file.to_owned(),
        sheet: None,
        is_delimited: true,
        shape: TableShape::Persons,
        why: String::new(),
        proposal,
    }
}

fn saved() -> ImportMapping {
    let visits = TableShape::Visits(VisitShape { date: "day".to_owned(), ..VisitShape::default() });
    let plan =
        |file: &str, shape, columns| TablePlan { file: file.to_owned(), sheet: None, shape, mapping: mapping(columns) };
    ImportMapping::new(
        vec![
            plan("people.csv", TableShape::Persons, &[("id", ColumnRole::Identifier), ("age", ColumnRole::Number)]),
            plan(
                "labs.csv",
                visits,
                &[("id", ColumnRole::Identifier), ("day", ColumnRole::Date), ("hb", ColumnRole::Number)],
            ),
        ],
        TextNotes::default(),
    )
}

#[test]
fn tables_are_found_by_their_columns_in_any_order_and_what_is_new_is_left_out() {
    use ColumnRole::{Category, Date, Drop, Identifier, Number};
    let next = TablesProposal {
        tables: vec![
            found("2025/l.csv", mapping(&[("hb", Category), ("day", Date), ("ward", Category), ("id", Number)])),
            found("2025/p.csv", mapping(&[("age", Category), ("id", Category)])),
            found("2025/else.csv", mapping(&[("x", Number)])),
        ],
        ..TablesProposal::default()
    };
    let (applied, words) = saved().apply(&next).unwrap();
    let roles: Vec<Vec<ColumnRole>> =
        applied.tables.iter().map(|t| t.mapping.columns.iter().map(|c| c.role).collect()).collect();
    assert_eq!(roles, [vec![Number, Date, Drop, Identifier], vec![Number, Identifier], vec![Number]]);
    assert_eq!(applied.tables[2].shape, TableShape::NotUsed);
    assert!(words.iter().any(|w| w.contains("2025/l.csv") && w.ends_with("left out: ward.")), "{words:?}");
    assert!(words.iter().any(|w| w.contains("2025/else.csv is not in the mapping")), "{words:?}");
}

#[test]
fn a_column_that_is_missing_is_named() {
    let next = TablesProposal {
        tables: vec![
            found("people.csv", mapping(&[("id", ColumnRole::Identifier), ("age", ColumnRole::Number)])),
            found("labs.csv", mapping(&[("id", ColumnRole::Identifier), ("day", ColumnRole::Date)])),
        ],
        ..TablesProposal::default()
    };
    let misfit = saved().apply(&next).unwrap_err();
    assert_eq!(misfit.to_string(), "the mapping names the column 'hb', and labs.csv has none of that name");
    let alone = TablesProposal { tables: next.tables.into_iter().take(1).collect(), ..TablesProposal::default() };
    assert_eq!(saved().apply(&alone).unwrap_err(), MappingMisfit::NoTable { of: "labs.csv".to_owned() });
}

#[test]
fn a_document_comes_back_as_it_was_written_and_the_first_version_is_read_for_ever() {
    let text = serde_json::to_string(&saved()).unwrap();
    assert_eq!(crate::json::read::<ImportMapping>(&text).unwrap(), saved());
    let first = include_str!("../fixture_1.json");
    let read: ImportMapping = crate::json::read(first).unwrap();
    assert_eq!((read.schema_version, read.tables.len()), (1, 2));
    assert_eq!(read.problems(), Vec::<String>::new());
    assert!(crate::json::read::<ImportMapping>(&text.replace("import_mapping", "cohort")).is_err());
}

#[test]
fn what_cannot_be_joined_is_said() {
    let mut mapping = saved();
    mapping.tables[1].mapping.columns.remove(0);
    let problems = mapping.problems();
    assert_eq!(problems.len(), 2, "no person, and a date whose order is not said: {problems:?}");
    assert!(problems[0].contains("labs.csv: say which column names the person"), "{problems:?}");
    assert!(problems[1].contains("the dates of 'day'"), "{problems:?}");
}
