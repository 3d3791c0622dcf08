//! Overlap of the propensity scores: target upwards, comparator downwards, one scale.

use model::results::Balance;

use super::distribution::{HEIGHT, path, shares};
use super::kaplan_meier::{count, percent};
use super::scale::plain_number;

/// The overlap figure.
#[derive(Clone, Debug, PartialEq)]
pub struct OverlapView {
    /// Bars of the target arm, upwards from the middle.
    pub target: String,
    /// Bars of the comparator arm, downwards from the middle.
    pub comparator: String,
    /// The figure's table: score, target, comparator.
    pub table: Vec<(String, String, String)>,
    /// What it means, in words.
    pub words: Vec<String>,
}

/// Lays out the overlap figure; absent where no propensity score was estimated.
#[must_use]
pub fn overlap(balance: &Balance, target: &str, comparator: &str) -> Option<OverlapView> {
    let (upper, lower) = balance.propensity_histogram.as_ref()?;
    let (up, down) = (shares(upper), shares(lower));
    let tallest = up.iter().chain(&down).copied().fold(0.0, f64::max);
    let half = HEIGHT / 2.0;
    Some(OverlapView {
        target: path(&up, tallest, half, -half),
        comparator: path(&down, tallest, half, half),
        table: upper
            .edges
            .windows(2)
            .zip(upper.counts.iter().zip(&lower.counts))
            .map(|(ends, (n_target, n_comparator))| {
                (
                    format!("{} to {}", plain_number(ends[0]), plain_number(ends[1])),
                    count(*n_target as f64),
                    count(*n_comparator as f64),
                )
            })
            .collect(),
        words: words(balance, target, comparator),
    })
}

fn words(balance: &Balance, target: &str, comparator: &str) -> Vec<String> {
    let mut words = Vec::new();
    if let Some(equipoise) = balance.equipoise {
        let verdict = if equipoise >= 0.2 {
            "enough for a comparison by the usual rule (at least 20%)"
        } else {
            "less than the usual 20%: the arms hold largely different patients, and weighting leans on a few of them"
        };
        words.push(format!(
            "{} of subjects are in equipoise (preference score 0.3 to 0.7: either treatment was an option), {verdict}.",
            percent(equipoise)
        ));
    }
    if let Some(auc) = balance.auc {
        let meaning = match auc {
            a if a >= 0.8 => "the covariates tell the arms apart well, so the arms hold different patients",
            a if a >= 0.65 => "the covariates tell the arms apart to some degree",
            _ => "the covariates hardly tell the arms apart",
        };
        words.push(format!("Area under the curve of the propensity model {auc:.2}: {meaning}."));
    }
    if let Some((n_target, n_comparator)) = balance.effective_sample_size {
        words.push(format!(
            "After weighting the arms count for as much as {} ({target}) and {} ({comparator}) equally weighted subjects (effective sample size).",
            count(n_target.round()),
            count(n_comparator.round()),
        ));
    }
    words
}

#[cfg(test)]
mod tests {
    use model::results::Histogram;

    use super::*;

    fn example(equipoise: f64) -> Balance {
        Balance {
            equipoise: Some(equipoise),
            auc: Some(0.71),
            effective_sample_size: Some((120.4, 1034.0)),
            propensity_histogram: Some((
                Histogram { edges: vec![0.0, 0.5, 1.0], counts: vec![1, 3] },
                Histogram { edges: vec![0.0, 0.5, 1.0], counts: vec![10, 10] },
            )),
            ..Balance::default()
        }
    }

    #[test]
    fn arms_grow_from_the_middle_on_one_scale() {
        let view = overlap(&example(0.4), "a", "b").unwrap();
        assert_eq!(view.target, "M0 18.00L0.00 12.00L50.00 12.00L50.00 0.00L100.00 0.00L100.00 18.00Z");
        assert_eq!(view.comparator, "M0 18.00L0.00 30.00L50.00 30.00L50.00 30.00L100.00 30.00L100.00 18.00Z");
        assert_eq!(view.table[1], ("0.5 to 1".to_owned(), "3".to_owned(), "10".to_owned()));
    }

    #[test]
    fn poor_overlap_is_said_in_words() {
        let poor = overlap(&example(0.05), "a", "b").unwrap().words.join(" ");
        assert!(poor.contains("less than the usual 20%"));
        assert!(poor.contains("120 (a) and 1,034 (b)"));
        let good = overlap(&example(0.4), "a", "b").unwrap().words.join(" ");
        assert!(good.contains("enough for a comparison"));
    }

    #[test]
    fn without_a_score_there_is_no_figure() {
        assert_eq!(overlap(&Balance::default(), "a", "b"), None);
    }
}
