//! Store: decisions.
