//! Curves and medians that show no single person.
//!
//! A Kaplan-Meier curve as computed falls at the day of each event by one person's share. A published one is read at a few
//! round times only and rounded to steps that each stand for more people than the threshold: between two published points
//! there may have been any number of events from 0 up to the threshold, or there were more.

use model::finding::{ArmResult, Cell, Disclosure, PublishedPoint};

/// A published curve has at most so many points.
pub const MAX_POINTS: usize = 21;

/// Parts that a survival of 1 is cut into for an arm of `n`: the most of 100, 50, 20, 10, 5 and 2 of which each stands for
/// more people than the threshold; none where the arm is too small for a curve.
fn parts(n: u64, threshold: u32) -> Option<f64> {
    let most = n as f64 / (f64::from(threshold) + 1.0);
    [100.0, 50.0, 20.0, 10.0, 5.0, 2.0].into_iter().find(|parts| *parts <= most)
}

/// A curve for publication from (time, survival) steps in rising time: at most [`MAX_POINTS`] round times, rounded for an
/// arm of `n` people; none where the arm is too small for a curve.
pub fn coarse_curve(steps: &[(f64, f64)], n: u64, threshold: u32) -> Option<Vec<PublishedPoint>> {
    let parts = parts(n, threshold)?;
    let last = steps.last().map_or(0.0, |(time, _)| *time);
    let mut curve = vec![PublishedPoint { time: 0.0, survival: 1.0 }];
    if !last.is_finite() || last <= 0.0 {
        return Some(curve);
    }
    let (digit, exponent) = round_step(last / (MAX_POINTS - 1) as f64);
    for point in 1..MAX_POINTS {
        let time = scaled(digit * point as f64, exponent);
        if time > last {
            break;
        }
        let passed = steps.partition_point(|(t, _)| *t <= time);
        let survival = passed.checked_sub(1).map_or(1.0, |i| steps[i].1);
        curve.push(PublishedPoint { time, survival: (survival.clamp(0.0, 1.0) * parts).round() / parts });
    }
    Some(curve)
}

/// A time rounded to two significant digits, as medians are published.
pub fn coarse_time(time: f64) -> f64 {
    if time == 0.0 || !time.is_finite() {
        return time;
    }
    let exponent = time.abs().log10().floor() as i32 - 1;
    scaled(unscaled(time, exponent).round(), exponent)
}

/// The smallest 1, 2 or 5 times a power of ten that is not below `rough`.
fn round_step(rough: f64) -> (f64, i32) {
    let exponent = rough.log10().floor() as i32;
    let digit = unscaled(rough, exponent);
    [1.0, 2.0, 5.0]
        .into_iter()
        .find(|candidate| digit <= candidate * (1.0 + 1e-12))
        .map_or((1.0, exponent + 1), |candidate| (candidate, exponent))
}

fn scaled(digits: f64, exponent: i32) -> f64 {
    if exponent < 0 { digits / 10.0_f64.powi(-exponent) } else { digits * 10.0_f64.powi(exponent) }
}

fn unscaled(value: f64, exponent: i32) -> f64 {
    scaled(value, -exponent)
}

fn is_round_time(time: f64) -> bool {
    time.is_finite() && time >= 0.0 && (coarse_time(time) - time).abs() <= 1e-9 * time
}

/// The first thing that is wrong with a published curve.
fn fault(curve: &[PublishedPoint], n: u64, threshold: u32) -> Option<&'static str> {
    let Some(parts) = parts(n, threshold) else {
        return Some("the arm is too small for a curve: a step of it would show few people");
    };
    if curve.len() > MAX_POINTS {
        return Some("the curve has so many points that its steps show few people");
    }
    if !curve.iter().all(|point| is_round_time(point.time)) {
        return Some("the curve's times are so exact that they may be those of single events: round them");
    }
    let rounded = |survival: f64| {
        (0.0..=1.0).contains(&survival) && ((survival * parts).round() / parts - survival).abs() <= 1e-9
    };
    if !curve.iter().all(|point| rounded(point.survival)) {
        return Some("the curve's steps are so fine for an arm of this size that they show few people: round them");
    }
    let ordered = curve.windows(2).all(|pair| pair[0].time < pair[1].time && pair[0].survival >= pair[1].survival);
    (!ordered).then_some("this is no survival curve: times rise and survival falls")
}

/// Adds what a published curve and median give away. Arms with a hidden count are checked elsewhere: they have neither.
pub(super) fn check(arm: &ArmResult, path: &str, threshold: u32, found: &mut Vec<Disclosure>) {
    let (Cell::Count(n), Cell::Count(_)) = (arm.n, arm.n_events) else {
        return;
    };
    if !arm.curve.is_empty()
        && let Some(reason) = fault(&arm.curve, n, threshold)
    {
        found.push(Disclosure { path: format!("{path}.curve"), reason: reason.to_owned() });
    }
    let Some(median) = arm.median else { return };
    let reason = if parts(n, threshold).is_none() {
        "the arm is so small that its median describes few people"
    } else if is_round_time(median) {
        return;
    } else {
        "the median is so exact that it may be the time of a single event: round it to two digits"
    };
    found.push(Disclosure { path: format!("{path}.median"), reason: reason.to_owned() });
}

/// Makes a curve and a median coarse, or takes them out where the arm is too small.
pub(super) fn protect(arm: &mut ArmResult, threshold: u32, hidden: &mut Vec<String>) {
    let (Cell::Count(n), Cell::Count(_)) = (arm.n, arm.n_events) else {
        return;
    };
    if parts(n, threshold).is_none() {
        if !arm.curve.is_empty() || arm.median.is_some() {
            hidden.push(format!("the curve and the median of {}", arm.name));
        }
        arm.curve.clear();
        arm.median = None;
        return;
    }
    arm.median = arm.median.filter(|m| m.is_finite()).map(coarse_time);
    if arm.curve.is_empty() || fault(&arm.curve, n, threshold).is_none() {
        return;
    }
    let mut steps: Vec<(f64, f64)> = arm.curve.iter().map(|p| (p.time, p.survival)).collect();
    steps.retain(|(time, survival)| time.is_finite() && survival.is_finite());
    steps.sort_by(|x, y| x.0.total_cmp(&y.0));
    // A survival curve never rises.
    let mut least = 1.0_f64;
    for step in &mut steps {
        least = least.min(step.1);
        step.1 = least;
    }
    arm.curve = coarse_curve(&steps, n, threshold).unwrap_or_default();
}
