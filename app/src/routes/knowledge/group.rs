//! All estimates of one question, pooled by the worker, as a forest plot and a table.

use leptos::prelude::*;
use model::canonical::ContentId;
use model::finding::Finding;
use model::results::PoolReport;
use protocol::{PoolFindings, PooledFindings};

use super::forest_plot::ForestPlot;
use crate::components::*;
use crate::figures::forest::{forest, number, prediction, with_interval};
use crate::stores::engine::{Task, use_engine};
use crate::stores::findings::SavedFinding;

/// Every estimate of the question together.
#[component]
pub fn GroupEvidence(
    /// The original and its replications.
    members: Vec<SavedFinding>,
    /// The one whose page this is.
    shown: ContentId,
) -> impl IntoView {
    let findings: Vec<Finding> = members.iter().map(|saved| saved.finding.clone()).collect();
    let any_adjusted = findings.iter().any(|finding| finding.estimates.iter().any(|estimate| estimate.adjusted));
    let has_any = findings.iter().any(|finding| !finding.estimates.is_empty());
    let n = findings.len();
    let names = findings
        .first()
        .map(|finding| (finding.plan.target.name.clone(), finding.plan.comparator.name.clone()))
        .unwrap_or_default();
    let members = members.iter().map(|saved| (saved.id().clone(), saved.finding.clone())).collect::<Vec<_>>();
    let list = (n > 1).then(|| view! { <Members members=members shown=shown/> });
    let adjusted = RwSignal::new(any_adjusted);
    let pooled = Task::<PooledFindings>::new();
    let engine = use_engine();
    Effect::new(move |_| {
        if has_any {
            pooled.run(engine, PoolFindings { findings: findings.clone(), adjusted: adjusted.get() });
        }
    });
    let title = if n > 1 { "All estimates together" } else { "The estimate" };
    let lead = if n > 1 {
        "The same question asked of different data, and what comes out of them together."
    } else {
        "One estimate so far. Replicated on other data, it can be pooled."
    };
    view! {
        <Section title=title lead=lead>
            {any_adjusted.then(|| view! {
                <RadioGroup
                    legend="Which estimates"
                    value=Signal::derive(move || adjusted.get().to_string())
                    options=Signal::derive(choices)
                    on_change=move |value: String| adjusted.set(value == "true")
                />
            })}
            {if has_any {
                view! {
                    <AsyncPanel
                        load=pooled.load
                        doing="Pooling\u{2026}"
                        full=move |pooled: PooledFindings| view! { <Pooled pooled=pooled names=names.clone()/> }
                    />
                }
                .into_any()
            } else {
                view! { <p class="muted">"No estimate was published, so there is nothing to draw."</p> }.into_any()
            }}
            {list}
        </Section>
    }
}

fn choices() -> Vec<RadioOption> {
    let option = |value: &str, label: &str, hint: &str| RadioOption {
        value: value.to_owned(),
        label: label.to_owned(),
        hint: hint.to_owned(),
    };
    vec![
        option("true", "Adjusted", "for the characteristics each site names"),
        option("false", "Unadjusted", "groups as they were treated"),
    ]
}

/// The forest plot, its words and its tables.
#[component]
fn Pooled(pooled: PooledFindings, names: (String, String)) -> impl IntoView {
    let plot = forest(&pooled, &names.0, &names.1);
    let sites = sites_table(&pooled);
    let models = (pooled.rows.len() > 1).then(|| models_table(&pooled));
    let warnings: Vec<String> = [Some(&pooled.fixed), pooled.random.as_ref()]
        .into_iter()
        .flatten()
        .flat_map(|report| report.warnings.iter().cloned())
        .fold(Vec::new(), |mut known, warning| {
            if !known.contains(&warning) {
                known.push(warning);
            }
            known
        });
    view! {
        <div class="stack">
            <p class="finding__summary">{pooled.words.clone()}</p>
            <ForestPlot plot=plot/>
            {(!pooled.left_out.is_empty()).then(|| view! {
                <Notice kind=NoticeKind::Info title="Not in the plot">
                    <ul>{pooled.left_out.clone().into_iter().map(|words| view! { <li>{words}</li> }).collect_view()}</ul>
                </Notice>
            })}
            {warnings.into_iter().map(|warning| view! { <p class="small muted">{warning}</p> }).collect_view()}
            <Details summary="The numbers as tables">
                <DataTable table=sites.clone() file_name="estimates-by-site"/>
                {models.clone().map(|models| view! { <DataTable table=models file_name="pooled-estimates"/> })}
            </Details>
        </div>
    }
}

fn sites_table(pooled: &PooledFindings) -> TableData {
    TableData {
        caption: format!("The {} of each site", pooled.measure.words()),
        columns: vec![
            Column::text("Site and data"),
            Column::number("Estimate"),
            Column::number("Lower"),
            Column::number("Upper"),
            Column::number("Weight"),
        ],
        rows: pooled
            .rows
            .iter()
            .map(|row| {
                vec![
                    row.label.clone(),
                    number(row.estimate),
                    number(row.lower),
                    number(row.upper),
                    format!("{:.1}%", row.weight),
                ]
            })
            .collect(),
    }
}

fn models_table(pooled: &PooledFindings) -> TableData {
    let row = |name: &str, report: &PoolReport| {
        let share = |value: Option<f64>| value.map_or_else(dash, |value| format!("{value:.0}%"));
        let tau2 = match (report.tau2, report.tau2_lower, report.tau2_upper) {
            (Some(tau2), Some(lower), Some(upper)) => with_interval(tau2, lower, upper),
            (Some(tau2), Some(lower), None) => format!("{} ({} and up)", number(tau2), number(lower)),
            (Some(tau2), ..) => number(tau2),
            (None, ..) => dash(),
        };
        vec![
            name.to_owned(),
            with_interval(report.estimate, report.lower, report.upper),
            prediction(report).map_or_else(dash, |(lower, upper)| format!("{} to {}", number(lower), number(upper))),
            tau2,
            share(report.i2),
        ]
    };
    let mut rows = vec![row("Fixed effect (inverse variance)", &pooled.fixed)];
    if let Some(random) = &pooled.random {
        rows.push(row("Random effects (REML, Knapp-Hartung)", random));
    }
    TableData {
        caption: format!("The pooled {}", pooled.measure.words()),
        columns: vec![
            Column::text("Model"),
            Column::number("Estimate (95% interval)"),
            Column::number("Prediction interval"),
            Column::number("Variance between sites (tau\u{b2})"),
            Column::number("I\u{b2}"),
        ],
        rows,
    }
}

fn dash() -> String {
    "\u{2013}".to_owned()
}

/// The findings of the group, with links.
#[component]
fn Members(members: Vec<(ContentId, Finding)>, shown: ContentId) -> impl IntoView {
    view! {
        <ul class="question__list card">
            {members
                .into_iter()
                .map(|(id, finding)| {
                    let is_shown = id == shown;
                    let role = if finding.replicates.is_some() { "Replication" } else { "Original" };
                    let words = format!("{role}: {}, {}", finding.author.site, finding.population.dataset);
                    view! {
                        <li class="question__finding">
                            {if is_shown {
                                view! { <span aria-current="page"><strong>{words}</strong>" (this one)"</span> }.into_any()
                            } else {
                                view! { <leptos_router::components::A href=format!("/knowledge/{id}")>{words}</leptos_router::components::A> }
                                    .into_any()
                            }}
                            <span class="muted small">{finding.made_on}</span>
                        </li>
                    }
                })
                .collect_view()}
        </ul>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::finding::Measure;
    use protocol::PooledRow;

    #[test]
    fn tables_hold_every_number() {
        let report = PoolReport {
            estimate: 0.8,
            lower: 0.7,
            upper: 0.9,
            tau2: Some(0.01),
            tau2_lower: Some(0.0),
            i2: Some(42.4),
            prediction_lower: Some(0.5),
            prediction_upper: Some(1.3),
            ..PoolReport::default()
        };
        let pooled = PooledFindings {
            measure: Measure::HazardRatio,
            rows: vec![PooledRow { label: "A".into(), estimate: 0.8, lower: 0.7, upper: 0.9, weight: 61.25 }; 2],
            fixed: report.clone(),
            random: Some(report),
            words: String::new(),
            left_out: Vec::new(),
        };
        let models = models_table(&pooled);
        assert_eq!(models.rows.len(), 2);
        assert_eq!(models.rows[1][1], "0.80 (0.70 to 0.90)");
        assert_eq!(models.rows[1][2], "0.50 to 1.30");
        assert_eq!(models.rows[1][3], "0.010 (0.00 and up)");
        assert_eq!(models.rows[1][4], "42%");
        assert_eq!(sites_table(&pooled).rows[0][4], "61.2%");
    }
}
