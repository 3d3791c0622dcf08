//! Tokens, roles, invites that end.

use axum::http::{StatusCode, header};
use server::clock::today;
use server::store::NewInvite;
use sync::wire::{Me, ProblemCode, PublishRequest, Role};

use crate::findings::document;
use crate::test_app::TestApp;

#[tokio::test]
async fn a_token_says_whose_it_is() {
    let app = TestApp::start().await;
    let me: Me = app.read("/api/me").await.json();
    assert_eq!((me.name.as_str(), me.role, me.site.as_str()), ("Reader", Role::Reader, "Freiburg"));
    assert_eq!(me.store_id, app.app.store.store_id());
    assert_eq!(me.expires_on, None);
}

#[tokio::test]
async fn without_a_good_token_nothing_is_read() {
    let app = TestApp::start().await;
    let id = document("a").id;
    let unauthorized = (StatusCode::UNAUTHORIZED, ProblemCode::Unauthorized);
    for path in ["/api/me", "/api/changes", &format!("/api/documents/{id}")] {
        let answer = app.get(path).await;
        answer.assert_problem(unauthorized.0, unauthorized.1, "invite token");
        assert_eq!(answer.header(header::WWW_AUTHENTICATE), "Bearer realm=\"rounds\"");
    }
    let last = app.reader.chars().last().unwrap();
    let other = format!("{}{}", &app.reader[..app.reader.len() - 1], if last == '0' { '1' } else { '0' });
    let no_row = app.reader.replace("rounds_1_", "rounds_999_");
    // One's secret with another's number.
    let mixed = app.reader.replace("rounds_1_", "rounds_2_");
    for token in [&other, &no_row, &mixed, "rounds_1_", "x"] {
        let answer = app.get_with("/api/me", &[(header::AUTHORIZATION, &format!("Bearer {token}"))]).await;
        answer.assert_problem(unauthorized.0, unauthorized.1, "does not know that token");
    }
    for value in [format!("Basic {}", app.reader), app.reader.clone(), "Bearer".to_owned()] {
        let answer = app.get_with("/api/me", &[(header::AUTHORIZATION, &value)]).await;
        answer.assert_problem(unauthorized.0, unauthorized.1, "invite token");
    }
    let answer = app.get_with("/api/me", &[(header::AUTHORIZATION, &format!("bearer {}", app.reader))]).await;
    assert_eq!(answer.status, StatusCode::OK, "the scheme is written in any case");
}

#[tokio::test]
async fn a_reader_does_not_publish() {
    let app = TestApp::start().await;
    let request = PublishRequest { documents: vec![document("a")] };
    let answer = app.post("/api/documents", &app.reader, &request).await;
    answer.assert_problem(StatusCode::FORBIDDEN, ProblemCode::Forbidden, "read only");
    assert_eq!(app.app.store.n_documents().await.unwrap(), 0);
}

#[tokio::test]
async fn who_may_not_publish_is_told_before_the_body_is_read() {
    let app = TestApp::start().await;
    let answer = app.post_bytes("/api/documents", "x", b"no JSON".to_vec()).await;
    answer.assert_problem(StatusCode::UNAUTHORIZED, ProblemCode::Unauthorized, "does not know");
    let answer = app.post_bytes("/api/documents", &app.reader, b"no JSON".to_vec()).await;
    answer.assert_problem(StatusCode::FORBIDDEN, ProblemCode::Forbidden, "read only");
}

#[tokio::test]
async fn an_invite_works_up_to_and_with_its_last_day() {
    let app = TestApp::start().await;
    let today = today();
    let mut tokens = Vec::new();
    for expires_on in [today.yesterday().unwrap(), today, today.tomorrow().unwrap()] {
        let new =
            NewInvite { role: Role::Reader, name: "A".to_owned(), site: "B".to_owned(), expires_on: Some(expires_on) };
        tokens.push(app.app.store.create_invite(&new).await.unwrap().reveal());
    }
    let ask = |token: &str| format!("Bearer {token}");
    let over = app.get_with("/api/me", &[(header::AUTHORIZATION, &ask(&tokens[0]))]).await;
    over.assert_problem(StatusCode::UNAUTHORIZED, ProblemCode::Unauthorized, "ended on");
    for token in &tokens[1..] {
        let answer = app.get_with("/api/me", &[(header::AUTHORIZATION, &ask(token))]).await;
        assert_eq!(answer.status, StatusCode::OK);
    }
    let me: Me = app.get_with("/api/me", &[(header::AUTHORIZATION, &ask(&tokens[1]))]).await.json();
    assert_eq!(me.expires_on, Some(today.to_string()));
}

#[tokio::test]
async fn a_revoked_invite_stops_at_once() {
    let app = TestApp::start().await;
    assert_eq!(app.read("/api/me").await.status, StatusCode::OK);
    assert!(app.app.store.revoke_invite(1).await.unwrap());
    let answer = app.read("/api/me").await;
    answer.assert_problem(StatusCode::UNAUTHORIZED, ProblemCode::Unauthorized, "taken back");
    assert!(!app.app.store.revoke_invite(1).await.unwrap(), "it was taken back already");
    assert!(!app.app.store.revoke_invite(77).await.unwrap(), "there is none");
    let kept = app.app.store.invites().await.unwrap();
    assert_eq!(kept.iter().map(|invite| invite.revoked_on.is_some()).collect::<Vec<_>>(), [true, false]);
}

#[tokio::test]
async fn no_token_is_in_the_store() {
    let app = TestApp::start().await;
    app.app.store.close().await;
    for entry in std::fs::read_dir(app.data.path()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        for token in [&app.reader, &app.contributor] {
            let secret = token.rsplit('_').next().unwrap();
            let raw: Vec<u8> = (0..32).map(|i| u8::from_str_radix(&secret[2 * i..2 * i + 2], 16).unwrap()).collect();
            assert!(!bytes.windows(64).any(|window| window == secret.as_bytes()), "the secret in hex");
            assert!(!bytes.windows(32).any(|window| window == raw), "the secret in bytes");
        }
    }
}
