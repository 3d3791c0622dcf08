//! What several tests need.

pub mod patients;
