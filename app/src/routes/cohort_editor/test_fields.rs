//! The fields of one condition.

use leptos::prelude::*;
use model::cohort::{CountTest, NumberRange, Test, Window};
use model::covariate::Covariate;
use model::dataset::ColumnKind;
use protocol::{Summarize, SummaryGroups, VariableInfo};

use super::draft::{EventDraft, What};
use super::entry::whole;
use super::event_fields::EventFields;
use super::group::group_fields;
use super::words::window_words;
use super::{Editor, MaybeNumber};
use crate::components::*;
use crate::figures::distribution::{Distribution, HEIGHT, WIDTH, distribution};
use crate::figures::kaplan_meier::count;
use crate::figures::scale::plain_number;
use crate::stores::engine::{Load, Task, use_engine};

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
                    aria_label="Make this condition a group, to add others that may hold instead"
                    on_click=wrap
                />
            </Show>
            <Show when=move || removable.get()>
                <Button label="Remove condition" kind=ButtonKind::DangerQuiet small=true on_click=move || draft.update(|draft| draft.remove_test(test))/>
            </Show>
        </div>
    }
}

fn set_what(editor: Editor, test: u32, change: impl FnOnce(&mut What)) {
    editor.draft.update(|draft| {
        if let Some(test) = draft.test_mut(test) {
            change(&mut test.what);
        }
    });
}

#[component]
fn VariableFields(editor: Editor, test: u32, name: String) -> impl IntoView {
    let info = editor.contents.with_value(|contents| contents.variables.iter().find(|v| v.name == name).cloned());
    let Some(info) = info else {
        return view! {
            <Notice kind=NoticeKind::Warn title="This dataset has no such variable">
                <p>{format!("\u{201c}{name}\u{201d} is not in this dataset. Remove the rule, or choose the dataset the cohort was built on.")}</p>
            </Notice>
        }
        .into_any();
    };
    let current = Memo::new(move |_| {
        editor.draft.with(|draft| match draft.test(test).map(|test| &test.what) {
            Some(What::Variable { test, .. }) => test.clone(),
            _ => Test::NotMissing,
        })
    });
    let set = move |new: Test| {
        set_what(editor, test, |what| {
            if let What::Variable { test, .. } = what {
                *test = new;
            }
        });
    };
    let kind = Memo::new(move |_| kind_of(&current.get()));
    let options = kinds(&info);
    let info = StoredValue::new(info);
    view! {
        <div class="stack">
            <Select
                label=Signal::derive(move || info.with_value(|info| if info.label.is_empty() { info.name.clone() } else { format!("{} ({})", info.label, info.name) }))
                value=move || kind.get().to_owned()
                options=options
                on_change=move |value: String| set(match value.as_str() {
                    "range" => Test::Range { range: NumberRange::default() },
                    "levels" => Test::OneOf { levels: Vec::new() },
                    "missing" => Test::Missing,
                    _ => Test::NotMissing,
                })
            />
            {move || match kind.get() {
                "range" => view! { <RangeFields editor=editor info=info current=current set=Callback::new(move |(range,): (NumberRange,)| set(Test::Range { range }))/> }.into_any(),
                "levels" => view! { <LevelFields info=info current=current set=Callback::new(move |(levels,): (Vec<String>,)| set(Test::OneOf { levels }))/> }.into_any(),
                _ => ().into_any(),
            }}
        </div>
    }
    .into_any()
}

fn kind_of(test: &Test) -> &'static str {
    match test {
        Test::Range { .. } => "range",
        Test::OneOf { .. } => "levels",
        Test::Missing => "missing",
        Test::NotMissing => "known",
    }
}

fn kinds(info: &VariableInfo) -> Vec<(String, String)> {
    let mut kinds = Vec::new();
    if info.kind == ColumnKind::Number {
        kinds.push(("range", "is a number in a range".to_owned()));
    }
    if !info.levels.is_empty() {
        kinds.push(("levels", "is one of".to_owned()));
    }
    kinds.push(("known", "has a value".to_owned()));
    kinds.push(("missing", format!("has no value ({} persons)", count(info.n_missing as f64))));
    kinds.into_iter().map(|(value, words)| (value.to_owned(), words)).collect()
}

#[component]
fn RangeFields(
    editor: Editor,
    info: StoredValue<VariableInfo>,
    current: Memo<Test>,
    set: Callback<(NumberRange,)>,
) -> impl IntoView {
    let range = move || match current.get() {
        Test::Range { range } => range,
        _ => NumberRange::default(),
    };
    let unit = info.with_value(|info| info.unit.clone());
    let extent = info.with_value(|info| match (info.min, info.max) {
        (Some(min), Some(max)) => {
            format!("In these data from {} to {}. Both ends are included.", plain_number(min), plain_number(max))
        }
        _ => "Nobody has a value.".to_owned(),
    });
    view! {
        <RangeHint editor=editor name=info.with_value(|info| info.name.clone())/>
        <div class="grid">
            <NumberInput label="From" unit=unit.clone() value=move || range().min on_change=move |min: MaybeNumber| set.run((NumberRange { min, ..range() },))/>
            <NumberInput label="To" unit=unit value=move || range().max on_change=move |max: MaybeNumber| set.run((NumberRange { max, ..range() },))/>
        </div>
        <p class="field__hint">{extent}</p>
    }
}

/// A small histogram of the variable, so that a cut is not chosen blind.
#[component]
fn RangeHint(editor: Editor, name: String) -> impl IntoView {
    let engine = use_engine();
    let task = Task::new();
    Effect::new(move |_| {
        task.run(
            engine,
            Summarize {
                dataset: editor.dataset.get_value(),
                groups: SummaryGroups::By { variable: None },
                variables: Some(vec![Covariate::Variable { name: name.clone(), as_category: false }]),
            },
        );
    });
    move || {
        let drawn = task.load.with(|load| match load {
            Load::Ready(table) => table.variables.first().map(distribution),
            _ => None,
        });
        match drawn {
            Some(Distribution::Histogram { groups, low, high, .. }) => groups.into_iter().next().map(|(_, path)| {
                view! {
                    <figure class="hint-histogram" aria-hidden="true">
                        <svg viewBox=format!("0 0 {WIDTH} {HEIGHT}") preserveAspectRatio="none"><path d=path/></svg>
                        <figcaption class="row row--between small muted num"><span>{low}</span><span>{high}</span></figcaption>
                    </figure>
                }
            }),
            _ => None,
        }
    }
}

#[component]
fn LevelFields(info: StoredValue<VariableInfo>, current: Memo<Test>, set: Callback<(Vec<String>,)>) -> impl IntoView {
    let chosen = move || match current.get() {
        Test::OneOf { levels } => levels,
        _ => Vec::new(),
    };
    let toggle = move |level: String, on: bool| {
        let all = info.with_value(|info| info.levels.clone());
        let before = chosen();
        // In the order of the dataset, so that the same choice is the same definition.
        let mut levels: Vec<String> = all
            .into_iter()
            .map(|(name, _)| name)
            .filter(|name| if *name == level { on } else { before.contains(name) })
            .collect();
        let known = info.with_value(|info| info.levels.clone());
        levels.extend(before.into_iter().filter(|name| known.iter().all(|(other, _)| other != name)));
        set.run((levels,));
    };
    view! {
        <fieldset class="fieldset">
            <legend>"Levels"</legend>
            <div class="levels">
                {info
                    .with_value(|info| info.levels.clone())
                    .into_iter()
                    .map(|(level, n)| {
                        let own = level.clone();
                        view! {
                            <Checkbox
                                label=format!("{level} ({})", count(n as f64))
                                value=Signal::derive(move || chosen().contains(&own))
                                on_change=move |on: bool| toggle(level.clone(), on)
                            />
                        }
                    })
                    .collect_view()}
            </div>
        </fieldset>
        <Show when=move || chosen().is_empty()>
            <p class="field__hint">"Nothing chosen: nobody meets this condition yet."</p>
        </Show>
    }
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
            <div class="levels">
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
