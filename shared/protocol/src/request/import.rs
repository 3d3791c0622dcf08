//! What brings data in: files looked at, read and turned into a dataset.

use model::dataset::{DatasetHeader, DatasetId, DatasetSource};
use model::intake::{CsvDialect, CsvMapping, IntakeReport, ScreenReview};
use serde::{Deserialize, Serialize};

/// Look at the first part of a delimited file. Attachment 0: the bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InspectCsv {
    /// File name.
    pub file_name: String,
    /// Whether the bytes are the whole file.
    pub complete: bool,
    /// What the user says of how it is written; the rest is guessed.
    #[serde(default)]
    pub dialect: CsvDialect,
}

/// Look at tables and notes, also within archives. Attachments: the first bytes of each file (1 MB is enough), all of a workbook.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InspectTables {
    /// The files, in the order of the attachments.
    pub files: Vec<FileToInspect>,
}

/// A file to look at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileToInspect {
    /// Its name, with its folder where there is one.
    pub name: String,
    /// Whether the bytes are the whole file.
    pub complete: bool,
    /// What the user says of how it is written.
    #[serde(default)]
    pub dialect: CsvDialect,
}

/// How an import is to be made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportBegin {
    /// Name of the dataset.
    pub name: String,
    /// Format and what it needs.
    pub format: ImportFormat,
    /// Where it comes from.
    pub source: DatasetSource,
    /// 64 hex digits, secret of this device: keys the person ids and the date shifts.
    pub secret: String,
    /// What happens to dates.
    pub dates: DatePolicy,
    /// What happens to free text.
    #[serde(default)]
    pub text: TextPolicy,
    /// The import waits for the user's word: what the identifier screen replaces is gathered ([`Imported::review`]), and the
    /// dataset is not opened, so that it needs memory once only.
    #[serde(default)]
    pub review: bool,
    /// Year of the import, where the host knows it.
    #[serde(default)]
    pub this_year: Option<i32>,
    /// The data hold no identifiers of anybody (a published or synthetic sample, or a file that is only analysed and
    /// never stored): ages above 89 and ZIP codes stay as they are.
    pub holds_no_identifiers: bool,
    /// Whether findings of the notes become events.
    #[serde(default = "yes")]
    pub note_findings: bool,
    /// A dataset in memory that the import is added to: what is there is not stored twice, what was updated is replaced.
    /// It must have been imported under the same secret and choices. The answer is a dataset of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub into: Option<DatasetId>,
}

/// The default of what is on unless it is switched off.
pub(crate) fn yes() -> bool {
    true
}

/// What another worker read of files of the import. Attachment: its parcel. Parcels come in the order of the files.
#[cfg(feature = "files")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportParcel {}

/// Notes that another worker may read. Attachment of the reply: a batch of them, unless it is nothing. What is not given out is read when
/// the import ends.
#[cfg(feature = "files")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportNotes {}

/// What another worker made of a batch. Attachment: its answer.
#[cfg(feature = "files")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportNotesRead {}

/// Screen and read a batch of notes for another worker. Attachment: the batch; of the reply: what became of it.
#[cfg(feature = "files")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReadImportNotes {}

/// Format of an import.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportFormat {
    /// One delimited file, a row a person.
    Csv {
        /// How to read it.
        mapping: CsvMapping,
    },
    /// OMOP CDM tables, a file each.
    Omop,
    /// FHIR resources: NDJSON, Bundles, single resources, also in archives.
    Fhir,
    /// Tables joined by a person, workbooks, notes; also in archives.
    #[cfg(feature = "files")]
    Tables {
        /// How to read them.
        mapping: Box<model::import_mapping::ImportMapping>,
    },
}

/// What happens to dates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DatePolicy {
    /// Shifted per person; intervals stay.
    #[default]
    Shift,
    /// Only the year stays.
    YearsOnly,
    /// Kept as they are (synthetic data, or dates that are not real).
    Keep,
}

/// What stands in the place of what the identifier screen finds in notes and text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextStyle {
    /// Something made up of the same kind: names from a list of surrogates, dates moved like the person's other dates.
    #[default]
    Surrogates,
    /// A tag such as `[NAME]`.
    Tags,
}

/// What happens to notes and other free text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextPolicy {
    /// What stands in the place of finds.
    pub style: TextStyle,
    /// Words and phrases that go too, in any case.
    #[serde(default)]
    pub remove: Vec<String>,
    /// Words that stay, unless they are the person's own.
    #[serde(default)]
    pub keep: Vec<String>,
}

/// A file of the import begins. Attachment 0, where there is one: its last bytes, for files that are described at their end
/// (Parquet); without, such a file is held in memory until its end has come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportFile {
    /// File name.
    pub name: String,
    /// Bytes of the file, where known: makes room in time, changes no result.
    #[serde(default)]
    pub n_bytes: u64,
}

/// Bytes of the current file. Attachment 0: the bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportBytes {
    /// Whether the current file ends with them.
    pub last: bool,
}

/// End of the import.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportFinish {}

/// Give up the import.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportAbort {}

/// What an import gave. Attachments: the chunks, in the order of the header's tables, columns and chunks. The dataset
/// stays in memory.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Imported {
    /// The dataset's header.
    pub header: DatasetHeader,
    /// The intake report.
    pub report: IntakeReport,
    /// What the identifier screen replaced, where it was asked for: never stored.
    #[serde(default)]
    pub review: Option<ScreenReview>,
}

/// Which OMOP tables files are, by their names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecognizeFiles {
    /// File names.
    pub names: Vec<String>,
}

/// Which format files are in, also within archives. Attachments: the first bytes of each file (64 KB are enough), in the order of
/// the names; where one is empty or not there, the name alone counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DetectFormat {
    /// File names.
    pub names: Vec<String>,
}

/// A format that files are recognized as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceFormat {
    /// FHIR resources.
    Fhir,
    /// OMOP CDM tables.
    Omop,
    /// Delimited text.
    Csv,
}

/// The format of files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DetectedFormat {
    /// The format; absent where none can be told.
    pub format: Option<SourceFormat>,
    /// What was found, in words.
    pub found: String,
}

/// A file and the OMOP table it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecognizedFile {
    /// File name.
    pub name: String,
    /// The table; absent: not used.
    pub table: Option<String>,
}
