//! One file a screen, in the order of the learning cycle.

pub mod home;

// Performance to data.
pub mod data;
pub mod import;
pub mod quality;
pub mod timeline;

// Data to knowledge.
pub mod cohort_editor;
pub mod cohorts;
pub mod compare;
pub mod finding;
pub mod knowledge;
pub mod literature;
pub mod replicate;
pub mod summary;

// Knowledge to performance.
pub mod consult;
pub mod decisions;

pub mod settings;
