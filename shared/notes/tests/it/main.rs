//! Clinic notes: findings, their context, the identifier screen.

mod findings;
mod generated;
mod gold;
mod negex;
mod presidio;
mod reading_fuzz;
