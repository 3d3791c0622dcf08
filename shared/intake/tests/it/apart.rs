//! Files and notes that other workers read: the import is the same as if it had read them itself.
#![cfg(feature = "fhir")]
#![expect(clippy::unwrap_used, reason = "a helper of a test may fail like the test")]

use std::path::{Path, PathBuf};

use base64::Engine as _;
use intake::archive::zip_parts;
use intake::fhir::{FhirImport, FhirReader, How, Piece, can_be_cut};
use intake::omop::OmopImport;
use intake::tables::TablesImport;
use intake::{Imported, Settings, Unpacked};
use model::import_mapping::ImportMapping;

use crate::support::tables::look;
use crate::support::workbook::zip;

type Files = Vec<(String, Vec<u8>)>;

fn settings() -> Settings {
    Settings { review: true, ..Settings::new("apart", [7; 32]) }
}

/// Gives files to an import.
fn fed(mut import: Unpacked, files: &Files) -> Unpacked {
    for (name, bytes) in files {
        import.begin_file(name).unwrap();
        bytes.chunks(1 << 16).for_each(|piece| import.push(piece).unwrap());
    }
    import
}

fn here(files: &Files) -> Imported {
    fed(Unpacked::new(FhirImport::new(settings())), files).finish(&mut |_, _| true).unwrap()
}

fn parcel(reader: &mut FhirReader, name: &str, bytes: &[u8], piece: &Piece) -> Vec<u8> {
    reader.begin(name, piece).unwrap();
    while let Some(range) = reader.wants(1 << 16) {
        reader.take(&bytes[usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap()]).unwrap();
    }
    reader.parcel().unwrap()
}

/// The parcels of a file, cut in pieces of some bytes where it may be. The last is read first: the import takes them in order.
fn parcels(name: &str, bytes: &[u8], part: u64) -> Vec<Vec<u8>> {
    let size = bytes.len() as u64;
    let piece = |bytes, how| Piece { file: 0, bytes, size, how };
    let pieces: Vec<Piece> = match zip_parts::directory(bytes, size) {
        _ if can_be_cut(name, bytes) => {
            let step = usize::try_from(part).unwrap();
            (0..size).step_by(step).map(|start| piece(start..(start + part).min(size), How::Lines)).collect()
        }
        Some(directory) => {
            let directory = usize::try_from(directory.start).unwrap()..usize::try_from(directory.end).unwrap();
            let mut starts = zip_parts::starts(&bytes[directory]).unwrap();
            assert!(starts.len() > 1);
            starts.push(size);
            starts.windows(2).map(|w| piece(w[0]..w[1], How::Entries)).collect()
        }
        None => vec![piece(0..size, How::Whole)],
    };
    let mut reader = FhirReader::new(false);
    let mut all: Vec<Vec<u8>> = pieces.iter().rev().map(|piece| parcel(&mut reader, name, bytes, piece)).collect();
    all.reverse();
    all
}

fn apart(files: &Files, part: u64, n_notes: usize) -> (Imported, usize) {
    let mut import = Unpacked::new(FhirImport::new(settings()));
    for (name, bytes) in files {
        parcels(name, bytes, part).iter().for_each(|parcel| import.absorb(parcel).unwrap());
    }
    ended(import, n_notes)
}

/// Ends an import, some batches of whose notes are read elsewhere, the last of them first.
fn ended(mut import: Unpacked, n_notes: usize) -> (Imported, usize) {
    let mut batches = Vec::new();
    while batches.len() < n_notes
        && let Some(batch) = import.next_notes().unwrap()
    {
        batches.push(batch);
    }
    let done: Vec<Vec<u8>> = batches.iter().rev().map(|batch| intake::read_notes(&batch.batch).unwrap()).collect();
    if batches.len() < n_notes {
        assert!(batches.last().is_none_or(|last| last.share == 1.0), "all notes were given out");
    }
    done.iter().rev().for_each(|done| import.take_notes(done).unwrap());
    (import.finish(&mut |_, _| true).unwrap(), done.len())
}

fn assert_same(a: &Imported, b: &Imported) {
    assert_eq!(a.report, b.report);
    assert_eq!(a.review, b.review);
    assert_eq!(a.header, b.header);
    assert_eq!(a.dataset, b.dataset);
}

fn bulk_export() -> Files {
    let (mut patients, mut notes, mut observations) = (String::new(), String::new(), String::new());
    for i in 0..40 {
        let family = ["Hernandez", "Kowalczyk", "Okafor", "Lindqvist"][i % 4];
        patients.push_str(&format!(
            "{{\"resourceType\":\"Patient\",\"id\":\"p{i}\",\"birthDate\":\"1950-02-1{}\",\"gender\":\"female\",\"name\":[{{\"family\":\"{family}\"}}],\"identifier\":[{{\"system\":\"http://a\",\"value\":\"MRN{i:06}\"}}]}}\n",
            i % 9
        ));
        let filler = "Denies fever. EF 55-60%. Metoprolol 50 mg po bid. No chest pain today. ".repeat(300);
        let words = format!("Ms. {family} (MRN{i:06}) was seen on 03/04/2019. Cough for two days. {filler}");
        let data = base64::engine::general_purpose::STANDARD.encode(words);
        notes.push_str(&format!(
            "{{\"resourceType\":\"DocumentReference\",\"id\":\"n{i}\",\"status\":\"current\",\"description\":\"Visit with Dr. {family}\",\"subject\":{{\"reference\":\"Patient/p{i}\"}},\"date\":\"2019-03-04T10:00:00Z\",\"content\":[{{\"attachment\":{{\"contentType\":\"text/plain\",\"data\":\"{data}\"}}}}]}}\n"
        ));
        for (day, unit) in [(10 + i % 10, "mg/dL"), (10 + i % 7, "mmol/L")] {
            observations.push_str(&format!(
                "{{\"resourceType\":\"Observation\",\"id\":\"o{i}-{unit}\",\"status\":\"final\",\"subject\":{{\"reference\":\"https://one.example/fhir/Patient/p{i}\"}},\"effectiveDateTime\":\"2019-05-{day}\",\"code\":{{\"coding\":[{{\"system\":\"http://loinc.org\",\"code\":\"2345-7\"}}]}},\"valueQuantity\":{{\"value\":{i},\"unit\":\"{unit}\"}}}}\n"
            ));
        }
        // One that is rejected, with its line; and a later version of another.
        observations.push_str("{\"resourceType\":\"Observation\",\"id\":\"bad\",\"status\":\"final\"}\n");
    }
    observations.push_str("{\"resourceType\":\"Observation\",\"id\":\"o3-mg/dL\",\"status\":\"entered-in-error\"}");
    [("Observation.ndjson", observations), ("DocumentReference.ndjson", notes), ("Patient.ndjson", patients)]
        .map(|(name, text)| (name.to_owned(), text.into_bytes()))
        .to_vec()
}

#[test]
fn parts_and_notes_read_elsewhere_make_the_same_dataset() {
    let files = bulk_export();
    let whole = here(&files);
    assert_eq!((whole.report.persons, whole.report.notes), (40, 40));
    assert!(whole.report.rows_rejected >= 40 && whole.review.n_texts > 0);
    let mut most = 0;
    for (part, n_notes) in [(u64::MAX >> 1, 0), (7000, 1), (700, usize::MAX)] {
        let (imported, n_batches) = apart(&files, part, n_notes);
        assert_same(&whole, &imported);
        most = most.max(n_batches);
    }
    assert!(most > 1, "the notes do not go in one batch");
}

#[test]
fn notes_of_tables_read_elsewhere_make_the_same_dataset() {
    let mut notes = "note_id,person_id,note_date,note_title,note_text\n".to_owned();
    for i in 0..60 {
        let filler = "Denies fever. EF 55-60%. Metoprolol 50 mg po bid. No chest pain today. ".repeat(200);
        notes.push_str(&format!(
            "{i},{},2019-03-1{},Visit with Dr. Okafor,\"Ms. Kowalczyk (MRN00123{}) was seen on 03/04/2019. Cough. {filler}\"\n",
            i % 7 + 1,
            i % 10,
            i % 7 + 1
        ));
    }
    let persons: String = (1..8).map(|i| format!("{i},8532,19{i}0,MRN00123{i}\n")).collect();
    let files: Files = vec![
        ("note.csv".to_owned(), notes.into_bytes()),
        (
            "person.csv".to_owned(),
            format!("person_id,gender_concept_id,year_of_birth,person_source_value\n{persons}").into_bytes(),
        ),
    ];
    let import = || fed(Unpacked::new(OmopImport::new(settings())), &files);
    let whole = import().finish(&mut |_, _| true).unwrap();
    assert_eq!((whole.report.persons, whole.report.notes), (7, 60));
    assert!(whole.report.note_findings > 100);
    let (imported, n_batches) = ended(import(), usize::MAX);
    assert!(n_batches > 1);
    assert_same(&whole, &imported);
}

#[test]
fn notes_beside_joined_tables_read_elsewhere_make_the_same_dataset() {
    let mut notes = "patient_id,date,text\n".to_owned();
    for i in 0..40 {
        let filler = "Denies fever. EF 55-60%. Metoprolol 50 mg po bid. No chest pain today. ".repeat(300);
        notes.push_str(&format!(
            "P{},2019-03-1{},\"Mrs. Lindqvist was seen on 03/04/2019. Cough. {filler}\"\n",
            i % 4,
            i % 10
        ));
    }
    let persons: String = (0..4).map(|i| format!("P{i},Lindqvist,female,19{i}0\n")).collect();
    let persons = format!("patient_id,surname,sex,birth_year\n{persons}");
    let files: [(&str, &[u8]); 2] = [("notes.csv", notes.as_bytes()), ("persons.csv", persons.as_bytes())];
    let mapping = ImportMapping::from(&look(&files));
    let files: Files = files.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())).collect();
    let import = || fed(Unpacked::new(TablesImport::new(mapping.clone(), settings()).unwrap()), &files);
    let whole = import().finish(&mut |_, _| true).unwrap();
    assert_eq!((whole.report.persons, whole.report.notes), (4, 40), "{:?}", whole.report.rejected.first());
    assert!(whole.report.note_findings > 100);
    let (imported, n_batches) = ended(import(), usize::MAX);
    assert!(n_batches > 1);
    assert_same(&whole, &imported);
}

#[test]
fn entries_of_an_archive_are_read_apart() {
    let files = bulk_export();
    let named: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    let archive: Files = vec![("export.zip".to_owned(), zip(&named))];
    let whole = here(&archive);
    assert_eq!(whole.report.persons, 40);
    assert_same(&whole, &apart(&archive, 1 << 20, 0).0);
    // The directory of what is cut off is not there: nothing is read apart.
    let cut = archive[0].1.len() - 30;
    assert_eq!(zip_parts::directory(&archive[0].1[..cut], cut as u64), None);
}

#[test]
fn what_is_no_parcel_is_refused() {
    let mut import = Unpacked::new(FhirImport::new(settings()));
    assert!(import.absorb(b"\xff\xff\xff").is_err());
    let text = b"{\"resourceType\":\"Patient\",\"id\":\"1\"}";
    let (bytes, size) = (0..text.len() as u64, text.len() as u64);
    let piece = Piece { file: 0, bytes, size, how: How::Whole };
    let parcel = parcel(&mut FhirReader::new(false), "a.json", text, &piece);
    assert!(import.absorb(&parcel[..parcel.len() - 1]).is_err());
    assert!(intake::read_notes(b"\xff\xff").is_err());
    assert!(import.take_notes(b"\xff\xff").is_err());
}

fn walk(dir: &Path, out: &mut Vec<PathBuf>) {
    let mut inside: Vec<PathBuf> = std::fs::read_dir(dir).unwrap().map(|f| f.unwrap().path()).collect();
    inside.sort();
    for path in inside {
        if path.is_dir() { walk(&path, out) } else { out.push(path) }
    }
}

#[test]
fn public_data_are_read_elsewhere_as_here() {
    let dir = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/fhir"));
    if !dir.is_dir() {
        println!("no ../shared/data beside the repository: 4 checks of FHIR data read elsewhere did not run");
        return;
    }
    for name in ["synthea-bulk-10", "pysynthea-20", "us-core-9", "hl7-test-cases"] {
        let mut paths = Vec::new();
        walk(&dir.join(name), &mut paths);
        let read = |p: &PathBuf| (p.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read(p).unwrap());
        let files: Files = paths.iter().map(read).collect();
        let whole = here(&files);
        assert!(whole.report.rows_read > 100, "{name}");
        assert_same(&whole, &apart(&files, 1 << 20, usize::MAX).0);
    }
}
