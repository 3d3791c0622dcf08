//! Sharing findings with peers through the page's own server.
//!
//! The decisions are [`sync::replica::Replica`]'s; this room only does what it says: asks the server, has every received
//! document verified by the worker before it is stored, stores, waits. [`status`] is what the screens show.
//!
//! **Invariants**
//! - Nothing a server answers deletes anything on this device.
//! - A document whose signature does not hold is never stored; it is listed as refused.
//! - One tab at a time replicates (a lock across tabs); the others read what it stored.

pub mod status;

mod driver;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::canonical::ContentId;
use model::document::SignedDocument;
use send_wrapper::SendWrapper;
use sync::replica::Replica;
use sync::wire::Me;
use web::WebError;
use web::http::HttpError;

use super::engine::{EngineHandle, use_engine};
use status::{Activity, Membership, SharingStatus};

/// Key of the invite token among the device's settings.
const TOKEN: &str = "sharing-token";
/// Key of what the server said the token is.
const ME: &str = "sharing-me";

/// Sharing, as the screens see it. Clones are the same.
#[derive(Clone)]
pub struct Sharing {
    inner: SendWrapper<Rc<Inner>>,
    /// What the screens show.
    pub status: RwSignal<SharingStatus>,
    /// Rises whenever findings were received and stored, so that lists read anew.
    pub received: RwSignal<u32>,
}

struct Inner {
    engine: EngineHandle,
    /// `None` until it is needed, and again after storage failed: what is stored is believed then.
    replica: RefCell<Option<Replica>>,
    /// Revision of the stored snapshot that `replica` continues.
    revision: Cell<u32>,
    token: RefCell<Option<String>>,
    running: Cell<bool>,
    /// Something changed while a round ran: another one follows.
    again: Cell<bool>,
    /// Raised with each wake, so that a timer of an earlier wait does nothing.
    wake_count: Cell<u32>,
}

/// Provides sharing as context and, where this device has joined, begins the first round. Once, at the root, after the
/// engine.
pub fn provide() {
    let engine = use_engine();
    let sharing = Sharing {
        inner: SendWrapper::new(Rc::new(Inner {
            engine,
            replica: RefCell::new(None),
            revision: Cell::new(0),
            token: RefCell::new(None),
            running: Cell::new(false),
            again: Cell::new(false),
            wake_count: Cell::new(0),
        })),
        status: RwSignal::new(SharingStatus::default()),
        received: RwSignal::new(0),
    };
    provide_context(sharing.clone());
    let back = sharing.clone();
    web::page::on_online(move || back.wake());
    let others = sharing.clone();
    let subscription = web::documents::on_change(move |kind| {
        if kind == driver::KIND {
            others.follow();
        }
    });
    // As long as the page lives.
    StoredValue::new_local(subscription);
    spawn_local(async move { sharing.begin().await });
}

/// Sharing of this page.
///
/// # Panics
/// If [`provide`] was not called at the root.
#[must_use]
pub fn use_sharing() -> Sharing {
    expect_context::<Sharing>()
}

/// Why joining failed, in the user's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JoinError {
    /// Nothing was pasted.
    #[error("Paste the invite token that you were given.")]
    Empty,
    /// Not reached.
    #[error("The server cannot be reached. You are not joined yet: try again when you are online.")]
    Offline,
    /// 401.
    #[error(
        "The server does not know this token, or it has run out. Check that you copied all of it, or ask for a new invite."
    )]
    NotAccepted,
    /// This page is served without the sharing server.
    #[error(
        "This page was opened from a server without sharing. Ask whoever runs it for the address of your group's server."
    )]
    NoSharing,
    /// Anything else the server said.
    #[error("The server answered: {0} Try again later, or tell whoever runs it.")]
    Server(String),
    /// The device refused to keep the token.
    #[error(transparent)]
    Storage(#[from] WebError),
}

impl JoinError {
    fn from_http(problem: HttpError) -> Self {
        match problem {
            HttpError::Offline => JoinError::Offline,
            HttpError::Status { code: 401 | 403, .. } => JoinError::NotAccepted,
            HttpError::Status { code: 404 | 405, .. } | HttpError::Decode(_) => JoinError::NoSharing,
            HttpError::Status { problem, .. } => JoinError::Server(status::problem_words(&problem)),
            other @ HttpError::OtherOrigin(_) => JoinError::Server(other.to_string()),
        }
    }
}

impl Sharing {
    /// Joins with an invite token and begins a round.
    ///
    /// # Errors
    /// [`JoinError`]; nothing is changed then.
    pub async fn join(&self, pasted: &str) -> Result<Me, JoinError> {
        let token = pasted.trim();
        if token.is_empty() {
            return Err(JoinError::Empty);
        }
        let me: Me = web::http::get_json("/api/me", Some(token)).await.map_err(JoinError::from_http)?;
        web::meta::set(TOKEN, token).await?;
        self.remember(&me).await?;
        *self.inner.token.borrow_mut() = Some(token.to_owned());
        self.status.update(|status| {
            status.membership = Membership::Joined(me.clone());
            status.problem = None;
        });
        self.wake();
        Ok(me)
    }

    /// Forgets the token. Findings stay on this device, those received too, and what waits in the outbox.
    ///
    /// # Errors
    /// If storage refuses.
    pub async fn leave(&self) -> Result<(), WebError> {
        web::meta::remove(TOKEN).await?;
        web::meta::remove(ME).await?;
        *self.inner.token.borrow_mut() = None;
        self.inner.wake_count.set(self.inner.wake_count.get() + 1);
        self.status.update(|status| {
            status.membership = Membership::NotJoined;
            status.activity = Activity::Resting;
        });
        Ok(())
    }

    /// Puts a signed finding of this device in the outbox. It is sent when the server is reached and this device has
    /// joined; until then it waits.
    ///
    /// # Errors
    /// In words: if the document was changed after it was signed, or storage refuses.
    pub async fn publish(&self, document: SignedDocument) -> Result<(), String> {
        self.change(move |replica| replica.offer(document).map_err(|problem| problem.to_string())).await
    }

    /// Offers a document once more that the server had refused.
    ///
    /// # Errors
    /// In words: if it was never offered, or storage refuses.
    pub async fn publish_again(&self, id: ContentId) -> Result<(), String> {
        self.change(move |replica| replica.offer_again(&id).map_err(|problem| problem.to_string())).await
    }

    /// Begins a round, if this device has joined: the button, the network's return, a timer.
    pub fn wake(&self) {
        self.inner.wake_count.set(self.inner.wake_count.get() + 1);
        let sharing = self.clone();
        spawn_local(async move { sharing.run().await });
    }

    /// Shows what another tab did, unless this one is in the middle of a round.
    fn follow(&self) {
        if self.inner.running.get() {
            return;
        }
        let sharing = self.clone();
        spawn_local(async move {
            // What cannot be read now is said at the next round.
            if sharing.load().await.is_ok() {
                sharing.show();
            }
        });
    }

    async fn begin(&self) {
        match self.first_look().await {
            Ok(true) => self.wake(),
            Ok(false) => {}
            Err(problem) => self.status.update(|status| status.problem = Some(problem.to_string())),
        }
    }

    /// Reads what is stored; whether this device has joined.
    async fn first_look(&self) -> Result<bool, WebError> {
        let token = web::meta::get(TOKEN).await?;
        let me = web::meta::get(ME).await?.and_then(|json| model::json::read::<Me>(&json).ok());
        let has_joined = token.is_some();
        *self.inner.token.borrow_mut() = token;
        self.status.update(|status| {
            status.membership = match me {
                Some(me) if has_joined => Membership::Joined(me),
                _ => Membership::NotJoined,
            };
        });
        self.load().await?;
        self.show();
        Ok(has_joined)
    }

    async fn remember(&self, me: &Me) -> Result<(), WebError> {
        let json = serde_json::to_string(me).map_err(|problem| WebError::Other(problem.to_string()))?;
        web::meta::set(ME, &json).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_join_says_what_to_do() {
        let status = |code: u16, problem: &str| {
            JoinError::from_http(HttpError::Status { code, problem: problem.into(), retry_after_seconds: None })
                .to_string()
        };
        assert!(JoinError::from_http(HttpError::Offline).to_string().contains("try again when you are online"));
        assert!(status(401, "").contains("ask for a new invite"));
        assert!(status(404, "").contains("without sharing"));
        let words = status(500, r#"{"code":"internal","message":"The disk is full."}"#);
        assert!(words.contains("The disk is full."), "{words}");
        // A page served by a plain file server answers every path with HTML.
        assert!(JoinError::from_http(HttpError::Decode("html".into())).to_string().contains("without sharing"));
    }
}
