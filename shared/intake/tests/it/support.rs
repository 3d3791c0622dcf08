//! What several tests need.

pub mod tables;
pub mod workbook;
