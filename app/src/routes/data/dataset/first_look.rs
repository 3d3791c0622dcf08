//! A first look at a flat file that follows persons over time: everybody's survival in one curve, before any comparison.

use std::time::Duration;

use leptos::prelude::*;
use model::canonical::content_id;
use model::dataset::{ColumnHeader, ColumnRole, DatasetHeader, DatasetId};
use model::results::SurvivalReport;
use model::study::AnalysisSettings;
use model::tables;
use protocol::{Survival, SurvivalDepth};

use crate::components::*;
use crate::routes::compare::curves::{Curves, CurvesOf};
use crate::routes::compare::form::unit_named;
use crate::routes::summary::table_view::{SettingsList, Warnings};
use crate::stores::engine::{Load, Task, use_engine};

/// A duration and the event that it leads to.
#[derive(Clone, Debug, PartialEq)]
struct FollowUp {
    duration: ColumnHeader,
    event: ColumnHeader,
}

/// Each duration with its event: research files put an event behind its time, so the first goes with the first.
fn follow_ups(variables: &[ColumnHeader]) -> Vec<FollowUp> {
    let of = |role| variables.iter().filter(move |v| v.role == role).cloned();
    of(ColumnRole::Duration).zip(of(ColumnRole::Event)).map(|(duration, event)| FollowUp { duration, event }).collect()
}

fn words_of(variable: &ColumnHeader) -> &str {
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
        causes: false,
    }
}

/// Everybody's survival; nothing where the file has no duration with an event. It needs no more than the header, so that the
/// curve is on its way before anything else of the dataset is asked for.
#[component]
pub(super) fn FirstLook(
    /// The dataset's header.
    header: DatasetHeader,
    /// Called when there is something to see (or nothing to wait for): what stands below can be built.
    #[prop(into)]
    seen: Callback<()>,
) -> impl IntoView {
    let engine = use_engine();
    let variables =
        header.tables.iter().find(|table| table.name == tables::VARIABLE).map(|table| table.columns.as_slice());
    let found = follow_ups(variables.unwrap_or_default());
    if found.is_empty() {
        seen.run(());
        return ().into_any();
    }
    let options: Vec<(String, String)> =
        found.iter().enumerate().map(|(idx, f)| (idx.to_string(), words_of(&f.event).to_owned())).collect();
    let several = options.len() > 1;
    let found = StoredValue::new(found);
    let dataset = StoredValue::new(header.id);
    let chosen = RwSignal::new(0_usize);
    let task = Task::<SurvivalReport>::new();
    let ask = move || {
        let call = dataset.with_value(|id| found.with_value(|found| question(id, &found[chosen.get_untracked()])));
        task.run(engine, call);
    };
    ask();
    Effect::new(move |_| {
        if task.load.with(|load| !matches!(load, Load::Idle | Load::Loading { .. })) {
            // Not in the same breath: the browser paints the curve first.
            set_timeout(move || seen.run(()), Duration::ZERO);
        }
    });
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
            unit: unit_named(follow_up.duration.unit.as_deref()).word().to_owned(),
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

    fn variable(name: &str, role: ColumnRole) -> ColumnHeader {
        ColumnHeader {
            name: name.into(),
            label: String::new(),
            kind: ColumnKind::Number,
            role,
            unit: None,
            chunks: Vec::new(),
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
