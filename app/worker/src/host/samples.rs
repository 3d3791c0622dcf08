//! Samples: fetched from the page's own origin or made here, then read by intake like anybody's data.

use engine::Engine;
#[cfg(feature = "studies")]
use futures_util::future::join;
use model::dataset::DatasetSource;
#[cfg(feature = "files")]
use protocol::Reply;
use protocol::{
    DatePolicy, EngineError, ImportBegin, ImportBytes, ImportFile, ImportFormat, Request, SampleInfo, StoredImport,
    samples,
};
#[cfg(feature = "studies")]
use web::http;
use web::{clock, meta};

use super::import::finish;
#[cfg(feature = "files")]
use super::unexpected;
use super::{step, storage};
use crate::queue::Call;

/// Seed of a synthetic sample, unless the user gives one.
#[cfg(feature = "files")]
const SEED: u64 = 20_261_122;

/// Fetches a sample and stores it.
#[cfg(feature = "studies")]
pub(super) async fn open(
    engine: &mut Engine,
    call: &Call,
    ask: &protocol::OpenSample,
) -> Result<StoredImport, EngineError> {
    let start = clock::now_ms();
    let info = find(&ask.key)?;
    call.tick(0.05, "Getting the sample");
    // The secret is read while the sample is on its way.
    let (fetched, _ready) = join(fetch(&info), meta::secret(meta::INTAKE_SECRET)).await;
    let (format, files) = fetched?;
    store(engine, call, &info, format, files, start).await
}

/// Makes a synthetic sample and stores it.
#[cfg(feature = "files")]
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
        note_findings: true,
        into: None,
    };
    step(engine, call, Request::ImportBegin(Box::new(begin)), Vec::new())?;
    for (name, bytes) in files {
        let begin = ImportFile { name, n_bytes: bytes.len() as u64 };
        step(engine, call, Request::ImportFile(Box::new(begin)), Vec::new())?;
        step(engine, call, Request::ImportBytes(Box::new(ImportBytes { last: true })), vec![bytes])?;
    }
    let mut stored = finish(engine, call).await?;
    stored.report.seconds = (clock::now_ms() - start) / 1000.0;
    Ok(stored)
}

type Files = Vec<(String, Vec<u8>)>;

/// The sample and how it is read: both are asked for before either is awaited.
#[cfg(feature = "studies")]
async fn fetch(info: &SampleInfo) -> Result<(ImportFormat, Files), EngineError> {
    let (path, how) = info.file.as_deref().zip(info.mapping_file()).ok_or_else(|| not_found(&info.key))?;
    let unreachable = |error: http::HttpError| EngineError::Storage {
        message: format!("The sample could not be fetched from this page's own server. {error}"),
    };
    let (bytes, mapping) = (format!("/{path}"), format!("/{how}"));
    let (bytes, mapping) = join(http::get_bytes(&bytes), http::get_bytes(&mapping)).await;
    let (bytes, mapping) = (bytes.map_err(unreachable)?, mapping.map_err(unreachable)?);
    let mapping =
        std::str::from_utf8(&mapping).ok().and_then(|text| model::json::read(text).ok()).ok_or_else(|| {
            EngineError::Internal { message: format!("{how} does not say how the sample is read. Reload the page.") }
        })?;
    let name = path.rsplit('/').next().unwrap_or(path).to_owned();
    Ok((ImportFormat::Csv { mapping }, vec![(name, bytes)]))
}
