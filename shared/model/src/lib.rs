//! Documents people save and results they read: plain serde types, no computation, no clock, no randomness.
//!
//! Start with [`cohort::CohortDefinition`] (who), [`study::StudyPlan`] (what is compared), [`results`] (what came
//! out) and [`finding::Finding`] (what is shared). The names in here are stored on people's devices and sent between
//! sites: treat them as irrevocable.
//!
//! **Invariant:** nothing in this crate computes anything but canonical JSON, content ids, the days of the calendar and how
//! numbers are written.

pub mod calendar;
pub mod canonical;
pub mod citation;
pub mod cohort;
pub mod concept;
pub mod consult;
pub mod covariate;
pub mod dataset;
pub mod decision;
pub mod document;
pub mod finding;
pub mod import_mapping;
pub mod intake;
pub mod json;
pub mod results;
pub mod safe_harbor;
pub mod study;
pub mod tables;
pub mod words;
