//! What is kept stays kept.

use axum::http::StatusCode;
use server::app::App;
use server::config::Config;
use server::page::Page;
use server::store::{NewInvite, Store, Token};
use sync::wire::Role;

use crate::findings::document;
use crate::test_app::TestApp;

#[tokio::test]
async fn a_restart_keeps_everything() {
    let app = TestApp::start().await;
    let (a, b) = (document("a"), document("b"));
    app.publish(&[a.clone(), b.clone()]).await;
    let before = app.app.store.changes(0, 10).await.unwrap();
    app.app.store.close().await;

    let store = Store::open(app.data.path()).await.unwrap();
    assert_eq!(store.store_id(), app.app.store.store_id(), "the same store");
    assert_eq!(store.changes(0, 10).await.unwrap(), before);
    assert_eq!(store.document(&a.id).await.unwrap(), Some(a));
    let invite = store.authenticate(&Token::read(&app.reader).unwrap()).await.unwrap();
    assert_eq!(invite.role, Role::Reader);
    assert_eq!(store.insert(&[b, document("c")], invite.invite_id).await.unwrap(), [false, true]);
    let after = store.changes(before.last_seq, 10).await.unwrap();
    assert_eq!(after.changes.len(), 1, "the feed goes on where it was");
    assert!(after.changes[0].seq > before.last_seq);
}

#[cfg(unix)]
#[tokio::test]
async fn the_file_is_its_owners_alone_in_any_folder_and_only_made_where_asked() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let refused = Store::open_existing(folder.path()).await.err().unwrap();
    assert!(refused.to_string().contains("there is no store"), "{refused}");
    Store::open(folder.path()).await.unwrap().close().await;
    let mode = std::fs::metadata(Store::file(folder.path())).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    Store::open_existing(folder.path()).await.unwrap().close().await;
}

#[tokio::test]
async fn another_folder_is_another_store() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let one = Store::open(&one.path().join("made/on/the/way")).await.unwrap();
    let other = Store::open(other.path()).await.unwrap();
    assert_ne!(one.store_id(), other.store_id());
    assert_eq!(one.store_id().len(), 32);
}

#[tokio::test]
async fn two_processes_share_one_store() {
    // `rounds-server invite` opens the file while the server runs.
    let app = TestApp::start().await;
    let beside = Store::open(app.data.path()).await.unwrap();
    let new = NewInvite { role: Role::Reader, name: "B".to_owned(), site: "C".to_owned(), expires_on: None };
    let token = beside.create_invite(&new).await.unwrap().reveal();
    app.publish(&[document("a")]).await;
    assert_eq!(beside.n_documents().await.unwrap(), 1);
    beside.close().await;
    let answer = app.get_with("/api/me", &[(axum::http::header::AUTHORIZATION, &format!("Bearer {token}"))]).await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn documents_are_neither_changed_nor_deleted_even_by_hand() {
    let app = TestApp::start().await;
    app.publish(&[document("a")]).await;
    app.app.store.close().await;
    let url = format!("sqlite://{}", Store::file(app.data.path()).display());
    let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
    for sql in ["UPDATE document SET body = '{}'", "DELETE FROM document", "DELETE FROM invite WHERE invite_id = 2"] {
        let error = sqlx::query(sql).execute(&pool).await.unwrap_err().to_string();
        assert!(error.contains("immutable") || error.contains("kept") || error.contains("FOREIGN KEY"), "{error}");
    }
}

#[tokio::test]
async fn a_store_that_cannot_be_opened_is_told_in_words() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(Store::file(folder.path()), "this is no database, whatever its name says").unwrap();
    let error = Store::open(folder.path()).await.unwrap_err();
    assert!(error.to_string().contains("rounds.sqlite"), "{error}");
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let error = Store::open(&file.join("below")).await.unwrap_err();
    assert!(error.to_string().contains("cannot make the data folder"), "{error}");
}

#[tokio::test]
async fn a_store_of_a_newer_server_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    Store::open(folder.path()).await.unwrap().close().await;
    let url = format!("sqlite://{}", Store::file(folder.path()).display());
    let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (9999, 'of the future', 1, x'00', 0)",
    )
    .execute(&pool)
    .await
    .unwrap();
    pool.close().await;
    let error = Store::open(folder.path()).await.unwrap_err();
    assert!(error.to_string().contains("newer rounds-server"), "{error}");
}

#[tokio::test]
async fn a_store_that_does_not_answer_is_a_problem_that_tells_nothing_inside() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    let app = App::new(Config::default(), store, Page::default());
    app.store.close().await;
    let mut router = app.router();
    let request = axum::http::Request::get("/health").body(axum::body::Body::empty()).unwrap();
    let response = tower::Service::call(&mut router, request).await.unwrap();
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    let text = String::from_utf8_lossy(&body).to_lowercase();
    assert!(text.contains("try again") && !text.contains("pool") && !text.contains("sql"), "{text}");
}
