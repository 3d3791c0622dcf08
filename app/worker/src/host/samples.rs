//! Samples: fetched from the page's own origin or made here, then read by intake like anybody's data.

use engine::Engine;
use model::dataset::DatasetSource;
use model::intake::CsvDialect;
use protocol::{
    DatePolicy, EngineError, ImportBegin, ImportBytes, ImportFile, ImportFormat, InspectCsv, OpenSample, Reply,
    Request, SampleInfo, StoredImport, sample_columns, samples,
};
use web::{clock, http, meta};

use super::import::{finish, step};
use super::{storage, unexpected};
use crate::queue::Call;

/// Seed of a synthetic sample, unless the user gives one.
#[cfg(feature = "desk")]
const SEED: u64 = 20_261_122;

/// Fetches a sample and stores it.
pub(super) async fn open(engine: &mut Engine, call: &Call, ask: &OpenSample) -> Result<StoredImport, EngineError> {
    let start = clock::now_ms();
    let info = find(&ask.key)?;
    let path = info.file.as_deref().ok_or_else(|| not_found(&ask.key))?;
    call.tick(0.05, "Getting the sample");
    let (format, files) = fetch(engine, call, path).await?;
    store(engine, call, &info, format, files, start).await
}

/// Makes a synthetic sample and stores it.
#[cfg(feature = "desk")]
pub(super) async fn make(
    engine: &mut Engine,
    call: &Call,
    ask: &protocol::OpenMadeSample,
) -> Result<StoredImport, EngineError> {
    let start = clock::now_ms();
    let info = find(&ask.key)?;
    call.tick(0.05, "Making the sample");
    let persons = ask.persons.unwrap_or_else(|| u32::try_from(info.persons).unwrap_or(u32::MAX));
    let request = protocol::MakeSample {
        name: info.key.clone(),
        persons,
        seed: ask.seed.unwrap_or(SEED),
        format: protocol::SampleFormat::Omop,
    };
    let (reply, bulk) = step(engine, call, Request::MakeSample(Box::new(request)), Vec::new())?;
    let Reply::MakeSample(made) = reply else {
        return Err(unexpected());
    };
    let files = made.names.into_iter().zip(bulk).collect();
    let mut stored = store(engine, call, &info, ImportFormat::Omop, files, start).await?;
    stored.truth = made.truth;
    Ok(stored)
}

fn find(key: &str) -> Result<SampleInfo, EngineError> {
    samples().into_iter().find(|s| s.key == key).ok_or_else(|| not_found(key))
}

fn not_found(key: &str) -> EngineError {
    EngineError::NotFound { what: format!("The sample '{key}'") }
}

/// Reads the files as anybody's and stores what they hold.
async fn store(
    engine: &mut Engine,
    call: &Call,
    info: &SampleInfo,
    format: ImportFormat,
    files: Files,
    start: f64,
) -> Result<StoredImport, EngineError> {
    let begin = ImportBegin {
        name: info.title.clone(),
        format,
        source: DatasetSource {
            format: "sample".to_owned(),
            files: files.iter().map(|(name, _)| name.clone()).collect(),
            citation: Some(info.source.clone()),
            licence: Some(info.licence.clone()),
            url: None,
        },
        secret: meta::secret(meta::INTAKE_SECRET).await.map_err(storage)?,
        // The real samples hold no dates and no identifiers, and those of the synthetic one belong to nobody.
        dates: DatePolicy::Keep,
        text: protocol::TextPolicy::default(),
        review: false,
        this_year: None,
        holds_no_identifiers: true,
    };
    step(engine, call, Request::ImportBegin(Box::new(begin)), Vec::new())?;
    for (name, bytes) in files {
        step(engine, call, Request::ImportFile(Box::new(ImportFile { name })), Vec::new())?;
        step(engine, call, Request::ImportBytes(Box::new(ImportBytes { last: true })), vec![bytes])?;
    }
    let mut stored = finish(engine, call).await?;
    stored.report.seconds = (clock::now_ms() - start) / 1000.0;
    Ok(stored)
}

type Files = Vec<(String, Vec<u8>)>;

async fn fetch(engine: &mut Engine, call: &Call, path: &str) -> Result<(ImportFormat, Files), EngineError> {
    let bytes = http::get_bytes(&format!("/{path}")).await.map_err(|error| EngineError::Storage {
        message: format!("The sample could not be fetched from this page's own server. {error}"),
    })?;
    let name = path.rsplit('/').next().unwrap_or(path).to_owned();
    let inspect = Request::InspectCsv(Box::new(InspectCsv {
        file_name: name.clone(),
        complete: true,
        dialect: CsvDialect::default(),
    }));
    let Reply::InspectCsv(proposal) = step(engine, call, inspect, vec![bytes.clone()])?.0 else {
        return Err(unexpected());
    };
    let mut mapping = proposal.mapping;
    for column in &mut mapping.columns {
        if let Some((_, label, unit)) = sample_columns().iter().find(|(name, _, _)| *name == column.name) {
            (*label).clone_into(&mut column.label);
            column.unit = unit.map(str::to_owned);
        }
    }
    Ok((ImportFormat::Csv { mapping }, vec![(name, bytes)]))
}
