//! Part 4: the outcomes, adjusted.

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use model::results::{CoxReport, HazardRatio, StudyResult};

use super::curves::{Curves, CurvesOf};
use super::design::{BalanceSection, arm_names};
use super::form::known_not_adjusted;
use super::locked::{LockedStep, OverrideNote};
use super::names;
use super::outcome::level;
use super::state::{Step, Study};
use super::tables;
use super::words;
use crate::components::*;
use crate::figures::propensity::weighting_warnings;
use crate::figures::scale::{Track, plain_number};
use crate::format::capital;
use crate::routes::summary::table_view::{SettingsList, Warnings};
use crate::stores::findings::record::Draft;
use crate::stores::findings::use_hand_over;

/// The outcomes, adjusted.
#[component]
pub fn AdjustedStep(study: Study) -> impl IntoView {
    view! {
        <LockedStep
            study=study
            step=Step::Adjusted
            task=study.full.task
            doing="Adjusting…"
            full=|study, result| view! { <AdjustedView study=study result=result/> }.into_any()
        />
    }
}

#[component]
fn AdjustedView(study: Study, result: StudyResult) -> impl IntoView {
    let (target, comparator) = arm_names(study);
    let (target_after, comparator_after) = (target.clone(), comparator.clone());
    let level = level(study);
    let weighted = result.weighted.clone().map(|report| CurvesOf {
        plan_id: result.plan_id.clone(),
        weighted: true,
        report,
        unit: result.time_unit.clone(),
        level,
        outcome: result.outcome.clone(),
    });
    let covariates = study.form.with_untracked(|form| form.covariates.clone());
    let (balance, cox) = study.contents.with_value(|contents| {
        let balance = result.weighted.is_some().then(|| names::balance(contents, result.balance.clone()));
        let cox =
            result.regression.as_ref().or_else(|| result.weighted.as_ref().and_then(|report| report.cox.as_ref()));
        (balance, cox.map(|cox| names::cox(contents, &covariates, cox.clone())))
    });
    // The result says most of what its parts say, with the part's name before it.
    let is_new = |words: &String| !result.warnings.iter().any(|said| said.ends_with(words.as_str()));
    let warnings: Vec<String> = result
        .warnings
        .iter()
        .chain(cox.iter().flat_map(|cox| &cox.warnings).filter(|words| is_new(words)))
        .chain(result.weighted.iter().flat_map(|report| &report.warnings).filter(|words| is_new(words)))
        .cloned()
        .collect();
    let weighting =
        balance.as_ref().map(|balance| weighting_warnings(balance, &target, &comparator)).unwrap_or_default();
    let missing_words = if study.form.with_untracked(|form| form.adjustment == model::study::Adjustment::None) {
        "This study asks for no adjustment. Choose regression or weighting in the question."
    } else {
        "An adjusted hazard ratio cannot be estimated from these data; the notes above say why."
    };
    let (unadjusted, adjusted) = (result.hazard_ratio_unadjusted.clone(), result.hazard_ratio_adjusted.clone());
    let title = format!("{}: weighted curves", capital(&result.outcome));
    let settings = study.settings_of(&result);
    view! {
        <div class="stack stack--l">
            <OverrideNote study=study/>
            <Warnings warnings=warnings/>
            <NoticeList kind=NoticeKind::Warn title="Before you trust the weighted result" items=weighting/>
            <Section title="Difference between the arms, adjusted">
                {match adjusted {
                    Some(hr) => view! {
                        <AdjustedWords
                            unadjusted=unadjusted
                            adjusted=hr
                            target=target
                            comparator=comparator
                            level=level
                        />
                    }.into_any(),
                    None => view! { <Notice kind=NoticeKind::Warn title="No adjusted estimate"><p>{missing_words}</p></Notice> }.into_any(),
                }}
            </Section>
            {weighted.map(|of| view! {
                <Section
                    title=title
                    lead="Kaplan-Meier curves of the weighted arms. Numbers at risk are sums of weights, not persons."
                >
                    <Curves of=of again=move || study.retry()/>
                </Section>
            })}
            {balance.map(|balance| view! { <BalanceSection balance=balance target=target_after comparator=comparator_after/> })}
            {cox.map(|cox| view! { <Model cox=cox level=level/> })}
            <Details summary="How these numbers were made">
                <SettingsList settings=settings.clone()/>
            </Details>
            <MakeFinding study=study result=result primary=true/>
        </div>
    }
}

#[component]
fn AdjustedWords(
    unadjusted: Option<HazardRatio>,
    adjusted: HazardRatio,
    target: String,
    comparator: String,
    level: f64,
) -> impl IntoView {
    let mut sentences = words::hazard_ratio(&adjusted, &target, &comparator, level);
    if let Some(unadjusted) = &unadjusted {
        sentences.push(words::adjusted_against_unadjusted(unadjusted, &adjusted));
    }
    // The words hold the p-value.
    let proportional =
        (!adjusted.ph_words.is_empty()).then(|| (adjusted.ph_p.is_some_and(|p| p < 0.05), adjusted.ph_words.clone()));
    let rows: Vec<(&'static str, HazardRatio)> =
        unadjusted.map(|hr| ("Unadjusted", hr)).into_iter().chain([("Adjusted", adjusted)]).collect();
    view! {
        <div class="finding-words">{sentences.into_iter().map(|words| view! { <p>{words}</p> }).collect_view()}</div>
        <Ratios rows=rows level=level target=target comparator=comparator/>
        {proportional.map(|(fails, words)| view! {
            <Notice kind=if fails { NoticeKind::Warn } else { NoticeKind::Info } title="Is one hazard ratio enough? (proportional hazards)">
                <p>{words}</p>
            </Notice>
        })}
    }
}

/// Unadjusted and adjusted beside each other, on one axis.
#[component]
fn Ratios(rows: Vec<(&'static str, HazardRatio)>, level: f64, target: String, comparator: String) -> impl IntoView {
    let track = Track::ratio(rows.iter().flat_map(|(_, hr)| [hr.lower, hr.estimate, hr.upper]));
    let ticks: Vec<(f64, String)> =
        track.ticks(7).into_iter().map(|tick| (track.percent(tick), plain_number(tick))).collect();
    let caption = format!("Hazard ratio, {target} against {comparator}");
    view! {
        <ScrollRegion label=caption.clone()>
            <table class="table ratios" style=format!("--one: {:.2}%", track.percent(1.0))>
                <caption>{caption}</caption>
                <thead>
                    <tr>
                        <th scope="col">"Estimate"</th>
                        <th scope="col" class="table__num">{format!("Hazard ratio ({}% CI)", plain_number(level * 100.0))}</th>
                        <th scope="col" class="table__num">"p"</th>
                        <th scope="col" class="ratios__cell">
                            <span class="visually-hidden">"Drawn"</span>
                            <span class="ratios__sides" aria-hidden="true"><span>"fewer in target"</span><span>"more in target"</span></span>
                        </th>
                        <th scope="col" class="table__num">"Subjects"</th>
                        <th scope="col" class="table__num">"Events"</th>
                        <th scope="col" class="ratios__method">"Method"</th>
                    </tr>
                </thead>
                <tbody>
                    {rows
                        .into_iter()
                        .map(|(name, hr)| {
                            let (left, right) = (track.percent(hr.lower), track.percent(hr.upper));
                            view! {
                                <tr>
                                    <th scope="row">{name}</th>
                                    <td class="table__num">{tables::ratio(hr.estimate, hr.lower, hr.upper)}</td>
                                    <td class="table__num">{crate::format::p_value(hr.p)}</td>
                                    <td class="ratios__cell" aria-hidden="true">
                                        <span class="ratios__track">
                                            <span class="ratios__interval" style=format!("left: {left:.2}%; width: {:.2}%", (right - left).max(0.4))></span>
                                            <span class="ratios__point" style:left=format!("{:.2}%", track.percent(hr.estimate))></span>
                                        </span>
                                    </td>
                                    <td class="table__num">{crate::format::count(hr.n)}</td>
                                    <td class="table__num">{crate::format::count(hr.n_events)}</td>
                                    <td class="ratios__method">{hr.method.clone()}</td>
                                </tr>
                            }
                        })
                        .collect_view()}
                </tbody>
                <tfoot aria-hidden="true">
                    <tr>
                        <td colspan="3"></td>
                        <td class="ratios__cell">
                            <span class="ratios__axis">
                                {ticks
                                    .into_iter()
                                    .map(|(place, label)| view! { <span class="love__tick num" style:left=format!("{place:.2}%")>{label}</span> })
                                    .collect_view()}
                            </span>
                        </td>
                        <td colspan="3"></td>
                    </tr>
                </tfoot>
            </table>
        </ScrollRegion>
    }
}

/// The model: coefficients, concordance, proportional hazards.
#[component]
fn Model(cox: CoxReport, level: f64) -> impl IntoView {
    let coefficients = tables::coefficients(&cox, level);
    let tests = (!cox.proportional_hazards.is_empty()).then(|| tables::proportional_hazards(&cox.proportional_hazards));
    let concordance = cox.concordance.map(|concordance| {
        format!("Concordance {:.3} (standard error {:.3}): the share of pairs that the model puts in the right order; 0.5 is chance.", concordance.value, concordance.std_err)
    });
    view! {
        <Section title="The model" lead="Only the treatment's row answers the question. The other rows are there to adjust, not to be read as effects of their own.">
            <DataTable table=coefficients file_name="cox-coefficients"/>
            {concordance.map(|words| view! { <p class="small">{words}</p> })}
            {tests.map(|table| view! {
                <Details summary="Test of proportional hazards, term by term">
                    <div class="stack">
                        <p>"A small p says that the ratio of rates changes over time; then one hazard ratio is an average over follow-up that depends on how long that was. Look at the curves and at survival at chosen times instead."</p>
                        <DataTable table=table.clone() file_name="proportional-hazards"/>
                    </div>
                </Details>
            })}
        </Section>
    }
}

/// Takes the result into a finding.
#[component]
pub fn MakeFinding(study: Study, result: StudyResult, primary: bool) -> impl IntoView {
    let hand_over = use_hand_over();
    let navigate = use_navigate();
    let make = move || {
        let Ok(plan) = study.plan.get_untracked() else {
            return;
        };
        let overrides = study.lock.with_untracked(|lock| lock.overrides.clone());
        let not_adjusted_for = study.contents.with_value(|contents| known_not_adjusted(contents, &plan));
        let result = StudyResult { settings: study.settings_of(&result), ..result.clone() };
        hand_over.start(Draft { not_adjusted_for, ..Draft::new(plan, result, study.dataset_name(), overrides) });
        navigate("/finding/new", leptos_router::NavigateOptions::default());
    };
    view! {
        <Card title="Keep what was learnt">
            <p>"A finding holds this result in words and numbers, aggregates only. Nothing leaves this device before you have read and signed it."</p>
            <div class="row">
                <Button label="Make a finding" kind=if primary { ButtonKind::Primary } else { ButtonKind::Plain } on_click=make/>
            </div>
        </Card>
    }
}
