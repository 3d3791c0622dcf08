//! Matching the plan's columns with one's own.

use leptos::prelude::*;
use model::study::TimeUnit;
use protocol::{DatasetContents, VariableInfo};

use super::matching::{Adapted, Choice, Matching, Need, adapt, column_for, missing_levels, needs, propose};
use super::run::{Limits, Run};
use crate::components::*;
use crate::routes::compare::form::known_not_adjusted;
use crate::routes::consult::form::shown_name;
use crate::stores::findings::SavedFinding;

/// The value of the menu for a covariate that is left out.
const LEFT_OUT: &str = "\u{0}drop";

/// What the plan needs, each with a menu of the columns here.
#[component]
pub(super) fn MatchColumns(saved: SavedFinding, contents: DatasetContents) -> impl IntoView {
    let needed = needs(&saved.finding);
    let matching = RwSignal::new(propose(&needed, &contents.variables, &saved.finding.plan));
    let rows = {
        let variables = StoredValue::new(contents.variables.clone());
        needed
            .iter()
            .cloned()
            .map(|need| view! { <MatchRow need=need variables=variables matching=matching/> })
            .collect_view()
    };
    let unit = matching.with_untracked(|matching| matching.unit).map(|_| view! { <UnitField matching=matching/> });
    let has_columns = !needed.is_empty();
    let (header, finding, variables) = (contents.header.clone(), saved.finding.clone(), contents.variables.clone());
    let contents = StoredValue::new(contents);
    let adapted = Memo::new(move |_| matching.with(|matching| adapt(&finding, &needed, matching, &variables)));
    view! {
        {has_columns.then(|| view! {
            <Section
                title="Match the columns"
                lead="Columns of the same name are matched already. Say aloud what is not the same: it becomes a limit of your finding."
            >
                <div class="card match">{rows} {unit}</div>
            </Section>
        })}
        {move || match adapted.get() {
            Err(problems) => view! {
                <Notice kind=NoticeKind::Info title="Before it can be run">
                    <ul>{problems.into_iter().map(|problem| view! { <li>{problem}</li> }).collect_view()}</ul>
                </Notice>
            }
            .into_any(),
            Ok(Adapted { plan, differences }) => {
                let header = header.clone();
                let saved = saved.clone();
                // What the original did not adjust for, and what is known here besides.
                let mut not_adjusted_for = saved.finding.not_adjusted_for.clone();
                for words in contents.with_value(|contents| known_not_adjusted(contents, &plan)) {
                    if !not_adjusted_for.iter().any(|known| known.eq_ignore_ascii_case(&words)) {
                        not_adjusted_for.push(words);
                    }
                }
                let limits = Limits { differences: differences.clone(), not_adjusted_for };
                view! {
                    <Differences differences=differences/>
                    <Run saved=saved header=header plan=plan limits=limits/>
                }
                .into_any()
            }
        }}
    }
}

#[component]
fn Differences(differences: Vec<String>) -> impl IntoView {
    if differences.is_empty() {
        return view! { <p class="muted">"Every column is as in the original."</p> }.into_any();
    }
    let entries = differences.into_iter().map(|words| view! { <li>{words}</li> }).collect_view();
    view! { <Notice kind=NoticeKind::Warn title="Not the same as in the original"><ul>{entries}</ul></Notice> }
        .into_any()
}

/// One needed column: its menu, and menus for levels that are called something else here.
#[component]
fn MatchRow(need: Need, variables: StoredValue<Vec<VariableInfo>>, matching: RwSignal<Matching>) -> impl IntoView {
    let uses = need.uses.iter().map(|used| used.words()).collect::<Vec<_>>().join(", ");
    let may_drop = need.may_be_dropped();
    let need = StoredValue::new(need);
    let name = need.with_value(|need| need.name.clone());
    let value = {
        let name = name.clone();
        Signal::derive(move || {
            matching.with(|matching| match matching.columns.get(&name) {
                Some(Choice::Column(column)) => column.clone(),
                Some(Choice::Drop) => LEFT_OUT.to_owned(),
                Some(Choice::Undecided) | None => String::new(),
            })
        })
    };
    let options = Signal::derive(move || {
        let mut options = Vec::new();
        if value.get().is_empty() {
            options.push((String::new(), "Choose a column".to_owned()));
        }
        variables.with_value(|variables| {
            options.extend(variables.iter().map(|variable| (variable.name.clone(), shown_name(variable))));
        });
        if may_drop {
            options.push((LEFT_OUT.to_owned(), "Leave it out, and say so".to_owned()));
        }
        options
    });
    let choose = {
        let name = name.clone();
        move |chosen: String| {
            let choice = match chosen.as_str() {
                "" => Choice::Undecided,
                LEFT_OUT => Choice::Drop,
                column => Choice::Column(column.to_owned()),
            };
            matching.update(|matching| {
                matching.columns.insert(name.clone(), choice);
            });
        }
    };
    let levels = move || {
        let missing = variables.with_value(|variables| {
            matching.with(|matching| {
                need.with_value(|need| {
                    let variable = column_for(matching, &need.name, variables)?;
                    let here: Vec<String> = variable.levels.iter().map(|(level, _)| level.clone()).collect();
                    Some((need.name.clone(), missing_levels(need, variable), here))
                })
            })
        });
        missing.map(|(name, missing, here)| {
            missing
                .into_iter()
                .map(|level| view! { <LevelField name=name.clone() level=level here=here.clone() matching=matching/> })
                .collect_view()
        })
    };
    let label = format!("Your column for {name}");
    view! {
        <div class="match__row">
            <div>
                <code>{name}</code>
                <p class="small muted">{uses}</p>
            </div>
            <div class="stack stack--s">
                <Select label=label hide_label=true value=value options=options on_change=choose/>
                {levels}
            </div>
        </div>
    }
}

/// A level of the original that is called something else here.
#[component]
fn LevelField(name: String, level: String, here: Vec<String>, matching: RwSignal<Matching>) -> impl IntoView {
    let key = (name.clone(), level.clone());
    let value = {
        let key = key.clone();
        Signal::derive(move || matching.with(|matching| matching.levels.get(&key).cloned()).unwrap_or_default())
    };
    let options = Signal::derive(move || {
        std::iter::once((String::new(), "Choose a value".to_owned()))
            .chain(here.iter().map(|level| (level.clone(), level.clone())))
            .collect::<Vec<_>>()
    });
    view! {
        <Select
            label=format!("What means the same as {name} = {level}?")
            value=value
            options=options
            on_change=move |chosen: String| matching.update(|matching| {
                if chosen.is_empty() {
                    matching.levels.remove(&key);
                } else {
                    matching.levels.insert(key.clone(), chosen);
                }
            })
        />
    }
}

/// Unit of the duration here.
#[component]
fn UnitField(matching: RwSignal<Matching>) -> impl IntoView {
    const UNITS: [TimeUnit; 4] = [TimeUnit::Days, TimeUnit::Weeks, TimeUnit::Months, TimeUnit::Years];
    let value = move || matching.with(|matching| matching.unit.unwrap_or_default().word().to_owned());
    let options = || UNITS.map(|unit| (unit.word().to_owned(), unit.word().to_owned())).to_vec();
    view! {
        <div class="match__row">
            <div>
                "Unit of time"
                <p class="small muted">"of your duration column"</p>
            </div>
            <Select
                label="Unit of your duration column"
                hide_label=true
                value=Signal::derive(value)
                options=Signal::derive(options)
                on_change=move |word: String| matching.update(|matching| {
                    matching.unit = UNITS.into_iter().find(|unit| unit.word() == word);
                })
            />
        </div>
    }
}
