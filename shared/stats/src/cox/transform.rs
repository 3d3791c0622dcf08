//! Functions of time against which proportional hazards are tested.

use super::design::CoxModel;
use super::error::CoxError;
use crate::order;
use crate::survival::{CurveSettings, Durations, EventTable, SurvivalError, kaplan_meier};
use crate::tick::never;

/// The function of time g(t) along which a coefficient may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TimeTransform {
    /// 1 less the Kaplan-Meier curve of all rows, unweighted, just before t (the default, as in R).
    #[default]
    KaplanMeier,
    /// t itself.
    Identity,
    /// The rank of t among all times.
    Rank,
    /// The logarithm of t.
    Log,
}

/// g at each segment's event time.
pub(crate) fn transformed(model: &CoxModel<'_>, how: TimeTransform) -> Result<Vec<f64>, CoxError> {
    let times = model.plan.segments.iter().map(|segment| segment.time);
    match how {
        TimeTransform::Identity => Ok(times.collect()),
        TimeTransform::Log => {
            if model.plan.segments.iter().any(|segment| segment.time <= 0.0) {
                return Err(CoxError::LogOfZero);
            }
            Ok(times.map(f64::ln).collect())
        }
        TimeTransform::Rank => {
            let sorted = order::fastest(model.data.durations.time);
            let rank = |t: f64| {
                let below = sorted.partition_point(|key| key.value() < t);
                let upto = sorted.partition_point(|key| key.value() <= t);
                (below + 1 + upto) as f64 / 2.0
            };
            Ok(times.map(rank).collect())
        }
        TimeTransform::KaplanMeier => Ok(kaplan_meier_before(model)?),
    }
}

fn kaplan_meier_before(model: &CoxModel<'_>) -> Result<Vec<f64>, SurvivalError> {
    let all = &model.data.durations;
    let pooled = Durations { entry: all.entry, ..Durations::new(all.time, all.event) };
    let table = EventTable::new(&pooled, &mut never)?;
    let curve = kaplan_meier(&table, &CurveSettings::default(), &mut never)?.remove(0);
    let before = |segment: &super::design::Segment| match curve.times().partition_point(|&t| t < segment.time) {
        0 => 0.0,
        after => 1.0 - curve.survival()[after - 1],
    };
    Ok(model.plan.segments.iter().map(before).collect())
}
