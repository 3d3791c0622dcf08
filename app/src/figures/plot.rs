//! Figure: plot.
