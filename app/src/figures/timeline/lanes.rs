//! Lanes: a row of marks a domain. Events that stand at nearly the same place share a mark, so that each can be hit.

use protocol::{Timeline, TimelineEvent};

use super::{Window, concept_words, day_words, result_words};
use crate::figures::calendar::iso;

/// Marks closer than this (percent of the width) become one.
const NEAR: f64 = 0.9;
/// Events named in a mark's words.
const NAMED: usize = 3;
/// Order of the lanes; others follow by name.
const ORDER: [&str; 10] = [
    "visit",
    "condition",
    "drug",
    "procedure",
    "measurement",
    "observation",
    "device",
    "specimen",
    "note_finding",
    "death",
];

/// A row of marks.
#[derive(Clone, Debug, PartialEq)]
pub struct Lane {
    /// The domain; `note` for notes.
    pub domain: String,
    /// Events in the window.
    pub n: usize,
    /// Events of this domain outside the window or without a date.
    pub n_elsewhere: usize,
    /// From left to right.
    pub marks: Vec<Mark>,
}

/// One mark: events at nearly the same place.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// Left end in percent of the width.
    pub left: f64,
    /// Width in percent: 0 for a day.
    pub width: f64,
    /// What it is, in words.
    pub words: String,
    /// Places in the record's events (of the lane of notes: its notes).
    pub items: Vec<usize>,
}

struct Item {
    place: usize,
    start: i32,
    end: i32,
    words: String,
}

/// The lanes of a record within a window.
#[must_use]
pub fn lanes(record: &Timeline, window: Window) -> Vec<Lane> {
    let mut domains: Vec<&str> = record.events.iter().map(|e| e.domain.as_str()).collect();
    domains.sort_by_key(|d| (ORDER.iter().position(|o| o == d).unwrap_or(ORDER.len()), *d));
    domains.dedup();
    let mut all: Vec<Lane> = domains
        .into_iter()
        .map(|domain| {
            let events = record.events.iter().enumerate().filter(|(_, e)| e.domain == domain);
            lane(domain, events.map(|(place, e)| event_item(record, place, e)), window)
        })
        .collect();
    if !record.notes.is_empty() {
        let items = record.notes.iter().enumerate().map(|(place, note)| {
            let day = note.day?;
            let words = format!("{} {}", iso(day), if note.title.is_empty() { "Note" } else { &note.title });
            Some(Item { place, start: day, end: day, words })
        });
        all.push(lane("note", items, window));
    }
    all
}

fn event_item(record: &Timeline, place: usize, event: &TimelineEvent) -> Option<Item> {
    let start = event.start_day?;
    let result = result_words(event);
    let result = if result.is_empty() { result } else { format!(": {result}") };
    let words = format!("{} {}{result}", day_words(event), concept_words(record, event));
    Some(Item { place, start, end: event.end_day.unwrap_or(start).max(start), words })
}

fn lane(domain: &str, items: impl Iterator<Item = Option<Item>>, window: Window) -> Lane {
    let mut n_elsewhere = 0;
    let mut inside: Vec<Item> = Vec::new();
    for item in items {
        match item {
            Some(item) if item.start <= window.to && item.end >= window.from => inside.push(item),
            _ => n_elsewhere += 1,
        }
    }
    inside.sort_by_key(|item| (item.start, item.place));
    let n = inside.len();
    let mut marks: Vec<(Mark, Vec<String>)> = Vec::new();
    for item in inside {
        let left = window.percent(item.start);
        let right = window.percent(item.end);
        match marks.last_mut() {
            Some((mark, words)) if left - mark.left < NEAR => {
                mark.width = mark.width.max(right - mark.left);
                mark.items.push(item.place);
                words.push(item.words);
            }
            _ => marks.push((
                Mark { left, width: right - left, words: String::new(), items: vec![item.place] },
                vec![item.words],
            )),
        }
    }
    let marks = marks.into_iter().map(|(mark, words)| Mark { words: named(&words), ..mark }).collect();
    Lane { domain: domain.to_owned(), n, n_elsewhere, marks }
}

fn named(words: &[String]) -> String {
    let shown = words.iter().take(NAMED).cloned().collect::<Vec<_>>().join("; ");
    match words.len().saturating_sub(NAMED) {
        0 => shown,
        more => format!("{shown}; and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{event, record};
    use super::*;
    use protocol::TimelineNote;

    #[test]
    fn near_events_share_a_mark_and_every_event_is_in_one() {
        let mut events: Vec<TimelineEvent> = [0, 1, 2, 3, 500, 1000].map(|day| event("drug", 0, day)).to_vec();
        events.push(event("condition", 1, 400));
        events.push(TimelineEvent { start_day: None, ..event("condition", 1, 0) });
        let record = record(events);
        let window = Window { from: 0, to: 1000 };
        let all = lanes(&record, window);
        let names: Vec<&str> = all.iter().map(|l| l.domain.as_str()).collect();
        assert_eq!(names, ["condition", "drug"]);
        assert_eq!((all[0].n, all[0].n_elsewhere), (1, 1));
        let drug = &all[1];
        let items: Vec<Vec<usize>> = drug.marks.iter().map(|m| m.items.clone()).collect();
        assert_eq!(items, [vec![0, 1, 2, 3], vec![4], vec![5]]);
        assert!((drug.marks[1].left - 50.0).abs() < 1e-9 && drug.marks[1].width < 1e-9);
        assert!(drug.marks[0].words.ends_with("; and 1 more"), "{}", drug.marks[0].words);
    }

    #[test]
    fn what_lasts_is_as_wide_and_what_is_outside_is_counted() {
        let stay = TimelineEvent { end_day: Some(600), ..event("visit", 0, 500) };
        let record = record(vec![stay, event("visit", 0, 5000)]);
        let lane = &lanes(&record, Window { from: 0, to: 1000 })[0];
        assert_eq!((lane.n, lane.n_elsewhere, lane.marks.len()), (1, 1, 1));
        assert!((lane.marks[0].width - 10.0).abs() < 1e-9);
        // It lasts into a window that begins later.
        let later = &lanes(&record, Window { from: 550, to: 1000 })[0];
        assert_eq!((later.n, later.marks[0].left), (1, 0.0));
    }

    #[test]
    fn notes_have_a_lane() {
        let mut record = record(Vec::new());
        record.notes.push(TimelineNote { note: 0, day: Some(5), title: "Letter".into(), n_chars: 9 });
        let all = lanes(&record, Window { from: 0, to: 10 });
        assert_eq!(
            (all.len(), all[0].domain.as_str(), all[0].marks[0].words.as_str()),
            (1, "note", "1970-01-06 Letter")
        );
    }
}
