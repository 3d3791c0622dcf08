//! Similar patients: what became of those in the record who are most like this one, by treatment.

pub mod form;

mod answer;
mod fields;
mod record;
pub mod record_form;

use leptos::prelude::*;
use model::consult::ConsultAnswer;
use model::dataset::{DatasetId, DatasetShape};
use protocol::{Consult, DatasetContents, VariableInfo};

use crate::components::*;
use crate::format::variable::VariableWords;
use crate::stores::datasets::use_current_dataset;
use crate::stores::engine::{Task, use_engine};
use crate::stores::scope::use_contents;

use answer::{Answer, Asked};
use fields::{OutcomeFields, PatientFields, Problems};
use form::{beyond_record, patient_words, propose, question};
use record::AskRecord;

/// Id of the form.
const FORM: &str = "consult-form";

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
                idle=|| view! { <ChooseDataset what="the fields for the patient follow from what it holds."/> }
                full=|contents: DatasetContents| {
                    if contents.header.shape == DatasetShape::Record {
                        view! { <AskRecord contents=StoredValue::new(contents)/> }.into_any()
                    } else {
                        view! { <Ask dataset=contents.header.id variables=contents.variables/> }.into_any()
                    }
                }
            />
        </div>
    }
}

#[component]
fn Ask(dataset: DatasetId, variables: Vec<VariableInfo>) -> impl IntoView {
    let form = RwSignal::new(propose(&variables));
    let problems = RwSignal::new(Vec::<(String, String)>::new());
    let asked = RwSignal::new(Asked::default());
    let answer = Task::<ConsultAnswer>::new();
    let engine = use_engine();
    let variables = StoredValue::new(variables);
    let ask = Callback::new(move |()| {
        let made = form.with_untracked(|form| variables.with_value(|variables| question(form, variables)));
        match made {
            Ok(question) => {
                problems.set(Vec::new());
                asked.set(form.with_untracked(|form| {
                    variables.with_value(|variables| Asked {
                        outcome: question.outcome.name().to_owned(),
                        treatment: question.treatment.clone(),
                        unit: form.unit.word(),
                        patient: patient_words(form, variables),
                        beyond: beyond_record(form, variables),
                        words: variables.iter().map(|v| (v.name.clone(), VariableWords::of(v))).collect(),
                    })
                }));
                answer.run(engine, Consult { dataset: dataset.clone(), question });
            }
            Err(found) => {
                problems.set(found);
                focus_first_invalid(FORM);
            }
        }
    });
    view! {
        <Question ask=ask answer=answer asked=asked problems=problems>
            <OutcomeFields form=form variables=variables problems=problems/>
            <PatientFields form=form variables=variables problems=problems/>
        </Question>
    }
}

/// The form of a question, and what came of it below.
#[component]
fn Question(
    ask: Callback<()>,
    answer: Task<ConsultAnswer>,
    asked: RwSignal<Asked>,
    problems: Problems,
    /// The fields.
    children: Children,
) -> impl IntoView {
    view! {
        <form
            class="stack stack--l"
            id=FORM
            on:submit=move |event| {
                event.prevent_default();
                ask.run(());
            }
        >
            {children()}
            <FormProblems problems=problems/>
            <div class="row">
                <button type="submit" class="button button--primary">"Find similar patients"</button>
                <span class="small muted">"Nothing that you type here is stored or sent, unless you write down a decision from it."</span>
            </div>
        </form>
        // Said aloud when it is there; all of it at once would be too much to hear.
        <p class="visually-hidden" role="status">{move || answer.load.with(|load| load.ready().map(answer::said))}</p>
        <AsyncPanel
            load=answer.load
            doing="Looking for similar patients\u{2026}"
            retry=ask
            on_cancel=Callback::new(move |()| answer.cancel())
            full=move |answer: ConsultAnswer| view! { <Answer answer=answer asked=asked.get_untracked()/> }
        />
    }
}

/// What is wrong with the question as a whole, or that fields above need a look.
#[component]
fn FormProblems(problems: Problems) -> impl IntoView {
    move || {
        let general = problems.with(|problems| problems.iter().find(|(field, _)| field == "consult-patient").cloned());
        let any = problems.with(|problems| !problems.is_empty());
        general
            .map(|(_, words)| words)
            .or_else(|| any.then(|| "Please correct the fields marked above.".to_owned()))
            .map(|words| view! { <p class="field__error" role="alert">{words}</p> })
    }
}
