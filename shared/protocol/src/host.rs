//! What the worker does around the engine: storage and files.

use model::dataset::{DatasetHeader, DatasetId};
use model::intake::{CsvDialect, CsvProposal, IntakeReport, ScreenReview};
use serde::{Deserialize, Serialize};

#[cfg(feature = "desk")]
use crate::ReadCitations;
use crate::request::calls;
use crate::{Call, DatePolicy, Done, ExportFormat, ImportFormat, Place, RecognizedFile, TextPolicy, Work, Worker};

calls! { HostRequest, HostReply, Host,
    /// Datasets on this device.
    ListDatasets => Vec<DatasetHeader>,
    /// Fetch a sample that was exported from a published study, import it and store it.
    OpenSample => StoredImport,
    /// Give a dataset another name.
    RenameDataset => (),
    /// Delete a dataset.
    DeleteDataset => (),
    /// Ask for persistent storage and say how much is used.
    StorageState => StorageInfo;
    files:
    /// Recognize dropped files (attachments: `File` handles).
    InspectFiles => InspectedFiles,
    /// Import dropped files (attachments: `File` handles) and store the dataset.
    ImportFiles => StoredImport,
    /// Read dropped files like `ImportFiles` (attachments: `File` handles), and hold the dataset in memory for review.
    PrepareImport => PreparedImport,
    /// Store the dataset that is held for review.
    StorePrepared => StoredImport,
    /// Let the dataset that is held for review go.
    DiscardPrepared => (),
    /// Read pieces of FHIR files (attachments: `File` handles) for the import of another worker (attachment of the reply: a parcel).
    ReadPieces => (),
    /// Import a `.rounds` file (attachment: the `File` handle).
    ImportRounds => StoredImport,
    /// Make a synthetic sample, import it and store it.
    OpenMadeSample => StoredImport;
    desk:
    /// Export a dataset (attachments of the reply: the files' bytes).
    ExportStored => HostExported,
    /// Read files of citations (attachments: `File` handles).
    ReadCitations => crate::CitationsRead,
}

/// Datasets on this device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ListDatasets {}

/// Recognize dropped files. Attachments: `File` handles.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InspectFiles {
    /// Their names, with folders where known.
    pub names: Vec<String>,
    /// For one flat file: what the user says of how it is written; the rest is guessed.
    #[serde(default)]
    pub dialect: CsvDialect,
    /// For one of several tables: the same, by file name.
    #[serde(default)]
    pub dialects: Vec<(String, CsvDialect)>,
    /// Take one flat file as a table whose rows need not be persons.
    #[serde(default)]
    pub as_tables: bool,
}

/// What was dropped.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InspectedFiles {
    /// One flat file: the wizard goes on from this proposal.
    Csv {
        /// File name.
        name: String,
        /// Bytes.
        n_bytes: u64,
        /// The proposal.
        proposal: Box<CsvProposal>,
    },
    /// OMOP tables.
    Omop {
        /// The files and the tables they are.
        files: Vec<RecognizedFile>,
        /// Bytes in all.
        n_bytes: u64,
    },
    /// Tables joined by a person, workbooks, notes.
    Tables {
        /// Bytes in all.
        n_bytes: u64,
        /// The proposal.
        proposal: Box<model::import_mapping::TablesProposal>,
    },
    /// FHIR resources.
    Fhir {
        /// What was found, in words.
        found: String,
        /// Files.
        n_files: u32,
        /// Bytes in all.
        n_bytes: u64,
    },
    /// A `.rounds` file.
    Rounds {
        /// Its header.
        header: Box<DatasetHeader>,
    },
}

/// Import dropped files. Attachments: `File` handles.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportFiles {
    /// Name of the dataset.
    pub name: String,
    /// File names, in the order of the attachments.
    pub names: Vec<String>,
    /// Format and what it needs.
    pub format: ImportFormat,
    /// What happens to dates.
    pub dates: DatePolicy,
    /// What happens to notes and other free text.
    #[serde(default)]
    pub text: TextPolicy,
    /// Whether findings of the notes become events.
    #[serde(default = "crate::request::yes")]
    pub note_findings: bool,
    /// A stored dataset that the files are added to; it stays as it is, and a new one is stored beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub into: Option<DatasetId>,
}

/// Read dropped files and hold the dataset in memory: nothing is stored before [`StorePrepared`]. What was held before is let go.
/// Attachments: `File` handles.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PrepareImport {
    /// What to read and how.
    pub import: ImportFiles,
}

/// Read pieces of FHIR files for the import of another worker. Attachments: `File` handles; of the reply: a parcel.
#[cfg(feature = "files")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReadPieces {
    /// The import is added to a dataset, whose persons references may name.
    pub adds: bool,
    /// The pieces, in order.
    pub pieces: Vec<FilePiece>,
}

/// A piece of a file.
#[cfg(feature = "files")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FilePiece {
    /// Name of the file.
    pub name: String,
    /// Number of its attachment.
    pub file: u32,
    /// Its first byte.
    pub from: u64,
    /// The byte behind its last.
    pub to: u64,
    /// Bytes of the file.
    pub size: u64,
    /// How it is read.
    pub how: PieceKind,
}

/// How a piece of a file is read.
#[cfg(feature = "files")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PieceKind {
    /// It is the whole file.
    Whole,
    /// The lines that begin in it.
    Lines,
    /// The entries of a zip file that begin in it.
    Entries,
}

/// A dataset that is held in memory and stored nowhere.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PreparedImport {
    /// Name of the dataset.
    pub name: String,
    /// The intake report so far.
    pub report: IntakeReport,
    /// What the identifier screen replaced, and in what context: for the eyes of the user, never stored.
    pub review: ScreenReview,
}

/// Store the dataset that is held for review.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StorePrepared {}

/// Let the dataset that is held for review go.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DiscardPrepared {}

/// Fetch a sample that was exported from a published study, import it and store it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpenSample {
    /// Key, see [`crate::samples`].
    pub key: String,
}

/// Make a synthetic sample, import it and store it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpenMadeSample {
    /// Key, see [`crate::samples`].
    pub key: String,
    /// Persons; absent: as many as the sample says.
    pub persons: Option<u32>,
    /// Seed; absent: the sample's own.
    pub seed: Option<u64>,
}

/// A dataset that was imported and stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoredImport {
    /// Its header.
    pub header: DatasetHeader,
    /// The intake report.
    pub report: IntakeReport,
    /// It was on this device already; nothing was stored twice.
    pub already_there: bool,
    /// The truth a synthetic sample was made with.
    pub truth: Vec<model::results::Setting>,
}

/// Give a dataset another name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RenameDataset {
    /// Which.
    pub dataset: DatasetId,
    /// The new name.
    pub name: String,
}

/// Delete a dataset.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeleteDataset {
    /// Which.
    pub dataset: DatasetId,
}

/// Export a dataset.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExportStored {
    /// Which.
    pub dataset: DatasetId,
    /// As what.
    pub format: ExportFormat,
}

/// Exported files. Attachments: their bytes, in this order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HostExported {
    /// File names.
    pub names: Vec<String>,
}

/// Import a `.rounds` file. Attachment: the `File` handle.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportRounds {}

/// Ask for persistent storage and say how much is used.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StorageState {
    /// Ask the browser to keep the data for good.
    pub ask_persistence: bool,
}

/// Storage in plain numbers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StorageInfo {
    /// Whether the browser promised to keep the data (absent: it cannot say).
    pub persistent: Option<bool>,
    /// Bytes used by this site (absent: it cannot say).
    pub used_bytes: Option<f64>,
    /// Bytes that may be used.
    pub quota_bytes: Option<f64>,
    /// Day and dataset of the last backup (ISO date).
    pub last_backup: Option<String>,
}
