//! Signed documents: a finding's canonical JSON, its content id, and the signature of the device that made it.
//!
//! The key's 32 secret bytes come from outside; nothing here is random. The signature covers a line that names its purpose,
//! so that it cannot be passed off as one for something else.

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use model::canonical::{ContentId, canonical_json, content_id_of_bytes};
use model::document::SignedDocument;
use model::finding::Finding;
use subtle::ConstantTimeEq as _;

/// What stands before the content id in the signed bytes.
const PURPOSE: &str = "rounds-document-v1\n";

/// Why a finding could not be signed.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// A number that is not finite, or something else that does not survive writing and reading.
    #[error(
        "the finding holds a number that cannot be written down (it is infinite or undefined): make the finding again"
    )]
    NotWritable,
    /// The finding has no JSON form.
    #[error("the finding cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// The secret key's text is no key.
    #[error("the secret key is not 64 hexadecimal digits: make a new key for this device")]
    BadKey,
}

/// Why a signed document was refused.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// The body does not have the id it claims.
    #[error("the document was changed after it was signed: its content has the id {found}, and it claims {claimed}")]
    WrongId {
        /// The id the document carries.
        claimed: ContentId,
        /// The id of its body.
        found: ContentId,
    },
    /// The public key's text is no Ed25519 key.
    #[error("the document's public key is not a key: ask its author to publish it again")]
    BadKey,
    /// The signature's text is no signature.
    #[error("the document's signature is not a signature: ask its author to publish it again")]
    BadSignature,
    /// The signature is not that of this key over this document.
    #[error(
        "the signature does not belong to this document and key: it was not written by the holder of that key, or was changed since"
    )]
    WrongSignature,
    /// The finding names another key as its author's, or none.
    #[error("the document is signed with another key than its author's: its text was taken over by somebody else")]
    OtherAuthor,
    /// The body is not canonical JSON of a finding.
    #[error("the document's body is not a finding in canonical form: {0}")]
    NotAFinding(String),
}

/// Reads a secret key from 64 hexadecimal digits.
///
/// # Errors
/// When the text is anything else.
pub fn secret_key_from_hex(text: &str) -> Result<[u8; 32], SignError> {
    let mut seed = [0u8; 32];
    match hex::decode_to_slice(text.trim(), &mut seed) {
        Ok(()) => Ok(seed),
        // The cause would quote a part of the key.
        Err(_) => Err(SignError::BadKey),
    }
}

/// The public key, in hexadecimal digits, that belongs to a secret key.
pub fn public_key(seed: &[u8; 32]) -> String {
    hex::encode(SigningKey::from_bytes(seed).verifying_key().as_bytes())
}

/// Signs a finding and writes the key's public half into it. The same finding and key give the same document, to the byte.
///
/// Whether it may be published is not asked here: see [`crate::disclosure::check`].
///
/// # Errors
/// When the finding holds a number that JSON cannot carry.
pub fn sign(finding: &Finding, seed: &[u8; 32]) -> Result<SignedDocument, SignError> {
    let mut finding = finding.clone();
    finding.author.public_key = public_key(seed);
    let body = canonical_json(&finding)?;
    // serde_json writes NaN and infinity as null, silently: what does not read back the same is refused.
    match model::json::read::<Finding>(&body) {
        Ok(read) if read == finding => {}
        Ok(_) | Err(_) => return Err(SignError::NotWritable),
    }
    let id = content_id_of_bytes(body.as_bytes());
    let key = SigningKey::from_bytes(seed);
    let signature = key.sign(&signed_bytes(&id));
    Ok(SignedDocument {
        id,
        body,
        public_key: hex::encode(key.verifying_key().as_bytes()),
        signature: hex::encode(signature.to_bytes()),
    })
}

/// Checks id and signature of a document and reads the finding in it.
///
/// # Errors
/// Names what does not hold: the id, the key, the signature or the form.
pub fn verify(document: &SignedDocument) -> Result<Finding, VerifyError> {
    verify_signature(document)?;
    let not_a_finding = |error: serde_json::Error| VerifyError::NotAFinding(error.to_string());
    let finding: Finding =
        model::json::read(&document.body).map_err(|error| VerifyError::NotAFinding(error.to_string()))?;
    let value: serde_json::Value = serde_json::from_str(&document.body).map_err(not_a_finding)?;
    if canonical_json(&value).map_err(not_a_finding)? != document.body {
        return Err(VerifyError::NotAFinding("its keys are not sorted, or it holds white space".to_owned()));
    }
    if finding.author.public_key != document.public_key {
        return Err(VerifyError::OtherAuthor);
    }
    Ok(finding)
}

/// Checks id and signature only, whatever the body holds.
///
/// # Errors
/// Names what does not hold: the id, the key or the signature.
pub fn verify_signature(document: &SignedDocument) -> Result<(), VerifyError> {
    let found = content_id_of_bytes(document.body.as_bytes());
    if !bool::from(found.0.as_bytes().ct_eq(document.id.0.as_bytes())) {
        return Err(VerifyError::WrongId { claimed: document.id.clone(), found });
    }
    let mut key = [0u8; 32];
    let mut signature = [0u8; 64];
    decode(&document.public_key, &mut key).ok_or(VerifyError::BadKey)?;
    decode(&document.signature, &mut signature).ok_or(VerifyError::BadSignature)?;
    let key = VerifyingKey::from_bytes(&key).ok().ok_or(VerifyError::BadKey)?;
    key.verify_strict(&signed_bytes(&document.id), &Signature::from_bytes(&signature))
        .ok()
        .ok_or(VerifyError::WrongSignature)
}

/// Lower-case hexadecimal only: a document has one form.
fn decode(text: &str, bytes: &mut [u8]) -> Option<()> {
    let plain = text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    (plain && hex::decode_to_slice(text, bytes).is_ok()).then_some(())
}

fn signed_bytes(id: &ContentId) -> Vec<u8> {
    [PURPOSE.as_bytes(), id.0.as_bytes()].concat()
}
