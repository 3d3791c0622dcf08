//! Pure functions from results to figures, and the one component that draws them ([`plot::Plot`]).

pub mod calendar;
pub mod coarse_curve;
pub mod columns;
pub mod distribution;
pub mod forest;
pub mod kaplan_meier;
pub mod love_plot;
pub mod plot;
pub mod propensity;
pub mod scale;
pub mod timeline;
