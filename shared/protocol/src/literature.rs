//! Citations of the literature read, and their effect estimates pooled.

use model::citation::{Citation, CitationReport, EffectMeasure};
use model::results::PoolReport;
use serde::{Deserialize, Serialize};

use crate::PooledRow;

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

/// An estimate to be pooled.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EffectToPool {
    /// The study, as it will be shown.
    pub label: String,
    /// What tells studies apart.
    pub study: String,
    /// What it measures.
    pub measure: EffectMeasure,
    /// The estimate as it is printed.
    pub estimate: f64,
    /// Lower limit.
    pub lower: f64,
    /// Upper limit.
    pub upper: f64,
    /// Level of the interval (absent: 0.95 is assumed).
    pub level: Option<f64>,
    /// Unit of a difference.
    pub unit: Option<String>,
    /// Whether the text calls it adjusted.
    pub adjusted: Option<bool>,
    /// The article is retracted, or a concern was expressed.
    pub doubtful: bool,
}

/// Pooled estimates of the literature.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PooledEffects {
    /// What was pooled.
    pub measure: EffectMeasure,
    /// Unit of a difference, where one is known.
    pub unit: Option<String>,
    /// One row an estimate.
    pub rows: Vec<PooledRow>,
    /// Fixed effect.
    pub fixed: PoolReport,
    /// REML with Knapp-Hartung (absent with one estimate).
    pub random: Option<PoolReport>,
    /// The result in plain words.
    pub words: String,
    /// What the reader must know.
    pub warnings: Vec<String>,
}

/// Read files of citations. Attachments: `File` handles.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReadCitations {
    /// Their names.
    pub names: Vec<String>,
}
