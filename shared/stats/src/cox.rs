//! Cox's proportional hazards regression: coefficients, robust variances, concordance, baseline, diagnostics.
//!
//! [`CoxModel`] checks, sorts and standardises the data once; [`CoxModel::fit`] finds the coefficients; everything
//! else ([`concordance`], [`proportional_hazards`], [`baseline_hazards`], [`schoenfeld`], residuals) reads both.
//!
//! Not here: penalties, frailty, time-dependent coefficients, the exact treatment of ties. Start with [`CoxModel`],
//! then [`CoxFit`].

mod baseline;
mod concordance;
mod design;
mod error;
mod fit;
mod kernel;
mod likelihood;
mod newton;
mod ph_test;
mod residuals;
mod scaled_schoenfeld;
mod settings;
mod transform;

pub use baseline::{BaselineHazard, baseline_hazards};
pub use concordance::{Concordance, concordance};
pub use design::{CoxData, CoxModel};
pub use error::{CoxError, CoxProblem, CoxWarning};
pub use fit::{Coefficient, CoxFit, Test};
pub use ph_test::{PhTerm, PhTest, PhTestRow, proportional_hazards};
pub use residuals::{Schoenfeld, dfbeta, schoenfeld, score_residuals};
pub use scaled_schoenfeld::{ScaledSchoenfeld, scaled_schoenfeld};
pub use settings::{CheckedCoxSettings, CoxSettings, Ties};
pub use transform::TimeTransform;
