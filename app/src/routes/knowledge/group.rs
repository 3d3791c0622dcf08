//! All estimates of one question, pooled by the worker, as a forest plot and a table.

use leptos::prelude::*;
use model::canonical::ContentId;
use model::finding::Finding;
use protocol::{PoolFindings, PooledFindings};

use super::pooled::{PooledNumbers, PooledOf, PooledView};
use crate::components::*;
use crate::figures::forest::forest;
use crate::stores::engine::{Task, use_engine};
use crate::stores::findings::SavedFinding;

/// Every estimate of the question together.
#[component]
pub fn GroupEvidence(
    /// The original and its replications.
    members: Vec<SavedFinding>,
    /// The one whose page this is.
    shown: ContentId,
) -> impl IntoView {
    let findings: Vec<Finding> = members.iter().map(|saved| saved.finding.clone()).collect();
    let any_adjusted = findings.iter().any(|finding| finding.estimates.iter().any(|estimate| estimate.adjusted));
    let has_any = findings.iter().any(|finding| !finding.estimates.is_empty());
    let n = findings.len();
    let names = findings
        .first()
        .map(|finding| (finding.plan.target.name.clone(), finding.plan.comparator.name.clone()))
        .unwrap_or_default();
    let members = members.iter().map(|saved| (saved.id().clone(), saved.finding.clone())).collect::<Vec<_>>();
    let list = (n > 1).then(|| view! { <Members members=members shown=shown/> });
    let adjusted = RwSignal::new(any_adjusted);
    let pooled = Task::<PooledFindings>::new();
    let engine = use_engine();
    let findings = StoredValue::new(findings);
    let ask = move || pooled.run(engine, PoolFindings { findings: findings.get_value(), adjusted: adjusted.get() });
    Effect::new(move |_| {
        if has_any {
            ask();
        }
    });
    let title = if n > 1 { "All estimates together" } else { "The estimate" };
    let lead = if n > 1 {
        "The same question asked of different data, and what comes out of them together."
    } else {
        "One estimate so far. Replicated on other data, it can be pooled."
    };
    view! {
        <Section title=title lead=lead>
            {any_adjusted.then(|| view! {
                <RadioGroup
                    legend="Which estimates"
                    value=Signal::derive(move || adjusted.get().to_string())
                    options=Signal::derive(choices)
                    on_change=move |value: String| adjusted.set(value == "true")
                />
            })}
            {if has_any {
                view! {
                    <AsyncPanel
                        load=pooled.load
                        doing="Pooling\u{2026}"
                        retry=ask
                        full=move |pooled: PooledFindings| view! { <Pooled pooled=pooled names=names.clone()/> }
                    />
                }
                .into_any()
            } else {
                view! { <p class="muted">"No estimate was published, so there is nothing to draw."</p> }.into_any()
            }}
            {list}
        </Section>
    }
}

fn choices() -> Vec<RadioOption> {
    let option = |value: &str, label: &str, hint: &str| RadioOption {
        value: value.to_owned(),
        label: label.to_owned(),
        hint: hint.to_owned(),
    };
    vec![
        option("true", "Adjusted", "for the characteristics each site names"),
        option("false", "Unadjusted", "groups as they were treated"),
    ]
}

/// The forest plot, its words and its tables.
#[component]
fn Pooled(pooled: PooledFindings, names: (String, String)) -> impl IntoView {
    let plot = forest(&pooled, &names.0, &names.1);
    let PooledFindings { measure, rows, fixed, random, words, left_out } = pooled;
    let numbers = PooledNumbers { of: PooledOf::Sites, measure: measure.words(), unit: None, rows, fixed, random };
    let warnings = numbers.notes(&[]);
    view! {
        <PooledView plot=plot numbers=numbers words=words>
            <NoticeList title="Not in the plot" items=left_out/>
            {warnings.into_iter().map(|warning| view! { <p class="small muted">{warning}</p> }).collect_view()}
        </PooledView>
    }
}

/// The findings of the group, with links.
#[component]
fn Members(members: Vec<(ContentId, Finding)>, shown: ContentId) -> impl IntoView {
    view! {
        <ul class="question__list card">
            {members
                .into_iter()
                .map(|(id, finding)| {
                    let is_shown = id == shown;
                    let role = if finding.replicates.is_some() { "Replication" } else { "Original" };
                    let words = format!("{role}: {}, {}", finding.author.site, finding.population.dataset);
                    view! {
                        <li class="question__finding">
                            {if is_shown {
                                view! { <span aria-current="page"><strong>{words}</strong>" (this one)"</span> }.into_any()
                            } else {
                                view! { <leptos_router::components::A href=format!("/knowledge/{id}")>{words}</leptos_router::components::A> }
                                    .into_any()
                            }}
                            <span class="muted small">{finding.made_on}</span>
                        </li>
                    }
                })
                .collect_view()}
        </ul>
    }
}
