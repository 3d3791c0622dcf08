//! Cohort definitions evaluated over columns: subjects, attrition, covariates.
