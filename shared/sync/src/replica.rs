//! The client's half of replication: what is here, what is waited for, what is still to be sent.
//!
//! A *round* begins with [`Event::Wake`]: pull the changes feed to its end, fetch the documents that are not here,
//! publish what waits, pull once more so that what was published is seen to be listed. Then the replica rests.
//!
//! **Invariants**
//! - Every event may arrive late, twice or never; each is checked against what is known, so that a repeated one
//!   changes nothing.
//! - Ids of documents on the device and the author's own documents are only ever added to. A refused document stays,
//!   with the reason.
//! - A document counts as published when the feed lists it, not when an answer says so. A server that was put back
//!   from a backup, or replaced, therefore gets the author's documents again.
//! - No answer, however wrong, makes the host ask again at once without end: what brings no progress ends in
//!   [`Action::Wait`].

mod backoff;
mod outbox;
mod round;
mod snapshot;

use std::collections::{BTreeMap, BTreeSet};

use model::canonical::ContentId;
use model::document::SignedDocument;

pub use backoff::backoff_ms;
pub use outbox::{OfferError, OwnDocument, Standing};
pub use snapshot::{Checkpoint, RestoreError, SNAPSHOT_SCHEMA_VERSION, Snapshot};

use crate::wire::{ChangesPage, DocumentsResponse, MAX_FETCH_IDS, MAX_PUBLISH_DOCUMENTS, PublishResponse};

/// What the host shall do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Ask for the changes after a place in the feed.
    PullChanges {
        /// The place.
        since: u64,
    },
    /// Ask for documents; [`Event::DocumentsReceived`] with those whose signature the host found good.
    FetchDocuments {
        /// Their ids, at most [`MAX_FETCH_IDS`].
        ids: Vec<ContentId>,
    },
    /// Send documents.
    Publish {
        /// In the order they were offered, within the limits of [`crate::wire`].
        documents: Vec<SignedDocument>,
    },
    /// Wait ([`backoff_ms`]), then [`Event::Waited`].
    Wait {
        /// How often it failed in a row, from 1.
        attempt: u32,
        /// What the server asked for in `Retry-After`.
        at_least_seconds: Option<u32>,
    },
}

/// Everything that can happen to a replica.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Time for a round: the page opened, the network came back, somebody pressed the button, a new token was given.
    Wake,
    /// The waiting is over.
    Waited,
    /// An answer to [`Action::PullChanges`].
    ChangesReceived(ChangesPage),
    /// An answer to [`Action::FetchDocuments`].
    DocumentsReceived(DocumentsResponse),
    /// An answer to [`Action::Publish`].
    Published(PublishResponse),
    /// No usable answer came.
    Failed(Failure),
}

/// Why no usable answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The server was not reached.
    Offline,
    /// It did not answer in time.
    Timeout,
    /// 429, with `Retry-After` where it was sent.
    TooManyRequests {
        /// Seconds of `Retry-After`.
        retry_after_seconds: Option<u32>,
    },
    /// 5xx.
    ServerError,
    /// 401.
    Unauthorized,
    /// 403.
    Forbidden,
    /// 413.
    TooLarge,
    /// An answer that is not what the wire types say, or any other status.
    NotUnderstood,
    /// The server's store is another than before, or was put back from a backup; it is read again from the start.
    HistoryChanged,
}

/// What a replica is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing to do until [`Event::Wake`].
    Idle,
    /// Reading the changes feed.
    Pulling,
    /// Fetching documents.
    Fetching,
    /// Publishing documents.
    Publishing,
    /// Waiting after a failure.
    Backoff {
        /// Why.
        failure: Failure,
    },
    /// All was read, but the token does not allow to publish: documents wait. Nothing to do until [`Event::Wake`].
    ReadOnly,
    /// The token is not accepted: the user has to act. Nothing to do until [`Event::Wake`].
    Stopped {
        /// Why.
        failure: Failure,
    },
}

/// A device's side of the replication with one server.
#[derive(Clone, Debug)]
pub struct Replica {
    state: State,
    n_failures: u32,
    publish_limit: usize,
    /// Whether this round has begun the feed anew because an own document was missing from it.
    has_read_again: bool,
    store_id: Option<String>,
    checkpoint: Option<Checkpoint>,
    own: Vec<OwnDocument>,
    held: BTreeSet<ContentId>,
    wanted: BTreeSet<ContentId>,
    distrusted: BTreeMap<ContentId, String>,
}

impl Default for Replica {
    fn default() -> Self {
        Self::new()
    }
}

impl Replica {
    /// A replica that knows no server and holds nothing.
    #[must_use]
    pub fn new() -> Self {
        Self {
            state: State::Idle,
            n_failures: 0,
            publish_limit: MAX_PUBLISH_DOCUMENTS,
            has_read_again: false,
            store_id: None,
            checkpoint: None,
            own: Vec::new(),
            held: BTreeSet::new(),
            wanted: BTreeSet::new(),
            distrusted: BTreeMap::new(),
        }
    }

    /// What it is about.
    #[must_use]
    pub fn state(&self) -> State {
        self.state
    }

    /// Whether the document is on this device.
    #[must_use]
    pub fn holds(&self, id: &ContentId) -> bool {
        self.held.contains(id)
    }

    /// The ids of all documents on this device, sorted.
    pub fn held(&self) -> impl Iterator<Item = &ContentId> {
        self.held.iter()
    }

    /// How many documents are listed by the server and not yet here.
    #[must_use]
    pub fn n_wanted(&self) -> usize {
        self.wanted.len()
    }

    /// Documents that came from the server and were not what they claimed to be, with the reason.
    pub fn distrusted(&self) -> impl Iterator<Item = (&ContentId, &str)> {
        self.distrusted.iter().map(|(id, reason)| (id, reason.as_str()))
    }

    /// The host's next step; the same one until an event answers it. `None`: rest until [`Event::Wake`].
    #[must_use]
    pub fn next(&self) -> Option<Action> {
        match self.state {
            State::Idle | State::ReadOnly | State::Stopped { .. } => None,
            State::Pulling => Some(Action::PullChanges { since: self.since() }),
            State::Fetching => {
                Some(Action::FetchDocuments { ids: self.wanted.iter().take(MAX_FETCH_IDS).cloned().collect() })
            }
            State::Publishing => {
                Some(Action::Publish { documents: self.batch().map(|own| own.document.clone()).collect() })
            }
            State::Backoff { failure } => Some(Action::Wait {
                attempt: self.n_failures,
                at_least_seconds: match failure {
                    Failure::TooManyRequests { retry_after_seconds } => retry_after_seconds,
                    _ => None,
                },
            }),
        }
    }

    /// Takes in what happened. The documents returned are new here: the host stores them, in one transaction with
    /// [`Replica::snapshot`].
    pub fn receive(&mut self, event: Event) -> Vec<SignedDocument> {
        match event {
            Event::Wake => {
                if !self.is_working() {
                    self.begin_round();
                }
            }
            Event::Waited => {
                if matches!(self.state, State::Backoff { .. }) {
                    self.begin_round();
                }
            }
            Event::ChangesReceived(page) => self.on_changes(page),
            Event::DocumentsReceived(response) => return self.on_documents(response),
            Event::Published(response) => self.on_published(response),
            Event::Failed(failure) => self.on_failed(failure),
        }
        Vec::new()
    }

    /// Notes that a document came to this device by another way (a file), so that it is not fetched again.
    pub fn hold(&mut self, id: ContentId) {
        self.wanted.remove(&id);
        self.held.insert(id);
    }

    /// Notes that a document from the server has a signature that is not its author's: it is not held and not asked
    /// for again. The host says so instead of storing what [`Replica::receive`] returned. An own document stays.
    pub fn distrust(&mut self, id: &ContentId, reason: &str) {
        if !self.own.iter().any(|own| own.document.id == *id) {
            self.wanted.remove(id);
            self.held.remove(id);
            self.distrusted.insert(id.clone(), reason.to_owned());
        }
    }
}
