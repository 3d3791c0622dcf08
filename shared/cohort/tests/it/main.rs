//! Cohorts against definitions read by hand and against a naive reading of every row.

mod check;
mod naive;
mod support;
