//! The datasets on this device.

use leptos::prelude::*;
use leptos_router::components::A;
use model::dataset::{DatasetHeader, DatasetId};
use protocol::{DeleteDataset, RenameDataset};

use super::export::ExportButtons;
use super::keepsakes::forget;
use super::words::{format_words, n_bytes, shape_words};
use crate::components::*;
use crate::format::{bytes, counted};
use crate::stores::datasets::{DatasetsState, use_datasets};
use crate::stores::engine::{Load, Task, use_engine};

/// What stands under 'On this device'.
#[derive(Clone, Debug, PartialEq)]
enum Shown {
    Reading,
    Failed(String),
    Nothing,
    Datasets,
}

/// The datasets on this device, or how to get one.
#[component]
pub(super) fn DatasetList() -> impl IntoView {
    let datasets = use_datasets();
    // Without the datasets: one that comes or goes draws its own row, and a name that is being typed is not lost.
    let shown = Memo::new(move |_| {
        datasets.state.with(|state| match state {
            DatasetsState::Reading => Shown::Reading,
            DatasetsState::Failed(problem) => Shown::Failed(problem.clone()),
            DatasetsState::Ready(headers) if headers.is_empty() => Shown::Nothing,
            DatasetsState::Ready(_) => Shown::Datasets,
        })
    });
    view! {
        <Section title="On this device">
            {move || match shown.get() {
                Shown::Reading => view! { <p class="muted">"Reading what is stored…"</p> }.into_any(),
                Shown::Failed(problem) => view! { <DataUnreadable problem=problem/> }.into_any(),
                Shown::Nothing => view! { <NoDataset/> }.into_any(),
                Shown::Datasets => {
                    view! {
                        <ul class="columns">
                            <For
                                each=move || datasets.headers()
                                key=|header| (header.id.clone(), header.name.clone())
                                let(header)
                            >
                                <DatasetRow header=header/>
                            </For>
                        </ul>
                    }
                        .into_any()
                }
            }}
        </Section>
    }
}

#[component]
fn NoDataset() -> impl IntoView {
    view! {
        <EmptyState title="No dataset yet">
            <p>
                "Open one of the samples below to look around, or bring a CSV file, a folder of OMOP tables, \
                 or a .rounds file that was saved here before."
            </p>
            <div class="row">
                <LinkButton label="Bring your data" href="/data/import"/>
            </div>
        </EmptyState>
    }
}

/// Deletes a dataset after asking.
#[component]
pub(super) fn DeleteButton(
    /// Which.
    dataset: DatasetId,
    /// Its name.
    #[prop(into)]
    name: String,
    /// Called when it is gone.
    #[prop(into)]
    on_gone: Callback<()>,
) -> impl IntoView {
    let engine = use_engine();
    let datasets = use_datasets();
    let say = use_toast();
    let is_open = RwSignal::new(false);
    let task = Task::<()>::new();
    let dataset = StoredValue::new(dataset);
    let name = StoredValue::new(name);
    let delete = move || {
        task.run_then(engine, DeleteDataset { dataset: dataset.get_value() }, Vec::new(), move |_| {
            focus_heading();
            if let Some(name) = name.try_get_value() {
                say(format!("'{name}' was deleted."));
            }
            if let Some(id) = dataset.try_get_value() {
                leptos::task::spawn_local(async move { forget(&id).await });
            }
            datasets.refresh();
            on_gone.try_run(());
        });
    };
    view! {
        <Button
            label="Delete"
            aria_label=format!("Delete {}", name.get_value())
            kind=ButtonKind::DangerQuiet
            small=true
            disabled=move || task.load.with(Load::is_loading)
            on_click=move || is_open.set(true)
        />
        {move || {
            task.load
                .with(|load| match load {
                    Load::Failed(error) => Some(error.clone()),
                    _ => None,
                })
                .map(|error| view! { <ErrorNotice error=error/> })
        }}
        <ConfirmDialog
            open=is_open
            title=format!("Delete '{}'?", name.get_value())
            confirm="Delete for good"
            danger=true
            on_confirm=delete
        >
            <p>
                "The data are taken off this device and cannot be brought back. Save them as a .rounds file first if you \
                 may need them. Cohorts and findings made from them stay."
            </p>
        </ConfirmDialog>
    }
}

/// Gives a dataset another name.
#[component]
pub(super) fn RenameButton(
    /// Which.
    dataset: DatasetId,
    /// Its name now.
    #[prop(into)]
    name: String,
) -> impl IntoView {
    let engine = use_engine();
    let datasets = use_datasets();
    let is_open = RwSignal::new(false);
    let now = StoredValue::new(name.clone());
    let text = RwSignal::new(name.clone());
    let problem = RwSignal::new(None::<String>);
    let task = Task::<()>::new();
    let dataset = StoredValue::new(dataset);
    let rename = move || {
        let wanted = text.get_untracked().trim().to_owned();
        if wanted.is_empty() {
            problem.set(Some("Give the dataset a name.".to_owned()));
            return;
        }
        problem.set(None);
        task.run_then(engine, RenameDataset { dataset: dataset.get_value(), name: wanted }, Vec::new(), move |_| {
            is_open.try_set(false);
            datasets.refresh();
        });
    };
    let shown = Signal::derive(move || {
        problem.get().or_else(|| {
            task.load.with(|load| match load {
                Load::Failed(error) => Some(error.to_string()),
                _ => None,
            })
        })
    });
    view! {
        <Button
            label="Rename"
            aria_label=format!("Rename {name}")
            kind=ButtonKind::Quiet
            small=true
            on_click=move || {
                text.set(now.get_value());
                is_open.set(true);
            }
        />
        <Dialog
            open=is_open
            title="Rename the dataset"
            actions=move || {
                view! {
                    <Button label="Cancel" on_click=move || is_open.set(false)/>
                    <Button label="Rename" kind=ButtonKind::Primary on_click=rename/>
                }
            }
        >
            <form on:submit=move |event| {
                event.prevent_default();
                rename();
            }>
                <TextInput label="Name" value=text on_input=move |name: String| text.set(name) error=shown/>
            </form>
        </Dialog>
    }
}

#[component]
fn DatasetRow(header: DatasetHeader) -> impl IntoView {
    let id = header.id.clone();
    let facts = format!(
        "{} · {} · {}",
        counted(header.n_persons, "person", "persons"),
        shape_words(header.shape),
        bytes(bytes_of(&header)),
    );
    let name = header.name.clone();
    view! {
        <li class="column dataset">
            <div class="stack stack--s">
                <div class="row">
                    <h3 class="dataset__name">
                        <A href=format!("/data/{id}")>{name}</A>
                    </h3>
                    <span class="tag">{format_words(&header.source.format).to_owned()}</span>
                    {(header.rows_rejected > 0)
                        .then(|| {
                            view! {
                                <span class="tag tag--warn">
                                    {format!("{} rejected", counted(header.rows_rejected, "row", "rows"))}
                                </span>
                            }
                        })}
                </div>
                <p class="dataset__facts num">{facts}</p>
            </div>
            <div class="row">
                <LinkButton
                    label="Build a cohort"
                    aria_label=format!("Build a cohort on {}", header.name)
                    href=format!("/cohorts?dataset={id}")
                    small=true
                />
                <ExportButtons dataset=id.clone() name=header.name.clone()/>
                <RenameButton dataset=id.clone() name=header.name.clone()/>
                <DeleteButton dataset=id name=header.name on_gone=|| ()/>
            </div>
        </li>
    }
}

#[expect(clippy::cast_precision_loss, reason = "shown with three digits")]
fn bytes_of(header: &DatasetHeader) -> f64 {
    n_bytes(header) as f64
}
