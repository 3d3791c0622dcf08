//! Two devices and this server, end to end through [`sync::replica`]: what the state machine asks, the server answers.

use axum::http::StatusCode;
use sync::replica::{Action, Event, Failure, Replica, Standing, State};
use sync::wire::{DocumentsRequest, PublishRequest, RefusalCode};

use crate::findings::{document, small_cell};
use crate::test_app::{Answer, TestApp};

async fn round(replica: &mut Replica, app: &TestApp, token: &str) {
    replica.receive(Event::Wake);
    for _ in 0..50 {
        let Some(action) = replica.next() else { return };
        let event = perform(action, app, token).await;
        replica.receive(event);
    }
    panic!("a round does not end: {:?}", replica.state());
}

async fn perform(action: Action, app: &TestApp, token: &str) -> Event {
    let answer = match &action {
        Action::PullChanges { since } => {
            let bearer = format!("Bearer {token}");
            let path = format!("/api/changes?since={since}&limit=3");
            app.get_with(&path, &[(axum::http::header::AUTHORIZATION, &bearer)]).await
        }
        Action::FetchDocuments { ids } => {
            app.post("/api/documents/fetch", token, &DocumentsRequest { ids: ids.clone() }).await
        }
        Action::Publish { documents } => {
            app.post("/api/documents", token, &PublishRequest { documents: documents.clone() }).await
        }
        Action::Wait { .. } => return Event::Waited,
    };
    event(&action, &answer)
}

fn event(action: &Action, answer: &Answer) -> Event {
    match (answer.status, action) {
        (StatusCode::OK, Action::PullChanges { .. }) => Event::ChangesReceived(answer.json()),
        (StatusCode::OK, Action::FetchDocuments { .. }) => Event::DocumentsReceived(answer.json()),
        (StatusCode::OK, _) => Event::Published(answer.json()),
        (StatusCode::UNAUTHORIZED, _) => Event::Failed(Failure::Unauthorized),
        (StatusCode::FORBIDDEN, _) => Event::Failed(Failure::Forbidden),
        _ => Event::Failed(Failure::ServerError),
    }
}

#[tokio::test]
async fn two_devices_end_with_the_same_and_the_refused_stays_with_its_author() {
    let app = TestApp::start().await;
    let (mut a, mut b) = (Replica::new(), Replica::new());
    for n in 0..7 {
        a.offer(document(&format!("a{n}"))).unwrap();
    }
    a.offer(small_cell()).unwrap();
    b.offer(document("b")).unwrap();
    b.offer(document("a3")).unwrap(); // made on both
    for _ in 0..2 {
        round(&mut a, &app, &app.contributor).await;
        round(&mut b, &app, &app.contributor).await;
    }
    assert_eq!(app.app.store.n_documents().await.unwrap(), 8);
    assert_eq!(a.held().count(), 9, "its eight, the refused one included, and b's");
    assert_eq!(b.held().count(), 8);
    assert_eq!((a.state(), b.state()), (State::Idle, State::Idle));
    let standings: Vec<&Standing> = a.own().iter().map(|own| &own.standing).collect();
    assert!(standings[..7].iter().all(|standing| **standing == Standing::Listed));
    assert!(matches!(standings[7], Standing::Refused { code: RefusalCode::Discloses, .. }));
}

#[tokio::test]
async fn a_new_server_gets_what_its_authors_have_and_takes_nothing_away() {
    let first = TestApp::start().await;
    let (mut a, mut b) = (Replica::new(), Replica::new());
    a.offer(document("a")).unwrap();
    b.offer(document("b")).unwrap();
    for _ in 0..2 {
        round(&mut a, &first, &first.contributor).await;
        round(&mut b, &first, &first.contributor).await;
    }
    assert_eq!((a.held().count(), b.held().count()), (2, 2));
    let second = TestApp::start().await;
    for _ in 0..2 {
        round(&mut a, &second, &second.contributor).await;
        round(&mut b, &second, &second.contributor).await;
    }
    assert_eq!((a.held().count(), b.held().count()), (2, 2));
    assert_eq!(second.app.store.n_documents().await.unwrap(), 2);
}

#[tokio::test]
async fn a_reader_reads_all_and_a_stranger_nothing() {
    let app = TestApp::start().await;
    app.publish(&[document("a"), document("b")]).await;
    let mut reader = Replica::new();
    reader.offer(document("mine")).unwrap();
    round(&mut reader, &app, &app.reader).await;
    assert_eq!((reader.state(), reader.held().count(), reader.n_waiting()), (State::ReadOnly, 3, 1));
    let mut stranger = Replica::new();
    round(&mut stranger, &app, "rounds_1_wrong").await;
    assert_eq!(stranger.state(), State::Stopped { failure: Failure::Unauthorized });
    assert_eq!(stranger.held().count(), 0);
}

#[tokio::test]
async fn a_document_that_was_removed_by_hand_stops_nobody() {
    let app = TestApp::start().await;
    app.publish(&[document("a"), document("b"), document("c"), document("d")]).await;
    let mut before = Replica::new();
    round(&mut before, &app, &app.reader).await;
    // As docs/api.md says.
    let url = format!("sqlite://{}", server::store::Store::file(app.data.path()).display());
    let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
    sqlx::query("DROP TRIGGER document_is_kept").execute(&pool).await.unwrap();
    sqlx::query("DELETE FROM document WHERE id = ?").bind(&document("b").id.0).execute(&pool).await.unwrap();
    pool.close().await;
    app.publish(&[document("e")]).await;
    let mut after = Replica::new();
    round(&mut before, &app, &app.reader).await;
    round(&mut after, &app, &app.reader).await;
    assert_eq!((before.state(), before.held().count()), (State::Idle, 5), "what was read stays");
    assert_eq!((after.state(), after.held().count()), (State::Idle, 4));
}
