//! The fields of a condition on a variable: a range with its distribution, levels, missing values.

use leptos::prelude::*;
use model::cohort::{NumberRange, Test};
use model::covariate::Covariate;
use model::dataset::ColumnKind;
use protocol::{Summarize, SummaryGroups, VariableInfo};

use super::draft::What;
use super::test_fields::set_what;
use super::{Editor, MaybeNumber};
use crate::components::*;
use crate::figures::distribution::{Distribution, HEIGHT, WIDTH, distribution};
use crate::figures::kaplan_meier::count;
use crate::figures::scale::plain_number;
use crate::format::variable::{VariableWords, name_and_label};
use crate::stores::engine::{Load, Task, use_engine};

/// The fields of a condition on a variable.
#[component]
pub(super) fn VariableFields(editor: Editor, test: u32, name: String) -> impl IntoView {
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
                label=Signal::derive(move || info.with_value(name_and_label))
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
            <div class="level-list">
                {info
                    .with_value(|info| {
                        let words = VariableWords::of(info);
                        info.levels.iter().map(|(level, n)| (level.clone(), words.level(level), *n)).collect::<Vec<_>>()
                    })
                    .into_iter()
                    .map(|(level, words, n)| {
                        let own = level.clone();
                        view! {
                            <Checkbox
                                label=format!("{words}: {}", count(n as f64))
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
