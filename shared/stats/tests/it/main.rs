//! Estimators against R, against cases counted by hand, and against properties.

mod against_r_competing;
mod against_r_pool;
mod against_r_rates;
mod against_r_survival;
mod against_r_tables;
mod against_shared_competing;
mod against_shared_matching;
mod against_shared_survival;
mod against_shared_tables;
mod by_hand_survival;
mod by_hand_tables;
mod properties_survival;
mod properties_tables;
mod support;
