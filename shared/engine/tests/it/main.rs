//! The engine at its boundary: requests in, replies out. Nearly every question is about what was imported, and so about
//! what several workers do: only the whole engine is tested here.
#![cfg(all(feature = "desk", feature = "files", feature = "studies"))]

mod bad_input;
mod consult;
mod cycle;
mod dialect;
mod fhir;
mod literature;
mod note_findings;
mod notes;
mod old_datasets;
mod quality;
mod quality_shared;
mod record;
mod samples;
mod support;
mod tables;
