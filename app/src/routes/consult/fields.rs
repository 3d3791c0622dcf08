//! The fields of the question: treatment, outcome, and one a characteristic, made from what is in the dataset.

use leptos::prelude::*;
use model::dataset::ColumnRole;
use protocol::VariableInfo;

use super::form::{ConsultForm, characteristics, event_after, field_id, shown_name, treatments, unit_of, with_role};
use crate::components::*;
use crate::figures::scale::plain_number;
use crate::format::variable::VariableWords;

/// Problems by field id.
pub(super) type Problems = RwSignal<Vec<(String, String)>>;

/// What is wrong with a field.
pub(super) fn problem_of(problems: Problems, field: String) -> Signal<Option<String>> {
    Signal::derive(move || {
        problems.with(|problems| problems.iter().find(|(id, _)| *id == field).map(|(_, words)| words.clone()))
    })
}

fn options(found: Vec<&VariableInfo>, missing: &str) -> Vec<(String, String)> {
    let mut options = vec![(String::new(), missing.to_owned())];
    options.extend(found.into_iter().map(|variable| (variable.name.clone(), shown_name(variable))));
    options
}

/// Which treatment, which outcome.
#[component]
pub(super) fn OutcomeFields(
    form: RwSignal<ConsultForm>,
    variables: StoredValue<Vec<VariableInfo>>,
    problems: Problems,
) -> impl IntoView {
    let (treatment, duration, event) = variables.with_value(|all| {
        (
            options(treatments(all), "Choose the treatment"),
            options(with_role(all, ColumnRole::Duration), "Choose the time"),
            options(with_role(all, ColumnRole::Event), "Choose the event"),
        )
    });
    let has_outcome = duration.len() > 1 && event.len() > 1;
    let value = move |get: fn(&ConsultForm) -> &String| Signal::derive(move || form.with(|form| get(form).clone()));
    let set_duration = move |name: String| {
        variables.with_value(|all| {
            form.update(|form| {
                if let Some(event) = event_after(all, &name) {
                    form.event = event;
                }
                if let Some(variable) = all.iter().find(|variable| variable.name == name) {
                    form.unit = unit_of(variable);
                }
                form.duration = name;
            });
        });
    };
    view! {
        <Section title="What is asked">
            {(!has_outcome).then(|| view! {
                <Notice kind=NoticeKind::Warn title="These data name no outcome">
                    <p>"A time and an event column are needed. They are named when a file is imported: import it again and say which they are."</p>
                </Notice>
            })}
            <Card>
                <div class="grid">
                    <Select
                        label="Treatments to set side by side"
                        value=value(|form| &form.treatment)
                        options=Signal::stored(treatment)
                        on_change=move |name: String| form.update(|form| form.treatment = name)
                        error=problem_of(problems, "consult-treatment".to_owned())
                    />
                    <Select
                        label="Time to the outcome"
                        value=value(|form| &form.duration)
                        options=Signal::stored(duration)
                        on_change=set_duration
                        error=problem_of(problems, "consult-duration".to_owned())
                    />
                    <Select
                        label="Outcome (the event)"
                        value=value(|form| &form.event)
                        options=Signal::stored(event)
                        on_change=move |name: String| form.update(|form| form.event = name)
                        error=problem_of(problems, "consult-event".to_owned())
                    />
                </div>
            </Card>
        </Section>
    }
}

/// One field a characteristic. They are made anew when treatment or outcome change, since those leave the list.
#[component]
pub(super) fn PatientFields(
    form: RwSignal<ConsultForm>,
    variables: StoredValue<Vec<VariableInfo>>,
    problems: Problems,
) -> impl IntoView {
    let shown = Memo::new(move |_| {
        form.with(|form| {
            variables.with_value(|all| {
                characteristics(all, form).into_iter().map(|variable| variable.name.clone()).collect::<Vec<_>>()
            })
        })
    });
    view! {
        <Section title="The patient" lead="What is known before the treatment. Leave empty what you do not know. No name, no birth date, no record number.">
            <Card>
                <div class="grid consult__fields">
                    <For each=move || shown.get() key=|name| name.clone() let(name)>
                        <PatientField name=name form=form variables=variables problems=problems/>
                    </For>
                </div>
            </Card>
        </Section>
    }
}

#[component]
fn PatientField(
    name: String,
    form: RwSignal<ConsultForm>,
    variables: StoredValue<Vec<VariableInfo>>,
    problems: Problems,
) -> impl IntoView {
    let Some(variable) = variables.with_value(|all| all.iter().find(|variable| variable.name == name).cloned()) else {
        return ().into_any();
    };
    let error = problem_of(problems, field_id(&name));
    let value = {
        let name = name.clone();
        Signal::derive(move || form.with(|form| form.patient.get(&name).cloned()).unwrap_or_default())
    };
    let set = move |text: String| {
        form.update(|form| {
            form.patient.insert(name.clone(), text);
        });
    };
    let unit = variable.unit.as_ref().map(|unit| format!(" ({unit})")).unwrap_or_default();
    let label = format!("{}{unit}", shown_name(&variable));
    if variable.levels.is_empty() {
        let hint = variable
            .min
            .zip(variable.max)
            .map(|(min, max)| format!("{} to {} in this record", plain_number(min), plain_number(max)));
        view! { <TextInput label=label value=value on_input=set error=error hint=hint/> }.into_any()
    } else {
        let mut levels = vec![(String::new(), "not known".to_owned())];
        let words = VariableWords::of(&variable);
        levels.extend(variable.levels.iter().map(|(level, _)| (level.clone(), words.level(level))));
        view! { <Select label=label value=value options=Signal::stored(levels) on_change=set error=error/> }.into_any()
    }
}
