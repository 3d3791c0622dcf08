//! Draws a forest plot as a table whose middle column is a strip of SVG: it reads as a table, wraps on a phone, prints.

use leptos::prelude::*;

use crate::figures::forest::{Forest, Mark, Strip};

/// A forest plot.
#[component]
pub fn ForestPlot(
    /// The plot.
    plot: Forest,
    /// Heading of the first column.
    #[prop(default = "Site and data")]
    of: &'static str,
    /// What the prediction interval is about.
    #[prop(default = "Where a further site is expected (prediction interval)")]
    prediction: &'static str,
) -> impl IntoView {
    let none = plot.no_effect;
    let measure = plot.measure.clone();
    let sites = plot.sites.iter().map(|strip| row(strip, none)).collect_view();
    let pooled = plot.pooled.iter().map(|strip| row(strip, none)).collect_view();
    let predictions = plot.pooled.iter().filter_map(|strip| prediction_row(strip, none, prediction)).collect_view();
    view! {
        <figure class="figure forest" aria-label=plot.alternative.clone()>
            <table class="forest__table">
                <caption class="visually-hidden">{format!("Forest plot of the {measure}")}</caption>
                <thead>
                    <tr>
                        <th scope="col">{of}</th>
                        <th scope="col" class="forest__plot-head">
                            <span>{plot.left_words.clone()}</span>
                            <span>{plot.right_words.clone()}</span>
                        </th>
                        <th scope="col" class="forest__num">{format!("{measure} (95% interval)")}</th>
                        <th scope="col" class="forest__num">"Weight"</th>
                    </tr>
                </thead>
                <tbody>{sites}</tbody>
                <tbody class="forest__pooled">{pooled} {predictions}</tbody>
                <tfoot aria-hidden="true">
                    <tr>
                        <td></td>
                        <td class="forest__strip">
                            <div class="forest__axis">
                                {plot
                                    .ticks
                                    .iter()
                                    .map(|(at, label)| {
                                        view! { <span style:left=format!("{at:.2}%")>{label.clone()}</span> }
                                    })
                                    .collect_view()}
                            </div>
                        </td>
                        <td colspan="2"></td>
                    </tr>
                </tfoot>
            </table>
        </figure>
    }
}

fn percent(value: f64) -> String {
    format!("{value:.2}%")
}

fn row(strip: &Strip, none: f64) -> impl IntoView + use<> {
    let drawing = match strip.mark {
        Mark::Square(side) => square(strip, side).into_any(),
        Mark::Diamond => diamond(strip).into_any(),
    };
    view! {
        <tr>
            <th scope="row">{strip.label.clone()}</th>
            <td class="forest__strip">{svg(none, drawing)}</td>
            <td class="forest__num">{strip.numbers.clone()}</td>
            <td class="forest__num">{strip.weight.clone().unwrap_or_default()}</td>
        </tr>
    }
}

fn prediction_row(strip: &Strip, none: f64, words: &'static str) -> Option<impl IntoView + use<>> {
    let (from, to, text) = strip.prediction.clone()?;
    let drawing = view! {
        <line class="forest__prediction" x1=percent(from) x2=percent(to) y1="16" y2="16"></line>
    };
    Some(view! {
        <tr>
            <th scope="row">{words}</th>
            <td class="forest__strip">{svg(none, drawing.into_any())}</td>
            <td class="forest__num">{text}</td>
            <td></td>
        </tr>
    })
}

/// A strip with the line of no effect behind the drawing.
fn svg(none: f64, drawing: AnyView) -> impl IntoView {
    view! {
        <svg class="forest__svg" width="100%" height="32" aria-hidden="true" focusable="false">
            <line class="forest__none" x1=percent(none) x2=percent(none) y1="0" y2="32"></line>
            {drawing}
        </svg>
    }
}

fn square(strip: &Strip, side: f64) -> impl IntoView + use<> {
    let half = side / 2.0;
    view! {
        <line class="forest__line" x1=percent(strip.from) x2=percent(strip.to) y1="16" y2="16"></line>
        {strip.cut_left.then(|| arrow(strip.from, "M7 -5L0 0L7 5"))}
        {strip.cut_right.then(|| arrow(strip.to, "M-7 -5L0 0L-7 5"))}
        <rect
            class="forest__square"
            x=percent(strip.at)
            y=format!("{:.1}", 16.0 - half)
            width=format!("{side:.1}")
            height=format!("{side:.1}")
            transform=format!("translate({:.1} 0)", -half)
        ></rect>
    }
}

/// An arrow head at an end of the strip: an inner drawing takes the place in percent, the path its own pixels.
fn arrow(at: f64, path: &'static str) -> impl IntoView {
    view! {
        <svg x=percent(at) y="16" overflow="visible" width="1" height="1">
            <path class="forest__arrow" d=path></path>
        </svg>
    }
}

fn diamond(strip: &Strip) -> impl IntoView + use<> {
    let width = (strip.to - strip.from).max(0.3);
    let middle = ((strip.at - strip.from) / width * 100.0).clamp(0.0, 100.0);
    view! {
        <svg
            x=percent(strip.from)
            y="8"
            width=percent(width)
            height="16"
            viewBox="0 0 100 16"
            preserveAspectRatio="none"
        >
            <polygon class="forest__diamond" points=format!("0,8 {middle:.2},0 100,8 {middle:.2},16")></polygon>
        </svg>
        {strip.cut_left.then(|| arrow(strip.from, "M7 -5L0 0L7 5"))}
        {strip.cut_right.then(|| arrow(strip.to, "M-7 -5L0 0L-7 5"))}
    }
}
