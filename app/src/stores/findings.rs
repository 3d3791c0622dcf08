//! Findings on this device: drafts, signed ones of one's own, and those received from others.
//!
//! [`record`] is what is stored, [`groups`] puts replications under what they replicate, [`text`] writes a finding as
//! plain text. The functions here read and write; nothing is deleted but by the user's own click.

pub mod adjusted_for;
pub mod groups;
pub mod record;
pub mod text;

use std::cell::RefCell;

use leptos::prelude::*;
use model::canonical::ContentId;
use model::document::SignedDocument;
use model::finding::{Author, DEFAULT_CELL_THRESHOLD};
use send_wrapper::SendWrapper;
use web::WebError;

pub use self::record::SavedFinding;
use super::engine::{Load, storage_error};
use record::{Draft, Origin, Record, Signed};

/// Kind of the stored documents.
pub const KIND: &str = "finding";

/// Settings of the device that go into findings.
const AUTHOR_NAME: &str = "author-name";
const AUTHOR_SITE: &str = "author-site";
const CELL_THRESHOLD: &str = "cell-threshold";

/// The draft that the Compare or Replicate screen hands to the Finding screen. One newtype, so that the context is not
/// mistaken for another.
#[derive(Clone)]
pub struct DraftHandOver(SendWrapper<std::rc::Rc<RefCell<Option<Draft>>>>);

impl DraftHandOver {
    /// Takes the draft out, if there is one.
    #[must_use]
    pub fn take(&self) -> Option<Draft> {
        self.0.borrow_mut().take()
    }
}

/// Provides what this store needs as context; once, at the root of the page.
pub fn provide() {
    provide_context(DraftHandOver(SendWrapper::new(std::rc::Rc::new(RefCell::new(None)))));
}

/// The draft handed over between screens.
///
/// # Panics
/// If [`provide`] was not called at the root.
#[must_use]
pub fn use_hand_over() -> DraftHandOver {
    expect_context::<DraftHandOver>()
}

impl DraftHandOver {
    /// Begins this draft; the screen then goes to `/finding/new`.
    pub fn start(&self, draft: Draft) {
        *self.0.borrow_mut() = Some(draft);
    }
}

/// Author and site as set on this device (empty where they are not set yet).
///
/// # Errors
/// If storage refuses.
pub async fn author() -> Result<Author, WebError> {
    Ok(Author {
        name: web::meta::get(AUTHOR_NAME).await?.unwrap_or_default(),
        site: web::meta::get(AUTHOR_SITE).await?.unwrap_or_default(),
        public_key: String::new(),
    })
}

/// Keeps author and site.
///
/// # Errors
/// If storage refuses.
pub async fn set_author(author: &Author) -> Result<(), WebError> {
    web::meta::set(AUTHOR_NAME, author.name.trim()).await?;
    web::meta::set(AUTHOR_SITE, author.site.trim()).await
}

/// The threshold up to which cells are hidden: the user's, never below the default.
///
/// # Errors
/// If storage refuses.
pub async fn cell_threshold() -> Result<u32, WebError> {
    let kept = web::meta::get(CELL_THRESHOLD).await?;
    Ok(record::checked_threshold(kept.as_deref()))
}

/// Keeps the threshold for later findings.
///
/// # Errors
/// If storage refuses.
pub async fn set_cell_threshold(threshold: u32) -> Result<(), WebError> {
    web::meta::set(CELL_THRESHOLD, &threshold.max(DEFAULT_CELL_THRESHOLD).to_string()).await
}

/// The device's signing key, made at the first signature. It never leaves the device.
///
/// # Errors
/// If storage refuses.
pub async fn signing_key() -> Result<String, WebError> {
    web::meta::secret(web::meta::SIGNING_KEY).await
}

/// Every record with its id and revision, drafts first, and what cannot be read.
///
/// # Errors
/// If storage refuses.
pub async fn list() -> Result<Shelf, WebError> {
    let mut shelf = Shelf::default();
    for stored in web::documents::list(KIND).await? {
        match record::read(&stored.json) {
            Ok(Record::Draft(draft)) => {
                shelf.drafts.push(SavedDraft { id: stored.id, revision: stored.revision, draft: *draft });
            }
            Ok(Record::Signed(signed)) => match SavedFinding::new(*signed) {
                Ok(finding) => shelf.findings.push(finding),
                Err(problem) => shelf.problems.push(problem.to_string()),
            },
            Err(problem) => shelf.problems.push(problem.to_string()),
        }
    }
    shelf.findings.sort_by(|a, b| {
        b.finding.made_on.cmp(&a.finding.made_on).then_with(|| a.signed.document.id.cmp(&b.signed.document.id))
    });
    Ok(shelf)
}

/// What lies on this device.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shelf {
    /// Drafts.
    pub drafts: Vec<SavedDraft>,
    /// Signed findings, newest first.
    pub findings: Vec<SavedFinding>,
    /// Records that cannot be read, in words. They are left as they are.
    pub problems: Vec<String>,
}

/// A draft with the id and revision it is stored under.
#[derive(Clone, Debug, PartialEq)]
pub struct SavedDraft {
    /// Local id.
    pub id: String,
    /// Revision, to notice another tab.
    pub revision: u32,
    /// The draft.
    pub draft: Draft,
}

/// What an address `/finding/:id` names.
#[derive(Clone, Debug, PartialEq)]
pub enum Opened {
    /// A draft.
    Draft(Box<SavedDraft>),
    /// A signed finding.
    Signed(Box<SavedFinding>),
    /// Nothing of that id.
    Missing,
}

/// Opens a draft or finding.
///
/// # Errors
/// If storage refuses or the record cannot be read.
pub async fn open(id: &str) -> Result<Opened, WebError> {
    let Some(stored) = web::documents::get(KIND, id).await? else {
        return Ok(Opened::Missing);
    };
    let damaged = |problem: record::ReadError| WebError::Damaged(problem.to_string());
    match record::read(&stored.json).map_err(damaged)? {
        Record::Draft(draft) => {
            Ok(Opened::Draft(Box::new(SavedDraft { id: stored.id, revision: stored.revision, draft: *draft })))
        }
        Record::Signed(signed) => Ok(Opened::Signed(Box::new(SavedFinding::new(*signed).map_err(damaged)?))),
    }
}

/// Keeps a new draft and gives its id.
///
/// # Errors
/// If storage refuses.
pub async fn add_draft(draft: Draft) -> Result<String, WebError> {
    let id = web::random::id()?;
    save_draft(&id, 0, draft).await?;
    Ok(id)
}

/// Keeps a draft; the new revision.
///
/// # Errors
/// [`WebError::Conflict`] where another tab wrote in between, or if storage refuses.
pub async fn save_draft(id: &str, revision: u32, draft: Draft) -> Result<u32, WebError> {
    let json = record::write(&Record::Draft(Box::new(draft)))?;
    web::documents::put(KIND, id, &json, Some(revision)).await
}

/// Deletes a draft, by the user's own click.
///
/// # Errors
/// If storage refuses.
pub async fn delete_draft(id: &str) -> Result<(), WebError> {
    web::documents::delete(KIND, id).await
}

/// Keeps a signed finding under its content id; whether it is new here. One that is there already stays as it is, with
/// the signature that it has.
///
/// # Errors
/// If storage refuses.
pub async fn keep_signed(document: SignedDocument, origin: Origin, verified_on: String) -> Result<bool, WebError> {
    let id = document.id.0.clone();
    let json = record::write(&Record::Signed(Box::new(Signed::new(document, origin, verified_on))))?;
    match web::documents::put(KIND, &id, &json, Some(0)).await {
        // Documents are immutable and named by their content: what is there is the same.
        Ok(_) => Ok(true),
        Err(WebError::Conflict { .. }) => Ok(false),
        Err(problem) => Err(problem),
    }
}

/// Ids of the signed findings on this device.
///
/// # Errors
/// If storage refuses.
pub async fn signed_ids() -> Result<Vec<ContentId>, WebError> {
    let shelf = list().await?;
    Ok(shelf.findings.into_iter().map(|saved| saved.signed.document.id).collect())
}

/// Shows in `load` what some storage work brings, and why it failed where it did.
pub fn load_into<T: Send + Sync + 'static>(
    load: RwSignal<Load<T>>,
    work: impl Future<Output = Result<T, WebError>> + 'static,
) {
    leptos::task::spawn_local(async move {
        let outcome = work.await.map_err(|problem| storage_error(&problem));
        // The screen may have been left meanwhile.
        load.try_set(outcome.into());
    });
}
