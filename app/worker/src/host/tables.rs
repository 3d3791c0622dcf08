//! A look at flat files, tables that belong together, workbooks and notes.

use engine::Engine;
use model::import_mapping::{TableShape, TablesProposal};
use protocol::{EngineError, FileToInspect, InspectFiles, InspectTables, InspectedFiles, Reply, Request};
use web::files;
use web_sys::File;

use super::{storage, unexpected};
use crate::queue::{Call, ask};

/// Bytes of a table that are looked at.
const HEAD: f64 = 1_048_576.0;
/// Bytes of a workbook, at most: it is read whole.
const MAX_WORKBOOK: f64 = 268_435_456.0;

/// Looks at files that are neither FHIR nor OMOP.
pub(super) async fn inspect(
    engine: &mut Engine,
    call: &Call,
    request: &InspectFiles,
    handles: &[File],
    n_bytes: u64,
) -> Result<InspectedFiles, EngineError> {
    let (mut heads, mut asked) = (Vec::with_capacity(handles.len()), Vec::with_capacity(handles.len()));
    for (name, file) in request.names.iter().zip(handles) {
        let lower = name.to_lowercase();
        let is_workbook = lower.ends_with(".xlsx") || lower.ends_with(".xlsm");
        let most = if is_workbook { MAX_WORKBOOK } else { HEAD };
        heads.push(files::start_read(file, 0.0, most.min(file.size())).await.map_err(storage)?);
        if call.is_cancelled() {
            return Err(EngineError::Cancelled);
        }
        let own = request.dialects.iter().find(|(of, _)| of == name).map(|(_, dialect)| dialect.clone());
        let dialect = own.unwrap_or_else(|| request.dialect.clone());
        asked.push(FileToInspect { name: name.clone(), complete: file.size() <= most, dialect });
    }
    let look = Request::InspectTables(Box::new(InspectTables { files: asked }));
    let Reply::InspectTables(found) = ask(engine, call, look, heads).await?.0 else {
        return Err(unexpected());
    };
    Ok(match (request.names.as_slice(), flat(&found, request)) {
        ([name], true) => {
            // A look that found one table has it.
            let proposal = found.tables.into_iter().next().map(|t| Box::new(t.proposal)).ok_or_else(unexpected)?;
            InspectedFiles::Csv { name: name.clone(), n_bytes, proposal }
        }
        _ => InspectedFiles::Tables { n_bytes, proposal: found },
    })
}

/// Whether it is one delimited file with a row a person: the plain wizard is for it.
fn flat(found: &TablesProposal, request: &InspectFiles) -> bool {
    match (found.tables.as_slice(), request.names.as_slice()) {
        ([table], [name]) if found.texts.is_empty() && !request.as_tables => {
            table.is_delimited && table.shape == TableShape::Persons && table.file == *name
        }
        _ => false,
    }
}
