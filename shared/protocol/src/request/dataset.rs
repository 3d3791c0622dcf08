//! Datasets in memory: put there, described, searched, exported.

use model::dataset::{DatasetHeader, DatasetId};
use serde::{Deserialize, Serialize};

/// Read a `.rounds` file into memory. Attachment 0: its bytes. Reply attachments: the chunks, in the header's order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReadRounds {
    /// Only look at the header; nothing is kept in memory and no chunks come back.
    pub header_only: bool,
}

/// Put a stored dataset into memory. Attachments: the chunks, in the order of the header.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LoadDataset {
    /// Its header.
    pub header: DatasetHeader,
}

/// Take a dataset out of memory.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnloadDataset {
    /// Which.
    pub dataset: DatasetId,
}

/// What is in a dataset.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DescribeDataset {
    /// Which.
    pub dataset: DatasetId,
}

/// What is in a dataset.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DatasetContents {
    /// Its header.
    pub header: DatasetHeader,
    /// Variables of a flat file.
    pub variables: Vec<VariableInfo>,
    /// Events by domain.
    pub domains: Vec<DomainCount>,
    /// The most frequent concepts (at most 200).
    pub concepts: Vec<ConceptCount>,
    /// First and last day of any event (ISO dates, as shifted).
    pub span: Option<(String, String)>,
    /// Bytes in storage.
    pub n_bytes: u64,
    /// Whether descendants of concepts are known.
    pub has_ancestors: bool,
}

/// A variable of a flat file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VariableInfo {
    /// Column name.
    pub name: String,
    /// Words for people.
    pub label: String,
    /// `number`, `category`, `day`, `text`.
    pub kind: model::dataset::ColumnKind,
    /// What it means in a study.
    pub role: model::dataset::ColumnRole,
    /// Unit where known.
    pub unit: Option<String>,
    /// Rows without a value.
    pub n_missing: u64,
    /// Levels with counts (categories; numbers with at most 12 different values).
    pub levels: Vec<(String, u64)>,
    /// Smallest number.
    pub min: Option<f64>,
    /// Largest number.
    pub max: Option<f64>,
}

/// Events of a domain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DomainCount {
    /// Domain name.
    pub domain: String,
    /// Events.
    pub events: u64,
    /// Persons with any.
    pub persons: u64,
    /// Events by calendar year (as shifted).
    pub by_year: Vec<(i32, u64)>,
}

/// Find concepts by words or code.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SearchConcepts {
    /// Which dataset.
    pub dataset: DatasetId,
    /// Words, any order, any case; empty: the most frequent.
    pub text: String,
    /// Only this domain.
    pub domain: Option<model::concept::Domain>,
    /// At most this many.
    pub limit: u32,
}

/// A concept with its counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConceptCount {
    /// The concept.
    pub concept: model::concept::ConceptRef,
    /// Domain of its events.
    pub domain: String,
    /// Events.
    pub events: u64,
    /// Persons with any.
    pub persons: u64,
    /// Units of its values with counts, most frequent first.
    pub units: Vec<(String, u64)>,
}

/// Export a dataset.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExportDataset {
    /// Which.
    pub dataset: DatasetId,
    /// As what.
    pub format: ExportFormat,
}

/// Export formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// One `.rounds` file.
    Rounds,
    /// A CSV file a table.
    Csv,
    /// An Arrow IPC file a table.
    Arrow,
    /// A Parquet file a table: on the command line only.
    Parquet,
}

/// Exported files. Attachments: their bytes, in this order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExportedFiles {
    /// File names.
    pub names: Vec<String>,
}
