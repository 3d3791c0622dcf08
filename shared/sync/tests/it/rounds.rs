//! Rounds of one or two devices with a server, step by step: what each answer and failure leads to.

#![allow(clippy::unwrap_used, reason = "a helper of a test may fail like the test")]

use crate::support::peers;

use std::collections::BTreeSet;

use peers::{Device, ServerModel, document};
use sync::replica::{Action, Event, Failure, Replica, Standing, State};
use sync::wire::{ChangesPage, PublishResponse, RefusalCode};

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
