//! What a row of the chosen table is, and which columns have a part in that.

use leptos::prelude::*;
use model::concept::Domain;

use super::plan::TablesPlan;
use super::table::{KINDS, Part, kind_of};
use super::{update, with, with_untracked};
use crate::components::*;
use crate::routes::import::Wizard;

/// Domains that rows of values can be of.
const DOMAINS: [(Domain, &str); 5] = [
    (Domain::Measurement, "measurements: laboratory values, vital signs"),
    (Domain::Condition, "diagnoses or problems"),
    (Domain::Drug, "drugs"),
    (Domain::Procedure, "procedures"),
    (Domain::Observation, "other observations"),
];

/// The shape, and a field for each of its parts.
#[component]
pub(super) fn ShapeFields(wizard: Wizard) -> impl IntoView {
    let kind = Memo::new(move |_| with(wizard, |t| t.shape().map_or("not used", kind_of)).unwrap_or("not used"));
    let options: Vec<(String, String)> =
        KINDS.iter().map(|(kind, words)| ((*kind).to_owned(), (*words).to_owned())).collect();
    view! {
        <Select
            label="A row is"
            value=move || kind.get().to_owned()
            options=options
            on_change=move |kind: String| update(wizard, |t| t.set_kind(&kind))
        />
        {move || {
            kind.get();
            let parts = with_untracked(wizard, |t| t.shape().map_or(&[][..], Part::of)).unwrap_or_default();
            view! {
                <div class="grid">
                    {parts.iter().map(|part| view! { <PartField wizard=wizard part=*part/> }).collect_view()}
                    {(kind.get() == "long").then(|| view! { <DomainField wizard=wizard/> })}
                </div>
            }
        }}
    }
}

#[component]
fn PartField(wizard: Wizard, part: Part) -> impl IntoView {
    let columns: Vec<String> =
        wizard.plan.with_untracked(|_| wizard.csv()).map(|csv| csv.column_names()).unwrap_or_default();
    let none = if part.is_needed() { "choose a column" } else { "none" };
    let options: Vec<(String, String)> = std::iter::once((String::new(), none.to_owned()))
        .chain(columns.into_iter().filter(|c| !c.is_empty()).map(|c| (c.clone(), c)))
        .collect();
    let value = Signal::derive(move || with(wizard, |t| t.part(part)).unwrap_or_default());
    view! {
        <Select
            label=part.label()
            value=value
            options=options
            on_change=move |name: String| update(wizard, |t: &mut TablesPlan| t.set_part(part, name))
        />
    }
}

#[component]
fn DomainField(wizard: Wizard) -> impl IntoView {
    let options: Vec<(String, String)> =
        DOMAINS.iter().map(|(domain, words)| (domain.name().to_owned(), (*words).to_owned())).collect();
    let value = Signal::derive(move || with(wizard, |t| t.domain().name().to_owned()).unwrap_or_default());
    view! {
        <Select
            label="The rows are"
            value=value
            options=options
            on_change=move |name: String| update(wizard, |t| t.set_domain(&name))
        />
    }
}
