//! What several tests need.

pub mod cells;
#[cfg(feature = "fhir")]
pub mod records;
pub mod tables;
pub mod workbook;
