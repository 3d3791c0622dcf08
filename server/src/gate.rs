//! What is let in, whoever sends it.

use knowledge::disclosure::check_json;
use knowledge::sign::{VerifyError, verify};
use model::document::SignedDocument;
use sync::wire::{MAX_DOCUMENT_BYTES, RefusalCode, is_well_formed};

/// Why a document is not let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// For programs.
    pub code: RefusalCode,
    /// For people.
    pub reason: String,
}

/// Lets a document in that is not too long, has the content its id names and the signature of its author, is a finding
/// in canonical form, and shows no count from 1 to `cell_threshold`, neither open nor to be worked out.
///
/// # Errors
/// The first of these that does not hold.
pub fn admit(document: &SignedDocument, cell_threshold: u32) -> Result<(), Refusal> {
    if document.body.len() > MAX_DOCUMENT_BYTES {
        return Err(Refusal {
            code: RefusalCode::TooLarge,
            reason: format!(
                "The document is {} bytes long, and this server takes {MAX_DOCUMENT_BYTES}. Shorten its texts or curves.",
                document.body.len()
            ),
        });
    }
    if !is_well_formed(&document.id) {
        return Err(Refusal {
            code: RefusalCode::Tampered,
            reason: "The document's id is not a content id (64 hexadecimal digits). Publish it again from its device."
                .to_owned(),
        });
    }
    verify(document).map_err(|error| Refusal {
        code: match error {
            VerifyError::WrongId { .. }
            | VerifyError::BadKey
            | VerifyError::BadSignature
            | VerifyError::WrongSignature
            | VerifyError::OtherAuthor => RefusalCode::Tampered,
            VerifyError::NotAFinding(_) => RefusalCode::NotAFinding,
        },
        reason: sentence(&error.to_string()),
    })?;
    let discloses = check_json(&document.body, cell_threshold);
    if discloses.is_empty() {
        return Ok(());
    }
    let listed: Vec<String> = discloses.iter().map(|found| format!("{}: {}", found.path, found.reason)).collect();
    Err(Refusal {
        code: RefusalCode::Discloses,
        reason: format!("The finding shows more than it may. Hide these and publish it again: {}.", listed.join("; ")),
    })
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
}
