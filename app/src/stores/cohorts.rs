//! Store: cohorts.
