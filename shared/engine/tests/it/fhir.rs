//! FHIR and archives at the `handle` boundary: recognized, imported, asked.
#![expect(clippy::unwrap_used, reason = "a helper of a test may fail like the test")]

use crate::support;

use std::io::Write as _;

use protocol::{DescribeDataset, DetectFormat, ImportFormat, SourceFormat};
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
