//! What several tests need.

pub mod cells;
pub mod tables;
pub mod workbook;
