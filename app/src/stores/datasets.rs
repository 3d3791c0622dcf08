//! Store: datasets.
