//! The plan of an import of full records: plain data, no browser.

use model::dataset::{DatasetHeader, DatasetId, DatasetShape};
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

/// The policy of dates that a dataset was made with, where it is one that can be chosen: real dates cannot be kept.
pub(super) fn dates_of(header: &DatasetHeader) -> Option<DatePolicy> {
    match header.keyed.as_ref()?.dates.as_str() {
        "shift" => Some(DatePolicy::Shift),
        "years_only" => Some(DatePolicy::YearsOnly),
        _ => None,
    }
}

/// Datasets that files can be added to: full records of the user's own that say how they were keyed.
pub(super) fn extendable(headers: &[DatasetHeader]) -> Vec<(String, String)> {
    headers
        .iter()
        .filter(|h| h.shape == DatasetShape::Record && h.source.format != "sample" && dates_of(h).is_some())
        .map(|h| (h.id.0.clone(), format!("{} ({} persons)", h.name, h.n_persons)))
        .collect()
}
