//! The subjects of a cohort, for every answer that is about one.

use cohort::{Cohort, Source};
use model::cohort::CohortDefinition;
use protocol::EngineError;

use crate::{Tick, error};

/// Evaluates a cohort definition.
pub(crate) fn subjects(
    source: &Source<'_>,
    definition: &CohortDefinition,
    tick: &mut Tick<'_>,
) -> Result<Cohort, EngineError> {
    cohort::evaluate(source, definition, &mut |share| tick(share, "Finding the cohort")).map_err(error::cohort)
}
