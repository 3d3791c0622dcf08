//! Files into a stored dataset, piece by piece.

use engine::Engine;
use model::dataset::DatasetSource;
use protocol::{
    EngineError, ImportAbort, ImportBegin, ImportBytes, ImportFile, ImportFiles, ImportFinish, ImportFormat, Imported,
    InspectCsv, InspectedFiles, ReadRounds, RecognizeFiles, Reply, Request, StoredImport,
};
use web::{clock, datasets, files, meta};
use web_sys::File;

use super::{storage, unexpected};
use crate::queue::{Call, ask};

/// Bytes read at a time.
const SLICE: f64 = 4_194_304.0;
/// Bytes looked at before the wizard.
const HEAD: f64 = 1_048_576.0;

fn tick_of(call: &Call) -> impl FnMut(f64, &str) -> bool + use<> {
    let call = call.clone();
    move |fraction, doing| call.tick(fraction, doing)
}

/// Asks the engine something that needs no stored dataset.
pub(super) fn step(
    engine: &mut Engine,
    call: &Call,
    request: Request,
    bulk: Vec<Vec<u8>>,
) -> Result<(Reply, Vec<Vec<u8>>), EngineError> {
    engine::handle(engine, request, bulk, &mut tick_of(call))
}

/// Recognizes dropped files.
pub(super) async fn inspect(
    engine: &mut Engine,
    call: &Call,
    names: &[String],
    handles: &[File],
) -> Result<InspectedFiles, EngineError> {
    let (Some(first), Some(name)) = (handles.first(), names.first()) else {
        return Err(EngineError::invalid("No file was chosen."));
    };
    let n_bytes: f64 = handles.iter().map(|f| f.size()).sum();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a file's size is a whole number")]
    let n_bytes = n_bytes as u64;
    if handles.len() == 1 && name.to_lowercase().ends_with(".rounds") {
        let (imported, _) = read_rounds(engine, call, first, true).await?;
        return Ok(InspectedFiles::Rounds { header: Box::new(imported.header) });
    }
    let recognize = RecognizeFiles { names: names.to_vec() };
    let Reply::RecognizeFiles(found) = step(engine, call, Request::RecognizeFiles(Box::new(recognize)), Vec::new())?.0
    else {
        return Err(unexpected());
    };
    if found.iter().any(|f| f.table.is_some()) {
        return Ok(InspectedFiles::Omop { files: *found, n_bytes });
    }
    if handles.len() > 1 {
        return Err(EngineError::invalid(
            "None of these files is an OMOP table (person.csv, observation_period.csv, ...). Drop one flat CSV file, \
             or the folder with the OMOP tables.",
        ));
    }
    let head = files::start_read(first, 0.0, HEAD).await.map_err(storage)?;
    let inspect = InspectCsv { file_name: name.clone(), complete: first.size() <= HEAD };
    let Reply::InspectCsv(proposal) = ask(engine, call, Request::InspectCsv(Box::new(inspect)), vec![head]).await?.0
    else {
        return Err(unexpected());
    };
    Ok(InspectedFiles::Csv { name: name.clone(), n_bytes, proposal })
}

/// Imports dropped files and stores the dataset.
pub(super) async fn files(
    engine: &mut Engine,
    call: &Call,
    request: ImportFiles,
    handles: &[File],
) -> Result<StoredImport, EngineError> {
    let start = clock::now_ms();
    let format = match request.format {
        ImportFormat::Csv { .. } => "csv",
        ImportFormat::Omop => "omop",
        ImportFormat::Fhir => "fhir",
    };
    let begin = ImportBegin {
        name: request.name,
        format: request.format,
        source: DatasetSource { format: format.to_owned(), files: request.names.clone(), ..DatasetSource::default() },
        secret: meta::secret(meta::INTAKE_SECRET).await.map_err(storage)?,
        dates: request.dates,
        holds_no_identifiers: false,
    };
    step(engine, call, Request::ImportBegin(Box::new(begin)), Vec::new())?;
    let read = read_all(engine, call, &request.names, handles).await;
    let finished = match read {
        Ok(()) => finish(engine, call).await,
        Err(error) => Err(error),
    };
    match finished {
        Ok(mut stored) => {
            stored.report.seconds = (clock::now_ms() - start) / 1000.0;
            Ok(stored)
        }
        Err(error) => {
            // Whatever went wrong is the answer; giving up the half import cannot fail in a way that matters more.
            drop(step(engine, call, Request::ImportAbort(Box::new(ImportAbort {})), Vec::new()));
            Err(error)
        }
    }
}

async fn read_all(engine: &mut Engine, call: &Call, names: &[String], handles: &[File]) -> Result<(), EngineError> {
    let total: f64 = handles.iter().map(|f| f.size()).sum::<f64>().max(1.0);
    let mut done = 0.0;
    for (name, file) in names.iter().zip(handles) {
        let begin = ImportFile { name: name.clone() };
        step(engine, call, Request::ImportFile(Box::new(begin)), Vec::new())?;
        let size = file.size();
        let mut at = 0.0;
        // The next piece is read from disk while this one is parsed.
        let mut next = Some(files::start_read(file, 0.0, SLICE.min(size)));
        while let Some(reading) = next.take() {
            let bytes = reading.await.map_err(storage)?;
            at = (at + SLICE).min(size);
            let last = at >= size;
            if !last {
                next = Some(files::start_read(file, at, (at + SLICE).min(size)));
            }
            if call.is_cancelled() || !call.tick((done + at) / total * 0.9, &format!("Reading {name}")) {
                return Err(EngineError::Cancelled);
            }
            step(engine, call, Request::ImportBytes(Box::new(ImportBytes { last })), vec![bytes])?;
        }
        done += size;
    }
    Ok(())
}

/// Ends an import and stores what it gave.
pub(super) async fn finish(engine: &mut Engine, call: &Call) -> Result<StoredImport, EngineError> {
    call.tick(0.92, "Building columns");
    let (reply, chunks) = step(engine, call, Request::ImportFinish(Box::new(ImportFinish {})), Vec::new())?;
    let Reply::ImportFinish(imported) = reply else {
        return Err(unexpected());
    };
    if call.is_cancelled() {
        engine.close(&imported.header.id);
        return Err(EngineError::Cancelled);
    }
    call.tick(0.96, "Storing on this device");
    keep(engine, *imported, chunks).await
}

async fn keep(engine: &mut Engine, imported: Imported, chunks: Vec<Vec<u8>>) -> Result<StoredImport, EngineError> {
    let Imported { header, report } = imported;
    if let Some(there) = datasets::header(&header.id).await.map_err(storage)? {
        engine.close(&header.id);
        return Ok(StoredImport { header: there, report, already_there: true, truth: Vec::new() });
    }
    if let Err(error) = datasets::store(&header, chunks).await {
        engine.close(&header.id);
        return Err(storage(error));
    }
    Ok(StoredImport { header, report, already_there: false, truth: Vec::new() })
}

async fn read_rounds(
    engine: &mut Engine,
    call: &Call,
    file: &File,
    header_only: bool,
) -> Result<(Imported, Vec<Vec<u8>>), EngineError> {
    let bytes = files::start_read(file, 0.0, file.size()).await.map_err(storage)?;
    let request = Request::ReadRounds(Box::new(ReadRounds { header_only }));
    let (reply, chunks) = step(engine, call, request, vec![bytes])?;
    match reply {
        Reply::ReadRounds(imported) => Ok((*imported, chunks)),
        _ => Err(unexpected()),
    }
}

/// Imports a `.rounds` file.
pub(super) async fn rounds(engine: &mut Engine, call: &Call, handles: &[File]) -> Result<StoredImport, EngineError> {
    let [file] = handles else {
        return Err(EngineError::invalid("Choose one .rounds file."));
    };
    call.tick(0.1, "Reading the file");
    let (imported, chunks) = read_rounds(engine, call, file, false).await?;
    call.tick(0.7, "Storing on this device");
    keep(engine, imported, chunks).await
}
