//! A decision being written.

use leptos::prelude::*;

use super::JournalHandle;
use super::writing::{SaveOrCancel, Writing};
use crate::components::*;
use crate::stores::decisions::{self, DecisionForm, FormProblem};

/// What is wrong with a field.
fn words_about(problems: RwSignal<Vec<FormProblem>>, field: &'static str) -> Signal<Option<String>> {
    Signal::derive(move || {
        problems.with(|problems| {
            problems.iter().find(|problem| problem.field == field).map(|problem| problem.words.clone())
        })
    })
}

/// A decision being written.
#[component]
pub(super) fn WriteDecision(
    /// What the fields hold at first.
    begun: DecisionForm,
    /// Where it goes.
    journal: JournalHandle,
    /// Called when it is saved or given up.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let form = RwSignal::new(begun);
    let problems = RwSignal::new(Vec::<FormProblem>::new());
    let writing = Writing::new(journal);
    let error = move |field| words_about(problems, field);
    let field = move |get: fn(&DecisionForm) -> &String| Signal::derive(move || form.with(|form| get(form).clone()));
    let set =
        move |get: fn(&mut DecisionForm) -> &mut String| move |text: String| form.update(|form| *get(form) = text);
    let save = move || match form.with_untracked(|form| form.check(&web::clock::today())) {
        Err(found) => {
            problems.set(found);
            focus_first_invalid(super::FORM);
        }
        Ok(decision) => {
            problems.set(Vec::new());
            let done = format!("The decision \u{201c}{}\u{201d} is saved on this device.", decision.label);
            writing.run(async move { decisions::add(&decision).await }, done, move || {
                on_close.try_run(());
            });
        }
    };
    view! {
        <Card title="A decision" is_section=true>
            <div class="stack">
                <TextInput
                    label="Label"
                    value=field(|form| &form.label)
                    on_input=set(|form| &mut form.label)
                    error=error("decision-label")
                    hint="Never a name, a birth date or a record number. Something only you understand: bed 4, Tuesday."
                />
                <TextArea
                    label="Situation" hint="May be left empty."
                    value=field(|form| &form.situation)
                    on_input=set(|form| &mut form.situation)
                    rows=3
                />
                <div class="grid">
                    <TextArea
                        label="What is decided"
                        value=field(|form| &form.decided)
                        on_input=set(|form| &mut form.decided)
                        error=error("decision-decided")
                        rows=3
                    />
                    <TextArea
                        label="What else was an option" hint="May be left empty."
                        value=field(|form| &form.alternatives)
                        on_input=set(|form| &mut form.alternatives)
                        rows=3
                    />
                </div>
                <TextArea
                    label="What do you expect to happen?"
                    value=field(|form| &form.expected)
                    on_input=set(|form| &mut form.expected)
                    error=error("decision-expected")
                    rows=2
                    hint="So that somebody else could say later whether it came true."
                />
                <div class="grid">
                    <TextInput
                        label="How likely, in percent"
                        value=field(|form| &form.percent)
                        on_input=set(|form| &mut form.percent)
                        error=error("decision-percent")
                        hint="May be left empty."
                    />
                    <TextInput
                        label="By which day should it show?"
                        kind="date"
                        value=field(|form| &form.due_on)
                        on_input=set(|form| &mut form.due_on)
                        error=error("decision-due")
                    />
                </div>
                <TextArea
                    label="Based on"
                    value=field(|form| &form.based_on)
                    on_input=set(|form| &mut form.based_on)
                    rows=2
                    hint="Findings, a consult, a guideline: one a line."
                />
                {move || (!problems.get().is_empty()).then(|| view! {
                    <p class="field__error" role="alert">"Not saved yet: see the fields marked above."</p>
                })}
                <SaveOrCancel
                    writing=writing
                    label="Save the decision"
                    on_save=save
                    on_cancel=move || on_close.run(())
                />
            </div>
        </Card>
    }
}
