//! Joins cohorts and statistics into what a study plan asks for.
