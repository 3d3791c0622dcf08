//! What several tests need.

pub mod close;
pub mod compare;
pub mod csv_frame;
pub mod reference;
pub mod survival_cases;
