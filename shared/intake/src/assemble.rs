//! What the ends of all imports share: dates moved, tables made, the header written.
//!
//! A format's own end puts its persons, events and notes in order and hands them over row by row; how a table looks is
//! known here alone.

#[cfg(feature = "omop")]
mod ages;
#[cfg(feature = "fhir")]
mod answers;
#[cfg(feature = "omop")]
mod events;
#[cfg(feature = "omop")]
mod findings;
mod header;
#[cfg(feature = "omop")]
mod notes;
#[cfg(feature = "omop")]
mod periods;
#[cfg(feature = "omop")]
mod persons;
#[cfg(feature = "omop")]
mod telling;
#[cfg(feature = "omop")]
mod unknown;

use columnar::Column;
#[cfg(feature = "omop")]
use columnar::Table;
#[cfg(feature = "omop")]
use columnar::build::NumberBuilder;
use columnar::build::{TextBuilder, TooMuchText};

#[cfg(feature = "omop")]
use crate::IntakeError;
#[cfg(feature = "omop")]
use crate::free_text::FreeText;
#[cfg(feature = "omop")]
use crate::key::PersonKey;
use crate::key::hex;
use crate::policy::Dates;
use crate::report::Reporter;
use crate::safe_harbor::class_words;
use crate::{DatePolicy, Settings};

#[cfg(feature = "omop")]
pub(crate) use ages::{AgesSeen, is_age, is_age_id, is_age_word, tells_old};
#[cfg(feature = "fhir")]
pub(crate) use answers::Answers;
#[cfg(feature = "omop")]
pub(crate) use events::{EventRow, EventTable, Provenance};
#[cfg(feature = "omop")]
pub(crate) use findings::Findings;
pub(crate) use header::imported;
#[cfg(feature = "fhir")]
pub(crate) use header::nameless;
#[cfg(feature = "omop")]
pub(crate) use header::{record_meta, version};
#[cfg(feature = "omop")]
#[cfg(feature = "omop")]
pub use notes::read_batch;
#[cfg(feature = "omop")]
pub(crate) use notes::{NoteRow, Notes, Title};
#[cfg(feature = "omop")]
pub(crate) use periods::{Spans, made_up, period_table};
#[cfg(feature = "omop")]
pub(crate) use persons::{PersonRow, person_table, variable_table};
#[cfg(feature = "omop")]
pub(crate) use telling::{clean_words, is_listed};
#[cfg(feature = "omop")]
pub(crate) use unknown::Unknown;

/// What every step of an assembly needs.
#[cfg(feature = "omop")]
pub(crate) struct Core {
    pub(crate) settings: Settings,
    pub(crate) reporter: Reporter,
    /// By row of `person`.
    pub(crate) keys: Vec<PersonKey>,
    /// Every free text goes through it.
    pub(crate) free: FreeText,
    dates: Dates,
    n_dates: u64,
}

#[cfg(feature = "omop")]
impl Core {
    pub(crate) fn new(settings: Settings, reporter: Reporter, keys: Vec<PersonKey>) -> Self {
        let dates = Dates::new(settings.dates);
        let free = FreeText::new(&settings);
        Self { settings, reporter, keys, free, dates, n_dates: 0 }
    }

    /// Days that dates of a person move by: none unless dates are shifted.
    pub(crate) fn shift(&self, person: u32) -> i32 {
        let shift = self.keys.get(person as usize).map_or(0, |k| i32::from(k.shift));
        if self.settings.dates == DatePolicy::Shift { shift } else { 0 }
    }

    /// A date of a person as it is stored.
    pub(crate) fn moved(&mut self, person: u32, day: i32) -> i32 {
        self.n_dates += 1;
        let shift = self.keys.get(person as usize).map_or(1, |k| k.shift);
        self.dates.moved(day, shift)
    }

    /// Says what was done to the dates. `place`: `dates of all tables`.
    pub(crate) fn say_dates(&mut self, place: &str) {
        say_dates(&mut self.reporter, &self.settings, [(place.to_owned(), self.n_dates)]);
    }

    /// Counts what was found in texts, and gives what the end of the import needs.
    pub(crate) fn end(mut self) -> (Settings, Reporter, model::intake::ScreenReview) {
        let review = self.free.report(&mut self.reporter);
        (self.settings, self.reporter, review)
    }
}

/// Says what was done to dates, by their place.
pub(crate) fn say_dates(reporter: &mut Reporter, settings: &Settings, dated: impl IntoIterator<Item = (String, u64)>) {
    let mut n_dates = 0;
    for (place, n) in dated {
        n_dates += n;
        reporter.identifiers(class_words("date"), n, &place, Dates::new(settings.dates).words());
    }
    if n_dates > 0 && settings.dates == DatePolicy::Keep {
        reporter.warn("Dates are kept as they are, as was asked for: they can tell who somebody is.");
    }
}

/// What happens to the identifier of a person, in words.
pub(crate) const REKEYED: &str = "replaced by a keyed hash; the key stays on this device";

/// Re-keyed identifiers as sixteen hexadecimal digits each.
pub(crate) fn key_column(keys: impl ExactSizeIterator<Item = u64>) -> Result<Column, TooMuchText> {
    let mut out = TextBuilder::new();
    out.reserve(keys.len(), keys.len() * 16);
    let mut digits = [0u8; 16];
    for key in keys {
        hex(key, &mut digits);
        out.push(Some(std::str::from_utf8(&digits).unwrap_or_default()))?;
    }
    Ok(out.finish())
}

/// A table of columns by name.
#[cfg(feature = "omop")]
pub(crate) fn table(columns: Vec<(&str, Column)>) -> Result<Table, IntakeError> {
    let columns = columns.into_iter().map(|(name, column)| (name.to_owned(), column)).collect();
    Table::new(columns).map_err(|e| IntakeError::Pack(e.to_string()))
}

/// A column of numbers.
#[cfg(feature = "omop")]
pub(crate) fn number_column(values: impl IntoIterator<Item = Option<f64>>) -> Column {
    let mut out = NumberBuilder::new();
    values.into_iter().for_each(|v| out.push(v));
    out.finish()
}
