//! What travels between a page and a server, as JSON: requests, answers, errors and the limits both sides keep.
//!
//! Field names are for ever: servers and pages of different ages meet. A reader ignores fields it does not know, so a
//! field may be added but never renamed or given another meaning.

use model::canonical::ContentId;
use model::document::SignedDocument;
use serde::{Deserialize, Serialize};

/// Entries of one page of the changes feed, where the request names no `limit`.
pub const DEFAULT_CHANGES_LIMIT: usize = 200;

/// Most entries of one page of the changes feed; a higher `limit` is lowered to this.
pub const MAX_CHANGES_LIMIT: usize = 1_000;

/// Most ids of one [`DocumentsRequest`].
pub const MAX_FETCH_IDS: usize = 50;

/// Most documents of one [`PublishRequest`].
pub const MAX_PUBLISH_DOCUMENTS: usize = 50;

/// Most bytes of one document's body. A finding is some kilobytes; this leaves room for long curves.
pub const MAX_DOCUMENT_BYTES: usize = 256 * 1024;

/// Most bytes of one request.
pub const MAX_REQUEST_BYTES: usize = 2 * 1024 * 1024;

/// Most bytes of bodies that a client puts in one [`PublishRequest`]: JSON in a JSON string at most doubles
/// (every quote and backslash gets a backslash), and ids, keys and signatures need their room.
pub const MAX_PUBLISH_BODY_BYTES: usize = 1_000_000;

/// Whether an id can be one at all: 64 hexadecimal digits, small letters.
#[must_use]
pub fn is_well_formed(id: &ContentId) -> bool {
    id.0.len() == 64 && id.0.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// The kind of a document, as the changes feed names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// A finding.
    Finding,
    /// A kind that this build does not know (a newer server); it is passed over.
    #[serde(other)]
    Other,
}

/// One entry of the changes feed: a document that the server received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Change {
    /// Place in the feed, from 1, rising; gaps are allowed.
    pub seq: u64,
    /// The document.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub id: ContentId,
    /// Its kind.
    pub kind: DocumentKind,
    /// Day the server received it (ISO date, UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_on: Option<String>,
}

/// Answer of `GET /api/changes?since=&limit=`: what came after `since`, oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangesPage {
    /// Names this store. Another name means another (or a newly made) store, whose cursor starts at 0.
    pub store_id: String,
    /// The `since` that was asked for.
    pub since: u64,
    /// Digest of the feed up to `since`, absent where nothing is listed there (and at 0). Not the one that came as
    /// `last_digest` with that cursor: the store was put back from a backup, and the cursor means nothing any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since_digest: Option<String>,
    /// The changes, by rising `seq`.
    pub changes: Vec<Change>,
    /// The cursor to ask from next: `seq` of the last change here, or `since` where there is none.
    pub last_seq: u64,
    /// Digest of the feed up to `last_seq`, to be kept with it and compared with the next page's `since_digest`. Only
    /// the server knows what it is made of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_digest: Option<String>,
    /// Whether there is more after `last_seq`.
    pub more: bool,
}

/// Body of `POST /api/documents/fetch`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DocumentsRequest {
    /// The documents asked for, at most [`MAX_FETCH_IDS`].
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub ids: Vec<ContentId>,
}

/// Answer of `POST /api/documents/fetch`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DocumentsResponse {
    /// Names this store.
    pub store_id: String,
    /// The documents that the store has, in the order asked for.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<SignedDocumentSchema>))]
    pub documents: Vec<SignedDocument>,
    /// Those it does not have.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub missing: Vec<ContentId>,
}

/// Body of `POST /api/documents`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PublishRequest {
    /// At most [`MAX_PUBLISH_DOCUMENTS`].
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<SignedDocumentSchema>))]
    pub documents: Vec<SignedDocument>,
}

/// Answer of `POST /api/documents`: one result a document, in the order sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PublishResponse {
    /// Names this store.
    pub store_id: String,
    /// The results.
    pub results: Vec<PublishResult>,
}

/// What became of one document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PublishResult {
    /// The document.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub id: ContentId,
    /// What became of it: `{"status": "stored"}`, `{"status": "refused", "code": …, "reason": …}`.
    #[serde(flatten)]
    pub status: PublishStatus,
}

/// What became of a published document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum PublishStatus {
    /// Stored now.
    Stored,
    /// It was there already: nothing changed.
    AlreadyThere,
    /// Not stored, and sending it again will not help.
    Refused {
        /// Why, for programs.
        code: RefusalCode,
        /// Why, in words, and what to do.
        reason: String,
    },
}

/// Why a document was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RefusalCode {
    /// The id is not the hash of the body, or the signature is not the author's.
    Tampered,
    /// It is no finding, or none that this server can read.
    NotAFinding,
    /// It shows a number of persons so small that it could point at somebody.
    Discloses,
    /// Its body is longer than [`MAX_DOCUMENT_BYTES`].
    TooLarge,
    /// A reason that this build does not know (a newer server); the words say it.
    #[serde(other)]
    Other,
}

/// What the bearer of a token may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads what others shared.
    Reader,
    /// Reads and publishes.
    Contributor,
}

/// Answer of `GET /api/me`: whose token this is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Me {
    /// The name written on the invite.
    pub name: String,
    /// What it allows.
    pub role: Role,
    /// The site written on the invite.
    pub site: String,
    /// Names this store.
    pub store_id: String,
    /// Last day it works (ISO date, UTC); absent: no end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_on: Option<String>,
}

/// The body of every answer that is an error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// For programs.
    pub code: ProblemCode,
    /// For people: what is wrong and what to do.
    pub message: String,
    /// To find the request in the server's log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

/// What went wrong with a whole request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// 401: no token, an unknown one, a revoked one or one past its last day.
    Unauthorized,
    /// 403: the token is good, but its role does not allow this.
    Forbidden,
    /// 404: nothing at this address.
    NotFound,
    /// 405: not with this method.
    MethodNotAllowed,
    /// 408: the request took too long to arrive or to answer.
    Timeout,
    /// 413: longer than [`MAX_REQUEST_BYTES`].
    TooLarge,
    /// 422: not the JSON that was expected, too many entries, or a parameter that cannot be.
    Invalid,
    /// 429: too many requests; `Retry-After` says how long to wait.
    TooManyRequests,
    /// 500: the server's own fault; its log knows more.
    Internal,
    /// 503: it is stopping or cannot reach its store; try again.
    Unavailable,
    /// A code that this build does not know (a newer server).
    #[serde(other)]
    Other,
}

/// How a signed document looks in the OpenAPI description; `model::document::SignedDocument` is the type in use.
#[cfg(feature = "openapi")]
#[derive(utoipa::ToSchema)]
#[schema(as = SignedDocument)]
pub struct SignedDocumentSchema {
    /// Hex SHA-256 of `body`.
    pub id: String,
    /// Canonical JSON of the document (it names its `kind` and `schema_version`).
    pub body: String,
    /// Hex Ed25519 public key of the author's device.
    pub public_key: String,
    /// Hex Ed25519 signature over `rounds-document-v1\n` followed by the id.
    pub signature: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> ContentId {
        model::canonical::content_id_of_bytes(text.as_bytes())
    }

    #[test]
    fn results_are_flat_on_the_wire() {
        let refused = PublishResult {
            id: id("a"),
            status: PublishStatus::Refused { code: RefusalCode::Discloses, reason: "3 persons".to_owned() },
        };
        let json = serde_json::to_value(&refused).unwrap();
        assert_eq!(json["status"], "refused");
        assert_eq!(json["code"], "discloses");
        assert_eq!(json["reason"], "3 persons");
        assert_eq!(serde_json::from_value::<PublishResult>(json).unwrap(), refused);
        let stored = PublishResult { id: id("a"), status: PublishStatus::Stored };
        let json = serde_json::to_value(&stored).unwrap();
        assert_eq!(json["status"], "stored");
        assert_eq!(serde_json::from_value::<PublishResult>(json).unwrap(), stored);
    }

    #[test]
    fn a_newer_server_is_understood() {
        let json = r#"{"store_id":"s","since":0,"last_seq":3,"more":false,"new_field":1,
            "changes":[{"seq":3,"id":"00","kind":"protocol","received_on":"2026-11-22"}]}"#;
        let page: ChangesPage = serde_json::from_str(json).unwrap();
        assert_eq!(page.changes[0].kind, DocumentKind::Other);
        assert_eq!(page.since_digest, None);
        let problem: Problem = serde_json::from_str(r#"{"code":"teapot","message":"no"}"#).unwrap();
        assert_eq!(problem.code, ProblemCode::Other);
        let result: PublishResult =
            serde_json::from_str(r#"{"id":"00","status":"refused","code":"tuesday","reason":"no"}"#).unwrap();
        assert_eq!(result.status, PublishStatus::Refused { code: RefusalCode::Other, reason: "no".to_owned() });
    }
}
