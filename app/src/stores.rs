//! What the screens share: each store is a context of its own type, provided once by [`crate::app::App`].

pub mod cohorts;
pub mod datasets;
pub mod decisions;
pub mod engine;
pub mod findings;
pub mod literature;
pub mod scope;
pub mod sharing;
pub mod studies;
