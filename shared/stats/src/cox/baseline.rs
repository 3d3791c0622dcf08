//! The baseline cumulative hazard of a Cox regression.

use super::design::CoxModel;
use super::error::CoxError;
use super::fit::CoxFit;
use super::likelihood::RiskSets;

/// One stratum's cumulative hazard, a step at each event time.
#[derive(Debug, Clone, PartialEq)]
pub struct BaselineHazard {
    /// The stratum's code (0 without strata).
    pub stratum: u32,
    /// Event times, ascending.
    pub time: Vec<f64>,
    /// Cumulative hazard of somebody whose covariates are at the centers of the fit.
    pub at_center: Vec<f64>,
    /// Cumulative hazard of somebody whose covariates are all 0.
    pub at_zero: Vec<f64>,
}

/// The baseline cumulative hazard: the sum over event times of d / sum of exp(x b), ties as in the fit.
///
/// # Data
/// As the fit; one hazard a stratum, strata without events left out.
///
/// # Degenerate input
/// Coefficients that are not estimable count as 0. With an infinite coefficient the hazard at zero may be 0 or
/// beyond numbers; the fit's warnings say so.
///
/// # Errors
/// [`CoxError::OtherModel`] if the fit is not of this model.
///
/// # Agrees with
/// R 4.2 survival 3.5-3 `basehaz(fit)` and `basehaz(fit, centered = FALSE)` to 1e-8 relative;
/// `against_r_survival.rs`, test `baseline_hazard_agrees_with_basehaz`.
///
/// # Reference
/// Breslow NE. J R Stat Soc B 1972;34:216. Efron B. J Am Stat Assoc 1977;72:557.
pub fn baseline_hazards(model: &CoxModel<'_>, fit: &CoxFit) -> Result<Vec<BaselineHazard>, CoxError> {
    if fit.beta.len() != model.width || fit.coefficients.len() != model.n_covariates {
        return Err(CoxError::OtherModel);
    }
    let sets = RiskSets::new(model, &fit.beta);
    let coef = fit.coef();
    let center: f64 = fit.centers.iter().zip(&coef).map(|(c, b)| c * b).sum();
    let mut all = Vec::with_capacity(model.plan.strata.len());
    for stratum in model.plan.strata.iter().filter(|stratum| !stratum.segments.is_empty()) {
        // the standardised rows are centred within the stratum: x b = z b + shift
        let any = stratum.rows.start;
        let data_row = model.plan.rows[any] as usize;
        let raw: f64 = model.data.covariates.iter().zip(&coef).map(|(x, b)| x[data_row] * b).sum();
        let shift = raw - super::kernel::dot(model.row(any), &fit.beta);
        let mut hazard = BaselineHazard {
            stratum: stratum.code,
            time: Vec::with_capacity(stratum.segments.len()),
            at_center: Vec::with_capacity(stratum.segments.len()),
            at_zero: Vec::with_capacity(stratum.segments.len()),
        };
        let (to_zero, to_center) = ((-shift).exp(), (center - shift).exp());
        let mut sum = 0.0;
        for s in stratum.segments.clone() {
            sum += sets.sets[s].hazard;
            hazard.time.push(model.plan.segments[s].time);
            hazard.at_center.push(sum * to_center);
            hazard.at_zero.push(sum * to_zero);
        }
        all.push(hazard);
    }
    Ok(all)
}
