//! Time-to-event curves and tests: Kaplan-Meier, Nelson-Aalen, restricted mean, log-rank; cumulative incidence and Gray's
//! test where one of several causes ends each duration.
//!
//! [`Durations`] says who was observed when; [`EventTable`] sorts and counts them once; the estimators read the
//! table. Durations that end with one of several events are [`CompetingRisks`].
//!
//! Start with [`Durations`], then [`kaplan_meier`], then [`log_rank`].

mod column;
mod competing;
mod cumulative_incidence;
mod curve;
mod durations;
mod error;
mod gray;
mod kaplan_meier;
mod log_rank;
mod nelson_aalen;
mod restricted_mean;
mod robust;
mod table;
mod tabulate;

pub use competing::CompetingRisks;
pub use cumulative_incidence::{CumulativeIncidence, IncidencePoint, cumulative_incidence};
pub use curve::{AtTime, Curve, CurvePoint, QuantileEstimate, QuantileTime, RiskTableRow};
pub use durations::Durations;
pub use error::{Problem, ProblemKind, SurvivalError};
pub use gray::{GrayTest, gray_test};
pub use kaplan_meier::{CheckedCurveSettings, ConfidenceType, CurveSettings, kaplan_meier};
pub use log_rank::{LogRank, LogRankGroup, LogRankWeight, log_rank};
pub use nelson_aalen::{CumulativeHazard, CumulativeHazardPoint, nelson_aalen};
pub use restricted_mean::{RestrictedMean, restricted_mean};
pub use table::{EventTable, GroupTable};

pub(crate) use durations::rows_or_err;
pub(crate) use robust::{cluster_codes, compress};
pub(crate) use tabulate::too_short;
