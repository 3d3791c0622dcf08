//! The home screen: the cycle, what is on this device, two ways in. Nothing heavy loads before a click.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;

use super::decisions::DueDecisions;
use crate::components::*;
use crate::format::{count, counted};
use crate::stores::datasets::{DatasetsState, use_dataset_link, use_datasets};

/// The home screen.
#[component]
pub fn HomePage() -> impl IntoView {
    view! {
        <div class="hero">
            <div class="hero__words">
                <PageHeader
                    title="Learn from the care you give"
                    lead="Rounds turns a record of care into knowledge, and knowledge into the next decision. It computes \
                          in this browser: patient data never leave this device."
                />
                <div class="row">
                    <LinkButton label="Open a sample" href="/data#samples" kind=ButtonKind::Primary/>
                    <LinkButton label="Bring your data" href="/data/import"/>
                </div>
                <ul class="hero__facts">
                    <li>"No server, no installation: the statistics run here and agree with R."</li>
                    <li>"Identifiers are dropped and dates are moved before anything is stored."</li>
                    <li>"What you share are findings: aggregates, checked for small cells, signed."</li>
                </ul>
            </div>
            <CycleDiagram/>
        </div>
        <OnThisDevice/>
        <Section title="Once around the cycle">
            <ol class="arrows">
                <Arrow
                    title="From care to data"
                    text="Open a real or synthetic sample, or bring a CSV file, OMOP tables or FHIR resources. Rounds recognizes the \
                          columns, takes identifiers out and reports on every row."
                    path="/data"
                    link="Data"
                />
                <Arrow
                    title="From data to knowledge"
                    text="Define who is compared with live counts, look at the groups side by side, compare outcomes with \
                          intervals, and share the finding with peers who ask it again of their data."
                    path="/cohorts"
                    link="Cohorts"
                />
                <Arrow
                    title="From knowledge to care"
                    text="Ask what happened to the most similar patients by treatment. Write down what was decided and \
                          expected, and look back when the day has come."
                    path="/consult"
                    link="Consult"
                />
            </ol>
        </Section>
    }
}

/// One of the three arrows.
#[component]
fn Arrow(
    /// Between which stations.
    title: &'static str,
    /// What one does there.
    text: &'static str,
    /// Where it begins.
    path: &'static str,
    /// Name of that screen.
    link: &'static str,
) -> impl IntoView {
    let to = use_dataset_link();
    let href = move || if path == "/data" { path.to_owned() } else { to(path) };
    view! {
        <li class="arrows__item">
            <h3>{title}</h3>
            <p>{text}</p>
            <p><A href=href>{link}</A></p>
        </li>
    }
}

/// How many documents of a kind are on this device.
fn use_document_count(kind: &'static str) -> RwSignal<Option<usize>> {
    let n = RwSignal::new(None);
    spawn_local(async move {
        // Where storage is refused the datasets beside it say so; a count is simply not shown.
        if let Ok(stored) = web::documents::list(kind).await {
            n.try_set(Some(stored.len()));
        }
    });
    n
}

/// Datasets, cohorts, findings and decisions on this device.
#[component]
fn OnThisDevice() -> impl IntoView {
    let datasets = use_datasets();
    let cohorts = use_document_count("cohort");
    let findings = use_document_count("finding");
    let link = use_dataset_link();
    let number = |n: Option<usize>| n.map_or_else(|| "–".to_owned(), |n| count(n as u64));
    view! {
        <Section title="On this device">
            <div class="device">
                <Card title="Datasets">
                    {move || match datasets.state.get() {
                        DatasetsState::Reading => view! { <p class="muted">"Reading…"</p> }.into_any(),
                        DatasetsState::Failed(problem) => {
                            view! { <Notice kind=NoticeKind::Error title="Storage is refused"><p>{problem}</p></Notice> }
                                .into_any()
                        }
                        DatasetsState::Ready(headers) if headers.is_empty() => {
                            view! {
                                <p class="muted">"None yet. A sample is opened in a second and needs nothing of yours."</p>
                            }
                                .into_any()
                        }
                        DatasetsState::Ready(headers) => {
                            let more = headers.len().saturating_sub(5);
                            view! {
                                <ul class="device-list">
                                    {headers
                                        .into_iter()
                                        .take(5)
                                        .map(|header| {
                                            view! {
                                                <li>
                                                    <A href=format!("/data/{}", header.id)>{header.name}</A>
                                                    <span class="muted small num">
                                                        {counted(header.n_persons, "person", "persons")}
                                                    </span>
                                                </li>
                                            }
                                        })
                                        .collect_view()}
                                </ul>
                                {(more > 0)
                                    .then(|| view! { <p class="small"><A href="/data">{format!("and {more} more")}</A></p> })}
                            }
                                .into_any()
                        }
                    }}
                </Card>
                <Card title="Decisions due">
                    <DueDecisions/>
                </Card>
                <Card title="Saved work">
                    <dl class="stats">
                        <Stat label="Cohorts" value=move || number(cohorts.get())/>
                        <Stat label="Findings" value=move || number(findings.get())/>
                    </dl>
                    <p class="small">
                        <A href=move || link("/cohorts")>"All cohorts"</A>
                        " · "
                        <A href="/knowledge">"All findings"</A>
                    </p>
                </Card>
            </div>
        </Section>
    }
}
