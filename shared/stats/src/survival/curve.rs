//! A survival curve as computed, and what is read off it: values at a time, quantiles, numbers at risk.

use std::sync::Arc;

use super::table::GroupTable;

/// Two survival probabilities closer than this are equal when a quantile is read off (R: `quantile.survfit`).
const QUANTILE_TOLERANCE: f64 = 1.490_116_119_384_765_6e-8;

/// One group's survival curve: a step at every distinct time of an event or a censoring.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    pub(crate) table: Arc<GroupTable>,
    /// NaN stands for 'does not exist' inside; outside it is an `Option`.
    pub(crate) survival: Vec<f64>,
    pub(crate) std_err: Vec<f64>,
    pub(crate) lower: Vec<f64>,
    pub(crate) upper: Vec<f64>,
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
        CurvePoint {
            time: self.table.time[i],
            n_at_risk: self.table.n_at_risk[i],
            n_events: self.table.n_events[i],
            n_censored: self.table.n_censored[i],
            survival: self.survival[i],
            std_err: exists(self.std_err[i]),
            lower: exists(self.lower[i]),
            upper: exists(self.upper[i]),
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
        let find = |heights: &[f64]| crossing(&self.table.time, heights, share);
        QuantileEstimate { share, time: find(&self.survival), lower: find(&self.lower), upper: find(&self.upper) }
    }

    /// Numbers at risk and so far observed, at the given times.
    pub fn risk_table(&self, times: &[f64]) -> Vec<RiskTableRow> {
        let so_far = |values: &[f64]| {
            let mut sum = 0.0;
            values
                .iter()
                .map(|v| {
                    sum += v;
                    sum
                })
                .collect::<Vec<f64>>()
        };
        let (events, censored) = (so_far(&self.table.n_events), so_far(&self.table.n_censored));
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

/// Where 1 - height first reaches `share`, with R's treatment of flat pieces, missing limits and the curve's end.
fn crossing(times: &[f64], heights: &[f64], share: f64) -> QuantileTime {
    let Some(&last_time) = times.last() else {
        return QuantileTime::NotReached;
    };
    // distinct levels of 1 - S with the time each is first seen, starting with 0 at time 0; NaN is a level too
    let mut levels = vec![(0.0, 0.0)];
    let mut seen_missing = false;
    for (&time, &height) in times.iter().zip(heights) {
        let level = 1.0 - height;
        let previous = levels[levels.len() - 1].0;
        if level.is_nan() {
            if !seen_missing {
                levels.push((level, time));
            }
            seen_missing = true;
        } else if level != previous {
            levels.push((level, time));
        }
    }
    let end_level = levels[levels.len() - 1].0;
    levels.retain(|(level, _)| !level.is_nan());
    levels.sort_by(|a, b| a.0.total_cmp(&b.0));
    levels.dedup_by(|later, earlier| later.0 == earlier.0);
    if share == 0.0 {
        return QuantileTime::Reached(0.0);
    }
    let first_at = |level: f64| {
        let at = levels.partition_point(|(l, _)| *l < level);
        levels.get(at).map(|(_, time)| *time)
    };
    let Some(first) = first_at(share - QUANTILE_TOLERANCE) else {
        return QuantileTime::NotReached;
    };
    if (share - end_level).abs() < QUANTILE_TOLERANCE {
        return QuantileTime::Reached(0.5 * (first + last_time));
    }
    match first_at(share + QUANTILE_TOLERANCE) {
        Some(second) => QuantileTime::Reached(0.5 * (first + second)),
        None => QuantileTime::NotReached,
    }
}
