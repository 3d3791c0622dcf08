//! Citations of the literature read, and their effect estimates pooled.

use model::citation::{Citation, CitationReport, EffectMeasure};
pub use model::results::{EffectToPool, PooledEffects};
use serde::{Deserialize, Serialize};

/// Begin to read files of citations.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CitationsBegin {
    /// Records kept at most (absent: all); further ones are counted as not used.
    pub limit: Option<u64>,
}

/// A file of citations begins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CitationsFile {
    /// Its name.
    pub name: String,
}

/// Bytes of the file. Attachment: the bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CitationsBytes {
    /// They are the last ones.
    pub last: bool,
}

/// All files are read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CitationsFinish {}

/// Citations, and what came of every record.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CitationsRead {
    /// The citations with their effect estimates, in the order of the files.
    pub citations: Vec<Citation>,
    /// The counts.
    pub report: CitationReport,
}

/// Pool estimates of one measure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PoolEffects {
    /// What is pooled.
    pub measure: EffectMeasure,
    /// The estimates.
    pub effects: Vec<EffectToPool>,
}

/// Read files of citations. Attachments: `File` handles.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReadCitations {
    /// Their names.
    pub names: Vec<String>,
}
