//! The page: files read once at the start, kept in memory, compressed once.
//!
//! A request names a key of a map and never a path of the disk, so there is nothing to climb out of.

mod load;

use std::collections::HashMap;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use crate::app::App;
use crate::error::Error;

const INDEX: &str = "index.html";

const NOT_BUILT: &str = include_str!("page/not_built.html");

/// The files of the page.
#[derive(Clone, Debug, Default)]
pub struct Page {
    files: HashMap<String, File>,
}

/// A file of the page.
#[derive(Clone, Debug)]
struct File {
    mime: &'static str,
    cache_control: &'static str,
    etag: String,
    bytes: axum::body::Bytes,
    /// Absent where it would not be smaller.
    gzipped: Option<axum::body::Bytes>,
}

impl Page {
    /// Whether there is a page at all.
    #[must_use]
    pub fn is_built(&self) -> bool {
        self.files.contains_key(INDEX)
    }

    /// The text of `index.html`.
    #[must_use]
    pub fn index(&self) -> Option<&str> {
        self.files.get(INDEX).and_then(|file| std::str::from_utf8(&file.bytes).ok())
    }

    /// The file that a path asks for. A path without an extension is a screen of the page: its index.
    fn find(&self, path: &str) -> Option<&File> {
        let name = percent_decode(path.strip_prefix('/')?)?;
        let is_odd = name.contains(['\\', '\0']) || name.split('/').any(|part| part.starts_with('.'));
        if is_odd {
            return None;
        }
        let last = name.rsplit('/').next().unwrap_or_default();
        self.files.get(&name).or_else(|| if last.contains('.') { None } else { self.files.get(INDEX) })
    }
}

/// Answers whatever no route took.
pub async fn serve(State(app): State<App>, request: Request) -> Response {
    let path = request.uri().path();
    if path == "/api" || path.starts_with("/api/") {
        return Error::NotFound.into_response();
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Error::MethodNotAllowed.into_response();
    }
    match app.page.find(path) {
        Some(file) => answer(file, request.headers()),
        None if path == "/" => not_built(),
        None => Error::NotFound.into_response(),
    }
}

fn answer(file: &File, asked: &HeaderMap) -> Response {
    let (body, encoding, etag) = match &file.gzipped {
        Some(gzipped) if accepts_gzip(asked) => (gzipped, Some("gzip"), format!("\"{}-gzip\"", file.etag)),
        _ => (&file.bytes, None, format!("\"{}\"", file.etag)),
    };
    let mut response = if etag_matches(asked, &etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let mut response = Response::new(Body::from(body.clone()));
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(file.mime));
        if let Some(encoding) = encoding {
            response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        response
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(file.cache_control));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        headers.insert(header::ETAG, etag);
    }
    response
}

fn not_built() -> Response {
    let headers = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    (StatusCode::SERVICE_UNAVAILABLE, headers, NOT_BUILT).into_response()
}

/// Whether `If-None-Match` names this ETag (or any, by a star). A weak mark is passed over, as RFC 9110 asks for GET.
pub fn etag_matches(asked: &HeaderMap, etag: &str) -> bool {
    asked
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == etag)
}

/// Whether the client takes gzip, and did not refuse it by `q=0`.
fn accepts_gzip(asked: &HeaderMap) -> bool {
    let parts = asked
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    for part in parts {
        let mut pieces = part.split(';').map(str::trim);
        if pieces.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip")) {
            let quality = pieces.find_map(|piece| piece.strip_prefix("q="));
            return quality.is_none_or(|q| q.parse::<f32>().is_ok_and(|q| q > 0.0));
        }
    }
    false
}

/// The path with its `%XX` read; `None` where it is no text.
fn percent_decode(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        if first == b'%' {
            let pair = std::str::from_utf8(after.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(pair, 16).ok()?);
            rest = &after[2..];
        } else {
            bytes.push(first);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: header::HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, value.parse().unwrap())])
    }

    #[test]
    fn gzip_is_sent_only_to_who_takes_it() {
        let accepts = |value: &str| accepts_gzip(&with(header::ACCEPT_ENCODING, value));
        assert!(accepts("gzip, deflate, br"));
        assert!(accepts("br;q=1.0, GZIP;q=0.8"));
        assert!(!accepts("gzip;q=0"));
        assert!(!accepts("br"));
        assert!(!accepts_gzip(&HeaderMap::new()));
    }

    #[test]
    fn if_none_match_is_read_as_a_list() {
        let matches = |value: &str| etag_matches(&with(header::IF_NONE_MATCH, value), "\"a\"");
        assert!(matches("\"a\""));
        assert!(matches("\"b\", W/\"a\""));
        assert!(matches("*"));
        assert!(!matches("\"b\""));
        assert!(!etag_matches(&HeaderMap::new(), "\"a\""));
    }

    #[test]
    fn percent_signs_are_read() {
        assert_eq!(percent_decode("a%20b%2Fc").as_deref(), Some("a b/c"));
        assert_eq!(percent_decode("%").as_deref(), None);
        assert_eq!(percent_decode("%zz").as_deref(), None);
        assert_eq!(percent_decode("%ff").as_deref(), None);
    }
}
