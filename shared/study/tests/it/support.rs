//! What several tests need.

pub mod flat;
