//! Target and comparator: two levels of a variable, or two saved cohorts.

use leptos::prelude::*;
use model::study::StudyArm;
use protocol::VariableInfo;

use super::form::{level_of, splittable};
use super::state::Study;
use crate::components::*;
use crate::figures::kaplan_meier::count;
use crate::format::variable::{VariableWords, name_and_label};
use crate::stores::cohorts::SavedCohort;
use crate::stores::scope::use_cohorts;

/// Value of the choice that keeps the arm as it is in a saved study.
const KEPT: &str = "kept";

/// The arms.
#[component]
pub fn ArmsFields(study: Study) -> impl IntoView {
    let variables = study
        .contents
        .with_value(|contents| splittable(&contents.variables).into_iter().cloned().collect::<Vec<VariableInfo>>());
    let can_split = !variables.is_empty();
    let begins_split = study.form.with_untracked(|form| match &form.target {
        Some(target) => level_of(target).is_some(),
        None => can_split,
    });
    let by_level = RwSignal::new(begins_split);
    let variables = StoredValue::new(variables);
    let option = |value: &str, label: &str, hint: &str| RadioOption {
        value: value.to_owned(),
        label: label.to_owned(),
        hint: hint.to_owned(),
    };
    let options = vec![
        option("level", "Two levels of a variable", "For example treated against not treated, as the file says it."),
        option("cohort", "Two saved cohorts", "With their own entry, rules and index date."),
    ];
    view! {
        <Card>
            {can_split.then(|| view! {
                <RadioGroup
                    legend="Compare"
                    value=move || if by_level.get() { "level" } else { "cohort" }.to_owned()
                    options=options
                    on_change=move |value: String| by_level.set(value == "level")
                />
            })}
            {move || if by_level.get() {
                view! { <LevelArms study=study variables=variables/> }.into_any()
            } else {
                view! { <CohortArms study=study/> }.into_any()
            }}
        </Card>
    }
}

#[component]
fn LevelArms(study: Study, variables: StoredValue<Vec<VariableInfo>>) -> impl IntoView {
    let form = study.form;
    let level = move |target: bool| {
        form.with(|form| {
            let arm = if target { &form.target } else { &form.comparator };
            arm.as_ref().and_then(level_of).map(|(name, level)| (name.to_owned(), level.to_owned()))
        })
    };
    let variable = Memo::new(move |_| level(true).map(|(name, _)| name).unwrap_or_default());
    let info = move |name: &str| variables.with_value(|all| all.iter().find(|variable| variable.name == name).cloned());
    let options = Signal::derive(move || {
        let mut options = vec![(String::new(), "Choose a variable".to_owned())];
        variables.with_value(|all| {
            options.extend(all.iter().map(|variable| (variable.name.clone(), name_and_label(variable))));
        });
        options
    });
    let choose = move |name: String| {
        let Some(info) = info(&name) else {
            return;
        };
        // The last level (1, yes) against the first (0, no): the usual meaning of a treatment column.
        if let (Some(first), Some(last)) = (info.levels.first(), info.levels.last()) {
            study.contents.with_value(|contents| {
                form.update(|form| form.split(contents, &info, &last.0, &first.0));
            });
        }
    };
    let levels = Signal::derive(move || {
        info(&variable.get()).map_or_else(Vec::new, |info| {
            let words = VariableWords::of(&info);
            let levels = info.levels.into_iter();
            levels
                .map(|(level, n)| {
                    let meaning = words.meaning(&level).map(|words| format!(" {words}")).unwrap_or_default();
                    (level.clone(), format!("{level}{meaning} ({} persons)", count(n as f64)))
                })
                .collect()
        })
    });
    let set = move |target: Option<String>, comparator: Option<String>| {
        let (Some(info), Some(now), Some(other)) = (info(&variable.get_untracked()), level(true), level(false)) else {
            return;
        };
        let (target, comparator) = (target.unwrap_or(now.1), comparator.unwrap_or(other.1));
        study.contents.with_value(|contents| form.update(|form| form.split(contents, &info, &target, &comparator)));
    };
    view! {
        <div class="grid">
            <Select label="Variable" value=move || variable.get() options=options on_change=choose/>
            <Show when=move || !variable.with(String::is_empty)>
                <Select
                    label="Target: level"
                    value=move || level(true).map(|(_, level)| level).unwrap_or_default()
                    options=levels
                    on_change=move |value: String| set(Some(value), None)
                />
                <Select
                    label="Comparator: level"
                    value=move || level(false).map(|(_, level)| level).unwrap_or_default()
                    options=levels
                    on_change=move |value: String| set(None, Some(value))
                />
            </Show>
        </div>
    }
}

#[component]
fn CohortArms(study: Study) -> impl IntoView {
    let form = study.form;
    let shelf = use_cohorts();
    let dataset = study.contents.with_value(|contents| contents.header.id.clone());
    let here = StoredValue::new(dataset.clone());
    let mine = Memo::new(move |_| shelf.now().of(&here.get_value()));
    let arm = move |target: bool| form.with(|form| if target { form.target.clone() } else { form.comparator.clone() });
    let value = move |target: bool| match arm(target) {
        None => String::new(),
        Some(arm) => mine.with(|mine| same(mine, &arm).map_or_else(|| KEPT.to_owned(), |cohort| cohort.id.clone())),
    };
    let options = move |target: bool| {
        let mut options = vec![(String::new(), "Choose a cohort".to_owned())];
        mine.with(|mine| {
            if let Some(arm) = arm(target).filter(|arm| same(mine, arm).is_none()) {
                options.push((KEPT.to_owned(), format!("{} (as it is in this study)", arm.name)));
            }
            options.extend(mine.iter().map(|cohort| (cohort.id.clone(), cohort.definition.name.clone())));
        });
        options
    };
    let choose = move |target: bool, id: String| {
        if id == KEPT {
            return;
        }
        let found = mine.with_untracked(|mine| mine.iter().find(|cohort| cohort.id == id).cloned());
        let arm = found.map(|cohort| StudyArm { name: cohort.definition.name.clone(), cohort: cohort.definition });
        study.contents.with_value(|contents| {
            form.update(|form| {
                let (was_target, was_comparator) = (form.target.clone(), form.comparator.clone());
                if target {
                    form.compare(contents, arm, was_comparator);
                } else {
                    form.compare(contents, was_target, arm);
                }
            });
        });
    };
    view! {
        <Show
            when=move || !mine.with(Vec::is_empty)
            fallback={
                let dataset = dataset.clone();
                move || view! {
                    <p>"No cohort is saved on this dataset yet. Make one for each arm."</p>
                    <div class="row">
                        <LinkButton label="New cohort" href=format!("/cohorts/new?dataset={dataset}") icon=IconName::Plus/>
                    </div>
                }
            }
        >
            <div class="grid">
                <Select
                    label="Target cohort"
                    value=move || value(true)
                    options=Signal::derive(move || options(true))
                    on_change=move |id: String| choose(true, id)
                />
                <Select
                    label="Comparator cohort"
                    value=move || value(false)
                    options=Signal::derive(move || options(false))
                    on_change=move |id: String| choose(false, id)
                />
            </div>
        </Show>
    }
}

/// The saved cohort that an arm still is.
fn same<'a>(saved: &'a [SavedCohort], arm: &StudyArm) -> Option<&'a SavedCohort> {
    saved.iter().find(|cohort| cohort.definition == arm.cohort)
}
