//! The security headers, on every answer.

use axum::http::{HeaderMap, Method, StatusCode, header};

use crate::findings::document;
use crate::page::built_page;
use crate::test_app::TestApp;

const EXPECTED: [(&str, &str); 5] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    ("cross-origin-resource-policy", "same-origin"),
];

fn assert_secure(what: &str, headers: &HeaderMap) {
    for (name, value) in EXPECTED {
        assert_eq!(headers.get(name).map(|v| v.to_str().unwrap()), Some(value), "{name} of {what}");
    }
    let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    for part in ["default-src 'none'", "connect-src 'self'", "frame-ancestors 'none'", "form-action 'none'"] {
        assert!(policy.contains(part), "{part} in the policy of {what}");
    }
    assert!(!policy.contains("'unsafe-eval'"), "{policy}");
    assert!(headers["permissions-policy"].to_str().unwrap().contains("camera=()"));
    assert_eq!(headers["x-request-id"].len(), 16);
}

#[tokio::test]
async fn every_answer_carries_them() {
    let folder = built_page();
    let app = TestApp::builder().page(&folder.path()).start().await;
    let sent = document("a");
    app.publish(std::slice::from_ref(&sent)).await;
    let document = format!("/api/documents/{}", sent.id);
    for (path, status) in [
        ("/", StatusCode::OK),
        ("/compare", StatusCode::OK),
        ("/app-0123456789abcdef.js", StatusCode::OK),
        ("/missing.js", StatusCode::NOT_FOUND),
        ("/health", StatusCode::OK),
        ("/metrics", StatusCode::OK),
        ("/api/openapi.json", StatusCode::OK),
        ("/api/me", StatusCode::OK),
        (&document, StatusCode::OK),
        ("/api/changes?since=x", StatusCode::UNPROCESSABLE_ENTITY),
        ("/api/nothing", StatusCode::NOT_FOUND),
    ] {
        let answer = app.read(path).await;
        assert_eq!(answer.status, status, "{path}");
        assert_secure(path, &answer.headers);
    }
    assert_secure("401", &app.get("/api/me").await.headers);
    assert_secure("405", &app.request(Method::DELETE, "/", None).await.headers);
    let etag = app.get("/").await.header(header::ETAG).to_owned();
    let not_modified = app.get_with("/", &[(header::IF_NONE_MATCH, &etag)]).await;
    assert_eq!(not_modified.status, StatusCode::NOT_MODIFIED);
    assert_secure("304", &not_modified.headers);
}

#[tokio::test]
async fn an_inline_script_of_the_index_is_allowed_by_its_hash_only() {
    let folder = built_page();
    let app = TestApp::builder().page(&folder.path()).start().await;
    let answer = app.get("/").await;
    let policy = answer.header(header::CONTENT_SECURITY_POLICY);
    assert_eq!(policy.matches("'sha256-").count(), 1, "{policy}");
    let script = policy.split(';').find(|part| part.trim().starts_with("script-src")).unwrap();
    assert!(!script.contains("unsafe-inline"), "{script}");
}

#[tokio::test]
async fn https_is_kept_to_where_it_is_spoken() {
    let app = TestApp::start().await;
    assert_eq!(app.get("/health").await.header(header::STRICT_TRANSPORT_SECURITY), "");
    let https = Some("https://rounds.example.org".to_owned());
    let app = TestApp::builder().config(|config| config.public_url = https).start().await;
    assert_eq!(app.get("/health").await.header(header::STRICT_TRANSPORT_SECURITY), "max-age=31536000");
}
