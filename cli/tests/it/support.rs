//! What several tests need.

pub mod rounds;
