//! Datasets in memory.

use cohort::Index;
#[cfg(any(feature = "desk", feature = "studies"))]
use cohort::Source;
use columnar::Dataset;
#[cfg(feature = "files")]
use columnar::file;
use model::dataset::{ChunkHeader, DatasetHeader};
#[cfg(feature = "files")]
use model::intake::IntakeReport;
use protocol::{EngineError, LoadDataset};
#[cfg(feature = "files")]
use protocol::{Imported, ReadRounds};

use crate::{Bulk, Engine, error};

/// A dataset in memory, with what is looked up in it again and again.
pub(crate) struct OpenDataset {
    pub header: DatasetHeader,
    pub data: Dataset,
    #[cfg_attr(
        not(any(feature = "desk", feature = "studies")),
        expect(dead_code, reason = "made all the same: what cannot be indexed is no dataset")
    )]
    pub index: Index,
}

#[cfg(any(feature = "desk", feature = "studies"))]
impl OpenDataset {
    /// The dataset as cohorts and studies see it.
    pub(crate) fn source(&self) -> Source<'_> {
        Source { data: &self.data, index: &self.index, header: Some(&self.header) }
    }
}

/// Keeps a dataset in memory.
pub(crate) fn open(engine: &mut Engine, header: DatasetHeader, data: Dataset) -> Result<(), EngineError> {
    let index = Index::new(&data).map_err(error::cohort)?;
    engine.datasets.insert(header.id.clone(), OpenDataset { header, data, index });
    Ok(())
}

/// Every chunk of a header, in its order.
pub(crate) fn chunks(header: &DatasetHeader) -> impl Iterator<Item = &ChunkHeader> {
    header.tables.iter().flat_map(|t| &t.columns).flat_map(|c| &c.chunks)
}

/// Puts a stored dataset into memory.
pub(crate) fn load(engine: &mut Engine, request: LoadDataset, bulk: &Bulk) -> Result<(), EngineError> {
    let header = request.header;
    let data = unpack(&header, bulk)?;
    open(engine, header, data)
}

fn unpack(header: &DatasetHeader, bulk: &Bulk) -> Result<Dataset, EngineError> {
    let mut unpack = intake::Unpack::new(header).map_err(|e| error::unpack(&e))?;
    for (chunk, bytes) in chunks(header).zip(bulk) {
        unpack.push(&chunk.key, bytes).map_err(|e| error::unpack(&e))?;
    }
    unpack.finish().map_err(|e| error::unpack(&e))
}

/// Reads a `.rounds` file into memory; the chunks come back to be stored.
#[cfg(feature = "files")]
pub(crate) fn read_rounds(
    engine: &mut Engine,
    request: &ReadRounds,
    bulk: &Bulk,
) -> Result<(Imported, Bulk), EngineError> {
    let bytes = bulk.first().ok_or_else(|| EngineError::invalid("The .rounds file has no bytes."))?;
    let broken = |error: file::FileError| EngineError::invalid(error::sentence(&error.to_string()));
    let mut reader = file::read(std::io::Cursor::new(bytes)).map_err(broken)?;
    let header: DatasetHeader = model::json::read(&String::from_utf8_lossy(reader.header())).map_err(|error| {
        EngineError::invalid(format!("The header of this .rounds file cannot be read ({error}). Export it again."))
    })?;
    let report = IntakeReport {
        format: "rounds".to_owned(),
        persons: header.n_persons,
        rows_read: header.rows_kept,
        rows_kept: header.rows_kept,
        ..IntakeReport::default()
    };
    if request.header_only {
        return Ok((Imported { header, report, review: None }, Bulk::new()));
    }
    let mut parts = Bulk::new();
    for chunk in chunks(&header) {
        parts.push(reader.entry(&chunk.key).map_err(broken)?);
    }
    if intake::dataset_id(&header.tables) != header.id {
        return Err(EngineError::invalid(
            "This .rounds file is not what its header says: the id does not fit the parts. Export it again.",
        ));
    }
    let data = unpack(&header, &parts)?;
    open(engine, header.clone(), data)?;
    Ok((Imported { header, report, review: None }, parts))
}
