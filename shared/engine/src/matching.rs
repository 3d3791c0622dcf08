//! Matching and weighting of a flat file's rows.

use model::results::MatchReport;
use protocol::{EngineError, MatchPersons};
use study::{MatchQuery, MatchWith};

use crate::studies::study_error;
use crate::{Engine, Tick};

/// Matching or weighting by a propensity score.
pub(crate) fn match_persons(
    engine: &Engine,
    request: &MatchPersons,
    tick: &mut Tick<'_>,
) -> Result<MatchReport, EngineError> {
    let open = engine.dataset(&request.dataset)?;
    let query = MatchQuery {
        treatment: request.treatment.clone(),
        covariates: request.covariates.clone(),
        outcome: request.outcome.clone(),
        with: match request.with {
            protocol::MatchWith::Nearest { ratio, caliper } => MatchWith::Nearest { ratio, caliper },
            protocol::MatchWith::Weights { estimand } => MatchWith::Weights(estimand),
        },
        pairs: request.pairs,
    };
    study::match_persons(&open.source(), &query, &mut |share| tick(share, "Matching")).map_err(|e| study_error(&e))
}
