//! What several tests need.

pub mod findings;
