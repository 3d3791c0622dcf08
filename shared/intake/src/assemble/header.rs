//! The header and the chunks of an import's dataset.

use columnar::Dataset;
#[cfg(feature = "omop")]
use model::dataset::ColumnRole;
use model::dataset::{DATASET_SCHEMA_VERSION, DatasetHeader, DatasetShape, DeidentificationStep, Keyed};
use model::intake::{IntakeReport, ScreenReview};
use model::tables;

use crate::key::Keyer;
use crate::pack::{ColumnMeta, Imported, dataset_id, pack};
use crate::{IntakeError, Settings};

/// Packs what was assembled. The report's format is the header's, where the host named none.
pub(crate) fn imported(
    settings: Settings,
    (report, review): (IntakeReport, ScreenReview),
    dataset: Dataset,
    shape: DatasetShape,
    meta: impl FnMut(&str, &str) -> ColumnMeta,
) -> Result<Imported, IntakeError> {
    let (table_headers, chunks) = pack(&dataset, meta)?;
    let keyed = Keyed {
        secret_check: Keyer::new(&settings.secret).check(),
        dates: settings.dates.name().to_owned(),
        safe_harbor: settings.safe_harbor,
    };
    let mut source = settings.source;
    if source.format.is_empty() {
        source.format.clone_from(&report.format);
    }
    if source.files.is_empty() {
        source.files = report.files.iter().map(|f| f.file.clone()).collect();
        source.files.dedup();
    }
    let header = DatasetHeader {
        schema_version: version(&dataset),
        id: dataset_id(&table_headers),
        name: settings.name,
        source,
        shape,
        n_persons: report.persons,
        tables: table_headers,
        deidentification: report
            .identifiers
            .iter()
            .map(|i| DeidentificationStep { class: i.class.clone(), action: i.action.clone() })
            .collect(),
        rows_read: report.rows_read,
        rows_kept: report.rows_kept,
        rows_rejected: report.rows_rejected,
        keyed: Some(keyed),
    };
    Ok(Imported { dataset, header, chunks, report, review, withdrawn: Vec::new() })
}

/// Files that are named after a person lose their names: the header is stored.
#[cfg(feature = "fhir")]
pub(crate) fn nameless<'a>(files: &mut [String], names: impl Iterator<Item = &'a String>) {
    let bare = |word: &str| word.trim_end_matches(|c: char| c.is_ascii_digit()).to_lowercase();
    fn words(text: &str) -> impl Iterator<Item = &str> {
        text.split(|c: char| !c.is_alphanumeric()).filter(|w| w.len() > 2)
    }
    let names: rustc_hash::FxHashSet<String> = names.flat_map(|n| words(n)).map(bare).collect();
    for file in files {
        if words(file).any(|word| names.contains(&bare(word))) {
            "a file named after a person".clone_into(file);
        }
    }
}

/// The oldest version of the header that says what is in the dataset.
pub(crate) fn version(dataset: &Dataset) -> u32 {
    let read = dataset.table(tables::EVENT).is_some_and(|t| t.column(tables::EVENT_QUALIFIER).is_some());
    if read { DATASET_SCHEMA_VERSION } else { 2 }
}

/// The role of a column of a table, but for the variables of a flat file.
#[cfg(feature = "omop")]
pub(crate) fn record_meta(table: &str, name: &str) -> ColumnMeta {
    let role = match name {
        _ if table == tables::VARIABLE => ColumnRole::Category,
        tables::PERSON_KEY => ColumnRole::Identifier,
        tables::PERSON_DEATH_DAY | tables::EVENT_START_DAY | tables::EVENT_END_DAY | tables::NOTE_DAY => {
            ColumnRole::Date
        }
        tables::NOTE_TEXT => ColumnRole::Text,
        tables::PERSON_SEX => ColumnRole::Category,
        _ => ColumnRole::Number,
    };
    ColumnMeta { role, ..ColumnMeta::default() }
}
