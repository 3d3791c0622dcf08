//! Words for what a header says.

use model::dataset::{ColumnRole, DatasetHeader, DatasetShape};

/// The shape of a dataset in plain words.
pub(crate) fn shape_words(shape: DatasetShape) -> &'static str {
    match shape {
        DatasetShape::Flat => "one row a person",
        DatasetShape::Record => "record with dated events",
    }
}

/// Where a dataset came from, in a word or two.
pub(crate) fn format_words(format: &str) -> &str {
    match format {
        "csv" => "CSV file",
        "omop" => "OMOP tables",
        "fhir" => "FHIR resources",
        "sample" => "sample",
        other => other,
    }
}

/// Bytes in storage, by the header.
pub(crate) fn n_bytes(header: &DatasetHeader) -> u64 {
    let columns = header.tables.iter().flat_map(|t| &t.columns);
    columns.flat_map(|c| &c.chunks).map(|chunk| chunk.n_bytes).sum()
}

/// A role in a word.
pub(crate) fn role_words(role: ColumnRole) -> &'static str {
    match role {
        ColumnRole::Identifier => "identifier",
        ColumnRole::Date => "date",
        ColumnRole::Death => "day of death",
        ColumnRole::Duration => "duration",
        ColumnRole::Event => "event",
        ColumnRole::Category => "category",
        ColumnRole::Number => "number",
        ColumnRole::Text => "free text",
        ColumnRole::Drop => "left out",
    }
}
