//! What each column is: the proposal, why, and the user's correction.

use leptos::prelude::*;
use model::dataset::ColumnRole;
use model::intake::{ColumnEvidence, ColumnPlan};

use super::Wizard;
use super::dates::DateOrder;
use super::plan::{Meaning, fate};
use crate::components::*;
use crate::format::{count, percent};
use crate::routes::data::role_words;

/// The roles in the order of the menu, and what each means.
const ROLES: [(ColumnRole, &str, &str); 9] = [
    (ColumnRole::Identifier, "identifier", "names the person: re-keyed"),
    (ColumnRole::Date, "date", "a calendar date"),
    (ColumnRole::Death, "day of death", "the day that the person died"),
    (ColumnRole::Duration, "duration", "time until an event or the end of follow-up"),
    (ColumnRole::Event, "event", "whether it was observed"),
    (ColumnRole::Category, "category", "one of a few levels"),
    (ColumnRole::Number, "number", "a measured or counted number"),
    (ColumnRole::Text, "free text", "screened for identifiers"),
    (ColumnRole::Drop, "left out", "not stored"),
];

const DURATION_UNITS: [&str; 4] = ["days", "weeks", "months", "years"];

fn role_from(words: &str) -> ColumnRole {
    ROLES.iter().find(|(_, name, _)| *name == words).map_or(ColumnRole::Drop, |(role, ..)| *role)
}

/// The roles offered for a column: those that fit what was seen first, then the others.
fn role_options(possible: &[ColumnRole]) -> Vec<(String, String)> {
    let offer = |fits: bool| {
        ROLES.iter().filter(move |(role, ..)| possible.contains(role) == fits).map(move |(_, name, meaning)| {
            let doubt = if fits { "" } else { " (does not fit what was seen)" };
            ((*name).to_owned(), format!("{name} – {meaning}{doubt}"))
        })
    };
    offer(true).chain(offer(false)).collect()
}

/// What each column is.
#[component]
pub(super) fn Columns(wizard: Wizard) -> impl IntoView {
    let n = wizard.csv().map_or(0, |csv| csv.mapping.columns.len());
    let summary = Memo::new(move |_| {
        wizard.csv().map(|csv| csv.n_kept_and_left()).map(|(kept, left)| {
            format!("{kept} of {n} columns are kept, {left} left out. Correct what was taken for something else.")
        })
    });
    view! {
        <Section title="What each column is" lead=Signal::derive(move || summary.get().unwrap_or_default())>
            <ul class="columns">{(0..n).map(|i| view! { <OneColumn wizard=wizard i=i/> }).collect_view()}</ul>
        </Section>
    }
}

fn evidence_words(evidence: &ColumnEvidence) -> String {
    let missing = match percent(evidence.n_missing, evidence.n) {
        Some(share) if evidence.n_missing > 0 => format!("{share} missing"),
        _ => "none missing".to_owned(),
    };
    let different = if evidence.n_distinct >= 10_000 {
        "10,000 or more different values".to_owned()
    } else {
        format!("{} different values", count(evidence.n_distinct))
    };
    format!("{different}, {missing}")
}

#[component]
fn OneColumn(wizard: Wizard, i: usize) -> impl IntoView {
    let plan = Memo::new(move |_| wizard.csv().and_then(|csv| csv.mapping.columns.get(i).cloned()));
    let evidence = wizard.csv().and_then(|csv| csv.proposal.evidence.get(i).cloned());
    let dates = Memo::new(move |_| wizard.csv().map(|csv| csv.dates).unwrap_or_default());
    let the_fate = Memo::new(move |_| plan.get().and_then(|plan| fate(&plan, dates.get())));
    let role = Memo::new(move |_| plan.with(|p| p.as_ref().map_or(ColumnRole::Drop, |p| p.role)));
    let is_identifier = Memo::new(move |_| plan.with(|p| p.as_ref().is_some_and(|p| p.identifier_class.is_some())));
    let name = plan.with_untracked(|p| p.as_ref().map(|p| p.name.clone()).unwrap_or_default());
    let shown_name = if name.is_empty() { "(without a name)".to_owned() } else { name };
    let possible = evidence.as_ref().map(|e| e.possible.clone()).unwrap_or_default();
    let options = role_options(&possible);
    view! {
        <li
            class="column"
            data-identifier=move || is_identifier.get().to_string()
            data-dropped=move || (role.get() == ColumnRole::Drop).to_string()
        >
            <div>
                <h3 class="column__name">{shown_name.clone()}</h3>
                {evidence.map(|evidence| view! { <Seen evidence=evidence/> })}
            </div>
            <div class="column__fields">
                <Select
                    label=format!("Meaning of {shown_name}")
                    value=move || role_words(role.get()).to_owned()
                    options=options
                    on_change=move |words: String| wizard.update_csv(|csv| csv.set_role(i, role_from(&words)))
                />
                {move || view! { <RoleFields wizard=wizard i=i role=role.get() plan=plan/> }}
            </div>
            <Show when=move || role.get() == ColumnRole::Event>
                <Levels wizard=wizard i=i/>
            </Show>
            {move || {
                the_fate
                    .get()
                    .map(|fate| {
                        view! {
                            <p class="column__why levels">
                                <span class="tag tag--warn">{fate.class}</span>
                                <span>{fate.action}"."</span>
                            </p>
                        }
                    })
            }}
        </li>
    }
}

/// What was seen of a column.
#[component]
fn Seen(evidence: ColumnEvidence) -> impl IntoView {
    let words = evidence_words(&evidence);
    view! {
        <p class="column__why">{evidence.why}</p>
        <p class="column__why num">{words}</p>
        <div class="column__values" aria-label="Frequent values" role="group">
            {evidence
                .top
                .into_iter()
                .take(6)
                .map(|(value, _)| view! { <span class="column__value">{value}</span> })
                .collect_view()}
        </div>
    }
}

/// What a role needs besides.
#[component]
fn RoleFields(wizard: Wizard, i: usize, role: ColumnRole, plan: Memo<Option<ColumnPlan>>) -> impl IntoView {
    let unit = Signal::derive(move || plan.with(|p| p.as_ref().and_then(|p| p.unit.clone()).unwrap_or_default()));
    let set_unit = move |unit: String| {
        wizard.update_csv(|csv| {
            if let Some(column) = csv.mapping.columns.get_mut(i) {
                column.unit = (!unit.trim().is_empty()).then(|| unit.trim().to_owned());
            }
        });
    };
    let class = plan.with_untracked(|p| p.as_ref().and_then(|p| p.identifier_class.clone()));
    let clear_class = move |is_one: bool| {
        wizard.update_csv(|csv| {
            let proposed = csv.proposal.mapping.columns.get(i).and_then(|c| c.identifier_class.clone());
            if let Some(column) = csv.mapping.columns.get_mut(i) {
                column.identifier_class = if is_one { proposed } else { None };
            }
        });
    };
    let was_proposed = wizard
        .plan
        .with_untracked(|_| wizard.csv())
        .and_then(|csv| csv.proposal.mapping.columns.get(i)?.identifier_class.clone());
    let fields = match role {
        ColumnRole::Duration => {
            let mut units: Vec<(String, String)> =
                DURATION_UNITS.iter().map(|u| ((*u).to_owned(), (*u).to_owned())).collect();
            units.insert(0, (String::new(), "not known".to_owned()));
            view! { <Select label="Unit" value=unit options=units on_change=set_unit/> }.into_any()
        }
        ColumnRole::Number => {
            view! { <TextInput label="Unit" value=unit on_input=set_unit placeholder="none"/> }.into_any()
        }
        ColumnRole::Date | ColumnRole::Death => view! { <DateOrder wizard=wizard i=i plan=plan/> }.into_any(),
        _ => ().into_any(),
    };
    let may_be_cleared = was_proposed.is_some() && !matches!(role, ColumnRole::Drop | ColumnRole::Identifier);
    view! {
        {fields}
        {may_be_cleared
            .then(|| {
                view! {
                    <Checkbox
                        label="Treat as an identifier"
                        value=class.is_some()
                        on_change=clear_class
                        hint="Take the tick out only if nobody can be told by it."
                    />
                }
            })}
    }
}

/// What each value of an event column means.
#[component]
fn Levels(wizard: Wizard, i: usize) -> impl IntoView {
    let levels = wizard.plan.with_untracked(|_| wizard.csv()).map(|csv| csv.levels(i)).unwrap_or_default();
    let options: Vec<(String, String)> =
        Meaning::ALL.iter().map(|m| (m.name().to_owned(), m.words().to_owned())).collect();
    view! {
        <div class="levels">
            {levels
                .into_iter()
                .map(|level| {
                    let own = StoredValue::new(level.clone());
                    let value = Signal::derive(move || {
                        wizard
                            .csv()
                            .map_or(Meaning::Missing, |csv| own.with_value(|level| csv.meaning(i, level)))
                            .name()
                            .to_owned()
                    });
                    let change = move |name: String| {
                        wizard.update_csv(|csv| own.with_value(|l| csv.set_meaning(i, l, Meaning::from_name(&name))));
                    };
                    view! { <Select label=format!("'{level}' means") value=value options=options.clone() on_change=change/> }
                })
                .collect_view()}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_that_fit_come_first_and_none_is_lost() {
        let options = role_options(&[ColumnRole::Number, ColumnRole::Drop]);
        assert_eq!(options.len(), ROLES.len());
        assert_eq!(options[0].0, "number");
        assert_eq!(options[1].0, "left out");
        assert!(options[2].1.contains("does not fit"));
        for (role, name, _) in ROLES {
            assert_eq!(role_from(name), role);
            assert_eq!(role_words(role), name);
        }
    }
}
