//! Figure: distribution.
