//! How far apart two persons are, characteristic by characteristic.

use cohort::Source;
use columnar::Column;
use model::consult::{DistancePart, PatientDatum, PatientValue};
use stats::describe::quantiles_type7;

use crate::columns::{codes, numbers, small};
use crate::rows::filtered;

/// One characteristic over all rows, and the patient's own.
pub(super) struct Trait {
    pub(super) name: String,
    /// 0: shown only.
    pub(super) weight: f64,
    /// The patient's value as text.
    pub(super) patient: String,
    pub(super) kind: Kind,
}

/// The patient's value and those of all rows.
pub(super) enum Kind {
    Number { patient: f64, scale: f64, values: Vec<f64>, valid: Vec<bool> },
    Level { patient: u32, values: Vec<u32>, valid: Vec<bool> },
}

impl Kind {
    /// A number on the scale of the range from the 5th to the 95th percentile; of all, where that is empty.
    pub(super) fn number(patient: f64, values: Vec<f64>, valid: Vec<bool>) -> Result<Self, String> {
        let mut known = filtered(&values, &valid);
        let range = quantiles_type7(&mut known, &[0.05, 0.95, 0.0, 1.0]).map_err(|e| e.to_string())?;
        let range = range.unwrap_or_else(|| vec![0.0; 4]);
        let scale = if range[1] > range[0] { range[1] - range[0] } else { range[3] - range[2] };
        let scale = if scale > 0.0 { scale } else { 1.0 };
        Ok(Self::Number { patient, scale, values, valid })
    }

    /// The distance of a row, if it has a value.
    fn part(&self, row: usize) -> Option<f64> {
        match self {
            Kind::Number { patient, scale, values, valid } => valid[row].then(|| {
                let apart = (values[row] - patient).abs();
                if apart == 0.0 { 0.0 } else { (apart / scale).min(1.0) }
            }),
            Kind::Level { patient, values, valid } => valid[row].then(|| f64::from(u8::from(values[row] != *patient))),
        }
    }
}

/// Gower's distance of a row from the patient over the characteristics that both have.
pub(super) fn distance(traits: &[Trait], row: usize) -> Option<f64> {
    let (mut sum, mut weights) = (0.0, 0.0);
    for t in traits.iter().filter(|t| t.weight > 0.0) {
        if let Some(part) = t.kind.part(row) {
            sum += t.weight * part;
            weights += t.weight;
        }
    }
    (weights > 0.0).then(|| sum / weights)
}

/// How the distance is made, in words.
pub(super) fn words(traits: &[Trait]) -> String {
    let list: Vec<String> = traits
        .iter()
        .map(|t| match &t.kind {
            _ if t.weight <= 0.0 => format!("{} (shown only)", t.name),
            Kind::Number { scale, .. } => {
                format!("{} (number, {scale} apart counts as wholly different, weight {})", t.name, t.weight)
            }
            Kind::Level { .. } => format!("{} (same or different, weight {})", t.name, t.weight),
        })
        .collect();
    format!(
        "Gower's distance, the weighted mean of the differences in: {}. Numbers are scaled by the range from their 5th \
         to their 95th percentile. A missing value is left out of that person's mean.",
        list.join(", ")
    )
}

/// A characteristic's part in the distance of the persons taken.
pub(super) fn contribution(t: &Trait, rows: &[usize]) -> DistancePart {
    let parts: Vec<f64> = rows.iter().filter_map(|&row| t.kind.part(row)).collect();
    #[expect(clippy::cast_precision_loss, reason = "counts of persons are far below 2^53")]
    let mean = if parts.is_empty() { 0.0 } else { parts.iter().sum::<f64>() / parts.len() as f64 };
    let similar = match &t.kind {
        Kind::Number { values, valid, .. } => {
            let mut known: Vec<f64> = rows.iter().filter(|&&row| valid[row]).map(|&row| values[row]).collect();
            let middle = quantiles_type7(&mut known, &[0.25, 0.75]).ok().flatten();
            middle.map_or("no value".to_owned(), |q| format!("{} to {}", q[0], q[1]))
        }
        Kind::Level { .. } if parts.is_empty() => "no value".to_owned(),
        Kind::Level { .. } => format!("{:.0} % the same", 100.0 * (1.0 - mean)),
    };
    DistancePart { name: t.name.clone(), patient: t.patient.clone(), similar, mean_distance: mean }
}

/// The patient's value as text.
pub(super) fn datum_words(value: &PatientDatum) -> String {
    match value {
        PatientDatum::Number(x) => x.to_string(),
        PatientDatum::Level(level) => level.clone(),
    }
}

/// Refuses a weight that cannot be one.
pub(super) fn check_weight(name: &str, weight: f64) -> Result<(), String> {
    if weight.is_finite() && weight >= 0.0 {
        return Ok(());
    }
    Err(format!("the weight of '{name}' is {weight}; give 0 or more"))
}

/// The place of the patient's level among those that occur.
pub(super) fn place_of(name: &str, text: &str, levels: &[String]) -> Result<u32, String> {
    let same = |level: &String| {
        let (a, b) = (level.parse::<f64>().ok(), text.trim().parse::<f64>().ok());
        level == text || (a.is_some() && a == b)
    };
    levels
        .iter()
        .position(same)
        .map(small)
        .ok_or_else(|| format!("'{name}' has no level '{text}' (levels: {})", levels.join(", ")))
}

/// A column of a flat file as a characteristic.
pub(super) fn of_column(source: &Source<'_>, patient: &PatientValue) -> Result<Trait, String> {
    let name = &patient.name;
    check_weight(name, patient.weight)?;
    let kind = match (&patient.value, source.variable(name)) {
        (PatientDatum::Number(x), Some(Column::Number(_))) if x.is_finite() => {
            let column = numbers(source, name, "characteristic")?;
            Kind::number(*x, column.values, column.valid)?
        }
        (PatientDatum::Number(x), Some(Column::Number(_))) => return Err(format!("'{name}' is {x}; give a number")),
        (PatientDatum::Number(x), _) => level(source, name, &x.to_string())?,
        (PatientDatum::Level(text), _) => level(source, name, text)?,
    };
    Ok(Trait { name: name.clone(), weight: patient.weight, patient: datum_words(&patient.value), kind })
}

fn level(source: &Source<'_>, name: &str, text: &str) -> Result<Kind, String> {
    let column = codes(source, name, "characteristic")?;
    Ok(Kind::Level { patient: place_of(name, text, &column.names)?, values: column.codes, valid: column.valid })
}
