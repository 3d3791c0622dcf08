//! For whoever runs the server: is it well, what did it do, what can be asked.

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use serde::Serialize;
use sync::wire::Problem;
use utoipa::{OpenApi as _, ToSchema};

use super::{ApiDescription, extract::Json};
use crate::app::App;
use crate::error::Error;

/// How the server is.
#[derive(Serialize, ToSchema)]
pub(super) struct Health {
    /// `ok`.
    status: &'static str,
    /// Version of the server.
    version: &'static str,
}

/// Whether the server runs and reaches its store.
#[utoipa::path(
    get,
    path = "/health",
    responses(
        (status = 200, body = Health),
        (status = 503, body = Problem, description = "The store does not answer"),
    )
)]
pub(super) async fn health(State(app): State<App>) -> Result<Json<Health>, Error> {
    app.store.ping().await.map_err(|error| Error::Unavailable(error.into()))?;
    Ok(Json(Health { status: "ok", version: env!("CARGO_PKG_VERSION") }))
}

/// Counts, in the text format of Prometheus.
#[utoipa::path(
    get,
    path = "/metrics",
    responses(
        (status = 200, body = String, content_type = "text/plain"),
        (status = 500, body = Problem, description = "The store does not answer"),
    )
)]
pub(super) async fn metrics(State(app): State<App>) -> Result<impl IntoResponse, Error> {
    let text = app.metrics.text(app.store.n_documents().await?);
    let headers = [(header::CONTENT_TYPE, "text/plain; version=0.0.4"), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, text))
}

/// This description.
#[utoipa::path(get, path = "/api/openapi.json", responses((status = 200, content_type = "application/json")))]
pub(super) async fn openapi() -> Json<utoipa::openapi::OpenApi> {
    Json(ApiDescription::openapi())
}
