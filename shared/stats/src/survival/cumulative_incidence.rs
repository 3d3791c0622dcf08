//! The cumulative incidence of each of several competing causes.

use super::competing::{CompetingRisks, Happenings, for_ties};
use super::error::SurvivalError;
use crate::tick::{Tick, ask};

/// A step of a cumulative incidence curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct IncidencePoint {
    /// The time.
    pub time: f64,
    /// Probability of the event of this cause up to and including it.
    pub estimate: f64,
    /// Its variance.
    pub variance: f64,
}

/// One group's cumulative incidence of one cause.
#[derive(Debug, Clone, PartialEq)]
pub struct CumulativeIncidence {
    /// The group's code.
    pub group: u32,
    /// The cause, from 1.
    pub cause: u32,
    /// The start, a step at every distinct time of the cause, and the end of follow-up.
    pub points: Vec<IncidencePoint>,
}

/// The Aalen-Johansen estimator of the cumulative incidence of each cause in each group.
///
/// F(t) = sum over event times s <= t of S(s-) d(s) / n(s), with S the Kaplan-Meier curve of all causes together and d
/// the events of this cause; one minus the Kaplan-Meier curve of the one cause would be too high, as it takes those
/// with another event for censored. The variance is by the delta method with a correction for ties.
///
/// # Data
/// Censoring, ties (events before censorings at one time), times that differ by rounding joined as R does. Strata are
/// ignored; late entry and weights are not provided for.
///
/// # Degenerate input
/// A group without rows gives a curve without points; a cause that nobody had, a curve at 0.
///
/// # Errors
/// [`SurvivalError::Invalid`] with every problem; [`SurvivalError::Cancelled`].
///
/// # Agrees with
/// R 4.2 cmprsk 2.2-11 `cuminc(ftime, fstatus, group)`, estimates and variances to 1e-9 relative;
/// `against_r_competing.rs`, test `cumulative_incidence_agrees_with_cuminc`.
///
/// # Reference
/// Aalen OO, Johansen S. Scand J Statist 1978;5:141. The variance: Gray RJ, as in the package cmprsk; Marubini E,
/// Valsecchi MG. Analysing Survival Data from Clinical Trials and Observational Studies, 1995, section 10.3.
pub fn cumulative_incidence(
    data: &CompetingRisks<'_>,
    tick: &mut Tick<'_>,
) -> Result<Vec<CumulativeIncidence>, SurvivalError> {
    ask(tick, 0.1)?;
    let happenings = data.happenings(true)?.pop().unwrap_or_default();
    ask(tick, 0.5)?;
    let mut curves = Vec::new();
    for (group, n_rows) in data.rows_by_group().into_iter().enumerate() {
        for cause in 1..=data.n_causes {
            let points = if n_rows == 0 { Vec::new() } else { curve(&happenings, group, cause, n_rows as f64) };
            curves.push(CumulativeIncidence { group: group as u32, cause, points });
        }
    }
    Ok(curves)
}

/// The three sums that the variance is made of: var F(t) = a - 2 F(t) b + F(t)^2 c.
#[derive(Default)]
struct Variance {
    a: f64,
    b: f64,
    c: f64,
}

impl Variance {
    /// Adds events with variance `part`, on which F depends by `own` + F(t) `later`.
    fn add(&mut self, own: f64, later: f64, part: f64) {
        self.a += own * own * part;
        self.b += own * later * part;
        self.c += later * later * part;
    }

    fn at(&self, estimate: f64) -> f64 {
        (self.a - 2.0 * estimate * self.b + estimate * estimate * self.c).max(0.0)
    }
}

fn curve(happenings: &Happenings, group: usize, cause: u32, n_rows: f64) -> Vec<IncidencePoint> {
    let mut points = vec![IncidencePoint { time: 0.0, estimate: 0.0, variance: 0.0 }];
    let (mut survival, mut estimate, mut at_risk) = (1.0, 0.0, n_rows);
    let mut variance = Variance::default();
    let mut end = 0.0;
    for here in happenings.iter().filter(|here| here.leaving(group) > 0.0) {
        let own = here.events(cause, group);
        let others = here.all_events(group) - own;
        let after = survival * (at_risk - own - others) / at_risk;
        // what one event is worth; it also takes its share of all that comes later
        let worth = |d: f64| survival * survival * for_ties(d, at_risk) * d / (at_risk * at_risk);
        estimate += survival * own / at_risk;
        let later = if after > 0.0 { 1.0 / after } else { 0.0 };
        if others > 0.0 {
            variance.add(estimate * later, later, worth(others));
        }
        if own > 0.0 {
            variance.add(1.0 + estimate * later, later, worth(own));
            let point = IncidencePoint { time: here.time, estimate, variance: variance.at(estimate) };
            // an event at time 0 leaves no start before it
            if here.time == 0.0 {
                points.clear();
            }
            points.push(point);
        }
        survival = after;
        at_risk -= here.leaving(group);
        end = here.time;
    }
    if let Some(last) = points.last().copied().filter(|last| last.time < end) {
        points.push(IncidencePoint { time: end, ..last });
    }
    points
}
