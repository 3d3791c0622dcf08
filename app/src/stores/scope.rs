//! What a study screen works on: the dataset in the address, what is in it, and the cohorts saved on this device.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_query_map;
use model::dataset::DatasetId;
use protocol::{DatasetContents, DescribeDataset};
use send_wrapper::SendWrapper;

use super::cohorts::{self, SavedCohorts};
use super::engine::{EngineHandle, Load, Task, storage_error, use_engine};

/// A part of the address's query; absent where it is empty.
#[must_use]
pub fn use_query_text(name: &'static str) -> Memo<Option<String>> {
    let query = use_query_map();
    Memo::new(move |_| query.with(|query| query.get(name)).filter(|text| !text.is_empty()))
}

/// What is in a dataset; asked again when it changes.
#[must_use]
pub fn use_contents(dataset: Memo<Option<DatasetId>>) -> Task<DatasetContents> {
    let engine = use_engine();
    let task = Task::new();
    Effect::new(move |_| read_contents(task, engine, dataset.get()));
    task
}

/// Asks (anew) what is in a dataset.
pub fn read_contents(task: Task<DatasetContents>, engine: EngineHandle, dataset: Option<DatasetId>) {
    match dataset {
        Some(dataset) => task.run(engine, DescribeDataset { dataset }),
        None => task.reset(),
    }
}

/// The saved cohorts, kept up with this tab and others.
#[derive(Clone, Copy)]
pub struct CohortShelf {
    /// What to show.
    pub load: RwSignal<Load<SavedCohorts>>,
}

impl CohortShelf {
    /// Reads them again.
    pub fn reload(self) {
        spawn_local(async move {
            let load = match cohorts::list().await {
                Ok(all) => Load::Ready(all),
                Err(error) => Load::Failed(storage_error(&error)),
            };
            // The screen may have been left meanwhile.
            self.load.try_set(load);
        });
    }

    /// The cohorts there are now (none while they are read).
    #[must_use]
    pub fn now(self) -> SavedCohorts {
        self.load.with(|load| load.ready().cloned()).unwrap_or_default()
    }
}

/// The saved cohorts.
#[must_use]
pub fn use_cohorts() -> CohortShelf {
    let shelf = CohortShelf { load: RwSignal::new(Load::loading()) };
    shelf.reload();
    let subscription = SendWrapper::new(web::documents::on_change(move |kind| {
        if kind == cohorts::KIND {
            shelf.reload();
        }
    }));
    on_cleanup(move || drop(subscription));
    shelf
}
