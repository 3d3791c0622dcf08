//! Datasets out again: one `.rounds` file, or a file a table that other tools open.

use columnar::{chunk, export as tables, file};
use model::dataset::DatasetHeader;
use protocol::{EngineError, ExportDataset, ExportFormat, ExportedFiles};

use crate::datasets::{OpenDataset, chunks};
use crate::{Bulk, Engine, error};

/// Exports a dataset.
pub(crate) fn export(engine: &Engine, request: &ExportDataset) -> Result<(ExportedFiles, Bulk), EngineError> {
    let open = engine.dataset(&request.dataset)?;
    let name = file_name(&open.header.name);
    match request.format {
        ExportFormat::Rounds => Ok((ExportedFiles { names: vec![format!("{name}.rounds")] }, vec![rounds(open)?])),
        ExportFormat::Csv => each_table(open, &name, "csv", |table| {
            let mut bytes = Vec::new();
            tables::csv(table, &mut bytes).map_err(|e| internal(&e.to_string()))?;
            Ok(bytes)
        }),
        ExportFormat::Arrow => {
            each_table(open, &name, "arrow", |table| tables::arrow(table).map_err(|e| internal(&e.to_string())))
        }
        #[cfg(feature = "parquet")]
        ExportFormat::Parquet => {
            each_table(open, &name, "parquet", |table| tables::parquet(table).map_err(|e| internal(&e.to_string())))
        }
        #[cfg(not(feature = "parquet"))]
        ExportFormat::Parquet => Err(EngineError::invalid(
            "Parquet files are written on the command line only (rounds export --format parquet): export as .rounds or CSV here.",
        )),
    }
}

fn internal(message: &str) -> EngineError {
    EngineError::Internal { message: error::sentence(message) }
}

/// A file name that every system takes.
fn file_name(name: &str) -> String {
    let kept: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    let parts: Vec<&str> = kept.split('-').filter(|p| !p.is_empty()).collect();
    if parts.is_empty() { "dataset".to_owned() } else { parts.join("-") }
}

fn each_table(
    open: &OpenDataset,
    name: &str,
    extension: &str,
    write: impl Fn(&columnar::Table) -> Result<Vec<u8>, EngineError>,
) -> Result<(ExportedFiles, Bulk), EngineError> {
    let mut names = Vec::new();
    let mut bulk = Bulk::new();
    for (table_name, table) in &open.data.tables {
        names.push(format!("{name}-{table_name}.{extension}"));
        bulk.push(write(table)?);
    }
    Ok((ExportedFiles { names }, bulk))
}

/// A `.rounds` file of a header and its chunks, as `ImportFinish` gives them.
pub(crate) fn rounds_file(header: &DatasetHeader, bulk: &Bulk) -> Result<Vec<u8>, EngineError> {
    let bytes = serde_json::to_vec(header).map_err(|e| internal(&e.to_string()))?;
    let parts = chunks(header).zip(bulk).map(|(chunk, bytes)| (chunk.key.as_str(), bytes.as_slice()));
    file::to_bytes(&bytes, parts).map_err(|e| internal(&e.to_string()))
}

/// The header and the chunks that were stored, byte for byte: each is encoded again from its rows, which gives the same
/// bytes (the digests in the header are checked).
fn rounds(open: &OpenDataset) -> Result<Vec<u8>, EngineError> {
    let header = serde_json::to_vec(&open.header).map_err(|e| internal(&e.to_string()))?;
    let mut parts: Vec<(String, Vec<u8>)> = Vec::new();
    for table in open.data.tables.values() {
        for (name, column) in table.columns() {
            for (first, n) in chunk::runs(table.n_rows()) {
                let bytes = chunk::encode_rows(name, column, first, n).map_err(|e| internal(&e.to_string()))?;
                parts.push((String::new(), bytes));
            }
        }
    }
    for (part, chunk) in parts.iter_mut().zip(chunks(&open.header)) {
        if part.1.len() as u64 != chunk.n_bytes {
            return Err(internal("the columns in memory are not those that were stored. Reload the page."));
        }
        part.0.clone_from(&chunk.key);
    }
    file::to_bytes(&header, parts.iter().map(|(key, bytes)| (key.as_str(), bytes.as_slice())))
        .map_err(|e| internal(&e.to_string()))
}
