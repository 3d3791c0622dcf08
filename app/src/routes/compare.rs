//! Compare: a question, a look at its design, the outcomes as they are, the outcomes adjusted. In this order: the
//! outcomes open after index date and balance were looked at.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use protocol::DatasetContents;

use crate::components::*;
use crate::stores::datasets::use_dataset_id;
use crate::stores::engine::{Load, storage_error, use_engine};
use crate::stores::scope::{read_contents, use_contents, use_query_text};
use crate::stores::studies::{self, SavedStudy};

mod adjusted;
mod arms;
mod covariates;
pub(crate) mod curves;
mod deaths;
mod design;
#[cfg(test)]
mod fixture;
pub mod form;
mod locked;
pub(crate) mod names;
mod outcome;
mod outcome_fields;
mod question;
mod state;
mod tables;
pub mod words;

use state::{Step, Study};

/// Id of what a part shows.
const STEP: &str = "study-part";

/// What a study begins from: a saved one, or nothing yet.
type Opened = Option<SavedStudy>;

/// Compare.
#[component]
pub fn ComparePage() -> impl IntoView {
    let dataset = use_dataset_id();
    let contents = use_contents(dataset);
    let engine = use_engine();
    let plan_id = use_query_text("plan");
    let opened = RwSignal::new(Load::<Opened>::loading());
    // The id that this very study was saved under: the address changed because of it, nothing is read again.
    let saved_as = StoredValue::new(None::<String>);
    Effect::new(move |_| {
        let id = plan_id.get();
        if id.is_some() && saved_as.get_value() == id {
            return;
        }
        saved_as.set_value(None);
        let Some(id) = id else {
            opened.set(Load::Ready(None));
            return;
        };
        opened.set(Load::loading());
        spawn_local(async move {
            let load = match studies::get(&id).await {
                Ok(Some(study)) => Load::Ready(Some(study)),
                Ok(None) => Load::Failed(protocol::EngineError::NotFound { what: "This study".to_owned() }),
                Err(error) => Load::Failed(storage_error(&error)),
            };
            opened.try_set(load);
        });
    });
    view! {
        <PageHeader
            title="Compare"
            lead="What happened to patients treated one way or another. First the question, then its design, then the outcomes."
        />
        <div class="stack stack--l">
            <DatasetPicker/>
            <AsyncPanel
                load=contents.load
                doing="Opening the dataset…"
                idle=|| view! { <ChooseDataset what="a comparison is made on one."/> }
                retry=move || read_contents(contents, engine, dataset.get_untracked())
                full=move |contents: DatasetContents| {
                    let contents = StoredValue::new(contents);
                    view! {
                        <AsyncPanel
                            load=opened
                            doing="Opening the study…"
                            full=move |opened: Opened| view! { <StudyBody opened=opened contents=contents saved_as=saved_as/> }
                        />
                    }
                }
            />
        </div>
    }
}

#[component]
fn StudyBody(
    opened: Opened,
    contents: StoredValue<DatasetContents>,
    saved_as: StoredValue<Option<String>>,
) -> impl IntoView {
    let study = Study::new(opened, contents, saved_as);
    let step = study.step;
    // A new part begins at its top, and who listens is told which it is.
    Effect::new(move |before: Option<Step>| {
        let now = step.get();
        if before.is_some_and(|before| before != now) {
            begin_part(STEP);
        }
        now
    });
    view! {
        <Stepper study=study/>
        {move || study.problem.get().map(|problem| view! {
            <Notice kind=NoticeKind::Error title="The study was not saved"><p>{problem}</p></Notice>
        })}
        <div class="study part" id=STEP tabindex="-1" role="group" aria-label=move || step.get().title()>
            {move || match step.get() {
                Step::Question => view! { <question::QuestionStep study=study/> }.into_any(),
                Step::Design => view! { <design::DesignStep study=study/> }.into_any(),
                Step::Outcome => view! { <outcome::OutcomeStep study=study/> }.into_any(),
                Step::Adjusted => view! { <adjusted::AdjustedStep study=study/> }.into_any(),
            }}
        </div>
    }
}

/// The four parts, as links: the address holds the part.
#[component]
fn Stepper(study: Study) -> impl IntoView {
    view! {
        <nav class="stepper" aria-label="Parts of the comparison">
            <ol>
                {Step::ALL
                    .into_iter()
                    .enumerate()
                    .map(|(place, step)| {
                        let is_open = move || study.is_reachable(step);
                        let is_locked = move || is_open() && study.is_locked(step);
                        view! {
                            <li class="stepper__item" data-state=move || study.state_of(step)>
                                <button
                                    type="button"
                                    class="stepper__button"
                                    aria-current=move || (study.step.get() == step).then_some("step")
                                    disabled=move || !is_open()
                                    on:click=move |_| study.go(step)
                                >
                                    <span class="stepper__number" aria-hidden="true">{place + 1}</span>
                                    <span class="stepper__words">
                                        {step.title()}
                                        <span class="stepper__state">
                                            {move || if is_locked() { "locked" } else { "" }}
                                        </span>
                                    </span>
                                </button>
                            </li>
                        }
                    })
                    .collect_view()}
            </ol>
        </nav>
    }
}

/// Navigation within the page that keeps the scroll position.
fn quiet(replace: bool) -> NavigateOptions {
    NavigateOptions { replace, scroll: false, ..NavigateOptions::default() }
}

/// A function that goes to an address of this study.
fn use_go() -> Callback<(String, bool)> {
    let navigate = use_navigate();
    Callback::new(move |(href, replace): (String, bool)| navigate(&href, quiet(replace)))
}
