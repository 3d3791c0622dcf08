//! The patients most like one, and what became of them under each treatment.

use cohort::Source;
use columnar::Column;
use model::consult::{
    ConsultAnswer, ConsultQuestion, DistancePart, PatientDatum, PatientValue, SimilarCircle, TreatmentOutcome,
};
use model::study::{AnalysisSettings, Outcome};
use stats::describe::quantiles_type7;
use stats::survival::{EventTable, kaplan_meier};
use stats::tick::never;

use crate::columns::{Codes, codes, events, numbers, small};
use crate::curves::at;
use crate::error::StudyError;
use crate::rows::{Rows, filtered};
use crate::settings::curve_settings;

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
    let data = Data::read(source, question)?;
    let mut answer = ConsultAnswer {
        distance: data.words(),
        n_considered: data.considered.len() as u64,
        ..ConsultAnswer::default()
    };
    if data.considered.is_empty() {
        answer.warnings.push("nobody has treatment, outcome and a value to compare; nobody can be shown".to_owned());
        return Ok(answer);
    }
    let mut ranked: Vec<(f64, u32)> =
        data.considered.iter().filter_map(|&row| Some((data.distance(row as usize)?, row))).collect();
    let n_incomparable = data.considered.len() - ranked.len();
    if n_incomparable > 0 {
        answer.warnings.push(format!("{n_incomparable} persons share no known characteristic and are left out"));
    }
    ranked.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    for &size in &question.sizes {
        let circle = data.circle(&ranked, size as usize, question, &mut answer.warnings)?;
        answer.circles.push(circle);
    }
    Ok(answer)
}

/// One characteristic over all rows.
struct Trait<'a> {
    patient: &'a PatientValue,
    kind: Kind,
}

enum Kind {
    Number { patient: f64, scale: f64, values: Vec<f64>, valid: Vec<bool> },
    Level { patient: u32, values: Vec<u32>, valid: Vec<bool> },
}

struct Data<'a> {
    traits: Vec<Trait<'a>>,
    treatment: Codes,
    time: Vec<f64>,
    event: Vec<bool>,
    /// Rows complete in treatment and outcome.
    considered: Vec<u32>,
}

impl<'a> Data<'a> {
    fn read(source: &Source<'_>, question: &'a ConsultQuestion) -> Result<Self, StudyError> {
        let Outcome::Columns { duration, event, .. } = &question.outcome else {
            return Err(StudyError::invalid("consulting needs an outcome in two columns of a flat file"));
        };
        let mut problems = Vec::new();
        let treatment = codes(source, &question.treatment, "treatment").map_err(|p| problems.push(p));
        let time = numbers(source, duration, "duration").map_err(|p| problems.push(p));
        let event = events(source, event).map_err(|p| problems.push(p));
        let mut traits = Vec::new();
        for patient in &question.patient {
            match characteristic(source, patient) {
                Ok(kind) => traits.push(Trait { patient, kind }),
                Err(problem) => problems.push(problem),
            }
        }
        if !traits.iter().any(|t| t.patient.weight > 0.0) {
            problems.push("enter at least one characteristic with a weight above 0".to_owned());
        }
        let (Ok(treatment), Ok(time), Ok((event, event_valid)), true) = (treatment, time, event, problems.is_empty())
        else {
            return Err(StudyError::Invalid(problems));
        };
        let complete = |row: &usize| treatment.valid[*row] && time.valid[*row] && event_valid[*row];
        let considered = (0..time.values.len()).filter(complete).map(small).collect();
        Ok(Self { traits, treatment, time: time.values, event, considered })
    }

    /// The distance of a row in one characteristic, if both have it.
    fn part(kind: &Kind, row: usize) -> Option<f64> {
        match kind {
            Kind::Number { patient, scale, values, valid } => valid[row].then(|| {
                let apart = (values[row] - patient).abs();
                if apart == 0.0 { 0.0 } else { (apart / scale).min(1.0) }
            }),
            Kind::Level { patient, values, valid } => valid[row].then(|| f64::from(u8::from(values[row] != *patient))),
        }
    }

    fn distance(&self, row: usize) -> Option<f64> {
        let (mut sum, mut weights) = (0.0, 0.0);
        for t in self.traits.iter().filter(|t| t.patient.weight > 0.0) {
            if let Some(part) = Self::part(&t.kind, row) {
                sum += t.patient.weight * part;
                weights += t.patient.weight;
            }
        }
        (weights > 0.0).then(|| sum / weights)
    }

    fn words(&self) -> String {
        let list: Vec<String> = self
            .traits
            .iter()
            .map(|t| match &t.kind {
                _ if t.patient.weight <= 0.0 => format!("{} (shown only)", t.patient.name),
                Kind::Number { scale, .. } => {
                    format!(
                        "{} (number, {scale} apart counts as wholly different, weight {})",
                        t.patient.name, t.patient.weight
                    )
                }
                Kind::Level { .. } => format!("{} (same or different, weight {})", t.patient.name, t.patient.weight),
            })
            .collect();
        format!(
            "Gower's distance, the weighted mean of the differences in: {}. Numbers are scaled by the range from their 5th \
             to their 95th percentile. A missing value is left out of that person's mean.",
            list.join(", ")
        )
    }

    fn circle(
        &self,
        ranked: &[(f64, u32)],
        size: usize,
        question: &ConsultQuestion,
        warnings: &mut Vec<String>,
    ) -> Result<SimilarCircle, StudyError> {
        let taken = &ranked[..size.min(ranked.len())];
        if taken.len() < size {
            warnings.push(format!("{size} similar persons were asked for and only {} can be compared", taken.len()));
        }
        let max_distance = taken.last().map_or(0.0, |last| last.0);
        let tied = ranked[taken.len()..].iter().take_while(|r| r.0 == max_distance).count();
        if tied > 0 && !taken.is_empty() {
            warnings.push(format!(
                "{tied} more persons are as near as the last of the {} most similar ones; the first in the file were taken",
                taken.len()
            ));
        }
        let rows: Vec<usize> = taken.iter().map(|r| r.1 as usize).collect();
        Ok(SimilarCircle {
            n: taken.len() as u64,
            max_distance,
            contributions: self.traits.iter().map(|t| contribution(t, &rows)).collect(),
            by_treatment: self.by_treatment(&rows, question, warnings)?,
        })
    }

    fn by_treatment(
        &self,
        taken: &[usize],
        question: &ConsultQuestion,
        warnings: &mut Vec<String>,
    ) -> Result<Vec<TreatmentOutcome>, StudyError> {
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
            if n < SMALL {
                warnings.push(format!(
                    "among the {} most similar ones only {n} had the treatment '{name}': too few to say much",
                    taken.len()
                ));
            }
            outcomes.push(TreatmentOutcome {
                treatment: name.clone(),
                n,
                n_events: curve.table().n_event_rows() as u64,
                median: curve.median().time.reached(),
                at: question.horizons.iter().map(|&time| at(curve, time)).collect(),
            });
        }
        Ok(outcomes)
    }
}

fn characteristic(source: &Source<'_>, patient: &PatientValue) -> Result<Kind, String> {
    let name = &patient.name;
    if !(patient.weight.is_finite() && patient.weight >= 0.0) {
        return Err(format!("the weight of '{name}' is {}; give 0 or more", patient.weight));
    }
    match (&patient.value, source.variable(name)) {
        (PatientDatum::Number(x), Some(Column::Number(_))) if x.is_finite() => {
            let column = numbers(source, name, "characteristic")?;
            let mut known = filtered(&column.values, &column.valid);
            let range = quantiles_type7(&mut known, &[0.05, 0.95, 0.0, 1.0]).map_err(|e| e.to_string())?;
            let range = range.unwrap_or_else(|| vec![0.0; 4]);
            let scale = if range[1] > range[0] { range[1] - range[0] } else { range[3] - range[2] };
            let scale = if scale > 0.0 { scale } else { 1.0 };
            Ok(Kind::Number { patient: *x, scale, values: column.values, valid: column.valid })
        }
        (PatientDatum::Number(x), Some(Column::Number(_))) => Err(format!("'{name}' is {x}; give a number")),
        (PatientDatum::Number(x), _) => level(source, name, &x.to_string()),
        (PatientDatum::Level(text), _) => level(source, name, text),
    }
}

fn level(source: &Source<'_>, name: &str, text: &str) -> Result<Kind, String> {
    let column = codes(source, name, "characteristic")?;
    let same = |level: &String| {
        let (a, b) = (level.parse::<f64>().ok(), text.trim().parse::<f64>().ok());
        level == text || (a.is_some() && a == b)
    };
    let patient = column
        .names
        .iter()
        .position(same)
        .ok_or_else(|| format!("'{name}' has no level '{text}' (levels: {})", column.names.join(", ")))?;
    Ok(Kind::Level { patient: small(patient), values: column.codes, valid: column.valid })
}

fn contribution(t: &Trait<'_>, rows: &[usize]) -> DistancePart {
    let parts: Vec<f64> = rows.iter().filter_map(|&row| Data::part(&t.kind, row)).collect();
    #[expect(clippy::cast_precision_loss, reason = "counts of persons are far below 2^53")]
    let mean = if parts.is_empty() { 0.0 } else { parts.iter().sum::<f64>() / parts.len() as f64 };
    let (patient, similar) = match (&t.patient.value, &t.kind) {
        (PatientDatum::Number(x), Kind::Number { values, valid, .. }) => {
            let mut known: Vec<f64> = rows.iter().filter(|&&row| valid[row]).map(|&row| values[row]).collect();
            let middle = quantiles_type7(&mut known, &[0.25, 0.75]).ok().flatten();
            let words = middle.map_or("no value".to_owned(), |q| format!("{} to {}", q[0], q[1]));
            (x.to_string(), words)
        }
        (value, _) => {
            let text = match value {
                PatientDatum::Number(x) => x.to_string(),
                PatientDatum::Level(level) => level.clone(),
            };
            let same = if parts.is_empty() {
                "no value".to_owned()
            } else {
                format!("{:.0} % the same", 100.0 * (1.0 - mean))
            };
            (text, same)
        }
    };
    DistancePart { name: t.patient.name.clone(), patient, similar, mean_distance: mean }
}
