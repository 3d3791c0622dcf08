//! Two devices and a server in a loop, while messages are lost, doubled and re-ordered, pages reload and the server is
//! replaced or put back from a backup. Whatever happened: once the line is good again, both devices hold the union,
//! the server lists it, and on no step did a device hold less than before.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail loudly")]

use std::collections::BTreeSet;

use model::canonical::{ContentId, content_id_of_bytes};
use model::document::SignedDocument;
use proptest::prelude::*;
use sync::replica::{Action, Event, Failure, Replica, Snapshot, Standing, State};
use sync::wire::{
    Change, ChangesPage, DocumentKind, DocumentsResponse, PublishResponse, PublishResult, PublishStatus, RefusalCode,
};

const PAGE: usize = 3;

fn document(text: &str) -> SignedDocument {
    let body = format!("{{\"kind\":\"finding\",\"title\":\"{text}\"}}");
    SignedDocument {
        id: content_id_of_bytes(body.as_bytes()),
        body,
        public_key: "00".repeat(32),
        signature: "00".repeat(64),
    }
}

/// A server as the wire types describe it, in memory.
struct ServerModel {
    store_id: String,
    n_stores: usize,
    feed: Vec<SignedDocument>,
}

impl ServerModel {
    fn new() -> Self {
        Self { store_id: "store-0".to_owned(), n_stores: 0, feed: Vec::new() }
    }

    fn replace(&mut self) {
        self.n_stores += 1;
        self.store_id = format!("store-{}", self.n_stores);
        self.feed.clear();
    }

    fn put_back(&mut self, n_lost: usize) {
        self.feed.truncate(self.feed.len().saturating_sub(n_lost));
    }

    fn answer(&mut self, action: Action) -> Event {
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

    fn changes(&self, since: u64) -> ChangesPage {
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

    fn digest(&self, n: usize) -> Option<String> {
        let ids: Vec<&str> = self.feed.get(..n)?.iter().map(|document| document.id.0.as_str()).collect();
        (n > 0).then(|| content_id_of_bytes(ids.concat().as_bytes()).0)
    }

    fn publish(&mut self, document: SignedDocument) -> PublishResult {
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
struct Device {
    replica: Replica,
    stored: Vec<SignedDocument>,
    requests: Vec<Action>,
    answers: Vec<Event>,
}

impl Device {
    fn new() -> Self {
        Self { replica: Replica::new(), stored: Vec::new(), requests: Vec::new(), answers: Vec::new() }
    }

    fn receive(&mut self, event: Event) {
        self.stored.extend(self.replica.receive(event));
    }

    fn offer(&mut self, document: SignedDocument) {
        self.stored.push(document.clone());
        self.replica.offer(document).unwrap();
    }

    fn reload(&mut self) {
        let json = serde_json::to_string(&self.replica.snapshot()).unwrap();
        let snapshot: Snapshot = serde_json::from_str(&json).unwrap();
        let on_device: Vec<ContentId> = self.stored.iter().map(|document| document.id.clone()).collect();
        self.replica = Replica::restore(snapshot, on_device).unwrap();
    }

    fn ids(&self) -> BTreeSet<ContentId> {
        self.replica.held().cloned().collect()
    }

    fn stored_ids(&self) -> BTreeSet<ContentId> {
        self.stored.iter().map(|document| document.id.clone()).collect()
    }

    /// A round on a good line; says how many steps it took.
    fn round(&mut self, server: &mut ServerModel) -> usize {
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

#[derive(Clone, Debug)]
enum Step {
    Offer { device: usize, n: u32 },
    Wake { device: usize },
    Send { device: usize, copies: usize },
    Arrive { device: usize, pick: usize, copies: usize },
    LoseRequest { device: usize, pick: usize },
    Receive { device: usize, pick: usize },
    LoseAnswer { device: usize, pick: usize },
    GiveUp { device: usize },
    Reload { device: usize },
    ReplaceServer,
    PutServerBack { n_lost: usize },
}

fn step() -> impl Strategy<Value = Step> {
    let device = 0..2_usize;
    let pick = 0..8_usize;
    prop_oneof![
        4 => (device.clone(), 0..40_u32).prop_map(|(device, n)| Step::Offer { device, n }),
        6 => device.clone().prop_map(|device| Step::Wake { device }),
        12 => (device.clone(), 1..3_usize).prop_map(|(device, copies)| Step::Send { device, copies }),
        12 => (device.clone(), pick.clone(), 1..3_usize)
            .prop_map(|(device, pick, copies)| Step::Arrive { device, pick, copies }),
        2 => (device.clone(), pick.clone()).prop_map(|(device, pick)| Step::LoseRequest { device, pick }),
        12 => (device.clone(), pick.clone()).prop_map(|(device, pick)| Step::Receive { device, pick }),
        2 => (device.clone(), pick).prop_map(|(device, pick)| Step::LoseAnswer { device, pick }),
        3 => device.clone().prop_map(|device| Step::GiveUp { device }),
        2 => device.prop_map(|device| Step::Reload { device }),
        1 => Just(Step::ReplaceServer),
        1 => (1..5_usize).prop_map(|n_lost| Step::PutServerBack { n_lost }),
    ]
}

fn take<T>(queue: &mut Vec<T>, pick: usize) -> Option<T> {
    if queue.is_empty() { None } else { Some(queue.remove(pick % queue.len())) }
}

fn perform(step: &Step, devices: &mut [Device; 2], server: &mut ServerModel) {
    match *step {
        // One number may be offered by both: the same document made on two devices.
        Step::Offer { device, n } => devices[device].offer(document(&format!("finding {n}"))),
        Step::Wake { device } => devices[device].receive(Event::Wake),
        Step::Send { device, copies } => match devices[device].replica.next() {
            Some(Action::Wait { .. }) => devices[device].receive(Event::Waited),
            Some(action) => devices[device].requests.extend(std::iter::repeat_n(action, copies)),
            None => {}
        },
        Step::Arrive { device, pick, copies } => {
            if let Some(action) = take(&mut devices[device].requests, pick) {
                let answer = server.answer(action);
                devices[device].answers.extend(std::iter::repeat_n(answer, copies));
            }
        }
        Step::LoseRequest { device, pick } => drop(take(&mut devices[device].requests, pick)),
        Step::Receive { device, pick } => {
            if let Some(answer) = take(&mut devices[device].answers, pick) {
                devices[device].receive(answer);
            }
        }
        Step::LoseAnswer { device, pick } => drop(take(&mut devices[device].answers, pick)),
        Step::GiveUp { device } => devices[device].receive(Event::Failed(Failure::Timeout)),
        Step::Reload { device } => devices[device].reload(),
        Step::ReplaceServer => server.replace(),
        Step::PutServerBack { n_lost } => server.put_back(n_lost),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_both_devices_end_with_the_union(steps in prop::collection::vec(step(), 0..120)) {
        let mut server = ServerModel::new();
        let mut devices = [Device::new(), Device::new()];
        for step in &steps {
            let before = [devices[0].ids(), devices[1].ids()];
            let n_own = [devices[0].replica.own().len(), devices[1].replica.own().len()];
            perform(step, &mut devices, &mut server);
            for (idx, device) in devices.iter().enumerate() {
                prop_assert!(device.ids().is_superset(&before[idx]), "device {idx} lost a document at {step:?}");
                prop_assert!(device.replica.own().len() >= n_own[idx], "device {idx} lost an own document at {step:?}");
                prop_assert_eq!(device.ids(), device.stored_ids(), "what is held is what was stored");
            }
        }
        // What is still under way arrives, then the line is good.
        for device in &mut devices {
            for action in std::mem::take(&mut device.requests) {
                let answer = server.answer(action);
                device.answers.push(answer);
            }
            for answer in std::mem::take(&mut device.answers) {
                device.receive(answer);
            }
        }
        for _ in 0..4 {
            for device in &mut devices {
                device.round(&mut server);
            }
        }
        let offered: BTreeSet<ContentId> =
            devices.iter().flat_map(|device| device.replica.own()).map(|own| own.document.id.clone()).collect();
        let listed: BTreeSet<ContentId> = server.feed.iter().map(|document| document.id.clone()).collect();
        prop_assert_eq!(&listed, &offered, "the server lists all that was offered");
        for device in &devices {
            prop_assert_eq!(&device.ids(), &offered, "a device holds all that was offered");
            prop_assert!(device.replica.own().iter().all(|own| own.standing == Standing::Listed));
            prop_assert_eq!(device.replica.state(), State::Idle);
        }
    }
}

#[test]
fn a_quiet_round_asks_once() {
    let mut server = ServerModel::new();
    let mut a = Device::new();
    for n in 0..7 {
        a.offer(document(&format!("{n}")));
    }
    a.round(&mut server);
    assert_eq!(server.feed.len(), 7);
    assert_eq!(a.round(&mut server), 1, "nothing new: one request");
}

#[test]
fn a_refused_document_stays_with_its_reason_and_can_be_offered_again() {
    let mut server = ServerModel::new();
    let mut a = Device::new();
    let bad = document("refuse me");
    a.offer(document("good"));
    a.offer(bad.clone());
    a.round(&mut server);
    assert_eq!(server.feed.len(), 1);
    let standing = |device: &Device| device.replica.own()[1].standing.clone();
    assert!(
        matches!(standing(&a), Standing::Refused { code: RefusalCode::Discloses, ref reason } if reason == "3 persons")
    );
    assert!(a.replica.holds(&bad.id));
    assert_eq!(a.round(&mut server), 1, "a refused document is not sent again by itself");
    a.reload();
    assert!(matches!(standing(&a), Standing::Refused { .. }));
    a.replica.offer_again(&bad.id).unwrap();
    assert_eq!(a.replica.n_waiting(), 1);
    assert!(a.replica.offer_again(&document("never offered").id).is_err());
}

#[test]
fn a_reader_reads_and_keeps_what_it_may_not_publish() {
    let mut server = ServerModel::new();
    let mut author = Device::new();
    author.offer(document("of the author"));
    author.round(&mut server);
    let mut reader = Device::new();
    reader.offer(document("of the reader"));
    reader.receive(Event::Wake);
    while let Some(action) = reader.replica.next() {
        let event = match action {
            Action::Publish { .. } => Event::Failed(Failure::Forbidden),
            other => server.answer(other),
        };
        reader.receive(event);
    }
    assert_eq!(reader.replica.state(), State::ReadOnly);
    assert_eq!(reader.ids().len(), 2);
    assert_eq!(reader.replica.n_waiting(), 1);
    // The invite was raised to contributor: the next round publishes.
    reader.round(&mut server);
    assert_eq!(server.feed.len(), 2);
}

#[test]
fn a_refused_token_stops_until_the_user_acts() {
    let mut a = Device::new();
    a.offer(document("x"));
    a.receive(Event::Failed(Failure::Unauthorized));
    assert_eq!(a.replica.state(), State::Stopped { failure: Failure::Unauthorized });
    assert_eq!(a.replica.next(), None);
    a.receive(Event::Waited);
    assert_eq!(a.replica.next(), None);
    a.receive(Event::Wake);
    assert_eq!(a.replica.next(), Some(Action::PullChanges { since: 0 }));
    assert_eq!(a.replica.n_waiting(), 1);
}

#[test]
fn failures_in_a_row_count_up_and_success_resets() {
    let mut server = ServerModel::new();
    let mut a = Device::new();
    a.receive(Event::Wake);
    for attempt in 1..=4 {
        a.receive(Event::Failed(Failure::Offline));
        assert_eq!(a.replica.next(), Some(Action::Wait { attempt, at_least_seconds: None }));
        a.receive(Event::Failed(Failure::Offline)); // a doubled failure does not count twice
        a.receive(Event::Waited);
    }
    a.receive(Event::Failed(Failure::TooManyRequests { retry_after_seconds: Some(7) }));
    assert_eq!(a.replica.next(), Some(Action::Wait { attempt: 5, at_least_seconds: Some(7) }));
    a.receive(Event::Waited);
    let event = server.answer(a.replica.next().unwrap());
    a.receive(event);
    assert_eq!(a.replica.state(), State::Idle);
    a.receive(Event::Wake);
    a.receive(Event::Failed(Failure::ServerError));
    assert_eq!(a.replica.next(), Some(Action::Wait { attempt: 1, at_least_seconds: None }));
}

#[test]
fn too_large_a_batch_is_halved_and_only_the_culprit_refused() {
    let mut server = ServerModel::new();
    let mut a = Device::new();
    for n in 0..9 {
        a.offer(document(if n == 4 { "huge" } else { "small" }.repeat(n + 1).as_str()));
    }
    a.receive(Event::Wake);
    while let Some(action) = a.replica.next() {
        let event = match action {
            Action::Publish { ref documents } if documents.iter().any(|d| d.body.contains("huge")) => {
                Event::Failed(Failure::TooLarge)
            }
            other => server.answer(other),
        };
        a.receive(event);
    }
    assert_eq!(server.feed.len(), 8);
    let refused: Vec<&Standing> =
        a.replica.own().iter().map(|own| &own.standing).filter(|s| matches!(s, Standing::Refused { .. })).collect();
    assert_eq!(refused.len(), 1);
    assert!(matches!(refused[0], Standing::Refused { code: RefusalCode::TooLarge, .. }));
}

#[test]
fn batches_stay_within_the_servers_limits() {
    let mut a = Device::new();
    for n in 0..60 {
        a.offer(document(&format!("{n}{}", "x".repeat(n * 1_500))));
    }
    let mut server = ServerModel::new();
    a.receive(Event::Wake);
    let mut n_batches = 0;
    while let Some(action) = a.replica.next() {
        if let Action::Publish { documents } = &action {
            n_batches += 1;
            assert!(!documents.is_empty() && documents.len() <= sync::wire::MAX_PUBLISH_DOCUMENTS);
            let request = sync::wire::PublishRequest { documents: documents.clone() };
            assert!(serde_json::to_vec(&request).unwrap().len() <= sync::wire::MAX_REQUEST_BYTES);
        }
        let event = server.answer(action);
        a.receive(event);
    }
    assert_eq!(server.feed.len(), 60);
    assert!(n_batches >= 3, "2.7 MB do not go in {n_batches} requests");
}

#[test]
fn a_tampered_document_is_not_kept_and_not_asked_for_again() {
    let mut server = ServerModel::new();
    let mut forged = document("true");
    forged.body = forged.body.replace("true", "false");
    server.feed.push(forged.clone());
    server.feed.push(document("fine"));
    let mut a = Device::new();
    a.round(&mut server);
    assert_eq!(a.ids(), BTreeSet::from([document("fine").id]));
    assert_eq!(a.replica.distrusted().map(|(id, _)| id.clone()).collect::<Vec<_>>(), vec![forged.id.clone()]);
    assert_eq!(a.round(&mut server), 1);
    // A signature that the host found bad.
    a.replica.distrust(&document("fine").id, "The signature is not the author's.");
    assert!(!a.replica.holds(&document("fine").id));
    // One's own word is not taken away by a server.
    a.offer(document("own"));
    a.replica.distrust(&document("own").id, "no");
    assert!(a.replica.holds(&document("own").id));
}

#[test]
fn documents_gone_from_the_device_come_back() {
    let mut server = ServerModel::new();
    let mut author = Device::new();
    for n in 0..5 {
        author.offer(document(&format!("{n}")));
    }
    author.round(&mut server);
    let mut b = Device::new();
    b.round(&mut server);
    assert_eq!(b.ids().len(), 5);
    b.stored.truncate(2); // the browser lost a part
    b.reload();
    assert_eq!(b.ids().len(), 2);
    b.round(&mut server);
    assert_eq!(b.ids().len(), 5);
    assert_eq!(b.ids(), b.stored_ids());
}

#[test]
fn one_document_of_two_devices_is_published_for_both_in_one_round() {
    let mut server = ServerModel::new();
    let mut first = Device::new();
    first.offer(document("same"));
    first.round(&mut server);
    // The second device has read the feed, its copy came by the feed, and then its user makes the very same text.
    let mut second = Device::new();
    second.round(&mut server);
    second.offer(document("same"));
    second.round(&mut server);
    assert_eq!(second.replica.own()[0].standing, Standing::Listed);
    assert_eq!(second.replica.state(), State::Idle);
    assert_eq!(server.feed.len(), 1);
}

#[test]
fn a_server_that_lists_not_what_it_has_is_asked_twice_a_round_not_for_ever() {
    let mut server = ServerModel::new();
    let mut a = Device::new();
    a.offer(document("hidden"));
    a.receive(Event::Wake);
    let mut n_pulls = 0;
    for _ in 0..50 {
        let Some(action) = a.replica.next() else { break };
        let event = match server.answer(action) {
            Event::ChangesReceived(mut page) => {
                n_pulls += 1;
                page.changes.clear();
                (page.last_seq, page.last_digest) = (page.since, None);
                Event::ChangesReceived(page)
            }
            other => other,
        };
        a.receive(event);
    }
    assert_eq!(a.replica.state(), State::Idle);
    assert!(n_pulls <= 4, "{n_pulls} pulls in one round");
    assert_eq!(a.replica.own()[0].standing, Standing::Waiting, "never said to be published");
}

#[test]
fn a_snapshot_of_a_newer_version_is_left_alone() {
    let mut snapshot = Replica::new().snapshot();
    snapshot.schema_version += 1;
    let error = Replica::restore(snapshot, Vec::new()).unwrap_err();
    assert!(error.to_string().contains("Reload the page"));
}

#[test]
fn a_server_that_answers_nonsense_leads_to_waiting_not_to_a_hot_loop() {
    let mut a = Device::new();
    a.offer(document("x"));
    let page = ChangesPage {
        store_id: "s".to_owned(),
        since: 0,
        since_digest: None,
        changes: Vec::new(),
        last_seq: 0,
        last_digest: None,
        more: true,
    };
    a.receive(Event::ChangesReceived(page.clone()));
    assert!(matches!(a.replica.next(), Some(Action::Wait { attempt: 1, .. })), "more, but nothing new");
    a.receive(Event::Waited);
    a.receive(Event::ChangesReceived(ChangesPage { more: false, ..page }));
    assert!(matches!(a.replica.next(), Some(Action::Publish { .. })));
    a.receive(Event::Published(PublishResponse { store_id: "s".to_owned(), results: Vec::new() }));
    assert!(matches!(a.replica.next(), Some(Action::Wait { .. })), "no result for what was sent");
}

#[test]
fn a_changed_document_cannot_be_offered() {
    let mut changed = document("signed");
    changed.body.push(' ');
    assert!(Replica::new().offer(changed).is_err());
}
