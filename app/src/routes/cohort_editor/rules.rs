//! The rules, in the order they are applied.

use leptos::prelude::*;

use super::Editor;
use super::draft::{Join, RuleDraft, What};
use super::group::{AddCondition, JoinFields};
use super::test_fields::TestFields;
use crate::components::*;

/// Id of the list, which takes the focus when one of them goes.
pub(super) const LIST: &str = "rules";

/// The rules.
#[component]
pub(super) fn RulesSection(editor: Editor) -> impl IntoView {
    let draft = editor.draft;
    let keys = Memo::new(move |_| draft.with(|draft| draft.rules.iter().map(|rule| rule.key).collect::<Vec<_>>()));
    view! {
        <Section title="Rules" lead="Applied from top to bottom; a person must meet every one. The order does not change who is left, only what the attrition table shows.">
            <ol class="rules" id=LIST tabindex="-1">
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
    // 'At least one of one' is shown too: it is part of the definition.
    let has_join = Memo::new(move |_| {
        several.get() || draft.with(|draft| draft.rule(key).is_some_and(|rule| rule.join != Join::All))
    });
    let name =
        Signal::derive(move || draft.with(|draft| draft.rule(key).map(|rule| rule.name.clone())).unwrap_or_default());
    view! {
        <li class="card rule">
            <div class="rule__head">
                <span class="rule__number" aria-hidden="true">{move || place.get() + 1}</span>
                <h3 class="rule__title">{move || if name.with(String::is_empty) { words.get() } else { name.get() }}</h3>
                <RuleButtons editor=editor rule=key place=place n=Signal::derive(move || keys.with(Vec::len))/>
            </div>
            <Show when=move || has_join.get()>
                <JoinFields editor=editor group=key label="A person must meet"/>
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
            focus_soon(move || {
                let at_end = place.get_untracked() == 0 && up || place.get_untracked() + 1 == n.get_untracked() && !up;
                id(if at_end { !up } else { up })
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
                    focus_soon(|| LIST.to_owned());
                }
            />
        </div>
    }
}
