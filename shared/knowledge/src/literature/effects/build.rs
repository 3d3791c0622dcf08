//! A hit as a found effect: spans in code points, the standard error, and what is odd about it.

use model::citation::{DerivedStdErr, EffectFlag, EffectMeasure, FoundEffect, FoundInterval, FoundP, PRelation};
use stats::interval::ConfidenceLevel;

use super::Places;
use super::search::Hit;

/// How far an estimate may be from the middle of its interval, in halves of its width, beyond rounding.
const MAX_OFF_CENTRE: f64 = 0.2;

/// The effect of a hit in a sentence that begins at byte `start` of its section.
pub(super) fn effect(hit: &Hit, sentence: &str, start: usize, section: u32, places: &Places) -> FoundEffect {
    let span = |(from, to): (usize, usize)| [places.code_point(start + from), places.code_point(start + to)];
    let interval = hit.found.interval.as_ref().map(|i| FoundInterval {
        lower: i.lower.value,
        upper: i.upper.value,
        level: i.level,
        credible: i.credible,
    });
    let p = hit.found.p.map(|p| FoundP { relation: p.relation, value: p.value });
    let estimate = hit.found.value.value;
    let decimals =
        hit.found.interval.as_ref().map_or(0, |i| i.lower.decimals.min(i.upper.decimals)).min(hit.found.value.decimals);
    let parts = [Some(hit.label), Some(hit.estimate), hit.interval, hit.p];
    let first = parts.iter().flatten().map(|(a, _)| *a).min().unwrap_or(0);
    let last = parts.iter().flatten().map(|(_, b)| *b).max().unwrap_or(0);
    FoundEffect {
        measure: hit.measure,
        label: sentence.get(hit.label.0..hit.label.1).unwrap_or_default().to_owned(),
        estimate,
        interval,
        p,
        adjusted: hit.adjusted,
        unit: hit.found.unit.clone(),
        std_err: interval.and_then(|i| std_err(hit.measure, &i)),
        flags: flags(hit.measure, estimate, interval.as_ref(), p.as_ref(), decimals),
        section,
        sentence: sentence.to_owned(),
        sentence_span: span((0, sentence.len())),
        span: span((first, last)),
        label_span: span(hit.label),
        estimate_span: span(hit.estimate),
        interval_span: hit.interval.map(span),
        p_span: hit.p.map(span),
    }
}

fn additive(measure: EffectMeasure, value: f64) -> f64 {
    if measure.is_ratio() { value.ln() } else { value }
}

/// The standard error that an interval implies: its width over twice the normal quantile, on the log scale for ratios.
fn std_err(measure: EffectMeasure, interval: &FoundInterval) -> Option<DerivedStdErr> {
    let level = ConfidenceLevel::new(interval.level.unwrap_or(0.95)).ok()?;
    let width = additive(measure, interval.upper) - additive(measure, interval.lower);
    let value = width / (2.0 * level.z());
    if !(value.is_finite() && value > 0.0) {
        return None;
    }
    let percent = crate::words::trimmed(level.get() * 100.0);
    let assumed = if interval.level.is_none() { ", which the text does not state" } else { "" };
    let method = if measure.is_ratio() {
        format!("(ln upper \u{2212} ln lower) / (2 \u{d7} {:.3}), from the {percent}% interval{assumed}", level.z())
    } else {
        format!("(upper \u{2212} lower) / (2 \u{d7} {:.3}), from the {percent}% interval{assumed}", level.z())
    };
    Some(DerivedStdErr { value, method })
}

fn flags(
    measure: EffectMeasure,
    estimate: f64,
    interval: Option<&FoundInterval>,
    p: Option<&FoundP>,
    decimals: u8,
) -> Vec<EffectFlag> {
    let mut flags = Vec::new();
    let Some(&FoundInterval { lower, upper, level, credible }) = interval else {
        if measure.is_ratio() && estimate <= 0.0 {
            flags.push(EffectFlag::NotPositive);
        }
        return flags;
    };
    let (low, high) = (lower.min(upper), lower.max(upper));
    if !(low..=high).contains(&estimate) {
        flags.push(EffectFlag::OutsideInterval);
    }
    if lower > upper {
        flags.push(EffectFlag::LimitsReversed);
    }
    let is_positive = !measure.is_ratio() || (estimate > 0.0 && low > 0.0);
    if !is_positive {
        flags.push(EffectFlag::NotPositive);
    } else if (low..=high).contains(&estimate) && off_centre(measure, estimate, low, high, decimals) {
        flags.push(EffectFlag::NotCentred);
    }
    if level.is_none() {
        flags.push(EffectFlag::LevelAssumed);
    }
    if credible {
        flags.push(EffectFlag::CredibleInterval);
    }
    if !credible && level.is_none_or(|l| (l - 0.95).abs() < 1e-9) && contradicts(measure, low, high, p) {
        flags.push(EffectFlag::PContradictsInterval);
    }
    flags.sort_unstable();
    flags
}

/// Whether the estimate is off the middle by more than rounding to these decimals allows.
fn off_centre(measure: EffectMeasure, estimate: f64, low: f64, high: f64, decimals: u8) -> bool {
    let half_step = 0.5 * 10_f64.powi(-i32::from(decimals.min(12)));
    let scale = |x: f64| additive(measure, x);
    let middle = f64::midpoint(scale(low), scale(high));
    let half = (scale(high) - scale(low)) / 2.0;
    // The most that the middle and the estimate can move by rounding.
    let slack = |x: f64| if measure.is_ratio() { half_step / (x - half_step).max(half_step) } else { half_step };
    let rounding = slack(estimate) + f64::midpoint(slack(low), slack(high));
    half > 0.0 && (scale(estimate) - middle).abs() > MAX_OFF_CENTRE * half + rounding
}

/// A p-value clearly below 0.05 with no effect within a 95% interval, or clearly above it with no effect outside. Rounding and
/// other tests move both a little: what is near the border is left alone.
fn contradicts(measure: EffectMeasure, low: f64, high: f64, p: Option<&FoundP>) -> bool {
    let Some(p) = p else { return false };
    let none = if measure.is_ratio() { 1.0 } else { 0.0 };
    let width = additive(measure, high) - additive(measure, low);
    let margin = 0.1 * width;
    if !(width.is_finite() && width > 0.0) {
        return false;
    }
    let (from, to, at) = (additive(measure, low), additive(measure, high), additive(measure, none));
    let well_inside = from + margin < at && at < to - margin;
    let well_outside = at < from - margin || to + margin < at;
    match p.relation {
        PRelation::Equal => p.value < 0.01 && well_inside || p.value > 0.2 && well_outside,
        PRelation::Below => p.value <= 0.01 && well_inside,
        PRelation::Above => p.value >= 0.2 && well_outside,
    }
}
