//! A finding in words and numbers, as others read it.

use leptos::prelude::*;
use model::finding::{ArmResult, Finding};

use crate::components::*;
use crate::figures::coarse_curve::{CoarseCurve, coarse_curve};
use crate::figures::forest::number;
use crate::figures::love_plot::term;
use crate::stores::findings::text::{
    NO_ESTIMATE, ROUNDED_NOTE, cell, curves_caption, estimate_name, estimate_value, has_hidden, hidden_note, interval,
    median, nothing_named, ph_words,
};

/// A finding in words and numbers. Headings begin at `h2`.
#[component]
pub fn FindingBody(
    /// The finding.
    finding: Finding,
) -> impl IntoView {
    let curve = coarse_curve(&finding.arms);
    let (description, dataset) = (finding.population.description.clone(), finding.population.dataset.clone());
    let arms = finding.arms.clone();
    let has_median = arms.iter().any(|arm| arm.median.is_some());
    let outcome = finding.plan.outcome.name().to_owned();
    let caption = curves_caption(&finding);
    let note = has_hidden(&finding).then(|| hidden_note(finding.cell_threshold));
    view! {
        <div class="published stack stack--l">
            <Answer finding=finding.clone()/>
            <Section title="Who was compared" lead=description>
                <ArmsTable arms=arms dataset=dataset/>
                {has_median.then(|| view! { <p class="small muted">{ROUNDED_NOTE}</p> })}
                {note.map(|note| view! { <p class="small muted">{note}</p> })}
            </Section>
            {curve
                .map(|curve| {
                    view! {
                        <Section
                            title="Over time"
                            lead=format!("Share of each group still without {outcome} (Kaplan-Meier, rounded for publication).")
                        >
                            <CurveFigure curve=curve caption=caption/>
                        </Section>
                    }
                })}
            <Caveats finding=finding.clone()/>
            <Methods finding=finding/>
        </div>
    }
}

/// Question, answer, estimates.
#[component]
fn Answer(finding: Finding) -> impl IntoView {
    let estimates = finding.estimates.clone();
    let has_none = estimates.is_empty();
    view! {
        <section class="section" aria-label="Question and answer">
            <p class="published__question">{finding.question}</p>
            <p class="published__summary">{finding.summary}</p>
            <dl class="stats published__estimates">
                {estimates
                    .iter()
                    .rev()
                    .map(|estimate| {
                        view! {
                            <Stat
                                label=estimate_name(estimate)
                                value=estimate_value(estimate)
                                uncertainty=interval(estimate)
                            />
                        }
                    })
                    .collect_view()}
            </dl>
            {has_none
                .then(|| {
                    view! {
                        <Notice kind=NoticeKind::Warn title="No estimate is published">
                            <p>{NO_ESTIMATE}</p>
                        </Notice>
                    }
                })}
            {estimates
                .iter()
                .rev()
                .map(|estimate| {
                    let words = ph_words(estimate);
                    view! {
                        <p class="small muted">
                            {format!("{}: {}. ", estimate_name(estimate), estimate.method.trim_end_matches('.'))} {words}
                        </p>
                    }
                })
                .collect_view()}
        </section>
    }
}

/// Persons, events and medians of the arms.
#[component]
fn ArmsTable(arms: Vec<ArmResult>, dataset: String) -> impl IntoView {
    let table = arms_table(&arms, &dataset);
    view! { <DataTable table=table file_name="arms"/> }
}

fn arms_table(arms: &[ArmResult], dataset: &str) -> TableData {
    TableData {
        caption: format!("Persons and outcomes in {dataset}"),
        columns: vec![
            Column::text("Group"),
            Column::number("Persons"),
            Column::number("Events"),
            Column::number("Median time, unadjusted"),
        ],
        rows: arms
            .iter()
            .map(|arm| {
                let median = median(arm).unwrap_or_else(|| "not reached or hidden".to_owned());
                vec![arm.name.clone(), cell(arm.n), cell(arm.n_events), median]
            })
            .collect(),
    }
}

/// The published curve and its table.
#[component]
fn CurveFigure(
    curve: CoarseCurve,
    /// What its curves are.
    caption: &'static str,
) -> impl IntoView {
    let table = curve_table(&curve);
    let legend = curve.arms.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    view! {
        <figure class="figure coarse">
            <ul class="coarse__legend" aria-hidden="true">
                {legend
                    .into_iter()
                    .enumerate()
                    .map(|(place, name)| view! { <li data-arm=place.to_string()>{name}</li> })
                    .collect_view()}
            </ul>
            <div class="coarse__plot">
                <div class="coarse__y" aria-hidden="true"><span>"100%"</span><span>"50%"</span><span>"0%"</span></div>
                <svg
                    class="coarse__svg"
                    viewBox="0 0 100 100"
                    preserveAspectRatio="none"
                    role="img"
                    aria-label=curve.alternative.clone()
                >
                    {[0, 25, 50, 75, 100]
                        .map(|y| {
                            view! { <line class="coarse__grid" x1="0" x2="100" y1=y.to_string() y2=y.to_string()></line> }
                        })
                        .collect_view()}
                    {curve
                        .arms
                        .iter()
                        .enumerate()
                        .map(|(place, (_, path))| {
                            view! { <path class="coarse__line" data-arm=place.to_string() d=path.clone()></path> }
                        })
                        .collect_view()}
                </svg>
                <div class="coarse__x" aria-hidden="true">
                    {curve
                        .ticks
                        .iter()
                        .map(|(at, label)| {
                            view! { <span style:left=format!("{at:.2}%")>{label.clone()}</span> }
                        })
                        .collect_view()}
                </div>
            </div>
            <figcaption class="figure__caption">
                <strong>{caption}</strong> " " {curve.time_title.clone()} ". Only rounded points are published; the lines join them. " {curve.time_note.clone()}
            </figcaption>
            <Details summary="The same as a table">
                <DataTable table=table.clone() file_name="published-curve"/>
            </Details>
        </figure>
    }
}

fn curve_table(curve: &CoarseCurve) -> TableData {
    let mut columns = vec![Column::number(curve.time_title.clone())];
    columns.extend(curve.arms.iter().map(|(name, _)| Column::number(name.clone())));
    TableData {
        caption: "Share without the outcome, rounded".to_owned(),
        columns,
        rows: curve
            .rows
            .iter()
            .map(|(time, shares)| {
                let shown =
                    shares.iter().map(|share| share.map_or(String::new(), |share| format!("{:.0}%", share * 100.0)));
                std::iter::once(time.clone()).chain(shown).collect()
            })
            .collect(),
    }
}

/// Limits, what was not adjusted for, overridden locks.
#[component]
fn Caveats(finding: Finding) -> impl IntoView {
    let list = |entries: Vec<String>| {
        view! { <ul class="list">{entries.into_iter().map(|entry| view! { <li>{entry}</li> }).collect_view()}</ul> }
    };
    let not_adjusted = if finding.not_adjusted_for.is_empty() {
        view! { <p class="muted">{nothing_named(&finding)}</p> }.into_any()
    } else {
        list(finding.not_adjusted_for).into_any()
    };
    let overrides = (!finding.overrides.is_empty()).then(|| {
        let entries = list(finding.overrides);
        view! {
            <Notice kind=NoticeKind::Warn title="A safeguard was switched off for this result">{entries}</Notice>
        }
    });
    let limits = (!finding.limits.is_empty()).then(|| {
        let entries = list(finding.limits);
        view! { <Card title="Limits" class="card--flat">{entries}</Card> }
    });
    view! {
        <Section title="How far to trust it">
            {overrides}
            <div class="grid">
                <Card title="Not adjusted for" class="card--flat">{not_adjusted}</Card>
                {limits}
            </div>
        </Section>
    }
}

/// Settings and balance.
#[component]
fn Methods(finding: Finding) -> impl IntoView {
    let methods = TableData {
        caption: "Every setting used".to_owned(),
        columns: vec![Column::text("Setting"), Column::text("Value")],
        rows: finding.methods.iter().map(|setting| vec![setting.name.clone(), setting.value.clone()]).collect(),
    };
    let balance = balance_table(&finding);
    let has_balance = !finding.balance.is_empty();
    view! {
        <Section title="How it was done">
            <Details summary="Method and settings" open=true>
                <DataTable table=methods.clone() file_name="methods"/>
            </Details>
            {has_balance
                .then(|| {
                    view! {
                        <Details summary="Balance of the groups before and after adjustment">
                            <DataTable table=balance.clone() file_name="balance"/>
                        </Details>
                    }
                })}
        </Section>
    }
}

fn balance_table(finding: &Finding) -> TableData {
    let smd = |value: Option<f64>| value.map_or_else(|| "\u{2013}".to_owned(), number);
    TableData {
        caption: "Standardized mean differences (0: alike; above 0.1: unbalanced)".to_owned(),
        columns: vec![Column::text("Characteristic"), Column::number("Before"), Column::number("After")],
        rows: finding
            .balance
            .iter()
            .map(|row| vec![term(&row.covariate), smd(row.smd_before), smd(row.smd_after)])
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stores::findings::record::fixtures;

    #[test]
    fn hidden_cells_are_hidden_in_the_table_too() {
        let finding = fixtures::finding();
        let table = arms_table(&finding.arms, &finding.population.dataset);
        assert_eq!(table.rows[0], ["Hormonal therapy", "339", "hidden", "about 2,000 days"]);
        assert_eq!(table.rows[1], ["None", "2,643", "hidden", "not reached or hidden"]);
        assert!(table.rows.iter().all(|row| row.len() == table.columns.len()));
    }

    #[test]
    fn tables_are_rectangular() {
        let finding = fixtures::finding();
        let curve = coarse_curve(&finding.arms).unwrap();
        for table in [curve_table(&curve), balance_table(&finding)] {
            assert!(!table.rows.is_empty());
            assert!(table.rows.iter().all(|row| row.len() == table.columns.len()));
        }
    }
}
