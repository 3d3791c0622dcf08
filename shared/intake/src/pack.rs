//! A dataset in memory to its header and chunks, and back.

use std::collections::BTreeMap;

use columnar::{Column, Dataset, Table, chunk};
use model::dataset::{
    ChunkHeader, ColumnHeader, ColumnKind, ColumnRole, DATASET_SCHEMA_VERSION, DatasetHeader, DatasetId, TableHeader,
};
use model::intake::{IntakeReport, ScreenReview};
use sha2::{Digest as _, Sha256};

use crate::IntakeError;

/// One chunk as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// [`ChunkHeader::key`].
    pub key: String,
    /// An Arrow IPC file.
    pub bytes: Vec<u8>,
}

/// What an import gives.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The tables in memory; none where they were let go ([`crate::Settings::keep_tables`]).
    pub dataset: Dataset,
    /// The header to store.
    pub header: DatasetHeader,
    /// The chunks to store.
    pub chunks: Vec<Chunk>,
    /// What happened.
    pub report: IntakeReport,
    /// What the identifier screen replaced, where it was asked for: never stored.
    pub review: ScreenReview,
    /// Keys of resources that say that they are no event (any more): what a dataset holds of them goes when this is added to
    /// it. Never stored.
    pub withdrawn: Vec<f64>,
}

/// Words about a column beside its values.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ColumnMeta {
    /// Words for people.
    pub label: String,
    /// Role in a study.
    pub role: ColumnRole,
    /// Unit.
    pub unit: Option<String>,
}

/// The tables' headers and chunks of a dataset. `meta` gives the words about a column by table and column name.
///
/// # Errors
/// If a column has more levels than a dictionary can number.
pub fn pack(
    dataset: &Dataset,
    mut meta: impl FnMut(&str, &str) -> ColumnMeta,
) -> Result<(Vec<TableHeader>, Vec<Chunk>), IntakeError> {
    let mut tables = Vec::new();
    let mut chunks = Vec::new();
    for (name, table) in &dataset.tables {
        let mut columns = Vec::new();
        for (place, (column_name, column)) in table.columns().iter().enumerate() {
            columns.push(pack_column((name, place), column_name, column, &mut meta, &mut chunks)?);
        }
        tables.push(TableHeader { name: name.clone(), n_rows: table.n_rows() as u64, columns });
    }
    Ok((tables, chunks))
}

/// Packs a column: `table` and `place` are where it stands.
fn pack_column(
    (table, place): (&str, usize),
    name: &str,
    column: &Column,
    meta: &mut Meta<'_>,
    all: &mut Vec<Chunk>,
) -> Result<ColumnHeader, IntakeError> {
    let mut chunks = Vec::new();
    for (i, (first, n)) in chunk::runs(column.len()).enumerate() {
        let bytes = chunk::encode_rows(name, column, first, n).map_err(|e| IntakeError::Pack(e.to_string()))?;
        let key = format!("{table}/{place}/{i}.arrow");
        chunks.push(ChunkHeader {
            key: key.clone(),
            n_rows: n as u64,
            n_bytes: bytes.len() as u64,
            blake3: Some(blake3::hash(&bytes).to_hex().to_string()),
            sha256: None,
        });
        all.push(Chunk { key, bytes });
    }
    let ColumnMeta { label, role, unit } = meta(table, name);
    Ok(ColumnHeader { name: name.to_owned(), label, kind: kind_of(column), role, unit, chunks })
}

/// Words about a column by table and column name.
type Meta<'a> = dyn FnMut(&str, &str) -> ColumnMeta + 'a;

/// Packs the tables of an import one after the other, in any order. Where the tables are not kept, each column is let go
/// when it is packed: memory then never holds all columns twice.
pub(crate) struct Packer<'a> {
    keeps: bool,
    meta: Box<Meta<'a>>,
    tables: BTreeMap<String, (TableHeader, Vec<Chunk>)>,
    dataset: Dataset,
}

/// What was packed, by the names of the tables.
pub(crate) struct Packed {
    pub(crate) tables: Vec<TableHeader>,
    pub(crate) chunks: Vec<Chunk>,
    /// The tables, where they are kept.
    pub(crate) dataset: Dataset,
}

impl<'a> Packer<'a> {
    /// `meta` gives the words about a column by table and column name.
    pub(crate) fn new(keeps: bool, meta: impl FnMut(&str, &str) -> ColumnMeta + 'a) -> Self {
        Self { keeps, meta: Box::new(meta), tables: BTreeMap::new(), dataset: Dataset::default() }
    }

    /// Packs a table.
    pub(crate) fn table(&mut self, name: &str, table: Table) -> Result<(), IntakeError> {
        let n_rows = table.n_rows() as u64;
        let (mut columns, mut chunks) = (Vec::new(), Vec::new());
        if self.keeps {
            for (place, (column_name, column)) in table.columns().iter().enumerate() {
                columns.push(pack_column((name, place), column_name, column, &mut self.meta, &mut chunks)?);
            }
            self.dataset.insert(name, table);
        } else {
            for (place, (column_name, column)) in table.into_columns().into_iter().enumerate() {
                columns.push(pack_column((name, place), &column_name, &column, &mut self.meta, &mut chunks)?);
            }
        }
        self.tables.insert(name.to_owned(), (TableHeader { name: name.to_owned(), n_rows, columns }, chunks));
        Ok(())
    }

    pub(crate) fn finish(self) -> Packed {
        let (mut tables, mut chunks) = (Vec::new(), Vec::new());
        for (table, mut of_table) in self.tables.into_values() {
            tables.push(table);
            chunks.append(&mut of_table);
        }
        Packed { tables, chunks, dataset: self.dataset }
    }
}

/// The id of a dataset: first 16 hexadecimal digits of the SHA-256 over the sorted digests of its chunks.
#[must_use]
pub fn dataset_id(tables: &[TableHeader]) -> DatasetId {
    let mut digests: Vec<&str> =
        tables.iter().flat_map(|t| &t.columns).flat_map(|c| &c.chunks).map(ChunkHeader::digest).collect();
    crate::order::sort(&mut digests);
    let mut hasher = Sha256::new();
    for digest in digests {
        hasher.update(digest.as_bytes());
    }
    let mut id = hex::encode(hasher.finalize());
    id.truncate(16);
    DatasetId(id)
}

fn kind_of(column: &Column) -> ColumnKind {
    match column {
        Column::Number(_) => ColumnKind::Number,
        Column::Day(_) => ColumnKind::Day,
        Column::Category(_) => ColumnKind::Category,
        Column::Text(_) => ColumnKind::Text,
        Column::Index(_) => ColumnKind::Index,
    }
}

/// Why stored chunks are no dataset.
#[derive(Debug, thiserror::Error)]
pub enum UnpackError {
    /// Written by a newer build.
    #[error(
        "the dataset was written by a newer version of Rounds (format {found}; this version reads up to {known}). Update Rounds and open it again."
    )]
    Version {
        /// Version found.
        found: u32,
        /// Version known.
        known: u32,
    },
    /// A chunk that is not there.
    #[error("the part '{0}' of the dataset is missing; import the data again or restore a backup")]
    Missing(String),
    /// A chunk with other bytes than the header says.
    #[error("the part '{0}' of the dataset is damaged (its digest does not fit); import again or restore a backup")]
    Damaged(String),
    /// A chunk that the header does not name, or that came twice.
    #[error("the part '{0}' does not belong to the dataset, or came twice")]
    Unknown(String),
    /// A chunk that is no column of what the header says.
    #[error("the part '{key}' of the dataset cannot be read: {reason}")]
    Content {
        /// Key.
        key: String,
        /// Why.
        reason: String,
    },
    /// Columns that are no table.
    #[error("the table '{table}' of the dataset cannot be put together: {reason}")]
    Table {
        /// Table.
        table: String,
        /// Why.
        reason: String,
    },
}

/// Puts a dataset together from chunks that come in any order, each verified against the header.
pub struct Unpack<'a> {
    header: &'a DatasetHeader,
    parts: BTreeMap<&'a str, (&'a ColumnHeader, &'a ChunkHeader, Option<Column>)>,
}

impl<'a> Unpack<'a> {
    /// Begins with the header.
    ///
    /// # Errors
    /// If the header is of a newer version or names a chunk twice.
    pub fn new(header: &'a DatasetHeader) -> Result<Self, UnpackError> {
        if header.schema_version > DATASET_SCHEMA_VERSION {
            return Err(UnpackError::Version { found: header.schema_version, known: DATASET_SCHEMA_VERSION });
        }
        let mut parts = BTreeMap::new();
        for column in header.tables.iter().flat_map(|t| &t.columns) {
            for chunk in &column.chunks {
                if parts.insert(chunk.key.as_str(), (column, chunk, None)).is_some() {
                    return Err(UnpackError::Unknown(chunk.key.clone()));
                }
            }
        }
        Ok(Self { header, parts })
    }

    /// Takes a chunk.
    ///
    /// # Errors
    /// If the header does not name it, or its digest, kind or number of rows is another.
    pub fn push(&mut self, key: &str, bytes: &[u8]) -> Result<(), UnpackError> {
        let Some((column, chunk, place)) = self.parts.get_mut(key) else {
            return Err(UnpackError::Unknown(key.to_owned()));
        };
        if place.is_some() {
            return Err(UnpackError::Unknown(key.to_owned()));
        }
        *place = Some(verified(column, chunk, bytes)?);
        Ok(())
    }

    /// The dataset.
    ///
    /// # Errors
    /// If a chunk is missing or columns of a table have different lengths.
    pub fn finish(mut self) -> Result<Dataset, UnpackError> {
        let mut dataset = Dataset::default();
        for table in &self.header.tables {
            let mut columns = Vec::with_capacity(table.columns.len());
            for column in &table.columns {
                let mut pieces = Vec::with_capacity(column.chunks.len());
                for chunk in &column.chunks {
                    let piece = self.parts.get_mut(chunk.key.as_str()).and_then(|(_, _, place)| place.take());
                    pieces.push(piece.ok_or_else(|| UnpackError::Missing(chunk.key.clone()))?);
                }
                columns.push((column.name.clone(), joined(&table.name, pieces)?));
            }
            let made = Table::new(columns)
                .map_err(|e| UnpackError::Table { table: table.name.clone(), reason: e.to_string() })?;
            if made.n_rows() as u64 != table.n_rows && !table.columns.is_empty() {
                let reason = format!("{} rows where the header says {}", made.n_rows(), table.n_rows);
                return Err(UnpackError::Table { table: table.name.clone(), reason });
            }
            dataset.insert(table.name.clone(), made);
        }
        Ok(dataset)
    }
}

fn joined(table: &str, pieces: Vec<Column>) -> Result<Column, UnpackError> {
    Column::concat(pieces).map_err(|e| UnpackError::Table { table: table.to_owned(), reason: e.to_string() })
}

/// Whether the bytes are those that the header names; by no digest at all they are not.
fn is_named(chunk: &ChunkHeader, bytes: &[u8]) -> bool {
    match (&chunk.blake3, &chunk.sha256) {
        (Some(digest), _) => *blake3::hash(bytes).to_hex() == **digest,
        (None, Some(digest)) => hex::encode(Sha256::digest(bytes)) == *digest,
        (None, None) => false,
    }
}

fn verified(column: &ColumnHeader, chunk: &ChunkHeader, bytes: &[u8]) -> Result<Column, UnpackError> {
    if bytes.len() as u64 != chunk.n_bytes || !is_named(chunk, bytes) {
        return Err(UnpackError::Damaged(chunk.key.clone()));
    }
    let content = |reason: String| UnpackError::Content { key: chunk.key.clone(), reason };
    let decoded = chunk::decode(bytes).map_err(|e| content(e.to_string()))?;
    if kind_of(&decoded) != column.kind {
        return Err(content(format!("it holds a {} column", decoded.kind_name())));
    }
    if decoded.len() as u64 != chunk.n_rows {
        return Err(content(format!("it holds {} rows where the header says {}", decoded.len(), chunk.n_rows)));
    }
    Ok(decoded)
}

/// One column of a stored dataset. `fetch` gives the bytes of a chunk by its key.
///
/// # Errors
/// If a chunk is missing, damaged, or not what the header says.
pub fn decode_column(
    column: &ColumnHeader,
    mut fetch: impl FnMut(&str) -> Option<Vec<u8>>,
) -> Result<Column, UnpackError> {
    let mut pieces = Vec::with_capacity(column.chunks.len());
    for chunk in &column.chunks {
        let bytes = fetch(&chunk.key).ok_or_else(|| UnpackError::Missing(chunk.key.clone()))?;
        pieces.push(verified(column, chunk, &bytes)?);
    }
    joined(&column.name, pieces)
}

/// A stored dataset. `fetch` gives the bytes of a chunk by its key.
///
/// # Errors
/// If a chunk is missing, damaged, or not what the header says.
pub fn unpack(header: &DatasetHeader, mut fetch: impl FnMut(&str) -> Option<Vec<u8>>) -> Result<Dataset, UnpackError> {
    let mut unpack = Unpack::new(header)?;
    for chunk in header.tables.iter().flat_map(|t| &t.columns).flat_map(|c| &c.chunks) {
        let bytes = fetch(&chunk.key).ok_or_else(|| UnpackError::Missing(chunk.key.clone()))?;
        unpack.push(&chunk.key, &bytes)?;
    }
    unpack.finish()
}
