//! Part 3: the outcomes as they are.

use leptos::prelude::*;
use model::results::{HazardRatio, StudyResult, SurvivalReport};

use super::curves::{Curves, CurvesOf};
use super::design::arm_names;
use super::locked::{LockedStep, OverrideNote};
use super::state::{Step, Study};
use super::tables;
use super::words;
use crate::components::*;
use crate::figures::scale::plain_number;
use crate::format::{capital, p_words};
use crate::routes::summary::table_view::{SettingsList, Warnings};

/// Confidence level of the plan.
pub(super) fn level(study: Study) -> f64 {
    study.form.with_untracked(|form| form.settings.level)
}

/// The outcomes as they are.
#[component]
pub fn OutcomeStep(study: Study) -> impl IntoView {
    view! {
        <LockedStep
            study=study
            step=Step::Outcome
            task=study.unadjusted.task
            doing="Following both arms…"
            full=|study, result| view! { <OutcomeView study=study result=result/> }.into_any()
        />
    }
}

#[component]
fn OutcomeView(study: Study, result: StudyResult) -> impl IntoView {
    let (target, comparator) = arm_names(study);
    let level = level(study);
    let follow_up = tables::follow_up(&result.follow_up, &result.time_unit, Some(level));
    let report = result.unadjusted.clone();
    let is_adjusted = study.form.with_untracked(|form| form.adjustment != model::study::Adjustment::None);
    let of = CurvesOf {
        plan_id: result.plan_id.clone(),
        weighted: false,
        report: report.clone(),
        unit: result.time_unit.clone(),
        level,
        outcome: result.outcome.clone(),
    };
    let warnings: Vec<String> = result.warnings.iter().chain(&report.warnings).cloned().collect();
    let (of_tables, unit, settings) = (report.clone(), result.time_unit.clone(), study.settings_of(&result));
    let hazard_ratio = result.hazard_ratio_unadjusted.clone();
    let title = format!("{}: survival without the event", capital(&result.outcome));
    view! {
        <div class="stack stack--l">
            <OverrideNote study=study/>
            <Warnings warnings=warnings/>
            <Section
                title=title
                lead="Kaplan-Meier curves, not adjusted for anything: the arms may differ in more than the treatment."
            >
                <Curves of=of again=move || study.retry()/>
            </Section>
            <Section title="Difference between the arms, unadjusted">
                <Comparison
                    hazard_ratio=hazard_ratio
                    report=report
                    target=target
                    comparator=comparator
                    level=level
                />
            </Section>
            <SurvivalTables report=of_tables unit=unit/>
            <DataTable table=follow_up file_name="follow-up"/>
            <Details summary="How these numbers were made">
                <SettingsList settings=settings.clone()/>
            </Details>
            <div class="row">
                {is_adjusted.then(|| view! {
                    <Button label="To the adjusted comparison" kind=ButtonKind::Primary icon=IconName::Arrow on_click=move || study.go(Step::Adjusted)/>
                })}
                {(!is_adjusted).then(|| view! { <super::adjusted::MakeFinding study=study result=result primary=true/> })}
            </div>
        </div>
    }
}

/// Medians, restricted means, survival at chosen times.
#[component]
pub fn SurvivalTables(report: SurvivalReport, unit: String) -> impl IntoView {
    let medians = tables::medians(&report, &unit);
    let horizons = tables::horizons(&report, &unit);
    let few = tables::few_at_the_end(&report, &unit);
    view! {
        <Section title="Survival in numbers">
            <DataTable table=medians file_name="medians"/>
            <NoticeList kind=NoticeKind::Warn title="Few are left at the end" items=few/>
            {horizons.map(|table| view! { <DataTable table=table file_name="survival-at-times"/> })}
        </Section>
    }
}

/// The difference: words first, then hazard ratio and log-rank test with their method.
#[component]
fn Comparison(
    hazard_ratio: Option<HazardRatio>,
    report: SurvivalReport,
    target: String,
    comparator: String,
    level: f64,
) -> impl IntoView {
    let interval = format!("{}% CI", plain_number(level * 100.0));
    let sentences = hazard_ratio.as_ref().map(|hr| words::hazard_ratio(hr, &target, &comparator, level));
    let log_rank = report.log_rank;
    view! {
        {match sentences {
            Some(sentences) => view! { <div class="finding-words">{sentences.into_iter().map(|words| view! { <p>{words}</p> }).collect_view()}</div> }.into_any(),
            None => view! {
                <Notice kind=NoticeKind::Warn title="No hazard ratio can be estimated">
                    <p>"One arm is empty or has no event. The curves and tables show what there is."</p>
                </Notice>
            }.into_any(),
        }}
        <dl class="stats">
            {hazard_ratio.map(|hr| view! {
                <Stat
                    label="Hazard ratio, unadjusted"
                    value=tables::ratio(hr.estimate, hr.lower, hr.upper)
                    uncertainty=format!("{interval}, {}, {}", hr.method, p_words(hr.p))
                />
            })}
            {log_rank.map(|test| view! {
                <Stat
                    label="Log-rank test"
                    value=p_words(test.p)
                    uncertainty=format!("chi-squared {:.2} on {} degree{} of freedom", test.chi2, test.df, if test.df == 1 { "" } else { "s" })
                />
            })}
        </dl>
    }
}
