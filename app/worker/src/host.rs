//! What the worker does around the engine: storage and files.

#[cfg(feature = "desk")]
mod export;
#[cfg(feature = "files")]
mod files;
#[cfg(any(feature = "files", feature = "studies"))]
mod import;
#[cfg(feature = "desk")]
mod literature;
#[cfg(feature = "files")]
mod pieces;
#[cfg(feature = "files")]
mod readers;
#[cfg(feature = "files")]
mod review;
#[cfg(any(feature = "files", feature = "studies"))]
mod samples;
#[cfg(feature = "files")]
mod tables;

use engine::Engine;
use model::dataset::DatasetId;
use protocol::{EngineError, HostReply, HostRequest, LoadDataset, Reply, Request};
use web::{WebError, datasets};

use crate::queue::{Attachments, Call};

/// A reply and the bulk beside it.
pub(crate) type HostDone = (HostReply, Vec<Vec<u8>>);

/// Does what a host request asks.
pub(crate) async fn handle(
    engine: &mut Engine,
    call: &Call,
    request: HostRequest,
    #[cfg_attr(
        not(any(feature = "desk", feature = "files")),
        expect(unused_variables, reason = "files go to the other workers")
    )]
    attachments: Attachments,
) -> Result<HostDone, EngineError> {
    let plain = |reply: HostReply| (reply, Vec::new());
    match request {
        HostRequest::ListDatasets(_) => {
            let headers = datasets::list_headers().await.map_err(storage)?;
            Ok(plain(HostReply::ListDatasets(Box::new(headers))))
        }
        #[cfg(feature = "files")]
        HostRequest::InspectFiles(ask) => {
            let found = files::inspect(engine, call, &ask, &attachments.files).await?;
            Ok(plain(HostReply::InspectFiles(Box::new(found))))
        }
        #[cfg(feature = "files")]
        HostRequest::ImportFiles(ask) => {
            let stored = files::import(engine, call, *ask, &attachments.files).await?;
            Ok(plain(HostReply::ImportFiles(Box::new(stored))))
        }
        #[cfg(feature = "files")]
        HostRequest::PrepareImport(ask) => {
            let prepared = review::prepare(engine, call, *ask, &attachments.files).await?;
            Ok(plain(HostReply::PrepareImport(Box::new(prepared))))
        }
        #[cfg(feature = "files")]
        HostRequest::ReadPieces(ask) => {
            let parcel = pieces::read(call, &ask, &attachments.files).await?;
            Ok((HostReply::ReadPieces(Box::new(())), vec![parcel]))
        }
        #[cfg(feature = "files")]
        HostRequest::StorePrepared(_) => {
            let stored = review::store(engine, call).await?;
            Ok(plain(HostReply::StorePrepared(Box::new(stored))))
        }
        #[cfg(feature = "files")]
        HostRequest::DiscardPrepared(_) => {
            call.hold(None);
            Ok(plain(HostReply::DiscardPrepared(Box::new(()))))
        }
        #[cfg(feature = "studies")]
        HostRequest::OpenSample(ask) => {
            let stored = samples::open(engine, call, &ask).await?;
            Ok(plain(HostReply::OpenSample(Box::new(stored))))
        }
        #[cfg(not(feature = "studies"))]
        HostRequest::OpenSample(_) => {
            Err(EngineError::Internal { message: "this was asked of the wrong worker.".to_owned() })
        }
        #[cfg(feature = "files")]
        HostRequest::OpenMadeSample(ask) => {
            let stored = samples::make(engine, call, &ask).await?;
            Ok(plain(HostReply::OpenMadeSample(Box::new(stored))))
        }
        #[cfg(feature = "files")]
        HostRequest::ImportRounds(_) => {
            let stored = files::rounds(engine, call, &attachments.files).await?;
            Ok(plain(HostReply::ImportRounds(Box::new(stored))))
        }
        HostRequest::RenameDataset(ask) => {
            datasets::rename(&ask.dataset, &ask.name).await.map_err(storage)?;
            // Its header in memory has the old name: the next call that names it loads it anew.
            engine.close(&ask.dataset);
            Ok(plain(HostReply::RenameDataset(Box::new(()))))
        }
        HostRequest::DeleteDataset(ask) => {
            datasets::delete(&ask.dataset).await.map_err(storage)?;
            engine.close(&ask.dataset);
            Ok(plain(HostReply::DeleteDataset(Box::new(()))))
        }
        #[cfg(feature = "desk")]
        HostRequest::ReadCitations(ask) => {
            let read = literature::read(engine, call, &ask, &attachments.files).await?;
            Ok(plain(HostReply::ReadCitations(Box::new(read))))
        }
        #[cfg(feature = "desk")]
        HostRequest::ExportStored(ask) => export::export(engine, call, &ask).await,
        HostRequest::StorageState(ask) => {
            let info = web::storage::info(ask.ask_persistence).await.map_err(storage)?;
            Ok(plain(HostReply::StorageState(Box::new(info))))
        }
    }
}

/// Storage errors in the engine's words.
#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
pub(crate) fn storage(error: WebError) -> EngineError {
    EngineError::Storage { message: error.to_string() }
}

/// Whether a dataset is stored no more, or not as it is in memory.
#[cfg(any(feature = "desk", feature = "files"))]
pub(crate) async fn is_changed(engine: &Engine, id: &DatasetId) -> Result<bool, EngineError> {
    Ok(datasets::header(id).await.map_err(storage)?.as_ref() != engine.header(id))
}

/// Loads a stored dataset into memory.
pub(crate) async fn load(engine: &mut Engine, call: &Call, id: &DatasetId) -> Result<(), EngineError> {
    let header = datasets::header(id)
        .await
        .map_err(storage)?
        .ok_or_else(|| EngineError::NotFound { what: "This dataset".to_owned() })?;
    let chunks = datasets::chunks(&header).await.map_err(storage)?;
    step(engine, call, Request::LoadDataset(Box::new(LoadDataset { header })), chunks)?;
    Ok(())
}

/// Asks the engine something that needs no stored dataset.
pub(crate) fn step(
    engine: &mut Engine,
    call: &Call,
    request: Request,
    bulk: Vec<Vec<u8>>,
) -> Result<(Reply, Vec<Vec<u8>>), EngineError> {
    engine::handle(engine, request, bulk, &mut |fraction: f64, doing: &str| call.tick(fraction, doing))
}

/// The engine answered another question than was asked: a bug.
pub(crate) fn unexpected() -> EngineError {
    EngineError::Internal { message: "the engine answered another question than was asked.".to_owned() }
}
