//! The plan of an import of full records: plain data, no browser.

use model::dataset::DatasetId;
use protocol::{DatePolicy, ImportFormat, RecognizedFile};

/// The plan of an import of full records.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct RecordPlan {
    /// What the files are.
    pub(super) files: RecordFiles,
    /// Bytes in all.
    pub(super) n_bytes: u64,
    /// Name of the dataset.
    pub(super) name: String,
    /// What happens to dates.
    pub(super) dates: DatePolicy,
    /// Whether findings of the notes become events.
    pub(super) note_findings: bool,
    /// The stored dataset that the files are added to.
    pub(super) into: Option<DatasetId>,
}

/// Files of a full record.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum RecordFiles {
    /// OMOP tables: files and the tables they are.
    Omop(Vec<RecognizedFile>),
    /// FHIR resources.
    Fhir {
        /// What was found, in words.
        found: String,
        /// Files.
        n_files: u32,
    },
}

impl RecordFiles {
    /// The format to import.
    pub(super) fn format(&self) -> ImportFormat {
        match self {
            Self::Omop(_) => ImportFormat::Omop,
            Self::Fhir { .. } => ImportFormat::Fhir,
        }
    }
}

impl RecordPlan {
    /// The plan as proposed.
    pub(super) fn new(files: RecordFiles, n_bytes: u64) -> Self {
        let name = match files {
            RecordFiles::Omop(_) => "OMOP record",
            RecordFiles::Fhir { .. } => "FHIR record",
        };
        Self { files, n_bytes, name: name.to_owned(), dates: DatePolicy::Shift, note_findings: true, into: None }
    }

    /// Everything that keeps the import from starting, each saying what to do.
    pub(super) fn problems(&self) -> Vec<String> {
        if self.name.trim().is_empty() { vec!["Give the dataset a name.".to_owned()] } else { Vec::new() }
    }
}
