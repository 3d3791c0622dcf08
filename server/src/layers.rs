//! What goes around every request: its id, its time limit, its line in the log, the body of an error.

use std::any::Any;
use std::time::Instant;

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use sync::wire::Problem;

use crate::app::App;
use crate::error::{Cause, Error};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Gives a request its id and its time limit (to the beginning of the answer; how long a client may leave one unread is
/// [`crate::listen`]'s), logs method, route, status and duration (no address, token, body or
/// query), counts it, and writes the body of an error.
pub async fn around(State(app): State<App>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = new_request_id();
    let method = known_method(request.method());
    // The route's template, not the address asked for: nothing that a client wrote reaches the log or the metrics.
    let route = request.extensions().get::<MatchedPath>().map_or("fallback", MatchedPath::as_str).to_owned();
    let mut response = match tokio::time::timeout(app.config.request_timeout, next.run(request)).await {
        Ok(response) => response,
        Err(_elapsed) => Error::Timeout.into_response(),
    };
    let status = response.status();
    let duration_ms = started.elapsed().as_millis();
    if let Some(Cause(cause)) = response.extensions_mut().remove::<Cause>() {
        tracing::error!(request_id = id, method, route, "{cause:#}");
    }
    tracing::info!(request_id = id, method, route, status = status.as_u16(), duration_ms, "answered");
    app.metrics.answered(method, &route, status);
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        write_problem(&mut response, &Problem { request_id: Some(id.clone()), ..problem });
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// The answer to a request whose handler panicked.
#[expect(clippy::needless_pass_by_value, reason = "the signature that tower-http asks for")]
pub fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let words = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    Error::Internal(anyhow::anyhow!("panic: {}", words.unwrap_or("of an unknown kind"))).into_response()
}

fn write_problem(response: &mut Response, problem: &Problem) {
    // A plain struct of strings always has a JSON form.
    let body = serde_json::to_vec(problem).unwrap_or_default();
    let was_slow = response.status() == StatusCode::REQUEST_TIMEOUT;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    if was_slow {
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    *response.body_mut() = Body::from(body);
}

/// 16 random hex digits; all zeros where the machine gives no random numbers (it is a label, not a secret).
fn new_request_id() -> String {
    let mut random = [0_u8; 8];
    match getrandom::fill(&mut random) {
        Ok(()) => hex::encode(random),
        Err(_none) => hex::encode([0_u8; 8]),
    }
}

fn known_method(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}
