//! Numbers over time: a curve a concept and unit.

use std::collections::BTreeMap;

use protocol::Timeline;

use super::{Window, concept_words};
use crate::figures::scale::Track;

/// A curve: one concept in one unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// The concept.
    pub name: String,
    /// The unit; empty: none.
    pub unit: String,
    /// By day.
    pub points: Vec<Point>,
    /// Smallest and largest number in the window.
    pub range: (f64, f64),
    /// Line through the points of the window, in a 100 by 100 box.
    pub path: String,
    /// Points outside the window.
    pub n_elsewhere: usize,
}

/// A number of a day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// The day.
    pub day: i32,
    /// The number.
    pub value: f64,
    /// From the left, in percent.
    pub x: f64,
    /// From the top, in percent.
    pub y: f64,
}

/// The curves of a record within a window, most points first. A concept with one number has a curve of one point.
#[must_use]
pub fn curves(record: &Timeline, window: Window) -> Vec<Curve> {
    // Numbers by day within the window, and how many are outside.
    type Numbers = (Vec<(i32, f64)>, usize);
    let mut series: BTreeMap<(u32, &str), Numbers> = BTreeMap::new();
    for event in &record.events {
        let (Some(day), Some(value)) = (event.start_day, event.value) else { continue };
        let of = series.entry((event.concept, event.unit.as_deref().unwrap_or_default())).or_default();
        if window.holds(day) {
            of.0.push((day, value));
        } else {
            of.1 += 1;
        }
    }
    let mut all: Vec<Curve> = series
        .into_iter()
        .filter(|(_, (points, _))| !points.is_empty())
        .map(|((concept, unit), (points, n_elsewhere))| {
            let name = record.events.iter().find(|e| e.concept == concept).map(|e| concept_words(record, e));
            curve(name.unwrap_or_default(), unit.to_owned(), points, n_elsewhere, window)
        })
        .collect();
    all.sort_by(|a, b| b.points.len().cmp(&a.points.len()).then_with(|| (&a.name, &a.unit).cmp(&(&b.name, &b.unit))));
    all
}

fn curve(name: String, unit: String, mut days: Vec<(i32, f64)>, n_elsewhere: usize, window: Window) -> Curve {
    days.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.total_cmp(&b.1)));
    let low = days.iter().map(|d| d.1).fold(f64::INFINITY, f64::min);
    let high = days.iter().map(|d| d.1).fold(f64::NEG_INFINITY, f64::max);
    let track = Track::linear(low, high);
    let points: Vec<Point> = days
        .into_iter()
        .map(|(day, value)| Point { day, value, x: window.percent(day), y: 100.0 - track.percent(value) })
        .collect();
    let mut path = String::new();
    for (place, point) in points.iter().enumerate() {
        path.push(if place == 0 { 'M' } else { 'L' });
        path.push_str(&format!("{:.2} {:.2}", point.x, point.y));
    }
    Curve { name, unit, points, range: (low, high), path, n_elsewhere }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{event, record};
    use super::*;
    use protocol::TimelineEvent;

    fn lab(day: i32, value: f64, unit: &str) -> TimelineEvent {
        TimelineEvent { value: Some(value), unit: Some(unit.into()), ..event("measurement", 0, day) }
    }

    #[test]
    fn a_curve_a_concept_and_unit() {
        let events =
            vec![lab(100, 2.0, "mg/dL"), lab(0, 1.0, "mg/dL"), lab(50, 88.0, "umol/L"), lab(900, 3.0, "mg/dL")];
        let all = curves(&record(events), Window { from: 0, to: 100 });
        assert_eq!(all.len(), 2);
        let first = &all[0];
        assert_eq!((first.name.as_str(), first.unit.as_str(), first.n_elsewhere), ("Creatinine", "mg/dL", 1));
        assert_eq!(first.range, (1.0, 2.0));
        assert_eq!(first.path, "M0.00 100.00L100.00 0.00");
        // One number alone stands in the middle.
        assert_eq!((all[1].points[0].x, all[1].points[0].y), (50.0, 50.0));
    }

    #[test]
    fn nothing_in_the_window_is_no_curve() {
        assert!(curves(&record(vec![lab(900, 3.0, "mg/dL")]), Window { from: 0, to: 100 }).is_empty());
    }
}
