//! The changes feed: order, pages, cursors, many writers.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use model::canonical::content_id_of_bytes;
use sync::wire::{Change, ChangesPage, DocumentKind, ProblemCode, PublishStatus};

use crate::findings::document;
use crate::test_app::TestApp;

async fn page(app: &TestApp, since: u64, limit: usize) -> ChangesPage {
    app.read(&format!("/api/changes?since={since}&limit={limit}")).await.json()
}

async fn whole_feed(app: &TestApp, limit: usize) -> Vec<Change> {
    let mut feed = Vec::new();
    let mut since = 0;
    loop {
        let page = page(app, since, limit).await;
        assert_eq!(page.since, since);
        assert!(page.changes.len() <= limit);
        since = page.last_seq;
        feed.extend(page.changes);
        if !page.more {
            return feed;
        }
    }
}

#[tokio::test]
async fn an_empty_feed_is_a_page_too() {
    let app = TestApp::start().await;
    let page: ChangesPage = app.read("/api/changes").await.json();
    assert_eq!((page.since, page.last_seq, page.more, page.since_digest), (0, 0, false, None));
    assert_eq!(page.changes, []);
    assert_eq!(page.store_id, app.app.store.store_id());
}

#[tokio::test]
async fn pages_join_to_the_same_feed_whatever_their_size() {
    let app = TestApp::start().await;
    let documents: Vec<_> = (0..23).map(|n| document(&format!("{n}"))).collect();
    app.publish(&documents).await;
    let feed = whole_feed(&app, 1_000).await;
    assert_eq!(feed.len(), 23);
    assert!(feed.iter().all(|change| change.kind == DocumentKind::Finding && change.received_on.is_some()));
    assert!(feed.windows(2).all(|pair| pair[0].seq < pair[1].seq));
    assert!(
        feed.iter().map(|change| &change.id).eq(documents.iter().map(|document| &document.id)),
        "in the order sent"
    );
    for limit in [1, 2, 7, 22, 23, 24] {
        assert_eq!(whole_feed(&app, limit).await, feed, "pages of {limit}");
    }
}

#[tokio::test]
async fn a_cursor_stays_good_while_others_publish() {
    let app = TestApp::start().await;
    app.publish(&[document("a"), document("b"), document("c")]).await;
    let first = page(&app, 0, 2).await;
    assert!(first.more);
    app.publish(&[document("a"), document("d")]).await;
    let second = page(&app, first.last_seq, 10).await;
    let ids: Vec<_> = second.changes.iter().map(|change| change.id.clone()).collect();
    assert_eq!(ids, [document("c").id, document("d").id], "neither twice nor passed over");
    assert!(!second.more);
    let third = page(&app, second.last_seq, 10).await;
    assert_eq!((third.changes.len(), third.last_seq), (0, second.last_seq));
}

#[tokio::test]
async fn the_digest_of_a_cursor_comes_back_with_it_and_tells_feeds_apart() {
    let app = TestApp::start().await;
    app.publish(&(0..5).map(|n| document(&format!("{n}"))).collect::<Vec<_>>()).await;
    let mut digests = BTreeSet::new();
    let mut since = 0;
    for n in 1..=5 {
        let here = page(&app, since, 1).await;
        let next = page(&app, here.last_seq, 1).await;
        assert!(here.last_digest.is_some());
        assert_eq!(next.since_digest, here.last_digest);
        assert_eq!(page(&app, 0, n).await.last_digest, here.last_digest, "however the feed is cut into pages");
        digests.insert(here.last_digest);
        since = here.last_seq;
    }
    assert_eq!(digests.len(), 5);
    let end = page(&app, since, 1).await;
    assert_eq!((end.changes.len(), &end.last_digest), (0, &end.since_digest));
    assert_eq!(page(&app, 99, 1).await.since_digest, None, "beyond the end");
    assert_eq!(page(&app, u64::MAX, 1).await.last_seq, u64::MAX);
    // The same last document after another history has another digest.
    let other = TestApp::start().await;
    other.publish(&[document("x"), document("1"), document("2"), document("3"), document("4")]).await;
    let (one, two) = (page(&app, 0, 9).await, page(&other, 0, 9).await);
    assert_eq!(one.changes[4].id, two.changes[4].id);
    assert_ne!(one.last_digest, two.last_digest);
}

#[tokio::test]
async fn parameters_that_cannot_be_are_told() {
    let app = TestApp::start().await;
    for query in ["since=-1", "since=x", "limit=x", "since=99999999999999999999"] {
        let answer = app.read(&format!("/api/changes?{query}")).await;
        answer.assert_problem(StatusCode::UNPROCESSABLE_ENTITY, ProblemCode::Invalid, "parameter");
    }
    app.publish(&[document("a"), document("b")]).await;
    assert_eq!(page(&app, 0, 0).await.changes.len(), 1, "a limit of 0 would never get on");
}

#[tokio::test]
async fn many_writers_at_once_make_one_feed() {
    let app = std::sync::Arc::new(TestApp::start().await);
    let mut writers = Vec::new();
    for writer in 0..8 {
        let app = std::sync::Arc::clone(&app);
        writers.push(tokio::spawn(async move {
            let mut n_stored = 0;
            for n in 0..5 {
                // One of its own, and one that all eight try.
                let statuses = app.publish(&[document(&format!("{writer}-{n}")), document(&format!("all-{n}"))]).await;
                assert_eq!(statuses[0], PublishStatus::Stored);
                n_stored += usize::from(statuses[1] == PublishStatus::Stored);
            }
            n_stored
        }));
    }
    let mut n_shared_stored = 0;
    for writer in writers {
        n_shared_stored += writer.await.unwrap();
    }
    assert_eq!(n_shared_stored, 5, "each shared document was stored by exactly one");
    let feed = whole_feed(&app, 7).await;
    assert_eq!(feed.len(), 45);
    assert_eq!(feed.iter().map(|change| &change.id).collect::<BTreeSet<_>>().len(), 45);
    let digest = feed
        .iter()
        .fold(String::new(), |before, change| content_id_of_bytes(format!("{before}\n{}", change.id).as_bytes()).0);
    assert_eq!(page(&app, 0, 1_000).await.last_digest, Some(digest), "one chain, whoever wrote");
}
