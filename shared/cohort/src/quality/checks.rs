//! Which checks there are: each rule with its category, threshold and words.
//!
//! Where a check follows one of OHDSI's Data Quality Dashboard (`like`), category, subcategory and context are that
//! check's, and so is the threshold where the dashboard has one for it (0 for keys, references and required fields, 1 for
//! temporal plausibility, 5 for codes, units and sexes, 95 for tables that most persons have rows in). Other thresholds are
//! this project's own: 10 percent of missing values of a variable after D. A. Bennett, How can I deal with missing data in
//! my study?, Aust N Z J Public Health 25 (2001) 464.

mod completeness;
mod conformance;
mod plausibility;

pub(super) use completeness::*;
pub(super) use conformance::*;
pub(super) use plausibility::*;
