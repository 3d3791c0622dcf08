//! Kaplan-Meier curves with what stands under them: numbers at risk and cumulative events, binned anew with the zoom.

use leptos::prelude::*;
use model::results::{RiskTableRow, SurvivalReport};
use protocol::RiskTable;

use crate::components::*;
use crate::figures::kaplan_meier::{
    self, CurveOptions, MARGIN_LEFT, MARGIN_RIGHT, Preview, RiskTableView, dash, last_time,
};
use crate::figures::plot::{Plot, use_figure_colours};
use crate::figures::scale::TimeAxis;
use crate::stores::engine::{Load, Task, use_engine};

/// The visible times; absent: all. A name of its own, since a view cannot hold `<` outside of braces.
type Visible = Option<(f64, f64)>;

/// Which study's curves are drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct CurvesOf {
    /// Id of the plan that was run, for numbers at risk.
    pub plan_id: String,
    /// The weighted curves.
    pub weighted: bool,
    /// The curves.
    pub report: SurvivalReport,
    /// Unit of the times.
    pub unit: String,
    /// Confidence level.
    pub level: f64,
    /// What happens.
    pub outcome: String,
}

/// Whether the window is too narrow for names at the curves and for many ticks; follows the window.
fn use_is_narrow() -> Memo<bool> {
    let width = || window().inner_width().ok().and_then(|width| width.as_f64()).unwrap_or(1200.0);
    let seen = RwSignal::new(width());
    let handle = window_event_listener(leptos::ev::resize, move |_| {
        seen.try_set(width());
    });
    on_cleanup(move || handle.remove());
    Memo::new(move |_| seen.get() < 600.0)
}

/// The curves.
#[component]
pub fn Curves(
    /// Which.
    of: CurvesOf,
    /// Runs the study again: the engine keeps the curves of the last run only, and another study may have taken their
    /// place.
    #[prop(into)]
    again: Callback<()>,
) -> impl IntoView {
    let last = last_time(&of.report);
    let axis = TimeAxis::new(&of.unit, last);
    let views = StoredValue::new(kaplan_meier::curves(&of.report, &axis, of.level));
    let band = RwSignal::new(true);
    let censor_ticks = RwSignal::new(true);
    let range = RwSignal::new(Visible::None);
    let colours = use_figure_colours();
    let is_narrow = use_is_narrow();
    let most_ticks = Memo::new(move |_| if is_narrow.get() { 5 } else { 9 });
    let level = of.level;
    let figure = Signal::derive(move || {
        let options = CurveOptions {
            band: band.get(),
            censor_ticks: censor_ticks.get(),
            range: range.get(),
            most_ticks: most_ticks.get(),
            level,
            names: !is_narrow.get(),
        };
        // A figure that has no JSON form cannot come out of the engine; without one nothing is drawn and the table stays.
        views.with_value(|views| kaplan_meier::figure(views, &axis, last, &options, &colours.get()).ok())
    });
    let visible = Memo::new(move |_| range.get().map_or((0.0, last), |(low, high)| (low.max(0.0), high)));
    let ticks = Memo::new(move |_| {
        let (low, high) = visible.get();
        axis.ticks(low, high, most_ticks.get())
    });
    let engine = use_engine();
    let at_risk = Task::<Vec<RiskTableRow>>::new();
    let (plan_id, weighted) = (of.plan_id.clone(), of.weighted);
    Effect::new(move |_| {
        at_risk.refresh(engine, RiskTable { plan_id: plan_id.clone(), weighted, times: ticks.get() });
    });
    let names: Vec<String> = of.report.groups.iter().map(|group| group.name.clone()).collect();
    let label = format!(
        "Kaplan-Meier curves of {} for {}{}; the numbers are in the table below",
        of.outcome,
        names.join(" and "),
        if weighted { ", weighted" } else { "" }
    );
    let report = StoredValue::new(of.report.clone());
    let unit = of.unit.clone();
    let table = move || {
        let unit = unit.clone();
        view! { <CurveTable report=report unit=unit/> }
    };
    let drawn = views.with_value(|views| kaplan_meier::preview(views, &axis, last, most_ticks.get_untracked()));
    let preview = move || view! { <CurvesPreview drawn=drawn.clone()/> };
    let below = move || view! { <NumbersAtRisk at_risk=at_risk ticks=ticks axis=axis visible=visible again=again/> };
    view! {
        <div class="curves stack stack--s">
            <div class="row row--between">
                <Legend names=names/>
                <div class="row">
                    <Checkbox label="Interval" value=band on_change=move |on| band.set(on)/>
                    <Checkbox label="Censored" value=censor_ticks on_change=move |on| censor_ticks.set(on)/>
                </div>
            </div>
            <Plot
                figure=figure
                label=label
                table=table
                file_name=if weighted { "kaplan-meier-weighted" } else { "kaplan-meier" }
                height=400
                on_range=move |seen: Visible| range.set(seen)
                below=below
                preview=preview
            />
            <p class="small muted">"Drag over the curves to zoom; the table under them follows. Small ticks: subjects censored (followed no longer), thinned where they are dense. "{axis.note()}</p>
        </div>
    }
}

/// The curves as they are before the plotting library is there: no zoom, no numbers under the pointer.
#[component]
fn CurvesPreview(drawn: Preview) -> impl IntoView {
    let shares = [100, 75, 50, 25, 0].map(|share| {
        view! { <span class="curves-preview__share num" style:top=format!("{}%", 100 - share)>{format!("{share}%")}</span> }
    });
    view! {
        <div
            class="curves-preview"
            style=format!("--plot-left: {MARGIN_LEFT}px; --plot-right: {MARGIN_RIGHT}px")
        >
            <svg viewBox="0 0 100 100" preserveAspectRatio="none">
                {drawn
                    .arms
                    .into_iter()
                    .enumerate()
                    .map(|(series, (band, line))| view! {
                        <g class="curves-preview__arm" data-series=series.to_string()>
                            <path d=band class="curves-preview__band"></path>
                            <path d=line class="curves-preview__line" stroke-dasharray=dash(series).1></path>
                        </g>
                    })
                    .collect_view()}
            </svg>
            {shares}
            {drawn
                .ticks
                .into_iter()
                .map(|(place, label)| view! {
                    <span class="curves-preview__tick num" style:left=format!("{place:.3}%")>{label}</span>
                })
                .collect_view()}
        </div>
    }
}

#[component]
fn Legend(names: Vec<String>) -> impl IntoView {
    view! {
        <ul class="legend" aria-label="Arms">
            {names
                .into_iter()
                .enumerate()
                .map(|(series, name)| view! {
                    <li class="legend__item" data-series=series.to_string()>
                        <svg viewBox="0 0 32 4" width="32" height="4" aria-hidden="true">
                            <line x1="0" y1="2" x2="32" y2="2" stroke="currentColor" stroke-width="3" stroke-dasharray=dash(series).1/>
                        </svg>
                        <span>{name}</span>
                    </li>
                })
                .collect_view()}
        </ul>
    }
}

/// Numbers at risk and cumulative events, each under its tick.
#[component]
fn NumbersAtRisk(
    at_risk: Task<Vec<RiskTableRow>>,
    ticks: Memo<Vec<f64>>,
    axis: TimeAxis,
    visible: Memo<(f64, f64)>,
    again: Callback<()>,
) -> impl IntoView {
    let laid_out = move || {
        at_risk.load.with(|load| match load {
            Load::Ready(rows) => {
                let times = ticks.get();
                // An answer to an older zoom has another number of times: it is not put under these ticks.
                let fits = rows.iter().all(|row| row.n_at_risk.len() == times.len());
                fits.then(|| kaplan_meier::risk_table(rows, &times, &axis, visible.get()))
            }
            _ => None,
        })
    };
    view! {
        <div class="at-risk" style=format!("--plot-left: {MARGIN_LEFT}px; --plot-right: {MARGIN_RIGHT}px")>
            {move || match laid_out() {
                Some(view) => view! { <RiskRows view=view word=axis.shown.word()/> }.into_any(),
                None => at_risk.load.with(|load| match load {
                    Load::Failed(_) => view! {
                        <div class="row">
                            <p class="small">"The numbers at risk are not at hand any more: another study was run meanwhile."</p>
                            <Button label="Count them again" small=true on_click=move || again.run(())/>
                        </div>
                    }.into_any(),
                    _ => view! { <p class="small muted">"Counting who is at risk…"</p> }.into_any(),
                }),
            }}
        </div>
    }
}

#[component]
fn RiskRows(view: RiskTableView, word: &'static str) -> impl IntoView {
    let ticks = StoredValue::new(view.ticks.clone());
    // Both halves have a row an arm: who hears them must be told which half it is.
    let line = move |heading: String, what: &'static str, series: usize, cells: Vec<String>| {
        let places: Vec<f64> = ticks.with_value(|ticks| ticks.iter().map(|(place, _)| *place).collect());
        view! {
            <div class="at-risk__row" role="row" data-series=series.to_string()>
                <span class="at-risk__name" role="rowheader">
                    {heading}<span class="visually-hidden">{what}</span>
                </span>
                <span class="at-risk__cells" role="presentation">
                    {places
                        .into_iter()
                        .zip(cells)
                        .map(|(place, cell)| view! {
                            <span class="at-risk__cell num" role="cell" style:left=format!("{place:.3}%")>{cell}</span>
                        })
                        .collect_view()}
                </span>
            </div>
        }
    };
    let head = ticks.with_value(|ticks| ticks.iter().map(|(_, label)| label.clone()).collect::<Vec<_>>());
    let rows = view.rows;
    let events = rows.clone();
    view! {
        <div role="table" aria-label="Numbers at risk and cumulative events">
            <div role="row" class="visually-hidden">
                <span role="columnheader">"Arm"</span>
                {head.into_iter().map(|label| view! { <span role="columnheader">{format!("{label} {word}")}</span> }).collect_view()}
            </div>
            <p class="at-risk__title" aria-hidden="true">"Number at risk"</p>
            {rows
                .into_iter()
                .enumerate()
                .map(|(series, (name, at_risk, _))| line(name, ", number at risk", series, at_risk))
                .collect_view()}
            <p class="at-risk__title" aria-hidden="true">"Cumulative events"</p>
            {events
                .into_iter()
                .enumerate()
                .map(|(series, (name, _, events))| line(name, ", cumulative events", series, events))
                .collect_view()}
        </div>
    }
}

#[component]
fn CurveTable(report: StoredValue<SurvivalReport>, unit: String) -> impl IntoView {
    let data = report.with_value(|report| TableData {
        caption: "Points of the curves (evenly thinned where there are many)".to_owned(),
        columns: vec![
            Column::text("Arm"),
            Column::number(format!("Time, {unit}")),
            Column::number("At risk"),
            Column::number("Events"),
            Column::number("Censored"),
            Column::number("Survival"),
            Column::number("Interval"),
        ],
        rows: kaplan_meier::table(report).into_iter().map(Vec::from).collect(),
    });
    let say = use_toast();
    let whole = move || {
        let csv = report.with_value(kaplan_meier::csv);
        if let Err(error) = web::files::download("kaplan-meier-points.csv", csv.as_bytes(), "text/csv;charset=utf-8") {
            say(format!("The file could not be saved: {error}"));
        }
    };
    view! {
        <DataTable table=data file_name="kaplan-meier" tall=true/>
        <div class="row">
            <Button label="Download every point, full precision" kind=ButtonKind::Quiet small=true icon=IconName::Download on_click=whole/>
        </div>
    }
}
