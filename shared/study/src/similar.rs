//! The patients most like one, and what became of them under each treatment.

mod distance;
mod record;

use cohort::Source;
use cohort::levels::put_in_order;
use model::consult::{ConsultAnswer, ConsultQuestion, SimilarCircle, TreatmentOutcome};
use model::study::{AnalysisSettings, Outcome};
use model::words::count;
use stats::survival::{EventTable, kaplan_meier};
use stats::tick::never;

use crate::columns::{Codes, codes, small};
use crate::curves::at;
use crate::error::StudyError;
use crate::outcome::OutcomeColumns;
use crate::rows::Rows;
use crate::settings::curve_settings;

use distance::{Trait, contribution, distance, of_column, words};
pub use record::similar_in_record;

/// Persons below which a group is called small.
const SMALL: u64 = 10;

/// Finds the most similar persons of a flat dataset by Gower's distance.
///
/// d = sum w_j d_j / sum w_j over the characteristics that both have: for numbers |x - y| over the range from the 5th to
/// the 95th percentile, at most 1; for categories 0 if equal, else 1. Ties at the last place are broken by row and
/// counted.
///
/// # Errors
/// [`StudyError::Invalid`] with everything that does not fit the dataset.
///
/// # Reference
/// Gower JC. Biometrics 1971;27:857.
pub fn similar(source: &Source<'_>, question: &ConsultQuestion) -> Result<ConsultAnswer, StudyError> {
    let warnings = question.outcome.deaths_in_words().into_iter().collect();
    read_columns(source, question)?.answer(&question.sizes, &question.horizons, warnings)
}

/// Everybody who can be compared with the patient.
struct Compared {
    traits: Vec<Trait>,
    treatment: Codes,
    time: Vec<f64>,
    event: Vec<bool>,
    /// Rows complete in treatment and outcome.
    considered: Vec<u32>,
}

fn read_columns(source: &Source<'_>, question: &ConsultQuestion) -> Result<Compared, StudyError> {
    let Outcome::Columns { duration, event, or, .. } = &question.outcome else {
        return Err(StudyError::invalid("consulting a flat file needs an outcome in two of its columns"));
    };
    let mut problems = Vec::new();
    let treatment = codes(source, &question.treatment, "treatment").map_err(|p| problems.push(p));
    let outcome = OutcomeColumns::read(source, duration, event, or.as_ref()).map_err(|p| problems.extend(p));
    let mut traits = Vec::new();
    for patient in &question.patient {
        match of_column(source, patient) {
            Ok(found) => traits.push(found),
            Err(problem) => problems.push(problem),
        }
    }
    if !traits.iter().any(|t| t.weight > 0.0) {
        problems.push(NOTHING_TO_COMPARE.to_owned());
    }
    let (Ok(treatment), Ok(OutcomeColumns { time, event, known }), true) = (treatment, outcome, problems.is_empty())
    else {
        return Err(StudyError::Invalid(problems));
    };
    let complete = |row: &usize| treatment.valid[*row] && known[*row];
    let considered = (0..time.len()).filter(complete).map(small).collect();
    Ok(Compared { traits, treatment, time, event, considered })
}

const NOTHING_TO_COMPARE: &str = "enter at least one characteristic with a weight above 0";

impl Compared {
    fn answer(&self, sizes: &[u32], horizons: &[f64], warnings: Vec<String>) -> Result<ConsultAnswer, StudyError> {
        let mut answer = ConsultAnswer {
            distance: words(&self.traits),
            n_considered: self.considered.len() as u64,
            warnings,
            ..ConsultAnswer::default()
        };
        if self.considered.is_empty() {
            answer
                .warnings
                .push("nobody has treatment, outcome and a value to compare; nobody can be shown".to_owned());
            return Ok(answer);
        }
        let mut ranked: Vec<(f64, u32)> =
            self.considered.iter().filter_map(|&row| Some((distance(&self.traits, row as usize)?, row))).collect();
        let n_incomparable = self.considered.len() - ranked.len();
        if n_incomparable > 0 {
            answer.warnings.push(format!(
                "{} persons share no known characteristic and are left out",
                count(n_incomparable as u64)
            ));
        }
        ranked.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        for &size in sizes {
            let circle = self.circle(&ranked, size as usize, horizons, &mut answer.warnings)?;
            answer.circles.push(circle);
        }
        Ok(answer)
    }

    fn circle(
        &self,
        ranked: &[(f64, u32)],
        size: usize,
        horizons: &[f64],
        warnings: &mut Vec<String>,
    ) -> Result<SimilarCircle, StudyError> {
        let taken = &ranked[..size.min(ranked.len())];
        if taken.len() < size {
            let (asked, found) = (count(size as u64), count(taken.len() as u64));
            warnings.push(format!("{asked} similar persons were asked for and only {found} can be compared"));
        }
        let max_distance = taken.last().map_or(0.0, |last| last.0);
        let tied = ranked[taken.len()..].iter().take_while(|r| r.0 == max_distance).count();
        if tied > 0 && !taken.is_empty() {
            warnings.push(format!(
                "{} more persons are as near as the last of the {} most similar ones; the first in the data were taken",
                count(tied as u64),
                count(taken.len() as u64)
            ));
        }
        let rows: Vec<usize> = taken.iter().map(|r| r.1 as usize).collect();
        Ok(SimilarCircle {
            n: taken.len() as u64,
            max_distance,
            contributions: self.traits.iter().map(|t| contribution(t, &rows)).collect(),
            by_treatment: self.by_treatment(&rows, horizons)?,
        })
    }

    fn by_treatment(&self, taken: &[usize], horizons: &[f64]) -> Result<Vec<TreatmentOutcome>, StudyError> {
        let pick = |values: &[f64]| taken.iter().map(|&row| values[row]).collect::<Vec<f64>>();
        let rows = Rows {
            time: pick(&self.time),
            event: taken.iter().map(|&row| self.event[row]).collect(),
            group: taken.iter().map(|&row| self.treatment.codes[row]).collect(),
            ..Rows::default()
        };
        let names = &self.treatment.names;
        if taken.is_empty() {
            return Ok(Vec::new());
        }
        let refused = |e: stats::survival::SurvivalError| StudyError::invalid(e.to_string());
        let table = EventTable::new(&rows.for_curves(small(names.len())), &mut never).map_err(refused)?;
        let settings = curve_settings(&AnalysisSettings::default());
        let curves = kaplan_meier(&table, &settings, &mut never).map_err(refused)?;
        let mut outcomes = Vec::new();
        for (name, curve) in names.iter().zip(&curves) {
            let n = curve.table().n_rows() as u64;
            let median = curve.median();
            outcomes.push(TreatmentOutcome {
                treatment: name.clone(),
                n,
                n_events: curve.table().n_event_rows() as u64,
                few: n < SMALL,
                median: median.time.reached(),
                median_lower: median.lower.reached(),
                median_upper: median.upper.reached(),
                at: horizons.iter().map(|&time| at(curve, time)).collect(),
            });
        }
        Ok(put_in_order(outcomes, |outcome| outcome.treatment.as_str()))
    }
}
