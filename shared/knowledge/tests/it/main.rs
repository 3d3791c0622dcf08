//! Findings and literature: disclosure, signatures, documents, effect estimates.

mod attacker;
mod documents;
mod effects;
mod literature;
mod literature_fuzz;
mod literature_pool;
mod support;
