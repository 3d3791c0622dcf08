//! The list of cohorts: who is asked about, saved on this device.

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::dataset::DatasetId;
use protocol::EvaluateCohort;

use crate::components::*;
use crate::figures::kaplan_meier::count;
use crate::stores::cohorts::{self, SavedCohort};
use crate::stores::datasets::{use_dataset_id, use_datasets};
use crate::stores::engine::{Load, Task, state_of, use_engine};
use crate::stores::scope::{CohortShelf, use_cohorts};

/// The list of cohorts.
#[component]
pub fn CohortsPage() -> impl IntoView {
    let dataset = use_dataset_id();
    let shelf = use_cohorts();
    let of_all = RwSignal::new(false);
    let doomed = RwSignal::new(None::<SavedCohort>);
    let new_href = move || match dataset.get() {
        Some(id) => format!("/cohorts/new?dataset={id}"),
        None => "/data".to_owned(),
    };
    let actions = move || {
        dataset.get().map(|_| {
            view! { <LinkButton label="New cohort" href=Signal::derive(new_href) kind=ButtonKind::Primary icon=IconName::Plus/> }
        })
    };
    let shown = Signal::derive(move || match dataset.get() {
        _ if of_all.get() => shelf.now().cohorts,
        Some(id) => shelf.now().of(&id),
        None => Vec::new(),
    });
    let n_unreadable = Memo::new(move |_| shelf.load.with(|load| load.ready().map_or(0, |all| all.n_unreadable)));
    let datasets = use_datasets();
    let has_data = Memo::new(move |_| !datasets.headers().is_empty());
    // Those of a dataset that was deleted are still there.
    let has_cohorts =
        Memo::new(move |_| shelf.load.with(|load| load.ready().is_some_and(|all| !all.cohorts.is_empty())));
    view! {
        <PageHeader
            title="Cohorts"
            lead="A cohort is a group of patients who meet conditions you set. Counts follow while you edit."
            actions=actions
        />
        <div class="stack stack--l">
            <div class="row row--between">
                <DatasetPicker/>
                <Show when=move || has_data.get() || has_cohorts.get()>
                    <Checkbox label="Show cohorts of all datasets" value=of_all on_change=move |on| of_all.set(on)/>
                </Show>
            </div>
            <AsyncPanel
                // Drawn once: a cohort that did not change is not counted again when the others are read anew.
                load=state_of(shelf.load)
                doing="Reading saved cohorts…"
                retry=move || shelf.reload()
                full=move |()| {
                    view! {
                        {move || (n_unreadable.get() > 0).then(|| view! { <Unreadable n=n_unreadable.get()/> })}
                        <Show when=move || !shown.with(Vec::is_empty) fallback=move || view! { <NoCohorts dataset=dataset/> }>
                            <ul class="cohort-list">
                                <For
                                    each=move || shown.get()
                                    key=|cohort| (cohort.id.clone(), cohort.revision)
                                    let(cohort)
                                >
                                    <CohortRow cohort=cohort shelf=shelf doomed=doomed here=dataset/>
                                </For>
                            </ul>
                        </Show>
                    }
                }
            />
        </div>
        <DeleteDialog doomed=doomed shelf=shelf/>
    }
}

#[component]
fn Unreadable(n: usize) -> impl IntoView {
    view! {
        <Notice kind=NoticeKind::Warn title="Some cohorts cannot be read">
            <p>
                {format!("{n} saved here were written by another version of Rounds. They were left as they are; update Rounds to read them.")}
            </p>
        </Notice>
    }
}

#[component]
fn NoCohorts(dataset: Memo<Option<DatasetId>>) -> impl IntoView {
    move || {
        match dataset.get() {
        Some(id) => view! {
            <EmptyState title="No cohort yet">
                <p>"Start from everyone in this dataset and add conditions one by one. You see at each step how many stay."</p>
                <LinkButton label="New cohort" href=format!("/cohorts/new?dataset={id}") icon=IconName::Plus/>
            </EmptyState>
        }
        .into_any(),
        None => view! { <ChooseDataset what="cohorts are built on one."/> }.into_any(),
    }
    }
}

#[component]
fn CohortRow(
    cohort: SavedCohort,
    shelf: CohortShelf,
    doomed: RwSignal<Option<SavedCohort>>,
    here: Memo<Option<DatasetId>>,
) -> impl IntoView {
    let name = cohort.definition.name.clone();
    let elsewhere = {
        let built_on = cohort.dataset.clone();
        move || here.get().is_none_or(|here| here != built_on)
    };
    let rules = match cohort.definition.inclusion_rules.len() {
        0 => "no rules".to_owned(),
        n => crate::format::counted(n as u64, "rule", "rules"),
    };
    let changed_on: String = cohort.changed_on.chars().take(10).collect();
    let edit = format!("/cohorts/{}?dataset={}", cohort.id, cohort.dataset);
    let summary = format!("/summary?dataset={}&cohort={}", cohort.dataset, cohort.id);
    let say = use_toast();
    let copied = cohort.clone();
    let duplicate = move || {
        let cohort = copied.clone();
        let all = shelf.now();
        spawn_local(async move {
            match cohorts::duplicate(&cohort, &all).await {
                Ok(_) => say(format!("\u{201c}{}\u{201d} was duplicated.", cohort.definition.name)),
                Err(error) => say(error.to_string()),
            }
            shelf.reload();
        });
    };
    let to_delete = cohort.clone();
    view! {
        <li class="card cohort-row">
            <div class="cohort-row__text">
                <h2 class="cohort-row__name"><a href=edit.clone()>{name.clone()}</a></h2>
                {(!cohort.definition.description.is_empty()).then(|| view! { <p>{cohort.definition.description.clone()}</p> })}
                <p class="small muted">
                    {format!("{rules}, changed {changed_on}")}
                    {move || elsewhere().then_some(", built on another dataset")}
                </p>
            </div>
            <CohortCount cohort=cohort.clone()/>
            <div class="row cohort-row__actions">
                <LinkButton label="Edit" href=edit.clone() small=true aria_label=format!("Edit {name}")/>
                <LinkButton label="Summary" href=summary small=true aria_label=format!("Summary of {name}")/>
                <Button label="Duplicate" kind=ButtonKind::Quiet small=true on_click=duplicate aria_label=format!("Duplicate {name}")/>
                <Button
                    label="Delete"
                    kind=ButtonKind::DangerQuiet
                    small=true
                    on_click=move || doomed.set(Some(to_delete.clone()))
                    aria_label=format!("Delete {name}")
                />
            </div>
        </li>
    }
}

/// The cohort's size on the dataset it was built on.
#[component]
fn CohortCount(cohort: SavedCohort) -> impl IntoView {
    let engine = use_engine();
    let task = Task::new();
    Effect::new(move |_| {
        task.run(
            engine,
            EvaluateCohort {
                dataset: cohort.dataset.clone(),
                definition: cohort.definition.clone(),
                with_subjects: false,
            },
        );
    });
    view! {
        <p class="cohort-row__count" aria-live="polite">
            {move || task.load.with(|load| match load {
                Load::Ready(report) => {
                    let persons = count(report.persons as f64);
                    let events = (report.events != report.persons)
                        .then(|| format!(", {} entries", count(report.events as f64)));
                    view! { <span><strong class="num">{persons}</strong>" persons"{events}</span> }.into_any()
                }
                Load::Failed(error) => view! { <span class="small">"Not counted: "{error.to_string()}</span> }.into_any(),
                Load::Idle | Load::Loading { .. } => view! { <span class="muted">"Counting…"</span> }.into_any(),
            })}
        </p>
    }
}

#[component]
fn DeleteDialog(doomed: RwSignal<Option<SavedCohort>>, shelf: CohortShelf) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move |_| {
        if doomed.get().is_some() {
            open.set(true);
        }
    });
    let say = use_toast();
    let name = move || doomed.get().map(|cohort| cohort.definition.name).unwrap_or_default();
    let delete = move || {
        let Some(cohort) = doomed.get_untracked() else {
            return;
        };
        doomed.set(None);
        spawn_local(async move {
            match cohorts::delete(&cohort.id).await {
                Ok(()) => {
                    focus_heading();
                    say(format!("\u{201c}{}\u{201d} was deleted.", cohort.definition.name));
                }
                Err(error) => say(error.to_string()),
            }
            shelf.reload();
        });
    };
    view! {
        <ConfirmDialog
            open=open
            title=Signal::derive(move || format!("Delete \u{201c}{}\u{201d}?", name()))
            confirm="Delete cohort"
            danger=true
            on_confirm=delete
        >
            <p>"The definition is deleted from this device. Patient data stay, and studies made from it keep their own copy."</p>
        </ConfirmDialog>
    }
}
