//! A flat file as one of several tables that are joined by a person.

use std::collections::BTreeMap;

use columnar::Column;
use columnar::build::{CategoryBuilder, TextBuilder};
use model::dataset::ColumnRole;
use model::intake::{CsvMapping, FileCount};
use rustc_hash::FxHashMap;

use super::finish;
use super::import::CsvImport;
use super::known::{Naming, SHORTEST, Tells, tells};
use super::sink::Sink;
use crate::free_text::{FreeText, KnownIdentifiers};
use crate::key::PersonKey;
use crate::pack::ColumnMeta;
use crate::report::Reporter;
use crate::scanner::Fields;
use crate::{IntakeError, Settings};

/// Reads a table with a row a person.
pub(crate) struct Persons {
    import: CsvImport,
    /// Made of rows that are counted elsewhere.
    is_derived: bool,
}

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
    /// Counts; nothing of rows that are counted elsewhere.
    pub(crate) count: Option<FileCount>,
    /// The report of this table alone.
    pub(crate) reporter: Reporter,
}

/// Names and numbers of persons by their key, to be found again in their texts.
pub(crate) type KnownOf = BTreeMap<u64, KnownIdentifiers>;

impl Persons {
    /// Begins. Each person may have one row. Names and numbers that are dropped are remembered until [`Persons::known`], and texts wait
    /// for [`Persons::finish`]: what other tables know of the person is looked for in them too.
    pub(crate) fn new(
        mapping: CsvMapping,
        settings: Settings,
        table: &str,
        is_alone: bool,
    ) -> Result<Self, IntakeError> {
        let mut import = CsvImport::new(mapping, settings, table)?;
        for (sink, plan) in import.sinks.iter_mut().zip(&import.mapping.columns) {
            match (&mut *sink, tells(plan)) {
                (Sink::Person { once, .. }, _) => *once = Some(rustc_hash::FxHashSet::default()),
                (Sink::Skip { .. }, Some(tells)) => {
                    *sink = Sink::Aside { seen: 0, texts: Vec::new(), is_name: tells == Tells::Name };
                }
                (Sink::Text { place, .. }, _) => {
                    *sink = Sink::Held { column: TextBuilder::new(), place: std::mem::take(place) };
                }
                _ => {}
            }
        }
        import.naming = Naming::default();
        if !is_alone && !import.sinks.iter().any(|s| matches!(s, Sink::Person { .. })) {
            return Err(IntakeError::Plan(format!("{table}: no column names the person, so it cannot be joined")));
        }
        Ok(Self { import, is_derived: false })
    }

    pub(crate) fn push(&mut self, bytes: &[u8]) -> Result<(), IntakeError> {
        self.import.push(bytes)
    }

    /// Takes the header as cells.
    pub(crate) fn header(&mut self, fields: &Fields) -> Result<(), IntakeError> {
        self.import.head = None;
        self.import.header(&[], fields)
    }

    /// Takes a row as cells.
    pub(crate) fn row(&mut self, fields: &Fields) -> Result<(), IntakeError> {
        self.import.row(&[], fields)
    }

    /// Says that a cell was no value.
    pub(crate) fn flaw(&mut self, line: u64, flaw: crate::report::Flaw) {
        self.import.reporter.value(&self.import.file, line, flaw);
    }

    /// Says that a line was no row.
    pub(crate) fn reject(&mut self, line: u64, flaw: crate::report::Flaw) {
        crate::report::count(&mut self.import.count, crate::report::Fate::Rejected);
        self.import.last_row_reason.clone_from(&flaw.reason);
        self.import.reporter.row(&self.import.file, line, flaw);
    }

    /// Says that its rows were made of those of another table, where they are counted.
    pub(crate) fn set_derived(&mut self) {
        self.is_derived = true;
        for sink in &mut self.import.sinks {
            if let Sink::Person { seen, .. } = sink {
                *seen = 0;
            }
        }
    }

    /// Reads what is left.
    pub(crate) fn end(&mut self) -> Result<(), IntakeError> {
        self.import.end()
    }

    /// First and last day of a row's dates (births left out), by the person's key.
    pub(crate) fn spans(&mut self) -> Vec<(u64, i32, i32)> {
        let keys = self.keys();
        let mut spans: Vec<Option<(i32, i32)>> = vec![None; keys.len()];
        for (sink, plan) in self.import.sinks.iter_mut().zip(&self.import.mapping.columns) {
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

    /// Days of death as they stand in the table, by the person's key.
    pub(crate) fn deaths(&mut self) -> Vec<(u64, i32)> {
        let (keys, mut deaths) = (self.keys(), Vec::new());
        for (sink, plan) in self.import.sinks.iter_mut().zip(&self.import.mapping.columns) {
            if let Sink::Day { column, .. } = sink
                && plan.role == ColumnRole::Death
            {
                column.map(|row, day| {
                    deaths.extend(keys.get(row).map(|key| (*key, day)));
                    day
                });
            }
        }
        deaths
    }

    /// The table's name.
    pub(crate) fn name(&self) -> String {
        self.import.file.clone()
    }

    /// The columns of levels, with their levels.
    pub(crate) fn levels(&self) -> Vec<(String, Vec<String>)> {
        let columns = self.import.sinks.iter().zip(&self.import.mapping.columns);
        let levels = columns.filter_map(|(sink, plan)| match sink {
            Sink::Category { column } => Some((plan.name.clone(), column.levels().to_vec())),
            _ => None,
        });
        levels.collect()
    }

    /// Writes levels of a column otherwise, where there is another word for one.
    pub(crate) fn relabel(&mut self, name: &str, levels: &[String], words: &[Option<String>]) {
        let columns = self.import.sinks.iter_mut().zip(&self.import.mapping.columns);
        for (sink, _) in columns.filter(|(_, plan)| plan.name == name) {
            let Sink::Category { column } = sink else { continue };
            let mut out = CategoryBuilder::new();
            let Column::Category(found) = std::mem::take(column).finish() else { continue };
            for code in &found.codes {
                let level = code.and_then(|c| found.levels.get(c as usize));
                let place = level.and_then(|level| levels.iter().position(|l| l == level));
                let word = place.and_then(|i| words.get(i)?.as_deref());
                out.push(word.or(level.map(String::as_str)));
            }
            *column = out;
        }
    }

    /// Keyed hash of the person of each row; of the row, where no column names a person.
    fn keys(&self) -> Vec<u64> {
        let named = self
            .import
            .sinks
            .iter()
            .find_map(|s| if let Sink::Person { keys, .. } = s { Some(keys.clone()) } else { None });
        let mut keyer = self.import.context.keyer.clone();
        named.unwrap_or_else(|| (0..self.import.count.rows_kept).map(|row| keyer.row(row)).collect())
    }

    /// Adds what is known of each person besides.
    pub(crate) fn known(&self, known: &mut KnownOf) {
        let keys = self.keys();
        for sink in &self.import.sinks {
            let Sink::Aside { texts, is_name, .. } = sink else { continue };
            for (key, text) in keys.iter().zip(texts).filter(|(_, text)| !text.is_empty()) {
                let of = known.entry(*key).or_default();
                if *is_name {
                    of.names.push(text.to_string());
                } else if text.chars().count() >= SHORTEST {
                    of.numbers.push(text.to_string());
                }
            }
        }
    }

    /// The columns. `last_seen` is the last day that the tables of the import have of a person.
    ///
    /// # Errors
    /// If a column of text is longer than 2 GB after the screen.
    pub(crate) fn finish(
        self,
        last_seen: &FxHashMap<u64, i32>,
        known: &KnownOf,
        free: &mut FreeText,
    ) -> Result<PersonRows, IntakeError> {
        let keys = self.keys();
        let is_derived = self.is_derived;
        let mut import = self.import;
        let shifts = import
            .sinks
            .iter()
            .find_map(|s| if let Sink::Person { shifts, .. } = s { Some(&shifts[..]) } else { None });
        let shift = |row: usize| {
            shifts.and_then(|s| s.get(row).copied()).unwrap_or_else(|| import.context.keyer.row_shift(row as u64))
        };
        let persons: Vec<PersonKey> =
            keys.iter().enumerate().map(|(row, key)| PersonKey { key: *key, shift: shift(row) }).collect();
        for sink in &mut import.sinks {
            if let Sink::Held { column, place } = sink {
                let (texts, place) = (std::mem::take(column).finish(), std::mem::take(place));
                let full = |detail: String| IntakeError::TooLarge { file: place.clone(), detail };
                let column = screened(&texts, &place, &persons, known, free).map_err(full)?;
                *sink = Sink::Text { column, place };
            }
        }
        let elsewhere: Vec<Option<i32>> = keys.iter().map(|key| last_seen.get(key).copied()).collect();
        // What is found in levels is counted with what is found in the texts of all tables.
        std::mem::swap(&mut import.context.free, free);
        let (keys, shifts, parts) = finish::columns(&mut import, &elsewhere);
        std::mem::swap(&mut import.context.free, free);
        let sex = finish::sex(&parts.variables);
        Ok(PersonRows {
            table: import.file,
            keys,
            shifts,
            sex,
            variables: parts.variables,
            metas: parts.metas,
            birth_years: parts.birth_years,
            count: Some(import.count).filter(|_| !is_derived),
            reporter: import.reporter,
        })
    }
}

/// A column of texts after the screen, with what is known of the person of each row.
fn screened(
    texts: &Column,
    place: &str,
    persons: &[PersonKey],
    known: &KnownOf,
    free: &mut FreeText,
) -> Result<TextBuilder, String> {
    let (nothing, mut out) = (KnownIdentifiers::default(), TextBuilder::new());
    let Column::Text(texts) = texts else { return Ok(out) };
    for (person, text) in persons.iter().zip(texts) {
        let of = known.get(&person.key).unwrap_or(&nothing);
        let clean = text.map(|text| free.clean(place, *person, of, text));
        out.push(clean.as_deref()).map_err(|e| e.to_string())?;
    }
    Ok(out)
}
