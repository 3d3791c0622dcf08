//! The curves as plain paths, drawn at once while the plotting library is fetched and started.

use super::CurveView;
use crate::figures::scale::{TimeAxis, Track};

/// Curves in a 100 by 100 box, y downwards.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Preview {
    /// Band and line of each arm, as SVG paths.
    pub arms: Vec<(String, String)>,
    /// Ticks on the time axis: place in percent and label.
    pub ticks: Vec<(f64, String)>,
}

/// The curves between 0 and the last time.
#[must_use]
pub fn preview(views: &[CurveView], axis: &TimeAxis, last: f64, most_ticks: usize) -> Preview {
    let track = Track::linear(0.0, last);
    let y = |share: f64| 100.0 * (1.0 - share.clamp(0.0, 1.0));
    let steps = |times: &[f64], shares: &[f64]| -> Vec<(f64, f64)> {
        let mut points = Vec::with_capacity(times.len() * 2);
        let mut before = None;
        for (time, share) in times.iter().zip(shares) {
            let (x, y) = (track.percent(*time), y(*share));
            if let Some(level) = before {
                points.push((x, level));
            }
            points.push((x, y));
            before = Some(y);
        }
        points
    };
    let arm = |view: &CurveView| {
        let (times, lower, upper) = &view.band;
        let mut outline = steps(times, upper);
        outline.extend(steps(times, lower).into_iter().rev());
        let band = if outline.is_empty() { String::new() } else { path(&outline) + "Z" };
        (band, path(&steps(&view.times, &view.survival)))
    };
    Preview {
        arms: views.iter().map(arm).collect(),
        ticks: axis
            .ticks(0.0, last, most_ticks)
            .into_iter()
            .map(|time| (track.percent(time), axis.label(time)))
            .collect(),
    }
}

fn path(points: &[(f64, f64)]) -> String {
    let mut path = String::with_capacity(points.len() * 12);
    for (place, (x, y)) in points.iter().enumerate() {
        path.push(if place == 0 { 'M' } else { 'L' });
        path.push_str(&format!("{x:.2} {y:.2}"));
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_stays_level_until_its_next_step() {
        let view = CurveView {
            name: "all".into(),
            times: vec![0.0, 50.0, 100.0],
            survival: vec![1.0, 0.5, 0.25],
            band: (vec![0.0, 50.0], vec![1.0, 0.4], vec![1.0, 0.6]),
            ..CurveView::default()
        };
        let drawn = preview(&[view], &TimeAxis::new("days", 100.0), 100.0, 5);
        let (band, line) = &drawn.arms[0];
        assert_eq!(line, "M0.00 0.00L50.00 0.00L50.00 50.00L100.00 50.00L100.00 75.00");
        assert_eq!(band, "M0.00 0.00L50.00 0.00L50.00 40.00L50.00 60.00L50.00 0.00L0.00 0.00Z");
        assert_eq!(drawn.ticks.first().map(|t| t.0), Some(0.0));
    }
}
