//! Distribution functions, accurate in the far tails where p-values live.
//!
//! Outside its domain a function answers NaN, as `f64::ln` does; the estimators of this crate never call one there.
//! Start with [`normal_sf`], [`chi2_sf`] and [`t_quantile`].

mod beta;
mod gamma;
mod normal;
mod roots;

pub use beta::{beta_inc, beta_quantile, f_cdf, f_sf, t_cdf, t_quantile, t_sf, t_two_sided, t_two_sided_p};
pub use gamma::{chi2_cdf, chi2_quantile, chi2_sf, chi2_upper_quantile, gamma_p, gamma_q, ln_gamma};
pub use normal::{normal_cdf, normal_density, normal_quantile, normal_sf, normal_two_sided, normal_two_sided_p};
