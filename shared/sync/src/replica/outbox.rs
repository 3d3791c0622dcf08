//! The author's own documents: offered, and where each stands with the server.

use model::canonical::{ContentId, content_id_of_bytes};
use model::document::SignedDocument;
use serde::{Deserialize, Serialize};

use super::{Replica, State};
use crate::wire::RefusalCode;

/// A document that was made on this device and offered to others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnDocument {
    /// The document, kept whole so that it can be offered again.
    pub document: SignedDocument,
    /// Where it stands.
    pub standing: Standing,
}

/// Where an own document stands with the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "standing", rename_all = "snake_case")]
pub enum Standing {
    /// Not there yet.
    Waiting,
    /// The server said that it has it; the feed was not read since.
    Published,
    /// The feed lists it: others can see it.
    Listed,
    /// The server refused it; it stays here.
    Refused {
        /// Why, for programs.
        code: RefusalCode,
        /// Why, in the server's words.
        reason: String,
    },
}

/// Why a document cannot be offered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OfferError {
    /// The id is not the hash of the body.
    #[error("This document was changed after it was signed, so nobody would accept it. Sign it again, then share it.")]
    IdOfAnotherBody,
    /// Nothing of that id was offered.
    #[error("This document was not shared from this device. Open it and share it first.")]
    NotOffered,
}

impl Replica {
    /// Puts a document of this device in the outbox and begins a round if the replica rests. One that is there
    /// already is left as it stands.
    ///
    /// # Errors
    /// [`OfferError::IdOfAnotherBody`].
    pub fn offer(&mut self, document: SignedDocument) -> Result<(), OfferError> {
        if content_id_of_bytes(document.body.as_bytes()) != document.id {
            return Err(OfferError::IdOfAnotherBody);
        }
        self.hold(document.id.clone());
        if !self.own.iter().any(|own| own.document.id == document.id) {
            self.own.push(OwnDocument { document, standing: Standing::Waiting });
            self.wake_if_idle();
        }
        Ok(())
    }

    /// Offers a refused document once more (the server's rules or the server may have changed).
    ///
    /// # Errors
    /// [`OfferError::NotOffered`].
    pub fn offer_again(&mut self, id: &ContentId) -> Result<(), OfferError> {
        let own = self.own.iter_mut().find(|own| own.document.id == *id).ok_or(OfferError::NotOffered)?;
        if matches!(own.standing, Standing::Refused { .. }) {
            own.standing = Standing::Waiting;
            self.wake_if_idle();
        }
        Ok(())
    }

    /// The documents offered from this device, in the order they were offered.
    #[must_use]
    pub fn own(&self) -> &[OwnDocument] {
        &self.own
    }

    /// How many documents wait to be published.
    #[must_use]
    pub fn n_waiting(&self) -> usize {
        self.own.iter().filter(|own| own.standing == Standing::Waiting).count()
    }

    fn wake_if_idle(&mut self) {
        if self.state == State::Idle {
            self.begin_round();
        }
    }
}
