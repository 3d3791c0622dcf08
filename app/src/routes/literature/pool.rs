//! The ticked estimates together: forest plot, words, tables. One measure at a time.

use leptos::prelude::*;
use model::citation::EffectMeasure;
use model::results::PoolReport;
use protocol::{PoolEffects, PooledEffects};

use super::Desk;
use crate::components::*;
use crate::figures::forest::{Evidence, draw, number, prediction, with_interval};
use crate::format::counted;
use crate::routes::knowledge::forest_plot::ForestPlot;
use crate::stores::engine::{Load, Task, use_engine};
use crate::stores::literature::pooling::{counts, request};

/// What was ticked, and what it says together.
#[component]
pub(super) fn PoolPanel(desk: Desk) -> impl IntoView {
    let engine = use_engine();
    let chosen = RwSignal::new(None::<EffectMeasure>);
    let ticked = Memo::new(move |_| {
        desk.shelf.with(|shelf| match shelf {
            Load::Ready(shelf) => desk.ticked.with(|ticked| counts(&shelf.citations, ticked)),
            _ => Vec::new(),
        })
    });
    let measure = Memo::new(move |_| ticked.with(|ticked| measure_of(chosen.get(), ticked)));
    let asked = Memo::new(move |_| {
        let measure = measure.get()?;
        desk.shelf.with(|shelf| {
            shelf.ready().map(|shelf| desk.ticked.with(|ticked| request(&shelf.citations, ticked, measure)))
        })
    });
    let pooled = Task::<PooledEffects>::new();
    Effect::new(move |_| match asked.get() {
        Some(question) => pooled.refresh::<PoolEffects>(engine, question),
        None => pooled.reset(),
    });
    let has_any = Memo::new(move |_| ticked.with(|ticked| !ticked.is_empty()));
    let has_several = Memo::new(move |_| ticked.with(|ticked| ticked.len() > 1));
    view! {
        <Show when=move || has_any.get()>
            <Section
                title="Ticked estimates together"
                lead="Read each sentence first: estimates of opposite comparisons or of different outcomes must not be pooled, and no rule can tell."
                actions=move || view! {
                    <Button label="Untick all" small=true kind=ButtonKind::Quiet on_click=move || desk.ticked.set(Default::default())/>
                }
            >
                <Show when=move || has_several.get()>
                    <Notice kind=NoticeKind::Warn title="Different measures were ticked">
                        <p>{move || mixed_words(&ticked.get())}</p>
                    </Notice>
                    <Select
                        label="Measure to pool"
                        value=Signal::derive(move || measure.get().map(|m| m.short().to_owned()).unwrap_or_default())
                        options=Signal::derive(move || options(&ticked.get()))
                        on_change=move |value: String| chosen.set(EffectMeasure::ALL.into_iter().find(|m| m.short() == value))
                    />
                </Show>
                <AsyncPanel
                    load=pooled.load
                    doing="Pooling\u{2026}"
                    full=|pooled: PooledEffects| view! { <Pooled pooled=pooled/> }
                />
            </Section>
        </Show>
    }
}

/// The measure that was chosen if it is ticked, else the one ticked most often.
fn measure_of(chosen: Option<EffectMeasure>, ticked: &[(EffectMeasure, usize)]) -> Option<EffectMeasure> {
    chosen
        .filter(|c| ticked.iter().any(|(m, _)| m == c))
        .or_else(|| ticked.iter().rev().max_by_key(|(_, n)| *n).map(|(m, _)| *m))
}

fn mixed_words(ticked: &[(EffectMeasure, usize)]) -> String {
    let parts: Vec<String> =
        ticked.iter().map(|(m, n)| counted(*n as u64, m.words(), &format!("{}s", m.words()))).collect();
    format!(
        "{}. They do not measure the same thing and are never averaged: one measure is pooled, the others are left out.",
        crate::format::and_list(&parts)
    )
}

fn options(ticked: &[(EffectMeasure, usize)]) -> Vec<(String, String)> {
    ticked.iter().map(|(m, n)| (m.short().to_owned(), format!("{} ({n} ticked)", m.words()))).collect()
}

/// The forest plot, its words and its tables.
#[component]
fn Pooled(pooled: PooledEffects) -> impl IntoView {
    let plot = draw(
        &Evidence {
            measure: pooled.measure.words(),
            is_ratio: pooled.measure.is_ratio(),
            rows: &pooled.rows,
            fixed: &pooled.fixed,
            random: pooled.random.as_ref(),
        },
        ("Below no difference".to_owned(), "Above no difference".to_owned()),
    );
    let studies = studies_table(&pooled);
    let models = (pooled.rows.len() > 1).then(|| models_table(&pooled));
    let mut notes = pooled.warnings.clone();
    for report in [Some(&pooled.fixed), pooled.random.as_ref()].into_iter().flatten() {
        for warning in &report.warnings {
            if !notes.contains(warning) {
                notes.push(warning.clone());
            }
        }
    }
    view! {
        <div class="stack">
            <p class="finding__summary">{pooled.words.clone()}</p>
            <ForestPlot plot=plot of="Study" prediction="Where a further study is expected (prediction interval)"/>
            {(!notes.is_empty()).then(|| view! {
                <Notice kind=NoticeKind::Info title="Before you rely on it">
                    <ul>{notes.into_iter().map(|words| view! { <li>{words}</li> }).collect_view()}</ul>
                </Notice>
            })}
            <p class="small muted">
                "Standard errors come from the printed intervals, so they are as exact as those are rounded. Pooled: fixed effect by inverse \
                 variance; random effects by REML with Hartung and Knapp's interval."
            </p>
            <Details summary="The numbers as tables">
                <DataTable table=studies.clone() file_name="estimates-of-the-literature"/>
                {models.clone().map(|models| view! { <DataTable table=models file_name="pooled-literature"/> })}
            </Details>
        </div>
    }
}

fn studies_table(pooled: &PooledEffects) -> TableData {
    let unit = pooled.unit.as_deref().map(|u| format!(", {u}")).unwrap_or_default();
    TableData {
        caption: format!("The {} of each study{unit}", pooled.measure.words()),
        columns: vec![
            Column::text("Study"),
            Column::number("Estimate"),
            Column::number("Lower"),
            Column::number("Upper"),
            Column::number("Weight"),
        ],
        rows: pooled
            .rows
            .iter()
            .map(|row| {
                let weight = format!("{:.1}%", row.weight);
                vec![row.label.clone(), number(row.estimate), number(row.lower), number(row.upper), weight]
            })
            .collect(),
    }
}

fn models_table(pooled: &PooledEffects) -> TableData {
    let dash = || "\u{2013}".to_owned();
    let row = |name: &str, report: &PoolReport| {
        vec![
            name.to_owned(),
            with_interval(report.estimate, report.lower, report.upper),
            prediction(report).map_or_else(dash, |(low, high)| format!("{} to {}", number(low), number(high))),
            report.tau2.map_or_else(dash, number),
            report.i2.map_or_else(dash, |i2| format!("{i2:.0}%")),
            report.q_p.map_or_else(dash, |p| format!("{p:.3}")),
        ]
    };
    let mut rows = vec![row("Fixed effect", &pooled.fixed)];
    rows.extend(pooled.random.as_ref().map(|random| row("Random effects (REML, Hartung-Knapp)", random)));
    TableData {
        caption: format!("The pooled {}", pooled.measure.words()),
        columns: vec![
            Column::text("Model"),
            Column::number("Estimate (95% interval)"),
            Column::number("Prediction interval"),
            Column::number("\u{3c4}\u{b2}"),
            Column::number("I\u{b2}"),
            Column::number("p of Q"),
        ],
        rows,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::PooledRow;

    #[test]
    fn one_measure_is_pooled_and_the_rest_is_said() {
        let (hr, or) = (EffectMeasure::HazardRatio, EffectMeasure::OddsRatio);
        assert_eq!(measure_of(None, &[(hr, 1), (or, 2)]), Some(or));
        assert_eq!(measure_of(Some(hr), &[(hr, 1), (or, 2)]), Some(hr));
        assert_eq!(measure_of(Some(hr), &[(or, 2)]), Some(or));
        assert_eq!(measure_of(None, &[]), None);
        assert!(mixed_words(&[(hr, 1), (or, 2)]).starts_with("1 hazard ratio and 2 odds ratios."));
    }

    #[test]
    fn tables_hold_every_number() {
        let report = PoolReport {
            estimate: 0.8,
            lower: 0.7,
            upper: 0.9,
            i2: Some(42.4),
            prediction_lower: Some(0.5),
            prediction_upper: Some(1.3),
            ..PoolReport::default()
        };
        let pooled = PooledEffects {
            measure: EffectMeasure::MeanDifference,
            unit: Some("kg".to_owned()),
            rows: vec![PooledRow { label: "Doe 2021".into(), estimate: 0.8, lower: 0.7, upper: 0.9, weight: 50.0 }; 2],
            fixed: report.clone(),
            random: Some(report),
            words: String::new(),
            warnings: Vec::new(),
        };
        assert_eq!(studies_table(&pooled).caption, "The mean difference of each study, kg");
        assert_eq!(studies_table(&pooled).rows[0], ["Doe 2021", "0.80", "0.70", "0.90", "50.0%"]);
        assert_eq!(models_table(&pooled).rows[1][1..5], ["0.80 (0.70 to 0.90)", "0.50 to 1.30", "\u{2013}", "42%"]);
    }
}
