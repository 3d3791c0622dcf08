//! Outcome statistics: numbers in, numbers out.

pub mod special;
pub mod tick;

mod order;

pub mod survival;

pub mod cox;

pub mod describe;
pub mod e_value;
pub mod fisher;
pub mod interval;
pub mod linalg;
pub mod logistic;
pub mod matching;
pub mod pool;
pub mod propensity;
pub mod proportion;
pub mod rate;
pub mod smd;
pub mod two_by_two;
pub mod weighted_effect;
