//! Table 1.

use cohort::Cohort;
use model::cohort::CohortDefinition;
use model::results::TableOne;
use protocol::{EngineError, Summarize, SummaryGroups};

use crate::subjects::subjects;
use crate::{Engine, Tick, studies};

/// Table 1.
pub(crate) fn summarize(engine: &Engine, request: &Summarize, tick: &mut Tick<'_>) -> Result<TableOne, EngineError> {
    let open = engine.dataset(&request.dataset)?;
    let source = open.source();
    let definitions: Vec<CohortDefinition> = match &request.groups {
        SummaryGroups::Cohorts { definitions } if definitions.is_empty() || definitions.len() > 2 => {
            return Err(EngineError::invalid("Table 1 takes one cohort, or two side by side."));
        }
        SummaryGroups::Cohorts { definitions } => definitions.clone(),
        SummaryGroups::By { variable: None } => vec![CohortDefinition::everyone("All")],
        SummaryGroups::By { variable: Some(name) } => studies::split_by(open, name)?,
    };
    let mut cohorts = Vec::new();
    for definition in &definitions {
        cohorts.push((definition.name.as_str(), subjects(&source, definition, tick)?));
    }
    let borrowed: Vec<(&str, &Cohort)> = cohorts.iter().map(|(name, cohort)| (*name, cohort)).collect();
    let by = match &request.groups {
        SummaryGroups::By { variable } => variable.as_deref(),
        SummaryGroups::Cohorts { .. } => None,
    };
    let mut table = study::summarize_split(&source, &borrowed, request.variables.as_deref(), by)
        .map_err(|e| studies::study_error(&e))?;
    for (name, cohort) in &cohorts {
        table.warnings.extend(cohort.warnings.iter().map(|w| format!("{name}: {w}")));
    }
    Ok(table)
}
