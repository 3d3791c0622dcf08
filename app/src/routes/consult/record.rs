//! Consulting a full record: treatments by cohort or concept, the outcome by event, the patient by what was known before.

use leptos::prelude::*;
use model::concept::Domain;
use model::consult::ConsultAnswer;
use model::study::StudyArm;
use protocol::{ConsultRecord, DatasetContents};

use super::Question;
use super::answer::Asked;
use super::fields::{Problems, problem_of};
use super::record_form::{AGE, OUTCOME, RecordForm, TREATMENTS, treated_with};
use crate::components::*;
use crate::routes::cohort_editor::MaybeNumber;
use crate::routes::cohort_editor::covariate_fields::{AddEventCovariate, EventCovariate, Reading};
use crate::routes::cohort_editor::draft::EventDraft;
use crate::routes::cohort_editor::entry::whole;
use crate::routes::cohort_editor::event_fields::EventFields;
use crate::stores::engine::{Task, use_engine};
use crate::stores::scope::use_cohorts;

/// The question and its answer.
#[component]
pub(super) fn AskRecord(contents: StoredValue<DatasetContents>) -> impl IntoView {
    let form = RwSignal::new(RecordForm::default());
    let problems = RwSignal::new(Vec::<(String, String)>::new());
    let asked = RwSignal::new(Asked::default());
    let answer = Task::<ConsultAnswer>::new();
    let engine = use_engine();
    let ask = Callback::new(move |()| match form.with_untracked(RecordForm::question) {
        Ok(question) => {
            problems.set(Vec::new());
            asked.set(form.with_untracked(|form| Asked {
                outcome: form.outcome_name(),
                treatment: "treatment".to_owned(),
                unit: "days",
                patient: form.patient_words(),
                beyond: Vec::new(),
                words: Vec::new(),
            }));
            let dataset = contents.with_value(|contents| contents.header.id.clone());
            answer.run(engine, ConsultRecord { dataset, question });
        }
        Err(found) => {
            problems.set(found);
            focus_first_invalid(super::FORM);
        }
    });
    view! {
        <Question ask=ask answer=answer asked=asked problems=problems>
            <Treatments form=form contents=contents problems=problems/>
            <OutcomeField form=form contents=contents problems=problems/>
            <Patient form=form contents=contents problems=problems/>
        </Question>
    }
}

/// The words of a problem that belongs to a group of fields.
#[component]
fn GroupProblem(problems: Problems, field: &'static str) -> impl IntoView {
    let problem = problem_of(problems, field.to_owned());
    move || problem.get().map(|words| view! { <p class="field__error" role="alert">{words}</p> })
}

/// Which treatments: by event, or saved cohorts.
#[component]
fn Treatments(form: RwSignal<RecordForm>, contents: StoredValue<DatasetContents>, problems: Problems) -> impl IntoView {
    let fresh = || EventDraft { domain: Some(Domain::Drug), ..EventDraft::default() };
    let event = RwSignal::new(fresh());
    let prior_days = RwSignal::new(0_u32);
    let has_concept = move || event.with(|event| !event.concepts.is_empty());
    let add = move || {
        form.update(|form| form.add_treatment(treated_with(&event.get_untracked(), prior_days.get_untracked())));
        event.set(fresh());
    };
    let names = move || form.with(|form| form.treatments.iter().map(|arm| arm.name.clone()).collect::<Vec<_>>());
    view! {
        <Section
            title="Treatments to set side by side"
            lead="The index date is the day somebody began one of them. Everybody counts once, with the first they began."
        >
            <Chips
                label="Treatments chosen"
                names=Signal::derive(names)
                on_remove=move |name: String| form.update(|form| form.treatments.retain(|arm| arm.name != name))
            />
            <GroupProblem problems=problems field=TREATMENTS/>
            <Card>
                <EventFields contents=contents event=event.into() on_change=move |changed: EventDraft| event.set(changed)/>
                <NumberInput
                    label="Observed before for at least"
                    unit="days"
                    min=0.0
                    value=Signal::derive(move || Some(f64::from(prior_days.get())))
                    hint="So that what was known before is known: 0 asks for none."
                    on_change=move |days: MaybeNumber| prior_days.set(whole(days))
                />
                <div class="row">
                    <Button label="Add treatment" icon=IconName::Plus disabled=Signal::derive(move || !has_concept()) on_click=add/>
                </div>
                <SavedTreatments form=form contents=contents/>
            </Card>
        </Section>
    }
}

/// Saved cohorts as treatments.
#[component]
fn SavedTreatments(form: RwSignal<RecordForm>, contents: StoredValue<DatasetContents>) -> impl IntoView {
    let shelf = use_cohorts();
    let mine = Memo::new(move |_| contents.with_value(|contents| shelf.now().of(&contents.header.id)));
    let options = Signal::derive(move || {
        let mut options = vec![(String::new(), "Choose a cohort".to_owned())];
        mine.with(|mine| {
            options.extend(mine.iter().map(|cohort| (cohort.id.clone(), cohort.definition.name.clone())));
        });
        options
    });
    let take = move |id: String| {
        let found = mine.with_untracked(|mine| mine.iter().find(|cohort| cohort.id == id).cloned());
        if let Some(cohort) = found {
            let arm = StudyArm { name: cohort.definition.name.clone(), cohort: cohort.definition };
            form.update(|form| form.add_treatment(arm));
        }
    };
    view! {
        <Show when=move || !mine.with(Vec::is_empty)>
            <Select label="Or a saved cohort as a treatment" value="" options=options on_change=take/>
        </Show>
    }
}

/// Which outcome.
#[component]
fn OutcomeField(
    form: RwSignal<RecordForm>,
    contents: StoredValue<DatasetContents>,
    problems: Problems,
) -> impl IntoView {
    let death = move || {
        form.update(|form| form.outcome = EventDraft { domain: Some(Domain::Death), ..EventDraft::default() });
    };
    view! {
        <Section title="Outcome" lead="The first such event from the day after the index date on.">
            <GroupProblem problems=problems field=OUTCOME/>
            <Card>
                <div class="row">
                    <Button label="Use death from any cause" small=true on_click=death/>
                    <span class="small muted">"or describe the event."</span>
                </div>
                <EventFields
                    contents=contents
                    event=Signal::derive(move || form.with(|form| form.outcome.clone()))
                    on_change=move |event: EventDraft| form.update(|form| form.outcome = event)
                />
                <Checkbox
                    label="Leave out who had it before"
                    value=Signal::derive(move || form.with(|form| form.is_first_outcome))
                    on_change=move |on: bool| form.update(|form| form.is_first_outcome = on)
                />
            </Card>
        </Section>
    }
}

/// Id of the fields, which take the focus when one of them goes.
const KNOWN: &str = "consult-known";

/// What is known of the patient.
#[component]
fn Patient(form: RwSignal<RecordForm>, contents: StoredValue<DatasetContents>, problems: Problems) -> impl IntoView {
    let keys = Memo::new(move |_| form.with(|form| form.traits.iter().map(|t| t.key).collect::<Vec<_>>()));
    let sexes = ["", "female", "male", "other", "unknown"]
        .map(|sex| (sex.to_owned(), if sex.is_empty() { "not known" } else { sex }.to_owned()));
    view! {
        <Section
            title="The patient"
            lead="What is known before the treatment. Leave empty what you do not know. No name, no birth date, no record number."
        >
            <Card>
                <div class="grid consult__fields" id=KNOWN tabindex="-1" role="group" aria-label="What is known of the patient">
                    <TextInput
                        label="Age (years)"
                        value=move || form.with(|form| form.age.clone())
                        on_input=move |text: String| form.update(|form| form.age = text)
                        error=problem_of(problems, AGE.to_owned())
                    />
                    <Select
                        label="Sex"
                        value=move || form.with(|form| form.sex.clone())
                        options=sexes.to_vec()
                        on_change=move |sex: String| form.update(|form| form.sex = sex)
                    />
                    <For each=move || keys.get() key=|key| *key let(key)>
                        <TraitField form=form key_=key problems=problems/>
                    </For>
                </div>
                <AddEventCovariate
                    contents=contents
                    summary="Add a diagnosis, a drug or a laboratory value"
                    label="Add characteristic"
                    on_add=move |asked: EventCovariate| form.update(|form| form.add_trait(asked))
                />
            </Card>
        </Section>
    }
}

#[component]
fn TraitField(form: RwSignal<RecordForm>, key_: u32, problems: Problems) -> impl IntoView {
    let key = key_;
    let Some(found) = form.with_untracked(|form| form.by_key(key).cloned()) else {
        return ().into_any();
    };
    let name = found.covariate.name();
    let window = match found.covariate.days {
        Some(days) => format!("in the {days} days before"),
        None => "ever before".to_owned(),
    };
    let label = format!("{name} ({window})");
    let value = Signal::derive(move || form.with(|form| form.by_key(key).map(|t| t.value.clone())).unwrap_or_default());
    let set = move |value: String| form.update(|form| form.set_value(key, value));
    let error = problem_of(problems, found.field());
    let field = if found.covariate.reading == Reading::Has {
        let options = [("", "not known"), ("yes", "yes"), ("no", "no")]
            .map(|(value, words)| (value.to_owned(), words.to_owned()))
            .to_vec();
        view! { <Select label=label value=value options=options on_change=set error=error/> }.into_any()
    } else {
        view! { <TextInput label=label value=value on_input=set error=error/> }.into_any()
    };
    view! {
        <div>
            {field}
            <Button
                label="Remove"
                kind=ButtonKind::Link
                aria_label=format!("Remove {name}")
                on_click=move || {
                    form.update(|form| form.traits.retain(|t| t.key != key));
                    focus_soon(|| KNOWN.to_owned());
                }
            />
        </div>
    }
    .into_any()
}
