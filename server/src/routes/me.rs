//! Whose token this is.

use axum::extract::State;
use sync::wire::{Me, Problem};

use super::extract::Json;
use crate::app::App;
use crate::auth::Reader;

/// Whose token this is and what it allows.
#[utoipa::path(
    get,
    path = "/api/me",
    security(("token" = [])),
    responses(
        (status = 200, body = Me),
        (status = 401, body = Problem, description = "No token, or one that does not open this server"),
        (status = 429, body = Problem, description = "Too many requests; see Retry-After"),
    )
)]
pub(super) async fn me(State(app): State<App>, Reader(invite): Reader) -> Json<Me> {
    Json(Me {
        name: invite.name,
        role: invite.role,
        site: invite.site,
        store_id: app.store.store_id().to_owned(),
        expires_on: invite.expires_on.map(|day| day.to_string()),
    })
}
