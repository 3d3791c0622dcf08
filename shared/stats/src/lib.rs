//! Outcome statistics: numbers in, numbers out.

pub mod special;
