//! A flat file as one of several tables that are joined by a person.

use std::collections::BTreeMap;

use columnar::Column;
use model::dataset::ColumnRole;
use model::intake::{CsvMapping, FileCount};

use super::finish;
use super::import::CsvImport;
use super::sink::Sink;
use crate::pack::ColumnMeta;
use crate::report::Reporter;
use crate::scanner::Fields;
use crate::{IntakeError, Settings};

/// Reads a table with a row a person.
pub(crate) struct Persons(CsvImport);

/// What a table with a row a person gave, by row.
pub(crate) struct PersonRows {
    /// The table's name.
    pub(crate) table: String,
    /// Keyed hash of the person; of the row, where no column names a person.
    pub(crate) keys: Vec<u64>,
    /// Date shift of the person; nothing where there are no dates and nobody is named.
    pub(crate) shifts: Vec<i16>,
    /// Variables by name.
    pub(crate) variables: Vec<(String, Column)>,
    /// Words about them.
    pub(crate) metas: BTreeMap<String, ColumnMeta>,
    /// Years of birth, where a date of birth was given.
    pub(crate) birth_years: Option<Column>,
    /// The sex, where a column says it in words.
    pub(crate) sex: Option<Column>,
    /// Counts.
    pub(crate) count: FileCount,
    /// The report of this table alone.
    pub(crate) reporter: Reporter,
}

/// Names and numbers of a person, for the screen of the person's notes.
#[derive(Clone, Debug, Default)]
pub(crate) struct KnownOf {
    pub(crate) names: Vec<String>,
    pub(crate) numbers: Vec<String>,
}

impl Persons {
    /// Begins. Each person may have one row. Names and numbers that are dropped are remembered until [`Persons::known`].
    pub(crate) fn new(
        mapping: CsvMapping,
        settings: Settings,
        table: &str,
        is_alone: bool,
    ) -> Result<Self, IntakeError> {
        let mut import = CsvImport::new(mapping, settings, table)?;
        for (sink, plan) in import.sinks.iter_mut().zip(&import.mapping.columns) {
            match (&mut *sink, plan.role, plan.identifier_class.as_deref()) {
                (Sink::Person { once, .. }, ..) => *once = Some(rustc_hash::FxHashSet::default()),
                (
                    Sink::Skip { .. },
                    ColumnRole::Drop | ColumnRole::Identifier,
                    Some(
                        class @ ("name" | "phone" | "email" | "ssn" | "record_number" | "insurance" | "account"
                        | "licence"),
                    ),
                ) => *sink = Sink::Aside { seen: 0, texts: Vec::new(), is_name: class == "name" },
                _ => {}
            }
        }
        if !is_alone && !import.sinks.iter().any(|s| matches!(s, Sink::Person { .. })) {
            return Err(IntakeError::Plan(format!("{table}: no column names the person, so it cannot be joined")));
        }
        Ok(Self(import))
    }

    pub(crate) fn push(&mut self, bytes: &[u8]) -> Result<(), IntakeError> {
        self.0.push(bytes)
    }

    /// Takes the header as cells.
    pub(crate) fn header(&mut self, fields: &Fields) -> Result<(), IntakeError> {
        self.0.head = None;
        self.0.header(&[], fields)
    }

    /// Takes a row as cells.
    pub(crate) fn row(&mut self, fields: &Fields) -> Result<(), IntakeError> {
        self.0.row(&[], fields)
    }

    /// Says that a cell was no value.
    pub(crate) fn flaw(&mut self, line: u64, flaw: crate::report::Flaw) {
        self.0.reporter.value(&self.0.file, line, flaw);
    }

    /// Says that a line was no row.
    pub(crate) fn reject(&mut self, line: u64, flaw: crate::report::Flaw) {
        crate::report::count(&mut self.0.count, crate::report::Fate::Rejected);
        self.0.last_row_reason.clone_from(&flaw.reason);
        self.0.reporter.row(&self.0.file, line, flaw);
    }

    /// Reads what is left.
    pub(crate) fn end(&mut self) -> Result<(), IntakeError> {
        self.0.end()
    }

    /// First and last day of a row's dates (births left out), by the person's key.
    pub(crate) fn spans(&mut self) -> Vec<(u64, i32, i32)> {
        let Some(keys) = self.keys() else { return Vec::new() };
        let mut spans: Vec<Option<(i32, i32)>> = vec![None; keys.len()];
        for (sink, plan) in self.0.sinks.iter_mut().zip(&self.0.mapping.columns) {
            if let Sink::Day { column, .. } = sink
                && plan.identifier_class.as_deref() != Some("birth_date")
            {
                column.map(|row, day| {
                    if let Some(span) = spans.get_mut(row) {
                        let (first, last) = span.unwrap_or((day, day));
                        *span = Some((first.min(day), last.max(day)));
                    }
                    day
                });
            }
        }
        keys.into_iter().zip(spans).filter_map(|(key, span)| span.map(|(first, last)| (key, first, last))).collect()
    }

    fn keys(&self) -> Option<Vec<u64>> {
        self.0.sinks.iter().find_map(|s| if let Sink::Person { keys, .. } = s { Some(keys.clone()) } else { None })
    }

    /// What is known of each person besides: for the screen of notes.
    pub(crate) fn known(&self) -> BTreeMap<u64, KnownOf> {
        let mut out: BTreeMap<u64, KnownOf> = BTreeMap::new();
        let Some(keys) = self.keys() else { return out };
        for sink in &self.0.sinks {
            let Sink::Aside { texts, is_name, .. } = sink else { continue };
            for (key, text) in keys.iter().zip(texts).filter(|(_, text)| !text.is_empty()) {
                let of = out.entry(*key).or_default();
                if *is_name { of.names.push(text.to_string()) } else { of.numbers.push(text.to_string()) }
            }
        }
        out
    }

    /// The columns. `latest` is the last day in any table of the import.
    pub(crate) fn finish(self, latest: Option<i32>) -> PersonRows {
        let mut import = self.0;
        let (keys, shifts, parts) = finish::columns(&mut import, latest);
        let sex = finish::sex(&parts.variables);
        PersonRows {
            table: import.file,
            keys,
            shifts,
            sex,
            variables: parts.variables,
            metas: parts.metas,
            birth_years: parts.birth_years,
            count: import.count,
            reporter: import.reporter,
        }
    }
}
