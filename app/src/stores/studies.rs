//! Store: studies.
