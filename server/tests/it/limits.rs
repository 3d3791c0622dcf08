//! How often, how long.

use std::net::IpAddr;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use server::config::Rate;
use server::limits::Peer;
use sync::wire::ProblemCode;

use crate::test_app::TestApp;

fn peer(text: &str) -> Option<Peer> {
    Some(Peer(text.parse::<IpAddr>().unwrap()))
}

#[tokio::test]
async fn an_address_that_asks_too_often_waits_and_others_do_not() {
    let app = TestApp::builder().config(|config| config.rate_per_address = Rate::new(1, 3)).start().await;
    for _ in 0..3 {
        let answer = app.request(Method::GET, "/api/openapi.json", peer("192.0.2.1")).await;
        assert_eq!(answer.status, StatusCode::OK);
    }
    let answer = app.request(Method::GET, "/api/openapi.json", peer("192.0.2.1")).await;
    answer.assert_problem(StatusCode::TOO_MANY_REQUESTS, ProblemCode::TooManyRequests, "Wait");
    let seconds: u64 = answer.header(header::RETRY_AFTER).parse().unwrap();
    assert!((1..=2).contains(&seconds), "{seconds}");
    let other = app.request(Method::GET, "/api/openapi.json", peer("192.0.2.2")).await;
    assert_eq!(other.status, StatusCode::OK);
    // The page and the health check are not counted.
    let health = app.request(Method::GET, "/health", peer("192.0.2.1")).await;
    assert_eq!(health.status, StatusCode::OK);
}

#[tokio::test]
async fn a_token_that_asks_too_often_waits_from_whatever_address() {
    let app = TestApp::builder().config(|config| config.rate_per_token = Rate::new(1, 2)).start().await;
    assert_eq!(app.read("/api/me").await.status, StatusCode::OK);
    assert_eq!(app.read("/api/me").await.status, StatusCode::OK);
    let answer = app.read("/api/me").await;
    answer.assert_problem(StatusCode::TOO_MANY_REQUESTS, ProblemCode::TooManyRequests, "Wait");
    let token = format!("Bearer {}", app.contributor);
    let other = app.get_with("/api/me", &[(header::AUTHORIZATION, &token)]).await;
    assert_eq!(other.status, StatusCode::OK);
}

#[tokio::test]
async fn a_forwarded_address_counts_behind_a_proxy_only() {
    let ask = async |app: &TestApp, forwarded: &str| {
        app.get_with("/api/openapi.json", &[(header::HeaderName::from_static("x-forwarded-for"), forwarded)])
            .await
            .status
    };
    let rate = Rate::new(1, 1);
    let app = TestApp::builder().config(|config| config.rate_per_address = rate).start().await;
    assert_eq!(ask(&app, "192.0.2.1").await, StatusCode::OK);
    assert_eq!(ask(&app, "192.0.2.2").await, StatusCode::TOO_MANY_REQUESTS, "a header is the client's word");
    let change = |config: &mut server::config::Config| {
        config.rate_per_address = rate;
        config.behind_proxy = true;
    };
    let app = TestApp::builder().config(change).start().await;
    assert_eq!(ask(&app, "192.0.2.1").await, StatusCode::OK);
    assert_eq!(ask(&app, "192.0.2.2").await, StatusCode::OK);
    assert_eq!(ask(&app, "198.51.100.9, 192.0.2.2").await, StatusCode::TOO_MANY_REQUESTS, "the last entry counts");
}

#[tokio::test]
async fn a_body_that_does_not_come_is_given_up() {
    let app = TestApp::builder().config(|config| config.request_timeout = Duration::from_millis(50)).start().await;
    // A body of which never a byte arrives.
    let (_kept_open, never) = tokio::io::duplex(16);
    let stream = hyper_body_of(never);
    let request = Request::post("/api/documents")
        .header(header::AUTHORIZATION, format!("Bearer {}", app.contributor))
        .header(header::CONTENT_TYPE, "application/json")
        .body(stream)
        .unwrap();
    let answer = app.send(request).await;
    answer.assert_problem(StatusCode::REQUEST_TIMEOUT, ProblemCode::Timeout, "too long");
}

/// A body that waits for a reader which gets nothing.
fn hyper_body_of(mut never: tokio::io::DuplexStream) -> Body {
    use tokio::io::AsyncReadExt as _;
    struct Waiting(std::pin::Pin<Box<dyn Future<Output = ()> + Send>>);
    impl axum::body::HttpBody for Waiting {
        type Data = axum::body::Bytes;
        type Error = std::convert::Infallible;

        fn poll_frame(
            mut self: std::pin::Pin<&mut Self>,
            context: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<Result<hyper::body::Frame<Self::Data>, Self::Error>>> {
            self.0.as_mut().poll(context).map(|()| None)
        }
    }
    Body::new(Waiting(Box::pin(async move {
        let mut byte = [0_u8; 1];
        drop(never.read(&mut byte).await);
    })))
}
