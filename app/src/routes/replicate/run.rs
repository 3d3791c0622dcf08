//! Running the plan here, with the same lock: groups first, outcome after they were looked at.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use model::results::{BalanceRow, HazardRatio, StudyResult};
use model::study::StudyPlan;
use protocol::{DatasetContents, RunStudy, StudyStage};

use crate::components::*;
use crate::figures::forest::number;
use crate::figures::love_plot::term;
use crate::format::{decimals, fixed, range};
use crate::routes::compare::names;
use crate::stores::engine::{Task, use_engine};
use crate::stores::findings::adjusted_for::labelled;
use crate::stores::findings::record::Draft;
use crate::stores::findings::{self, SavedFinding, text};

/// What limits a replication.
#[derive(Clone)]
pub(super) struct Limits {
    /// In what it differs from the original.
    pub(super) differences: Vec<String>,
    /// What is known, there or here, and not adjusted for.
    pub(super) not_adjusted_for: Vec<String>,
}

/// Groups, then outcome, then the finding.
#[component]
pub(super) fn Run(
    saved: SavedFinding,
    contents: StoredValue<DatasetContents>,
    plan: StudyPlan,
    limits: Limits,
) -> impl IntoView {
    let engine = use_engine();
    let design = Task::<StudyResult>::new();
    let full = Task::<StudyResult>::new();
    let has_looked = RwSignal::new(false);
    let ask = {
        let (plan, dataset) = (plan.clone(), contents.with_value(|contents| contents.header.id.clone()));
        move |task: Task<StudyResult>, stage: StudyStage| {
            task.run(engine, RunStudy { dataset: dataset.clone(), plan: plan.clone(), stage });
        }
    };
    let ask_design = ask.clone();
    let look = Callback::new(move |()| {
        has_looked.set(false);
        full.reset();
        ask_design(design, StudyStage::Design);
    });
    let show = Callback::new(move |()| ask(full, StudyStage::Full));
    let made_from = StoredValue::new((saved, plan, limits));
    view! {
        <Section
            title="Look at the groups"
            lead="Who is in which group, and how alike they are. No outcome is counted yet, so that it cannot steer the comparison."
        >
            <AsyncPanel
                load=design.load
                doing="Building the groups\u{2026}"
                idle=move || view! { <div class="row"><Button label="Build the groups" kind=ButtonKind::Primary on_click=look/></div> }
                retry=look
                on_cancel=Callback::new(move |()| design.cancel())
                full=move |mut result: StudyResult| {
                    result.balance = contents.with_value(|contents| names::balance(contents, result.balance));
                    view! { <Groups result=result has_looked=has_looked/> }
                }
            />
        </Section>
        <Show when=move || has_looked.get()>
            <Section title="The outcome">
                <AsyncPanel
                    load=full.load
                    doing="Comparing the outcomes\u{2026}"
                    idle=move || view! { <div class="row"><Button label="Compare the outcomes" kind=ButtonKind::Primary on_click=show/></div> }
                    retry=show
                    on_cancel=Callback::new(move |()| full.cancel())
                    full=move |result: StudyResult| {
                        let (saved, plan, limits) = made_from.get_value();
                        view! { <Outcome result=result saved=saved contents=contents plan=plan limits=limits/> }
                    }
                />
            </Section>
        </Show>
    }
}

/// Attrition and balance.
#[component]
fn Groups(result: StudyResult, has_looked: RwSignal<bool>) -> impl IntoView {
    let sizes = result
        .attrition
        .iter()
        .map(|arm| {
            let n = arm.rows.last().map_or(0, |row| row.persons);
            view! { <Stat label=arm.arm.clone() value=crate::format::count(n) uncertainty="persons analysed"/> }
        })
        .collect_view();
    let unbalanced: Vec<String> = result
        .balance
        .rows
        .iter()
        .filter(|row| row.smd_before.is_some_and(|smd| smd.abs() > result.balance.threshold))
        .map(|row| term(&row.covariate))
        .collect();
    let words = if unbalanced.is_empty() {
        format!("No characteristic differs by more than {} standard deviations.", result.balance.threshold)
    } else {
        format!(
            "{} of {} characteristics differ by more than {} standard deviations before adjustment: {}.",
            unbalanced.len(),
            result.balance.rows.len(),
            result.balance.threshold,
            unbalanced.join(", ")
        )
    };
    let table = balance_table(&result.balance.rows);
    let attrition = attrition_table(&result);
    let warnings =
        result.warnings.iter().map(|warning| view! { <p class="small muted">{warning.clone()}</p> }).collect_view();
    view! {
        <div class="stack">
            <dl class="stats">{sizes}</dl>
            <p>{words}</p>
            <DataTable table=table file_name="balance"/>
            <Details summary="How many were left out at each step">
                <DataTable table=attrition.clone() file_name="attrition"/>
            </Details>
            {warnings}
            <Checkbox
                label="I have looked at the groups"
                value=has_looked
                on_change=move |looked: bool| has_looked.set(looked)
                hint="The outcome opens after this."
            />
        </div>
    }
}

fn balance_table(rows: &[BalanceRow]) -> TableData {
    let shown = |value: Option<f64>| value.map_or_else(|| "\u{2013}".to_owned(), number);
    TableData {
        caption: "How alike the groups are (standardized mean difference; above 0.1: unbalanced)".to_owned(),
        columns: vec![
            // The differences come first: on a telephone the rest scrolls.
            Column::text("Characteristic"),
            Column::number("Difference before"),
            Column::number("Difference after"),
            Column::number("Treated one way"),
            Column::number("Compared with"),
            Column::number("Missing"),
        ],
        rows: rows
            .iter()
            .map(|row| {
                vec![
                    term(&row.covariate),
                    shown(row.smd_before),
                    shown(row.smd_after),
                    shown(row.target),
                    shown(row.comparator),
                    crate::format::count(row.missing_target + row.missing_comparator),
                ]
            })
            .collect(),
    }
}

fn attrition_table(result: &StudyResult) -> TableData {
    TableData {
        caption: "Persons left after each step".to_owned(),
        columns: vec![
            Column::text("Group"),
            Column::text("Step"),
            Column::number("Persons"),
            Column::number("Entries"),
        ],
        rows: result
            .attrition
            .iter()
            .flat_map(|arm| {
                arm.rows.iter().map(|row| {
                    vec![
                        arm.arm.clone(),
                        row.rule.clone(),
                        crate::format::count(row.persons),
                        crate::format::count(row.events),
                    ]
                })
            })
            .collect(),
    }
}

/// The estimates here beside the original's, and the way to the finding.
#[component]
fn Outcome(
    result: StudyResult,
    saved: SavedFinding,
    contents: StoredValue<DatasetContents>,
    plan: StudyPlan,
    limits: Limits,
) -> impl IntoView {
    let hand_over = findings::use_hand_over();
    let navigate = use_navigate();
    let original = text::one_line(&saved.finding);
    let estimates = [
        ("Adjusted hazard ratio, here", &result.hazard_ratio_adjusted),
        ("Unadjusted hazard ratio, here", &result.hazard_ratio_unadjusted),
    ]
    .into_iter()
    .filter_map(|(label, ratio)| ratio.as_ref().map(|ratio| estimate(label, ratio, plan.settings.level)))
    .collect_view();
    let words = result
        .hazard_ratio_adjusted
        .as_ref()
        .or(result.hazard_ratio_unadjusted.as_ref())
        .map(|ratio| ratio.ph_words.clone());
    let warnings =
        result.warnings.iter().map(|warning| view! { <p class="small muted">{warning.clone()}</p> }).collect_view();
    let (name, settings) = contents.with_value(|contents| {
        (contents.header.name.clone(), labelled(result.settings.clone(), &contents.variables, &plan))
    });
    let result = StudyResult { settings, ..result };
    let draft = Draft {
        replicates: Some(saved.id().clone()),
        limits: limits.differences,
        not_adjusted_for: limits.not_adjusted_for,
        ..Draft::new(plan, result, name, Vec::new())
    };
    let write_up = move || {
        hand_over.start(draft.clone());
        navigate("/finding/new", NavigateOptions::default());
    };
    view! {
        <div class="stack">
            <dl class="stats">
                {estimates}
                <Stat label="The original" value=original/>
            </dl>
            {words.map(|words| view! { <p>{words}</p> })}
            {warnings}
            <div class="row">
                <Button label="Write it up as a replication" kind=ButtonKind::Primary on_click=write_up/>
            </div>
        </div>
    }
}

fn estimate(label: &'static str, ratio: &HazardRatio, level: f64) -> impl IntoView + use<> {
    let percent = crate::figures::scale::plain_number(level * 100.0);
    let decimals = decimals(ratio.estimate, ratio.lower, ratio.upper);
    let uncertainty = format!(
        "{percent}% interval {}; {} persons, {} events. {}",
        range(ratio.lower, ratio.upper, decimals),
        crate::format::count(ratio.n),
        crate::format::count(ratio.n_events),
        ratio.method
    );
    view! { <Stat label=label value=fixed(ratio.estimate, decimals) uncertainty=uncertainty/> }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::results::{ArmAttrition, AttritionRow};

    #[test]
    fn tables_are_rectangular() {
        let result = StudyResult {
            attrition: vec![ArmAttrition {
                arm: "A".into(),
                rows: vec![AttritionRow { rule: "everyone".into(), persons: 1200, events: 1300 }],
            }],
            ..StudyResult::default()
        };
        let rows = [BalanceRow { covariate: "age".into(), smd_before: Some(-0.42), ..BalanceRow::default() }];
        for table in [attrition_table(&result), balance_table(&rows)] {
            assert!(!table.rows.is_empty());
            assert!(table.rows.iter().all(|row| row.len() == table.columns.len()));
        }
        assert_eq!(attrition_table(&result).rows[0], ["A", "everyone", "1,200", "1,300"]);
        assert_eq!(balance_table(&rows).rows[0][1], "\u{2212}0.42");
    }
}
