//! The partial likelihood with its first two derivatives, at given coefficients.
//!
//! With r = w exp(x b) and D the sum of r over a risk set, the information is the sum over event times of
//! (sum of r x x') / D - xbar xbar'. The first part is not kept as a running matrix: summed over time, each row's
//! x x' counts r times the cumulative hazard it lived through, so one pass over rows gives it, at the price of one
//! outer product a row instead of one matrix a distinct time.
//!
//! Efron's treatment of d tied events takes, for k = 0 .. d - 1, D_k = D - (k / d) D(events); everything needed of the
//! k is five sums of scalars ([`RiskSet`]).

use super::design::{CoxModel, Plan};
use super::kernel::{Gram, add_scaled, dot};
use super::settings::Ties;
use crate::linalg::Matrix;

/// Variances below this fraction of the sums they are the difference of are rounding.
const NO_INFORMATION: f64 = 1e-13;

/// The scalars of a risk set at an event time; m is the mean weight of the events, f = k / d.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct RiskSet {
    /// Sum of m / D_k: the hazard increment.
    pub(crate) hazard: f64,
    /// Sum of m f / D_k.
    pub(crate) hazard_f: f64,
    /// Sum of m / D_k^2.
    pub(crate) square: f64,
    /// Sum of m f / D_k^2.
    pub(crate) square_f: f64,
    /// Sum of m f^2 / D_k^2.
    pub(crate) square_ff: f64,
    /// Sum of m log D_k.
    pub(crate) log: f64,
}

impl RiskSet {
    fn new(ties: Ties, n_events: u32, event_weight: f64, sum: f64, event_sum: f64) -> Self {
        if ties == Ties::Breslow || n_events == 1 {
            let hazard = event_weight / sum;
            return Self { hazard, square: hazard / sum, log: event_weight * sum.ln(), ..Self::default() };
        }
        let n = f64::from(n_events);
        let m = event_weight / n;
        let mut set = Self::default();
        for k in 0..n_events {
            let f = f64::from(k) / n;
            let denominator = sum - f * event_sum;
            let hazard = m / denominator;
            let square = hazard / denominator;
            set.hazard += hazard;
            set.hazard_f += hazard * f;
            set.square += square;
            set.square_f += square * f;
            set.square_ff += square * f * f;
            set.log += m * denominator.ln();
        }
        set
    }

    /// The hazard increment for those who have the event at this time: they leave one by one.
    pub(crate) fn hazard_of_events(&self) -> f64 {
        self.hazard - self.hazard_f
    }
}

/// Weighted sums of covariates over a risk set: of all, and of those with the event where they are several (else 0,
/// since a single event has no ties to share).
#[derive(Debug, Clone)]
pub(crate) struct Sums<'s> {
    pub(crate) all: &'s [f64],
    pub(crate) events: &'s [f64],
}

/// Goes through all risk sets, backwards in time within each stratum; fills `risk` with w exp(x b) of each row.
pub(crate) fn sweep(
    model: &CoxModel<'_>,
    beta: &[f64],
    risk: &mut [f64],
    mut visit: impl FnMut(usize, &RiskSet, Sums<'_>),
) {
    let plan = &model.plan;
    let mut all = vec![0.0; model.width];
    let mut of_events = vec![0.0; model.width];
    for stratum in &plan.strata {
        let (mut sum, mut n_at_risk) = (0.0, 0usize);
        all.fill(0.0);
        for s in stratum.segments.clone().rev() {
            let segment = &plan.segments[s];
            if let Some(entry) = plan.entry.as_ref().filter(|_| s + 1 < stratum.segments.end) {
                for &row in entry.entering(s + 1) {
                    n_at_risk -= 1;
                    sum -= risk[row as usize];
                    add_scaled(&mut all, -risk[row as usize], model.row(row as usize));
                }
                if n_at_risk == 0 {
                    sum = 0.0;
                    all.fill(0.0);
                }
            }
            for i in segment.censored().filter(|&i| plan.is_at_risk(i, s)) {
                risk[i] = model.weight_of(i) * dot(model.row(i), beta).exp();
                sum += risk[i];
                add_scaled(&mut all, risk[i], model.row(i));
                n_at_risk += 1;
            }
            let mut event_sum = 0.0;
            of_events.fill(0.0);
            for i in segment.events() {
                risk[i] = model.weight_of(i) * dot(model.row(i), beta).exp();
                event_sum += risk[i];
                add_scaled(if segment.n_events == 1 { &mut all } else { &mut of_events }, risk[i], model.row(i));
            }
            n_at_risk += segment.n_events as usize;
            sum += event_sum;
            if segment.n_events > 1 {
                add_scaled(&mut all, 1.0, &of_events);
            }
            let ties = model.settings.ties;
            let set = RiskSet::new(ties, segment.n_events, segment.event_weight, sum, event_sum);
            visit(s, &set, Sums { all: &all, events: &of_events });
        }
    }
}

/// The log likelihood, its gradient and its negative second derivatives.
#[derive(Debug, Clone)]
pub(crate) struct Evaluation {
    pub(crate) log_likelihood: f64,
    pub(crate) score: Vec<f64>,
    pub(crate) information: Matrix,
    /// Pivots of the information below these are rounding.
    pub(crate) rounding: Vec<f64>,
}

impl Evaluation {
    pub(crate) fn is_finite(&self) -> bool {
        self.log_likelihood.is_finite()
            && self.score.iter().all(|u| u.is_finite())
            && self.information.as_slice().iter().all(|v| v.is_finite())
    }
}

/// Room for one evaluation after the other.
#[derive(Debug)]
pub(crate) struct Evaluator {
    risk: Vec<f64>,
    hazards: Vec<[f64; 2]>,
    gram: Gram,
    scratch: Vec<f64>,
}

impl Evaluator {
    pub(crate) fn new(model: &CoxModel<'_>) -> Self {
        Self {
            risk: vec![0.0; model.n_rows()],
            hazards: vec![[0.0; 2]; model.plan.segments.len()],
            gram: Gram::new(model.width),
            scratch: vec![0.0; model.width],
        }
    }

    /// Evaluates at `beta`, on the standardised scale and padded.
    pub(crate) fn evaluate(&mut self, model: &CoxModel<'_>, beta: &[f64]) -> Evaluation {
        let mut log_likelihood = dot(&model.event_sum, beta);
        let mut score = model.event_sum.clone();
        let Self { risk, hazards, gram, scratch } = self;
        gram.clear();
        let mut removed = vec![0.0; model.width];
        sweep(model, beta, risk, |s, set, sums| {
            log_likelihood -= set.log;
            add_scaled(&mut score, -set.hazard, sums.all);
            hazards[s] = [set.hazard, set.hazard_of_events()];
            subtract_means(gram, scratch, set, &sums, 1.0);
            if set.hazard_f == 0.0 {
                for (removed, a) in removed.iter_mut().zip(sums.all) {
                    *removed += set.square * a * a;
                }
                return;
            }
            add_scaled(&mut score, set.hazard_f, sums.events);
            for ((removed, a), b) in removed.iter_mut().zip(sums.all).zip(sums.events) {
                *removed += set.square * a * a - set.square_f * 2.0 * a * b + set.square_ff * b * b;
            }
        });
        let mut cumulative = vec![0.0; model.plan.segments.len()];
        lived_through(&model.plan, hazards, &mut cumulative, risk);
        gram.add_rows(risk, &model.x);
        gram.finish();
        let p = model.n_covariates;
        score.truncate(p);
        let information = Matrix::from_fn(p, p, |row, col| gram.at(row, col));
        // what rounding left of a difference of equal sums is no information
        let rounding = removed[..p].iter().map(|sum| NO_INFORMATION * sum).collect();
        Evaluation { log_likelihood, score, information, rounding }
    }
}

/// Subtracts `factor` times the sum over k of m xbar_k xbar_k' as at most two outer products.
pub(crate) fn subtract_means(gram: &mut Gram, scratch: &mut [f64], set: &RiskSet, sums: &Sums<'_>, factor: f64) {
    if set.square_f == 0.0 {
        gram.add(-factor * set.square, sums.all);
        return;
    }
    // q0 aa' - q1 (ab' + ba') + q2 bb' = q0 (a - cb)(a - cb)' + (q2 - c q1) bb' with c = q1 / q0
    let c = set.square_f / set.square;
    scratch.copy_from_slice(sums.all);
    add_scaled(scratch, -c, sums.events);
    gram.add(-factor * set.square, scratch);
    gram.add(-factor * (set.square_ff - c * set.square_f), sums.events);
}

/// Multiplies each row's value with the cumulative hazard it was at risk for.
///
/// `hazards` holds for each segment the increment for those at risk and for those with the event.
pub(crate) fn lived_through(plan: &Plan, hazards: &[[f64; 2]], cumulative: &mut [f64], values: &mut [f64]) {
    for stratum in &plan.strata {
        let mut sum = 0.0;
        let first = plan.segments.get(stratum.segments.start).filter(|_| !stratum.segments.is_empty());
        let early_end = first.map_or(stratum.rows.end, |segment| segment.start as usize);
        values[stratum.rows.start..early_end].fill(0.0);
        for s in stratum.segments.clone() {
            let segment = &plan.segments[s];
            let [all, events] = hazards[s];
            let for_events = sum + events;
            sum += all;
            cumulative[s] = sum;
            match &plan.entry {
                None => {
                    for value in &mut values[segment.events()] {
                        *value *= for_events;
                    }
                    for value in &mut values[segment.censored()] {
                        *value *= sum;
                    }
                }
                Some(entry) => {
                    for i in segment.all() {
                        let first = entry.first_segment[i] as usize;
                        let before =
                            if first > stratum.segments.start && first <= s { cumulative[first - 1] } else { 0.0 };
                        let until = if segment.events().contains(&i) { for_events } else { sum };
                        values[i] = if first <= s { values[i] * (until - before) } else { 0.0 };
                    }
                }
            }
        }
    }
}

/// All risk sets at given coefficients, kept for residuals and diagnostics.
#[derive(Debug)]
pub(crate) struct RiskSets {
    pub(crate) risk: Vec<f64>,
    pub(crate) sets: Vec<RiskSet>,
    width: usize,
    all: Vec<f64>,
    events: Vec<f64>,
}

impl RiskSets {
    pub(crate) fn new(model: &CoxModel<'_>, beta: &[f64]) -> Self {
        let n_segments = model.plan.segments.len();
        let width = model.width;
        let mut kept = Self {
            risk: Vec::new(),
            sets: vec![RiskSet::default(); n_segments],
            width,
            all: vec![0.0; n_segments * width],
            events: vec![0.0; n_segments * width],
        };
        let mut risk = vec![0.0; model.n_rows()];
        sweep(model, beta, &mut risk, |s, set, sums| {
            kept.sets[s] = *set;
            kept.all[s * width..(s + 1) * width].copy_from_slice(sums.all);
            kept.events[s * width..(s + 1) * width].copy_from_slice(sums.events);
        });
        kept.risk = risk;
        kept
    }

    pub(crate) fn sums(&self, s: usize) -> Sums<'_> {
        let range = s * self.width..(s + 1) * self.width;
        Sums { all: &self.all[range.clone()], events: &self.events[range] }
    }

    /// Mean covariates of the risk set, averaged over k, into `mean`.
    pub(crate) fn mean(&self, model: &CoxModel<'_>, s: usize, mean: &mut [f64]) {
        let (set, sums) = (&self.sets[s], self.sums(s));
        let weight = model.plan.segments[s].event_weight;
        mean.fill(0.0);
        add_scaled(mean, set.hazard / weight, sums.all);
        add_scaled(mean, -set.hazard_f / weight, sums.events);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cox::{CoxData, CoxSettings};
    use crate::survival::Durations;
    use crate::tick::never;

    /// Score and information are the derivatives of the log likelihood, whatever the data.
    #[test]
    fn derivatives_agree_with_finite_differences() {
        let n = 60usize;
        let column = |a: usize, b: usize| -> Vec<f64> {
            (0..n).map(|i| ((i * a + 3) % b) as f64 / b as f64 * 2.0 - 1.0).collect()
        };
        let time: Vec<f64> = (0..n).map(|i| ((i * 37) % 17 + 2) as f64).collect();
        let entry: Vec<f64> = time.iter().enumerate().map(|(i, t)| (t * (i % 4) as f64 / 5.0).floor()).collect();
        let event: Vec<bool> = (0..n).map(|i| i % 3 != 0).collect();
        let weight: Vec<f64> = (0..n).map(|i| 0.5 + (i % 5) as f64 / 3.0).collect();
        let strata: Vec<u32> = (0..n).map(|i| (i % 2) as u32).collect();
        let x = [column(7, 11), column(13, 19), column(5, 6)];
        let covariates: Vec<&[f64]> = x.iter().map(Vec::as_slice).collect();
        let plain = Durations::new(&time, &event);
        let full = Durations { entry: Some(&entry), weight: Some(&weight), strata: Some(&strata), ..plain };
        for durations in [plain, full] {
            for ties in [Ties::Efron, Ties::Breslow] {
                let data = CoxData { durations, covariates: &covariates };
                let settings = CoxSettings { ties, ..CoxSettings::default() };
                let model = CoxModel::new(&data, &settings, &mut never).unwrap();
                let mut evaluator = Evaluator::new(&model);
                let beta = [0.3, -0.2, 0.1, 0.0];
                let here = evaluator.evaluate(&model, &beta);
                let h = 1e-5;
                for j in 0..3 {
                    let mut at = |step: f64| {
                        let mut moved = beta;
                        moved[j] += step;
                        evaluator.evaluate(&model, &moved)
                    };
                    let (low, high) = (at(-h), at(h));
                    let slope = (high.log_likelihood - low.log_likelihood) / (2.0 * h);
                    assert!((slope - here.score[j]).abs() < 1e-6 * (1.0 + slope.abs()));
                    for k in 0..3 {
                        let slope = -(high.score[k] - low.score[k]) / (2.0 * h);
                        let got = here.information[(j, k)];
                        assert!((slope - got).abs() < 1e-6 * (1.0 + slope.abs()), "{slope} {got}");
                    }
                }
            }
        }
    }
}
