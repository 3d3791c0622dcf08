//! Tables, workbooks and notes at the `handle` boundary: recognized, looked at, imported, asked by a cohort.
#![expect(clippy::unwrap_used, reason = "a helper of a test may fail like the test")]

use crate::support;

use model::cohort::CohortDefinition;
use model::import_mapping::{ImportMapping, TableShape};
use protocol::{
    DescribeDataset, DetectFormat, EvaluateCohort, FileToInspect, ImportFormat, InspectTables, SearchConcepts,
    SourceFormat,
};
use support::{Host, words};

const PEOPLE: &str = "pid,sex,age\n1,f,50\n2,m,60\n3,f,70\n";
const LABS: &str = "pid,date,test,value\n1,2024-01-31,crp,5\n1,2024-02-01,crp,6\n3,2024-02-01,crp,7\n";
const NOTE: &str = "MRN: 2\nDate: 2024-03-01\n\nNo chest pain.";

fn look(host: &mut Host, files: &[(&str, &str)]) -> ImportMapping {
    let asked = files.iter().map(|(name, _)| FileToInspect {
        name: (*name).to_owned(),
        complete: true,
        dialect: model::intake::CsvDialect::default(),
    });
    let heads = files.iter().map(|(_, text)| text.as_bytes().to_vec()).collect();
    let found = host.ask_with(InspectTables { files: asked.collect() }, heads).unwrap().0;
    ImportMapping::from(&found)
}

#[test]
fn tables_and_notes_become_one_record_that_cohorts_ask() {
    let mut host = Host::new();
    let files = [("people.csv", PEOPLE), ("labs.csv", LABS), ("a.txt", NOTE)];
    let mapping = look(&mut host, &files);
    assert!(matches!(mapping.tables[1].shape, TableShape::Long(_)));
    let given: Vec<(String, Vec<u8>)> = files.iter().map(|(n, t)| ((*n).to_owned(), t.as_bytes().to_vec())).collect();
    let (imported, _) = host.import(ImportFormat::Tables { mapping: Box::new(mapping) }, false, &given).unwrap();
    let r = &imported.report;
    assert_eq!((r.persons, r.events, r.notes, r.rows_read), (3, 3, 1, 7));
    let id = imported.header.id;
    let contents = host.ask(DescribeDataset { dataset: id.clone() }).unwrap();
    assert!(contents.domains.iter().any(|d| d.domain == "measurement" && d.events == 3), "{:?}", contents.domains);
    assert!(contents.variables.iter().any(|v| v.name == "age"), "{:?}", contents.variables);
    let found = host.ask(SearchConcepts { dataset: id.clone(), text: "crp".into(), domain: None, limit: 9 }).unwrap();
    assert_eq!(found.len(), 1);
    let everyone = CohortDefinition::everyone("all");
    let report = host.ask(EvaluateCohort { dataset: id, definition: everyone, with_subjects: false }).unwrap();
    assert_eq!(report.persons, 3);
}

#[test]
fn tables_are_added_to_a_dataset_and_what_is_there_is_not_doubled() {
    let mut host = Host::new();
    let import = |host: &mut Host, into, files: &[(&str, &str)]| {
        let format = ImportFormat::Tables { mapping: Box::new(look(host, files)) };
        let given: Vec<_> = files.iter().map(|(n, t)| ((*n).to_owned(), t.as_bytes().to_vec())).collect();
        host.import_into(into, format, false, &given).map(|(imported, _)| imported)
    };
    let first = import(&mut host, None, &[("people.csv", PEOPLE), ("labs.csv", LABS), ("a.txt", NOTE)]).unwrap();
    let into = || Some(first.header.id.clone());
    // One row that is there, one that is new, one of a person who was not there.
    let more = "pid,date,test,value\n1,2024-02-01,crp,6\n2,2024-03-05,crp,9\n4,2024-03-05,crp,1\n";
    let all = import(&mut host, into(), &[("more.csv", more)]).unwrap();
    let merged = all.report.merged.unwrap();
    assert_eq!((merged.persons.new, merged.persons.unchanged + merged.persons.updated), (1, 2), "{merged:?}");
    assert_eq!((merged.events.new, merged.events.unchanged, merged.events.removed), (2, 1, 0), "{merged:?}");
    assert_eq!(all.header.n_persons, 4);
    assert!(
        all.header.source.files.iter().any(|f| f == "people.csv")
            && all.header.source.files.iter().any(|f| f == "more.csv")
    );
    // The variables of the persons who were there stay.
    let contents = host.ask(DescribeDataset { dataset: all.header.id }).unwrap();
    let age = contents.variables.iter().find(|v| v.name == "age").unwrap();
    assert_eq!(age.n_missing, 1, "of the new person nothing is known");
    // What holds nothing dated is refused, and the dataset stays as it was.
    let refused = words(import(&mut host, into(), &[("people.csv", PEOPLE)]));
    assert!(refused.contains("one of them is a flat file"), "{refused}");
    assert_eq!(host.ask(DescribeDataset { dataset: first.header.id.clone() }).unwrap().header.n_persons, 3);
}

#[test]
fn a_flat_file_is_added_to_a_flat_dataset() {
    let mut host = Host::new();
    let import = |host: &mut Host, into, text: &str| {
        let ask =
            protocol::InspectCsv { file_name: "ward.csv".to_owned(), complete: true, dialect: Default::default() };
        let mapping = host.ask_with(ask, vec![text.as_bytes().to_vec()]).unwrap().0.mapping;
        host.import_into(
            into,
            ImportFormat::Csv { mapping },
            false,
            &[("ward.csv".to_owned(), text.as_bytes().to_vec())],
        )
    };
    let rows =
        (0..24).fold("mrn,age,stage\n".to_owned(), |text, i| text + &format!("M{i:03},{},{}\n", 40 + i, 1 + i % 3));
    let first = import(&mut host, None, &rows).unwrap().0;
    let into = || Some(first.header.id.clone());
    let again = import(&mut host, into(), &rows).unwrap().0;
    assert_eq!((again.header.n_persons, again.header.id.clone()), (24, first.header.id.clone()));
    // Three rows, of which one is new and one corrected; their stages alone would be numbers.
    let all = import(&mut host, into(), "mrn,age,stage\nM001,41,2\nM002,42,1\nM099,70,3\n").unwrap().0;
    let persons = all.report.merged.unwrap().persons;
    assert_eq!((all.header.n_persons, persons.new, persons.updated, persons.unchanged), (25, 1, 1, 1));
    assert!(
        all.report.warnings.iter().any(|w| w.contains("1 value of persons who were there was replaced")),
        "{:?}",
        all.report.warnings
    );
    let refused = words(import(&mut host, into(), "age,stage\n41,2\n").map(|(imported, _)| imported));
    assert!(refused.contains("no column of the file names the person"), "{refused}");
}

#[test]
fn a_workbook_and_notes_as_lines_are_tables_by_their_first_bytes() {
    let mut host = Host::new();
    let mut detect = |name: &str, bytes: &[u8]| {
        let ask = DetectFormat { names: vec![name.to_owned()] };
        host.ask_with(ask, vec![bytes.to_vec()]).unwrap().0.format
    };
    let mut workbook = b"PK\x03\x04".to_vec();
    workbook.extend([0; 26]);
    workbook.extend(b"[Content_Types].xml");
    assert_eq!(detect("a.xlsx", &workbook), Some(SourceFormat::Csv));
    let note = "{\"patient\":\"1\",\"date\":\"2024-01-01\",\"text\":\"well\"}\n";
    assert_eq!(detect("a.jsonl", note.as_bytes()), Some(SourceFormat::Csv));
    assert_eq!(detect("note.csv", b"patient,date,text\n1,2024-01-01,well\n"), Some(SourceFormat::Csv));
    assert_eq!(detect("note.csv", b"note_id,person_id,note_date,note_text\n"), Some(SourceFormat::Omop));
}

#[test]
fn a_plan_that_cannot_be_followed_is_refused_before_anything_is_read() {
    let mut host = Host::new();
    let mut mapping = look(&mut host, &[("people.csv", PEOPLE), ("labs.csv", LABS)]);
    mapping.tables[1].mapping.columns.remove(1);
    let format = ImportFormat::Tables { mapping: Box::new(mapping) };
    let said = words(host.import(format, false, &[]).map(|(i, _)| i));
    assert!(said.contains("labs.csv") && said.contains("'date'"), "{said}");
}
