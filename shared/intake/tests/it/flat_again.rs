//! A flat file added to a dataset of one: nobody is doubled, what changed is replaced and counted.
#![cfg(feature = "tables")]
#![expect(clippy::unwrap_used, reason = "a helper of a test may fail like the test")]

use crate::support::cells::shown;

use intake::csv::{CsvImport, inspect};
use intake::{Imported, IntakeError, Settings, merge};
use model::dataset::DatasetHeader;
use model::intake::Compared;

fn read(text: &str, settings: Settings) -> Imported {
    let mapping = inspect("ward.csv", text.as_bytes(), true).unwrap().mapping;
    let mut import = CsvImport::new(mapping, settings, "ward.csv").unwrap();
    import.push(text.as_bytes()).unwrap();
    import.finish().unwrap()
}

fn settings() -> Settings {
    Settings::new("ward", [7; 32])
}

fn flat(text: &str) -> Imported {
    read(text, settings())
}

/// An update, read as the engine reads it: with the roles that the columns have in the dataset.
fn update(text: &str, header: &DatasetHeader) -> Imported {
    let variables = header.tables.iter().filter(|t| t.name == "variable").flat_map(|t| &t.columns);
    let variables = variables.map(|c| (c.name.clone(), c.role)).collect();
    read(text, Settings { variables, ..settings() })
}

fn added(base: &Imported, new: Imported) -> Result<Imported, IntakeError> {
    merge(&base.header, &base.dataset, new, &mut |_, _| true)
}

fn cells(imported: &Imported, table: &str, name: &str) -> Vec<String> {
    shown(imported.dataset.table(table).unwrap().column(name).unwrap())
}

fn says(imported: &Imported, words: &str) {
    assert!(imported.report.warnings.iter().any(|w| w.contains(words)), "'{words}': {:?}", imported.report.warnings);
}

fn refused(result: Result<Imported, IntakeError>, words: &str) {
    let error = result.err().map(|e| e.to_string()).unwrap_or_default();
    assert!(error.contains(words), "'{words}' is not in '{error}'");
}

fn ward(n: usize, row: impl Fn(usize) -> String) -> String {
    (0..n).fold("mrn,sex,age,stage,seen,crp\n".to_owned(), |text, i| text + &row(i) + "\n")
}

fn usual(i: usize) -> String {
    format!("M{i:04},{},{},{},2020-05-{:02},{}.5", ["M", "F"][i % 2], 40 + i, 1 + i % 3, 1 + i % 28, i)
}

#[test]
fn the_same_file_again_changes_nothing() {
    let base = flat(&ward(24, usual));
    let again = added(&base, update(&ward(24, usual), &base.header)).unwrap();
    assert_eq!(again.header.id, base.header.id, "the same content");
    let merged = again.report.merged.unwrap();
    assert_eq!(merged.persons, Compared { new: 0, updated: 0, unchanged: 24, removed: 0 });
    assert_eq!((again.header.n_persons, again.header.shape), (24, base.header.shape));
}

#[test]
fn an_update_adds_persons_and_replaces_values() {
    let base = flat(&ward(24, usual));
    // In another order, with two new persons, one corrected value, one value that is empty now, and four persons not named.
    let text = ward(22, |k| {
        let i = 25 - k;
        match i {
            7 => "M0007,F,47,2,2020-05-08,99.5".to_owned(),
            8 => "M0008,M,48,3,2020-05-09,".to_owned(),
            _ => usual(i),
        }
    });
    let done = added(&base, update(&text, &base.header)).unwrap();
    assert_eq!(done.header.n_persons, 26);
    let merged = done.report.merged.unwrap();
    assert_eq!(merged.persons, Compared { new: 2, updated: 1, unchanged: 19, removed: 0 });
    says(&done, "1 value of persons who were there was replaced by what the file says now");
    says(&done, "1 value of persons who were there is empty in the file now");
    says(&done, "4 persons of the dataset are not in the file");
    let (crp, keys) = (cells(&done, "variable", "crp"), cells(&done, "person", "person_key"));
    assert_eq!((crp.len(), crp.iter().filter(|v| *v == "99.5").count()), (26, 1));
    let mut distinct = keys.clone();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(distinct.len(), 26, "nobody is there twice");
    // The empty one keeps its value; the dates of a person move by the same days as then.
    let row =
        |imported: &Imported, key: &str| cells(imported, "person", "person_key").iter().position(|k| k == key).unwrap();
    let before = cells(&base, "person", "person_key");
    for (i, key) in before.iter().enumerate() {
        let at = row(&done, key);
        assert_eq!(cells(&done, "variable", "seen")[at], cells(&base, "variable", "seen")[i]);
        if i != 7 {
            assert_eq!(crp[at], cells(&base, "variable", "crp")[i], "row {i}");
        }
    }
}

#[test]
fn columns_of_a_few_rows_are_read_as_those_of_all_were() {
    let base = flat(&ward(24, usual));
    // Of three rows the stages look like any number; new columns come, and one is missing.
    let done = added(&base, update("mrn,stage,ecog\nM0001,3,1\nM0002,3,0\nM0099,1,2\n", &base.header)).unwrap();
    assert_eq!(done.header.n_persons, 25);
    says(&done, "were read: 'stage'");
    says(&done, "The file has no column 'sex', 'age', 'seen', 'crp': their values stay as they were");
    assert_eq!(cells(&done, "variable", "ecog").iter().filter(|v| *v != "-").count(), 3);
    assert_eq!(done.report.merged.unwrap().persons.new, 1);
}

/// Which code was the event is not in the dataset: what is taken for it now is said.
#[test]
fn what_is_taken_for_an_event_is_said() {
    let rows = |n: usize, code: &dyn Fn(usize) -> usize| {
        (0..n).fold("mrn,time,status\n".to_owned(), |text, i| text + &format!("M{i:03},{},{}\n", 10 + i, code(i)))
    };
    let base = flat(&rows(24, &|i| 1 + i % 2));
    // Of three rows with 1 alone it would be the event, and it was not.
    let done = added(&base, update(&rows(3, &|_| 1), &base.header)).unwrap();
    says(&done, "taken for an observed event: make sure that it was so at the first import");
}

#[test]
fn what_could_double_somebody_is_refused() {
    let base = flat(&ward(24, usual));
    let unnamed = flat("sex,age,crp\nM,40,0.5\nF,41,1.5\n");
    refused(added(&base, flat("sex,age,crp\nM,40,0.5\nF,41,1.5\n")), "no column of the file names the person");
    refused(added(&unnamed, flat(&ward(3, usual))), "no column of the dataset names the person");
    let twice = ward(4, |i| usual(i % 2));
    refused(added(&base, flat(&twice)), "in the file 2 persons stand in several rows");
    refused(added(&flat(&twice), flat(&ward(3, usual))), "in the dataset 2 persons stand in several rows");
    let other = read(&ward(3, usual), Settings::new("ward", [8; 32]));
    refused(added(&base, other), "another secret");
    let dates = Settings { dates: intake::DatePolicy::YearsOnly, ..settings() };
    refused(added(&base, read(&ward(3, usual), dates)), "treats dates in another way");
    // Numbers where levels were: said by its name.
    refused(
        added(&base, flat("mrn,sex,crp\nM0001,M,high\nM0002,F,low\nM0003,F,low\n")),
        "'crp' holds numbers in the dataset and levels in the file",
    );
}
