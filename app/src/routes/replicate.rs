//! A finding asked again of one's own data: match the columns, look at the groups, then see the outcome.

pub mod matching;

mod columns;
mod run;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use model::dataset::DatasetShape;
use model::finding::Finding;
use protocol::{DatasetContents, DescribeCohort};

use crate::components::*;
use crate::stores::datasets::use_current_dataset;
use crate::stores::engine::{Load, use_engine};
use crate::stores::findings::adjusted_for::adjusted_for;
use crate::stores::findings::{self, Opened, SavedFinding, text};
use crate::stores::scope::use_contents;

use columns::MatchColumns;
use matching::needs_events;

/// A shared finding asked again of one's own data.
#[component]
pub fn ReplicatePage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("finding").unwrap_or_default());
    let opened = RwSignal::new(Load::<Opened>::loading());
    let open = move || {
        let id = id.get_untracked();
        findings::load_into(opened, async move { findings::open(&id).await });
    };
    Effect::new(move |_| {
        id.track();
        open();
    });
    view! {
        <HeaderUntilRead title="Replicate on my data" load=opened/>
        <AsyncPanel
            load=opened
            doing="Opening the finding\u{2026}"
            retry=Callback::new(move |()| open())
            full=|opened| match opened {
                Opened::Signed(saved) => view! { <Replicate saved=*saved/> }.into_any(),
                Opened::Draft(_) | Opened::Missing => view! { <NothingToReplicate/> }.into_any(),
            }
        />
    }
}

#[component]
fn NothingToReplicate() -> impl IntoView {
    view! {
        <PageHeader title="Replicate"/>
        <EmptyState title="There is no signed finding here">
            <p>"Choose a finding among those on this device; drafts are signed first."</p>
            <div class="row"><LinkButton label="Findings on this device" href="/knowledge" kind=ButtonKind::Primary/></div>
        </EmptyState>
    }
}

#[component]
fn Replicate(saved: SavedFinding) -> impl IntoView {
    let current = use_current_dataset();
    let dataset = Memo::new(move |_| current.get().map(|header| header.id));
    let contents = use_contents(dataset);
    let finding = saved.finding.clone();
    let saved = StoredValue::new(saved);
    view! {
        <PageHeader
            title="Replicate on my data"
            lead="The same question, the same plan, other patients. Your data stay here; what may leave is the finding that you sign at the end."
        />
        <div class="stack stack--l">
            <Original finding=finding/>
            <Section title="Your data" lead="The first thing to choose.">
                <DatasetPicker/>
            </Section>
            <AsyncPanel
                load=contents.load
                doing="Reading what is in the data\u{2026}"
                idle=|| view! { <ChooseDataset what="its columns are matched with those of the finding."/> }
                full=move |contents: DatasetContents| {
                    let saved = saved.get_value();
                    if needs_events(&saved.finding.plan) && contents.header.shape == DatasetShape::Flat {
                        view! { <NeedsRecord/> }.into_any()
                    } else {
                        view! { <MatchColumns saved=saved contents=contents/> }.into_any()
                    }
                }
            />
        </div>
    }
}

#[component]
fn NeedsRecord() -> impl IntoView {
    view! {
        <Notice kind=NoticeKind::Warn title="This finding needs a full record">
            <p>
                "Its plan asks for dated events (diagnoses, drugs, measurements), and this dataset has one row a person. \
                 Choose a dataset with events, or replicate another finding on this one."
            </p>
        </Notice>
    }
}

/// The finding that is replicated: what was asked, of whom, and what came out.
#[component]
fn Original(finding: Finding) -> impl IntoView {
    let plan = &finding.plan;
    let adjusted = adjusted_for(&finding).unwrap_or_else(|| "nothing".to_owned());
    let who = [(&plan.target, "Treated one way"), (&plan.comparator, "Compared with")].map(|(arm, role)| {
        let definition = arm.cohort.clone();
        (role, arm.name.clone(), definition)
    });
    let outcome = plan.outcome.name().to_owned();
    let found = text::one_line(&finding);
    let by = format!("{}, {}, {}", finding.author.site, finding.population.dataset, finding.made_on);
    let arms = who
        .into_iter()
        .map(|(role, name, definition)| {
            view! {
                <dt>{role}</dt>
                <dd><ArmInWords name=name definition=definition/></dd>
            }
        })
        .collect_view();
    view! {
        <Card title="The original" is_section=true>
            <p class="published__question">{finding.question.clone()}</p>
            <dl class="facts">
                {arms}
                <dt>"Outcome"</dt>
                <dd>{outcome}</dd>
                <dt>"Adjusted for"</dt>
                <dd>{adjusted}</dd>
                <dt>"Found"</dt>
                <dd class="num">{found}</dd>
                <dt>"By"</dt>
                <dd>{by}</dd>
            </dl>
        </Card>
    }
}

/// An arm's name, and its definition in plain English from the worker.
#[component]
fn ArmInWords(name: String, definition: model::cohort::CohortDefinition) -> impl IntoView {
    let engine = use_engine();
    let words = RwSignal::new(None::<String>);
    leptos::task::spawn_local(async move {
        // Without an answer the name alone is shown: the words are an aid, not the plan.
        if let Ok(described) = engine.call(DescribeCohort { dataset: None, definition }).await {
            words.try_set(Some(described.text));
        }
    });
    view! {
        {name}
        {move || words.get().map(|words| view! { <span class="muted small preline">{words}</span> })}
    }
}
