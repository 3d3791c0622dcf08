//! Saved cohorts: a definition and the dataset it was built on, kept on this device.

use model::cohort::CohortDefinition;
use model::dataset::DatasetId;
use serde::{Deserialize, Serialize};
use web::WebError;
use web::documents::{self, Stored};

/// Kind of a stored cohort document.
pub const KIND: &str = "cohort";

const SCHEMA_VERSION: u32 = 1;

/// What is stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct CohortDocument {
    schema_version: u32,
    dataset: DatasetId,
    definition: CohortDefinition,
}

/// A saved cohort.
#[derive(Clone, Debug, PartialEq)]
pub struct SavedCohort {
    /// Id on this device; stays through edits.
    pub id: String,
    /// Counts writes: a save from an older one is refused.
    pub revision: u32,
    /// When it was last written.
    pub changed_on: String,
    /// The dataset it was built on.
    pub dataset: DatasetId,
    /// The definition.
    pub definition: CohortDefinition,
}

/// Saved cohorts, and how many documents could not be read (nothing is deleted because of that).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SavedCohorts {
    /// By name.
    pub cohorts: Vec<SavedCohort>,
    /// Documents that another version wrote or that are damaged.
    pub n_unreadable: usize,
}

impl SavedCohorts {
    /// Those built on a dataset.
    #[must_use]
    pub fn of(&self, dataset: &DatasetId) -> Vec<SavedCohort> {
        let mine = self.cohorts.iter();
        mine.filter(|cohort| cohort.dataset == *dataset).cloned().collect()
    }

    /// The one with an id.
    #[must_use]
    pub fn by_id(&self, id: &str) -> Option<&SavedCohort> {
        self.cohorts.iter().find(|cohort| cohort.id == id)
    }
}

fn read(stored: &Stored) -> Option<SavedCohort> {
    let document: CohortDocument = model::json::read(&stored.json).ok()?;
    (document.schema_version == SCHEMA_VERSION).then(|| SavedCohort {
        id: stored.id.clone(),
        revision: stored.revision,
        changed_on: stored.changed_on.clone(),
        dataset: document.dataset,
        definition: document.definition,
    })
}

fn collect(stored: &[Stored]) -> SavedCohorts {
    let mut cohorts: Vec<SavedCohort> = stored.iter().filter_map(read).collect();
    let n_unreadable = stored.len() - cohorts.len();
    cohorts.sort_by(|a, b| {
        let key = |cohort: &SavedCohort| (cohort.definition.name.to_lowercase(), cohort.id.clone());
        key(a).cmp(&key(b))
    });
    SavedCohorts { cohorts, n_unreadable }
}

/// Every saved cohort, by name.
///
/// # Errors
/// If storage refuses.
pub async fn list() -> Result<SavedCohorts, WebError> {
    Ok(collect(&documents::list(KIND).await?))
}

/// One saved cohort; absent if it was deleted.
///
/// # Errors
/// If storage refuses, or the document is damaged or of a newer version.
pub async fn get(id: &str) -> Result<Option<SavedCohort>, WebError> {
    match documents::get(KIND, id).await? {
        None => Ok(None),
        Some(stored) => read(&stored)
            .map(Some)
            .ok_or_else(|| WebError::Damaged(format!("cohort {id} was written by another version of Rounds"))),
    }
}

/// Writes a cohort and returns its new revision; `revision` is the one that was read (0: new).
///
/// # Errors
/// [`WebError::Conflict`] if another tab wrote in between, or if storage refuses.
pub async fn save(
    id: &str,
    revision: u32,
    dataset: &DatasetId,
    definition: &CohortDefinition,
) -> Result<u32, WebError> {
    let json = to_json(dataset, definition)?;
    documents::put(KIND, id, &json, Some(revision)).await
}

fn to_json(dataset: &DatasetId, definition: &CohortDefinition) -> Result<String, WebError> {
    serde_json::to_string(&CohortDocument {
        schema_version: SCHEMA_VERSION,
        dataset: dataset.clone(),
        definition: definition.clone(),
    })
    .map_err(|error| WebError::Other(error.to_string()))
}

/// Saves a copy under a name that is not taken and returns its id.
///
/// # Errors
/// If storage refuses.
pub async fn duplicate(cohort: &SavedCohort, all: &SavedCohorts) -> Result<String, WebError> {
    let mut definition = cohort.definition.clone();
    definition.name = free_name(&definition.name, all);
    let id = web::random::id()?;
    save(&id, 0, &cohort.dataset, &definition).await?;
    Ok(id)
}

/// `name (copy)`, `name (copy 2)` ...: the first that no cohort has.
#[must_use]
pub fn free_name(name: &str, all: &SavedCohorts) -> String {
    let base = name.rsplit_once(" (copy").map_or(name, |(base, _)| base).to_owned();
    (1_u32..)
        .map(|n| match n {
            1 => format!("{base} (copy)"),
            n => format!("{base} (copy {n})"),
        })
        .find(|candidate| {
            let mut cohorts = all.cohorts.iter();
            cohorts.all(|cohort| cohort.definition.name != *candidate)
        })
        .unwrap_or(base)
}

/// Deletes a cohort. Studies made from it keep their own copy of the definition.
///
/// # Errors
/// If storage refuses.
pub async fn delete(id: &str) -> Result<(), WebError> {
    documents::delete(KIND, id).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(id: &str, name: &str) -> Stored {
        let dataset = DatasetId("d".to_owned());
        Stored {
            kind: KIND.to_owned(),
            id: id.to_owned(),
            revision: 3,
            json: to_json(&dataset, &CohortDefinition::everyone(name)).unwrap(),
            changed_on: "2026-01-01".to_owned(),
        }
    }

    #[test]
    fn documents_are_read_back_by_name() {
        let all = collect(&[stored("1", "b"), stored("2", "A")]);
        let names: Vec<&str> = all.cohorts.iter().map(|cohort| cohort.definition.name.as_str()).collect();
        assert_eq!(names, ["A", "b"]);
        assert_eq!(all.by_id("1").unwrap().revision, 3);
        assert!(all.of(&DatasetId("other".to_owned())).is_empty());
    }

    #[test]
    fn what_cannot_be_read_is_counted() {
        let mut newer = stored("1", "a");
        newer.json = newer.json.replace("\"schema_version\":1,\"dataset\"", "\"schema_version\":9,\"dataset\"");
        let mut broken = stored("2", "b");
        broken.json.truncate(10);
        let all = collect(&[newer, broken, stored("3", "c")]);
        assert_eq!((all.cohorts.len(), all.n_unreadable), (1, 2));
    }

    #[test]
    fn copies_get_names_of_their_own() {
        let all = collect(&[stored("1", "x"), stored("2", "x (copy)")]);
        assert_eq!(free_name("x", &all), "x (copy 2)");
        assert_eq!(free_name("x (copy)", &all), "x (copy 2)");
        assert_eq!(free_name("y", &all), "y (copy)");
    }
}
