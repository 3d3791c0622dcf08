//! How often what was expected came true.

use model::decision::Decision;

/// Decisions looked back on before anything is said: fewer say nothing.
pub const ENOUGH: usize = 5;

/// How often what was expected came true, in counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Calibration {
    /// Closed decisions where it can be told.
    pub n: usize,
    /// Those in which what was expected came true.
    pub n_true: usize,
    /// Those among them with a percentage.
    pub n_with_percent: usize,
    /// Mean of the percentages.
    pub mean_percent: f64,
    /// Those with a percentage in which it came true.
    pub n_true_with_percent: usize,
}

/// Looks back on closed decisions; `None` before there are [`ENOUGH`].
#[must_use]
pub fn calibration<'a>(decisions: impl IntoIterator<Item = &'a Decision>) -> Option<Calibration> {
    let mut found = Calibration { n: 0, n_true: 0, n_with_percent: 0, mean_percent: 0.0, n_true_with_percent: 0 };
    let mut sum = 0.0;
    for decision in decisions {
        let Some(came_true) = decision.outcome.as_ref().and_then(|outcome| outcome.as_expected) else {
            continue;
        };
        found.n += 1;
        found.n_true += usize::from(came_true);
        if let Some(percent) = decision.expected_percent {
            found.n_with_percent += 1;
            found.n_true_with_percent += usize::from(came_true);
            sum += percent;
        }
    }
    if found.n_with_percent > 0 {
        found.mean_percent = sum / found.n_with_percent as f64;
    }
    (found.n >= ENOUGH).then_some(found)
}

impl Calibration {
    /// In a sentence or two.
    #[must_use]
    pub fn words(&self) -> String {
        let mut words =
            format!("Of {} decisions looked back on, what you expected came true in {}.", self.n, self.n_true);
        if self.n_with_percent >= ENOUGH {
            let came_true = 100.0 * self.n_true_with_percent as f64 / self.n_with_percent as f64;
            words.push_str(&format!(
                " In the {} where you gave a percentage you expected {:.0}% on average; {} of them ({came_true:.0}%) \
                 came true.",
                self.n_with_percent, self.mean_percent, self.n_true_with_percent
            ));
        }
        words.push_str(" Small numbers: chance alone moves them a lot.");
        words
    }
}

#[cfg(test)]
mod tests {
    use super::super::DecisionForm;
    use super::*;
    use model::decision::DecisionOutcome;

    fn closed(percent: Option<f64>, as_expected: Option<bool>) -> Decision {
        let form = DecisionForm {
            label: "x".into(),
            decided: "x".into(),
            expected: "x".into(),
            due_on: "2026-11-22".into(),
            ..DecisionForm::default()
        };
        let mut decision = form.check("2026-11-22").unwrap();
        decision.expected_percent = percent;
        decision.outcome =
            Some(DecisionOutcome { happened: "x".into(), as_expected, recorded_on: "2026-11-23".into() });
        decision
    }

    #[test]
    fn nothing_is_said_before_five() {
        let four: Vec<Decision> = (0..4).map(|_| closed(Some(80.0), Some(true))).collect();
        assert_eq!(calibration(&four), None);
        let undecided: Vec<Decision> = (0..9).map(|_| closed(Some(80.0), None)).collect();
        assert_eq!(calibration(&undecided), None);
    }

    #[test]
    fn expected_and_came_true_are_set_side_by_side() {
        let mut decisions: Vec<Decision> = (0..5).map(|i| closed(Some(80.0), Some(i < 3))).collect();
        decisions.push(closed(None, Some(true)));
        let found = calibration(&decisions).unwrap();
        assert_eq!((found.n, found.n_true, found.n_with_percent), (6, 4, 5));
        assert!(found.words().contains("Of 6 decisions looked back on, what you expected came true in 4."));
        assert!(found.words().contains("you expected 80% on average; 3 of them (60%) came true"));
    }

    #[test]
    fn without_percentages_only_counts_are_said() {
        let decisions: Vec<Decision> = (0..5).map(|_| closed(None, Some(true))).collect();
        assert!(!calibration(&decisions).unwrap().words().contains('%'));
    }
}
