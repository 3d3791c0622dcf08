//! Figure: propensity.
