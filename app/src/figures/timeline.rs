//! One person's record as a figure: lanes of marks by domain, curves of numbers, and the tables beside them.

mod curves;
mod lanes;
mod note_text;

pub use curves::{Curve, Point, curves};
pub use lanes::{Lane, Mark, lanes};
pub use note_text::{Piece, pieces};

use protocol::{Timeline, TimelineEvent};

use super::calendar::iso;
use crate::format::number;

/// A window of time, both ends included, in days since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// First day.
    pub from: i32,
    /// Last day.
    pub to: i32,
}

impl Window {
    /// Everything that a record has a date for; nothing where it has none.
    #[must_use]
    pub fn of(record: &Timeline) -> Option<Self> {
        let events =
            record.events.iter().flat_map(|e| [e.start_day, e.end_day.filter(|end| Some(*end) >= e.start_day)]);
        let notes = record.notes.iter().map(|n| n.day);
        let periods = record.periods.iter().flat_map(|(from, to)| [Some(*from), Some(*to)]);
        let days = events.chain(notes).chain(periods).chain([record.death_day]).flatten();
        days.fold(None, |window: Option<Self>, day| {
            Some(window.map_or(Self { from: day, to: day }, |w| Self { from: w.from.min(day), to: w.to.max(day) }))
        })
    }

    /// Whether a day lies in it.
    #[must_use]
    pub fn holds(self, day: i32) -> bool {
        (self.from..=self.to).contains(&day)
    }

    /// Where a day stands, in percent of the width; beyond an end, at that end.
    #[must_use]
    pub fn percent(self, day: i32) -> f64 {
        let width = f64::from(self.to) - f64::from(self.from);
        if width <= 0.0 {
            return 50.0;
        }
        (100.0 * (f64::from(day) - f64::from(self.from)) / width).clamp(0.0, 100.0)
    }

    /// Half or double of it around its middle, or moved by half its width; never beyond `all`.
    #[must_use]
    pub fn changed(self, change: Change, all: Window) -> Self {
        let width = i64::from(self.to) - i64::from(self.from);
        let middle = i64::from(self.from) + width / 2;
        let (from, to) = match change {
            Change::Closer => (middle - (width / 4).max(7), middle + (width / 4).max(7)),
            Change::Farther => (middle - width.max(14), middle + width.max(14)),
            Change::Earlier => (i64::from(self.from) - width / 2, i64::from(self.to) - width / 2),
            Change::Later => (i64::from(self.from) + width / 2, i64::from(self.to) + width / 2),
            Change::All => return all,
        };
        let (low, high) = (i64::from(all.from), i64::from(all.to));
        // Moved back into what there is, as wide as it is.
        let width = (to - from).min(high - low);
        let from = from.clamp(low, high - width);
        let day = |day: i64| i32::try_from(day).unwrap_or(all.to);
        Self { from: day(from), to: day(from + width) }
    }
}

/// How a window is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Half as wide.
    Closer,
    /// Twice as wide.
    Farther,
    /// To earlier days.
    Earlier,
    /// To later days.
    Later,
    /// Everything.
    All,
}

/// Words for an event's concept.
#[must_use]
pub fn concept_words(record: &Timeline, event: &TimelineEvent) -> String {
    record.concepts.get(event.concept as usize).map_or_else(String::new, |concept| {
        if concept.display.is_empty() { concept.code.clone() } else { concept.display.clone() }
    })
}

/// An event's result: number and unit, or the answer.
#[must_use]
pub fn result_words(event: &TimelineEvent) -> String {
    match (event.value, &event.value_text) {
        (Some(value), _) => {
            let unit = event.unit.as_deref().map_or_else(String::new, |unit| format!(" {unit}"));
            format!("{}{unit}", number(value))
        }
        (None, Some(text)) => text.clone(),
        (None, None) => String::new(),
    }
}

/// When an event was: a day, or the first and the last.
#[must_use]
pub fn day_words(event: &TimelineEvent) -> String {
    match (event.start_day, event.end_day) {
        (Some(start), Some(end)) if end != start => format!("{} to {}", iso(start), iso(end)),
        (Some(start), _) => iso(start),
        (None, _) => "no date".to_owned(),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use model::concept::ConceptRef;

    pub(crate) fn event(domain: &str, concept: u32, start: i32) -> TimelineEvent {
        TimelineEvent {
            domain: domain.into(),
            concept,
            start_day: Some(start),
            end_day: None,
            value: None,
            value_text: None,
            unit: None,
            provenance: None,
        }
    }

    pub(crate) fn record(events: Vec<TimelineEvent>) -> Timeline {
        let concept = |code: &str, display: &str| ConceptRef {
            system: "LOINC".into(),
            code: code.into(),
            display: display.into(),
            omop_id: None,
        };
        Timeline {
            person: "a".into(),
            sex: None,
            birth_year: None,
            death_day: None,
            periods: Vec::new(),
            facts: Vec::new(),
            concepts: vec![concept("1", "Creatinine"), concept("2", "")],
            n_events: events.len() as u64,
            events,
            notes: Vec::new(),
        }
    }

    #[test]
    fn a_window_holds_everything_dated() {
        assert_eq!(Window::of(&record(Vec::new())), None);
        let mut all = record(vec![event("visit", 0, 10), TimelineEvent { end_day: Some(30), ..event("visit", 0, 20) }]);
        assert_eq!(Window::of(&all), Some(Window { from: 10, to: 30 }));
        // An end before its start is a fault and widens nothing.
        all.events[0].end_day = Some(-5000);
        all.periods.push((5, 40));
        assert_eq!(Window::of(&all), Some(Window { from: 5, to: 40 }));
        assert!((Window { from: 5, to: 5 }.percent(5) - 50.0).abs() < 1e-9);
    }

    #[test]
    fn a_window_is_changed_within_what_there_is() {
        let all = Window { from: 0, to: 1000 };
        let closer = all.changed(Change::Closer, all);
        assert_eq!(closer, Window { from: 250, to: 750 });
        assert_eq!(closer.changed(Change::Later, all), Window { from: 500, to: 1000 });
        assert_eq!(closer.changed(Change::Later, all).changed(Change::Later, all), Window { from: 500, to: 1000 });
        assert_eq!(closer.changed(Change::Earlier, all), Window { from: 0, to: 500 });
        assert_eq!(closer.changed(Change::Farther, all), all);
        assert_eq!(closer.changed(Change::All, all), all);
        let day = Window { from: 7, to: 7 };
        assert_eq!(day.changed(Change::Closer, day), day);
    }

    #[test]
    fn events_in_words() {
        let all = record(vec![event("measurement", 0, 0), event("measurement", 1, 1)]);
        let lab = TimelineEvent { value: Some(1.25), unit: Some("mg/dL".into()), ..event("measurement", 0, 0) };
        assert_eq!((concept_words(&all, &lab), result_words(&lab)), ("Creatinine".to_owned(), "1.25 mg/dL".to_owned()));
        assert_eq!(concept_words(&all, &all.events[1]), "2");
        assert_eq!(day_words(&TimelineEvent { end_day: Some(2), ..lab }), "1970-01-01 to 1970-01-03");
    }
}
