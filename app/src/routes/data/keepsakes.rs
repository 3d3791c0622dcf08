//! What an import told once and a dataset's screen can tell again: the intake report, and the truth of a synthetic
//! sample. Kept beside the datasets and forgotten with them.

use std::cell::RefCell;

use model::dataset::DatasetId;
use model::intake::IntakeReport;
use model::results::Setting;
use protocol::StoredImport;
use serde::{Deserialize, Serialize};

/// What is kept of an import.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Keepsake {
    /// The intake report.
    pub(crate) report: IntakeReport,
    /// What a synthetic sample was made with.
    pub(crate) truth: Vec<Setting>,
}

fn key(id: &DatasetId) -> String {
    format!("import/{id}")
}

thread_local! {
    /// The last import's, for the dataset's screen that is opened before storage has it.
    static LAST: RefCell<Option<(DatasetId, Keepsake)>> = const { RefCell::new(None) };
}

/// Keeps what an import told. It can be told again at once; storage has it a little later. A failure there is not worth a
/// message: the dataset itself is stored.
pub(crate) fn keep(stored: &StoredImport) {
    if stored.already_there {
        return;
    }
    let keepsake = Keepsake { report: stored.report.clone(), truth: stored.truth.clone() };
    let json = serde_json::to_string(&keepsake);
    let id = stored.header.id.clone();
    LAST.set(Some((id.clone(), keepsake)));
    if let Ok(json) = json {
        leptos::task::spawn_local(async move { drop(web::meta::set(&key(&id), &json).await) });
    }
}

/// What an import told, if it is still known (a dataset from a `.rounds` file has none).
pub(crate) async fn recall(id: &DatasetId) -> Option<Keepsake> {
    let last = LAST.with_borrow(|last| last.as_ref().filter(|(of, _)| of == id).map(|(_, keepsake)| keepsake.clone()));
    if last.is_some() {
        return last;
    }
    let json = web::meta::get(&key(id)).await.ok().flatten()?;
    model::json::read(&json).ok()
}

/// Forgets it with its dataset.
pub(crate) async fn forget(id: &DatasetId) {
    LAST.set(None);
    drop(web::meta::remove(&key(id)).await);
}
