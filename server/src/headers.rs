//! The security headers of every answer.
//!
//! The content security policy is what keeps patient rows in the tab: a page may talk to its own origin only. Two
//! allowances are made. Plotly sets style attributes on the elements it draws, so styles may stand inline
//! (`style-src 'unsafe-inline'`; a style runs no code). Inline scripts of `index.html` are allowed by their hash, taken
//! when the server starts; any other inline script is not run. `base-uri 'self'` is for the page's `<base href="/">`.

use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest as _, Sha256};

use crate::app::App;
use crate::page::Page;

const FIXED: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-embedder-policy"), "require-corp"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), display-capture=(), encrypted-media=(), \
         geolocation=(), gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), payment=(), \
         publickey-credentials-get=(), screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()",
    ),
];

/// The headers of every answer.
#[derive(Clone, Debug)]
pub struct Headers {
    all: Vec<(HeaderName, HeaderValue)>,
}

impl Headers {
    /// The headers for a page; where users reach it by https, browsers are told to stay there.
    #[must_use]
    pub fn new(page: &Page, public_url: Option<&str>) -> Self {
        let mut all: Vec<(HeaderName, HeaderValue)> =
            FIXED.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))).collect();
        let policy = content_security_policy(page.index().unwrap_or_default());
        if let Ok(policy) = HeaderValue::from_str(&policy) {
            all.push((header::CONTENT_SECURITY_POLICY, policy));
        }
        if public_url.is_some_and(|url| url.starts_with("https://")) {
            all.push((header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000")));
        }
        Self { all }
    }
}

/// Puts the headers on an answer.
pub async fn add(State(app): State<App>, mut response: Response) -> Response {
    for (name, value) in &app.headers.all {
        response.headers_mut().insert(name, value.clone());
    }
    response
}

fn content_security_policy(index_html: &str) -> String {
    let hashes: String = inline_scripts(index_html)
        .into_iter()
        .map(|script| format!(" 'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(script.as_bytes()))))
        .collect();
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{hashes}; worker-src 'self'; connect-src 'self'; \
         img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; font-src 'self'; manifest-src 'self'; \
         base-uri 'self'; form-action 'none'; frame-ancestors 'none'"
    )
}

/// The texts of the script elements without a `src`, byte for byte: the hash is over what stands between the tags.
fn inline_scripts(html: &str) -> Vec<&str> {
    let lower = html.to_ascii_lowercase(); // same length, so that places in one are places in the other
    let mut scripts = Vec::new();
    let mut from = 0;
    while let Some(open) = lower[from..].find("<script").map(|at| from + at) {
        let Some(start) = lower[open..].find('>').map(|at| open + at + 1) else { break };
        let Some(end) = lower[start..].find("</script").map(|at| start + at) else { break };
        let has_src = lower[open..start].split_ascii_whitespace().any(|part| part.starts_with("src="));
        if !has_src && end > start {
            scripts.push(&html[start..end]);
        }
        from = end;
    }
    scripts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_scripts_are_found_and_others_passed_over() {
        let html =
            "<script src=\"/a.js\"></script>\n<SCRIPT type=\"module\">\nlet ü = 1 < 2;\n</SCRIPT><script>b()</script>";
        assert_eq!(inline_scripts(html), vec!["\nlet ü = 1 < 2;\n", "b()"]);
        assert!(inline_scripts("<script>never closed").is_empty());
        assert!(inline_scripts("<script").is_empty());
    }

    #[test]
    fn an_inline_script_is_allowed_by_its_hash() {
        // echo -n 'b()' | openssl dgst -sha256 -binary | base64
        let policy = content_security_policy("<script>b()</script>");
        assert!(
            policy.contains(
                "script-src 'self' 'wasm-unsafe-eval' 'sha256-cf242PFc/kb7xD0Qzhsmd9vvRkc+cWFmbi+k+YvtdKc=';"
            ),
            "{policy}"
        );
        assert!(content_security_policy("").contains("script-src 'self' 'wasm-unsafe-eval';"));
    }
}
