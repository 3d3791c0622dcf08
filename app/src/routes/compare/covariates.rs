//! The covariates.

use leptos::prelude::*;
use model::covariate::Covariate;
use model::dataset::DatasetShape;

use super::form::{level_of, possible_covariates};
use super::state::Study;
use crate::components::*;
use crate::format::variable::name_and_label;
use crate::routes::cohort_editor::covariate_fields::{AddEventCovariate, EventCovariate};

/// The covariates.
#[component]
pub fn CovariateFields(study: Study) -> impl IntoView {
    let is_record = study.contents.with_value(|contents| contents.header.shape == DatasetShape::Record);
    let form = study.form;
    // What makes the arms is no covariate, so in a flat file the arms come first.
    let has_arms = Memo::new(move |_| form.with(|form| form.target.is_some() && form.comparator.is_some()));
    view! {
        <Card>
            <Show
                when=move || is_record || has_arms.get()
                fallback=|| view! { <p class="muted">"Choose who is compared first: the variable that makes the arms is not adjusted for."</p> }
            >
                <KnownCovariates study=study/>
            </Show>
            {is_record.then(|| view! { <EventCovariates study=study/> })}
        </Card>
    }
}

/// A box for each variable (or age and sex).
#[component]
fn KnownCovariates(study: Study) -> impl IntoView {
    let form = study.form;
    let possible = study.contents.with_value(possible_covariates);
    // The variable that makes the arms is no covariate.
    let split =
        Memo::new(move |_| form.with(|form| form.target.as_ref().and_then(level_of).map(|(name, _)| name.to_owned())));
    let possible = StoredValue::new(possible);
    let shown = move || {
        let split = split.get();
        possible.with_value(|possible| {
            let all = possible.iter();
            all.filter(|covariate| split.as_deref() != Some(covariate.name())).cloned().collect::<Vec<_>>()
        })
    };
    let label = move |covariate: &Covariate| {
        study.contents.with_value(|contents| {
            let info = contents.variables.iter().find(|variable| variable.name == covariate.name());
            info.map_or_else(|| covariate.name().to_owned(), name_and_label)
        })
    };
    let toggle = move |covariate: &Covariate, on: bool| {
        // In the order of the dataset, so that the same choice is the same plan.
        let order = possible.get_value();
        form.update(|form| {
            form.covariates.retain(|other| other.name() != covariate.name());
            if on {
                form.covariates.push(covariate.clone());
            }
            form.covariates.sort_by_key(|covariate| {
                order.iter().position(|other| other.name() == covariate.name()).unwrap_or(order.len())
            });
        });
    };
    let all = move || {
        let covariates = shown();
        form.update(|form| {
            let events: Vec<Covariate> = form
                .covariates
                .iter()
                .filter(|covariate| !covariates.iter().any(|known| known.name() == covariate.name()))
                .cloned()
                .collect();
            form.covariates.clone_from(&covariates);
            form.covariates.extend(events);
        });
    };
    view! {
        <fieldset class="fieldset">
            <legend>"Adjust for"</legend>
            <div class="level-list level-list--wide">
                {move || shown()
                    .into_iter()
                    .map(|covariate| {
                        let name = covariate.name().to_owned();
                        let as_category = matches!(covariate, Covariate::Variable { as_category: true, .. });
                        view! {
                            <Checkbox
                                label=if as_category { format!("{} (as categories)", label(&covariate)) } else { label(&covariate) }
                                value=Signal::derive(move || form.with(|form| form.covariates.iter().any(|other| other.name() == name)))
                                on_change=move |on: bool| toggle(&covariate, on)
                            />
                        }
                    })
                    .collect_view()}
            </div>
        </fieldset>
        <div class="row">
            <Button label="All" kind=ButtonKind::Quiet small=true on_click=all/>
            <Button
                label="None"
                kind=ButtonKind::Quiet
                small=true
                on_click=move || form.update(|form| form.covariates.clear())
            />
        </div>
        <p class="field__hint">"Choose what was known before treatment. Something that treatment changes (a value after the index date) must not be adjusted for."</p>
    }
}

/// Covariates made from events before the index date.
#[component]
fn EventCovariates(study: Study) -> impl IntoView {
    let form = study.form;
    let add = move |asked: EventCovariate| {
        form.update(|form| {
            let covariate = asked.covariate(&mut form.covariate_concept_sets);
            form.covariates.retain(|other| other.name() != covariate.name());
            form.covariates.push(covariate);
        });
    };
    let made = move || {
        form.with(|form| {
            let all = form.covariates.iter();
            all.filter(|covariate| {
                matches!(
                    covariate,
                    Covariate::HasEvent { .. } | Covariate::EventCount { .. } | Covariate::LastValue { .. }
                )
            })
            .map(|covariate| covariate.name().to_owned())
            .collect::<Vec<_>>()
        })
    };
    view! {
        <Chips
            label="Covariates from events"
            names=Signal::derive(made)
            on_remove=move |name: String| form.update(|form| form.covariates.retain(|other| other.name() != name))
        />
        <AddEventCovariate
            contents=study.contents
            summary="Add a covariate from events before the index date"
            label="Add covariate"
            on_add=add
        />
    }
}
