//! What can be asked: the whole table of routes, and their description.

mod changes;
mod documents;
mod extract;
mod me;
mod operations;

use axum::routing::{MethodRouter, get, post};
use utoipa::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};

use crate::app::App;

/// One route.
pub struct Route {
    /// Its method, in small letters.
    pub method: &'static str,
    /// Its path, as axum and OpenAPI both write it.
    pub path: &'static str,
    /// Makes its handler.
    pub handler: fn() -> MethodRouter<App>,
}

/// All routes; the router is made of this table, and a test compares it with the OpenAPI description.
pub const ROUTES: &[Route] = &[
    Route { method: "get", path: "/api/me", handler: || get(me::me) },
    Route { method: "get", path: "/api/changes", handler: || get(changes::changes) },
    Route { method: "post", path: "/api/documents", handler: || post(documents::publish) },
    Route { method: "post", path: "/api/documents/fetch", handler: || post(documents::fetch) },
    Route { method: "get", path: "/api/documents/{id}", handler: || get(documents::document) },
    Route { method: "get", path: "/api/openapi.json", handler: || get(operations::openapi) },
    Route { method: "get", path: "/health", handler: || get(operations::health) },
    Route { method: "get", path: "/metrics", handler: || get(operations::metrics) },
];

/// The description of the API.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Rounds",
        description = "Shared knowledge: findings that hold aggregates only, signed and content-addressed."
    ),
    paths(
        me::me,
        changes::changes,
        documents::publish,
        documents::fetch,
        documents::document,
        operations::openapi,
        operations::health,
        operations::metrics
    ),
    modifiers(&BearerToken)
)]
pub struct ApiDescription;

struct BearerToken;

impl utoipa::Modify for BearerToken {
    fn modify(&self, description: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("The invite token that `rounds-server invite` printed."))
            .build();
        let components = description.components.get_or_insert_with(Default::default);
        components.add_security_scheme("token", SecurityScheme::Http(scheme));
    }
}
