//! Measures the import of FHIR files: `cargo run --release -p intake --example speed_fhir [FILE... | --write FOLDER [PERSONS [notes]] | --write-bundles FOLDER PERSONS | --stream FILE...]`.
//!
//! Without files two bulk exports are made in memory, as Synthea writes them, one without and one with a note a visit;
//! `--write` only writes one to a folder, for other tools, `--write-bundles` a Bundle a patient; `--stream` reads files from disk piece by piece, to see how
//! much memory an import needs. Files (`.json`, `.ndjson`, either also `.gz`) are read and
//! unpacked first. All are imported from memory in pieces of 4 MB, as in the worker. A JSON line an import: seconds by the
//! clock and on the processor of the best of some runs on one core.

#[path = "made/fhir.rs"]
mod fhir;
#[path = "made/measure.rs"]
mod measure;
#[path = "made/numbers.rs"]
mod numbers;

use std::io::Read as _;

use intake::fhir::{FhirImport, FhirReader, How, Piece};
use intake::{Imported, IntakeError, Settings};

fn import(files: &[(String, Vec<u8>)], note_findings: bool) -> Result<Imported, IntakeError> {
    let mut import = FhirImport::new(Settings { note_findings, ..Settings::new("speed", [7; 32]) });
    for (name, bytes) in files {
        import.begin_file(name);
        for piece in bytes.chunks(4 << 20) {
            import.push(piece)?;
        }
    }
    import.end_file();
    import.finish()
}

/// What one of several readers does, and what is left for the import: seconds by the clock of each.
fn apart(files: &[(String, Vec<u8>)]) -> Result<(), IntakeError> {
    let start = std::time::Instant::now();
    let mut reader = FhirReader::new(false);
    let mut parcels = Vec::new();
    for (name, bytes) in files {
        let size = bytes.len() as u64;
        reader.begin(name, &Piece { file: 0, bytes: 0..size, size, how: How::Whole })?;
        bytes.chunks(4 << 20).try_for_each(|piece| reader.take(piece))?;
        parcels.push(reader.parcel()?);
    }
    let read = start.elapsed().as_secs_f64();
    let mut import = FhirImport::new(Settings::new("speed", [7; 32]));
    parcels.iter().try_for_each(|parcel| import.absorb(parcel))?;
    let taken = start.elapsed().as_secs_f64() - read;
    let report = import.finish()?.report;
    let ended = start.elapsed().as_secs_f64() - read - taken;
    let n_parcels: usize = parcels.iter().map(Vec::len).sum();
    let row = serde_json::json!({
        "name": "fhir_readers", "what": "files read beside the import, taken by it, and its end",
        "read_s": read, "taken_s": taken, "ended_s": ended, "parcels_mb": n_parcels as f64 / 1e6, "rows_read": report.rows_read,
    });
    println!("{row}");
    Ok(())
}

fn measured(name: &str, what: &str, files: &[(String, Vec<u8>)], note_findings: bool) -> Result<(), IntakeError> {
    let mb = files.iter().map(|(_, b)| b.len()).sum::<usize>() as f64 / 1e6;
    let (imported, times) = measure::best_of(3, || import(files, note_findings))?;
    let Some(imported) = imported else { return Ok(()) };
    let r = &imported.report;
    let mut amounts = vec![("mb", mb)];
    if r.notes > 0 {
        amounts.push(("notes", r.notes as f64));
    }
    let more = serde_json::json!({
        "files": files.len(),
        "rows_read": r.rows_read,
        "rows_kept": r.rows_kept,
        "rows_rejected": r.rows_rejected,
        "rows_not_used": r.rows_not_used,
        "persons": r.persons,
        "events": r.events,
        "note_findings": r.note_findings,
    });
    measure::print(name, what, &times, &amounts, more);
    Ok(())
}

/// Imports files straight from the disk, once: the peak of memory is that of the import.
fn streamed(paths: &[String]) -> Result<(), Box<dyn std::error::Error>> {
    let mut n_bytes = 0;
    let (imported, times) = measure::best_of(1, || -> Result<Imported, Box<dyn std::error::Error>> {
        let mut import = FhirImport::new(Settings { keep_tables: false, ..Settings::new("speed", [7; 32]) });
        let mut piece = vec![0; 4 << 20];
        for path in paths {
            let mut file = std::fs::File::open(path)?;
            import.begin_file(path);
            loop {
                let n = file.read(&mut piece)?;
                if n == 0 {
                    break;
                }
                n_bytes += n;
                import.push(piece.get(..n).unwrap_or_default())?;
            }
        }
        import.end_file();
        Ok(import.finish()?)
    })?;
    let report = imported.map(|i| i.report).unwrap_or_default();
    let more =
        serde_json::json!({"rows_read": report.rows_read, "rows_kept": report.rows_kept, "events": report.events});
    measure::print("fhir_streamed", "import of files from the disk", &times, &[("mb", n_bytes as f64 / 1e6)], more);
    Ok(())
}

fn read(path: &str) -> std::io::Result<(String, Vec<u8>)> {
    let bytes = std::fs::read(path)?;
    let Some(inner) = path.strip_suffix(".gz") else { return Ok((path.to_owned(), bytes)) };
    let mut unpacked = Vec::new();
    flate2::read::MultiGzDecoder::new(bytes.as_slice()).read_to_end(&mut unpacked)?;
    Ok((inner.to_owned(), unpacked))
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, folder, rest @ ..] = args.as_slice()
        && flag == "--write"
    {
        let persons = rest.first().map_or(Ok(150), |n| n.parse())?;
        std::fs::create_dir_all(folder)?;
        for (name, bytes) in fhir::export(persons, rest.get(1).is_some()) {
            std::fs::write(std::path::Path::new(folder).join(name), bytes)?;
        }
        return Ok(());
    }
    if let [flag, folder, persons] = args.as_slice()
        && flag == "--write-bundles"
    {
        std::fs::create_dir_all(folder)?;
        let write =
            |n: usize, text: &str| std::fs::write(std::path::Path::new(folder).join(format!("{n:05}.json")), text);
        return fhir::bundles(persons.parse()?, write);
    }
    if let [flag, paths @ ..] = args.as_slice()
        && flag == "--stream"
    {
        return streamed(paths);
    }
    if !args.is_empty() {
        let files = args.iter().map(|path| read(path)).collect::<Result<Vec<_>, _>>()?;
        measured("fhir_files", "import of the FHIR files given", &files, true)?;
        return Ok(apart(&files)?);
    }
    let files: Vec<_> = fhir::export(150, false).into_iter().collect();
    measured("fhir_ndjson", "import of FHIR NDJSON without notes", &files, true)?;
    let files: Vec<_> = fhir::export(100, true).into_iter().collect();
    measured("fhir_ndjson_notes", "import of FHIR NDJSON with a note a visit, screened and read", &files, true)?;
    measured("fhir_ndjson_notes_screened", "the same, notes screened only", &files, false)?;
    Ok(())
}
