//! Kaplan-Meier curves: from a [`SurvivalReport`] to a figure, its numbers at risk and its table.
//!
//! Colour is never the only cue: every arm has its own dash pattern, and its name stands at its curve or, where there is no
//! room, in the legend with that pattern.

use model::results::{CurvePoint, GroupCurve, SurvivalReport};
use plotly::common::{Anchor, DashType, Fill, Font, HoverInfo, Label, Line, LineShape, Marker, MarkerSymbol, Mode};
use plotly::layout::{Annotation, Axis, AxisRange, HoverMode};
use plotly::{Scatter, Trace};
use serde::Serialize;

mod numbers;
mod preview;

pub use numbers::{RiskTableView, count, csv, csv_cell, percent, risk_table, table};
pub use preview::{Preview, preview};

use super::plot::PlotFigure;
use super::scale::{TimeAxis, plain_number};

/// Pixels left of the plot area; the table of numbers at risk is aligned with it.
pub const MARGIN_LEFT: u32 = 56;
/// Pixels right of the plot area.
pub const MARGIN_RIGHT: u32 = 20;
const MARGIN_TOP: u32 = 12;
const MARGIN_BOTTOM: u32 = 48;
/// More censor ticks than this on one curve cannot be told apart.
const MOST_CENSOR_TICKS: usize = 160;

/// Colours of a figure, resolved from the page's tokens (Plotly cannot read custom properties).
#[derive(Clone, Debug, PartialEq)]
pub struct FigureColours {
    /// Text.
    pub ink: String,
    /// Axis labels.
    pub quiet: String,
    /// Grid lines.
    pub line: String,
    /// Behind everything.
    pub surface: String,
    /// One a series, in order; reused from the first where there are more series.
    pub series: Vec<String>,
}

impl FigureColours {
    /// The colour of a series.
    #[must_use]
    pub fn of(&self, series: usize) -> &str {
        match self.series.len() {
            0 => &self.ink,
            n => &self.series[series % n],
        }
    }
}

/// What the reader switched on and where they zoomed to.
#[derive(Clone, Debug, PartialEq)]
pub struct CurveOptions {
    /// Show the confidence band.
    pub band: bool,
    /// Show where subjects were censored.
    pub censor_ticks: bool,
    /// Visible times; absent: all.
    pub range: Option<(f64, f64)>,
    /// How many ticks fit under the axis.
    pub most_ticks: usize,
    /// Confidence level of the band, for the words in the hover text.
    pub level: f64,
    /// Write the arms' names at their curves. Where there is no room for them, the legend above has them.
    pub names: bool,
}

impl Default for CurveOptions {
    fn default() -> Self {
        Self { band: true, censor_ticks: true, range: None, most_ticks: 7, level: 0.95, names: true }
    }
}

/// One arm's curve, ready to draw.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CurveView {
    /// Arm.
    pub name: String,
    /// Times, from 0.
    pub times: Vec<f64>,
    /// Survival from each time on.
    pub survival: Vec<f64>,
    /// What the hover text says at each time.
    pub hover: Vec<String>,
    /// The band: times, lower and upper limits; ends where the interval does not exist any more.
    pub band: (Vec<f64>, Vec<f64>, Vec<f64>),
    /// Censor ticks, thinned to what the eye can tell apart.
    pub censored: Vec<(f64, f64)>,
}

/// A dash pattern, as Plotly and as SVG/CSS (`stroke-dasharray`) know it.
#[must_use]
pub fn dash(series: usize) -> (DashType, &'static str) {
    match series % 4 {
        0 => (DashType::Solid, "none"),
        1 => (DashType::Dash, "8 4"),
        2 => (DashType::Dot, "2 3"),
        _ => (DashType::DashDot, "8 3 2 3"),
    }
}

/// The last time at which anybody was observed.
#[must_use]
pub fn last_time(report: &SurvivalReport) -> f64 {
    report.groups.iter().filter_map(|group| group.curve.last()).map(|point| point.time).fold(0.0, f64::max)
}

/// The curves of a report.
#[must_use]
pub fn curves(report: &SurvivalReport, axis: &TimeAxis, level: f64) -> Vec<CurveView> {
    let last = last_time(report);
    report.groups.iter().map(|group| curve(group, axis, last, level)).collect()
}

fn curve(group: &GroupCurve, axis: &TimeAxis, last: f64, level: f64) -> CurveView {
    let mut view = CurveView { name: group.name.clone(), ..CurveView::default() };
    if group.curve.first().is_none_or(|point| point.time > 0.0) {
        view.times.push(0.0);
        view.survival.push(1.0);
        view.hover.push(format!("100% at the start ({} subjects)", group.n));
    }
    for point in &group.curve {
        view.times.push(point.time);
        view.survival.push(point.survival);
        view.hover.push(hover(point, axis, level));
    }
    view.band = band(&group.curve);
    view.censored = censor_ticks(&group.curve, last);
    view
}

fn hover(point: &CurvePoint, axis: &TimeAxis, level: f64) -> String {
    let interval = match (point.lower, point.upper) {
        (Some(lower), Some(upper)) => {
            format!(" ({}% CI {} to {})", plain_number(level * 100.0), percent(lower), percent(upper))
        }
        _ => String::new(),
    };
    format!(
        "{}{interval} at {} {}, {} at risk",
        percent(point.survival),
        plain_number((point.time / axis.factor * 100.0).round() / 100.0),
        axis.shown.word(),
        count(point.n_at_risk),
    )
}

fn band(points: &[CurvePoint]) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
    let (mut times, mut lower, mut upper) = (vec![0.0], vec![1.0], vec![1.0]);
    for point in points {
        match (point.lower, point.upper) {
            (Some(low), Some(high)) => {
                times.push(point.time);
                lower.push(low);
                upper.push(high);
            }
            // Before the first event the interval is the point 1; once the curve is at 0 there is none.
            _ if point.survival >= 1.0 => {
                times.push(point.time);
                lower.push(1.0);
                upper.push(1.0);
            }
            _ => break,
        }
    }
    (times, lower, upper)
}

fn censor_ticks(points: &[CurvePoint], last: f64) -> Vec<(f64, f64)> {
    let apart = last / MOST_CENSOR_TICKS as f64;
    let mut ticks: Vec<(f64, f64)> = Vec::new();
    for point in points.iter().filter(|point| point.n_censored > 0.0) {
        let far_enough = ticks.last().is_none_or(|(before, _)| point.time - before >= apart);
        if far_enough {
            ticks.push((point.time, point.survival));
        }
    }
    ticks
}

/// The part of Plotly's layout that this figure needs. The crate's own `Layout` drags in maps and scenes, and has no
/// `uirevision`, which keeps the reader's zoom when the figure is drawn again.
#[derive(Serialize)]
struct FigureLayout {
    margin: FigureMargin,
    xaxis: Axis,
    yaxis: Axis,
    annotations: Vec<Annotation>,
    font: Font,
    hovermode: HoverMode,
    showlegend: bool,
    autosize: bool,
    dragmode: &'static str,
    uirevision: String,
    paper_bgcolor: &'static str,
    plot_bgcolor: &'static str,
    hoverlabel: Label,
}

#[derive(Serialize)]
struct FigureMargin {
    l: u32,
    r: u32,
    t: u32,
    b: u32,
}

/// Draws the curves.
///
/// # Errors
/// If a number has no JSON form, which the engine's results do not hold.
pub fn figure(
    views: &[CurveView],
    axis: &TimeAxis,
    last: f64,
    options: &CurveOptions,
    colours: &FigureColours,
) -> Result<PlotFigure, serde_json::Error> {
    let mut data = Vec::new();
    if options.band {
        for (series, view) in views.iter().enumerate() {
            let (low, high) = band_traces(view, colours.of(series));
            data.push(serde_json::to_value(low as Box<dyn Trace>)?);
            data.push(serde_json::to_value(high as Box<dyn Trace>)?);
        }
    }
    for (series, view) in views.iter().enumerate() {
        data.push(serde_json::to_value(curve_trace(view, series, colours.of(series)) as Box<dyn Trace>)?);
        if options.censor_ticks && !view.censored.is_empty() {
            data.push(serde_json::to_value(censor_trace(view, colours.of(series)) as Box<dyn Trace>)?);
        }
    }
    let range = options.range.unwrap_or((0.0, last.max(f64::MIN_POSITIVE)));
    let layout = FigureLayout {
        margin: FigureMargin { l: MARGIN_LEFT, r: MARGIN_RIGHT, t: MARGIN_TOP, b: MARGIN_BOTTOM },
        xaxis: x_axis(axis, range, options.most_ticks, colours),
        yaxis: y_axis(colours),
        annotations: if options.names { labels(views, range, colours) } else { Vec::new() },
        font: Font::new().family("system-ui, sans-serif").size(13).color(colours.ink.clone()),
        hovermode: HoverMode::XUnified,
        showlegend: false,
        autosize: true,
        dragmode: "zoom",
        uirevision: "kaplan-meier".to_owned(),
        paper_bgcolor: "rgba(0,0,0,0)",
        plot_bgcolor: "rgba(0,0,0,0)",
        hoverlabel: Label::new()
            .background_color(colours.surface.clone())
            .border_color(colours.line.clone())
            .font(Font::new().color(colours.ink.clone()).size(13)),
    };
    Ok(PlotFigure { data: serde_json::Value::Array(data), layout: serde_json::to_value(layout)? })
}

fn x_axis(axis: &TimeAxis, (low, high): (f64, f64), most_ticks: usize, colours: &FigureColours) -> Axis {
    let ticks = axis.ticks(low.max(0.0), high, most_ticks);
    let text = ticks.iter().map(|tick| axis.label(*tick)).collect();
    Axis::new()
        .title(plotly::common::Title::with_text(axis.title()).font(Font::new().size(13)))
        .range(AxisRange::new(low, high))
        .tick_values(ticks)
        .tick_text(text)
        .show_grid(false)
        .zero_line(false)
        .show_line(true)
        .line_color(colours.quiet.clone())
        .color(colours.quiet.clone())
        .hover_format(".0f")
}

fn y_axis(colours: &FigureColours) -> Axis {
    Axis::new()
        .range(AxisRange::new(0.0, 1.02))
        .fixed_range(true)
        .tick_values(vec![0.0, 0.25, 0.5, 0.75, 1.0])
        .tick_text(["0%", "25%", "50%", "75%", "100%"].map(str::to_owned).to_vec())
        .grid_color(colours.line.clone())
        .zero_line(false)
        .color(colours.quiet.clone())
}

fn curve_trace(view: &CurveView, series: usize, colour: &str) -> Box<Scatter<f64, f64>> {
    Scatter::new(view.times.clone(), view.survival.clone())
        .name(&view.name)
        .mode(Mode::Lines)
        .line(Line::new().shape(LineShape::Hv).width(2.25).dash(dash(series).0).color(colour.to_owned()))
        .text_array(view.hover.clone())
        .hover_template("%{text}")
}

/// A trace of one curve or one edge of a band.
type Curve = Box<Scatter<f64, f64>>;

/// The lower edge, then the upper edge filled down to it.
fn band_traces(view: &CurveView, colour: &str) -> (Curve, Curve) {
    let edge = |limits: &[f64]| {
        Scatter::new(view.band.0.clone(), limits.to_vec())
            .name(format!("{}, interval", view.name))
            .mode(Mode::Lines)
            .line(Line::new().shape(LineShape::Hv).width(0.0))
            .hover_info(HoverInfo::Skip)
    };
    let low = edge(&view.band.1);
    let high = edge(&view.band.2).fill(Fill::ToNextY).fill_color(see_through(colour, 0.16));
    (low, high)
}

fn censor_trace(view: &CurveView, colour: &str) -> Box<Scatter<f64, f64>> {
    let (times, survival) = view.censored.iter().copied().unzip();
    Scatter::new(times, survival)
        .name(format!("{}, censored", view.name))
        .mode(Mode::Markers)
        .marker(
            Marker::new()
                .symbol(MarkerSymbol::LineNSOpen)
                .size(8)
                .color(colour.to_owned())
                .line(Line::new().width(1.25)),
        )
        .hover_info(HoverInfo::Skip)
}

/// Names at the right end: above the highest curve, below the lowest.
fn labels(views: &[CurveView], (low, high): (f64, f64), colours: &FigureColours) -> Vec<Annotation> {
    let ends: Vec<f64> = views.iter().map(|view| survival_at(view, high)).collect();
    let middle = ends.iter().sum::<f64>() / (ends.len().max(1)) as f64;
    views
        .iter()
        .enumerate()
        .map(|(series, view)| {
            // Where the curves end at one height, the first name goes above.
            let first_of_equals = ends.iter().all(|end| *end == ends[series]) && series == 0;
            let above = ends[series] > middle || first_of_equals;
            let over = survival_at(view, high - (high - low) * 0.2);
            Annotation::new()
                .x(high)
                .y(if above { over } else { ends[series] })
                .text(escape_markup(&view.name))
                .show_arrow(false)
                .x_anchor(Anchor::Right)
                .y_anchor(if above { Anchor::Bottom } else { Anchor::Top })
                .y_shift(if above { 4.0 } else { -4.0 })
                .font(Font::new().color(colours.of(series).to_owned()).size(13))
        })
        .collect()
}

/// Survival of a drawn curve at a time.
fn survival_at(view: &CurveView, time: f64) -> f64 {
    let upto = view.times.partition_point(|t| *t <= time);
    match upto {
        0 => 1.0,
        n => view.survival[n - 1],
    }
}

/// Plotly reads a few HTML tags in texts; a name is never markup.
fn escape_markup(name: &str) -> String {
    name.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// `#rrggbb` or `rgb(r, g, b)` (what a browser makes of a token) as `rgba()`; any other colour is returned as it is.
fn see_through(colour: &str, alpha: f64) -> String {
    let text = colour.trim();
    let digits = text.trim_start_matches('#');
    let pair = |at: usize| digits.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    let channels = match text.strip_prefix("rgb(").and_then(|rest| rest.strip_suffix(')')) {
        Some(list) => list.split(',').map(|channel| channel.trim().parse().ok()).collect::<Vec<Option<u8>>>(),
        None if digits.len() == 6 => vec![pair(0), pair(2), pair(4)],
        None => Vec::new(),
    };
    match channels.as_slice() {
        [Some(r), Some(g), Some(b)] => format!("rgba({r},{g},{b},{alpha})"),
        _ => colour.to_owned(),
    }
}

#[cfg(test)]
mod tests;
