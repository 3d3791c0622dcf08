//! Cumulative incidence and Gray's test of a column of causes.

use cohort::Source;
use model::results::{CauseCurve, CausePoint, GrayTest, SurvivalReport};
use stats::survival::{CompetingRisks, SurvivalError, cumulative_incidence, gray_test};
use stats::tick::Tick;

use crate::columns::{numbers, small};
use crate::curves::refused;
use crate::error::StudyError;
use crate::rows::{Rows, filtered};

/// Most causes a column may hold: more of them are no causes but a number of something else.
const MOST_CAUSES: usize = 20;

/// What ended each row's duration: 0 censored, else the place in `names` from 1 on.
pub(crate) struct Causes {
    codes: Vec<u32>,
    valid: Vec<bool>,
    /// The causes as the column has them, ascending.
    names: Vec<u32>,
}

impl Causes {
    pub(crate) fn read(source: &Source<'_>, name: &str) -> Result<Self, String> {
        let read = numbers(source, name, "event")?;
        let cause = |x: f64| {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "held against what it came from"
            )]
            let cause = x as u32;
            (f64::from(cause) == x).then_some(cause)
        };
        let known = || read.values.iter().zip(&read.valid).filter(|(_, valid)| **valid).map(|(x, _)| *x);
        if let Some(odd) = known().find(|&x| cause(x).is_none()) {
            return Err(format!(
                "the event column '{name}' must hold 0 (censored) and the causes 1, 2 ...; one row holds {odd}"
            ));
        }
        let mut names: Vec<u32> = Vec::new();
        for cause in known().filter_map(cause).filter(|&cause| cause > 0) {
            if let Err(place) = names.binary_search(&cause) {
                names.insert(place, cause);
            }
            if names.len() > MOST_CAUSES {
                return Err(format!(
                    "the event column '{name}' holds more than {MOST_CAUSES} causes: is it another column?"
                ));
            }
        }
        let code = |(x, valid): (&f64, &bool)| {
            let cause = cause(*x).filter(|_| *valid).unwrap_or(0);
            names.binary_search(&cause).map_or(0, |place| small(place) + 1)
        };
        Ok(Self { codes: read.values.iter().zip(&read.valid).map(code).collect(), valid: read.valid, names })
    }

    /// Whether any of them happened, and the rows where that is known.
    pub(crate) fn events(&self) -> (Vec<bool>, Vec<bool>) {
        (self.codes.iter().map(|&code| code > 0).collect(), self.valid.clone())
    }

    /// Of the rows to keep.
    pub(crate) fn into_kept(self, keep: &[bool]) -> Self {
        Self { codes: filtered(&self.codes, keep), ..self }
    }
}

/// Fills in curves of each cause in each group, and the tests where there are groups to compare.
pub(crate) fn add(
    report: &mut SurvivalReport,
    rows: &Rows,
    groups: &[String],
    causes: &Causes,
    tick: &mut Tick<'_>,
) -> Result<(), StudyError> {
    if rows.len() == 0 {
        return Ok(());
    }
    let data = CompetingRisks {
        time: &rows.time,
        cause: &causes.codes,
        n_causes: small(causes.names.len()),
        group: Some(&rows.group),
        n_groups: small(groups.len()),
        strata: rows.strata.as_deref(),
    };
    let name = |cause: u32| causes.names.get(cause as usize - 1).copied().unwrap_or_default();
    let curves = cumulative_incidence(&data, tick).map_err(refused)?;
    let step =
        |p: &stats::survival::IncidencePoint| CausePoint { time: p.time, estimate: p.estimate, variance: p.variance };
    let curve = |c: &stats::survival::CumulativeIncidence| CauseCurve {
        group: groups.get(c.group as usize).cloned().unwrap_or_default(),
        cause: name(c.cause),
        curve: c.points.iter().map(step).collect(),
    };
    report.cumulative_incidence = Some(curves.iter().map(curve).collect());
    let mut tests = Vec::new();
    for cause in (1..=data.n_causes).filter(|_| groups.len() > 1) {
        match gray_test(&data, cause, tick) {
            Ok(test) => tests.push(GrayTest { cause: name(cause), chi2: test.chi2, df: small(test.df), p: test.p }),
            Err(SurvivalError::Cancelled(_)) => return Err(StudyError::Cancelled),
            Err(error) => {
                let words = error.to_string();
                let words = words.strip_prefix("not estimable: ").unwrap_or(&words);
                report.warnings.push(format!("Gray's test of cause {} is not estimable: {words}", name(cause)));
            }
        }
    }
    report.gray = Some(tests);
    Ok(())
}
