//! FHIR and archives at the `handle` boundary: recognized, imported, asked.
#![expect(clippy::unwrap_used, reason = "a helper of a test may fail like the test")]

use crate::support;

use std::io::Write as _;

use engine::pieces::{FhirReader, How, Piece};
use protocol::{
    DescribeDataset, DetectFormat, ImportFinish, ImportFormat, ImportNotes, ImportNotesRead, ImportParcel,
    ReadImportNotes, SourceFormat,
};
use support::{Host, words};

fn gz(text: &str) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    out.write_all(text.as_bytes()).unwrap();
    out.finish().unwrap()
}

const PATIENT: &str = "{\"resourceType\":\"Patient\",\"id\":\"1\",\"gender\":\"male\",\"birthDate\":\"1960-01-01\"}\n";
const ENCOUNTER: &str = "{\"resourceType\":\"Encounter\",\"id\":\"e\",\"status\":\"finished\",\"class\":{\"system\":\
    \"http://terminology.hl7.org/CodeSystem/v3-ActCode\",\"code\":\"IMP\"},\"subject\":{\"reference\":\"Patient/1\"},\"period\":\
    {\"start\":\"2020-01-01\",\"end\":\"2020-01-09\"}}\n";
const PERSON: &str = "person_id,gender_concept_id,year_of_birth\n1,8507,1950\n";

fn detected(host: &mut Host, files: &[(&str, &[u8])]) -> Option<SourceFormat> {
    let names = files.iter().map(|(name, _)| (*name).to_owned()).collect();
    let heads = files.iter().map(|(_, bytes)| bytes.to_vec()).collect();
    host.ask_with(DetectFormat { names }, heads).unwrap().0.format
}

#[test]
fn formats_are_recognized_by_content_also_in_archives() {
    let mut host = Host::new();
    assert_eq!(detected(&mut host, &[("a.gz", &gz(PATIENT)), ("readme", b"x")]), Some(SourceFormat::Fhir));
    assert_eq!(detected(&mut host, &[("person.csv.gz", &gz(PERSON))]), Some(SourceFormat::Omop));
    assert_eq!(detected(&mut host, &[("flat.csv", b"a,b\n1,2\n")]), Some(SourceFormat::Csv));
    assert_eq!(detected(&mut host, &[("person.csv", PERSON.as_bytes()), ("a.json", PATIENT.as_bytes())]), None);
}

#[test]
fn fhir_and_packed_omop_become_datasets() {
    let mut host = Host::new();
    let files = [("e.ndjson".to_owned(), ENCOUNTER.into()), ("p.ndjson.gz".to_owned(), gz(PATIENT))];
    let (imported, _) = host.import(ImportFormat::Fhir, false, &files).unwrap();
    assert_eq!((imported.report.format.as_str(), imported.report.persons, imported.report.events), ("fhir", 1, 1));
    let contents = host.ask(DescribeDataset { dataset: imported.header.id }).unwrap();
    assert!(contents.domains.iter().any(|d| d.domain == "visit" && d.events == 1));
    assert!(contents.concepts.iter().any(|c| c.concept.code == "IMP" && c.concept.omop_id == Some(9201)));

    let (imported, _) = host.import(ImportFormat::Omop, false, &[("person.csv.gz".to_owned(), gz(PERSON))]).unwrap();
    assert_eq!(imported.report.persons, 1);
    let cut = gz(PERSON);
    let cut = cut[..cut.len() - 9].to_vec();
    let said = words(host.import(ImportFormat::Omop, false, &[("person.csv.gz".to_owned(), cut)]).map(|(i, _)| i));
    assert!(said.contains("person.csv.gz") && said.contains("cut"), "{said}");
    let said = words(host.import(ImportFormat::Fhir, false, &[("a.json".to_owned(), b"{}".to_vec())]).map(|(i, _)| i));
    assert!(said.contains("no FHIR resource"), "{said}");
}

/// A reader beside the import, as another worker runs it.
fn parcel(name: &str, bytes: &[u8]) -> Vec<u8> {
    let size = bytes.len() as u64;
    let mut reader = FhirReader::new(false);
    reader.begin(name, &Piece { file: 0, bytes: 0..size, size, how: How::Whole }).unwrap();
    reader.take(bytes).unwrap();
    reader.parcel().unwrap()
}

#[test]
fn files_and_notes_may_be_read_by_other_workers() {
    let note = "eyJ4Ijog".repeat(2);
    let document = format!(
        "{{\"resourceType\":\"DocumentReference\",\"id\":\"d\",\"status\":\"current\",\"subject\":{{\"reference\":\"Patient/1\"}},\
         \"date\":\"2020-01-03\",\"content\":[{{\"attachment\":{{\"contentType\":\"text/plain\",\"data\":\"{note}\"}}}}]}}"
    );
    let files = [
        ("d.json".to_owned(), document.into_bytes()),
        ("e.ndjson".to_owned(), ENCOUNTER.into()),
        ("p.ndjson.gz".to_owned(), gz(PATIENT)),
    ];
    let mut host = Host::new();
    let (whole, chunks) = host.import(ImportFormat::Fhir, false, &files).unwrap();
    assert_eq!((whole.report.events, whole.report.notes), (1, 1));

    let mut host = Host::new();
    host.ask(support::begin(ImportFormat::Fhir, false)).unwrap();
    for (name, bytes) in &files {
        host.ask_with(ImportParcel {}, vec![parcel(name, bytes)]).unwrap();
    }
    let (more, batch) = host.ask_with(ImportNotes {}, vec![]).unwrap();
    assert_eq!(more, Some(1.0));
    let ((), done) = Host::new().ask_with(ReadImportNotes {}, batch).unwrap();
    assert_eq!(host.ask_with(ImportNotes {}, vec![]).unwrap(), (None, vec![]));
    host.ask_with(ImportNotesRead {}, done).unwrap();
    let (imported, same) = host.ask_with(ImportFinish {}, vec![]).unwrap();
    assert_eq!((imported, same), (whole, chunks));
}

#[test]
fn what_no_reader_wrote_is_refused() {
    let mut host = Host::new();
    let nothing = host.ask_with(ImportParcel {}, vec![b"x".to_vec()]).unwrap_err();
    assert!(nothing.to_string().contains("no import under way"), "{nothing}");
    host.ask(support::begin(ImportFormat::Fhir, false)).unwrap();
    let bad = host.ask_with(ImportParcel {}, vec![b"\xff\xff".to_vec()]).unwrap_err();
    assert!(bad.to_string().contains("cannot be understood here"), "{bad}");
    assert!(host.ask_with(ReadImportNotes {}, vec![b"\xff".to_vec()]).is_err());
}
