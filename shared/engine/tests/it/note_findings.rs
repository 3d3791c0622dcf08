//! Findings of notes at the `handle` boundary: in cohorts with the safe default, and asked for by their context; files added
//! to a dataset.
#![expect(clippy::unwrap_used, reason = "a helper of a test may fail like the test")]

use crate::support;

use model::concept::Domain;
use model::dataset::DatasetId;
use protocol::{
    DatePolicy, DescribeCohort, DescribeDataset, EvaluateCohort, ImportBegin, ImportBytes, ImportFile, ImportFinish,
    ImportFormat, SearchConcepts,
};
use serde_json::{Value, json};
use support::{Host, words};

const PERSON: &str = "person_id,gender_concept_id,year_of_birth\n1,8507,1950\n2,8532,1960\n3,8532,1970\n4,8507,1940\n";
const PERIOD: &str = "person_id,observation_period_start_date,observation_period_end_date\n\
    1,2019-01-01,2021-01-01\n2,2019-01-01,2021-01-01\n3,2019-01-01,2021-01-01\n4,2019-01-01,2021-01-01\n";
const NOTE: &str = "note_id,person_id,note_date,note_text\n\
    1,1,2020-03-03,Fever and chills since Monday.\n\
    2,2,2020-03-03,Denies fever. No chest pain.\n\
    3,3,2020-03-03,Father had a myocardial infarction. Possible pneumonia.\n\
    4,4,2020-03-03,Chest pain since this morning. EF 30%.\n";

fn files() -> Vec<(String, Vec<u8>)> {
    [("person.csv", PERSON), ("observation_period.csv", PERIOD), ("note.csv", NOTE)]
        .map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()))
        .to_vec()
}

fn concept(host: &mut Host, dataset: &DatasetId, text: &str) -> Value {
    let search =
        SearchConcepts { dataset: dataset.clone(), text: text.to_owned(), domain: Some(Domain::NoteFinding), limit: 9 };
    let found = host.ask(search).unwrap();
    serde_json::to_value(&found.first().unwrap_or_else(|| panic!("no concept '{text}'")).concept).unwrap()
}

fn cohort(host: &mut Host, dataset: &DatasetId, text: &str, event: Value) -> Value {
    let item = json!({"concept": concept(host, dataset, text)});
    let mut event = event;
    event["concept_set"] = json!("x");
    json!({"kind": "cohort", "schema_version": 1, "name": text, "concept_sets": [{"id": "x", "name": text, "items": [item]}],
        "entry": {"type": "event", "event": event}})
}

fn persons(host: &mut Host, dataset: &DatasetId, text: &str, event: Value) -> u64 {
    let definition = serde_json::from_value(cohort(host, dataset, text, event)).unwrap();
    host.ask(EvaluateCohort { dataset: dataset.clone(), definition, with_subjects: false }).unwrap().persons
}

#[test]
fn what_a_note_denies_is_in_no_cohort_that_does_not_ask_for_it() {
    let mut host = Host::new();
    let (imported, _) = host.import(ImportFormat::Omop, false, &files()).unwrap();
    let id = imported.header.id;
    let note = json!({"domain": "note_finding"});
    for event in [note.clone(), json!({})] {
        assert_eq!(persons(&mut host, &id, "fever", event.clone()), 1, "the second denies it");
        assert_eq!(persons(&mut host, &id, "chest pain", event.clone()), 1);
        assert_eq!(persons(&mut host, &id, "pneumonia", event.clone()), 0, "possible only");
        assert_eq!(persons(&mut host, &id, "myocardial infarction", event), 0, "the father's");
    }
    let said = |context: Value| json!({"domain": "note_finding", "context": context});
    assert_eq!(persons(&mut host, &id, "fever", said(json!({"polarity": ["negated"]}))), 1);
    assert_eq!(persons(&mut host, &id, "fever", said(json!({"polarity": ["affirmed", "negated"]}))), 2);
    assert_eq!(persons(&mut host, &id, "pneumonia", said(json!({"polarity": ["possible"]}))), 1);
    let other = json!({"experiencer": ["other"], "temporality": ["recent", "historical"]});
    assert_eq!(persons(&mut host, &id, "myocardial infarction", said(other)), 1);
    let low = json!({"domain": "note_finding", "value": {"max": 40.0}});
    assert_eq!(persons(&mut host, &id, "ejection fraction", low), 1);

    let wrong = cohort(&mut host, &id, "fever", json!({"domain": "drug", "context": {"polarity": ["denied"]}}));
    let definition = serde_json::from_value(wrong).unwrap();
    let refused = words(host.ask(EvaluateCohort { dataset: id.clone(), definition, with_subjects: false }));
    assert!(refused.contains("'denied'") && refused.contains("note_finding"), "{refused}");
    let asked = cohort(&mut host, &id, "fever", said(json!({"polarity": ["negated"]})));
    let text = host.ask(DescribeCohort { dataset: None, definition: serde_json::from_value(asked).unwrap() }).unwrap();
    let text = serde_json::to_string(&text).unwrap();
    assert!(text.contains("in notes: negated, recent, about the patient"), "{text}");
}

#[test]
fn concepts_are_counted_where_notes_say_that_they_are_there() {
    let mut host = Host::new();
    let (imported, _) = host.import(ImportFormat::Omop, false, &files()).unwrap();
    assert!(imported.report.note_findings >= 7, "{}", imported.report.note_findings);
    let contents = host.ask(DescribeDataset { dataset: imported.header.id }).unwrap();
    let n = |domain: &str| contents.domains.iter().find(|d| d.domain == domain).map_or(0, |d| d.events);
    assert_eq!(n("note_finding") + n("note_not_present"), imported.report.note_findings);
    assert_eq!(contents.domains.last().unwrap().domain, "note_not_present");
    let fever = contents.concepts.iter().find(|c| c.concept.display == "fever").unwrap();
    assert_eq!((fever.events, fever.domain.as_str()), (1, "note_finding"));
    assert!(contents.concepts.iter().all(|c| c.domain != "note_not_present"));
}

#[test]
fn files_are_added_to_a_dataset() {
    let mut host = Host::new();
    let (first, _) = host.import(ImportFormat::Omop, false, &files()).unwrap();
    let begin = ImportBegin {
        name: "more".into(),
        format: ImportFormat::Omop,
        source: model::dataset::DatasetSource::default(),
        secret: "07".repeat(32),
        dates: DatePolicy::Keep,
        text: protocol::TextPolicy::default(),
        review: false,
        this_year: None,
        holds_no_identifiers: false,
        note_findings: true,
        into: Some(first.header.id.clone()),
    };
    host.ask(begin.clone()).unwrap();
    let more = "person_id,gender_concept_id,year_of_birth\n4,8507,1940\n5,8507,1941\n";
    for (name, text) in
        [("person.csv", more), ("note.csv", "note_id,person_id,note_date,note_text\n5,5,2020-05-05,Cough.\n")]
    {
        host.ask(ImportFile { name: name.to_owned(), n_bytes: 0 }).unwrap();
        host.ask_with(ImportBytes { last: true }, vec![text.as_bytes().to_vec()]).unwrap();
    }
    let (all, _) = host.ask_with(ImportFinish {}, Vec::new()).unwrap();
    let merged = all.report.merged.unwrap();
    assert_eq!((merged.persons.new, merged.persons.unchanged, all.header.n_persons), (1, 1, 5));
    assert_eq!((merged.notes.new, merged.events.new, merged.events.removed), (1, 1, 0));
    assert_ne!(all.header.id, first.header.id);

    host.ask(ImportBegin { secret: "08".repeat(32), ..begin.clone() }).unwrap();
    host.ask(ImportFile { name: "person.csv".to_owned(), n_bytes: 0 }).unwrap();
    host.ask_with(ImportBytes { last: true }, vec![more.as_bytes().to_vec()]).unwrap();
    let refused = words(host.ask_with(ImportFinish {}, Vec::new()).map(|(i, _)| i));
    assert!(refused.contains("another secret"), "{refused}");
    let unknown = ImportBegin { into: Some(DatasetId("nowhere".to_owned())), ..begin };
    assert!(host.ask(unknown).is_err());
}
