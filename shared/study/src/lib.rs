//! Joins cohorts and statistics into what a study plan asks for.
//!
//! [`run`] runs a study plan; [`survival`] answers the same for columns of a flat file; [`summarize`] makes Table 1;
//! [`similar`] and
//! [`similar_in_record`] find the patients most like one. Numbers are made in the crate `stats`, subjects in `cohort`; in here
//! rows are chosen, terms coded, settings named and warnings put in words.
//!
//! **Invariant:** every row left out is counted in the attrition, in a count of the result or in a warning, and a
//! number that cannot be estimated is absent, with words that say why. No clock, no randomness.

mod arms;
mod balance;
mod columns;
mod competing;
mod cox;
mod curves;
mod defaults;
mod error;
mod matching;
mod outcome;
mod propensity;
mod rows;
mod run;
mod settings;
mod similar;
mod summarize;
mod survival;
mod terms;
mod treatment;

pub use cox::Depth;
pub use curves::{FullCurves, risk_table};
pub use defaults::default_covariates;
pub use error::StudyError;
pub use matching::{MatchQuery, MatchWith, match_persons};
pub use run::{Stage, StudyRun, run};
pub use similar::{similar, similar_in_record};
pub use summarize::{summarize, summarize_split};
pub use survival::{SurvivalQuery, survival, survival_and_curves};
