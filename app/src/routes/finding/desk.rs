//! The desk a draft is written on: the finding that the engine makes of it, kept and checked after every change.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::canonical::ContentId;
use model::finding::{Author, DEFAULT_CELL_THRESHOLD, DisclosureReport, Finding};
use protocol::{CheckFinding, EngineError, SignFinding};
use web::WebError;

use crate::stores::engine::{EngineHandle, Load, storage_error, use_engine};
use crate::stores::findings::record::{Draft, Origin};
use crate::stores::findings::{self, SavedDraft};

/// A pause in typing after which the draft is kept and checked anew.
const PAUSE_MS: u32 = 450;

/// A finding as it would leave, and what the disclosure check says of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Checked {
    pub(super) finding: Finding,
    pub(super) hidden: Vec<String>,
    pub(super) report: DisclosureReport,
}

/// What a draft is being made with. Copies are the same.
#[derive(Clone, Copy)]
pub(super) struct Desk {
    engine: EngineHandle,
    pub(super) id: StoredValue<String>,
    /// Shared with the saves under way, which outlive the screen: the last words typed are kept too.
    revision: StoredValue<Arc<AtomicU32>>,
    pub(super) draft: RwSignal<Draft>,
    pub(super) author: RwSignal<Author>,
    pub(super) threshold: RwSignal<u32>,
    published: StoredValue<Vec<Finding>>,
    pub(super) checked: RwSignal<Load<Checked>>,
    pub(super) saving_failed: RwSignal<Option<String>>,
    edits: StoredValue<u32>,
}

impl Desk {
    pub(super) fn new(saved: SavedDraft) -> Self {
        let desk = Self {
            engine: use_engine(),
            id: StoredValue::new(saved.id),
            revision: StoredValue::new(Arc::new(AtomicU32::new(saved.revision))),
            threshold: RwSignal::new(saved.draft.cell_threshold.unwrap_or(DEFAULT_CELL_THRESHOLD)),
            draft: RwSignal::new(saved.draft),
            author: RwSignal::new(Author::default()),
            published: StoredValue::new(Vec::new()),
            checked: RwSignal::new(Load::loading()),
            saving_failed: RwSignal::new(None),
            edits: StoredValue::new(0),
        };
        desk.begin();
        desk
    }

    /// Reads author, threshold and what was published from here, then makes the finding for the first time.
    fn begin(self) {
        spawn_local(async move {
            let read = async {
                let author = findings::author().await?;
                let threshold = findings::cell_threshold().await?;
                let shelf = findings::list().await?;
                let mine = shelf.findings.into_iter().filter(|saved| saved.is_mine());
                Ok::<_, WebError>((author, threshold, mine.map(|saved| saved.finding).collect::<Vec<_>>()))
            };
            match read.await {
                Ok((author, threshold, published)) => {
                    self.author.try_set(author);
                    if self.draft.try_with_untracked(|draft| draft.cell_threshold.is_none()) == Some(true) {
                        self.threshold.try_set(threshold);
                    }
                    self.published.try_set_value(published);
                    self.make().await;
                }
                Err(problem) => {
                    self.checked.try_set(Load::Failed(storage_error(&problem)));
                }
            }
        });
    }

    pub(super) fn edit(self, change: impl FnOnce(&mut Draft)) {
        self.draft.update(change);
        self.touch();
    }

    /// Keeps and checks the draft once the typing pauses, or the screen is left.
    pub(super) fn touch(self) {
        let Some(mine) = self.edits.try_update_value(|count| {
            *count += 1;
            *count
        }) else {
            return;
        };
        let (id, revision, draft) = (self.id.get_value(), self.revision.get_value(), self.draft.get_untracked());
        spawn_local(async move {
            web::clock::sleep_ms(PAUSE_MS).await;
            if self.edits.try_get_value().is_some_and(|latest| latest != mine) {
                return; // a later change keeps this one too
            }
            let kept = findings::save_draft(&id, revision.load(Ordering::Relaxed), draft).await;
            self.saving_failed.try_set(kept.as_ref().err().map(ToString::to_string));
            if let Ok(written) = kept {
                revision.store(written, Ordering::Relaxed);
            }
            self.make().await;
        });
    }

    pub(super) async fn make(self) {
        let made = self.made().await;
        self.checked.try_set(made.into());
    }

    /// The finding of what stands on the desk now, checked.
    async fn made(self) -> Result<Checked, EngineError> {
        let (Some(draft), Some(author), Some(threshold), Some(published)) = (
            self.draft.try_get_untracked(),
            self.author.try_get_untracked(),
            self.threshold.try_get_untracked(),
            self.published.try_get_value(),
        ) else {
            return Err(EngineError::Cancelled); // the screen was left
        };
        let request = draft.request(author, web::clock::today(), threshold);
        let drafted = self.engine.call(request).await?;
        let mut finding = drafted.finding;
        if !draft.title.trim().is_empty() {
            draft.title.trim().clone_into(&mut finding.title);
        }
        let text = serde_json::to_string(&finding)
            .map_err(|problem| EngineError::Internal { message: problem.to_string() })?;
        let report = self.engine.call(CheckFinding { text, published }).await?;
        Ok(Checked { finding, hidden: drafted.hidden, report })
    }

    /// Signs what stands on the desk now, keeps it under its content id and takes the draft away. Whether it is new:
    /// the same text under the same name and site on the same day is one document, whoever signed it first.
    pub(super) async fn sign(self) -> Result<(ContentId, bool), EngineError> {
        let (author, draft_id) = (self.author.get_untracked(), self.id.get_value());
        if author.name.trim().is_empty() || author.site.trim().is_empty() {
            return Err(EngineError::invalid(
                "Fill in your name or role and your site: a finding without an author cannot be asked about.",
            ));
        }
        let stored = |problem: WebError| storage_error(&problem);
        findings::set_author(&author).await.map_err(stored)?;
        let checked = self.made().await?;
        let key = findings::signing_key().await.map_err(stored)?;
        let document = self.engine.call(SignFinding { finding: checked.finding, secret_key: key }).await?;
        let id = document.id.clone();
        let is_new = findings::keep_signed(document, Origin::Mine, web::clock::today()).await.map_err(stored)?;
        findings::delete_draft(&draft_id).await.map_err(stored)?;
        Ok((id, is_new))
    }
}
