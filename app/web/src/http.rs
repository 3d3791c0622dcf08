//! HTTP to the page's own origin, and nowhere else.

use gloo_net::http::{Method, RequestBuilder};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Why a request failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HttpError {
    /// No answer: offline, or the server is away.
    #[error("The server cannot be reached. Rounds goes on working and will catch up.")]
    Offline,
    /// The server answered with an error.
    #[error("The server refused ({code}): {problem}")]
    Status {
        /// HTTP status.
        code: u16,
        /// Its body.
        problem: String,
        /// Seconds of its `Retry-After`, where it sent one.
        retry_after_seconds: Option<u32>,
    },
    /// The answer is not what was expected.
    #[error("The server's answer cannot be read: {0}")]
    Decode(String),
    /// Only paths of the page's own origin are asked.
    #[error("Rounds asks only its own server, not '{0}'.")]
    OtherOrigin(String),
}

async fn send<T: DeserializeOwned>(
    method: Method,
    path: &str,
    token: Option<&str>,
    body: Option<String>,
) -> Result<T, HttpError> {
    if !path.starts_with('/') || path.starts_with("//") {
        return Err(HttpError::OtherOrigin(path.to_owned()));
    }
    let mut builder = RequestBuilder::new(path).method(method).header("accept", "application/json");
    if let Some(token) = token {
        builder = builder.header("authorization", &format!("Bearer {token}"));
    }
    let request = match body {
        Some(body) => builder.header("content-type", "application/json").body(body),
        None => builder.build(),
    }
    .map_err(|error| HttpError::Decode(error.to_string()))?;
    let response = request.send().await.map_err(|_network| HttpError::Offline)?;
    let text = response.text().await.map_err(|_network| HttpError::Offline)?;
    if !response.ok() {
        return Err(HttpError::Status {
            code: response.status(),
            retry_after_seconds: retry_after_seconds(&response),
            problem: text,
        });
    }
    serde_json::from_str(&text).map_err(|error| HttpError::Decode(error.to_string()))
}

/// GET, JSON back.
///
/// # Errors
/// [`HttpError`].
pub async fn get_json<T: DeserializeOwned>(path: &str, token: Option<&str>) -> Result<T, HttpError> {
    send(Method::GET, path, token, None).await
}

/// POST JSON, JSON back.
///
/// # Errors
/// [`HttpError`].
pub async fn post_json<B: Serialize + ?Sized, T: DeserializeOwned>(
    path: &str,
    token: Option<&str>,
    body: &B,
) -> Result<T, HttpError> {
    let text = serde_json::to_string(body).map_err(|error| HttpError::Decode(error.to_string()))?;
    send(Method::POST, path, token, Some(text)).await
}

/// GET, bytes back (a sample's file).
///
/// # Errors
/// [`HttpError`].
pub async fn get_bytes(path: &str) -> Result<Vec<u8>, HttpError> {
    if !path.starts_with('/') || path.starts_with("//") {
        return Err(HttpError::OtherOrigin(path.to_owned()));
    }
    let request = RequestBuilder::new(path).build().map_err(|error| HttpError::Decode(error.to_string()))?;
    let response = request.send().await.map_err(|_network| HttpError::Offline)?;
    if !response.ok() {
        return Err(HttpError::Status {
            code: response.status(),
            retry_after_seconds: retry_after_seconds(&response),
            problem: response.status_text(),
        });
    }
    response.binary().await.map_err(|_network| HttpError::Offline)
}

fn retry_after_seconds(response: &gloo_net::http::Response) -> Option<u32> {
    response.headers().get("retry-after")?.trim().parse().ok()
}
