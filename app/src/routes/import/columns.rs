//! What each column is: a card a column, with why and how it is read.

use leptos::prelude::*;
use model::dataset::ColumnRole;
use model::intake::{ColumnEvidence, ColumnPlan, CsvMapping, DateFormat};

use super::words;
use crate::components::*;

/// A card a column.
#[component]
pub(super) fn ColumnPlans(
    /// The mapping that is corrected.
    mapping: RwSignal<CsvMapping>,
    /// What was seen of each column.
    evidence: StoredValue<Vec<ColumnEvidence>>,
) -> impl IntoView {
    let n = mapping.with_untracked(|m| m.columns.len());
    view! {
        <ul class="column-plans">
            {(0..n).map(|at| view! { <ColumnCard at=at mapping=mapping evidence=evidence/> }).collect_view()}
        </ul>
    }
}

#[component]
fn ColumnCard(
    at: usize,
    mapping: RwSignal<CsvMapping>,
    evidence: StoredValue<Vec<ColumnEvidence>>,
) -> impl IntoView {
    let plan = Memo::new(move |_| mapping.with(|m| m.columns.get(at).cloned()));
    let name = plan.with_untracked(|p| p.as_ref().map(|p| p.name.clone()).unwrap_or_default());
    let seen = evidence.with_value(|all| all.get(at).cloned());
    let change = move |edit: &dyn Fn(&mut ColumnPlan)| {
        mapping.update(|m| {
            if let Some(column) = m.columns.get_mut(at) {
                edit(column);
            }
        });
    };
    let role = Memo::new(move |_| plan.with(|p| p.as_ref().map_or(ColumnRole::Drop, |p| p.role)));
    let options: Vec<(String, String)> =
        words::ROLES.iter().map(|(role, word)| (words::role_key(*role).to_owned(), (*word).to_owned())).collect();
    let why = seen.as_ref().map(|s| s.why.clone()).unwrap_or_default();
    let facts = seen.as_ref().map(words::evidence_line).unwrap_or_default();
    let levels = seen.map(|s| s.top).unwrap_or_default();
    let levels = StoredValue::new(levels);
    view! {
        <li class="column-plan" class:column-plan--dropped=move || role.get() == ColumnRole::Drop>
            <div class="column-plan__head">
                <div>
                    <p class="column-plan__name">{name.clone()}</p>
                    <p class="muted small">{facts}</p>
                </div>
                <Select
                    label=format!("What '{name}' is")
                    hide_label=true
                    value=Signal::derive(move || words::role_key(role.get()).to_owned())
                    options=Signal::stored(options)
                    on_change=move |key: String| {
                        let picked = words::role_of(&key);
                        change(&|column| {
                            column.role = picked;
                            if picked == ColumnRole::Event && column.event_observed.is_empty() {
                                levels.with_value(|levels| words::guess_event(column, levels));
                            }
                        });
                    }
                />
            </div>
            <p class="small">{why}</p>
            {move || match role.get() {
                ColumnRole::Event => view! { <EventLevels at=at mapping=mapping levels=levels/> }.into_any(),
                ColumnRole::Date => view! { <DateOrder plan=plan change=change/> }.into_any(),
                ColumnRole::Duration => view! { <DurationUnit plan=plan change=change/> }.into_any(),
                _ => ().into_any(),
            }}
        </li>
    }
}

/// Which of the values mean 'observed'.
#[component]
fn EventLevels(
    at: usize,
    mapping: RwSignal<CsvMapping>,
    levels: StoredValue<Vec<(String, u64)>>,
) -> impl IntoView {
    let all = levels.get_value();
    let means = move |level: &str| {
        mapping.with(|m| {
            let Some(column) = m.columns.get(at) else { return "reject" };
            if column.event_observed.iter().any(|l| l == level) {
                "observed"
            } else if column.event_censored.iter().any(|l| l == level) {
                "censored"
            } else {
                "reject"
            }
        })
    };
    let set = move |level: &str, meaning: &str| {
        mapping.update(|m| {
            if let Some(column) = m.columns.get_mut(at) {
                column.event_observed.retain(|l| l != level);
                column.event_censored.retain(|l| l != level);
                match meaning {
                    "observed" => column.event_observed.push(level.to_owned()),
                    "censored" => column.event_censored.push(level.to_owned()),
                    _ => {}
                }
            }
        });
    };
    let options = vec![
        ("observed".to_owned(), "the event was observed".to_owned()),
        ("censored".to_owned(), "not observed (censored)".to_owned()),
        ("reject".to_owned(), "neither: reject the row".to_owned()),
    ];
    view! {
        <div class="grid grid--narrow">
            {all
                .into_iter()
                .map(|(level, n)| {
                    let (read, write) = (level.clone(), level.clone());
                    view! {
                        <Select
                            label=format!("'{level}' ({n} times) means")
                            value=Signal::derive(move || means(&read).to_owned())
                            options=Signal::stored(options.clone())
                            on_change=move |meaning: String| set(&write, &meaning)
                        />
                    }
                })
                .collect_view()}
        </div>
    }
}

/// The order of a date's parts.
#[component]
fn DateOrder(
    plan: Memo<Option<ColumnPlan>>,
    change: impl Fn(&dyn Fn(&mut ColumnPlan)) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let options: Vec<(String, String)> =
        words::DATE_FORMATS.iter().map(|(_, key, word)| ((*key).to_owned(), (*word).to_owned())).collect();
    let value = move || {
        let format = plan.with(|p| p.as_ref().and_then(|p| p.date_format)).unwrap_or(DateFormat::YearMonthDay);
        words::DATE_FORMATS.iter().find(|(f, _, _)| *f == format).map_or("", |(_, key, _)| *key).to_owned()
    };
    view! {
        <Select
            label="Order of day, month and year"
            value=Signal::derive(value)
            options=Signal::stored(options)
            on_change=move |key: String| {
                let format = words::DATE_FORMATS.iter().find(|(_, k, _)| *k == key).map(|(f, _, _)| *f);
                change(&|column| column.date_format = format);
            }
        />
    }
}

/// The unit of a duration.
#[component]
fn DurationUnit(
    plan: Memo<Option<ColumnPlan>>,
    change: impl Fn(&dyn Fn(&mut ColumnPlan)) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let options = ["days", "weeks", "months", "years"].map(|u| (u.to_owned(), u.to_owned())).to_vec();
    let value = move || plan.with(|p| p.as_ref().and_then(|p| p.unit.clone())).unwrap_or_else(|| "days".to_owned());
    view! {
        <Select
            label="Unit of this duration"
            value=Signal::derive(value)
            options=Signal::stored(options)
            on_change=move |unit: String| change(&|column| column.unit = Some(unit.clone()))
        />
    }
}
