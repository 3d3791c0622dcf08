//! The header and the chunks of an import's dataset.

#[cfg(feature = "omop")]
use model::dataset::ColumnRole;
use model::dataset::{DATASET_SCHEMA_VERSION, DatasetHeader, DatasetShape, DeidentificationStep, Keyed, TableHeader};
use model::intake::{IntakeReport, ScreenReview};
use model::tables as names;

use crate::Settings;
use crate::key::Keyer;
#[cfg(feature = "omop")]
use crate::pack::ColumnMeta;
use crate::pack::{Imported, Packed, dataset_id};

/// Writes the header of what was packed. The report's format is the header's, where the host named none.
pub(crate) fn imported(
    settings: Settings,
    (report, review): (IntakeReport, ScreenReview),
    packed: Packed,
    shape: DatasetShape,
) -> Imported {
    let Packed { tables, chunks, dataset } = packed;
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
        schema_version: version(&tables),
        id: dataset_id(&tables),
        name: settings.name,
        source,
        shape,
        n_persons: report.persons,
        tables,
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
    Imported { dataset, header, chunks, report, review, withdrawn: Vec::new() }
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
pub(crate) fn version(tables: &[TableHeader]) -> u32 {
    let of_notes = |t: &TableHeader| t.columns.iter().any(|c| c.name == names::EVENT_QUALIFIER);
    if tables.iter().any(|t| t.name == names::EVENT && of_notes(t)) { DATASET_SCHEMA_VERSION } else { 2 }
}

/// The role of a column of a table, but for the variables of a flat file.
#[cfg(feature = "omop")]
pub(crate) fn record_meta(table: &str, name: &str) -> ColumnMeta {
    let role = match name {
        _ if table == names::VARIABLE => ColumnRole::Category,
        names::PERSON_KEY => ColumnRole::Identifier,
        names::PERSON_DEATH_DAY | names::EVENT_START_DAY | names::EVENT_END_DAY | names::NOTE_DAY => ColumnRole::Date,
        names::NOTE_TEXT => ColumnRole::Text,
        names::PERSON_SEX => ColumnRole::Category,
        _ => ColumnRole::Number,
    };
    ColumnMeta { role, ..ColumnMeta::default() }
}
