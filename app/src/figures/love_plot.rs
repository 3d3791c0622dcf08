//! Balance of covariates: the table and the love plot are one thing, drawn from the same rows, so they cannot disagree.

use model::results::{Balance, BalanceRow};

use super::scale::{Track, plain_number};
use crate::format::{are_years, count, fixed, ungrouped};

/// Balance as it is shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BalanceView {
    /// Rows, least balanced first.
    pub rows: Vec<BalanceRowView>,
    /// |SMD| above this is called unbalanced.
    pub threshold: f64,
    /// Where the threshold stands on the track, in percent.
    pub threshold_place: f64,
    /// Ticks of the track: percent and label.
    pub ticks: Vec<(f64, String)>,
    /// Whether there is a column for after weighting.
    pub has_after: bool,
    /// What the figure says, in one sentence.
    pub verdict: String,
}

/// One covariate.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BalanceRowView {
    /// Name; `covariate=level` reads as `covariate: level`.
    pub covariate: String,
    /// Mean or share in the target arm.
    pub target: String,
    /// Mean or share in the comparator arm.
    pub comparator: String,
    /// Missing in both arms; empty where nothing is.
    pub missing: String,
    /// Before adjustment.
    pub before: Option<Mark>,
    /// After weighting.
    pub after: Option<Mark>,
}

/// A standardized mean difference on the track.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// Signed, three decimals.
    pub text: String,
    /// Place of its absolute value in percent.
    pub place: f64,
    /// Above the threshold.
    pub unbalanced: bool,
}

/// Lays out a balance table and its love plot.
#[must_use]
pub fn balance(balance: &Balance) -> BalanceView {
    let largest = balance
        .rows
        .iter()
        .flat_map(|row| [row.smd_before, row.smd_after])
        .flatten()
        .map(f64::abs)
        .fold(balance.threshold * 2.5, f64::max);
    // An almost constant covariate can have an SMD of many; the rest must stay readable.
    let track = Track::linear(0.0, (largest * 1.04).min(2.0));
    let mut rows: Vec<&BalanceRow> = balance.rows.iter().collect();
    rows.sort_by(|a, b| {
        let size = |row: &BalanceRow| row.smd_before.map_or(-1.0, f64::abs);
        size(b).total_cmp(&size(a))
    });
    let mark = |smd: Option<f64>| {
        smd.map(|smd| Mark {
            text: signed(smd),
            place: track.percent(smd.abs()),
            unbalanced: smd.abs() > balance.threshold,
        })
    };
    let has_after = balance.rows.iter().any(|row| row.smd_after.is_some());
    BalanceView {
        rows: rows
            .into_iter()
            .map(|row| {
                let (target, comparator) = means(row);
                BalanceRowView {
                    covariate: term(&row.covariate),
                    target,
                    comparator,
                    missing: match (row.missing_target, row.missing_comparator) {
                        (0, 0) => String::new(),
                        (target, comparator) => format!("{} / {}", count(target), count(comparator)),
                    },
                    before: mark(row.smd_before),
                    after: mark(row.smd_after),
                }
            })
            .collect(),
        threshold: balance.threshold,
        threshold_place: track.percent(balance.threshold),
        ticks: track.ticks(5).into_iter().map(|tick| (track.percent(tick), plain_number(tick))).collect(),
        has_after,
        verdict: verdict(balance, has_after),
    }
}

fn verdict(balance: &Balance, has_after: bool) -> String {
    let threshold = plain_number(balance.threshold);
    let n = balance.rows.len();
    if n == 0 {
        return "No covariate was chosen, so nothing can be said about balance.".to_owned();
    }
    let above = |smd: fn(&BalanceRow) -> Option<f64>| {
        balance.rows.iter().filter(|row| smd(row).is_some_and(|smd| smd.abs() > balance.threshold)).count()
    };
    let before = above(|row| row.smd_before);
    let first = match before {
        0 => format!("All {n} rows are balanced before adjustment (|SMD| at most {threshold})."),
        k => format!("{k} of {n} rows differ between the arms before adjustment (|SMD| above {threshold})."),
    };
    if !has_after {
        return first;
    }
    match above(|row| row.smd_after) {
        0 => format!("{first} After weighting none does."),
        k => format!("{first} After weighting {k} still {}.", if k == 1 { "does" } else { "do" }),
    }
}

/// `covariate=level` as `covariate: level`.
#[must_use]
pub fn term(term: &str) -> String {
    match term.split_once('=') {
        Some((name, level)) => format!("{name}: {level}"),
        None => term.to_owned(),
    }
}

fn none() -> String {
    "none".to_owned()
}

/// An SMD with its sign and three decimals.
#[must_use]
pub fn signed(smd: f64) -> String {
    let text = format!("{smd:.3}");
    if text == "-0.000" { "0.000".to_owned() } else { text.replace('-', "\u{2212}") }
}

/// Means or shares of both arms, with the decimals that give the larger one three digits.
fn means(row: &BalanceRow) -> (String, String) {
    let known: Vec<f64> = [row.target, row.comparator].into_iter().flatten().collect();
    let decimals = three_digits(&known);
    let is_year = are_years(&row.covariate, &known);
    let shown = |mean: Option<f64>| match mean.map(|mean| fixed(mean, decimals)) {
        Some(text) if is_year => ungrouped(&text),
        Some(text) => text,
        None => none(),
    };
    (shown(row.target), shown(row.comparator))
}

/// The decimals that give the largest of some numbers three significant digits, at most three.
#[must_use]
pub fn three_digits(values: &[f64]) -> usize {
    match values.iter().fold(0.0_f64, |largest, x| largest.max(x.abs())) {
        a if a >= 99.95 => 0,
        a if a >= 9.995 => 1,
        a if a >= 0.9995 => 2,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str, before: Option<f64>, after: Option<f64>) -> BalanceRow {
        BalanceRow {
            covariate: name.to_owned(),
            target: Some(62.345),
            comparator: Some(0.25),
            smd_before: before,
            smd_after: after,
            ..BalanceRow::default()
        }
    }

    fn example() -> Balance {
        Balance {
            rows: vec![
                row("age", Some(0.02), Some(0.01)),
                row("grade=3", Some(-0.45), Some(-0.104)),
                row("constant", None, None),
            ],
            threshold: 0.1,
            ..Balance::default()
        }
    }

    #[test]
    fn least_balanced_first_and_marked_in_words() {
        let view = balance(&example());
        assert_eq!(view.rows[0].covariate, "grade: 3");
        let before = view.rows[0].before.as_ref().unwrap();
        assert!(before.unbalanced);
        assert_eq!(before.text, "\u{2212}0.450");
        assert!(!view.rows[1].before.as_ref().unwrap().unbalanced);
        assert_eq!(view.rows[2].before, None);
        assert_eq!(
            view.verdict,
            "1 of 3 rows differ between the arms before adjustment (|SMD| above 0.1). After weighting 1 still does."
        );
    }

    #[test]
    fn table_and_plot_agree() {
        let view = balance(&example());
        for row in &view.rows {
            for mark in [&row.before, &row.after].into_iter().flatten() {
                assert_eq!(mark.unbalanced, mark.place > view.threshold_place);
            }
        }
    }

    #[test]
    fn absurd_differences_do_not_squeeze_the_rest() {
        let view = balance(&Balance {
            rows: vec![row("a", Some(40.0), None), row("b", Some(0.5), None)],
            threshold: 0.1,
            ..Balance::default()
        });
        assert!((view.rows[0].before.as_ref().unwrap().place - 100.0).abs() < 1e-9);
        assert!(view.rows[1].before.as_ref().unwrap().place > 20.0);
        assert!(!view.has_after);
    }

    #[test]
    fn both_arms_have_equal_digits() {
        let of = |name: &str, target: f64, comparator: f64| {
            let (target, comparator) = (Some(target), Some(comparator));
            means(&BalanceRow { covariate: name.to_owned(), target, comparator, ..BalanceRow::default() })
        };
        assert_eq!(of("age", 62.345, 9.5), ("62.3".to_owned(), "9.5".to_owned()));
        assert_eq!(of("meno=1", 0.25, 0.0), ("0.250".to_owned(), "0.000".to_owned()));
        assert_eq!(of("er", -1234.4, 12.0), ("\u{2212}1,234".to_owned(), "12".to_owned()));
        assert_eq!(of("Year of surgery", 1988.2, 1987.6), ("1988".to_owned(), "1988".to_owned()));
        assert_eq!(signed(-0.0001), "0.000");
    }

    #[test]
    fn without_covariates_it_says_so() {
        assert!(balance(&Balance::default()).verdict.starts_with("No covariate"));
    }
}
