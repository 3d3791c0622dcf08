//! The published survival curve: a few rounded points, drawn as plain SVG so that it prints and loads nothing.
//!
//! The points are joined by straight lines: where between two of them the true curve steps down is not published.

use model::finding::ArmResult;

use super::scale::{TimeAxis, Track};

/// Ticks on the time axis, at most.
const MOST_TICKS: usize = 6;

/// A drawing in percent of width and height, and the words beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct CoarseCurve {
    /// One line an arm: name and SVG path in a 100 by 100 box, y downwards.
    pub arms: Vec<(String, String)>,
    /// Ticks on the time axis: place in percent and label.
    pub ticks: Vec<(f64, String)>,
    /// Title of the time axis.
    pub time_title: String,
    /// How its unit was converted, where it was.
    pub time_note: Option<String>,
    /// The table beside it: a row a time, a column an arm (absent: the arm has no point there).
    pub rows: Vec<(String, Vec<Option<f64>>)>,
    /// The drawing in a sentence.
    pub alternative: String,
}

/// Draws the arms' published curves; `None` where none was published.
#[must_use]
pub fn coarse_curve(arms: &[ArmResult]) -> Option<CoarseCurve> {
    let drawn: Vec<&ArmResult> = arms.iter().filter(|arm| arm.curve.len() > 1).collect();
    let unit = &drawn.first()?.time_unit;
    let mut times: Vec<f64> = drawn.iter().flat_map(|arm| arm.curve.iter().map(|point| point.time)).collect();
    times.sort_by(f64::total_cmp);
    times.dedup();
    let last = *times.last()?;
    let axis = TimeAxis::new(unit, last);
    let track = Track::linear(0.0, last);
    Some(CoarseCurve {
        arms: drawn.iter().map(|arm| (arm.name.clone(), path(arm, &track))).collect(),
        ticks: axis
            .ticks(0.0, last, MOST_TICKS)
            .into_iter()
            .map(|time| (track.percent(time), axis.label(time)))
            .collect(),
        time_title: axis.title().to_owned(),
        time_note: axis.note(),
        rows: times
            .iter()
            .map(|time| {
                let at =
                    |arm: &&ArmResult| arm.curve.iter().find(|point| point.time == *time).map(|point| point.survival);
                (axis.label(*time), drawn.iter().map(at).collect())
            })
            .collect(),
        alternative: alternative(&drawn, &axis),
    })
}

fn path(arm: &ArmResult, track: &Track) -> String {
    let mut path = String::new();
    for (place, point) in arm.curve.iter().enumerate() {
        let (x, y) = (track.percent(point.time), 100.0 * (1.0 - point.survival.clamp(0.0, 1.0)));
        if place == 0 {
            path.push_str(&format!("M{x:.2} {y:.2}"));
        } else {
            path.push_str(&format!("L{x:.2} {y:.2}"));
        }
    }
    path
}

fn alternative(arms: &[&ArmResult], axis: &TimeAxis) -> String {
    let ends: Vec<String> = arms
        .iter()
        .filter_map(|arm| {
            let end = arm.curve.last()?;
            let share = end.survival * 100.0;
            Some(format!("{}: {share:.0}% at {} {}", arm.name, axis.label(end.time), axis.shown.word()))
        })
        .collect();
    format!("Share without the outcome over time, a few rounded points. {}.", ends.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::finding::PublishedPoint;

    fn arm(name: &str, points: &[(f64, f64)]) -> ArmResult {
        ArmResult {
            name: name.into(),
            time_unit: "days".into(),
            curve: points.iter().map(|(time, survival)| PublishedPoint { time: *time, survival: *survival }).collect(),
            ..ArmResult::default()
        }
    }

    #[test]
    fn points_are_joined() {
        let drawn = coarse_curve(&[arm("A", &[(0.0, 1.0), (50.0, 0.8), (100.0, 0.5)])]).unwrap();
        assert_eq!(drawn.arms[0].1, "M0.00 0.00L50.00 20.00L100.00 50.00");
        assert!(drawn.alternative.contains("A: 50% at 100 days"));
    }

    #[test]
    fn the_table_has_every_time_of_every_arm() {
        let drawn =
            coarse_curve(&[arm("A", &[(0.0, 1.0), (50.0, 0.8)]), arm("B", &[(0.0, 1.0), (100.0, 0.7)])]).unwrap();
        assert_eq!(
            drawn.rows,
            [
                ("0".to_owned(), vec![Some(1.0), Some(1.0)]),
                ("50".to_owned(), vec![Some(0.8), None]),
                ("100".to_owned(), vec![None, Some(0.7)]),
            ]
        );
    }

    #[test]
    fn nothing_published_draws_nothing() {
        assert_eq!(coarse_curve(&[arm("A", &[])]), None);
        assert_eq!(coarse_curve(&[]), None);
    }
}
