//! Signed, content-addressed documents: what leaves the device and what the server keeps.

use serde::{Deserialize, Serialize};

use crate::canonical::ContentId;

/// A document as it is published: immutable, addressed by its content, signed by the device that made it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedDocument {
    /// Hex SHA-256 of `body`.
    pub id: ContentId,
    /// Canonical JSON of the document (it names its `kind` and `schema_version`).
    pub body: String,
    /// Hex Ed25519 public key of the author's device.
    pub public_key: String,
    /// Hex Ed25519 signature over `rounds-document-v1\n` followed by the id.
    pub signature: String,
}
