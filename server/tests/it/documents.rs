//! Publishing and fetching.

use axum::http::{Method, StatusCode, header};
use model::canonical::content_id_of_bytes;
use model::document::SignedDocument;
use sync::wire::{
    DocumentsRequest, DocumentsResponse, MAX_DOCUMENT_BYTES, MAX_FETCH_IDS, MAX_PUBLISH_DOCUMENTS, ProblemCode,
    PublishRequest, PublishStatus, RefusalCode,
};

use crate::findings::{document, finding, signed, small_cell};
use crate::test_app::TestApp;

fn refusal(status: &PublishStatus) -> (RefusalCode, &str) {
    match status {
        PublishStatus::Refused { code, reason } => (*code, reason),
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test]
async fn what_was_published_is_read_back_to_the_byte() {
    let app = TestApp::start().await;
    let sent = document("a");
    assert_eq!(app.publish(std::slice::from_ref(&sent)).await, [PublishStatus::Stored]);
    let answer = app.read(&format!("/api/documents/{}", sent.id)).await;
    assert_eq!(answer.json::<SignedDocument>(), sent);
    assert_eq!(answer.header(header::CACHE_CONTROL), "private, max-age=31536000, immutable");
    assert_eq!(answer.header(header::ETAG), format!("\"{}\"", sent.id));
    assert_eq!(app.publish(&[sent]).await, [PublishStatus::AlreadyThere]);
}

#[tokio::test]
async fn a_document_that_is_there_is_not_sent_again() {
    let app = TestApp::start().await;
    let sent = document("a");
    app.publish(std::slice::from_ref(&sent)).await;
    let path = format!("/api/documents/{}", sent.id);
    let token = format!("Bearer {}", app.reader);
    let ask = |etag: String| {
        let (app, path, token) = (&app, &path, &token);
        async move { app.get_with(path, &[(header::AUTHORIZATION, token), (header::IF_NONE_MATCH, &etag)]).await }
    };
    let known = ask(format!("\"{}\"", sent.id)).await;
    assert_eq!((known.status, known.body.len()), (StatusCode::NOT_MODIFIED, 0));
    assert_eq!(ask("\"other\"".to_owned()).await.status, StatusCode::OK);
    // Knowing the ETag is no substitute for a token.
    let answer = app.get_with(&path, &[(header::IF_NONE_MATCH, &format!("\"{}\"", sent.id))]).await;
    answer.assert_problem(StatusCode::UNAUTHORIZED, ProblemCode::Unauthorized, "invite token");
}

#[tokio::test]
async fn a_batch_gets_one_result_a_document_in_the_order_sent() {
    let app = TestApp::start().await;
    let (a, b) = (document("a"), document("b"));
    let statuses = app.publish(&[a.clone(), small_cell(), b, a.clone(), signed("{}")]).await;
    assert_eq!(statuses[0], PublishStatus::Stored);
    assert_eq!(refusal(&statuses[1]).0, RefusalCode::Discloses);
    assert_eq!(statuses[2], PublishStatus::Stored);
    assert_eq!(statuses[3], PublishStatus::AlreadyThere, "twice in one batch");
    assert_eq!(refusal(&statuses[4]).0, RefusalCode::NotAFinding);
    assert_eq!(app.app.store.n_documents().await.unwrap(), 2);
    assert_eq!(app.publish(&[]).await, []);
}

#[tokio::test]
async fn a_tampered_document_is_refused() {
    let app = TestApp::start().await;
    let good = document("a");
    let body_changed = SignedDocument { body: good.body.replace("0.69", "0.29"), ..good.clone() };
    let id_follows = SignedDocument { id: content_id_of_bytes(body_changed.body.as_bytes()), ..body_changed.clone() };
    let other_key = SignedDocument { public_key: "11".repeat(32), ..good.clone() };
    let no_key = SignedDocument { public_key: "zz".to_owned(), ..good.clone() };
    let no_signature = SignedDocument { signature: String::new(), ..good.clone() };
    let swapped = SignedDocument { signature: document("b").signature, ..good.clone() };
    let odd_id = SignedDocument { id: model::canonical::ContentId("../x".to_owned()), ..good.clone() };
    let upper_id = SignedDocument { id: model::canonical::ContentId(good.id.0.to_uppercase()), ..good };
    for document in [body_changed, id_follows, other_key, no_key, no_signature, swapped, odd_id, upper_id] {
        let statuses = app.publish(&[document]).await;
        assert_eq!(refusal(&statuses[0]).0, RefusalCode::Tampered, "{statuses:?}");
    }
    assert_eq!(app.app.store.n_documents().await.unwrap(), 0);
}

#[tokio::test]
async fn a_small_cell_is_refused_whoever_sends_it() {
    let app = TestApp::start().await;
    let statuses = app.publish(&[small_cell()]).await;
    let (code, reason) = refusal(&statuses[0]);
    assert_eq!(code, RefusalCode::Discloses);
    assert!(reason.contains("$.arms[0]"), "the reason says where: {reason}");
    assert_eq!(app.app.store.n_documents().await.unwrap(), 0);
    // What protects is not the word of the sender: the finding says that it hides up to 10, and shows 3.
    assert_eq!(finding("small").cell_threshold, 10);
}

#[tokio::test]
async fn a_server_may_ask_for_more_than_the_usual_threshold() {
    let app = TestApp::builder().config(|config| config.cell_threshold = 100).start().await;
    let statuses = app.publish(&[document("a")]).await;
    assert_eq!(refusal(&statuses[0]).0, RefusalCode::Discloses);
}

#[tokio::test]
async fn a_well_signed_text_that_is_no_finding_is_refused() {
    let app = TestApp::start().await;
    let good = document("a");
    assert_eq!(signed(&good.body), good, "signed by hand as by the page");
    let with_rows = good.body.replacen('{', r#"{"aa_rows":[[1,2]],"#, 1);
    let later_version = good.body.replace("\"schema_version\":1", "\"schema_version\":2");
    let spaced = format!("{} ", good.body);
    for body in ["", "no JSON", "{}", "[]", r#"{"kind":"decision"}"#, &with_rows, &spaced] {
        let statuses = app.publish(&[signed(body)]).await;
        assert_eq!(refusal(&statuses[0]).0, RefusalCode::NotAFinding, "{body}: {statuses:?}");
    }
    let statuses = app.publish(&[signed(&later_version)]).await;
    assert!(matches!(statuses[0], PublishStatus::Refused { .. }), "{statuses:?}");
    assert_eq!(app.app.store.n_documents().await.unwrap(), 0);
}

#[tokio::test]
async fn too_large_is_refused_by_document_and_by_request() {
    let app = TestApp::start().await;
    let large = signed(&"x".repeat(MAX_DOCUMENT_BYTES + 1));
    let statuses = app.publish(&[document("a"), large]).await;
    assert_eq!(statuses[0], PublishStatus::Stored);
    assert_eq!(refusal(&statuses[1]).0, RefusalCode::TooLarge);
    let answer = app.post_bytes("/api/documents", &app.contributor, vec![b' '; 3 << 20]).await;
    answer.assert_problem(StatusCode::PAYLOAD_TOO_LARGE, ProblemCode::TooLarge, "fewer documents");
}

#[tokio::test]
async fn bodies_that_are_not_what_is_expected_are_told_why() {
    let app = TestApp::start().await;
    let invalid = (StatusCode::UNPROCESSABLE_ENTITY, ProblemCode::Invalid);
    for body in ["", "{", "[]", "{\"documents\":1}", "{\"documents\":[{\"id\":\"x\"}]}"] {
        let answer = app.post_bytes("/api/documents", &app.contributor, body.as_bytes().to_vec()).await;
        answer.assert_problem(invalid.0, invalid.1, "not the JSON expected");
    }
    let too_many = PublishRequest { documents: vec![document("a"); MAX_PUBLISH_DOCUMENTS + 1] };
    let answer = app.post("/api/documents", &app.contributor, &too_many).await;
    answer.assert_problem(invalid.0, invalid.1, "at most 50");
    let too_many = DocumentsRequest { ids: vec![document("a").id; MAX_FETCH_IDS + 1] };
    let answer = app.post("/api/documents/fetch", &app.reader, &too_many).await;
    answer.assert_problem(invalid.0, invalid.1, "at most 50");
    let mut request = axum::http::Request::post("/api/documents").body(axum::body::Body::from("{}")).unwrap();
    let token = format!("Bearer {}", app.contributor).parse().unwrap();
    request.headers_mut().insert(header::AUTHORIZATION, token);
    app.send(request).await.assert_problem(invalid.0, invalid.1, "Content-Type");
}

#[tokio::test]
async fn documents_are_fetched_together_and_the_missing_named() {
    let app = TestApp::start().await;
    let (a, b, absent) = (document("a"), document("b"), document("absent"));
    app.publish(&[a.clone(), b.clone()]).await;
    let request = DocumentsRequest { ids: vec![b.id.clone(), absent.id.clone(), a.id.clone()] };
    let response: DocumentsResponse = app.post("/api/documents/fetch", &app.reader, &request).await.json();
    assert_eq!(response.documents, [b, a]);
    assert_eq!(response.missing, [absent.id]);
    assert_eq!(response.store_id, app.app.store.store_id());
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let app = TestApp::start().await;
    let absent = document("absent").id;
    for path in [format!("/api/documents/{absent}"), "/api/documents/x".to_owned()] {
        let answer = app.read(&path).await;
        answer.assert_problem(StatusCode::NOT_FOUND, ProblemCode::NotFound, "no document");
    }
    for path in ["/api", "/api/", "/api/nothing", "/api/documents/a/b"] {
        let answer = app.read(path).await;
        answer.assert_problem(StatusCode::NOT_FOUND, ProblemCode::NotFound, "nothing at this address");
    }
    for (method, path) in [(Method::DELETE, "/api/documents"), (Method::PUT, "/api/me"), (Method::POST, "/health")] {
        let answer = app.request(method, path, None).await;
        answer.assert_problem(StatusCode::METHOD_NOT_ALLOWED, ProblemCode::MethodNotAllowed, "method");
    }
}
