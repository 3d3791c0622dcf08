//! The engine at its boundary: requests in, replies out.

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
