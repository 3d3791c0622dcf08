//! Part 2: the design. Who is left, whether the arms are alike, how long they were followed. No outcome.

use leptos::prelude::*;
use model::results::{Balance, StudyResult};
use model::study::{Adjustment, Outcome};

use super::names;
use super::state::{Step, Study};
use super::tables;
use crate::components::*;
use crate::figures::distribution::{HEIGHT, WIDTH};
use crate::figures::love_plot::{self, BalanceRowView, BalanceView, Mark};
use crate::figures::propensity::{OverlapView, overlap};
use crate::figures::scale::plain_number;
use crate::routes::cohort_editor::live::AttritionTable;
use crate::routes::summary::table_view::{SettingsList, Warnings};

/// The design.
#[component]
pub fn DesignStep(study: Study) -> impl IntoView {
    view! {
        <AsyncPanel
            load=study.design.task.load
            doing="Building both arms…"
            retry=move || study.retry()
            on_cancel=move || study.design.task.cancel()
            full=move |result: StudyResult| view! { <DesignView study=study result=result/> }
        />
    }
}

/// Names of the arms, target first.
pub(super) fn arm_names(study: Study) -> (String, String) {
    study.plan.with_untracked(|plan| match plan {
        Ok(plan) => (plan.target.name.clone(), plan.comparator.name.clone()),
        Err(_) => ("target".to_owned(), "comparator".to_owned()),
    })
}

#[component]
fn DesignView(study: Study, result: StudyResult) -> impl IntoView {
    let (target, comparator) = arm_names(study);
    let follow_up = tables::follow_up(&result.follow_up, &result.time_unit, None);
    let attrition = result.attrition.clone();
    let settings = study.settings_of(&result);
    let balance = study.contents.with_value(|contents| names::balance(contents, result.balance));
    view! {
        <div class="stack stack--l">
            <Warnings warnings=result.warnings/>
            <Section
                title="Index date and attrition"
                lead="The index date (time zero) is the day from which a person counts. Both arms must reach it in the same way; whoever needs to survive to be treated seems to live longer."
            >
                <EntryFacts study=study/>
                <div class="two">
                    {attrition
                        .into_iter()
                        .map(|arm| view! {
                            <AttritionTable caption=format!("Attrition: {}", arm.arm) rows=arm.rows/>
                        })
                        .collect_view()}
                </div>
                {(!follow_up.rows.is_empty()).then(|| view! { <DataTable table=follow_up file_name="follow-up"/> })}
            </Section>
            <BalanceSection balance=balance target=target comparator=comparator/>
            <Details summary="Settings of the design">
                <SettingsList settings=settings.clone()/>
            </Details>
            <Confirm study=study/>
        </div>
    }
}

/// How each arm enters, in words made from the plan.
#[component]
fn EntryFacts(study: Study) -> impl IntoView {
    let plan = study.plan.get_untracked();
    plan.ok().map(|plan| {
        let unit = match &plan.outcome {
            Outcome::Columns { unit, .. } => unit.word(),
            Outcome::Event { .. } => "days",
        };
        let at_risk = match plan.time_at_risk.end {
            Some(end) => format!(
                "from {} to {} {unit} after the index date",
                plain_number(plan.time_at_risk.start),
                plain_number(end)
            ),
            None => format!(
                "from {} {unit} after the index date to the end of observation",
                plain_number(plan.time_at_risk.start)
            ),
        };
        view! {
            <dl class="facts">
                <dt>"Question"</dt>
                <dd>{plan.question}</dd>
                <dt>"Target"</dt>
                <dd>{plan.target.name}</dd>
                <dt>"Comparator"</dt>
                <dd>{plan.comparator.name}</dd>
                <dt>"Outcome"</dt>
                <dd>{plan.outcome.name().to_owned()}</dd>
                <dt>"Time at risk"</dt>
                <dd>{at_risk}</dd>
            </dl>
        }
    })
}

/// The balance table with its love plot, and the overlap figure where there is a score.
#[component]
pub fn BalanceSection(balance: Balance, target: String, comparator: String) -> impl IntoView {
    let view = love_plot::balance(&balance);
    let data = tables::balance(&view, &target, &comparator);
    let figure = overlap(&balance, &target, &comparator);
    let verdict = view.verdict.clone();
    view! {
        <Section title="Balance">
            <p>
                {verdict}" "
                <Explain plain="How to read this" term="SMD, love plot">
                    "The standardized mean difference (SMD) is the difference of means or shares divided by the pooled standard deviation of the unadjusted groups. Above 0.1 the arms are called unbalanced. The points show the same numbers as the columns."
                </Explain>
            </p>
            {(!view.rows.is_empty()).then(|| view! { <LovePlotTable view=view target=target.clone() comparator=comparator.clone()/> })}
            {(!data.rows.is_empty()).then(|| view! { <TableActions table=data file_name="balance"/> })}
            {figure.map(|figure| view! { <OverlapFigure view=figure target=target comparator=comparator/> })}
        </Section>
    }
}

/// Headings of the columns of numbers, from left to right.
#[derive(Clone)]
struct LoveHeads {
    target: String,
    comparator: String,
    missing: Option<&'static str>,
    before: &'static str,
    after: Option<&'static str>,
}

/// The balance table with the points of the love plot in its last column. On a telephone each covariate stands as a block,
/// so that no difference scrolls out of sight; the roles are said aloud, since a table drawn as blocks loses its own.
#[component]
fn LovePlotTable(view: BalanceView, target: String, comparator: String) -> impl IntoView {
    let has_after = view.has_after;
    let (threshold, threshold_place, ticks) = (plain_number(view.threshold), view.threshold_place, view.ticks.clone());
    let any_missing = view.rows.iter().any(|row| !row.missing.is_empty());
    let heads = LoveHeads {
        target,
        comparator,
        missing: any_missing.then_some("Missing"),
        before: if has_after { "SMD before" } else { "SMD" },
        after: has_after.then_some("SMD after"),
    };
    let head = |words: String| view! { <th scope="col" role="columnheader" class="table__num">{words}</th> };
    let heading = [
        Some(heads.target.clone()),
        Some(heads.comparator.clone()),
        heads.missing.map(str::to_owned),
        Some(heads.before.to_owned()),
        heads.after.map(str::to_owned),
    ]
    .into_iter()
    .flatten()
    .map(head)
    .collect_view();
    let axis = move || {
        ticks
            .iter()
            .map(|(place, label)| view! { <span class="love__tick num" style:left=format!("{place:.2}%")>{label.clone()}</span> })
            .collect_view()
    };
    view! {
        <ScrollRegion label="Balance table and love plot">
            <table class="table table--stacks love" role="table" style=format!("--threshold: {threshold_place:.2}%")>
                <caption>
                    {format!("Balance and love plot: absolute standardized mean differences, largest first; the dashed line is at {threshold}. ")}
                    <span class="love__key" data-kind="before">"before"</span>
                    {has_after.then(|| view! { " "<span class="love__key" data-kind="after">"after weighting"</span> })}
                </caption>
                <thead role="rowgroup">
                    <tr role="row">
                        <th scope="col" role="columnheader">"Covariate"</th>
                        {heading}
                        <th scope="col" role="columnheader" class="love__cell">
                            <span class="visually-hidden">"Love plot"</span>
                            <span class="love__axis" aria-hidden="true">{axis()}</span>
                        </th>
                    </tr>
                </thead>
                <tbody role="rowgroup">
                    {view.rows.into_iter().map(|row| view! { <LoveRow row=row heads=heads.clone()/> }).collect_view()}
                </tbody>
            </table>
        </ScrollRegion>
    }
}

#[component]
fn LoveRow(row: BalanceRowView, heads: LoveHeads) -> impl IntoView {
    let number = |mark: &Option<Mark>| mark.as_ref().map_or_else(|| "not defined".to_owned(), |mark| mark.text.clone());
    let flag = |mark: &Option<Mark>| {
        mark.as_ref()
            .filter(|mark| mark.unbalanced)
            .map(|_| view! { " "<span class="tag tag--warn">"unbalanced"</span> })
    };
    let point = |mark: &Option<Mark>, kind: &'static str| {
        mark.as_ref().map(|mark| {
            view! {
                <span class="love__point" data-kind=kind style:left=format!("{:.2}%", mark.place)></span>
            }
        })
    };
    let cell = |heading: String, words: String, flag: Option<AnyView>| {
        view! {
            <td role="cell" class="table__num" data-heading=heading><span>{words}{flag}</span></td>
        }
    };
    // The tag stands at the difference that counts: the last one.
    let flag_before = heads.after.is_none().then(|| flag(&row.before).into_any());
    let after = heads.after.map(|head| cell(head.to_owned(), number(&row.after), Some(flag(&row.after).into_any())));
    let none_missing = if row.missing.is_empty() { "none".to_owned() } else { row.missing.clone() };
    let missing = heads.missing.map(|head| cell(head.to_owned(), none_missing, None));
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">{row.covariate}</th>
            {cell(heads.target, row.target, None)}
            {cell(heads.comparator, row.comparator, None)}
            {missing}
            {cell(heads.before.to_owned(), number(&row.before), flag_before)}
            {after}
            <td role="cell" class="love__cell" aria-hidden="true">
                <span class="love__track">{point(&row.before, "before")}{point(&row.after, "after")}</span>
            </td>
        </tr>
    }
}

#[component]
fn OverlapFigure(view: OverlapView, target: String, comparator: String) -> impl IntoView {
    let data = TableData {
        caption: "Subjects by propensity score".to_owned(),
        columns: vec![Column::text("Score"), Column::number(target.clone()), Column::number(comparator.clone())],
        rows: view.table.into_iter().map(|(bin, up, down)| vec![bin, up, down]).collect(),
    };
    view! {
        <figure class="figure overlap">
            <figcaption class="figure__caption">
                <strong>"Overlap of the propensity scores."</strong>
                " Where only one arm has bars, nobody in the other arm is like these patients."
            </figcaption>
            <p class="overlap__arm small" data-series="0">{target}" (upwards)"</p>
            <svg
                class="overlap__svg"
                viewBox=format!("0 0 {WIDTH} {HEIGHT}")
                preserveAspectRatio="none"
                role="img"
                aria-label="Mirrored histogram of the propensity scores of both arms; the numbers are in the table below"
            >
                <path data-series="0" d=view.target/>
                <path data-series="1" d=view.comparator/>
            </svg>
            <p class="overlap__arm small" data-series="1">{comparator}" (downwards)"</p>
            <div class="overlap__axis small muted num">
                <span>"0"</span><span>"propensity score: chance of being in the target arm, given the covariates"</span><span>"1"</span>
            </div>
            <ul class="plain-list">{view.words.into_iter().map(|words| view! { <li>{words}</li> }).collect_view()}</ul>
            <Details summary="The numbers behind this figure">
                <DataTable table=data.clone() file_name="propensity-overlap" tall=true/>
            </Details>
        </figure>
    }
}

/// The user says that the index date and balance were looked at; this opens the outcomes.
#[component]
fn Confirm(study: Study) -> impl IntoView {
    let is_open = Memo::new(move |_| !study.is_locked(Step::Outcome));
    let index_date = RwSignal::new(false);
    let balance = RwSignal::new(false);
    let has_covariates = study.form.with_untracked(|form| !form.covariates.is_empty());
    let is_adjusted = study.form.with_untracked(|form| form.adjustment != Adjustment::None);
    view! {
        <Card class="card--accent" title="Before the outcomes open">
            <Show
                when=move || is_open.get()
                fallback=move || view! {
                    <Checkbox
                        label="I have looked at the index date: both arms enter in the same way and start to count on the right day"
                        value=index_date
                        on_change=move |on| index_date.set(on)
                    />
                    <Checkbox
                        label=if has_covariates {
                            "I have looked at balance: I know in what the arms differ"
                        } else {
                            "I have looked at balance: no covariate was chosen, so I cannot know in what the arms differ"
                        }
                        value=balance
                        on_change=move |on| balance.set(on)
                    />
                    <div class="row">
                        <Button
                            label="Open the outcomes"
                            kind=ButtonKind::Primary
                            icon=IconName::Arrow
                            disabled=Signal::derive(move || !(index_date.get() && balance.get()))
                            on_click=move || study.look()
                        />
                        <Button label="Change the question" kind=ButtonKind::Quiet on_click=move || study.go(Step::Question)/>
                    </div>
                }
            >
                <p>"Index date and balance of this design were looked at. A change of arms, outcome, time at risk, covariates or adjustment locks the outcomes again."</p>
                <div class="row">
                    <Button label="To the outcomes" kind=ButtonKind::Primary icon=IconName::Arrow on_click=move || study.go(Step::Outcome)/>
                    {is_adjusted.then(|| view! {
                        <Button label="To the adjusted outcomes" on_click=move || study.go(Step::Adjusted)/>
                    })}
                </div>
            </Show>
        </Card>
    }
}
