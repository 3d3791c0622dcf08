//! Which dataset a screen is about.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};

use super::{Button, EmptyState, LinkButton, Notice, NoticeKind, Select};
use crate::format::count;
use crate::stores::datasets::{DatasetsState, use_current_dataset, use_datasets};

/// Chooses the dataset in the address (`?dataset=`); other parts of the query that belong to the old one are dropped.
/// Without any dataset it says where to get one; while the list is read it shows nothing.
#[component]
pub fn DatasetPicker(
    /// What is asked.
    #[prop(default = "Dataset".into(), into)]
    label: Signal<String>,
) -> impl IntoView {
    let datasets = use_datasets();
    let current = use_current_dataset();
    let navigate = use_navigate();
    let path = use_location().pathname;
    let options = Signal::derive(move || {
        let mut options: Vec<(String, String)> = datasets
            .headers()
            .into_iter()
            .map(|h| (h.id.0, format!("{} · {} persons", h.name, count(h.n_persons))))
            .collect();
        if current.get().is_none() {
            options.insert(0, (String::new(), "Choose a dataset".to_owned()));
        }
        options
    });
    let change = Callback::new(move |(id,): (String,)| {
        if !id.is_empty() {
            let to = format!("{}?dataset={id}", path.get_untracked());
            navigate(&to, NavigateOptions { scroll: false, ..NavigateOptions::default() });
        }
    });
    let is_empty =
        Memo::new(move |_| datasets.state.with(|state| matches!(state, DatasetsState::Ready(list) if list.is_empty())));
    let problem = Memo::new(move |_| match datasets.state.get() {
        DatasetsState::Failed(problem) => Some(problem),
        _ => None,
    });
    view! {
        {move || problem.get().map(|problem| view! { <DataUnreadable problem=problem/> })}
        <Show
            when=move || !is_empty.get()
            fallback=|| {
                view! {
                    <EmptyState title="There are no data on this device yet">
                        <p>"Open a sample to try this screen, or bring data of your own."</p>
                        <LinkButton label="Go to Data" href="/data"/>
                    </EmptyState>
                }
            }
        >
            <div class="dataset-picker" hidden=move || problem.with(Option::is_some)>
                <Select
                    label=label
                    value=move || current.get().map(|h| h.id.0).unwrap_or_default()
                    options=options
                    on_change=move |id: String| change.run((id,))
                />
            </div>
        </Show>
    }
}

/// What stands below a [`DatasetPicker`] while none is chosen. Without any dataset the picker says what to do already.
#[component]
pub fn ChooseDataset(
    /// What will stand here.
    what: &'static str,
) -> impl IntoView {
    let datasets = use_datasets();
    let has_any = Memo::new(move |_| !datasets.headers().is_empty());
    view! {
        <Show when=move || has_any.get()>
            <p class="muted">{format!("Choose a dataset above: {what}")}</p>
        </Show>
    }
}

/// What is stored cannot be read: why, and another try.
#[component]
pub fn DataUnreadable(
    /// What the browser said, in words.
    problem: String,
) -> impl IntoView {
    let datasets = use_datasets();
    view! {
        <Notice kind=NoticeKind::Error title="The data on this device cannot be read">
            <p>{problem}</p>
            <div class="row">
                <Button label="Try again" small=true on_click=move || datasets.refresh()/>
            </div>
        </Notice>
    }
}
