//! Does what the replica says: one round under a lock across tabs.

use model::canonical::ContentId;
use protocol::{EngineError, VerifyDocument};
use sync::replica::{Action, Event, Failure, Replica, Snapshot, backoff_ms};
use sync::wire::{DEFAULT_CHANGES_LIMIT, DocumentsRequest, DocumentsResponse, PublishRequest};
use web::WebError;
use web::http::HttpError;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::status::Activity;
use super::{Membership, Sharing};
use crate::stores::findings;
use crate::stores::findings::record::Origin;

/// Kind and id of the stored snapshot.
pub(super) const KIND: &str = "sharing";
const ID: &str = "replica";
/// Held while a round runs or the outbox changes.
const LOCK: &str = "rounds-sharing";

/// What an action brought, and what of it must not be trusted.
struct Outcome {
    event: Event,
    distrusted: Vec<(ContentId, String)>,
}

impl From<Event> for Outcome {
    fn from(event: Event) -> Self {
        Self { event, distrusted: Vec::new() }
    }
}

impl Sharing {
    /// Runs rounds until there is nothing to do now.
    pub(super) async fn run(&self) {
        if self.inner.token.borrow().is_none() {
            return;
        }
        if self.inner.running.replace(true) {
            self.inner.again.set(true);
            return;
        }
        loop {
            self.inner.again.set(false);
            if let Err(problem) = self.round().await {
                // What is stored is believed again at the next round.
                *self.inner.replica.borrow_mut() = None;
                self.status.update(|status| {
                    status.activity = Activity::Resting;
                    status.problem = Some(problem.to_string());
                });
                break;
            }
            if !self.inner.again.get() {
                break;
            }
        }
        self.inner.running.set(false);
    }

    async fn round(&self) -> Result<(), WebError> {
        let _lock = web::locks::acquire(LOCK).await?;
        self.load().await?;
        // A timer that has run out and a wake are the same to the user: a round begins now.
        self.with_replica(|replica| {
            replica.receive(Event::Waited);
            replica.receive(Event::Wake);
        });
        self.status.update(|status| status.problem = None);
        self.greet().await?;
        while let Some(action) = self.with_replica(|replica| replica.next()).flatten() {
            if self.inner.token.borrow().is_none() {
                break; // left in the middle of a round
            }
            if let Action::Wait { attempt, at_least_seconds } = action {
                self.wait(attempt, at_least_seconds);
                break;
            }
            self.show();
            let outcome = self.perform(action).await;
            self.take_in(outcome).await?;
        }
        self.show();
        Ok(())
    }

    /// Tells the replica what an action brought, and stores what is new and good: first the documents, then the
    /// snapshot that says they are here, so that a crash in between loses nothing.
    async fn take_in(&self, outcome: Outcome) -> Result<(), WebError> {
        let mut kept = self.with_replica(|replica| replica.receive(outcome.event)).unwrap_or_default();
        self.with_replica(|replica| {
            for (id, reason) in &outcome.distrusted {
                replica.distrust(id, reason);
            }
        });
        kept.retain(|document| !outcome.distrusted.iter().any(|(refused, _)| *refused == document.id));
        let has_news = !kept.is_empty();
        for document in kept {
            findings::keep_signed(document, Origin::Received, web::clock::today()).await?;
        }
        self.save().await?;
        if has_news {
            self.received.update(|count| *count += 1);
        }
        Ok(())
    }

    /// Asks whether the token still says the same: a role may have changed.
    async fn greet(&self) -> Result<(), WebError> {
        let token = self.inner.token.borrow().clone();
        let Ok(me) = web::http::get_json::<sync::wire::Me>("/api/me", token.as_deref()).await else {
            return Ok(()); // the round itself will say what is wrong
        };
        let is_news = self.status.with_untracked(|status| status.membership != Membership::Joined(me.clone()));
        if is_news {
            self.remember(&me).await?;
            self.status.update(|status| status.membership = Membership::Joined(me));
        }
        Ok(())
    }

    fn wait(&self, attempt: u32, at_least_seconds: Option<u32>) {
        let jitter = random_share();
        let ms = backoff_ms(attempt, at_least_seconds, jitter);
        let ms = u32::try_from(ms).unwrap_or(u32::MAX);
        let at = self.inner.wake_count.get();
        let sharing = self.clone();
        spawn_local(async move {
            web::clock::sleep_ms(ms).await;
            if sharing.inner.wake_count.get() == at {
                sharing.wake();
            }
        });
    }

    async fn perform(&self, action: Action) -> Outcome {
        let token = self.inner.token.borrow().clone();
        let token = token.as_deref();
        match action {
            Action::PullChanges { since } => {
                let path = format!("/api/changes?since={since}&limit={DEFAULT_CHANGES_LIMIT}");
                answered(web::http::get_json(&path, token).await, Event::ChangesReceived).into()
            }
            Action::FetchDocuments { ids } => {
                let request = DocumentsRequest { ids };
                match web::http::post_json("/api/documents/fetch", token, &request).await {
                    Ok(response) => self.verified(&request.ids, response).await,
                    Err(problem) => Event::Failed(failure(&problem)).into(),
                }
            }
            Action::Publish { documents } => {
                let response = web::http::post_json("/api/documents", token, &PublishRequest { documents }).await;
                answered(response, Event::Published).into()
            }
            // Waiting is not performed here: a round ends with it.
            Action::Wait { .. } => Event::Waited.into(),
        }
    }

    /// Has the worker verify what came. Where it cannot answer, the round fails and is tried again, and nothing is
    /// judged. What was not asked for is passed over: it must not bring a document on this device into disrepute.
    async fn verified(&self, asked: &[ContentId], mut response: DocumentsResponse) -> Outcome {
        response.documents.retain(|document| asked.contains(&document.id));
        let mut distrusted = Vec::new();
        for document in &response.documents {
            match self.inner.engine.call(VerifyDocument { document: document.clone() }).await {
                Ok(_) => {}
                Err(EngineError::Invalid { problems }) => distrusted.push((document.id.clone(), problems.join(" "))),
                Err(_unanswered) => return Event::Failed(Failure::NotUnderstood).into(),
            }
        }
        Outcome { event: Event::DocumentsReceived(response), distrusted }
    }

    /// Changes the outbox and begins a round.
    pub(super) async fn change(&self, change: impl FnOnce(&mut Replica) -> Result<(), String>) -> Result<(), String> {
        {
            let _lock = web::locks::acquire(LOCK).await.map_err(|problem| problem.to_string())?;
            self.load().await.map_err(|problem| problem.to_string())?;
            self.with_replica(change).unwrap_or(Ok(()))?;
            self.save().await.map_err(|problem| problem.to_string())?;
        }
        self.show();
        self.wake();
        Ok(())
    }

    /// Makes sure that the replica in memory continues the stored one.
    pub(super) async fn load(&self) -> Result<(), WebError> {
        let stored = web::documents::get(KIND, ID).await?;
        let revision = stored.as_ref().map_or(0, |stored| stored.revision);
        if self.inner.replica.borrow().is_some() && revision == self.inner.revision.get() {
            return Ok(());
        }
        let replica = match stored {
            None => Replica::new(),
            Some(stored) => {
                let snapshot: Snapshot = model::json::read(&stored.json)
                    .map_err(|problem| WebError::Damaged(format!("the sharing state ({problem})")))?;
                let on_device = findings::signed_ids().await?;
                Replica::restore(snapshot, on_device).map_err(|problem| WebError::Other(problem.to_string()))?
            }
        };
        *self.inner.replica.borrow_mut() = Some(replica);
        self.inner.revision.set(revision);
        Ok(())
    }

    async fn save(&self) -> Result<(), WebError> {
        let Some(snapshot) = self.with_replica(|replica| replica.snapshot()) else {
            return Ok(());
        };
        let json = serde_json::to_string(&snapshot).map_err(|problem| WebError::Other(problem.to_string()))?;
        let revision = web::documents::put(KIND, ID, &json, Some(self.inner.revision.get())).await?;
        self.inner.revision.set(revision);
        Ok(())
    }

    fn with_replica<T>(&self, f: impl FnOnce(&mut Replica) -> T) -> Option<T> {
        self.inner.replica.borrow_mut().as_mut().map(f)
    }

    /// Brings the status up to what the replica knows.
    pub(super) fn show(&self) {
        self.with_replica(|replica| {
            let activity = Activity::of(replica.state());
            self.status.update(|status| {
                status.activity = activity;
                status.outbox =
                    replica.own().iter().map(|own| (own.document.id.clone(), own.standing.clone())).collect();
                status.refused = replica.distrusted().map(|(id, reason)| (id.clone(), reason.to_owned())).collect();
            });
        });
    }
}

fn answered<T>(response: Result<T, HttpError>, event: impl FnOnce(T) -> Event) -> Event {
    match response {
        Ok(value) => event(value),
        Err(problem) => Event::Failed(failure(&problem)),
    }
}

/// What an HTTP error means to the replica.
fn failure(problem: &HttpError) -> Failure {
    match problem {
        HttpError::Offline => Failure::Offline,
        HttpError::Status { code, retry_after_seconds, .. } => match code {
            401 => Failure::Unauthorized,
            403 => Failure::Forbidden,
            408 => Failure::Timeout,
            413 => Failure::TooLarge,
            429 => Failure::TooManyRequests { retry_after_seconds: *retry_after_seconds },
            500..=599 => Failure::ServerError,
            _ => Failure::NotUnderstood,
        },
        HttpError::Decode(_) | HttpError::OtherOrigin(_) => Failure::NotUnderstood,
    }
}

/// A random number from 0 to 1; 1 (the longest wait) where the browser has no generator.
fn random_share() -> f64 {
    web::random::hex(4)
        .ok()
        .and_then(|digits| u32::from_str_radix(&digits, 16).ok())
        .map_or(1.0, |number| f64::from(number) / f64::from(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_means_something_to_the_replica() {
        let of = |code: u16| failure(&HttpError::Status { code, problem: String::new(), retry_after_seconds: Some(7) });
        assert_eq!(failure(&HttpError::Offline), Failure::Offline);
        assert_eq!(of(401), Failure::Unauthorized);
        assert_eq!(of(403), Failure::Forbidden);
        assert_eq!(of(413), Failure::TooLarge);
        assert_eq!(of(429), Failure::TooManyRequests { retry_after_seconds: Some(7) });
        assert_eq!(of(503), Failure::ServerError);
        assert_eq!(of(418), Failure::NotUnderstood);
        assert_eq!(failure(&HttpError::Decode("x".into())), Failure::NotUnderstood);
    }
}
