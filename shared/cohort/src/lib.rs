//! Cohort definitions evaluated over columns: subjects, attrition, covariates.
//!
//! Start with [`evaluate`] (who is in, from when to when, and why others are not); [`check`] says everything that is
//! wrong with a definition before it is run; [`covariates`] reads what is known of the subjects; [`describe`] says a
//! definition in plain English. [`check_quality`] counts what is missing, ill-formed or implausible in a dataset.
//!
//! A [`Source`] is a dataset with its [`Index`], which is made once a dataset. A *flat* dataset (one row a person in
//! the table `variable`) is evaluated over whole columns into bit sets; a *record* dataset has dated events, and every
//! event query becomes, in one scan, a sorted list of days a person.
//!
//! **Semantics** follow OHDSI's Circe where it has a default: both ends of a window are included; an event counts only
//! if it starts within the observation period that holds the index date; a subject leaves at the end of that period,
//! at death, at a censoring event or after a fixed number of days, whichever is first; overlapping entries of one
//! person are merged.
//!
//! **Invariant:** no part of a definition is ever silently ignored. What cannot be evaluated is a [`Problem`], and
//! what could mislead is a warning with a count. No statistics in here.

mod column_test;
mod compile;
mod concepts;
mod covariate;
mod describe;
mod entry;
mod error;
mod evaluate;
mod names;
mod quality;
mod query;
mod source;
mod structure;
mod subjects;
mod truth;

pub use covariate::{CovariateColumn, CovariateValues, Covariates, check_covariates, covariates};
pub use describe::{describe, describe_condition, describe_covariate, describe_query};
pub use error::{CohortError, Problem};
pub use evaluate::{Cohort, Counts, Subject, Tick, check, count_only, evaluate};
pub use quality::{Conversion, DAYS_AFTER_DEATH, Limits, QualitySettings, Reference, check_quality};
pub use query::{EventDays, find_events};
pub use source::{Index, Period, Shape, Source};
pub use structure::problems;
