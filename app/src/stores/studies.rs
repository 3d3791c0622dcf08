//! Saved studies: a plan, the dataset it was made on, and what was looked at before its outcomes were opened.

use model::canonical::ContentId;
use model::dataset::DatasetId;
use model::study::StudyPlan;
use serde::{Deserialize, Serialize};
use web::WebError;
use web::documents::{self, Stored};

/// Kind of a stored study document.
pub const KIND: &str = "study";

const SCHEMA_VERSION: u32 = 1;

/// What is stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct StudyDocument {
    schema_version: u32,
    dataset: DatasetId,
    plan: StudyPlan,
    #[serde(default)]
    lock: Lock,
}

/// The lock on outcomes: it opens when index date and balance were looked at, or by an override that is recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lock {
    /// The design (see `design_id`) whose index date and balance were looked at.
    #[serde(default)]
    pub looked_at: Option<ContentId>,
    /// Overrides, in sentences; they stay with the study and go into its findings.
    #[serde(default)]
    pub overrides: Vec<String>,
    /// The design that was opened by override.
    #[serde(default)]
    pub overridden: Option<ContentId>,
}

/// The sentence that an override leaves in a finding.
pub const OVERRIDE_WORDS: &str = "The outcomes were opened before the index date and balance were looked at.";

impl Lock {
    /// Whether outcomes of this design may be shown.
    #[must_use]
    pub fn is_open(&self, design: Option<&ContentId>) -> bool {
        design.is_some() && (self.looked_at.as_ref() == design || self.overridden.as_ref() == design)
    }

    /// Notes that index date and balance of a design were looked at.
    pub fn look(&mut self, design: Option<ContentId>) {
        self.looked_at = design;
    }

    /// Opens a design without looking, and records it once.
    pub fn override_for(&mut self, design: Option<ContentId>) {
        self.overridden = design;
        if !self.overrides.iter().any(|words| words == OVERRIDE_WORDS) {
            self.overrides.push(OVERRIDE_WORDS.to_owned());
        }
    }
}

/// A saved study.
#[derive(Clone, Debug, PartialEq)]
pub struct SavedStudy {
    /// Id on this device.
    pub id: String,
    /// Counts writes.
    pub revision: u32,
    /// When it was last written.
    pub changed_on: String,
    /// The dataset it was made on.
    pub dataset: DatasetId,
    /// The plan.
    pub plan: StudyPlan,
    /// What was looked at.
    pub lock: Lock,
}

fn read(stored: &Stored) -> Option<SavedStudy> {
    let document: StudyDocument = model::json::read(&stored.json).ok()?;
    (document.schema_version == SCHEMA_VERSION).then(|| SavedStudy {
        id: stored.id.clone(),
        revision: stored.revision,
        changed_on: stored.changed_on.clone(),
        dataset: document.dataset,
        plan: document.plan,
        lock: document.lock,
    })
}

/// Every saved study, the last changed first, and how many cannot be read: those are left where they are.
///
/// # Errors
/// If storage refuses.
pub async fn list() -> Result<(Vec<SavedStudy>, usize), WebError> {
    let stored = documents::list(KIND).await?;
    let mut studies: Vec<SavedStudy> = stored.iter().filter_map(read).collect();
    studies.sort_by(|a, b| b.changed_on.cmp(&a.changed_on).then_with(|| a.id.cmp(&b.id)));
    let n_unreadable = stored.len() - studies.len();
    Ok((studies, n_unreadable))
}

/// One saved study; absent if it was deleted.
///
/// # Errors
/// If storage refuses, or the document is damaged or of a newer version.
pub async fn get(id: &str) -> Result<Option<SavedStudy>, WebError> {
    match documents::get(KIND, id).await? {
        None => Ok(None),
        Some(stored) => read(&stored)
            .map(Some)
            .ok_or_else(|| WebError::Damaged(format!("study {id} was written by another version of Rounds"))),
    }
}

/// Writes a study and returns its new revision; `revision` is the one that was read (0: new).
///
/// # Errors
/// [`WebError::Conflict`] if another tab wrote in between, or if storage refuses.
pub async fn save(
    id: &str,
    revision: u32,
    dataset: &DatasetId,
    plan: &StudyPlan,
    lock: &Lock,
) -> Result<u32, WebError> {
    let json = serde_json::to_string(&StudyDocument {
        schema_version: SCHEMA_VERSION,
        dataset: dataset.clone(),
        plan: plan.clone(),
        lock: lock.clone(),
    })
    .map_err(|error| WebError::Other(error.to_string()))?;
    documents::put(KIND, id, &json, Some(revision)).await
}

/// Deletes a study; findings made from it keep their own copy of the plan.
///
/// # Errors
/// If storage refuses.
pub async fn delete(id: &str) -> Result<(), WebError> {
    documents::delete(KIND, id).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn design(id: &str) -> Option<ContentId> {
        Some(ContentId(id.to_owned()))
    }

    #[test]
    fn outcomes_open_for_the_design_that_was_looked_at() {
        let mut lock = Lock::default();
        assert!(!lock.is_open(design("a").as_ref()));
        lock.look(design("a"));
        assert!(lock.is_open(design("a").as_ref()));
        assert!(!lock.is_open(design("b").as_ref()), "another design is shut again");
        assert!(!lock.is_open(None));
    }

    #[test]
    fn an_override_opens_and_is_recorded_once() {
        let mut lock = Lock::default();
        lock.override_for(design("a"));
        lock.override_for(design("b"));
        assert!(lock.is_open(design("b").as_ref()));
        assert!(!lock.is_open(design("a").as_ref()));
        assert_eq!(lock.overrides, [OVERRIDE_WORDS]);
        lock.look(design("b"));
        assert_eq!(lock.overrides.len(), 1, "looking later does not undo it");
    }
}
