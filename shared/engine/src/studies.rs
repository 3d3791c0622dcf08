//! Studies: survival of a flat file, study plans, numbers at risk, similar patients.

use ::cohort::levels::put_in_order;
use model::canonical::content_id;
use model::cohort::{CohortDefinition, Condition, InclusionRule, Test};
use model::consult::ConsultAnswer;
use model::results::{RiskTableRow, StudyResult, SurvivalReport};
use model::tables;
use protocol::{Consult, ConsultRecord, EngineError, RiskTable, RunStudy, StudyStage, Survival};
use study::{FullCurves, Stage, StudyError, SurvivalQuery};

use crate::datasets::OpenDataset;
use crate::error::{cohort, sentence};
use crate::{Engine, Tick};

/// The curves of the study that was run last, for numbers at risk at other times.
pub(crate) struct LastRun {
    plan_id: String,
    unadjusted: Option<FullCurves>,
    weighted: Option<FullCurves>,
}

/// Most levels that a table takes side by side.
const MAX_GROUPS: usize = 12;

pub(crate) fn study_error(error: &StudyError) -> EngineError {
    match error {
        StudyError::Cancelled => EngineError::Cancelled,
        StudyError::Invalid(problems) => {
            EngineError::Invalid { problems: problems.iter().map(|p| sentence(p)).collect() }
        }
        StudyError::Cohort { what, error } => match cohort(error.clone()) {
            EngineError::Invalid { problems } => {
                EngineError::Invalid { problems: problems.into_iter().map(|p| format!("{what}: {p}")).collect() }
            }
            other => other,
        },
    }
}

/// A cohort a level of a variable, in the order of the levels; rows without a value are in none.
pub(crate) fn split_by(open: &OpenDataset, name: &str) -> Result<Vec<CohortDefinition>, EngineError> {
    let column = open
        .data
        .table(tables::VARIABLE)
        .and_then(|t| t.column(name))
        .ok_or_else(|| EngineError::invalid(format!("There is no variable '{name}' in this dataset.")))?;
    let levels: Vec<String> = match column {
        columnar::Column::Category(category) => put_in_order(category.levels.to_vec(), |level| level.as_str()),
        columnar::Column::Number(numbers) => {
            let mut values: Vec<f64> = numbers.iter().flatten().collect();
            values.sort_by(f64::total_cmp);
            values.dedup();
            values.iter().map(ToString::to_string).collect()
        }
        _ => return Err(EngineError::invalid(format!("'{name}' is neither a category nor a number."))),
    };
    if levels.is_empty() || levels.len() > MAX_GROUPS {
        return Err(EngineError::invalid(format!(
            "'{name}' has {} different values; a table takes 1 to {MAX_GROUPS} groups. Choose a variable with fewer.",
            levels.len()
        )));
    }
    Ok(levels.into_iter().map(|level| one_level(name, level)).collect())
}

fn one_level(variable: &str, level: String) -> CohortDefinition {
    let mut definition = CohortDefinition::everyone(&level);
    definition.inclusion_rules.push(InclusionRule {
        name: format!("{variable} is {level}"),
        condition: Condition::Variable { name: variable.to_owned(), test: Test::OneOf { levels: vec![level] } },
    });
    definition
}

/// Kaplan-Meier, log-rank and Cox on columns of a flat dataset.
///
/// The curves are kept like those of a study: numbers at risk are asked for with the request's content id as the plan's.
pub(crate) fn survival(
    engine: &mut Engine,
    request: &Survival,
    tick: &mut Tick<'_>,
) -> Result<SurvivalReport, EngineError> {
    let open = engine.dataset(&request.dataset)?;
    let query = SurvivalQuery {
        time: request.time.clone(),
        event: request.event.clone(),
        entry: request.entry.clone(),
        group: request.group.clone(),
        covariates: request.covariates.clone(),
        strata: request.strata.clone(),
        weights: request.weights.clone(),
        cluster: request.cluster.clone(),
        causes: request.causes,
        settings: request.settings.clone(),
        thin: request.thin,
        depth: match request.depth {
            protocol::SurvivalDepth::Curves => study::Depth::Curves,
            protocol::SurvivalDepth::Estimates => study::Depth::Estimates,
            protocol::SurvivalDepth::Diagnostics => study::Depth::Diagnostics,
        },
    };
    let mut go_on = |share: f64| tick(share, "Computing survival");
    let (report, curves) =
        study::survival_and_curves(&open.source(), &query, &mut go_on).map_err(|e| study_error(&e))?;
    let id = content_id(request).map_err(|e| EngineError::invalid(format!("A setting is not finite ({e}).")))?;
    engine.last_run = Some(LastRun { plan_id: id.0, unadjusted: Some(curves), weighted: None });
    Ok(report)
}

/// Runs a study plan as far as asked.
pub(crate) fn run(engine: &mut Engine, request: &RunStudy, tick: &mut Tick<'_>) -> Result<StudyResult, EngineError> {
    let plan_id = content_id(&request.plan)
        .map_err(|e| EngineError::invalid(format!("The plan holds a number that is not finite ({e}).")))?
        .0;
    let open = engine.dataset(&request.dataset)?;
    let stage = match request.stage {
        StudyStage::Design => Stage::Design,
        StudyStage::Unadjusted => Stage::Unadjusted,
        StudyStage::Full => Stage::Full,
    };
    let mut go_on = |share: f64| tick(share, "Running the study");
    let done = study::run(&open.source(), &request.plan, stage, &mut go_on).map_err(|e| study_error(&e))?;
    let mut result = done.result;
    result.plan_id.clone_from(&plan_id);
    if request.stage != StudyStage::Design {
        engine.last_run = Some(LastRun { plan_id, unadjusted: Some(done.curves), weighted: done.weighted_curves });
    }
    Ok(result)
}

/// Numbers at risk at chosen times, for the study that was run last.
pub(crate) fn risk_table(engine: &Engine, request: &RiskTable) -> Result<Vec<RiskTableRow>, EngineError> {
    let last = engine.last_run.as_ref().filter(|last| last.plan_id == request.plan_id);
    let curves = last.and_then(|last| if request.weighted { last.weighted.as_ref() } else { last.unadjusted.as_ref() });
    let curves = curves.ok_or_else(|| EngineError::NotFound { what: "The result of this study".to_owned() })?;
    Ok(study::risk_table(curves, &request.times))
}

/// Similar patients.
pub(crate) fn consult(engine: &Engine, request: &Consult, tick: &mut Tick<'_>) -> Result<ConsultAnswer, EngineError> {
    let open = engine.dataset(&request.dataset)?;
    tick(0.1, "Looking for similar patients");
    study::similar(&open.source(), &request.question).map_err(|e| study_error(&e))
}

/// Similar patients in a full record.
pub(crate) fn consult_record(
    engine: &Engine,
    request: &ConsultRecord,
    tick: &mut Tick<'_>,
) -> Result<ConsultAnswer, EngineError> {
    let open = engine.dataset(&request.dataset)?;
    let mut go_on = |share: f64| tick(share, "Looking for similar patients");
    study::similar_in_record(&open.source(), &request.question, &mut go_on).map_err(|e| study_error(&e))
}
