//! One concept's events, in counts.

use std::collections::BTreeMap;

use columnar::{Column, day};
use model::tables;
use protocol::{ConceptInBrief, DescribeConcept, EngineError, ValuesInUnit};

use super::over_time::five;
use crate::Engine;
use crate::columns::{category, concept_at, index};

/// Answers listed.
const MOST_ANSWERS: usize = 20;

/// Counts a concept.
pub(crate) fn describe(engine: &Engine, request: &DescribeConcept) -> Result<ConceptInBrief, EngineError> {
    let open = engine.dataset(&request.dataset)?;
    let wanted = &request.concept;
    let missing = || EngineError::NotFound { what: format!("The concept {} {}", wanted.system, wanted.code) };
    let table = open.data.table(tables::CONCEPT).ok_or_else(missing)?;
    let concept = (0..table.n_rows())
        .find(|row| {
            let there = concept_at(table, *row);
            there.system == wanted.system && there.code == wanted.code
        })
        .and_then(|row| u32::try_from(row).ok())
        .ok_or_else(missing)?;
    let events = open.data.table(tables::EVENT).ok_or_else(missing)?;
    let person = index(events, tables::EVENT_PERSON).ok_or_else(missing)?;
    let of = index(events, tables::EVENT_CONCEPT).ok_or_else(missing)?;
    let start = events.column(tables::EVENT_START_DAY);
    let value = events.column(tables::EVENT_VALUE);
    let text = category(events, tables::EVENT_VALUE_TEXT);
    let unit = category(events, tables::EVENT_UNIT);

    let mut brief =
        ConceptInBrief { n_events: 0, n_persons: 0, by_year: Vec::new(), values: Vec::new(), answers: Vec::new() };
    let (mut years, mut numbers) = (BTreeMap::<i32, u64>::new(), BTreeMap::<&str, Vec<f64>>::new());
    let (mut answers, mut last) = (BTreeMap::<&str, u64>::new(), None);
    for row in (0..of.len()).filter(|row| of[*row] == concept) {
        brief.n_events += 1;
        if last != Some(person[row]) {
            last = Some(person[row]);
            brief.n_persons += 1;
        }
        if let Some(column @ Column::Day(days)) = start
            && !column.is_missing(row)
        {
            *years.entry(day::year_of(days.value(row))).or_default() += 1;
        }
        if let Some(column @ Column::Number(values)) = value
            && !column.is_missing(row)
        {
            let unit = unit.and_then(|u| u.level(row)).unwrap_or_default();
            numbers.entry(unit).or_default().push(values.value(row));
        }
        if let Some(answer) = text.and_then(|t| t.level(row)) {
            *answers.entry(answer).or_default() += 1;
        }
    }
    brief.by_year = years.into_iter().collect();
    brief.values = numbers.into_iter().filter_map(|(unit, values)| in_unit(unit, values)).collect();
    brief.values.sort_by(|a, b| b.n.cmp(&a.n).then_with(|| a.unit.cmp(&b.unit)));
    brief.answers = answers.into_iter().map(|(answer, n)| (answer.to_owned(), n)).collect();
    brief.answers.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    brief.answers.truncate(MOST_ANSWERS);
    Ok(brief)
}

fn in_unit(unit: &str, mut values: Vec<f64>) -> Option<ValuesInUnit> {
    values.sort_by(f64::total_cmp);
    Some(ValuesInUnit { unit: unit.to_owned(), n: values.len() as u64, five: five(&values)? })
}
