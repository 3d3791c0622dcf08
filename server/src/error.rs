//! What goes wrong with a request, and what the client hears of it.
//!
//! | error | status | code |
//! |---|---|---|
//! | [`Error::Unauthorized`] | 401 | `unauthorized` |
//! | [`Error::Forbidden`] | 403 | `forbidden` |
//! | [`Error::NotFound`], [`Error::NoSuchDocument`] | 404 | `not_found` |
//! | [`Error::MethodNotAllowed`] | 405 | `method_not_allowed` |
//! | [`Error::Timeout`] | 408 | `timeout` |
//! | [`Error::TooLarge`] | 413 | `too_large` |
//! | [`Error::Invalid`] | 422 | `invalid` |
//! | [`Error::TooManyRequests`] | 429 | `too_many_requests` |
//! | [`Error::Internal`] | 500 | `internal` |
//! | [`Error::Unavailable`] | 503 | `unavailable` |
//!
//! The cause of an internal error is logged beside the request's id and never sent.

use std::sync::Arc;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sync::wire::{Problem, ProblemCode};

/// What went wrong with a request. The text is what the client reads.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No token, or one that does not open this server.
    #[error("{0}")]
    Unauthorized(#[from] TokenError),
    /// A good token whose role does not allow this.
    #[error("This invite lets you read only. To publish, ask whoever runs this server for an invite as contributor.")]
    Forbidden,
    /// Nothing at this address.
    #[error("There is nothing at this address. /api/openapi.json lists what there is.")]
    NotFound,
    /// No document of that id.
    #[error("This server has no document of that id.")]
    NoSuchDocument,
    /// The address exists, not with this method.
    #[error("This address does not take that method. /api/openapi.json lists what it takes.")]
    MethodNotAllowed,
    /// It took too long.
    #[error("The request took too long. Check the connection and try again.")]
    Timeout,
    /// The body is too long.
    #[error("The request is longer than {limit_bytes} bytes. Send fewer documents at once.")]
    TooLarge {
        /// The limit.
        limit_bytes: usize,
    },
    /// The body or a parameter is not what was expected.
    #[error("{what}")]
    Invalid {
        /// What, in words.
        what: String,
    },
    /// Too many requests.
    #[error("Too many requests. Wait {retry_after_seconds} s and try again.")]
    TooManyRequests {
        /// How long to wait.
        retry_after_seconds: u64,
    },
    /// The server's own fault.
    #[error("The server failed to do this. Nothing was lost; try again, and if it goes on, tell whoever runs it.")]
    Internal(#[source] anyhow::Error),
    /// The store cannot be reached.
    #[error("The server cannot reach its store at the moment. Nothing was lost; try again in a minute.")]
    Unavailable(#[source] anyhow::Error),
}

/// Why a token does not open the server.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// There is none.
    #[error("This needs an invite token, sent as `Authorization: Bearer …`. Ask whoever runs this server for one.")]
    Missing,
    /// It is none of this server's.
    #[error("This server does not know that token. Check that all of it was copied, or ask for a new invite.")]
    Unknown,
    /// It was taken back.
    #[error("This invite was taken back. Ask whoever runs this server for a new one.")]
    Revoked,
    /// Its last day is over.
    #[error("This invite ended on {expires_on}. Ask whoever runs this server for a new one.")]
    Expired {
        /// Its last day.
        expires_on: jiff::civil::Date,
    },
}

/// Why a request failed, for the log.
#[derive(Clone)]
pub struct Cause(pub Arc<anyhow::Error>);

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        Self::Internal(error.into())
    }
}

impl Error {
    /// Status and code.
    #[must_use]
    pub fn status(&self) -> (StatusCode, ProblemCode) {
        match self {
            Self::Unauthorized(_) => (StatusCode::UNAUTHORIZED, ProblemCode::Unauthorized),
            Self::Forbidden => (StatusCode::FORBIDDEN, ProblemCode::Forbidden),
            Self::NotFound | Self::NoSuchDocument => (StatusCode::NOT_FOUND, ProblemCode::NotFound),
            Self::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, ProblemCode::MethodNotAllowed),
            Self::Timeout => (StatusCode::REQUEST_TIMEOUT, ProblemCode::Timeout),
            Self::TooLarge { .. } => (StatusCode::PAYLOAD_TOO_LARGE, ProblemCode::TooLarge),
            Self::Invalid { .. } => (StatusCode::UNPROCESSABLE_ENTITY, ProblemCode::Invalid),
            Self::TooManyRequests { .. } => (StatusCode::TOO_MANY_REQUESTS, ProblemCode::TooManyRequests),
            Self::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, ProblemCode::Internal),
            Self::Unavailable(_) => (StatusCode::SERVICE_UNAVAILABLE, ProblemCode::Unavailable),
        }
    }
}

impl IntoResponse for Error {
    /// Status and headers; [`crate::layers::around`] writes the body, since it knows the request's id.
    fn into_response(self) -> Response {
        let (status, code) = self.status();
        let mut response = status.into_response();
        response.extensions_mut().insert(Problem { code, message: self.to_string(), request_id: None });
        let headers = response.headers_mut();
        match self {
            Self::Unauthorized(_) => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"rounds\""));
            }
            Self::TooManyRequests { retry_after_seconds } => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from(retry_after_seconds));
            }
            Self::Internal(cause) | Self::Unavailable(cause) => {
                response.extensions_mut().insert(Cause(Arc::new(cause)));
            }
            _ => {}
        }
        response
    }
}
