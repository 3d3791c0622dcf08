//! One person's record over time: choose a person, then events by domain, curves of laboratory values, notes.

mod chooser;
mod curves;
mod events;
mod lanes;
mod notes;
mod words;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use model::dataset::DatasetId;
use protocol::{PersonTimeline, Timeline};

use crate::components::*;
use crate::figures::calendar::iso;
use crate::figures::timeline::{Change, Window};
use crate::format::{count, counted};
use crate::stores::datasets::use_datasets;
use crate::stores::engine::{Task, use_engine};
use crate::stores::scope::use_query_text;

/// The timeline of a person of the dataset in the address.
#[component]
pub fn TimelinePage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|p| p.get("dataset")).map(DatasetId));
    let person = use_query_text("person");
    // Drawn anew for another person: nothing of the one before may stay.
    move || {
        let id = id.get()?;
        Some(match person.get() {
            Some(person) => view! { <OnePerson dataset=id person=person/> }.into_any(),
            None => view! { <Choose dataset=id/> }.into_any(),
        })
    }
}

#[component]
fn Choose(dataset: DatasetId) -> impl IntoView {
    let datasets = use_datasets();
    let back = format!("/data/{dataset}");
    let wanted = dataset.clone();
    let lead = move || match datasets.by_id(&wanted) {
        Some(header) => format!(
            "Choose one of {} in \u{201c}{}\u{201d}. Of the one you choose, and of nobody else, the record is shown.",
            counted(header.n_persons, "person", "persons"),
            header.name
        ),
        None => "Choose a person. Of the one you choose, and of nobody else, the record is shown.".to_owned(),
    };
    view! {
        <PageHeader
            title="Patient timeline"
            lead=Signal::derive(lead)
            actions=move || view! { <LinkButton label="Back to the dataset" href=back.clone() small=true/> }
        />
        <chooser::Chooser dataset=dataset/>
    }
}

#[component]
fn OnePerson(dataset: DatasetId, person: String) -> impl IntoView {
    let engine = use_engine();
    let task = Task::<Timeline>::new();
    let call = StoredValue::new(PersonTimeline { dataset: dataset.clone(), person: person.clone() });
    let ask = move || task.run(engine, call.get_value());
    ask();
    let cohort = use_query_text("cohort");
    let id = StoredValue::new(dataset);
    let back = move || {
        let cohort = cohort.get().map_or_else(String::new, |cohort| format!("?cohort={cohort}"));
        id.with_value(|id| format!("/data/{id}/timeline{cohort}"))
    };
    view! {
        <PageHeader
            title=format!("Person {person}")
            lead="The record as it is stored here: dates were moved at intake by the same number of days for the whole record."
            actions=move || view! { <LinkButton label="Choose another person" href=Signal::derive(back) small=true/> }
        />
        <AsyncPanel
            load=task.load
            full=move |record: Timeline| view! { <Record record=record dataset=id/> }
            retry=ask
            on_cancel=Callback::new(move |()| task.cancel())
            doing="Reading the record…"
        />
    }
}

#[component]
fn Record(record: Timeline, dataset: StoredValue<DatasetId>) -> impl IntoView {
    let facts = view! { <Facts record=record.clone()/> };
    let Some(all) = Window::of(&record) else {
        return view! {
            {facts}
            <EmptyState title="Nothing with a date">
                <p>"This person has no dated event, no note and no observation period."</p>
            </EmptyState>
        }
        .into_any();
    };
    let window = RwSignal::new(all);
    let has_notes = !record.notes.is_empty();
    let record = StoredValue::new(record);
    // What a mark in the lanes holds: listed below.
    let picked = RwSignal::new(None::<lanes::Picked>);
    let note = RwSignal::new(None::<u32>);
    view! {
        <div class="stack stack--l">
            {facts}
            <Section
                title="Events over time"
                lead="A row a domain. Marks that stand close together hold several events; choose one to list them."
            >
                <WindowBar window=window all=all/>
                <lanes::Lanes record=record window=window picked=picked/>
                <lanes::PickedList record=record picked=picked note=note/>
            </Section>
            <curves::CurvesSection record=record window=window/>
            {has_notes.then(|| view! { <notes::NotesSection record=record dataset=dataset note=note/> })}
            <events::EventsSection record=record window=window/>
        </div>
    }
    .into_any()
}

#[component]
fn Facts(record: Timeline) -> impl IntoView {
    let born = record.birth_year.map_or_else(|| "not known".to_owned(), |year| year.to_string());
    let died = record.death_day.map_or_else(|| "not recorded".to_owned(), iso);
    let periods: Vec<String> =
        record.periods.iter().map(|(from, to)| format!("{} to {}", iso(*from), iso(*to))).collect();
    let observed = if periods.is_empty() { "no observation period".to_owned() } else { periods.join(", ") };
    let shown = record.events.len() as u64;
    let events = if shown < record.n_events {
        format!("{} (the first {} are shown)", count(record.n_events), count(shown))
    } else {
        count(record.n_events)
    };
    let sex = record.sex.unwrap_or_else(|| "not known".to_owned());
    view! {
        <Card title="Who" is_section=true>
            <dl class="facts">
                <dt>"Sex"</dt><dd>{sex}</dd>
                <dt>"Year of birth"</dt><dd class="num">{born}</dd>
                <dt>"Day of death"</dt><dd class="num">{died}</dd>
                <dt>"Observed"</dt><dd class="num">{observed}</dd>
                <dt>"Events"</dt><dd class="num">{events}</dd>
                <dt>"Notes"</dt><dd class="num">{count(record.notes.len() as u64)}</dd>
                {record
                    .facts
                    .into_iter()
                    .map(|(name, value)| view! { <dt>{name.replace('_', " ")}</dt><dd>{value}</dd> })
                    .collect_view()}
            </dl>
        </Card>
    }
}

/// The window of time and how to change it.
#[component]
fn WindowBar(window: RwSignal<Window>, all: Window) -> impl IntoView {
    let change = move |change: Change| window.update(|now| *now = now.changed(change, all));
    let is_all = move || window.get() == all;
    let said = move || window.with(|w| format!("{} to {}", iso(w.from), iso(w.to)));
    let button = move |label: &'static str, to: Change, off: Signal<bool>| {
        view! { <Button label=label small=true disabled=off on_click=move || change(to)/> }
    };
    let at_start = Signal::derive(move || window.with(|w| w.from <= all.from));
    let at_end = Signal::derive(move || window.with(|w| w.to >= all.to));
    let narrow = Signal::derive(move || window.with(|w| w.to - w.from <= 14));
    view! {
        <div class="row row--between" role="group" aria-label="Window of time">
            <p class="num" role="status">{said}</p>
            <div class="row">
                {button("Earlier", Change::Earlier, at_start)}
                {button("Later", Change::Later, at_end)}
                {button("Closer", Change::Closer, narrow)}
                {button("Farther", Change::Farther, Signal::derive(is_all))}
                {button("All", Change::All, Signal::derive(is_all))}
            </div>
        </div>
    }
}
