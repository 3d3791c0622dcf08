//! The fields of one condition.

use leptos::prelude::*;
use model::cohort::{CountTest, NumberRange, Window};

use super::draft::{EventDraft, What};
use super::entry::whole;
use super::event_fields::EventFields;
use super::group::group_fields;
use super::variable_fields::VariableFields;
use super::words::window_words;
use super::{Editor, MaybeNumber};
use crate::components::*;

/// Which fields a condition has: they are made anew only when this changes, so that typing keeps its place.
#[derive(Clone, Debug, PartialEq)]
enum Shape {
    Variable(String),
    Event,
    Age,
    Sex,
    Group,
    Kept,
}

/// The fields of one condition.
#[component]
pub(super) fn TestFields(editor: Editor, test: u32, removable: Memo<bool>) -> impl IntoView {
    let draft = editor.draft;
    let shape = Memo::new(move |_| {
        draft.with(|draft| {
            draft.test(test).map(|test| match &test.what {
                What::Variable { name, .. } => Shape::Variable(name.clone()),
                What::Event { .. } => Shape::Event,
                What::Age(_) => Shape::Age,
                What::Sex(_) => Shape::Sex,
                What::Group { .. } => Shape::Group,
                What::Kept(_) => Shape::Kept,
            })
        })
    });
    let is_group = Memo::new(move |_| shape.with(|shape| *shape == Some(Shape::Group)));
    let wrap = move || {
        draft.update(|draft| draft.wrap(test));
        editor.said.set("The condition is now the first of a group.".to_owned());
        super::group::focus(test);
    };
    view! {
        {move || shape.get().map(|shape| match shape {
            Shape::Variable(name) => view! { <VariableFields editor=editor test=test name=name/> }.into_any(),
            Shape::Event => view! { <EventTestFields editor=editor test=test/> }.into_any(),
            Shape::Age => view! { <AgeFields editor=editor test=test/> }.into_any(),
            Shape::Sex => view! { <SexFields editor=editor test=test/> }.into_any(),
            Shape::Group => group_fields(editor, test),
            Shape::Kept => view! {
                <p class="small">"This condition is a \u{2018}not\u{2019} of a \u{2018}not\u{2019}. It is kept as it was imported and applied, but cannot be changed here."</p>
            }.into_any(),
        })}
        <div class="row row--between">
            <Checkbox
                label="Exclude those who meet this"
                value=Signal::derive(move || draft.with(|draft| draft.test(test).is_some_and(|test| test.negate)))
                on_change=move |on: bool| draft.update(|draft| {
                    if let Some(test) = draft.test_mut(test) {
                        test.negate = on;
                    }
                })
            />
            <Show when=move || !is_group.get()>
                <Button
                    label="Make it a group"
                    small=true
                    kind=ButtonKind::Quiet
                    aria_label="Make it a group: add others that may hold instead of this condition"
                    on_click=wrap
                />
            </Show>
            <Show when=move || removable.get()>
                <Button label="Remove condition" kind=ButtonKind::DangerQuiet small=true on_click=move || {
                    draft.update(|draft| draft.remove_test(test));
                    focus_soon(|| super::rules::LIST.to_owned());
                }/>
            </Show>
        </div>
    }
}

/// Changes what a condition asks.
pub(super) fn set_what(editor: Editor, test: u32, change: impl FnOnce(&mut What)) {
    editor.draft.update(|draft| {
        if let Some(test) = draft.test_mut(test) {
            change(&mut test.what);
        }
    });
}

#[component]
fn AgeFields(editor: Editor, test: u32) -> impl IntoView {
    let range = move || {
        editor.draft.with(|draft| match draft.test(test).map(|test| &test.what) {
            Some(What::Age(range)) => *range,
            _ => NumberRange::default(),
        })
    };
    let set = move |range: NumberRange| set_what(editor, test, |what| *what = What::Age(range));
    view! {
        <div class="grid">
            <NumberInput label="Age at index from" unit="years" min=0.0 value=move || range().min on_change=move |min: MaybeNumber| set(NumberRange { min, ..range() })/>
            <NumberInput label="Age at index to" unit="years" min=0.0 value=move || range().max on_change=move |max: MaybeNumber| set(NumberRange { max, ..range() })/>
        </div>
    }
}

#[component]
fn SexFields(editor: Editor, test: u32) -> impl IntoView {
    let chosen = move || {
        editor.draft.with(|draft| match draft.test(test).map(|test| &test.what) {
            Some(What::Sex(one_of)) => one_of.clone(),
            _ => Vec::new(),
        })
    };
    let toggle = move |level: &'static str, on: bool| {
        let before = chosen();
        let one_of = ["female", "male", "other", "unknown"]
            .into_iter()
            .filter(|other| if *other == level { on } else { before.iter().any(|name| name == other) })
            .map(str::to_owned)
            .collect();
        set_what(editor, test, |what| *what = What::Sex(one_of));
    };
    view! {
        <fieldset class="fieldset">
            <legend>"Recorded sex"</legend>
            <div class="level-list">
                {["female", "male", "other", "unknown"]
                    .into_iter()
                    .map(|level| view! {
                        <Checkbox
                            label=level
                            value=Signal::derive(move || chosen().iter().any(|name| name == level))
                            on_change=move |on: bool| toggle(level, on)
                        />
                    })
                    .collect_view()}
            </div>
        </fieldset>
    }
}

#[component]
fn EventTestFields(editor: Editor, test: u32) -> impl IntoView {
    let read = move || {
        editor.draft.with(|draft| match draft.test(test).map(|test| &test.what) {
            Some(What::Event { event, window, count }) => (event.clone(), *window, *count),
            _ => (EventDraft::default(), Window::default(), CountTest::default()),
        })
    };
    let change = move |f: &dyn Fn(&mut EventDraft, &mut Window, &mut CountTest)| {
        set_what(editor, test, |what| {
            if let What::Event { event, window, count } = what {
                f(event, window, count);
            }
        });
    };
    let window = Memo::new(move |_| read().1);
    let times = Memo::new(move |_| read().2);
    view! {
        <EventFields
            contents=editor.contents
            event=Signal::derive(move || read().0)
            on_change=move |new: EventDraft| change(&|event, _, _| *event = new.clone())
        />
        <div class="grid">
            <NumberInput
                label="From day"
                hint="Days from the index date; \u{2212}365 is a year before. Empty: no limit."
                value=move || window.get().start_days.map(f64::from)
                on_change=move |day: MaybeNumber| change(&|_, window, _| window.start_days = day.map(|day| day.round() as i32))
            />
            <NumberInput
                label="To day"
                hint=Signal::derive(move || Some(format!("Now: {}.", window_words(window.get()))))
                value=move || window.get().end_days.map(f64::from)
                on_change=move |day: MaybeNumber| change(&|_, window, _| window.end_days = day.map(|day| day.round() as i32))
            />
            <CountFields times=times set=Callback::new(move |(new,): (CountTest,)| change(&|_, _, count| *count = new))/>
        </div>
    }
}

#[component]
fn CountFields(times: Memo<CountTest>, set: Callback<(CountTest,)>) -> impl IntoView {
    let parts = move || match times.get() {
        CountTest::AtLeast { n } => ("at-least", n),
        CountTest::AtMost { n } => ("at-most", n),
        CountTest::Exactly { n } => ("exactly", n),
    };
    let make = |kind: &str, n: u32| match kind {
        "at-most" => CountTest::AtMost { n },
        "exactly" => CountTest::Exactly { n },
        _ => CountTest::AtLeast { n: n.max(1) },
    };
    view! {
        <Select
            label="How many"
            value=move || parts().0.to_owned()
            options=vec![
                ("at-least".to_owned(), "At least".to_owned()),
                ("at-most".to_owned(), "At most (0: none)".to_owned()),
                ("exactly".to_owned(), "Exactly".to_owned()),
            ]
            on_change=move |kind: String| {
                let n = if kind == "at-most" { 0 } else { parts().1 };
                set.run((make(&kind, n),));
            }
        />
        <NumberInput
            label="Number of events"
            min=0.0
            value=move || Some(f64::from(parts().1))
            on_change=move |n: MaybeNumber| set.run((make(parts().0, whole(n)),))
        />
    }
}
