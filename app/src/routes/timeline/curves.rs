//! Curves of numbers: a small figure a concept and unit, on one time axis, each with its table.

use leptos::prelude::*;
use protocol::Timeline;

use crate::components::*;
use crate::figures::calendar::iso;
use crate::figures::timeline::{Curve, Window, curves};
use crate::format::{count, counted, number};

/// Curves drawn before more are asked for.
const FIRST: usize = 6;

/// The curves of a record.
#[component]
pub(super) fn CurvesSection(record: StoredValue<Timeline>, window: RwSignal<Window>) -> impl IntoView {
    if record.with_value(|record| record.events.iter().all(|e| e.value.is_none())) {
        return ().into_any();
    }
    let drawn = Memo::new(move |_| record.with_value(|record| curves(record, window.get())));
    let show_all = RwSignal::new(false);
    let text = RwSignal::new(String::new());
    let shown = Memo::new(move |_| {
        let wanted = text.get().to_lowercase();
        let mut all: Vec<Curve> =
            drawn.get().into_iter().filter(|c| c.name.to_lowercase().contains(wanted.trim())).collect();
        let n = all.len();
        if !show_all.get() {
            all.truncate(FIRST);
        }
        (all, n)
    });
    let n_hidden = move || shown.with(|(all, n)| n - all.len());
    view! {
        <Section
            title="Numbers over time"
            lead="One curve a concept and unit, the most measured first. Values in different units are never drawn into one curve."
        >
            <TextInput
                label="Find a measurement"
                value=text
                on_input=move |now: String| text.set(now)
                kind="search"
                placeholder="creatinine"
            />
            {move || {
                shown.with(|(all, _)| all.is_empty()).then(|| view! { <p class="muted">"No number in this window matches."</p> })
            }}
            <div class="multiples curve-list">
                {move || shown.with(|(all, _)| all.clone()).into_iter().map(|curve| view! { <OneCurve curve=curve/> }).collect_view()}
            </div>
            {move || {
                (n_hidden() > 0)
                    .then(|| {
                        view! {
                            <Button
                                label=format!("Show {} more", counted(n_hidden() as u64, "curve", "curves"))
                                small=true
                                on_click=move || show_all.set(true)
                            />
                        }
                    })
            }}
        </Section>
    }
    .into_any()
}

/// The figure's table.
fn table(curve: &Curve) -> TableData {
    TableData {
        caption: format!("{} by day", curve.name),
        columns: vec![
            Column::text("Day"),
            Column::number(if curve.unit.is_empty() { "Value".to_owned() } else { format!("Value ({})", curve.unit) }),
        ],
        rows: curve.points.iter().map(|p| vec![iso(p.day), number(p.value)]).collect(),
    }
}

#[component]
fn OneCurve(curve: Curve) -> impl IntoView {
    let unit = if curve.unit.is_empty() { "no unit".to_owned() } else { curve.unit.clone() };
    let (low, high) = curve.range;
    let n = curve.points.len();
    let label = format!(
        "{}, {unit}: {} from {} to {}; the values are in the table below",
        curve.name,
        counted(n as u64, "value", "values"),
        number(low),
        number(high)
    );
    let elsewhere = (curve.n_elsewhere > 0).then(|| format!("{} outside this window", count(curve.n_elsewhere as u64)));
    let data = table(&curve);
    let file_name = curve.name.clone();
    view! {
        <figure class="curve">
            <figcaption><strong>{curve.name.clone()}</strong>" "<span class="muted">{unit}</span></figcaption>
            <div class="curve__box">
                <div class="curve__scale num" aria-hidden="true">
                    <span>{number(high)}</span>
                    {(high > low).then(|| view! { <span>{number(low)}</span> })}
                </div>
                <div class="curve__plot">
                    <svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label=label>
                        <path d=curve.path.clone()></path>
                    </svg>
                    // Dots beside the stretched drawing: they stay round.
                    {curve
                        .points
                        .iter()
                        .map(|p| {
                            view! {
                                <span
                                    class="curve__dot"
                                    aria-hidden="true"
                                    title=format!("{}: {}", iso(p.day), number(p.value))
                                    style:left=format!("{:.2}%", p.x)
                                    style:top=format!("{:.2}%", p.y)
                                ></span>
                            }
                        })
                        .collect_view()}
                </div>
            </div>
            {elsewhere.map(|words| view! { <p class="small muted">{words}</p> })}
            <Details summary="The values">
                <DataTable table=data.clone() file_name=file_name.clone() tall=true/>
            </Details>
        </figure>
    }
}
