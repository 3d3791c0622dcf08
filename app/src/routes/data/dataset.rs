//! One dataset: where it comes from, what is in it, what was done to it.

mod concepts;
mod first_look;
mod over_time;
mod record;
mod variables;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use leptos_router::hooks::{use_navigate, use_params_map};
use model::dataset::{DatasetHeader, DatasetId, DatasetShape};
use protocol::{DatasetContents, DescribeDataset};

use super::device::{DeleteButton, RenameButton};
use super::export::ExportButtons;
use super::keepsakes::{Keepsake, recall};
use super::words::{format_words, shape_words};
use crate::components::*;
use crate::format::{and_list, bytes, count, counted};
use crate::routes::import::ReportView;
use crate::stores::datasets::{DatasetsState, use_datasets};
use crate::stores::engine::{Task, use_engine};

/// One dataset.
#[component]
pub fn DatasetPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|p| p.get("dataset")).map(DatasetId));
    // Drawn anew for another dataset: nothing of the old one may stay.
    move || id.get().map(|id| view! { <OneDataset id=id/> })
}

#[component]
fn OneDataset(id: DatasetId) -> impl IntoView {
    let datasets = use_datasets();
    let wanted = id.clone();
    let header = Memo::new(move |_| datasets.by_id(&wanted));
    let is_reading = Memo::new(move |_| datasets.state.with(|state| *state == DatasetsState::Reading));
    // A memo of its own: the list is read again after every import, and this screen must not be drawn again with it.
    let failed = Memo::new(move |_| {
        datasets.state.with(|state| match state {
            DatasetsState::Failed(problem) => Some(problem.clone()),
            _ => None,
        })
    });
    view! {
        {move || {
            if is_reading.get() {
                return view! { <WaitingHeader title="Dataset"/> <p class="muted">"Reading what is stored…"</p> }.into_any();
            }
            if let Some(problem) = failed.get() {
                return view! { <PageHeader title="Data"/> <DataUnreadable problem=problem/> }.into_any();
            }
            match header.get() {
                Some(header) => view! { <Contents header=header/> }.into_any(),
                None => view! { <Gone/> }.into_any(),
            }
        }}
    }
}

#[component]
fn Gone() -> impl IntoView {
    view! {
        <PageHeader title="This dataset is not on this device"/>
        <EmptyState title="Nothing to show">
            <p>
                "It was deleted, or the address comes from another device. Import the file again: the same file gives the \
                 same dataset."
            </p>
            <LinkButton label="Go to Data" href="/data"/>
        </EmptyState>
    }
}

#[component]
fn Contents(header: DatasetHeader) -> impl IntoView {
    let engine = use_engine();
    let navigate = use_navigate();
    let id = header.id.clone();
    let task = Task::<DatasetContents>::new();
    let asked = StoredValue::new(id.clone());
    let ask = move || task.run(engine, DescribeDataset { dataset: asked.get_value() });
    let is_flat = header.shape == DatasetShape::Flat;
    // Before the rest is asked for: the curve is what one looks at first.
    let is_looked_at = RwSignal::new(!is_flat);
    let first_look = is_flat.then(|| {
        let seen = move || {
            is_looked_at.try_set(true);
        };
        view! { <first_look::FirstLook header=header.clone() seen=seen/> }
    });
    ask();
    let lead = format!(
        "{}, {} ({}).",
        counted(header.n_persons, "person", "persons"),
        shape_words(header.shape),
        format_words(&header.source.format),
    );
    let named = StoredValue::new((header.id.clone(), header.name.clone()));
    let gone = Callback::new(move |()| navigate("/data", leptos_router::NavigateOptions::default()));
    let actions = move || {
        let (id, name) = named.get_value();
        view! {
            <RenameButton dataset=id.clone() name=name.clone()/>
            <DeleteButton dataset=id name=name on_gone=move || gone.run(())/>
        }
    };
    let title = header.name.clone();
    let header = StoredValue::new(header);
    // A callback that the panel and what is below it share.
    let stop = Callback::new(move |()| task.cancel());
    view! {
        <PageHeader title=title lead=lead actions=actions/>
        <NextSteps id=id is_flat=is_flat/>
        <div class="stack stack--l">
            {first_look}
            // What stands below the curve is built when the curve is there.
            <Show when=move || is_looked_at.get()>
            <AsyncPanel
                load=task.load
                full=move |contents: DatasetContents| {
                    if is_flat {
                        view! { <variables::Variables contents=contents/> }.into_any()
                    } else {
                        view! { <record::Record contents=contents/> }.into_any()
                    }
                }
                retry=ask
                on_cancel=stop
                doing="Opening the dataset…"
            />
            <Provenance header=header.get_value()/>
            <Section title="Take it along" lead="A .rounds file holds exactly what is stored here and can be imported again; CSV opens in other tools.">
                <ExportButtons dataset=header.with_value(|h| h.id.clone()) name=header.with_value(|h| h.name.clone())/>
            </Section>
            </Show>
        </div>
    }
}

/// What one can do with a dataset.
#[component]
fn NextSteps(id: DatasetId, is_flat: bool) -> impl IntoView {
    let closer = [
        (format!("/data/{id}/quality"), IconName::Success, "Data quality", "What is missing or cannot be true"),
        (format!("/data/{id}/timeline"), IconName::Consult, "Patient timeline", "One person's record over time"),
    ];
    // A flat file has no dated events.
    let closer = closer.into_iter().take(if is_flat { 1 } else { 2 });
    let steps = [
        ("/cohorts", IconName::Cohort, "Build a cohort", "Choose who, with a live count"),
        ("/summary", IconName::Table, "Summarize", "Who are they, side by side"),
        ("/compare", IconName::Compare, "Compare", "Outcomes of treating one way or another"),
        ("/consult", IconName::Consult, "Consult", "What happened to similar patients"),
    ];
    let steps = steps.map(|(path, icon, title, text)| (format!("{path}?dataset={id}"), icon, title, text));
    view! {
        <nav class="next section" aria-label="With this dataset">
            {closer
                .chain(steps)
                .map(|(href, icon, title, text)| {
                    view! {
                        <A href=href attr:class="next__link">
                            <Icon name=icon/>
                            <strong>{title}</strong>
                            <span>{text}</span>
                        </A>
                    }
                })
                .collect_view()}
        </nav>
    }
}

/// Where a dataset comes from and what was done to it.
#[component]
fn Provenance(header: DatasetHeader) -> impl IntoView {
    let keepsake = RwSignal::new(None::<Keepsake>);
    let id = header.id.clone();
    spawn_local(async move {
        keepsake.try_set(recall(&id).await);
    });
    let not_used = header.rows_read.saturating_sub(header.rows_kept + header.rows_rejected);
    let rows = format!(
        "{} read = {} kept + {} rejected + {} not used",
        count(header.rows_read),
        count(header.rows_kept),
        count(header.rows_rejected),
        count(not_used),
    );
    #[expect(clippy::cast_precision_loss, reason = "shown with three digits")]
    let size = bytes(super::words::n_bytes(&header) as f64);
    let source = header.source;
    let fact = |term: &'static str, text: String| {
        (!text.is_empty()).then(|| view! { <dt>{term}</dt><dd class="num">{text}</dd> })
    };
    view! {
        <Section title="Where it comes from">
            <Card>
                <dl class="facts">
                    {fact("Source", source.citation.unwrap_or_default())}
                    {fact("Licence", source.licence.unwrap_or_default())}
                    {fact("Files", and_list(&source.files))}
                    {fact("Rows", rows)}
                    {fact("Room taken", size)}
                    {fact("Content id", header.id.0)}
                </dl>
            </Card>
            {move || {
                keepsake
                    .get()
                    .filter(|k| !k.truth.is_empty())
                    .map(|keepsake| {
                        let truth = StoredValue::new(keepsake.truth);
                        view! {
                            <Details summary="The truth this sample was made with">
                                <dl class="facts">
                                    {truth
                                        .get_value()
                                        .into_iter()
                                        .map(|s| view! { <dt>{s.name}</dt><dd class="num">{s.value}</dd> })
                                        .collect_view()}
                                </dl>
                            </Details>
                        }
                    })
            }}
            {move || {
                keepsake
                    .get()
                    .map(|keepsake| {
                        let report = StoredValue::new(keepsake.report);
                        view! {
                            <Details summary="The intake report">
                                <ReportView report=report.get_value()/>
                            </Details>
                        }
                    })
            }}
        </Section>
        <Section
            title="What was done to identifiers"
            lead="A screen by name and content, not a proof: look at what is stored before you share anything."
        >
            {if header.deidentification.is_empty() {
                view! { <p class="muted">"No identifiers were found, and no dates."</p> }.into_any()
            } else {
                view! {
                    <dl class="facts">
                        {header
                            .deidentification
                            .into_iter()
                            .map(|step| view! { <dt>{step.class}</dt><dd>{step.action}</dd> })
                            .collect_view()}
                    </dl>
                }
                    .into_any()
            }}
        </Section>
    }
}
