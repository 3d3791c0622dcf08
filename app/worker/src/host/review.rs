//! An import that waits for the user's word: read and screened, held in memory, stored only when the user says so.

use engine::Engine;
use protocol::{EngineError, PrepareImport, PreparedImport, StoredImport};
use web_sys::File;

use super::files;
use super::import::keep;
use crate::queue::{Call, Held};

/// Reads files and holds the dataset. What was held before is let go first, so that there are never two in memory.
pub(super) async fn prepare(
    engine: &mut Engine,
    call: &Call,
    request: PrepareImport,
    handles: &[File],
) -> Result<PreparedImport, EngineError> {
    call.hold(None);
    let (mut imported, chunks) = files::read(engine, call, request.import, handles, true).await?;
    // Columns are not needed before the dataset is opened: the chunks hold it all.
    engine.close(&imported.header.id);
    let prepared = PreparedImport {
        name: imported.header.name.clone(),
        report: imported.report.clone(),
        review: imported.review.take().unwrap_or_default(),
    };
    call.hold(Some(Held { imported, chunks }));
    Ok(prepared)
}

/// Stores what is held. If storage refuses it is let go: the files are still the user's.
pub(super) async fn store(engine: &mut Engine, call: &Call) -> Result<StoredImport, EngineError> {
    let Some(Held { imported, chunks }) = call.take_held() else {
        return Err(EngineError::invalid("No import waits to be stored. Import the files again."));
    };
    call.tick(0.5, "Storing on this device");
    keep(engine, imported, chunks).await
}
