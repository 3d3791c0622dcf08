//! A server as the wire types describe it, and devices with what is under way between them.

#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "each test file uses its own part, and a helper may fail like the test"
)]

use std::collections::BTreeSet;

use model::canonical::{ContentId, content_id_of_bytes};
use model::document::SignedDocument;
use sync::replica::{Action, Event, Replica, Snapshot};
use sync::wire::{
    Change, ChangesPage, DocumentKind, DocumentsResponse, PublishResponse, PublishResult, PublishStatus, RefusalCode,
};

pub const PAGE: usize = 3;

pub fn document(text: &str) -> SignedDocument {
    let body = format!("{{\"kind\":\"finding\",\"title\":\"{text}\"}}");
    SignedDocument {
        id: content_id_of_bytes(body.as_bytes()),
        body,
        public_key: "00".repeat(32),
        signature: "00".repeat(64),
    }
}

/// A server as the wire types describe it, in memory.
pub struct ServerModel {
    pub store_id: String,
    pub n_stores: usize,
    pub feed: Vec<SignedDocument>,
}

impl ServerModel {
    pub fn new() -> Self {
        Self { store_id: "store-0".to_owned(), n_stores: 0, feed: Vec::new() }
    }

    pub fn replace(&mut self) {
        self.n_stores += 1;
        self.store_id = format!("store-{}", self.n_stores);
        self.feed.clear();
    }

    pub fn put_back(&mut self, n_lost: usize) {
        self.feed.truncate(self.feed.len().saturating_sub(n_lost));
    }

    pub fn answer(&mut self, action: Action) -> Event {
        match action {
            Action::PullChanges { since } => Event::ChangesReceived(self.changes(since)),
            Action::FetchDocuments { ids } => {
                let (mut documents, mut missing) = (Vec::new(), Vec::new());
                for id in ids {
                    match self.feed.iter().find(|document| document.id == id) {
                        Some(document) => documents.push(document.clone()),
                        None => missing.push(id),
                    }
                }
                Event::DocumentsReceived(DocumentsResponse { store_id: self.store_id.clone(), documents, missing })
            }
            Action::Publish { documents } => {
                let results = documents.into_iter().map(|document| self.publish(document)).collect();
                Event::Published(PublishResponse { store_id: self.store_id.clone(), results })
            }
            Action::Wait { .. } => Event::Waited,
        }
    }

    pub fn changes(&self, since: u64) -> ChangesPage {
        let start = usize::try_from(since).unwrap();
        let changes: Vec<Change> = (self.feed.iter().enumerate().skip(start).take(PAGE))
            .map(|(idx, document)| Change {
                seq: idx as u64 + 1,
                id: document.id.clone(),
                kind: DocumentKind::Finding,
                received_on: None,
            })
            .collect();
        let last_seq = changes.last().map_or(since, |change| change.seq);
        ChangesPage {
            store_id: self.store_id.clone(),
            since,
            since_digest: self.digest(start),
            last_digest: self.digest(start + changes.len()),
            changes,
            last_seq,
            more: last_seq < self.feed.len() as u64,
        }
    }

    pub fn digest(&self, n: usize) -> Option<String> {
        let ids: Vec<&str> = self.feed.get(..n)?.iter().map(|document| document.id.0.as_str()).collect();
        (n > 0).then(|| content_id_of_bytes(ids.concat().as_bytes()).0)
    }

    pub fn publish(&mut self, document: SignedDocument) -> PublishResult {
        let id = document.id.clone();
        let status = if document.body.contains("refuse me") {
            PublishStatus::Refused { code: RefusalCode::Discloses, reason: "3 persons".to_owned() }
        } else if self.feed.iter().any(|known| known.id == document.id) {
            PublishStatus::AlreadyThere
        } else {
            self.feed.push(document);
            PublishStatus::Stored
        };
        PublishResult { id, status }
    }
}

/// A device: the replica, the documents it stored, and what is under way between it and the server.
pub struct Device {
    pub replica: Replica,
    pub stored: Vec<SignedDocument>,
    pub requests: Vec<Action>,
    pub answers: Vec<Event>,
}

impl Device {
    pub fn new() -> Self {
        Self { replica: Replica::new(), stored: Vec::new(), requests: Vec::new(), answers: Vec::new() }
    }

    pub fn receive(&mut self, event: Event) {
        self.stored.extend(self.replica.receive(event));
    }

    pub fn offer(&mut self, document: SignedDocument) {
        self.stored.push(document.clone());
        self.replica.offer(document).unwrap();
    }

    pub fn reload(&mut self) {
        let json = serde_json::to_string(&self.replica.snapshot()).unwrap();
        let snapshot: Snapshot = serde_json::from_str(&json).unwrap();
        let on_device: Vec<ContentId> = self.stored.iter().map(|document| document.id.clone()).collect();
        self.replica = Replica::restore(snapshot, on_device).unwrap();
    }

    pub fn ids(&self) -> BTreeSet<ContentId> {
        self.replica.held().cloned().collect()
    }

    pub fn stored_ids(&self) -> BTreeSet<ContentId> {
        self.stored.iter().map(|document| document.id.clone()).collect()
    }

    /// A round on a good line; says how many steps it took.
    pub fn round(&mut self, server: &mut ServerModel) -> usize {
        self.receive(Event::Wake);
        for n_steps in 0..200 {
            let Some(action) = self.replica.next() else {
                return n_steps;
            };
            let event = server.answer(action);
            self.receive(event);
        }
        panic!("a round does not end: {:?}", self.replica.state());
    }
}
