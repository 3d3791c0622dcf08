//! The one component that draws with Plotly: loads the vendored bundle at its first use and takes everything down again.

use leptos::prelude::*;
use plotly::{Layout, Trace};

mod binding;
mod view;

pub use view::Plot;

use super::kaplan_meier::FigureColours;

/// A figure as Plotly understands it: traces and layout as JSON. Made by pure functions, drawn by [`Plot`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlotFigure {
    /// The traces.
    pub data: serde_json::Value,
    /// The layout.
    pub layout: serde_json::Value,
}

impl PlotFigure {
    /// From the plotly crate's types.
    ///
    /// # Errors
    /// If they cannot be written as JSON (a bug).
    pub fn new(traces: &[Box<dyn Trace>], layout: &Layout) -> Result<Self, serde_json::Error> {
        Ok(Self { data: serde_json::to_value(traces)?, layout: serde_json::to_value(layout)? })
    }

    /// From anything that is written as Plotly's `{data, layout}`.
    ///
    /// # Errors
    /// If it cannot be written as JSON (a bug).
    pub fn from_parts(data: &impl serde::Serialize, layout: &impl serde::Serialize) -> Result<Self, serde_json::Error> {
        Ok(Self { data: serde_json::to_value(data)?, layout: serde_json::to_value(layout)? })
    }

    /// Whether there is anything to draw.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.data.as_array().is_none_or(Vec::is_empty)
    }
}

/// The colours of figures, from the design system's tokens; follows the theme.
#[must_use]
pub fn use_figure_colours() -> Signal<FigureColours> {
    let dark = crate::components::use_theme();
    let colours = RwSignal::new(binding::colours());
    // Read after the theme was applied: an effect runs after the attribute of the root has changed.
    Effect::new(move |before: Option<bool>| {
        let now = dark.get();
        if before.is_some_and(|before| before != now) {
            request_animation_frame(move || {
                colours.try_set(binding::colours());
            });
        }
        now
    });
    colours.into()
}
