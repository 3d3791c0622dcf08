//! Cohorts: counts, words.

use cohort::Cohort;
use columnar::day;
use model::dataset::DatasetShape;
use model::results::{CohortReport, SubjectRow};
use model::tables;
use protocol::{CohortDescription, DescribeCohort, EngineError, EvaluateCohort};

use crate::datasets::OpenDataset;
use crate::subjects::subjects;
use crate::{Engine, Tick, error};

/// Counts a cohort, and lists its subjects where asked for.
pub(crate) fn evaluate(
    engine: &Engine,
    request: &EvaluateCohort,
    tick: &mut Tick<'_>,
) -> Result<CohortReport, EngineError> {
    let open = engine.dataset(&request.dataset)?;
    if !request.with_subjects {
        let mut go_on = |share: f64| tick(share, "Counting");
        let counts = cohort::count_only(&open.source(), &request.definition, &mut go_on).map_err(error::cohort)?;
        return Ok(CohortReport {
            persons: counts.persons,
            events: counts.events,
            attrition: counts.attrition,
            warnings: counts.warnings,
            ..CohortReport::default()
        });
    }
    let found = subjects(&open.source(), &request.definition, tick)?;
    Ok(CohortReport {
        persons: found.n_persons(),
        events: found.n_events(),
        subjects: Some(rows(open, &found)),
        attrition: found.attrition,
        warnings: found.warnings,
        ..CohortReport::default()
    })
}

fn rows(open: &OpenDataset, found: &Cohort) -> Vec<SubjectRow> {
    let keys = open.data.table(tables::PERSON).and_then(|t| t.column(tables::PERSON_KEY));
    let key = |row: u32| match keys {
        Some(columnar::Column::Text(text)) => text.value(row as usize).to_owned(),
        _ => row.to_string(),
    };
    let date = |d: i32| match open.header.shape {
        DatasetShape::Flat => d.to_string(),
        DatasetShape::Record => day::format_iso(d),
    };
    found
        .subjects
        .iter()
        .map(|s| SubjectRow { person: key(s.person), start: date(s.start_day), end: date(s.end_day) })
        .collect()
}

/// A definition in plain English, with every problem found.
pub(crate) fn describe(engine: &Engine, request: &DescribeCohort) -> Result<CohortDescription, EngineError> {
    let problems = match &request.dataset {
        Some(id) => cohort::check(&engine.dataset(id)?.source(), &request.definition),
        None => cohort::problems(&request.definition),
    };
    Ok(CohortDescription {
        text: cohort::describe(&request.definition),
        problems: problems.iter().map(|p| error::sentence(&p.to_string())).collect(),
    })
}
