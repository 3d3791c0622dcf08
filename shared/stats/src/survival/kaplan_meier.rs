//! The Kaplan-Meier estimator with pointwise confidence limits.

use std::sync::Arc;

use super::curve::Curve;
use super::error::SurvivalError;
use super::robust;
use super::table::{EventTable, GroupTable};
use crate::special::normal_quantile;
use crate::tick::{Tick, ask};

/// What sums of weights lose to rounding, as a share of the weight at risk.
const ROUNDING: f64 = 1e-13;

/// On which scale confidence limits are symmetric.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ConfidenceType {
    /// log(-log S): always between 0 and 1 (the default).
    #[default]
    LogLog,
    /// log S, cut at 1 (R's default).
    Log,
    /// S itself, cut at 0 and 1.
    Plain,
}

/// Settings of a curve, unchecked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CurveSettings {
    /// Scale of the limits.
    pub confidence_type: ConfidenceType,
    /// Coverage of the limits, between 0 and 1.
    pub confidence_level: f64,
}

impl Default for CurveSettings {
    fn default() -> Self {
        Self { confidence_type: ConfidenceType::LogLog, confidence_level: 0.95 }
    }
}

/// Settings that an estimator can use.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CheckedCurveSettings {
    confidence_type: ConfidenceType,
    z: f64,
}

impl CurveSettings {
    /// Checks the level.
    ///
    /// # Errors
    /// [`SurvivalError::ConfidenceLevel`].
    pub fn check(&self) -> Result<CheckedCurveSettings, SurvivalError> {
        let z = check_level(self.confidence_level)?;
        Ok(CheckedCurveSettings { confidence_type: self.confidence_type, z })
    }
}

/// The normal quantile of a two-sided confidence level.
pub(crate) fn check_level(level: f64) -> Result<f64, SurvivalError> {
    if level > 0.0 && level < 1.0 {
        Ok(normal_quantile(1.0 - (1.0 - level) / 2.0))
    } else {
        Err(SurvivalError::ConfidenceLevel(level))
    }
}

/// The Kaplan-Meier curve of each group: S(t) = product over event times s <= t of (1 - d(s) / n(s)).
///
/// The standard error is Greenwood's, S(t) sqrt(sum d / (n (n - d))); with clusters or weights that are not whole
/// numbers it is the infinitesimal jackknife over clusters (rows if there are none).
///
/// # Data
/// Censoring to the right, late entry (left truncation), weights (whole numbers count rows), ties (events before
/// censorings at one time), times that differ by rounding joined as R does. Strata are ignored.
///
/// # Degenerate input
/// A group without rows gives an empty curve; without events a curve at 1; one subject a curve of one step. Once S
/// is 0 it stays there, even if later entries fill the risk set again, and has no standard error or limits. Before
/// the first event log-log limits do not exist.
///
/// # Errors
/// [`SurvivalError::ConfidenceLevel`], [`SurvivalError::Cancelled`].
///
/// # Agrees with
/// R 4.2 survival 3.5-3 `survfit(Surv(...) ~ g, conf.type = ...)` to 1e-9 relative; `against_r_survival.rs`,
/// test `kaplan_meier_agrees_with_survfit`.
///
/// # Reference
/// Kaplan EL, Meier P. J Am Stat Assoc 1958;53:457. Kalbfleisch JD, Prentice RL. The Statistical Analysis of
/// Failure Time Data, 2002, section 1.4.
///
/// # Example
/// ```
/// use stats::survival::{CurveSettings, Durations, EventTable, kaplan_meier};
/// let durations = Durations::new(&[6.0, 6.0, 7.0, 10.0], &[true, false, true, false]);
/// let table = EventTable::new(&durations, &mut stats::tick::never)?;
/// let curves = kaplan_meier(&table, &CurveSettings::default(), &mut stats::tick::never)?;
/// assert_eq!(curves[0].survival(), &[0.75, 0.375, 0.375]);
/// # Ok::<(), stats::survival::SurvivalError>(())
/// ```
pub fn kaplan_meier(
    table: &EventTable<'_>,
    settings: &CurveSettings,
    tick: &mut Tick<'_>,
) -> Result<Vec<Curve>, SurvivalError> {
    let settings = settings.check()?;
    let robust = if table.durations().is_robust() {
        Some(robust::standard_errors(table.durations(), table.groups(), tick)?)
    } else {
        None
    };
    let n_groups = table.groups().len();
    let mut curves = Vec::with_capacity(n_groups);
    for (i, group) in table.groups().iter().enumerate() {
        ask(tick, i as f64 / n_groups as f64)?;
        let robust = robust.as_ref().map(|errors| errors[i].survival.as_slice());
        curves.push(curve(group, settings, robust));
    }
    Ok(curves)
}

fn curve(table: &Arc<GroupTable>, settings: CheckedCurveSettings, robust: Option<&[f64]>) -> Curve {
    let n = table.time.len();
    let (mut survival, mut log_err) = (Vec::with_capacity(n), Vec::with_capacity(n));
    let (mut height, mut greenwood, mut error) = (1.0, 0.0_f64, 0.0);
    if let (None, Some(at_risk), Some(events)) = (robust, table.n_at_risk.counts(), table.n_events.counts()) {
        // rows are at risk at each of their times, so that without events a step changes nothing, and needs no branch
        for (&at_risk, &events) in at_risk.iter().zip(events) {
            let (at_risk, events) = (f64::from(at_risk), f64::from(events));
            let survivors = at_risk - events;
            height *= survivors / at_risk;
            greenwood += events / (at_risk * survivors);
            survival.push(height);
            log_err.push(greenwood.sqrt());
        }
        return Curve { table: Arc::clone(table), survival, log_err, settings, rising_error: true };
    }
    for i in 0..n {
        let (at_risk, events) = (table.n_at_risk.get(i), table.n_events.get(i));
        if events > 0.0 {
            // Where all at risk have the event, sums of fractional weights leave a little more or less than nothing.
            let left = at_risk - events;
            let survivors = if left <= at_risk * ROUNDING { 0.0 } else { left };
            height *= survivors / at_risk;
            greenwood += events / (at_risk * survivors);
            // on the log scale; infinite once the curve is at 0
            error = match robust {
                Some(errors) if errors[i] == 0.0 => 0.0,
                Some(errors) => errors[i] / height,
                None => greenwood.sqrt(),
            };
        }
        survival.push(height);
        log_err.push(error);
    }
    Curve { table: Arc::clone(table), survival, log_err, settings, rising_error: robust.is_none() }
}

impl CheckedCurveSettings {
    /// Limits around `survival` with standard error `log_err` of its logarithm; NaN where the scale does not exist.
    pub(crate) fn limits(self, survival: f64, log_err: f64) -> (f64, f64) {
        let (lower, upper) = self.stretched_limits(survival, log_err);
        (self.unstretch(lower), self.unstretch(upper))
    }

    /// The limits on a scale on which they are cheap, and in the same order: their logarithm for log-log limits.
    pub(super) fn stretched_limits(self, survival: f64, log_err: f64) -> (f64, f64) {
        let spread = self.z * log_err;
        match self.confidence_type {
            ConfidenceType::Plain => {
                let half = spread * survival;
                if half.is_nan() {
                    return (f64::NAN, f64::NAN);
                }
                ((survival - half).max(0.0), (survival + half).min(1.0))
            }
            ConfidenceType::Log if survival > 0.0 => {
                let factor = spread.exp();
                (survival / factor, (survival * factor).min(1.0))
            }
            ConfidenceType::LogLog if survival > 0.0 && survival < 1.0 => {
                // exp(-exp(log(-log S) -+ c)) = S^exp(-+c) = exp(log S * exp(-+c))
                let log = survival.ln();
                let factor = (spread / log).exp();
                (log / factor, log * factor)
            }
            _ => (f64::NAN, f64::NAN),
        }
    }

    /// Between which stretched heights the limits lie where the curve lies between `heights` and the standard error
    /// of its logarithm between `log_errs`; only for log-log limits, which are the ones that take long to work out.
    pub(super) fn limit_bounds(self, heights: [f64; 2], log_errs: [f64; 2]) -> Option<[[f64; 2]; 2]> {
        if self.confidence_type != ConfidenceType::LogLog || !(heights[0] > 0.0 && heights[1] < 1.0) {
            return None;
        }
        let (most, least) = (-heights[0].ln(), -heights[1].ln());
        let (far, near) = ((self.z * log_errs[1] / least).exp(), (self.z * log_errs[0] / most).exp());
        // a little wider than computed, since limits are rounded
        let between = |low: f64, high: f64| [low * (1.0 + 1e-9), high * (1.0 - 1e-9)];
        let bounds = [between(-most * far, -least * near), between(-most / near, -least / far)];
        bounds.iter().flatten().all(|bound| bound.is_finite()).then_some(bounds)
    }

    /// A height on the scale of [`Self::stretched_limits`].
    pub(super) fn stretch(self, height: f64) -> f64 {
        if self.confidence_type == ConfidenceType::LogLog { height.ln() } else { height }
    }

    /// And back.
    pub(super) fn unstretch(self, stretched: f64) -> f64 {
        if self.confidence_type == ConfidenceType::LogLog { stretched.exp() } else { stretched }
    }
}
