//! Store: sharing.
