//! What a replica remembers between two visits.

use std::collections::{BTreeMap, BTreeSet};

use model::canonical::ContentId;
use serde::{Deserialize, Serialize};

use super::{OwnDocument, Replica};

/// Version of the snapshot written by this build. Raise it when a build learns a new kind of document: an older
/// snapshot is then read from the feed's start, so that entries passed over before are seen.
pub const SNAPSHOT_SCHEMA_VERSION: u32 = 1;

/// A place in a server's changes feed: its number and the server's digest of all up to there, so that a feed that
/// was put back from a backup and grew again is told from the one that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// `seq` of the last change read.
    pub seq: u64,
    /// `last_digest` of the page that ended there.
    pub digest: String,
}

/// What a replica remembers: everything but the step it was at. A round begins anew with the next wake.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// [`SNAPSHOT_SCHEMA_VERSION`].
    pub schema_version: u32,
    /// The server's store.
    pub store_id: Option<String>,
    /// How far its feed was read.
    pub checkpoint: Option<Checkpoint>,
    /// Documents offered from here, in that order.
    pub own: Vec<OwnDocument>,
    /// Ids that were on the device.
    pub held: BTreeSet<ContentId>,
    /// Ids listed by the server and not yet here.
    pub wanted: BTreeSet<ContentId>,
    /// Ids not to be asked for again, with the reason.
    pub distrusted: BTreeMap<ContentId, String>,
}

/// Why a snapshot cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RestoreError {
    /// Written by a newer build.
    #[error(
        "The sharing state on this device was written by a newer version of Rounds ({found}; this one reads {known}). \
         Reload the page to get that version; nothing was changed."
    )]
    Newer {
        /// Version of the snapshot.
        found: u32,
        /// [`SNAPSHOT_SCHEMA_VERSION`].
        known: u32,
    },
}

impl Replica {
    /// What to keep until the next visit.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            schema_version: SNAPSHOT_SCHEMA_VERSION,
            store_id: self.store_id.clone(),
            checkpoint: self.checkpoint.clone(),
            own: self.own.clone(),
            held: self.held.clone(),
            wanted: self.wanted.clone(),
            distrusted: self.distrusted.clone(),
        }
    }

    /// Takes up where a snapshot left off. `on_device` names the documents that the store of documents really has:
    /// it is believed, not the snapshot. Where some are gone, the feed is read from the start, so that they come back.
    ///
    /// # Errors
    /// [`RestoreError::Newer`]; the host then leaves the stored snapshot alone.
    pub fn restore(snapshot: Snapshot, on_device: impl IntoIterator<Item = ContentId>) -> Result<Self, RestoreError> {
        if snapshot.schema_version > SNAPSHOT_SCHEMA_VERSION {
            return Err(RestoreError::Newer { found: snapshot.schema_version, known: SNAPSHOT_SCHEMA_VERSION });
        }
        let mut held: BTreeSet<ContentId> = on_device.into_iter().collect();
        held.extend(snapshot.own.iter().map(|own| own.document.id.clone()));
        let is_whole = snapshot.held.is_subset(&held) && snapshot.schema_version == SNAPSHOT_SCHEMA_VERSION;
        let mut replica = Self {
            store_id: snapshot.store_id,
            checkpoint: snapshot.checkpoint,
            own: snapshot.own,
            wanted: snapshot.wanted.difference(&held).cloned().collect(),
            held,
            distrusted: snapshot.distrusted,
            ..Self::new()
        };
        if !is_whole {
            replica.read_again();
        }
        Ok(replica)
    }
}
