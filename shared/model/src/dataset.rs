//! The header of a dataset: what is in it, where it came from, what was done to it.

use serde::{Deserialize, Serialize};

/// Newest version of the header that this build reads. 1: chunks named by their SHA-256, persons re-keyed with HMAC-SHA256. 2:
/// both with BLAKE3 (docs/decisions/0009-blake3.md). 3: findings of notes are among the events (a build that does not know them
/// would take negated ones for events). A dataset is written in the oldest version that says everything in it.
pub const DATASET_SCHEMA_VERSION: u32 = 3;

/// Identifies a dataset on this device: derived from its content, so the same import is the same dataset.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DatasetId(pub String);

impl std::fmt::Display for DatasetId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Header of a dataset.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DatasetHeader {
    /// The oldest version that says everything in the dataset; up to [`DATASET_SCHEMA_VERSION`].
    pub schema_version: u32,
    /// Content id of the chunks.
    pub id: DatasetId,
    /// Name for people; may change without changing the id.
    pub name: String,
    /// Where it came from.
    pub source: DatasetSource,
    /// Flat file or full record.
    pub shape: DatasetShape,
    /// Number of persons.
    pub n_persons: u64,
    /// Tables with their columns and chunks.
    pub tables: Vec<TableHeader>,
    /// What was done to identifiers and dates.
    pub deidentification: Vec<DeidentificationStep>,
    /// Counts of the import: rows read = kept + rejected + not used.
    pub rows_read: u64,
    /// Rows kept.
    pub rows_kept: u64,
    /// Rows rejected.
    pub rows_rejected: u64,
    /// How persons and dates were keyed; absent in what older builds wrote, which cannot be added to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keyed: Option<Keyed>,
}

/// How persons and dates of a dataset were keyed: only what was keyed the same way can be added to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keyed {
    /// Tells secrets apart without telling them: eight hexadecimal digits of a keyed hash.
    pub secret_check: String,
    /// What happened to dates: `shift`, `years_only`, `keep`.
    pub dates: String,
    /// Whether ages and ZIP codes were reduced and texts screened.
    pub safe_harbor: bool,
}

/// Where a dataset came from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DatasetSource {
    /// `csv`, `omop`, `sample`.
    pub format: String,
    /// File names as given.
    pub files: Vec<String>,
    /// Citation or origin, for samples.
    #[serde(default)]
    pub citation: Option<String>,
    /// Licence, for samples.
    #[serde(default)]
    pub licence: Option<String>,
    /// Web address people can read (never fetched).
    #[serde(default)]
    pub url: Option<String>,
}

/// What kind of dataset it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DatasetShape {
    /// One row a person: variables only.
    Flat,
    /// Persons with dated events.
    Record,
}

/// One step of de-identification that was applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeidentificationStep {
    /// What: a Safe Harbor class or `dates`, `ages`.
    pub class: String,
    /// What was done, in words.
    pub action: String,
}

/// A table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TableHeader {
    /// Name, see [`crate::tables`].
    pub name: String,
    /// Number of rows.
    pub n_rows: u64,
    /// Columns in order.
    pub columns: Vec<ColumnHeader>,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnHeader {
    /// Name, unique in its table.
    pub name: String,
    /// Words for people (empty: the name).
    #[serde(default)]
    pub label: String,
    /// Storage kind.
    pub kind: ColumnKind,
    /// What the column means in a study (flat files).
    #[serde(default)]
    pub role: ColumnRole,
    /// Unit where known (`years`, `days`, `mm`).
    #[serde(default)]
    pub unit: Option<String>,
    /// Chunks in row order.
    pub chunks: Vec<ChunkHeader>,
}

/// One chunk of a column: an Arrow IPC file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChunkHeader {
    /// Path within the dataset: `table/column_number/chunk_number.arrow`.
    pub key: String,
    /// Rows in it.
    pub n_rows: u64,
    /// Bytes of it.
    pub n_bytes: u64,
    /// Hex BLAKE3 of its bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blake3: Option<String>,
    /// Hex SHA-256 of its bytes, in a header of version 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
}

impl ChunkHeader {
    /// The digest that names its bytes, whichever function made it; empty where a header names none.
    #[must_use]
    pub fn digest(&self) -> &str {
        self.blake3.as_deref().or(self.sha256.as_deref()).unwrap_or_default()
    }
}

/// How a column is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnKind {
    /// 64-bit numbers, with missing.
    Number,
    /// Days since 1970-01-01, with missing.
    Day,
    /// Levels, with missing.
    Category,
    /// Free text, with missing.
    Text,
    /// Row index into another table, never missing.
    Index,
}

/// What a column means in a study.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnRole {
    /// Names a person: re-keyed at intake, never stored as it was.
    Identifier,
    /// A calendar date: shifted at intake.
    Date,
    /// The day of death of the person: shifted at intake like other dates.
    Death,
    /// A length of time until an event or the end of follow-up.
    Duration,
    /// Whether the event was observed (0/1, false/true, no/yes).
    Event,
    /// One of a few levels.
    Category,
    /// A number.
    #[default]
    Number,
    /// Free text: goes through the identifier screen.
    Text,
    /// Left out.
    Drop,
}

impl ColumnRole {
    /// Whether its values are calendar dates.
    #[must_use]
    pub fn is_day(self) -> bool {
        matches!(self, ColumnRole::Date | ColumnRole::Death)
    }
}
