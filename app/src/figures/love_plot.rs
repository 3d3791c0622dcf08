//! Figure: love_plot.
