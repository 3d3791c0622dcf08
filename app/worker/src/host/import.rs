//! What every import ends with: columns are built and stored.

use engine::Engine;
use protocol::{EngineError, ImportFinish, Imported, Reply, Request, StoredImport};
use web::datasets;

use super::{storage, unexpected};
use crate::queue::Call;

/// How far an import is when its dataset is made and not yet stored.
pub(super) const BUILT: f64 = 0.96;
/// How far it is when its columns are built, where nothing is left of its notes.
pub(super) const READ: f64 = 0.92;

/// Ends an import that is so far; what it gave is in memory only.
pub(super) fn built(engine: &mut Engine, call: &Call, from: f64) -> Result<(Imported, Vec<Vec<u8>>), EngineError> {
    call.tick(from, "Building columns");
    let mut tick = |share: f64, doing: &str| call.tick(from + (BUILT - from) * share, doing);
    let (reply, chunks) =
        engine::handle(engine, Request::ImportFinish(Box::new(ImportFinish {})), Vec::new(), &mut tick)?;
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
    let (imported, chunks) = built(engine, call, READ)?;
    call.tick(BUILT, "Storing on this device");
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
