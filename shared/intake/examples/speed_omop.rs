//! Measures the import of OMOP tables: `cargo run --release -p intake --example speed_omop [--write FOLDER [PERSONS] | --stream FILE...]`.
//!
//! The tables are made in memory, the same as CSV and as Parquet; `--write` only writes them to a folder, for other tools;
//! `--stream` reads files from disk piece by piece, once, to see how much memory an import needs. All others are
//! imported from memory in pieces of 4 MB, as in the worker. A JSON line an import: seconds by the clock and on the
//! processor of the best of some runs on one core.

#[path = "made/measure.rs"]
mod measure;
#[path = "made/numbers.rs"]
mod numbers;
#[path = "made/omop.rs"]
mod omop;

use std::io::{Read as _, Seek as _};

use intake::omop::OmopImport;
use intake::{Imported, IntakeError, Settings};

/// Persons of the tables: 80 MB of CSV.
const PERSONS: i64 = 4000;

type Files = Vec<(String, Vec<u8>)>;

fn import(files: &Files) -> Result<Imported, IntakeError> {
    let mut import = OmopImport::new(Settings::new("speed", [7; 32]));
    for (name, bytes) in files {
        if name.ends_with(".parquet") {
            let n = bytes.len().saturating_sub(8);
            let footer = intake::footer_bytes(bytes.get(n..).unwrap_or_default()).and_then(|n| usize::try_from(n).ok());
            let tail = footer.and_then(|n| bytes.get(bytes.len().saturating_sub(n)..)).unwrap_or_default();
            import.expect_tail(tail.to_vec());
        }
        import.begin_file(name)?;
        for piece in bytes.chunks(4 << 20) {
            import.push(piece)?;
        }
        import.end_file()?;
    }
    import.finish()
}

/// Imports files straight from the disk, once: the peak of memory is that of the import.
fn streamed(paths: &[String]) -> Result<(), Box<dyn std::error::Error>> {
    let mut n_bytes = 0;
    let (imported, times) = measure::best_of(1, || -> Result<Imported, Box<dyn std::error::Error>> {
        let settings = Settings { keep_tables: false, ..Settings::new("speed", [7; 32]) };
        let mut import = OmopImport::new(settings);
        let mut piece = vec![0; 4 << 20];
        for path in paths {
            let mut file = std::fs::File::open(path)?;
            let size = file.metadata()?.len();
            let mut tail = vec![0; usize::try_from(size.min(1 << 16))?];
            file.seek(std::io::SeekFrom::End(-i64::try_from(tail.len())?))?;
            file.read_exact(&mut tail)?;
            file.rewind()?;
            let footer = intake::footer_bytes(&tail).map(usize::try_from).transpose()?;
            import.expect_tail(
                footer.and_then(|n| tail.len().checked_sub(n)).map_or(Vec::new(), |at| tail.split_off(at)),
            );
            import.begin_file(path)?;
            loop {
                let n = file.read(&mut piece)?;
                if n == 0 {
                    break;
                }
                n_bytes += n;
                import.push(piece.get(..n).unwrap_or_default())?;
            }
            import.end_file()?;
        }
        Ok(import.finish()?)
    })?;
    let Some(imported) = imported else { return Ok(()) };
    let r = &imported.report;
    let more = serde_json::json!({
        "rows_kept": r.rows_kept,
        "events": r.events,
        "stored_mb": imported.chunks.iter().map(|c| c.bytes.len()).sum::<usize>() as f64 / 1e6,
        "dataset": imported.header.id.0,
    });
    let amounts = [("mb", n_bytes as f64 / 1e6), ("rows", r.rows_read as f64)];
    measure::print("omop_streamed", "import of files from the disk", &times, &amounts, more);
    Ok(())
}

fn measured(name: &str, what: &str, files: &Files) -> Result<(), IntakeError> {
    let mb = files.iter().map(|(_, b)| b.len()).sum::<usize>() as f64 / 1e6;
    let (imported, times) = measure::best_of(3, || import(files))?;
    let Some(imported) = imported else { return Ok(()) };
    let r = &imported.report;
    let more = serde_json::json!({
        "rows_kept": r.rows_kept,
        "rows_rejected": r.rows_rejected,
        "rows_not_used": r.rows_not_used,
        "persons": r.persons,
        "events": r.events,
        "dataset": imported.header.id.0,
    });
    measure::print(name, what, &times, &[("mb", mb), ("rows", r.rows_read as f64)], more);
    Ok(())
}

fn csv(persons: i64) -> Files {
    omop::tables(persons, false).into_iter().map(|t| (format!("{}.csv", t.name), t.csv())).collect()
}

fn parquet(persons: i64) -> Result<Files, Box<dyn std::error::Error>> {
    let tables = omop::tables(persons, true).into_iter();
    tables.map(|t| Ok((format!("{}.parquet", t.name), t.parquet()?))).collect()
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, folder, rest @ ..] = args.as_slice()
        && flag == "--write"
    {
        let persons = rest.first().map_or(Ok(PERSONS), |n| n.parse())?;
        std::fs::create_dir_all(folder)?;
        for (name, bytes) in csv(persons).into_iter().chain(parquet(persons)?) {
            std::fs::write(std::path::Path::new(folder).join(name), bytes)?;
        }
        return Ok(());
    }
    if let [flag, paths @ ..] = args.as_slice()
        && flag == "--stream"
    {
        return streamed(paths);
    }
    measured("omop_csv", "import of OMOP CDM tables as CSV", &csv(PERSONS))?;
    measured("omop_parquet", "import of the same tables as Parquet", &parquet(PERSONS)?)?;
    Ok(())
}
