//! Publishing and fetching documents.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use model::canonical::ContentId;
use model::document::SignedDocument;
use sync::wire::{
    DocumentsRequest, DocumentsResponse, MAX_FETCH_IDS, MAX_PUBLISH_DOCUMENTS, Problem, PublishRequest,
    PublishResponse, PublishResult, PublishStatus, SignedDocumentSchema, is_well_formed,
};

use super::extract::Json;
use crate::app::App;
use crate::auth::{Contributor, Reader};
use crate::error::Error;
use crate::gate::{self, Refusal};
use crate::page::etag_matches;

/// Publishes a batch of documents. Each is let in or refused by itself; the answer has one result a document, in the
/// order sent.
#[utoipa::path(
    post,
    path = "/api/documents",
    request_body = PublishRequest,
    security(("token" = [])),
    responses(
        (status = 200, body = PublishResponse),
        (status = 401, body = Problem, description = "No token, or one that does not open this server"),
        (status = 403, body = Problem, description = "The token lets its bearer read only"),
        (status = 413, body = Problem, description = "The request is too long"),
        (status = 422, body = Problem, description = "Not the JSON expected, or too many documents"),
        (status = 429, body = Problem, description = "Too many requests; see Retry-After"),
    )
)]
pub(super) async fn publish(
    State(app): State<App>,
    Contributor(invite): Contributor,
    Json(request): Json<PublishRequest>,
) -> Result<Json<PublishResponse>, Error> {
    let documents = request.documents;
    check_count(documents.len(), MAX_PUBLISH_DOCUMENTS, "documents")?;
    let cell_threshold = app.config.cell_threshold;
    // Signatures and disclosure control compute; the threads that answer requests stay free.
    let judged: Vec<(SignedDocument, Option<Refusal>)> = tokio::task::spawn_blocking(move || {
        documents
            .into_iter()
            .map(|document| {
                let refusal = gate::admit(&document, cell_threshold).err();
                (document, refusal)
            })
            .collect()
    })
    .await
    .map_err(|error| Error::Internal(error.into()))?;
    let admitted: Vec<SignedDocument> =
        judged.iter().filter(|(_, refusal)| refusal.is_none()).map(|(document, _)| document.clone()).collect();
    let mut are_new = app.store.insert(&admitted, invite.invite_id).await?.into_iter();
    let results: Vec<PublishResult> = judged
        .into_iter()
        .map(|(document, refusal)| PublishResult {
            id: document.id,
            status: match refusal {
                Some(Refusal { code, reason }) => PublishStatus::Refused { code, reason },
                None if are_new.next() == Some(true) => PublishStatus::Stored,
                None => PublishStatus::AlreadyThere,
            },
        })
        .collect();
    for result in &results {
        app.metrics.published(&result.status);
    }
    Ok(Json(PublishResponse { store_id: app.store.store_id().to_owned(), results }))
}

/// Several documents at once.
#[utoipa::path(
    post,
    path = "/api/documents/fetch",
    request_body = DocumentsRequest,
    security(("token" = [])),
    responses(
        (status = 200, body = DocumentsResponse),
        (status = 401, body = Problem, description = "No token, or one that does not open this server"),
        (status = 413, body = Problem, description = "The request is too long"),
        (status = 422, body = Problem, description = "Not the JSON expected, or too many ids"),
        (status = 429, body = Problem, description = "Too many requests; see Retry-After"),
    )
)]
pub(super) async fn fetch(
    State(app): State<App>,
    Reader(_): Reader,
    Json(request): Json<DocumentsRequest>,
) -> Result<Json<DocumentsResponse>, Error> {
    check_count(request.ids.len(), MAX_FETCH_IDS, "ids")?;
    let (mut documents, mut missing) = (Vec::new(), Vec::new());
    for id in request.ids {
        match app.store.document(&id).await? {
            Some(document) => documents.push(document),
            None => missing.push(id),
        }
    }
    Ok(Json(DocumentsResponse { store_id: app.store.store_id().to_owned(), documents, missing }))
}

/// One document. It never changes, so it may be kept for ever.
#[utoipa::path(
    get,
    path = "/api/documents/{id}",
    params(("id" = String, Path, description = "Hex SHA-256 of the document's body")),
    security(("token" = [])),
    responses(
        (status = 200, body = SignedDocumentSchema),
        (status = 304, description = "The client has it: If-None-Match named its ETag"),
        (status = 401, body = Problem, description = "No token, or one that does not open this server"),
        (status = 404, body = Problem, description = "No document of that id"),
        (status = 429, body = Problem, description = "Too many requests; see Retry-After"),
    )
)]
pub(super) async fn document(
    State(app): State<App>,
    Reader(_): Reader,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let id = ContentId(id);
    if !is_well_formed(&id) {
        return Err(Error::NoSuchDocument);
    }
    let document = app.store.document(&id).await?.ok_or(Error::NoSuchDocument)?;
    let etag = format!("\"{id}\"");
    let mut response = if etag_matches(&headers, &etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        axum::Json(document).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::ETAG, HeaderValue::from_str(&etag).map_err(|error| Error::Internal(error.into()))?);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=31536000, immutable"));
    headers.insert(header::VARY, HeaderValue::from_static("authorization"));
    Ok(response)
}

fn check_count(n: usize, max: usize, what: &str) -> Result<(), Error> {
    if n > max {
        return Err(Error::Invalid { what: format!("{n} {what} are too many: send at most {max} at once.") });
    }
    Ok(())
}
