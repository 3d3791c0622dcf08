//! The rules, in the order they are applied.

use leptos::prelude::*;
use model::cohort::{CountTest, NumberRange, Test, Window};
use model::dataset::ColumnKind;
use protocol::VariableInfo;

use super::draft::{EventDraft, Join, RuleDraft, What};
use super::test_fields::TestFields;
use super::{Editor, MaybeNumber};
use crate::components::*;

/// The rules.
#[component]
pub(super) fn RulesSection(editor: Editor) -> impl IntoView {
    let draft = editor.draft;
    let keys = Memo::new(move |_| draft.with(|draft| draft.rules.iter().map(|rule| rule.key).collect::<Vec<_>>()));
    view! {
        <Section title="Rules" lead="Applied from top to bottom; a person must meet every one. The order does not change who is left, only what the attrition table shows.">
            <ol class="rules">
                <For each=move || keys.get() key=|key| *key let(key)>
                    <RuleCard editor=editor key_=key keys=keys/>
                </For>
            </ol>
            <Show when=move || keys.with(Vec::is_empty)>
                <p class="muted">"No rule yet: everyone who enters is in."</p>
            </Show>
            <AddCondition
                editor=editor
                label="Add a rule on"
                on_add=move |what: What| {
                    draft.update(|draft| {
                        draft.add_rule(what);
                    });
                    editor.said.set("A rule was added at the end.".to_owned());
                }
            />
        </Section>
    }
}

#[component]
fn RuleCard(editor: Editor, key_: u32, keys: Memo<Vec<u32>>) -> impl IntoView {
    let draft = editor.draft;
    let key = key_;
    let place = Memo::new(move |_| keys.with(|keys| keys.iter().position(|other| *other == key)).unwrap_or(0));
    let words = Memo::new(move |_| draft.with(|draft| draft.rule(key).map(RuleDraft::words)).unwrap_or_default());
    let tests = Memo::new(move |_| {
        draft
            .with(|draft| draft.rule(key).map(|rule| rule.tests.iter().map(|test| test.key).collect::<Vec<_>>()))
            .unwrap_or_default()
    });
    let several = Memo::new(move |_| tests.with(Vec::len) > 1);
    let name =
        Signal::derive(move || draft.with(|draft| draft.rule(key).map(|rule| rule.name.clone())).unwrap_or_default());
    view! {
        <li class="card rule">
            <div class="rule__head">
                <span class="rule__number" aria-hidden="true">{move || place.get() + 1}</span>
                <h3 class="rule__title">{move || if name.with(String::is_empty) { words.get() } else { name.get() }}</h3>
                <RuleButtons editor=editor rule=key place=place n=Signal::derive(move || keys.with(Vec::len))/>
            </div>
            <Show when=move || several.get()>
                <JoinFields editor=editor rule=key/>
            </Show>
            <ul class="tests">
                <For each=move || tests.get() key=|key| *key let(test)>
                    <li class="test"><TestFields editor=editor test=test removable=several/></li>
                </For>
            </ul>
            <Details summary="Name, or a second condition">
                <div class="stack">
                    <TextInput
                        label="Name in the attrition table"
                        value=name
                        on_input=move |text: String| draft.update(|draft| {
                            if let Some(rule) = draft.rule_mut(key) {
                                rule.name = text;
                            }
                        })
                        hint=Signal::derive(move || Some(format!("Left empty: \u{201c}{}\u{201d}", words.get())))
                    />
                    <Checkbox
                        label="Turn the whole rule round: keep those who do not meet it"
                        value=Signal::derive(move || draft.with(|draft| draft.rule(key).is_some_and(|rule| rule.negate)))
                        on_change=move |on: bool| draft.update(|draft| {
                            if let Some(rule) = draft.rule_mut(key) {
                                rule.negate = on;
                            }
                        })
                        hint="Persons without a value are kept too then; a warning counts them."
                    />
                    <AddCondition
                        editor=editor
                        label="Add a condition to this rule, on"
                        on_add=move |what: What| draft.update(|draft| draft.add_test(key, what))
                    />
                </div>
            </Details>
        </li>
    }
}

#[component]
fn RuleButtons(editor: Editor, rule: u32, place: Memo<usize>, n: Signal<usize>) -> impl IntoView {
    let draft = editor.draft;
    let id = move |up: bool| format!("rule-{rule}-{}", if up { "up" } else { "down" });
    let move_rule = move |up: bool| {
        let moved = draft.try_update(|draft| draft.move_rule(rule, up)).unwrap_or(false);
        if moved {
            editor.said.set(format!("The rule is now number {} of {}.", place.get_untracked() + 1, n.get_untracked()));
            // An element that moves in the document loses the focus; the keyboard user must not.
            request_animation_frame(move || {
                use wasm_bindgen::JsCast as _;
                let at_end = place.get_untracked() == 0 && up || place.get_untracked() + 1 == n.get_untracked() && !up;
                let button = document().get_element_by_id(&id(if at_end { !up } else { up }));
                if let Some(button) = button.and_then(|button| button.dyn_into::<web_sys::HtmlElement>().ok()) {
                    // Refused only where the element is gone already.
                    drop(button.focus());
                }
            });
        }
    };
    view! {
        <div class="row rule__buttons">
            <button
                type="button"
                class="button button--quiet button--small"
                id=id(true)
                aria-label=move || format!("Move rule {} up", place.get() + 1)
                disabled=move || place.get() == 0
                on:click=move |_| move_rule(true)
            >
                "Up"
            </button>
            <button
                type="button"
                class="button button--quiet button--small"
                id=id(false)
                aria-label=move || format!("Move rule {} down", place.get() + 1)
                disabled=move || { place.get() + 1 >= n.get() }
                on:click=move |_| move_rule(false)
            >
                "Down"
            </button>
            <Button
                label="Remove"
                kind=ButtonKind::DangerQuiet
                small=true
                aria_label=Signal::derive(move || Some(format!("Remove rule {}", place.get() + 1)))
                on_click=move || {
                    draft.update(|draft| draft.remove_rule(rule));
                    editor.said.set("The rule was removed.".to_owned());
                }
            />
        </div>
    }
}

#[component]
fn JoinFields(editor: Editor, rule: u32) -> impl IntoView {
    let draft = editor.draft;
    let join = Memo::new(move |_| draft.with(|draft| draft.rule(rule).map(|rule| rule.join)).unwrap_or_default());
    let set = move |join: Join| {
        draft.update(|draft| {
            if let Some(rule) = draft.rule_mut(rule) {
                rule.join = join;
            }
        });
    };
    view! {
        <div class="row">
            <Select
                label="A person must meet"
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
            {move || match join.get() {
                Join::AtLeast(n) => Some(view! {
                    <NumberInput
                        label="At least"
                        min=1.0
                        value=Some(f64::from(n))
                        on_change=move |n: MaybeNumber| set(Join::AtLeast(super::entry::whole(n).max(1)))
                    />
                }),
                Join::All | Join::Any => None,
            }}
        </div>
    }
}

/// Adds a condition: a search over variables, or a kind of condition on a record.
#[component]
fn AddCondition(editor: Editor, #[prop(into)] label: String, #[prop(into)] on_add: Callback<(What,)>) -> impl IntoView {
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
                <Button label="An event" small=true icon=IconName::Plus on_click=move || on_add.run((first_event(),))/>
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
    let label = if variable.label.is_empty() || variable.label == variable.name {
        variable.name.clone()
    } else {
        format!("{} \u{2013} {}", variable.name, variable.label)
    };
    let missing = match variable.n_missing {
        0 => String::new(),
        n => format!("{n} missing"),
    };
    ComboOption { value: variable.name.clone(), label, detail: missing }
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

fn first_event() -> What {
    What::Event {
        event: EventDraft::default(),
        window: Window { start_days: None, end_days: Some(-1) },
        count: CountTest::default(),
    }
}
