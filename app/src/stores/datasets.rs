//! The datasets on this device and the one that the address names.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_query_map;
use model::dataset::{DatasetHeader, DatasetId};
use send_wrapper::SendWrapper;
use web::documents::Subscription;

/// What is known of the datasets.
#[derive(Clone, Debug, PartialEq)]
pub enum DatasetsState {
    /// Being read.
    Reading,
    /// Read, by name.
    Ready(Vec<DatasetHeader>),
    /// The browser refused.
    Failed(String),
}

/// The datasets on this device: a light read of headers, no worker needed. A handle: copies are the same.
#[derive(Clone, Copy)]
pub struct Datasets {
    /// What is known.
    pub state: RwSignal<DatasetsState>,
    _others: StoredValue<SendWrapper<Subscription>>,
}

/// Puts the datasets into the context, reads them and follows other tabs. Called once by the app.
pub(crate) fn provide_datasets() {
    let state = RwSignal::new(DatasetsState::Reading);
    let read = move || read_into(state);
    let others = web::documents::on_change(move |kind| {
        if kind == "dataset" {
            read();
        }
    });
    provide_context(Datasets { state, _others: StoredValue::new(SendWrapper::new(others)) });
    read();
}

/// The datasets on this device.
///
/// # Panics
/// Outside [`crate::app::App`], which provides them.
#[must_use]
pub fn use_datasets() -> Datasets {
    expect_context::<Datasets>()
}

impl Datasets {
    /// The headers that are known (none while they are read).
    #[must_use]
    pub fn headers(self) -> Vec<DatasetHeader> {
        self.state.with(|state| match state {
            DatasetsState::Ready(headers) => headers.clone(),
            _ => Vec::new(),
        })
    }

    /// One header.
    #[must_use]
    pub fn by_id(self, id: &DatasetId) -> Option<DatasetHeader> {
        self.state.with(|state| match state {
            DatasetsState::Ready(headers) => headers.iter().find(|h| h.id == *id).cloned(),
            _ => None,
        })
    }

    /// Reads anew (after an import, a renaming, a deletion).
    pub fn refresh(self) {
        read_into(self.state);
    }

    /// Takes up a dataset that was stored this moment, without waiting for storage to be read again.
    pub fn add(self, header: &DatasetHeader) {
        self.state.update(|state| {
            if let DatasetsState::Ready(headers) = state {
                headers.retain(|there| there.id != header.id);
                headers.push(header.clone());
                headers.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.id.cmp(&b.id)));
            }
        });
    }
}

/// Reads the headers; what shows them is drawn again only where something changed.
fn read_into(state: RwSignal<DatasetsState>) {
    spawn_local(async move {
        let now = match web::datasets::list_headers().await {
            Ok(headers) => DatasetsState::Ready(headers),
            Err(error) => DatasetsState::Failed(error.to_string()),
        };
        if state.try_with_untracked(|before| *before != now) == Some(true) {
            state.try_set(now);
        }
    });
}

/// The dataset of a screen: the one named by `?dataset=`, else the only one there is.
#[must_use]
pub fn use_current_dataset() -> Memo<Option<DatasetHeader>> {
    let datasets = use_datasets();
    let query = use_query_map();
    Memo::new(move |_| {
        let named = query.with(|q| q.get("dataset"));
        datasets.state.with(|state| match state {
            DatasetsState::Ready(headers) => choose(headers, named.as_deref()).cloned(),
            _ => None,
        })
    })
}

/// The header named, else the only one.
fn choose<'a>(headers: &'a [DatasetHeader], named: Option<&str>) -> Option<&'a DatasetHeader> {
    match (named, headers) {
        (Some(id), _) => headers.iter().find(|h| h.id.0 == id),
        (None, [only]) => Some(only),
        (None, _) => None,
    }
}

/// The id in the address, whether or not there is such a dataset.
#[must_use]
pub fn use_dataset_id() -> Memo<Option<DatasetId>> {
    let current = use_current_dataset();
    let query = use_query_map();
    Memo::new(move |_| {
        query.with(|q| q.get("dataset")).map(DatasetId).or_else(|| current.get().map(|header| header.id))
    })
}

/// A path with the current dataset behind it, for links between screens: `link("/cohorts")`.
pub fn use_dataset_link() -> impl Fn(&str) -> String + Copy + Send + Sync + 'static {
    let current = use_current_dataset();
    move |path| match current.get() {
        Some(header) => format!("{path}?dataset={}", header.id),
        None => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::dataset::{DATASET_SCHEMA_VERSION, DatasetShape, DatasetSource};

    fn header(id: &str) -> DatasetHeader {
        DatasetHeader {
            schema_version: DATASET_SCHEMA_VERSION,
            id: DatasetId(id.to_owned()),
            name: id.to_owned(),
            source: DatasetSource::default(),
            shape: DatasetShape::Flat,
            n_persons: 1,
            tables: Vec::new(),
            deidentification: Vec::new(),
            rows_read: 1,
            rows_kept: 1,
            rows_rejected: 0,
            keyed: None,
        }
    }

    #[test]
    fn the_named_one_else_the_only_one() {
        let two = [header("a"), header("b")];
        assert_eq!(choose(&two, Some("b")).map(|h| h.id.0.as_str()), Some("b"));
        assert_eq!(choose(&two, Some("gone")), None);
        assert_eq!(choose(&two, None), None);
        assert_eq!(choose(&two[..1], None).map(|h| h.id.0.as_str()), Some("a"));
    }
}
