//! The description lists what there is, and what it says is so.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use model::document::SignedDocument;
use serde_json::Value;
use server::routes::ROUTES;

use crate::findings::document;
use crate::test_app::TestApp;

#[tokio::test]
async fn the_description_lists_every_route_and_no_other() {
    let app = TestApp::start().await;
    let description: Value = app.get("/api/openapi.json").await.json();
    let described: BTreeSet<(String, String)> = description["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, methods)| {
            methods.as_object().unwrap().keys().map(move |method| (path.clone(), method.clone()))
        })
        .collect();
    let routed: BTreeSet<(String, String)> =
        ROUTES.iter().map(|route| (route.path.to_owned(), route.method.to_owned())).collect();
    assert_eq!(described, routed);
    // The table's word for the method is what the handler takes.
    for route in ROUTES {
        let path = route.path.replace("{id}", &document("a").id.0);
        let method: Method = route.method.to_uppercase().parse().unwrap();
        let answer = app.request(method, &path, None).await;
        assert!(!matches!(answer.status, StatusCode::METHOD_NOT_ALLOWED | StatusCode::NOT_FOUND), "{path}");
        let answer = app.request(Method::PATCH, &path, None).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
    }
}

#[tokio::test]
async fn every_route_of_the_api_asks_for_a_token_but_its_description() {
    let app = TestApp::start().await;
    let description: Value = app.get("/api/openapi.json").await.json();
    for route in ROUTES {
        let is_open = !route.path.starts_with("/api/") || route.path == "/api/openapi.json";
        let described = &description["paths"][route.path][route.method];
        assert_eq!(described["security"].is_null(), is_open, "{}", route.path);
        let path = route.path.replace("{id}", &document("a").id.0);
        let answer = app.request(route.method.to_uppercase().parse().unwrap(), &path, None).await;
        assert_eq!(answer.status == StatusCode::UNAUTHORIZED, !is_open, "{path}");
    }
}

#[tokio::test]
async fn references_lead_somewhere_and_the_document_is_described_as_it_is() {
    let app = TestApp::start().await;
    let answer = app.get("/api/openapi.json").await;
    let description: Value = answer.json();
    let schemas = description["components"]["schemas"].as_object().unwrap();
    let text = String::from_utf8(answer.body.to_vec()).unwrap();
    for reference in text.split("\"#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap();
        assert!(schemas.contains_key(name), "{name} is referred to and not described");
    }
    // SignedDocument belongs to a crate that knows no OpenAPI: its description is compared with the type.
    let written = serde_json::to_value(document("a")).unwrap();
    let fields: BTreeSet<&String> = written.as_object().unwrap().keys().collect();
    let described: BTreeSet<&String> = schemas["SignedDocument"]["properties"].as_object().unwrap().keys().collect();
    assert_eq!(described, fields);
    assert!(serde_json::from_value::<SignedDocument>(written).is_ok());
}

#[tokio::test]
async fn metrics_count_and_name_nobody() {
    let app = TestApp::start().await;
    app.publish(&[document("a"), crate::findings::small_cell()]).await;
    app.get("/api/me").await;
    let answer = app.get("/metrics").await;
    let text = String::from_utf8(answer.body.to_vec()).unwrap();
    for line in [
        "rounds_documents 1",
        "rounds_published_total{result=\"stored\"} 1",
        "rounds_published_total{result=\"refused_discloses\"} 1",
        "rounds_requests_total{method=\"POST\",route=\"/api/documents\",status=\"200\"} 1",
        "rounds_requests_total{method=\"GET\",route=\"/api/me\",status=\"401\"} 1",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} in\n{text}");
    }
    assert!(!text.contains("Freiburg") && !text.contains("Reader") && !text.contains(&document("a").id.0));
}
