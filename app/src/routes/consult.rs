//! Similar patients: what became of those in the record who are most like this one, by treatment.

pub mod form;

mod answer;
mod fields;

use leptos::prelude::*;
use model::consult::{ConsultAnswer, ConsultQuestion};
use model::dataset::{DatasetId, DatasetShape};
use protocol::{Consult, DatasetContents, VariableInfo};

use crate::components::*;
use crate::stores::datasets::use_current_dataset;
use crate::stores::engine::{Task, use_engine};
use crate::stores::scope::use_contents;

use answer::Answer;
use fields::{OutcomeFields, PatientFields};
use form::{beyond_record, propose, question};

/// Similar patients.
#[component]
pub fn ConsultPage() -> impl IntoView {
    let current = use_current_dataset();
    let dataset = Memo::new(move |_| current.get().map(|header| header.id));
    let contents = use_contents(dataset);
    view! {
        <PageHeader
            title="Consult the record"
            lead="Describe one patient, and read what became of the most similar ones under each treatment."
        />
        <div class="stack stack--l">
            <DatasetPicker/>
            <AsyncPanel
                load=contents.load
                doing="Reading what is in the data\u{2026}"
                idle=|| view! { <p class="muted">"Choose the dataset first."</p> }
                full=|contents: DatasetContents| {
                    if contents.header.shape == DatasetShape::Record {
                        view! { <NeedsFlat/> }.into_any()
                    } else {
                        view! { <Ask dataset=contents.header.id variables=contents.variables/> }.into_any()
                    }
                }
            />
        </div>
    }
}

#[component]
fn NeedsFlat() -> impl IntoView {
    view! {
        <EmptyState title="This screen reads files with one row a patient">
            <p>
                "The chosen dataset is a full record with dated events. Consulting those comes later; until then, \
                 a comparison with the cohort you have in mind answers a similar question."
            </p>
            <div class="row"><LinkButton label="Compare" href="/compare"/></div>
        </EmptyState>
    }
}

#[component]
fn Ask(dataset: DatasetId, variables: Vec<VariableInfo>) -> impl IntoView {
    let form = RwSignal::new(propose(&variables));
    let problems = RwSignal::new(Vec::<(String, String)>::new());
    let beyond = RwSignal::new(Vec::<String>::new());
    let asked = RwSignal::new(None::<ConsultQuestion>);
    let answer = Task::<ConsultAnswer>::new();
    let engine = use_engine();
    let variables = StoredValue::new(variables);
    let ask = Callback::new(move |()| {
        let made = form.with_untracked(|form| variables.with_value(|variables| question(form, variables)));
        match made {
            Ok(question) => {
                problems.set(Vec::new());
                beyond
                    .set(form.with_untracked(|form| variables.with_value(|variables| beyond_record(form, variables))));
                asked.set(Some(question.clone()));
                answer.run(engine, Consult { dataset: dataset.clone(), question });
            }
            Err(found) => problems.set(found),
        }
    });
    view! {
        <form
            class="stack stack--l"
            on:submit=move |event| {
                event.prevent_default();
                ask.run(());
            }
        >
            <OutcomeFields form=form variables=variables problems=problems/>
            <PatientFields form=form variables=variables problems=problems/>
            {move || {
                let general = problems.with(|problems| problems.iter().find(|(field, _)| field == "consult-patient").cloned());
                let any = problems.with(|problems| !problems.is_empty());
                general
                    .map(|(_, words)| words)
                    .or_else(|| any.then(|| "Please correct the fields marked above.".to_owned()))
                    .map(|words| view! { <p class="field__error" role="alert">{words}</p> })
            }}
            <div class="row">
                <button type="submit" class="button button--primary">"Find similar patients"</button>
                <span class="small muted">"Nothing that you type here is stored or sent."</span>
            </div>
        </form>
        <AsyncPanel
            load=answer.load
            doing="Looking for similar patients\u{2026}"
            retry=ask
            on_cancel=Callback::new(move |()| answer.cancel())
            full=move |answer: ConsultAnswer| {
                let asked = asked.get_untracked();
                view! { <Answer answer=answer asked=asked beyond=beyond.get_untracked() form=form variables=variables/> }
            }
        />
    }
}
