//! A survival curve as computed, and what is read off it: values at a time, quantiles, numbers at risk.

use std::sync::Arc;

use super::kaplan_meier::CheckedCurveSettings;
use super::table::GroupTable;

/// Two survival probabilities closer than this are equal when a quantile is read off (R: `quantile.survfit`).
const QUANTILE_TOLERANCE: f64 = 1.490_116_119_384_765_6e-8;

/// Steps that are looked at together when a quantile is read off: few of them are near the height looked for.
const BLOCK: usize = 64;

/// One group's survival curve: a step at every distinct time of an event or a censoring.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    pub(crate) table: Arc<GroupTable>,
    pub(crate) survival: Vec<f64>,
    /// Standard error of log S; infinite where it does not exist.
    pub(crate) log_err: Vec<f64>,
    /// How limits are made; they are worked out where they are asked for, which halves the memory.
    pub(crate) settings: CheckedCurveSettings,
    /// Whether standard errors of log S never fall: Greenwood's do not, robust ones may.
    pub(crate) rising_error: bool,
}

/// The curve at one of its times.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CurvePoint {
    /// The time.
    pub time: f64,
    /// Sum of weights at risk just before it.
    pub n_at_risk: f64,
    /// Sum of weights with the event at it.
    pub n_events: f64,
    /// Sum of weights censored at it.
    pub n_censored: f64,
    /// Probability of surviving beyond it.
    pub survival: f64,
    /// Standard error of `survival`; none once the curve has reached 0 (Greenwood's does not exist there).
    pub std_err: Option<f64>,
    /// Lower confidence limit; none where the transformation does not exist.
    pub lower: Option<f64>,
    /// Upper confidence limit; none where the transformation does not exist.
    pub upper: Option<f64>,
}

/// The curve at a time of the caller's choice.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AtTime {
    /// The time asked for.
    pub time: f64,
    /// Sum of weights under observation just before it.
    pub n_at_risk: f64,
    /// Probability of surviving beyond it (the last step not later than it).
    pub survival: f64,
    /// Standard error of `survival`.
    pub std_err: Option<f64>,
    /// Lower confidence limit.
    pub lower: Option<f64>,
    /// Upper confidence limit.
    pub upper: Option<f64>,
    /// Nobody was followed that long: the values are those at the last time.
    pub beyond_follow_up: bool,
}

/// A time at which a share of the group has had the event, if the curve goes that low.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum QuantileTime {
    /// Reached at this time.
    Reached(f64),
    /// Not reached during follow-up.
    NotReached,
}

impl QuantileTime {
    /// The time, if reached.
    pub fn reached(self) -> Option<f64> {
        match self {
            Self::Reached(time) => Some(time),
            Self::NotReached => None,
        }
    }
}

/// A quantile of the survival time with its confidence limits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QuantileEstimate {
    /// The share that has had the event (0.5 for the median).
    pub share: f64,
    /// Where the curve crosses.
    pub time: QuantileTime,
    /// Where the lower limit crosses.
    pub lower: QuantileTime,
    /// Where the upper limit crosses.
    pub upper: QuantileTime,
}

/// A column of the table under a plotted curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RiskTableRow {
    /// The time.
    pub time: f64,
    /// Sum of weights under observation just before it.
    pub n_at_risk: f64,
    /// Sum of weights with the event up to and including it.
    pub n_events_so_far: f64,
    /// Sum of weights censored up to and including it.
    pub n_censored_so_far: f64,
}

fn exists(value: f64) -> Option<f64> {
    (!value.is_nan()).then_some(value)
}

impl Curve {
    /// Number of distinct times.
    pub fn len(&self) -> usize {
        self.survival.len()
    }

    /// Whether the group has no rows.
    pub fn is_empty(&self) -> bool {
        self.survival.is_empty()
    }

    /// The counts the curve was made from.
    pub fn table(&self) -> &GroupTable {
        &self.table
    }

    /// Distinct times, ascending.
    pub fn times(&self) -> &[f64] {
        &self.table.time
    }

    /// Survival at each of [`Curve::times`].
    pub fn survival(&self) -> &[f64] {
        &self.survival
    }

    /// The step at index `i` below [`Curve::len`].
    pub fn point(&self, i: usize) -> CurvePoint {
        let (lower, upper) = self.settings.limits(self.survival[i], self.log_err[i]);
        CurvePoint {
            time: self.table.time[i],
            n_at_risk: self.table.n_at_risk.get(i),
            n_events: self.table.n_events.get(i),
            n_censored: self.table.n_censored.get(i),
            survival: self.survival[i],
            std_err: exists(self.log_err[i] * self.survival[i]),
            lower: exists(lower),
            upper: exists(upper),
        }
    }

    /// All steps.
    pub fn points(&self) -> impl Iterator<Item = CurvePoint> + '_ {
        (0..self.len()).map(|i| self.point(i))
    }

    /// The curve at any time, as R's `summary(fit, times, extend = TRUE)` gives it.
    ///
    /// Under left truncation the number at risk is counted at the time itself; R takes it from the next step.
    pub fn at(&self, time: f64) -> AtTime {
        let after = self.table.time.partition_point(|&t| t <= time);
        let start = AtTime {
            time,
            n_at_risk: self.table.n_at_risk_at(time),
            survival: 1.0,
            std_err: Some(0.0),
            lower: Some(1.0),
            upper: Some(1.0),
            beyond_follow_up: self.table.time.last().is_none_or(|&last| time > last),
        };
        if after == 0 {
            return start;
        }
        let step = self.point(after - 1);
        AtTime { survival: step.survival, std_err: step.std_err, lower: step.lower, upper: step.upper, ..start }
    }

    /// The median with its confidence limits.
    pub fn median(&self) -> QuantileEstimate {
        self.quantile(0.5)
    }

    /// When a `share` (between 0 and 1) has had the event, by the rule of R's `quantile.survfit`.
    ///
    /// The first time at which the curve falls below 1 - `share`; where it runs flat at exactly that height, the
    /// midpoint of the flat piece. The limits are where the confidence limits of the curve cross the same height.
    pub fn quantile(&self, share: f64) -> QuantileEstimate {
        let settings = self.settings;
        let mut curve = Crossing::new(share, |height| height);
        let mut lower = Crossing::new(share, |height| settings.stretch(height));
        let mut upper = lower.clone();
        for start in (0..self.len()).step_by(BLOCK) {
            let end = (start + BLOCK).min(self.len());
            let skipped = self.block_bounds(start, end - 1).is_some_and(|[of_curve, of_lower, of_upper]| {
                curve.passes(of_curve) && lower.passes(of_lower) && upper.passes(of_upper)
            });
            // the last height of a block counts even so: the curve may end there
            let mut last = (1.0, f64::NAN);
            for i in (if skipped { end - 1 } else { start })..end {
                let (time, step) = (self.table.time[i], (self.survival[i], self.log_err[i]));
                if last == step {
                    continue;
                }
                last = step;
                let limits = settings.stretched_limits(step.0, step.1);
                curve.step(time, step.0);
                lower.step(time, limits.0);
                upper.step(time, limits.1);
            }
        }
        let end = self.table.time.last().copied();
        let unstretch = |height: f64| settings.unstretch(height);
        QuantileEstimate {
            share,
            time: curve.found(end, |height| height),
            lower: lower.found(end, unstretch),
            upper: upper.found(end, unstretch),
        }
    }

    /// Between which heights the curve, its lower and its upper limits (stretched) lie from step `first` to `last`.
    fn block_bounds(&self, first: usize, last: usize) -> Option<[[f64; 2]; 3]> {
        if !self.rising_error {
            return None;
        }
        let heights = [self.survival[last], self.survival[first]];
        let [lower, upper] = self.settings.limit_bounds(heights, [self.log_err[first], self.log_err[last]])?;
        Some([heights, lower, upper])
    }

    /// Numbers at risk and so far observed, at the given times.
    pub fn risk_table(&self, times: &[f64]) -> Vec<RiskTableRow> {
        let (events, censored) = (self.table.n_events.running_sums(), self.table.n_censored.running_sums());
        times
            .iter()
            .map(|&time| {
                let after = self.table.time.partition_point(|&t| t <= time);
                let last = |sums: &[f64]| if after == 0 { 0.0 } else { sums[after - 1] };
                RiskTableRow {
                    time,
                    n_at_risk: self.table.n_at_risk_at(time),
                    n_events_so_far: last(&events),
                    n_censored_so_far: last(&censored),
                }
            })
            .collect()
    }
}

/// Where a height first falls to 1 - share, with R's treatment of flat pieces, missing limits and the curve's end.
///
/// Heights may be stretched by any increasing function: only their order matters.
#[derive(Clone)]
struct Crossing {
    share: f64,
    /// A little above and a little below the height looked for.
    wanted: [f64; 2],
    /// The largest height not above each of them, and when it was first seen.
    seen: [Option<(f64, f64)>; 2],
    /// The last height that differs from the one before; NaN only if limits end by not existing.
    end: f64,
    seen_missing: bool,
}

impl Crossing {
    fn new(share: f64, stretch: impl Fn(f64) -> f64) -> Self {
        Self {
            share,
            wanted: [stretch(1.0 - share + QUANTILE_TOLERANCE), stretch(1.0 - share - QUANTILE_TOLERANCE)],
            seen: [None, None],
            end: stretch(1.0),
            seen_missing: false,
        }
    }

    fn step(&mut self, time: f64, height: f64) {
        if height.is_nan() {
            if !self.seen_missing {
                self.end = height;
            }
            self.seen_missing = true;
            return;
        }
        if height == self.end {
            return;
        }
        self.end = height;
        for (wanted, seen) in self.wanted.into_iter().zip(&mut self.seen) {
            if height <= wanted && seen.is_none_or(|(highest, _)| height > highest) {
                *seen = Some((height, time));
            }
        }
    }

    /// Whether heights between these bounds change nothing: all too high, or none above what was seen.
    fn passes(&self, [least, most]: [f64; 2]) -> bool {
        let seen_higher = |seen: Option<(f64, f64)>| seen.is_some_and(|(highest, _)| highest >= most);
        self.wanted.iter().zip(self.seen).all(|(&wanted, seen)| least > wanted || seen_higher(seen))
    }

    fn found(&self, last_time: Option<f64>, unstretch: impl Fn(f64) -> f64) -> QuantileTime {
        let Some(last_time) = last_time else { return QuantileTime::NotReached };
        if self.share == 0.0 {
            return QuantileTime::Reached(0.0);
        }
        let Some((_, first)) = self.seen[0] else { return QuantileTime::NotReached };
        if (1.0 - self.share - unstretch(self.end)).abs() < QUANTILE_TOLERANCE {
            return QuantileTime::Reached(0.5 * (first + last_time));
        }
        match self.seen[1] {
            Some((_, second)) => QuantileTime::Reached(0.5 * (first + second)),
            None => QuantileTime::NotReached,
        }
    }
}
