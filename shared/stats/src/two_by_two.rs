//! Everything a two-by-two table is asked for: risk ratio, odds ratio, risk difference, tests, number needed to treat.

use crate::e_value::{EValue, EValueMeasure, e_value};
use crate::fisher::fisher_exact_p;
use crate::interval::{ConfidenceLevel, Interval};
use crate::proportion::{Proportion, ProportionError, proportion};
use crate::special::chi2_sf;

/// What to do where a ratio meets an empty cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ZeroCells {
    /// Haldane and Anscombe: add one half to all four cells, for the ratio that needs it only, and say so.
    AddHalf,
    /// Leave the ratio out.
    NotEstimable,
}

/// How a table is analysed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TwoByTwoSettings {
    /// Level of every interval.
    pub level: ConfidenceLevel,
    /// What to do where a ratio meets an empty cell.
    pub zero_cells: ZeroCells,
}

/// Something the reader of a table's result has to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TwoByTwoWarning {
    /// One half was added to each cell for the risk ratio.
    HalfAddedForRiskRatio,
    /// One half was added to each cell for the odds ratio.
    HalfAddedForOddsRatio,
    /// No events in either group, so no ratio can be told.
    NoEvents,
    /// Everybody had the event, so no odds ratio can be told.
    OnlyEvents,
    /// An expected count below 5: prefer Fisher's exact test to the chi-squared test.
    SmallExpectedCount,
}

/// A ratio with its interval, made on the logarithm's scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RatioEstimate {
    /// The ratio.
    pub estimate: f64,
    /// Its interval on the ratio's scale.
    pub interval: Interval,
    /// Standard error of the ratio's natural logarithm.
    pub ln_std_err: f64,
}

/// A difference of two risks with two intervals.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RiskDifference {
    /// Risk in the exposed minus risk in the unexposed.
    pub estimate: f64,
    /// Newcombe's hybrid score interval: the one to report.
    pub newcombe: Interval,
    /// Wald's interval, for comparison with other programs.
    pub wald: Interval,
    /// Wald's standard error.
    pub std_err: f64,
}

/// Pearson's chi-squared test without continuity correction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChiSquared {
    /// The statistic, with one degree of freedom.
    pub statistic: f64,
    /// The p-value.
    pub p: f64,
    /// The smallest expected count.
    pub smallest_expected: f64,
}

/// The number needed to treat for one event fewer or more.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum NumberNeededToTreat {
    /// The risks are equal: no number of treated makes a difference.
    NoDifference {
        /// The interval.
        interval: NntInterval,
    },
    /// So many exposed persons for one event fewer.
    OneEventFewer {
        /// 1 / |risk difference|.
        estimate: f64,
        /// The interval.
        interval: NntInterval,
    },
    /// So many exposed persons for one event more.
    OneEventMore {
        /// 1 / |risk difference|.
        estimate: f64,
        /// The interval.
        interval: NntInterval,
    },
}

impl NumberNeededToTreat {
    /// The number itself, whichever way it points; none where the risks are equal.
    pub fn number(self) -> Option<f64> {
        match self {
            Self::NoDifference { .. } => None,
            Self::OneEventFewer { estimate, .. } | Self::OneEventMore { estimate, .. } => Some(estimate),
        }
    }

    /// Its interval.
    pub fn interval(self) -> NntInterval {
        match self {
            Self::NoDifference { interval }
            | Self::OneEventFewer { interval, .. }
            | Self::OneEventMore { interval, .. } => interval,
        }
    }
}

/// Interval of a number needed to treat: the reciprocal of the risk difference's interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum NntInterval {
    /// The risk difference's interval excludes 0: an ordinary interval, in the estimate's direction.
    OneSided {
        /// The smaller number.
        lower: f64,
        /// The larger number; none where the difference's interval ends at 0.
        upper: Option<f64>,
    },
    /// The risk difference's interval contains 0: from `fewer` for one event fewer, through infinity (no effect), to
    /// `more` for one event more.
    ThroughInfinity {
        /// The number for one event fewer at the interval's end.
        fewer: f64,
        /// The number for one event more at the interval's other end.
        more: f64,
    },
}

/// What a two-by-two table says.
#[derive(Debug, Clone, PartialEq)]
pub struct TwoByTwo {
    /// Risk among the exposed.
    pub exposed: Proportion,
    /// Risk among the unexposed.
    pub unexposed: Proportion,
    /// Risk ratio, Wald interval on the logarithm.
    pub risk_ratio: Option<RatioEstimate>,
    /// Odds ratio, Woolf's interval.
    pub odds_ratio: Option<RatioEstimate>,
    /// Risk difference.
    pub risk_difference: RiskDifference,
    /// Two-sided p-value of Fisher's exact test.
    pub fisher_p: f64,
    /// Chi-squared test; none where a column of the table is empty.
    pub chi_squared: Option<ChiSquared>,
    /// Number needed to treat, from the risk difference and Newcombe's interval.
    pub number_needed_to_treat: NumberNeededToTreat,
    /// E-value of the risk ratio; none where that was not estimable.
    pub e_value: Option<EValue>,
    /// What the reader has to know.
    pub warnings: Vec<TwoByTwoWarning>,
}

/// Analyses a two-by-two table.
///
/// ```text
///              event   no event
/// exposed        a        b          RR = (a/(a+b)) / (c/(c+d))     RD = a/(a+b) - c/(c+d)
/// unexposed      c        d          OR = ad / bc
/// ```
///
/// # Data
/// Counts of persons, each in one cell.
/// # Degenerate input
/// An empty cell: see [`ZeroCells`]; the risk ratio needs only `a` and `c`. No events at all: no ratio. The risk
/// difference always exists.
/// # Errors
/// A group without persons.
/// # Agrees with
/// R 4.2 with the formulas of `e2e/reference/tables.R`, `fisher.test`, `chisq.test(correct = FALSE)`, `prop.test`,
/// `binom.test`: 1e-9 (`tests/it/against_r_tables.rs`).
/// # Reference
/// B. Woolf, Ann. Hum. Genet. 19 (1955); R. G. Newcombe, Stat. Med. 17 (1998) 873, method 10; D. G. Altman,
/// BMJ 317 (1998) (number needed to treat).
pub fn two_by_two(a: u64, b: u64, c: u64, d: u64, settings: &TwoByTwoSettings) -> Result<TwoByTwo, ProportionError> {
    let level = settings.level;
    let exposed = proportion(a, a.saturating_add(b), level)?;
    let unexposed = proportion(c, c.saturating_add(d), level)?;
    let mut warnings = Vec::new();
    let risk_ratio = risk_ratio([a, b, c, d], settings, &mut warnings);
    let odds_ratio = odds_ratio([a, b, c, d], settings, &mut warnings);
    let risk_difference = risk_difference(&exposed, &unexposed, level);
    let chi_squared = chi_squared([a, b, c, d]);
    if chi_squared.is_some_and(|test| test.smallest_expected < 5.0) {
        warnings.push(TwoByTwoWarning::SmallExpectedCount);
    }
    let e_value = risk_ratio.and_then(|ratio| e_value(ratio.estimate, ratio.interval, EValueMeasure::RiskRatio).ok());
    Ok(TwoByTwo {
        exposed,
        unexposed,
        risk_ratio,
        odds_ratio,
        risk_difference,
        fisher_p: fisher_exact_p(a, b, c, d),
        chi_squared,
        number_needed_to_treat: number_needed_to_treat(&risk_difference),
        e_value,
        warnings,
    })
}

/// A ratio from its logarithm and that one's variance.
fn ratio(ln_estimate: f64, ln_variance: f64, level: ConfidenceLevel) -> RatioEstimate {
    let ln_std_err = ln_variance.max(0.0).sqrt();
    RatioEstimate {
        estimate: ln_estimate.exp(),
        interval: Interval::around(ln_estimate, level.z() * ln_std_err).map(f64::exp),
        ln_std_err,
    }
}

fn risk_ratio(
    cells: [u64; 4],
    settings: &TwoByTwoSettings,
    warnings: &mut Vec<TwoByTwoWarning>,
) -> Option<RatioEstimate> {
    let [a, b, c, d] = cells;
    if a == 0 && c == 0 {
        warnings.push(TwoByTwoWarning::NoEvents);
        return None;
    }
    let mut half = 0.0;
    if a == 0 || c == 0 {
        if settings.zero_cells == ZeroCells::NotEstimable {
            return None;
        }
        warnings.push(TwoByTwoWarning::HalfAddedForRiskRatio);
        half = 0.5;
    }
    let (a, b, c, d) = (a as f64 + half, b as f64 + half, c as f64 + half, d as f64 + half);
    // 1/a - 1/(a+b) is b / (a (a+b)): no cancellation.
    let variance = b / (a * (a + b)) + d / (c * (c + d));
    Some(ratio(((a / (a + b)) / (c / (c + d))).ln(), variance, settings.level))
}

fn odds_ratio(
    cells: [u64; 4],
    settings: &TwoByTwoSettings,
    warnings: &mut Vec<TwoByTwoWarning>,
) -> Option<RatioEstimate> {
    let [a, b, c, d] = cells;
    if a == 0 && c == 0 {
        return None;
    }
    if b == 0 && d == 0 {
        warnings.push(TwoByTwoWarning::OnlyEvents);
        return None;
    }
    let mut half = 0.0;
    if cells.contains(&0) {
        if settings.zero_cells == ZeroCells::NotEstimable {
            return None;
        }
        warnings.push(TwoByTwoWarning::HalfAddedForOddsRatio);
        half = 0.5;
    }
    let (a, b, c, d) = (a as f64 + half, b as f64 + half, c as f64 + half, d as f64 + half);
    let variance = 1.0 / a + 1.0 / b + 1.0 / c + 1.0 / d;
    Some(ratio((a * d / (b * c)).ln(), variance, settings.level))
}

fn risk_difference(exposed: &Proportion, unexposed: &Proportion, level: ConfidenceLevel) -> RiskDifference {
    let (p1, p0) = (exposed.estimate, unexposed.estimate);
    let (w1, w0) = (exposed.wilson, unexposed.wilson);
    let estimate = p1 - p0;
    let std_err = (p1 * (1.0 - p1) / exposed.n as f64 + p0 * (1.0 - p0) / unexposed.n as f64).sqrt();
    RiskDifference {
        estimate,
        newcombe: Interval {
            lower: estimate - (p1 - w1.lower).hypot(w0.upper - p0),
            upper: estimate + (w1.upper - p1).hypot(p0 - w0.lower),
        },
        wald: Interval::around(estimate, level.z() * std_err),
        std_err,
    }
}

fn chi_squared([a, b, c, d]: [u64; 4]) -> Option<ChiSquared> {
    let (a, b, c, d) = (a as f64, b as f64, c as f64, d as f64);
    let (row1, row0, event, none) = (a + b, c + d, a + c, b + d);
    if event == 0.0 || none == 0.0 {
        return None;
    }
    let n = row1 + row0;
    let cross = a * d - b * c;
    let statistic = n * cross / (row1 * row0) * cross / (event * none);
    Some(ChiSquared { statistic, p: chi2_sf(statistic, 1.0), smallest_expected: row1.min(row0) * event.min(none) / n })
}

fn number_needed_to_treat(difference: &RiskDifference) -> NumberNeededToTreat {
    let Interval { lower, upper } = difference.newcombe;
    let reciprocal = |x: f64| (x != 0.0).then(|| 1.0 / x.abs());
    let interval = if lower < 0.0 && upper > 0.0 {
        NntInterval::ThroughInfinity { fewer: -1.0 / lower, more: 1.0 / upper }
    } else {
        let (near, far) = if lower >= 0.0 { (lower, upper) } else { (upper, lower) };
        NntInterval::OneSided { lower: 1.0 / far.abs(), upper: reciprocal(near) }
    };
    match reciprocal(difference.estimate) {
        None => NumberNeededToTreat::NoDifference { interval },
        Some(estimate) if difference.estimate < 0.0 => NumberNeededToTreat::OneEventFewer { estimate, interval },
        Some(estimate) => NumberNeededToTreat::OneEventMore { estimate, interval },
    }
}
