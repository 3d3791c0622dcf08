//! Data quality: completeness, conformance and plausibility of a dataset, each check with its counts.
//!
//! Start with [`check_quality`]. Every count comes from one pass over a table; what a person can have (limits of
//! laboratory values, units) is passed in as a [`Reference`], and so is the day of today. Which checks there are, with
//! their thresholds, is the list in `checks`.

mod checks;
mod columns;
mod events;
mod list;
mod notes;
mod persons;
mod sexes;
mod values;
mod variables;

use model::concept::ConceptRef;
use model::results::{QualityReport, Setting};

use crate::error::CohortError;
use crate::evaluate::Tick;
use crate::source::Source;
use columns::{Concepts, EventColumns};
use list::List;

/// Days after a recorded death within which events may still be written down.
pub const DAYS_AFTER_DEATH: i32 = 60;

/// What is assumed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QualitySettings {
    /// Today, in days since 1970-01-01; without it nothing is called later than today.
    pub today: Option<i32>,
    /// Days that a date may lie after today, since dates were moved at intake.
    pub moved_days: i32,
}

/// What a quantity can be in a living person.
#[derive(Clone, Debug, PartialEq)]
pub struct Limits {
    /// Its name.
    pub name: String,
    /// Its unit.
    pub unit: String,
    /// Lowest.
    pub low: f64,
    /// Highest.
    pub high: f64,
}

/// Value in a quantity's unit = value * factor + offset.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Conversion {
    /// Factor.
    pub factor: f64,
    /// What is added.
    pub offset: f64,
}

/// Knowledge from outside the data.
pub trait Reference {
    /// Where limits come from, in a sentence.
    fn source(&self) -> &str;
    /// The limits of what a concept measures.
    fn limits(&self, concept: &ConceptRef) -> Option<Limits>;
    /// How a value in a unit as written comes to the unit of [`Reference::limits`]; nothing where it cannot.
    fn conversion(&self, concept: &ConceptRef, unit: &str) -> Option<Conversion>;
    /// Whether a unit is one of UCUM, or a spelling of one.
    fn knows_unit(&self, unit: &str) -> bool;
}

/// Checks a dataset.
///
/// # Errors
/// [`CohortError::Dataset`] if a table lacks a column, [`CohortError::Cancelled`] if `tick` says stop.
pub fn check_quality(
    source: &Source<'_>,
    settings: &QualitySettings,
    reference: &dyn Reference,
    tick: &mut Tick<'_>,
) -> Result<QualityReport, CohortError> {
    let mut list = List::default();
    persons::check(source, settings, &mut list);
    if source.is_record() {
        let concepts = Concepts::of(source);
        let columns = EventColumns::of(source)?;
        let values = values::Plan::new(&concepts, columns.as_ref(), reference);
        let counts = events::count(source, settings, &concepts, columns.as_ref(), values, tick)?;
        events::list(&counts, &concepts, columns.as_ref(), settings, &mut list);
        counts.values.list(&concepts, columns.as_ref(), reference, &mut list);
    }
    notes::check(source, settings, &mut list, tick)?;
    variables::check(source, settings, &mut list, tick)?;
    Ok(QualityReport {
        n_persons: source.index.n_persons() as u64,
        n_events: source.index.n_events(),
        n_notes: notes::n_notes(source),
        summary: list.summary(),
        checks: list.into_checks(),
        settings: settings_used(settings, reference),
    })
}

fn settings_used(settings: &QualitySettings, reference: &dyn Reference) -> Vec<Setting> {
    let setting = |name: &str, value: String| Setting { name: name.to_owned(), value };
    let today = match settings.today {
        None => "not given: nothing is called later than today".to_owned(),
        Some(day) if settings.moved_days == 0 => columnar::day::format_iso(day),
        Some(day) => format!(
            "{}; dates were moved at intake, so up to {} days later are let pass",
            columnar::day::format_iso(day),
            settings.moved_days
        ),
    };
    vec![
        setting("Today", today),
        setting("Events after death count from", format!("more than {DAYS_AFTER_DEATH} days after it")),
        setting("Before birth", "before the first of January of the year of birth".to_owned()),
        setting("Limits of values", reference.source().to_owned()),
        setting("A check fails", "when more percent break its rule than its threshold says".to_owned()),
    ]
}
