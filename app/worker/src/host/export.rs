//! A stored dataset out again, as files.

use engine::Engine;
use protocol::{EngineError, ExportDataset, ExportFormat, ExportStored, HostExported, HostReply, Reply, Request};
use web::{clock, meta};

use super::{HostDone, storage, unexpected};
use crate::queue::{Call, ask};

/// Exports a stored dataset.
pub(super) async fn export(engine: &mut Engine, call: &Call, request: &ExportStored) -> Result<HostDone, EngineError> {
    let inner = ExportDataset { dataset: request.dataset.clone(), format: request.format };
    let (reply, bulk) = ask(engine, call, Request::ExportDataset(Box::new(inner)), Vec::new()).await?;
    let Reply::ExportDataset(files) = reply else {
        return Err(unexpected());
    };
    if request.format == ExportFormat::Rounds {
        let name = files.names.first().map_or("", String::as_str);
        meta::set(meta::LAST_BACKUP, &format!("{} ({name})", clock::today())).await.map_err(storage)?;
    }
    Ok((HostReply::ExportStored(Box::new(HostExported { names: files.names.clone() })), bulk))
}
