//! What an import told once and a dataset's screen can tell again: the intake report, and the truth of a synthetic
//! sample. Kept beside the datasets and forgotten with them.

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

/// Keeps what an import told. A failure is not worth a message: the dataset itself is stored.
pub(crate) async fn keep(stored: &StoredImport) {
    if stored.already_there {
        return;
    }
    let keepsake = Keepsake { report: stored.report.clone(), truth: stored.truth.clone() };
    if let Ok(json) = serde_json::to_string(&keepsake) {
        drop(web::meta::set(&key(&stored.header.id), &json).await);
    }
}

/// What an import told, if it is still known (a dataset from a `.rounds` file has none).
pub(crate) async fn recall(id: &DatasetId) -> Option<Keepsake> {
    let json = web::meta::get(&key(id)).await.ok().flatten()?;
    model::json::read(&json).ok()
}

/// Forgets it with its dataset.
pub(crate) async fn forget(id: &DatasetId) {
    drop(web::meta::remove(&key(id)).await);
}
