//! The server put together: state, routes, page and the layers around them.

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn_with_state, map_response_with_state};
use tower_http::catch_panic::CatchPanicLayer;

use crate::config::Config;
use crate::error::Error;
use crate::headers::Headers;
use crate::limits::Limits;
use crate::metrics::Metrics;
use crate::page::{self, Page};
use crate::routes;
use crate::store::Store;
use crate::{headers, layers, limits};

/// What every request can reach.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// The parts of [`App`].
pub struct Parts {
    /// How the server behaves.
    pub config: Config,
    /// What is kept.
    pub store: Store,
    /// The files of the page.
    pub page: Page,
    /// The headers of every answer.
    pub headers: Headers,
    /// Who may ask how often.
    pub limits: Limits,
    /// What is counted.
    pub metrics: Metrics,
}

impl std::ops::Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl App {
    /// Puts a server together.
    #[must_use]
    pub fn new(config: Config, store: Store, page: Page) -> Self {
        let headers = Headers::new(&page, config.public_url.as_deref());
        let limits = Limits::new(&config);
        Self(Arc::new(Parts { config, store, page, headers, limits, metrics: Metrics::default() }))
    }

    /// The router, with everything around it.
    pub fn router(&self) -> Router {
        let api = routes::ROUTES
            .iter()
            .fold(Router::new(), |router, route| router.route(route.path, (route.handler)()))
            .method_not_allowed_fallback(async || Error::MethodNotAllowed);
        api.fallback(page::serve)
            .layer(DefaultBodyLimit::max(self.config.max_request_bytes))
            .layer(CatchPanicLayer::custom(layers::panicked))
            .layer(from_fn_with_state(self.clone(), limits::by_address))
            .layer(from_fn_with_state(self.clone(), layers::around))
            .layer(map_response_with_state(self.clone(), headers::add))
            .with_state(self.clone())
    }
}
