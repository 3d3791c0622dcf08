//! The steps of a round: what each event means in each state.

use model::canonical::content_id_of_bytes;
use model::document::SignedDocument;

use super::{Checkpoint, Failure, OwnDocument, Replica, Standing, State};
use crate::wire::{
    Change, ChangesPage, DocumentKind, DocumentsResponse, MAX_PUBLISH_BODY_BYTES, MAX_PUBLISH_DOCUMENTS,
    PublishResponse, PublishStatus, RefusalCode, is_well_formed,
};

impl Replica {
    pub(super) fn since(&self) -> u64 {
        self.checkpoint.as_ref().map_or(0, |checkpoint| checkpoint.seq)
    }

    pub(super) fn is_working(&self) -> bool {
        matches!(self.state, State::Pulling | State::Fetching | State::Publishing)
    }

    pub(super) fn begin_round(&mut self) {
        self.publish_limit = MAX_PUBLISH_DOCUMENTS;
        self.has_read_again = false;
        self.state = State::Pulling;
    }

    pub(super) fn fail(&mut self, failure: Failure) {
        self.n_failures = self.n_failures.saturating_add(1);
        self.state = State::Backoff { failure };
    }

    /// What to do once the feed was read to its end, or a batch of documents came.
    pub(super) fn settle(&mut self) {
        self.n_failures = 0;
        self.state = if !self.wanted.is_empty() {
            State::Fetching
        } else if self.n_waiting() > 0 {
            State::Publishing
        } else {
            State::Idle
        };
    }

    /// The server's history is not the one known: read it from the start and offer the own documents again.
    pub(super) fn forget_history(&mut self) {
        self.checkpoint = None;
        self.wanted.clear();
        for own in &mut self.own {
            if matches!(own.standing, Standing::Published | Standing::Listed) {
                own.standing = Standing::Waiting;
            }
        }
    }

    /// The next pull reads the feed from the start; own documents that it does not list are then offered again.
    pub(super) fn read_again(&mut self) {
        self.checkpoint = None;
        for own in &mut self.own {
            if own.standing == Standing::Listed {
                own.standing = Standing::Published;
            }
        }
    }

    pub(super) fn on_changes(&mut self, page: ChangesPage) {
        if self.state != State::Pulling || page.since != self.since() {
            return; // late or repeated
        }
        let is_same_store = self.store_id.as_ref().is_none_or(|known| *known == page.store_id);
        let is_same_history =
            self.checkpoint.as_ref().is_none_or(|known| page.since_digest.as_ref() == Some(&known.digest));
        if self.store_id.as_ref() != Some(&page.store_id) {
            self.store_id = Some(page.store_id);
        }
        if !is_same_store || !is_same_history {
            self.forget_history();
        }
        if page.since != self.since() {
            self.fail(Failure::HistoryChanged);
            return;
        }
        let mut last_seq = page.since;
        for change in page.changes {
            // A feed rises; anything else would make the reading endless.
            if change.seq > last_seq {
                last_seq = change.seq;
                self.note_change(change);
            }
        }
        match page.last_digest {
            Some(digest) if last_seq > page.since => self.checkpoint = Some(Checkpoint { seq: last_seq, digest }),
            _ if page.more || last_seq > page.since => return self.fail(Failure::NotUnderstood),
            _ => {}
        }
        if !page.more {
            self.caught_up();
        }
    }

    pub(super) fn note_change(&mut self, change: Change) {
        if let Some(own) = self.own.iter_mut().find(|own| own.document.id == change.id) {
            own.standing = Standing::Listed;
        } else if change.kind == DocumentKind::Finding
            && is_well_formed(&change.id)
            && !self.held.contains(&change.id)
            && !self.distrusted.contains_key(&change.id)
        {
            self.wanted.insert(change.id);
        }
    }

    pub(super) fn caught_up(&mut self) {
        let mut n_unlisted = 0_usize;
        for own in &mut self.own {
            if own.standing == Standing::Published {
                own.standing = Standing::Waiting;
                n_unlisted += 1;
            }
        }
        self.settle();
        if n_unlisted > 0 {
            // Said to be there, yet not listed since: a document that the feed had named before it became one's own, a
            // server that forgot, or an answer that overtook another. Reading it all decides, once a round; a server
            // that says one thing and lists another is left alone until the next round.
            self.read_again();
            if !self.has_read_again {
                self.has_read_again = true;
                self.state = State::Pulling;
            } else if self.state == State::Publishing {
                self.state = State::Idle;
            }
        }
    }

    pub(super) fn on_documents(&mut self, response: DocumentsResponse) -> Vec<SignedDocument> {
        if self.store_id.as_ref() != Some(&response.store_id) {
            if self.state == State::Fetching {
                self.fail(Failure::HistoryChanged);
            }
            return Vec::new();
        }
        let n_wanted_before = self.wanted.len();
        let mut keep = Vec::new();
        for document in response.documents {
            if !self.wanted.contains(&document.id) {
                continue; // repeated, or never asked for
            }
            self.wanted.remove(&document.id);
            if content_id_of_bytes(document.body.as_bytes()) == document.id {
                self.held.insert(document.id.clone());
                keep.push(document);
            } else {
                self.distrusted.insert(document.id, "Its text is not the one its id names.".to_owned());
            }
        }
        for id in &response.missing {
            if self.wanted.remove(id) {
                // Listed and yet not there: the store changed in between.
                self.read_again();
            }
        }
        if self.state == State::Fetching {
            if self.wanted.len() == n_wanted_before {
                self.fail(Failure::NotUnderstood);
            } else {
                self.settle();
            }
        }
        keep
    }

    pub(super) fn on_published(&mut self, response: PublishResponse) {
        if self.store_id.as_ref() != Some(&response.store_id) {
            if self.state == State::Publishing {
                self.fail(Failure::HistoryChanged);
            }
            return;
        }
        let n_waiting_before = self.n_waiting();
        for result in response.results {
            let Some(own) = self.own.iter_mut().find(|own| own.document.id == result.id) else {
                continue;
            };
            if own.standing == Standing::Waiting {
                own.standing = match result.status {
                    PublishStatus::Stored | PublishStatus::AlreadyThere => Standing::Published,
                    PublishStatus::Refused { code, reason } => Standing::Refused { code, reason },
                };
            }
        }
        if self.state == State::Publishing {
            self.published_some(n_waiting_before);
        }
    }

    pub(super) fn published_some(&mut self, n_waiting_before: usize) {
        let n_waiting = self.n_waiting();
        if n_waiting == n_waiting_before {
            self.fail(Failure::NotUnderstood);
        } else if n_waiting == 0 {
            self.state = State::Pulling;
        }
    }

    pub(super) fn on_failed(&mut self, failure: Failure) {
        if !self.is_working() {
            return;
        }
        match failure {
            Failure::Unauthorized => self.state = State::Stopped { failure },
            Failure::Forbidden if self.state == State::Publishing => self.state = State::ReadOnly,
            Failure::Forbidden => self.state = State::Stopped { failure },
            Failure::TooLarge if self.state == State::Publishing => self.on_too_large(),
            _ => self.fail(failure),
        }
    }

    /// The server takes less at once than this build thinks: send fewer, and give up on one that is too large alone.
    pub(super) fn on_too_large(&mut self) {
        let n_sent = self.batch().count();
        if n_sent > 1 {
            self.publish_limit = n_sent / 2;
            return;
        }
        let n_waiting_before = self.n_waiting();
        if let Some(own) = self.own.iter_mut().find(|own| own.standing == Standing::Waiting) {
            own.standing = Standing::Refused {
                code: RefusalCode::TooLarge,
                reason: "It is larger than the server takes. Shorten its text or its curves and share it again."
                    .to_owned(),
            };
        }
        self.published_some(n_waiting_before);
    }

    /// The documents to send next: never none while one waits, even where the first alone is over the budget.
    pub(super) fn batch(&self) -> impl Iterator<Item = &OwnDocument> {
        let mut n_bytes = 0_usize;
        let mut n_documents = 0_usize;
        self.own.iter().filter(|own| own.standing == Standing::Waiting).take(self.publish_limit).take_while(
            move |own| {
                n_bytes = n_bytes.saturating_add(own.document.body.len());
                n_documents += 1;
                n_documents == 1 || n_bytes <= MAX_PUBLISH_BODY_BYTES
            },
        )
    }
}
