//! What every import ends with: columns are built and stored.

use engine::Engine;
use protocol::{EngineError, ImportFinish, Imported, Reply, Request, StoredImport};
use web::datasets;

use super::{step, storage, unexpected};
use crate::queue::Call;

/// Ends an import; what it gave is in memory only.
pub(super) fn built(engine: &mut Engine, call: &Call) -> Result<(Imported, Vec<Vec<u8>>), EngineError> {
    call.tick(0.92, "Building columns");
    let (reply, chunks) = step(engine, call, Request::ImportFinish(Box::new(ImportFinish {})), Vec::new())?;
    let Reply::ImportFinish(imported) = reply else {
        return Err(unexpected());
    };
    if call.is_cancelled() {
        engine.close(&imported.header.id);
        return Err(EngineError::Cancelled);
    }
    Ok((*imported, chunks))
}

/// Ends an import and stores what it gave.
pub(super) async fn finish(engine: &mut Engine, call: &Call) -> Result<StoredImport, EngineError> {
    let (imported, chunks) = built(engine, call)?;
    call.tick(0.96, "Storing on this device");
    keep(engine, imported, chunks).await
}

/// Stores a dataset, unless it is on this device already.
pub(super) async fn keep(
    engine: &mut Engine,
    imported: Imported,
    chunks: Vec<Vec<u8>>,
) -> Result<StoredImport, EngineError> {
    let Imported { header, report, review: _ } = imported;
    match datasets::store(&header, chunks).await {
        Ok(None) => Ok(StoredImport { header, report, already_there: false, truth: Vec::new() }),
        Ok(Some(there)) => {
            engine.close(&header.id);
            Ok(StoredImport { header: there, report, already_there: true, truth: Vec::new() })
        }
        Err(error) => {
            engine.close(&header.id);
            Err(storage(error))
        }
    }
}
