//! The changes feed.

use axum::extract::State;
use serde::Deserialize;
use sync::wire::{ChangesPage, DEFAULT_CHANGES_LIMIT, MAX_CHANGES_LIMIT, Problem};
use utoipa::IntoParams;

use super::extract::{Json, Parameters};
use crate::app::App;
use crate::auth::Reader;
use crate::error::Error;

/// Where to begin, and how much.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ChangesParameters {
    /// The cursor: `last_seq` of the page before, 0 (or absent) for the start.
    #[serde(default)]
    since: u64,
    /// Most entries wanted: 200 unless told, from 1 to 1000.
    limit: Option<usize>,
}

/// The documents that came after a cursor, oldest first.
#[utoipa::path(
    get,
    path = "/api/changes",
    params(ChangesParameters),
    security(("token" = [])),
    responses(
        (status = 200, body = ChangesPage),
        (status = 401, body = Problem, description = "No token, or one that does not open this server"),
        (status = 422, body = Problem, description = "A parameter that cannot be"),
        (status = 429, body = Problem, description = "Too many requests; see Retry-After"),
    )
)]
pub(super) async fn changes(
    State(app): State<App>,
    Reader(_): Reader,
    Parameters(parameters): Parameters<ChangesParameters>,
) -> Result<Json<ChangesPage>, Error> {
    let limit = parameters.limit.unwrap_or(DEFAULT_CHANGES_LIMIT).clamp(1, MAX_CHANGES_LIMIT);
    Ok(Json(app.store.changes(parameters.since, limit).await?))
}
