//! Conditions joined within another one, and what joins and adds them.

use leptos::prelude::*;
use model::cohort::{CountTest, NumberRange, Test, Window};
use model::dataset::ColumnKind;
use protocol::VariableInfo;

use super::draft::{EventDraft, Join, What};
use super::entry::whole;
use super::test_fields::TestFields;
use super::{Editor, MaybeNumber};
use crate::components::*;
use crate::format::variable::name_and_label;

/// The fields of a group, of one type whatever lies within: a group holds conditions, and a condition may be a group.
pub(super) fn group_fields(editor: Editor, group: u32) -> AnyView {
    view! { <GroupFields editor=editor group=group/> }.into_any()
}

/// A group: how it is joined, its conditions (groups too), and one more.
#[component]
fn GroupFields(editor: Editor, group: u32) -> impl IntoView {
    let draft = editor.draft;
    let keys = Memo::new(move |_| {
        draft
            .with(|draft| draft.group(group).map(|(_, tests)| tests.iter().map(|test| test.key).collect::<Vec<_>>()))
            .unwrap_or_default()
    });
    let always = Memo::new(|_| true);
    let words = Memo::new(move |_| {
        draft.with(|draft| draft.group(group).map(|(join, tests)| join.words(tests))).unwrap_or_default()
    });
    view! {
        <div class="group" role="group" tabindex="-1" id=id_of(group) aria-label=move || format!("Group of conditions: {}", words.get())>
            <JoinFields editor=editor group=group label="Of this group must hold"/>
            <Show when=move || keys.with(Vec::is_empty)>
                <p class="muted small">"This group has no condition: \u{2018}all of\u{2019} nothing lets everyone through, \u{2018}any of\u{2019} nothing nobody."</p>
            </Show>
            <ul class="tests">
                <For each=move || keys.get() key=|key| *key let(test)>
                    <li class="test"><TestFields editor=editor test=test removable=always/></li>
                </For>
            </ul>
            <AddCondition
                editor=editor
                label="Add a condition to this group, on"
                on_add=move |what: What| {
                    draft.update(|draft| draft.add_test(group, what));
                    editor.said.set("A condition was added at the end of the group.".to_owned());
                }
            />
        </div>
    }
}

/// Id of a group in the document.
fn id_of(group: u32) -> String {
    format!("group-{group}")
}

/// Moves the focus to a group that was just made: the button that made it is gone.
pub(super) fn focus(group: u32) {
    focus_soon(move || id_of(group));
}

/// How the conditions of a rule or a group are joined.
#[component]
pub(super) fn JoinFields(editor: Editor, group: u32, label: &'static str) -> impl IntoView {
    let draft = editor.draft;
    let join = Memo::new(move |_| draft.with(|draft| draft.group(group).map(|(join, _)| join)).unwrap_or_default());
    let set = move |join: Join| draft.update(|draft| draft.set_join(group, join));
    // The field is made anew only when it comes or goes, so that typing keeps its place.
    let counts = Memo::new(move |_| matches!(join.get(), Join::AtLeast(_)));
    let n = Signal::derive(move || match join.get() {
        Join::AtLeast(n) => Some(f64::from(n)),
        Join::All | Join::Any => None,
    });
    view! {
        <div class="row">
            <Select
                label=label
                value=move || match join.get() {
                    Join::All => "all",
                    Join::Any => "any",
                    Join::AtLeast(_) => "at-least",
                }.to_owned()
                options=vec![
                    ("all".to_owned(), "all of these".to_owned()),
                    ("any".to_owned(), "any of these".to_owned()),
                    ("at-least".to_owned(), "at least some of these".to_owned()),
                ]
                on_change=move |value: String| set(match value.as_str() {
                    "any" => Join::Any,
                    "at-least" => Join::AtLeast(2),
                    _ => Join::All,
                })
            />
            <Show when=move || counts.get()>
                <NumberInput
                    label="At least"
                    min=1.0
                    value=n
                    on_change=move |n: MaybeNumber| set(Join::AtLeast(whole(n).max(1)))
                />
            </Show>
        </div>
    }
}

/// Adds a condition: a search over variables, or a kind of condition on a record.
#[component]
pub(super) fn AddCondition(
    editor: Editor,
    #[prop(into)] label: String,
    #[prop(into)] on_add: Callback<(What,)>,
) -> impl IntoView {
    let variables = editor.contents.with_value(|contents| contents.variables.clone());
    let is_record = variables.is_empty();
    let query = RwSignal::new(String::new());
    let variables = StoredValue::new(variables);
    let options = Signal::derive(move || {
        let query = query.get().to_lowercase();
        variables.with_value(|variables| {
            let matching = variables.iter().filter(|variable| {
                variable.name.to_lowercase().contains(&query) || variable.label.to_lowercase().contains(&query)
            });
            matching.map(option).collect::<Vec<_>>()
        })
    });
    let pick = move |picked: ComboOption| {
        let found = variables.with_value(|variables| variables.iter().find(|v| v.name == picked.value).map(first_test));
        if let Some(what) = found {
            on_add.run((what,));
        }
    };
    if is_record {
        let named = label.clone();
        view! {
            <div class="row" role="group" aria-label=named>
                <span class="small muted">{label}</span>
                <Button label="An event" small=true icon=IconName::Plus on_click=move || on_add.run((first_event(editor.draft.with_untracked(|draft| draft.entry.is_some())),))/>
                <Button label="Age at index" small=true icon=IconName::Plus on_click=move || on_add.run((What::Age(NumberRange::default()),))/>
                <Button label="Sex" small=true icon=IconName::Plus on_click=move || on_add.run((What::Sex(vec!["female".to_owned()]),))/>
            </div>
        }
        .into_any()
    } else {
        view! {
            <Combobox
                label=label
                options=options
                on_query=move |text: String| query.set(text)
                on_pick=pick
                placeholder="Search variables"
            />
        }
        .into_any()
    }
}

fn option(variable: &VariableInfo) -> ComboOption {
    let missing = match variable.n_missing {
        0 => String::new(),
        n => format!("{n} missing"),
    };
    ComboOption { value: variable.name.clone(), label: name_and_label(variable), detail: missing }
}

/// The test a variable begins with: a range for a number of many values, levels for a few.
fn first_test(variable: &VariableInfo) -> What {
    let test = if !variable.levels.is_empty() {
        Test::OneOf { levels: Vec::new() }
    } else if variable.kind == ColumnKind::Number {
        Test::Range { range: NumberRange::default() }
    } else {
        Test::NotMissing
    };
    What::Variable { name: variable.name.clone(), test }
}

/// An event before the index date; at any time where the index date is the first day of observation, since nothing is
/// recorded before that.
fn first_event(enters_at_event: bool) -> What {
    What::Event {
        event: EventDraft::default(),
        window: Window { start_days: None, end_days: enters_at_event.then_some(-1) },
        count: CountTest::default(),
    }
}
