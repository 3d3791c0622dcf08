//! Why a file cannot be imported at all, in words that say what to do.

use crate::magic::FileKind;

/// Why a file cannot be imported. (Single rows and values that cannot be taken are no error: they stand in the report.)
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IntakeError {
    /// No bytes.
    #[error("{file} is empty: it has no bytes. Export it again.")]
    Empty {
        /// File name.
        file: String,
    },
    /// A header and nothing else.
    #[error("{file} has a header and no rows below it. Export it again, with its rows.")]
    HeaderOnly {
        /// File name.
        file: String,
    },
    /// Another kind of file.
    #[error("{file} is {kind}, not a delimited text file. {}", kind.advice())]
    OtherKind {
        /// File name.
        file: String,
        /// What it is.
        kind: FileKind,
    },
    /// The delimiter chosen gives one column while another one is in every line.
    #[error(
        "with {chosen} as delimiter {file} has one column only, and its lines hold {instead} inside. Choose {instead} as delimiter."
    )]
    Delimiter {
        /// File name.
        file: String,
        /// Delimiter chosen, in words.
        chosen: String,
        /// Delimiter found, in words.
        instead: String,
    },
    /// Two columns of one name.
    #[error(
        "{file} has two columns named '{name}' (columns {first} and {second}). Rename one of them in the file: a variable needs a name of its own."
    )]
    SameName {
        /// File name.
        file: String,
        /// The name.
        name: String,
        /// Position of the first, from 1.
        first: usize,
        /// Position of the second, from 1.
        second: usize,
    },
    /// The mapping is for another file.
    #[error("the plan is for other columns than {file} has: {detail}. Look at the file again and correct the plan.")]
    Mapping {
        /// File name.
        file: String,
        /// What differs.
        detail: String,
    },
    /// Settings of the mapping that cannot be.
    #[error("the plan cannot be followed: {0}")]
    Plan(String),
    /// A row that does not end.
    #[error(
        "{file}: the row that begins at line {line} does not end within 16 MB. A quotation mark there is opened and never closed: correct that line."
    )]
    RowTooLong {
        /// File name.
        file: String,
        /// Line where it begins.
        line: u64,
    },
    /// Nothing was left.
    #[error("no row of {file} could be kept: {reason}")]
    NothingKept {
        /// File name.
        file: String,
        /// Most frequent reason.
        reason: String,
    },
    /// No person table.
    #[error("{0}")]
    Omop(String),
    /// A Parquet file that cannot be read.
    #[error("{file}: {detail}")]
    Parquet {
        /// File name.
        file: String,
        /// The column, what is wrong with it, and what to do.
        detail: String,
    },
    /// No FHIR that can be used.
    #[error("{0}")]
    Fhir(String),
    /// An archive of which nothing can be read.
    #[error("{file} is {kind} that cannot be unpacked: {reason}.")]
    Archive {
        /// File name.
        file: String,
        /// What it is.
        kind: FileKind,
        /// Why, and what to do.
        reason: String,
    },
    /// A workbook that cannot be read.
    #[error("{file}: {reason}.")]
    Workbook {
        /// File name.
        file: String,
        /// Why, and what to do.
        reason: String,
    },
    /// Too large for what a column can hold.
    #[error("{file} is too large for one dataset: {detail}")]
    TooLarge {
        /// File name.
        file: String,
        /// What is too large.
        detail: String,
    },
    /// Columns could not be packed.
    #[error("the columns could not be packed: {0}")]
    Pack(String),
    /// The dataset cannot be added to.
    #[error("the files cannot be added to this dataset: {0}")]
    Merge(String),
    /// The host said so.
    #[error("the import was stopped; nothing was stored")]
    Stopped,
}
