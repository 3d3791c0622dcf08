//! The ticked estimates together: forest plot, words, tables. One measure at a time.

use leptos::prelude::*;
use model::citation::EffectMeasure;
use protocol::{PoolEffects, PooledEffects};

use super::Desk;
use crate::components::*;
use crate::figures::forest::{Evidence, draw};
use crate::format::counted;
use crate::routes::knowledge::pooled::{PooledNumbers, PooledOf, PooledView};
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
    let PooledEffects { measure, unit, rows, fixed, random, words, warnings, doubts } = pooled;
    let numbers = PooledNumbers { of: PooledOf::Studies, measure: measure.words(), unit, rows, fixed, random };
    let notes = numbers.notes(&warnings);
    view! {
        <PooledView plot=plot numbers=numbers words=words>
            <NoticeList kind=NoticeKind::Warn title="Articles not to rely on" items=doubts/>
            <NoticeList title="Before you rely on it" items=notes/>
            <p class="small muted">
                "Standard errors come from the printed intervals, so they are as exact as those are rounded. Pooled: fixed effect by inverse \
                 variance; random effects by REML with Hartung and Knapp's interval."
            </p>
        </PooledView>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_measure_is_pooled_and_the_rest_is_said() {
        let (hr, or) = (EffectMeasure::HazardRatio, EffectMeasure::OddsRatio);
        assert_eq!(measure_of(None, &[(hr, 1), (or, 2)]), Some(or));
        assert_eq!(measure_of(Some(hr), &[(hr, 1), (or, 2)]), Some(hr));
        assert_eq!(measure_of(Some(hr), &[(or, 2)]), Some(or));
        assert_eq!(measure_of(None, &[]), None);
        assert!(mixed_words(&[(hr, 1), (or, 2)]).starts_with("1 hazard ratio and 2 odds ratios."));
    }
}
