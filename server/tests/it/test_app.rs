//! A server for one test.

use std::path::Path;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use model::document::SignedDocument;
use serde::Serialize;
use serde::de::DeserializeOwned;
use server::app::App;
use server::config::{Config, Rate};
use server::limits::Peer;
use server::page::Page;
use server::store::{NewInvite, Store};
use sync::wire::{Problem, ProblemCode, PublishRequest, PublishResponse, PublishStatus, Role};
use tempfile::TempDir;
use tower::Service as _;

/// How a test's server differs from the usual one.
#[derive(Default)]
pub struct Builder {
    config: Config,
    page: Page,
}

impl Builder {
    /// Changes the configuration.
    pub fn config(mut self, change: impl FnOnce(&mut Config)) -> Self {
        change(&mut self.config);
        self
    }

    /// Serves this page.
    pub fn page(mut self, folder: &Path) -> Self {
        self.page = Page::from_folder(folder).unwrap();
        self
    }

    /// Starts it on an empty store, with one invite of each role.
    pub async fn start(self) -> TestApp {
        let data = tempfile::tempdir().unwrap();
        let store = Store::open(data.path()).await.unwrap();
        let app = App::new(self.config, store, self.page);
        let reader = invite(&app.store, Role::Reader).await;
        let contributor = invite(&app.store, Role::Contributor).await;
        TestApp { router: app.router(), app, reader, contributor, data }
    }
}

async fn invite(store: &Store, role: Role) -> String {
    let new = NewInvite { role, name: format!("{role:?}"), site: "Freiburg".to_owned(), expires_on: None };
    store.create_invite(&new).await.unwrap().reveal()
}

/// A server for one test.
pub struct TestApp {
    pub app: App,
    pub reader: String,
    pub contributor: String,
    pub data: TempDir,
    router: Router,
}

/// A whole answer.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl TestApp {
    pub fn builder() -> Builder {
        // Limits on how often are tested where they are set; elsewhere they do not get in the way.
        let mut builder = Builder::default();
        builder.config.rate_per_address = Rate::new(100_000, 100_000);
        builder.config.rate_per_token = Rate::new(100_000, 100_000);
        builder
    }

    pub async fn start() -> Self {
        Self::builder().start().await
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().call(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// GET with headers.
    pub async fn get_with(&self, path: &str, headers: &[(header::HeaderName, &str)]) -> Answer {
        let mut request = Request::get(path);
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// GET without a token.
    pub async fn get(&self, path: &str) -> Answer {
        self.get_with(path, &[]).await
    }

    /// GET as reader.
    pub async fn read(&self, path: &str) -> Answer {
        self.get_with(path, &[(header::AUTHORIZATION, &format!("Bearer {}", self.reader))]).await
    }

    pub async fn post<T: Serialize>(&self, path: &str, token: &str, body: &T) -> Answer {
        self.post_bytes(path, token, serde_json::to_vec(body).unwrap()).await
    }

    pub async fn post_bytes(&self, path: &str, token: &str, body: Vec<u8>) -> Answer {
        let request = Request::post(path)
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body));
        self.send(request.unwrap()).await
    }

    /// A request of any method, from an address, without a token.
    pub async fn request(&self, method: Method, path: &str, peer: Option<Peer>) -> Answer {
        let mut request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
        if let Some(peer) = peer {
            request.extensions_mut().insert(peer);
        }
        self.send(request).await
    }

    /// Publishes as contributor; the status of each document.
    pub async fn publish(&self, documents: &[SignedDocument]) -> Vec<PublishStatus> {
        let request = PublishRequest { documents: documents.to_vec() };
        let answer = self.post("/api/documents", &self.contributor, &request).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        let response: PublishResponse = answer.json();
        let ids: Vec<_> = response.results.iter().map(|result| &result.id).collect();
        assert_eq!(ids, documents.iter().map(|document| &document.id).collect::<Vec<_>>());
        response.results.into_iter().map(|result| result.status).collect()
    }
}

impl Answer {
    pub fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub fn header(&self, name: impl header::AsHeaderName) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Asserts an error answer: status, code, JSON, the request's id in body and header, words that hold `words`.
    pub fn assert_problem(&self, status: StatusCode, code: ProblemCode, words: &str) {
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(self.header(header::CONTENT_TYPE), "application/json");
        let problem: Problem = self.json();
        assert_eq!(problem.code, code);
        assert!(problem.message.contains(words), "{:?} does not say {words:?}", problem.message);
        assert!(problem.message.ends_with(['.', '!']) || problem.message.contains(' '));
        assert_eq!(problem.request_id.as_deref(), Some(self.header("x-request-id")));
        assert_eq!(self.header("x-request-id").len(), 16);
    }
}
