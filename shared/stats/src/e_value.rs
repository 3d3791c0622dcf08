//! The E-value: how strong a hidden confounder would have to be to explain an association away.

use crate::interval::Interval;

/// How a measure is read as a risk ratio.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EValueMeasure {
    /// A risk ratio, taken as it is.
    RiskRatio,
    /// A hazard ratio where the outcome is rare (at most 15% at the end of follow-up): taken as a risk ratio.
    HazardRatioRareOutcome,
    /// A hazard ratio where the outcome is common: RR = (1 - 0.5^sqrt(HR)) / (1 - 0.5^sqrt(1/HR)).
    HazardRatioCommonOutcome,
    /// An odds ratio where the outcome is rare (at most 15%): taken as a risk ratio.
    OddsRatioRareOutcome,
    /// An odds ratio where the outcome is common: RR = sqrt(OR).
    OddsRatioCommonOutcome,
}

impl EValueMeasure {
    /// The approximation in words, for the result's method text; none for a risk ratio.
    pub fn approximation(self) -> Option<&'static str> {
        match self {
            Self::RiskRatio => None,
            Self::HazardRatioRareOutcome => Some("the hazard ratio is taken as a risk ratio (rare outcome)"),
            Self::HazardRatioCommonOutcome => Some(
                "the hazard ratio is turned into a risk ratio by (1 - 0.5^sqrt(HR)) / (1 - 0.5^sqrt(1/HR)) (common outcome)",
            ),
            Self::OddsRatioRareOutcome => Some("the odds ratio is taken as a risk ratio (rare outcome)"),
            Self::OddsRatioCommonOutcome => {
                Some("the odds ratio is turned into a risk ratio by its square root (common outcome)")
            }
        }
    }

    fn to_risk_ratio(self, ratio: f64) -> f64 {
        match self {
            Self::RiskRatio | Self::HazardRatioRareOutcome | Self::OddsRatioRareOutcome => ratio,
            Self::HazardRatioCommonOutcome => {
                // 1 - 0.5^x, kept exact for small x.
                let share = |x: f64| -(-std::f64::consts::LN_2 * x).exp_m1();
                share(ratio.sqrt()) / share((1.0 / ratio).sqrt())
            }
            Self::OddsRatioCommonOutcome => ratio.sqrt(),
        }
    }
}

/// E-values of an estimate and of the interval's limit nearer to no effect.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EValue {
    /// The risk ratio that a confounder would need with both exposure and outcome to explain the estimate away.
    pub point: f64,
    /// The same for the limit of the interval that lies nearer to 1; 1 when the interval contains 1.
    pub limit: f64,
    /// How the measure was read as a risk ratio.
    pub measure: EValueMeasure,
}

/// Why there is no E-value.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum EValueError {
    /// A ratio that is not a positive number.
    #[error("an E-value needs a positive, finite ratio and interval, and got {value}: check the estimate")]
    NotARatio {
        /// The value found.
        value: f64,
    },
    /// The estimate lies outside its interval.
    #[error("the estimate {estimate} lies outside its interval {lower} to {upper}: check which numbers were passed")]
    OutsideInterval {
        /// The estimate.
        estimate: f64,
        /// The lower limit.
        lower: f64,
        /// The upper limit.
        upper: f64,
    },
}

/// E-value of a ratio measure.
///
/// E = RR + sqrt(RR (RR - 1)), for RR below 1 that of 1 / RR.
///
/// # Data
/// A ratio with its interval on the ratio scale, and what kind of ratio it is.
/// # Degenerate input
/// A ratio of 1 has the E-value 1.
/// # Errors
/// Values that are not positive and finite; an estimate outside its interval.
/// # Agrees with
/// The worked examples of the paper (RR 3.9 with interval 1.8 to 8.7: 7.26 and 3.0; `tests/it/by_hand_tables.rs`).
/// # Reference
/// T. J. VanderWeele and P. Ding, Ann. Intern. Med. 167 (2017).
pub fn e_value(ratio: f64, interval: Interval, measure: EValueMeasure) -> Result<EValue, EValueError> {
    for value in [ratio, interval.lower, interval.upper] {
        if !value.is_finite() || value <= 0.0 {
            return Err(EValueError::NotARatio { value });
        }
    }
    if !interval.contains(ratio) {
        return Err(EValueError::OutsideInterval { estimate: ratio, lower: interval.lower, upper: interval.upper });
    }
    let nearer = if interval.contains(1.0) {
        1.0
    } else if ratio > 1.0 {
        interval.lower
    } else {
        interval.upper
    };
    Ok(EValue {
        point: of_risk_ratio(measure.to_risk_ratio(ratio)),
        limit: of_risk_ratio(measure.to_risk_ratio(nearer)),
        measure,
    })
}

fn of_risk_ratio(risk_ratio: f64) -> f64 {
    let r = if risk_ratio < 1.0 { 1.0 / risk_ratio } else { risk_ratio };
    r + (r * (r - 1.0)).sqrt()
}
