//! Overlap of the propensity scores: target upwards, comparator downwards, one scale.

use model::results::{Balance, BalanceRow};

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
            "over the usual 20% rule of thumb"
        } else {
            "less than the usual 20% rule of thumb: the arms hold largely different patients, and weighting leans on a few of them"
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

/// Below this effective sample size an arm holds too few for a weighted result.
const FEW: f64 = 50.0;
/// Below this share of an arm's persons, weighting has thrown most of the arm away.
const SMALL_SHARE: f64 = 0.1;

/// What must be known before a weighted result is read: on how few persons it rests, and whether weighting made the arms
/// less alike.
#[must_use]
pub fn weighting_warnings(balance: &Balance, target: &str, comparator: &str) -> Vec<String> {
    let mut warnings = Vec::new();
    if let Some((in_target, in_comparator)) = balance.effective_sample_size {
        let persons = balance.propensity_histogram.as_ref().map(|(upper, lower)| {
            let of = |counts: &[u64]| counts.iter().sum::<u64>();
            (of(&upper.counts), of(&lower.counts))
        });
        let arms = [(target, in_target, persons.map(|n| n.0)), (comparator, in_comparator, persons.map(|n| n.1))];
        warnings.extend(arms.into_iter().filter_map(|(arm, size, n)| rests_on_few(arm, size, n)));
    }
    let largest =
        |of: fn(&BalanceRow) -> Option<f64>| balance.rows.iter().filter_map(of).map(f64::abs).reduce(f64::max);
    if let (Some(before), Some(after)) = (largest(|row| row.smd_before), largest(|row| row.smd_after))
        && after > before
        && after > balance.threshold
    {
        warnings.push(format!(
            "Weighting made the arms less alike: the largest standardized mean difference (|SMD|) went from {before:.2} to {after:.2}."
        ));
    }
    warnings
}

/// Where an arm counts for few persons after weighting.
fn rests_on_few(arm: &str, size: f64, n: Option<u64>) -> Option<String> {
    if size >= FEW && n.is_none_or(|n| size >= SMALL_SHARE * n as f64) {
        return None;
    }
    let people = size.round();
    let word = if people == 1.0 { "person" } else { "people" };
    let of = n.map_or_else(String::new, |n| format!(" of {}", count(n as f64)));
    Some(format!(
        "The weighted result rests on about {} {word} of the arm \u{201c}{arm}\u{201d} (effective sample size {}{of}).",
        count(people),
        count(people),
    ))
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
        assert!(good.contains("over the usual 20% rule of thumb"));
        assert!(!good.contains("enough"));
    }

    #[test]
    fn a_weighted_result_that_rests_on_few_is_warned_of() {
        let sized = |target, comparator| Balance { effective_sample_size: Some((target, comparator)), ..example(0.4) };
        // Arms of 4 and 20 persons in the histogram.
        let few = weighting_warnings(&sized(3.4, 300.0), "a", "b");
        assert_eq!(
            few,
            [
                "The weighted result rests on about 3 people of the arm \u{201c}a\u{201d} (effective sample size 3 of 4)."
            ]
        );
        assert!(weighting_warnings(&sized(120.0, 300.0), "a", "b").is_empty());
        assert!(weighting_warnings(&example(0.4), "a", "b").is_empty());
        assert!(rests_on_few("a", 60.0, Some(700)).is_some(), "under a tenth of the arm");
        assert!(rests_on_few("a", 70.0, Some(700)).is_none());
        assert!(weighting_warnings(&Balance::default(), "a", "b").is_empty());
    }

    #[test]
    fn weighting_that_makes_the_arms_less_alike_is_warned_of() {
        let row =
            |before, after| BalanceRow { smd_before: Some(before), smd_after: Some(after), ..BalanceRow::default() };
        let with = |rows| Balance { rows, threshold: 0.1, ..Balance::default() };
        let worse = weighting_warnings(&with(vec![row(0.2, 0.05), row(-0.1, -0.61)]), "a", "b");
        assert_eq!(worse.len(), 1);
        assert!(worse[0].contains("from 0.20 to 0.61"), "{worse:?}");
        assert!(weighting_warnings(&with(vec![row(0.4, 0.05)]), "a", "b").is_empty());
        assert!(weighting_warnings(&with(vec![row(0.01, 0.05)]), "a", "b").is_empty(), "still balanced");
    }

    #[test]
    fn without_a_score_there_is_no_figure() {
        assert_eq!(overlap(&Balance::default(), "a", "b"), None);
    }
}
