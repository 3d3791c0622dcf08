//! The outcome: two columns of a flat file, or an event of a record.

use leptos::prelude::*;
use model::cohort::EventQuery;
use model::concept::Domain;
use model::dataset::{ColumnKind, ColumnRole, DatasetShape};
use model::study::{EventColumns, Outcome, TimeUnit};
use protocol::VariableInfo;

use super::deaths::DeathsNote;
use super::form::{columns_outcome, horizons, outcome_pairs, unit_of};
use super::state::Study;
use crate::components::*;
use crate::format::variable::name_and_label;
use crate::routes::cohort_editor::MaybeNumber;
use crate::routes::cohort_editor::draft::EventDraft;
use crate::routes::cohort_editor::entry::whole;
use crate::routes::cohort_editor::event_fields::EventFields;
use crate::routes::cohort_editor::words;

/// The outcome.
#[component]
pub fn OutcomeFields(study: Study) -> impl IntoView {
    let is_record = study.contents.with_value(|contents| contents.header.shape == DatasetShape::Record);
    let fields = if is_record {
        view! { <EventOutcome study=study/> }.into_any()
    } else {
        view! { <ColumnsOutcome study=study/> }.into_any()
    };
    view! { {fields} <DeathsNote study=study/> }
}

const UNITS: [TimeUnit; 4] = [TimeUnit::Days, TimeUnit::Weeks, TimeUnit::Months, TimeUnit::Years];

#[component]
fn ColumnsOutcome(study: Study) -> impl IntoView {
    let form = study.form;
    let variables = study.contents.with_value(|contents| contents.variables.clone());
    let durations = columns(&variables, ColumnRole::Duration);
    let events = columns(&variables, ColumnRole::Event);
    let pairs: Vec<(String, Outcome)> = outcome_pairs(&variables)
        .into_iter()
        .map(|(duration, event)| (duration.name.clone(), columns_outcome(duration, event)))
        .collect();
    let pairs = StoredValue::new(pairs);
    let variables = StoredValue::new(variables);
    let read = move || match form.with(|form| form.outcome.clone()) {
        Some(Outcome::Columns { name, duration, event, unit, .. }) => (name, duration, event, unit),
        _ => (String::new(), String::new(), String::new(), TimeUnit::Days),
    };
    // The other event of an outcome that is the first of two; another duration or event makes another outcome of it.
    let other = move || {
        form.with_untracked(|form| match &form.outcome {
            Some(Outcome::Columns { or, .. }) => or.clone(),
            _ => None,
        })
    };
    let write = move |name: String, duration: String, event: String, unit: TimeUnit, or: Option<EventColumns>| {
        let is_whole = !duration.is_empty() && !event.is_empty();
        form.update(|form| form.outcome = is_whole.then_some(Outcome::Columns { name, duration, event, unit, or }));
    };
    // Another duration brings its own event and its own horizons.
    let choose_duration = move |chosen: String| {
        let paired = pairs
            .with_value(|pairs| pairs.iter().find(|(name, _)| *name == chosen).map(|(_, outcome)| outcome.clone()));
        let info = variables.with_value(|all| all.iter().find(|variable| variable.name == chosen).cloned());
        let Some(info) = info else {
            return;
        };
        let horizons = horizons(unit_of(&info), info.max);
        match paired {
            Some(outcome) => form.update(|form| form.outcome = Some(outcome)),
            None => {
                let (name, _, event, _) = read();
                write(name, chosen, event, unit_of(&info), None);
            }
        }
        form.update(|form| form.settings.horizons = horizons);
    };
    let choose_event = move |chosen: String| {
        let (_, duration, _, unit) = read();
        let label = variables.with_value(|all| {
            all.iter().find(|variable| variable.name == chosen).map(|variable| variable.label.to_lowercase())
        });
        let name = label.filter(|label| !label.is_empty()).unwrap_or_else(|| chosen.clone());
        write(name, duration, chosen, unit, None);
    };
    view! {
        <div class="grid">
            <Select label="Duration (to event or last follow-up)" value=move || read().1 options=durations on_change=choose_duration/>
            <Select label="Event (1 observed, 0 censored)" value=move || read().2 options=events on_change=choose_event/>
            <Select
                label="Unit of the duration"
                value=move || read().3.word().to_owned()
                options=UNITS.map(|unit| (unit.word().to_owned(), unit.word().to_owned())).to_vec()
                on_change=move |word: String| {
                    let (name, duration, event, _) = read();
                    let unit = UNITS.into_iter().find(|unit| unit.word() == word).unwrap_or_default();
                    write(name, duration, event, unit, other());
                }
            />
            <TextInput
                label="Name of the outcome"
                value=move || read().0
                hint="As it will be read: recurrence-free survival, death."
                on_input=move |name: String| {
                    let (_, duration, event, unit) = read();
                    write(name, duration, event, unit, other());
                }
            />
        </div>
    }
}

/// Columns that could play a role: those that have it first, then other numbers.
fn columns(variables: &[VariableInfo], role: ColumnRole) -> Vec<(String, String)> {
    let mut options = vec![(String::new(), "Choose a column".to_owned())];
    let words = |variable: &VariableInfo| (variable.name.clone(), name_and_label(variable));
    options.extend(variables.iter().filter(|variable| variable.role == role).map(words));
    options.extend(
        variables
            .iter()
            .filter(|variable| variable.role != role && variable.kind == ColumnKind::Number)
            .filter(|variable| !matches!(variable.role, ColumnRole::Duration | ColumnRole::Event))
            .map(words),
    );
    options
}

#[component]
fn EventOutcome(study: Study) -> impl IntoView {
    let form = study.form;
    let read = move || match form.with(|form| form.outcome.clone()) {
        Some(Outcome::Event { name, concept_sets, event, washout_days, or_death }) => {
            (name, EventDraft::from_query(&event, &concept_sets), washout_days, or_death)
        }
        _ => (String::new(), EventDraft::default(), None, false),
    };
    let write = move |name: String, event: &EventDraft, washout_days: Option<u32>, or_death: bool| {
        let mut concept_sets = Vec::new();
        let query: EventQuery = event.query(&mut concept_sets);
        // An outcome of any event at all is no outcome.
        let says_which = query.domain.is_some() || query.concept_set.is_some();
        form.update(|form| {
            form.outcome =
                says_which.then_some(Outcome::Event { name, concept_sets, event: query, washout_days, or_death });
        });
    };
    // A name made from the event follows it; one that was given stays.
    let change = move |event: EventDraft, or_death: bool| {
        let (name, before, washout, had_death) = read();
        let or_death = or_death && !is_death(&event);
        let automatic = name.is_empty() || name == event_name(&before, had_death);
        let name = if automatic { event_name(&event, or_death) } else { name };
        write(name, &event, washout, or_death);
    };
    let change_event = move |event: EventDraft| change(event, read().3);
    let change_deaths = move |or_death: bool| change(read().1, or_death);
    let death = move || {
        let event = EventDraft { domain: Some(Domain::Death), ..EventDraft::default() };
        write("death".to_owned(), &event, None, false);
    };
    let may_add_death = Memo::new(move |_| {
        let (_, event, ..) = read();
        !is_death(&event) && (event.domain.is_some() || !event.concepts.is_empty() || !event.set_id.is_empty())
    });
    view! {
        <div class="row">
            <Button label="Use death from any cause" small=true on_click=death/>
            <span class="small muted">"or describe the event; the first one within the time at risk counts."</span>
        </div>
        <EventFields contents=study.contents event=Signal::derive(move || read().1) on_change=change_event/>
        <Show when=move || may_add_death.get()>
            <Checkbox
                label="A death counts as the outcome too, whichever comes first"
                value=Signal::derive(move || read().3)
                on_change=change_deaths
            />
        </Show>
        <div class="grid">
            <TextInput
                label="Name of the outcome"
                value=move || read().0
                on_input=move |name: String| {
                    let (_, event, washout, or_death) = read();
                    write(name, &event, washout, or_death);
                }
            />
            <NumberInput
                label="Leave out who had it before, within"
                unit="days"
                min=0.0
                value=move || read().2.map(f64::from)
                hint="Empty: nobody is left out. 36500: ever."
                on_change=move |days: MaybeNumber| {
                    let (name, event, _, or_death) = read();
                    write(name, &event, days.map(|days| whole(Some(days))), or_death);
                }
            />
        </div>
    }
}

/// Whether an event is death from any cause.
fn is_death(event: &EventDraft) -> bool {
    event.domain == Some(Domain::Death)
}

/// The name of an outcome that nobody named.
fn event_name(event: &EventDraft, or_death: bool) -> String {
    let name = words::event(event);
    if or_death { format!("{name} or death") } else { name }
}
