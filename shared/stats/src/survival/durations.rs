//! Who was observed from when to when, and how it ended.

use super::error::{Problem, ProblemKind, SurvivalError};

/// Observed times, one element a row of data. Unchecked until an estimator or [`Durations::check`] looks.
///
/// A row is at risk from just after `entry` (or from the start) up to and including `time`; where an event and a
/// censoring share a time, the event comes first. Units are the caller's: whole days are fastest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Durations<'a> {
    /// End of observation, at least 0.
    pub time: &'a [f64],
    /// Whether it ended with the event (otherwise censored).
    pub event: &'a [bool],
    /// Start of observation where later than time zero (left truncation, start-stop data); before `time`.
    pub entry: Option<&'a [f64]>,
    /// Case weights, at least 0. Whole numbers count a row that often; others switch variances to robust ones.
    pub weight: Option<&'a [f64]>,
    /// Group codes below `n_groups`, for curves and comparisons; all rows are group 0 without it.
    pub group: Option<&'a [u32]>,
    /// Number of groups; 1 without `group`.
    pub n_groups: u32,
    /// Strata (any codes): compared within, never across. Ignored by curves.
    pub strata: Option<&'a [u32]>,
    /// Clusters (any codes) of rows that are not independent, for instance one person's rows: robust variances.
    pub cluster: Option<&'a [u32]>,
}

impl<'a> Durations<'a> {
    /// Right-censored durations of one group.
    pub fn new(time: &'a [f64], event: &'a [bool]) -> Self {
        Self { time, event, entry: None, weight: None, group: None, n_groups: 1, strata: None, cluster: None }
    }

    /// The same with groups.
    pub fn with_groups(self, group: &'a [u32], n_groups: u32) -> Self {
        Self { group: Some(group), n_groups, ..self }
    }

    /// Number of rows.
    pub fn n_rows(&self) -> usize {
        self.time.len()
    }

    /// Whether a weight is not a whole number, in which case R and this crate turn to robust variances.
    pub fn has_fractional_weights(&self) -> bool {
        self.weight.is_some_and(|w| w.iter().any(|w| w.fract() != 0.0))
    }

    /// Whether variances are robust: clusters, or weights that are not whole numbers.
    pub fn is_robust(&self) -> bool {
        self.cluster.is_some() || self.has_fractional_weights()
    }

    /// Looks at everything and lists every problem with its rows.
    ///
    /// # Errors
    /// [`SurvivalError::Invalid`] with all problems.
    pub fn check(&self) -> Result<(), SurvivalError> {
        let n = self.time.len();
        let mut problems = Vec::new();
        let mut report = |kind, rows| problems.push(Problem { kind, rows });
        if n == 0 {
            report(ProblemKind::NoRows, Vec::new());
        }
        if n > i32::MAX as usize {
            report(ProblemKind::TooManyRows, Vec::new());
        }
        let lengths = [
            ("events", Some(self.event.len())),
            ("entry times", self.entry.map(<[f64]>::len)),
            ("weights", self.weight.map(<[f64]>::len)),
            ("groups", self.group.map(<[u32]>::len)),
            ("strata", self.strata.map(<[u32]>::len)),
            ("clusters", self.cluster.map(<[u32]>::len)),
        ];
        for (name, length) in lengths {
            if length.is_some_and(|length| length != n) {
                report(ProblemKind::Length(name), Vec::new());
            }
        }
        if !problems.is_empty() {
            return Err(SurvivalError::Invalid(problems));
        }
        problems.extend(self.value_problems());
        if problems.is_empty() { Ok(()) } else { Err(SurvivalError::Invalid(problems)) }
    }

    /// Problems of values, the columns being of one length.
    fn value_problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut find = |kind, bad: Vec<usize>| {
            if !bad.is_empty() {
                problems.push(Problem { kind, rows: bad });
            }
        };
        find(ProblemKind::NotFinite("a duration"), rows_or_err(self.time, |t| !t.is_finite()));
        find(ProblemKind::NegativeTime, rows_or_err(self.time, |t| t.is_finite() && t < 0.0));
        if let Some(entry) = self.entry {
            find(ProblemKind::NotFinite("an entry time"), rows_or_err(entry, |t| !t.is_finite()));
            let late = (0..entry.len())
                .filter(|&i| entry[i].is_finite() && self.time[i].is_finite() && entry[i] >= self.time[i]);
            find(ProblemKind::EntryNotBeforeExit, late.collect());
        }
        if let Some(weight) = self.weight {
            find(ProblemKind::NotFinite("a weight"), rows_or_err(weight, |w| !w.is_finite()));
            find(ProblemKind::NegativeWeight, rows_or_err(weight, |w| w < 0.0));
            if weight.iter().all(|&w| w == 0.0) {
                problems.push(Problem { kind: ProblemKind::AllWeightsZero, rows: Vec::new() });
            }
        }
        if let Some(group) = self.group {
            let bad: Vec<usize> = (0..group.len()).filter(|&i| group[i] >= self.n_groups).collect();
            if !bad.is_empty() {
                problems.push(Problem { kind: ProblemKind::GroupOutOfRange, rows: bad });
            }
        }
        problems
    }
}

/// The rows where `bad` holds; one branch-free pass where there are none.
pub(crate) fn rows_or_err(values: &[f64], bad: impl Fn(f64) -> bool) -> Vec<usize> {
    if values.iter().fold(false, |any, &value| any | bad(value)) {
        values.iter().enumerate().filter(|(_, v)| bad(**v)).map(|(row, _)| row).collect()
    } else {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_is_listed_with_its_rows() {
        let durations = Durations {
            entry: Some(&[0.0, 2.0, f64::NAN, 0.0]),
            weight: Some(&[1.0, -1.0, 1.0, f64::INFINITY]),
            ..Durations::new(&[-1.0, 2.0, 3.0, f64::NAN], &[true, false, true, false])
        }
        .with_groups(&[0, 1, 2, 7], 2);
        let Err(SurvivalError::Invalid(problems)) = durations.check() else { panic!("accepted") };
        let got: Vec<(ProblemKind, Vec<usize>)> = problems.into_iter().map(|p| (p.kind, p.rows)).collect();
        let want = vec![
            (ProblemKind::NotFinite("a duration"), vec![3]),
            (ProblemKind::NegativeTime, vec![0]),
            (ProblemKind::NotFinite("an entry time"), vec![2]),
            (ProblemKind::EntryNotBeforeExit, vec![0, 1]),
            (ProblemKind::NotFinite("a weight"), vec![3]),
            (ProblemKind::NegativeWeight, vec![1]),
            (ProblemKind::GroupOutOfRange, vec![2, 3]),
        ];
        assert_eq!(got, want);
    }

    #[test]
    fn columns_of_different_lengths_are_named() {
        let durations = Durations { weight: Some(&[1.0]), ..Durations::new(&[1.0, 2.0], &[true]) };
        let message = durations.check().unwrap_err().to_string();
        assert!(message.contains("events") && message.contains("weights"), "{message}");
        assert!(Durations::new(&[], &[]).check().unwrap_err().to_string().contains("no rows"));
    }
}
