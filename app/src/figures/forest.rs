//! The forest plot: every site's estimate with its interval, and what comes out of them together.
//!
//! Pure: from [`PooledFindings`] to places in percent of a track's width and the words beside them. The rows are drawn
//! as a table with a strip of SVG in each, so the plot reads as a table, wraps on a phone and prints as it is.

use model::results::PoolReport;
use protocol::{PooledFindings, PooledRow};

use super::scale::Track;
use crate::format::{decimals, fixed, range, with_interval};

/// Largest and smallest side of a site's square, in pixels; its area grows with the weight.
const SQUARE_PX: (f64, f64) = (4.0, 16.0);
/// Ticks under the plot, at most.
const MOST_TICKS: usize = 7;

/// A forest plot, ready to be drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Forest {
    /// What is measured (`hazard ratio`).
    pub measure: String,
    /// Sites, in the order given.
    pub sites: Vec<Strip>,
    /// Pooled estimates: fixed effect first, then random effects where there are two estimates or more.
    pub pooled: Vec<Strip>,
    /// Ticks: place in percent and label.
    pub ticks: Vec<(f64, String)>,
    /// Place of no effect (ratio 1, difference 0) in percent.
    pub no_effect: f64,
    /// Left of no effect.
    pub left_words: String,
    /// Right of no effect.
    pub right_words: String,
    /// The whole plot in one sentence, for those who do not see it.
    pub alternative: String,
}

/// One row of the plot.
#[derive(Clone, Debug, PartialEq)]
pub struct Strip {
    /// Site and data, or what was pooled how.
    pub label: String,
    /// What is drawn.
    pub mark: Mark,
    /// Place of the estimate in percent.
    pub at: f64,
    /// Place of the lower limit.
    pub from: f64,
    /// Place of the upper limit.
    pub to: f64,
    /// The lower limit lies beyond the plot: an arrow is drawn.
    pub cut_left: bool,
    /// The upper limit lies beyond the plot.
    pub cut_right: bool,
    /// Estimate and interval as text.
    pub numbers: String,
    /// Weight in percent as text (sites only).
    pub weight: Option<String>,
    /// Prediction interval: places and text.
    pub prediction: Option<(f64, f64, String)>,
}

/// What is drawn at an estimate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Mark {
    /// A square with this side in pixels, and a line for the interval.
    Square(f64),
    /// A diamond as wide as the interval.
    Diamond,
}

/// Two decimals, more where a number is small, so that 0.004 does not become 0.00.
#[must_use]
pub fn number(value: f64) -> String {
    fixed(value, decimals(value, value, value))
}

/// What a forest plot shows, wherever it comes from.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    /// What is measured, in words.
    pub measure: &'a str,
    /// Whether it is drawn on the log scale.
    pub is_ratio: bool,
    /// A row a site or study.
    pub rows: &'a [PooledRow],
    /// Fixed effect.
    pub fixed: &'a PoolReport,
    /// Random effects, where there are two rows or more.
    pub random: Option<&'a PoolReport>,
}

/// Draws the findings of several sites. `target` and `comparator` name the arms, for the words at both ends.
#[must_use]
pub fn forest(findings: &PooledFindings, target: &str, comparator: &str) -> Forest {
    let evidence = Evidence {
        measure: findings.measure.words(),
        is_ratio: findings.measure.is_ratio(),
        rows: &findings.rows,
        fixed: &findings.fixed,
        random: findings.random.as_ref(),
    };
    draw(&evidence, side_words(target, comparator))
}

/// Draws a forest plot, with words for both ends.
#[must_use]
pub fn draw(findings: &Evidence<'_>, (left_words, right_words): (String, String)) -> Forest {
    let (fixed, random) = (findings.fixed, findings.random);
    let track = track(findings);
    let heaviest = findings.rows.iter().map(|row| row.weight).fold(0.0, f64::max);
    let sites: Vec<Strip> = findings.rows.iter().map(|row| site(row, &track, heaviest)).collect();
    let mut pooled = Vec::new();
    if findings.rows.len() > 1 {
        pooled.push(diamond("Together, one common effect (fixed)", fixed, &track));
        if let Some(random) = random {
            pooled.push(diamond("Together, effects may differ (random)", random, &track));
        }
    }
    let none = if findings.is_ratio { 1.0 } else { 0.0 };
    Forest {
        measure: findings.measure.to_owned(),
        alternative: alternative(findings),
        sites,
        pooled,
        ticks: track
            .ticks(MOST_TICKS)
            .into_iter()
            .map(|tick| (track.percent(tick), super::scale::plain_number(tick)))
            .collect(),
        no_effect: track.percent(none),
        left_words,
        right_words,
    }
}

fn track(findings: &Evidence<'_>) -> Track {
    let fixed = findings.fixed;
    let mut values: Vec<f64> = findings
        .rows
        .iter()
        .flat_map(|row| [row.estimate, row.lower, row.upper])
        .chain([fixed.lower, fixed.upper])
        .collect();
    // Knapp-Hartung on two sites, and its prediction interval, can be absurdly wide: they do not set the scale beyond
    // four times what the sites span; what is cut gets an arrow and its numbers beside it.
    let (low, high) = span(&values);
    if let Some(random) = findings.random {
        let limits = [Some((random.lower, random.upper)), prediction(random)];
        for (lower, upper) in limits.into_iter().flatten() {
            if findings.is_ratio {
                values.extend([lower.max(low / 4.0), upper.min(high * 4.0)]);
            } else {
                let width = (high - low).abs();
                values.extend([lower.max(low - width), upper.min(high + width)]);
            }
        }
    }
    if findings.is_ratio {
        Track::ratio(values)
    } else {
        let (low, high) = span(&values);
        let margin = 0.05 * (high - low).abs();
        Track::linear(low.min(0.0) - margin, high.max(0.0) + margin)
    }
}

fn span(values: &[f64]) -> (f64, f64) {
    let finite = values.iter().copied().filter(|value| value.is_finite());
    let low = finite.clone().min_by(f64::total_cmp).unwrap_or(0.0);
    (low, finite.max_by(f64::total_cmp).unwrap_or(1.0))
}

fn site(row: &PooledRow, track: &Track, heaviest: f64) -> Strip {
    let share = if heaviest > 0.0 { (row.weight / heaviest).clamp(0.0, 1.0) } else { 1.0 };
    let (smallest, largest) = SQUARE_PX;
    Strip {
        label: row.label.clone(),
        mark: Mark::Square((largest * share.sqrt()).max(smallest)),
        at: track.percent(row.estimate),
        from: track.percent(row.lower),
        to: track.percent(row.upper),
        cut_left: track.is_cut(row.lower),
        cut_right: track.is_cut(row.upper),
        numbers: with_interval(row.estimate, row.lower, row.upper),
        weight: Some(format!("{:.0}%", row.weight)),
        prediction: None,
    }
}

/// From so many studies on it is said how much they differ, and what a further one would find.
pub const ENOUGH_STUDIES: u64 = 3;

/// The interval in which a further site's effect is expected, where there is one: two studies cannot tell.
#[must_use]
pub fn prediction(report: &PoolReport) -> Option<(f64, f64)> {
    report.prediction_lower.zip(report.prediction_upper).filter(|_| report.k >= ENOUGH_STUDIES)
}

fn diamond(label: &str, pooled: &PoolReport, track: &Track) -> Strip {
    Strip {
        label: label.to_owned(),
        mark: Mark::Diamond,
        at: track.percent(pooled.estimate),
        from: track.percent(pooled.lower),
        to: track.percent(pooled.upper),
        cut_left: track.is_cut(pooled.lower),
        cut_right: track.is_cut(pooled.upper),
        numbers: with_interval(pooled.estimate, pooled.lower, pooled.upper),
        weight: None,
        prediction: prediction(pooled).map(|(lower, upper)| {
            let text = range(lower, upper, decimals(pooled.estimate, lower, upper));
            (track.percent(lower), track.percent(upper), text)
        }),
    }
}

fn side_words(target: &str, comparator: &str) -> (String, String) {
    (format!("Fewer events with {target}"), format!("Fewer events with {comparator}"))
}

fn alternative(findings: &Evidence<'_>) -> String {
    let (fixed, random) = (findings.fixed, findings.random);
    let measure = findings.measure;
    let sites = findings
        .rows
        .iter()
        .map(|row| format!("{} {}", row.label, with_interval(row.estimate, row.lower, row.upper)))
        .collect::<Vec<_>>()
        .join("; ");
    let mut text = format!("Forest plot of the {measure}. {sites}.");
    if findings.rows.len() > 1 {
        text.push_str(&format!(" Pooled, fixed effect: {}.", with_interval(fixed.estimate, fixed.lower, fixed.upper)));
        if let Some(random) = random {
            text.push_str(&format!(
                " Pooled, random effects: {}.",
                with_interval(random.estimate, random.lower, random.upper)
            ));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::finding::Measure;

    fn row(label: &str, estimate: f64, lower: f64, upper: f64, weight: f64) -> PooledRow {
        PooledRow { label: label.into(), estimate, lower, upper, weight }
    }

    /// A pooled ratio, made on the log scale and told on its own, as the worker answers.
    fn pooled(log: f64, half: f64, prediction: Option<f64>) -> PoolReport {
        PoolReport {
            k: 3,
            estimate: log.exp(),
            lower: (log - half).exp(),
            upper: (log + half).exp(),
            prediction_lower: prediction.map(|wide| (log - wide).exp()),
            prediction_upper: prediction.map(|wide| (log + wide).exp()),
            ..PoolReport::default()
        }
    }

    fn two_sites() -> PooledFindings {
        PooledFindings {
            measure: Measure::HazardRatio,
            rows: vec![row("Rotterdam", 1.10, 0.94, 1.29, 60.0), row("Freiburg", 0.70, 0.54, 0.90, 40.0)],
            fixed: pooled(-0.08, 0.13, None),
            random: Some(pooled(-0.12, 2.8, Some(9.0))),
            words: String::new(),
            left_out: Vec::new(),
        }
    }

    #[test]
    fn sites_stand_where_their_numbers_are() {
        let plot = forest(&two_sites(), "hormone", "none");
        let [rotterdam, freiburg] = plot.sites.as_slice() else { panic!("two sites") };
        assert!(freiburg.at < plot.no_effect && plot.no_effect < rotterdam.at);
        assert!(rotterdam.from < plot.no_effect && plot.no_effect < rotterdam.to);
        assert!(freiburg.to < plot.no_effect);
        assert_eq!(rotterdam.mark, Mark::Square(16.0));
        assert_eq!(rotterdam.numbers, "1.10 (0.94 to 1.29)");
        assert_eq!(freiburg.weight.as_deref(), Some("40%"));
        assert!(plot.ticks.iter().any(|(at, label)| label == "1" && (at - plot.no_effect).abs() < 1e-9));
        assert!(plot.ticks.len() <= MOST_TICKS + 1);
    }

    #[test]
    fn a_square_has_the_area_of_its_weight() {
        let plot = forest(&two_sites(), "a", "b");
        let (Mark::Square(first), Mark::Square(second)) = (plot.sites[0].mark, plot.sites[1].mark) else {
            panic!("squares")
        };
        assert!(((second * second) / (first * first) - 40.0 / 60.0).abs() < 1e-9);
    }

    #[test]
    fn an_absurd_interval_is_cut_and_says_so() {
        let plot = forest(&two_sites(), "a", "b");
        let random = &plot.pooled[1];
        assert!(random.cut_left && random.cut_right);
        assert!((random.from - 0.0).abs() < 1e-9 && (random.to - 100.0).abs() < 1e-9);
        // The sites still have room: more than a tenth of the width.
        assert!(plot.sites[0].to - plot.sites[0].from > 8.0);
        assert_eq!(plot.pooled[0].numbers, with_interval((-0.08f64).exp(), (-0.21f64).exp(), 0.05f64.exp()));
        assert!(random.prediction.is_some());
    }

    #[test]
    fn two_studies_do_not_say_what_a_third_would_find() {
        let mut two = two_sites();
        if let Some(random) = &mut two.random {
            random.k = 2;
        }
        assert_eq!(forest(&two, "a", "b").pooled[1].prediction, None);
    }

    #[test]
    fn one_site_is_not_pooled() {
        let mut one = two_sites();
        one.rows.truncate(1);
        one.random = None;
        let plot = forest(&one, "a", "b");
        assert!(plot.pooled.is_empty());
        assert!(!plot.alternative.contains("Pooled"));
    }

    #[test]
    fn a_difference_has_zero_as_no_effect() {
        let mut findings = two_sites();
        findings.measure = Measure::RiskDifference;
        findings.rows = vec![row("A", -0.05, -0.10, 0.0, 50.0), row("B", -0.02, -0.08, 0.04, 50.0)];
        findings.fixed = PoolReport { estimate: -0.035, lower: -0.075, upper: 0.005, ..PoolReport::default() };
        findings.random = None;
        let plot = forest(&findings, "a", "b");
        assert!(plot.sites[0].at < plot.no_effect);
        assert_eq!(plot.pooled[0].numbers, "\u{2212}0.035 (\u{2212}0.075 to 0.005)");
    }

    #[test]
    fn small_numbers_keep_their_digits() {
        assert_eq!(number(0.004), "0.004");
        assert_eq!(number(0.654), "0.65");
        assert_eq!(number(12.34), "12.3");
        assert_eq!(number(432.1), "432");
        assert_eq!(number(0.0), "0.00");
    }
}
