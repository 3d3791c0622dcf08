//! A first look at a flat file that follows persons over time: everybody's survival in one curve, before any comparison.

use leptos::prelude::*;
use model::canonical::content_id;
use model::dataset::{ColumnRole, DatasetId};
use model::results::SurvivalReport;
use model::study::AnalysisSettings;
use protocol::{DatasetContents, Survival, SurvivalDepth, VariableInfo};

use crate::components::*;
use crate::routes::compare::curves::{Curves, CurvesOf};
use crate::routes::compare::form::unit_of;
use crate::routes::summary::table_view::{SettingsList, Warnings};
use crate::stores::engine::{Task, use_engine};

/// A duration and the event that it leads to.
#[derive(Clone, Debug, PartialEq)]
struct FollowUp {
    duration: VariableInfo,
    event: VariableInfo,
}

/// Each duration with its event: research files put an event behind its time, so the first goes with the first.
fn follow_ups(variables: &[VariableInfo]) -> Vec<FollowUp> {
    let of = |role| variables.iter().filter(move |v| v.role == role).cloned();
    of(ColumnRole::Duration).zip(of(ColumnRole::Event)).map(|(duration, event)| FollowUp { duration, event }).collect()
}

fn words_of(variable: &VariableInfo) -> &str {
    if variable.label.is_empty() { &variable.name } else { &variable.label }
}

fn question(dataset: &DatasetId, follow_up: &FollowUp) -> Survival {
    Survival {
        dataset: dataset.clone(),
        time: follow_up.duration.name.clone(),
        event: follow_up.event.name.clone(),
        entry: None,
        group: None,
        covariates: Vec::new(),
        strata: None,
        weights: None,
        cluster: None,
        settings: AnalysisSettings::default(),
        thin: true,
        depth: SurvivalDepth::Curves,
    }
}

/// Everybody's survival; nothing where the file has no duration with an event.
#[component]
pub(super) fn FirstLook(
    /// What is in the dataset.
    contents: DatasetContents,
) -> impl IntoView {
    let engine = use_engine();
    let found = follow_ups(&contents.variables);
    if found.is_empty() {
        return ().into_any();
    }
    let options: Vec<(String, String)> =
        found.iter().enumerate().map(|(idx, f)| (idx.to_string(), words_of(&f.event).to_owned())).collect();
    let several = options.len() > 1;
    let found = StoredValue::new(found);
    let dataset = StoredValue::new(contents.header.id);
    let chosen = RwSignal::new(0_usize);
    let task = Task::<SurvivalReport>::new();
    let ask = move || {
        let call = dataset.with_value(|id| found.with_value(|found| question(id, &found[chosen.get_untracked()])));
        task.run(engine, call);
    };
    ask();
    let choose = move |(value,): (String,)| {
        if let Ok(idx) = value.parse::<usize>()
            && idx < found.with_value(Vec::len)
        {
            chosen.set(idx);
            ask();
        }
    };
    let full = move |report: SurvivalReport| {
        let follow_up = found.with_value(|found| found[chosen.get_untracked()].clone());
        let call = dataset.with_value(|id| question(id, &follow_up));
        // The engine keeps the curve under the same name; without it only the numbers at risk are missing, and say so.
        let plan_id = content_id(&call).map(|id| id.0).unwrap_or_default();
        let (warnings, settings) = (report.warnings.clone(), report.settings.clone());
        let of = CurvesOf {
            plan_id,
            weighted: false,
            report,
            unit: unit_of(&follow_up.duration).word().to_owned(),
            level: call.settings.level,
            outcome: words_of(&follow_up.event).to_lowercase(),
        };
        view! {
            <Curves of=of again=move |()| ask()/>
            <Warnings warnings=warnings/>
            <Details summary="How these numbers were made"><SettingsList settings=settings.clone()/></Details>
        }
    };
    view! {
        <Section
            title="A first look"
            lead="Everybody in one Kaplan-Meier curve. Treatments are compared under Compare, after the groups were looked at."
        >
            {several.then(|| view! {
                <Select
                    label="Event"
                    value=Signal::derive(move || chosen.get().to_string())
                    options=options
                    on_change=choose
                />
            })}
            <AsyncPanel
                load=task.load
                full=full
                retry=ask
                on_cancel=Callback::new(move |()| task.cancel())
                doing="Drawing everybody's survival…"
            />
        </Section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::dataset::ColumnKind;

    fn variable(name: &str, role: ColumnRole) -> VariableInfo {
        VariableInfo {
            name: name.into(),
            label: String::new(),
            kind: ColumnKind::Number,
            role,
            unit: None,
            n_missing: 0,
            levels: Vec::new(),
            min: None,
            max: None,
        }
    }

    #[test]
    fn a_duration_goes_with_its_event_and_a_lone_one_with_none() {
        let variables = [
            variable("age", ColumnRole::Number),
            variable("rtime", ColumnRole::Duration),
            variable("recur", ColumnRole::Event),
            variable("dtime", ColumnRole::Duration),
            variable("death", ColumnRole::Event),
            variable("los", ColumnRole::Duration),
        ];
        let found = follow_ups(&variables);
        let names: Vec<_> = found.iter().map(|f| (f.duration.name.as_str(), f.event.name.as_str())).collect();
        assert_eq!(names, [("rtime", "recur"), ("dtime", "death")]);
        assert!(follow_ups(&variables[..2]).is_empty());
    }
}
