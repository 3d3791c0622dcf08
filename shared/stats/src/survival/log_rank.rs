//! Log-rank tests: do the groups' hazards differ?

use super::durations::Durations;
use super::error::SurvivalError;
use super::robust::compress;
use super::table::{EventTable, GroupTable};
use super::tabulate::tabulate;
use crate::linalg::{ALIAS_TOLERANCE, Ldl, Matrix};
use crate::special::chi2_sf;
use crate::tick::{Tick, ask};

/// How much a difference at each event time counts. n is the number at risk, S the pooled survival curve.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum LogRankWeight {
    /// 1: best where hazards are proportional.
    #[default]
    LogRank,
    /// n: early differences count more, and censoring plays in (Gehan-Breslow, generalised Wilcoxon).
    GehanBreslow,
    /// The square root of n (Tarone-Ware).
    TaroneWare,
    /// The product of 1 - d / (n + 1) up to and including the time (Peto-Peto).
    PetoPeto,
    /// S(t-)^rho (1 - S(t-))^gamma; (1, 0) is what R's `survdiff(rho = 1)` does.
    FlemingHarrington {
        /// Weight of early differences.
        rho: f64,
        /// Weight of late differences.
        gamma: f64,
    },
}

/// One group in the test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogRankGroup {
    /// The group's code.
    pub group: u32,
    /// Rows in it.
    pub n_rows: usize,
    /// Weighted number of events.
    pub observed: f64,
    /// Weighted number of events to be expected if all groups had one hazard.
    pub expected: f64,
}

/// A log-rank test.
#[derive(Debug, Clone, PartialEq)]
pub struct LogRank {
    /// The weights used.
    pub weight: LogRankWeight,
    /// Groups with rows.
    pub groups: Vec<LogRankGroup>,
    /// Covariance of observed minus expected, in the order of `groups`.
    pub variance: Matrix,
    /// The test statistic.
    pub chi2: f64,
    /// Its degrees of freedom: groups with anything expected, less one.
    pub df: usize,
    /// Its p-value.
    pub p: f64,
}

/// The K-sample log-rank test, optionally weighted and stratified.
///
/// At each event time of each stratum, d events among n at risk are expected in proportion to n(group); the statistic
/// is (O - E)' V^-1 (O - E) with the hypergeometric covariance summed over times, chi-squared with K - 1 degrees of
/// freedom.
///
/// # Data
/// Censoring, late entry, ties, strata, weights that are whole numbers (a row counted that often). Groups without
/// rows are left out; groups never at risk at an event time do not count as degrees of freedom.
///
/// # Degenerate input
/// Nobody with the event, one group only, or all events at a time when all at risk have it: typed errors.
///
/// # Errors
/// [`SurvivalError::TooFewGroups`], [`SurvivalError::NoEvents`], [`SurvivalError::NotEstimable`],
/// [`SurvivalError::FractionalWeights`], [`SurvivalError::Exponents`], [`SurvivalError::Cancelled`].
///
/// # Agrees with
/// R 4.2 survival 3.5-3 `survdiff(Surv(...) ~ g + strata(s), rho = ...)` to 1e-9 relative, test
/// `log_rank_agrees_with_survdiff` of `against_r_survival.rs`; the other weights with lifelines 0.30.3, test
/// `weighted_log_rank_agrees_with_lifelines`.
///
/// # Reference
/// Harrington DP, Fleming TR. Biometrika 1982;69:553. Klein JP, Moeschberger ML. Survival Analysis, 2nd ed. 2003,
/// chapter 7.
pub fn log_rank(table: &EventTable<'_>, weight: LogRankWeight, tick: &mut Tick<'_>) -> Result<LogRank, SurvivalError> {
    let durations = table.durations();
    if let LogRankWeight::FlemingHarrington { rho, gamma } = weight
        && !(rho.is_finite() && gamma.is_finite() && rho >= 0.0 && gamma >= 0.0)
    {
        return Err(SurvivalError::Exponents);
    }
    let present: Vec<usize> = (0..table.groups().len()).filter(|&g| table.groups()[g].n_rows() > 0).collect();
    if present.len() < 2 {
        return Err(SurvivalError::TooFewGroups(present.len()));
    }
    if durations.has_fractional_weights() {
        return Err(SurvivalError::FractionalWeights);
    }
    if !durations.event.iter().any(|&event| event) {
        return Err(SurvivalError::NoEvents);
    }
    let mut sums = Sums::new(present.len());
    match durations.strata {
        None => {
            let groups: Vec<&GroupTable> = present.iter().map(|&g| &*table.groups()[g]).collect();
            sums.add_stratum(&groups, weight, tick)?;
        }
        Some(strata) => {
            let n_groups = table.groups().len();
            let cells = stratified(durations, strata, n_groups, tick)?;
            for stratum in cells.chunks(n_groups) {
                let groups: Vec<&GroupTable> = present.iter().map(|&g| &stratum[g]).collect();
                sums.add_stratum(&groups, weight, tick)?;
            }
        }
    }
    let rows = |g: usize| table.groups()[g].n_rows();
    sums.test(weight, &present, rows)
}

/// Tables by stratum and, within it, group.
fn stratified(
    durations: &Durations<'_>,
    strata: &[u32],
    n_groups: usize,
    tick: &mut Tick<'_>,
) -> Result<Vec<GroupTable>, SurvivalError> {
    let (stratum, n_strata) = compress(strata);
    let group = |row: usize| durations.group.map_or(0, |group| group[row]);
    let cell: Vec<u32> = stratum.iter().enumerate().map(|(row, s)| s * n_groups as u32 + group(row)).collect();
    tabulate(durations, Some(&cell), n_strata * n_groups, tick)
}

struct Sums {
    observed: Vec<f64>,
    expected: Vec<f64>,
    variance: Matrix,
}

/// The pooled curves that weights are made of, before the current time.
struct Pooled {
    survival: f64,
    peto: f64,
}

impl Pooled {
    fn weight(&mut self, kind: LogRankWeight, n: f64, d: f64) -> f64 {
        match kind {
            LogRankWeight::LogRank => 1.0,
            LogRankWeight::GehanBreslow => n,
            LogRankWeight::TaroneWare => n.sqrt(),
            LogRankWeight::PetoPeto => {
                self.peto *= 1.0 - d / (n + 1.0);
                self.peto
            }
            LogRankWeight::FlemingHarrington { rho, gamma } => {
                let before = self.survival;
                self.survival *= (n - d) / n;
                before.powf(rho) * (1.0 - before).powf(gamma)
            }
        }
    }
}

/// A group and its first distinct time not yet passed, infinite at the end.
struct Cursor<'t> {
    group: &'t GroupTable,
    next: usize,
    time: f64,
}

impl<'t> Cursor<'t> {
    fn new(group: &'t GroupTable) -> Self {
        let mut cursor = Self { group, next: 0, time: f64::INFINITY };
        cursor.go_to(0);
        cursor
    }

    fn go_to(&mut self, next: usize) {
        self.next = next;
        self.time = self.group.time.get(next).copied().unwrap_or(f64::INFINITY);
    }

    fn events_at(&self, time: f64) -> f64 {
        if self.time == time { self.group.n_events.get(self.next) } else { 0.0 }
    }
}

/// A group whose rows count one each and are at risk from the start.
struct Counted<'t> {
    time: &'t [f64],
    at_risk: &'t [u32],
    events: &'t [u32],
}

impl<'t> Counted<'t> {
    fn new(group: &'t GroupTable) -> Option<Self> {
        let (at_risk, events) = (group.n_at_risk.counts()?, group.n_events.counts()?);
        group.late_entry.is_none().then_some(Self { time: &group.time, at_risk, events })
    }
}

impl Sums {
    fn new(n_groups: usize) -> Self {
        Self {
            observed: vec![0.0; n_groups],
            expected: vec![0.0; n_groups],
            variance: Matrix::zeros(n_groups, n_groups),
        }
    }

    fn add_stratum(
        &mut self,
        groups: &[&GroupTable],
        weight: LogRankWeight,
        tick: &mut Tick<'_>,
    ) -> Result<(), SurvivalError> {
        if let ([a, b], LogRankWeight::LogRank) = (groups, weight)
            && let (Some(a), Some(b)) = (Counted::new(a), Counted::new(b))
        {
            ask(tick, 0.5)?;
            self.add_two(&a, &b);
            return Ok(());
        }
        let mut cursors: Vec<Cursor<'_>> = groups.iter().map(|&group| Cursor::new(group)).collect();
        let mut at_risk = vec![0.0; groups.len()];
        let mut pooled = Pooled { survival: 1.0, peto: 1.0 };
        let n_times: usize = groups.iter().map(|g| g.time.len()).sum();
        let mut since_tick = 0usize;
        loop {
            let time = cursors.iter().fold(f64::INFINITY, |least, cursor| least.min(cursor.time));
            if time == f64::INFINITY {
                return Ok(());
            }
            since_tick += 1;
            if since_tick == 1 << 18 {
                since_tick = 0;
                let done: usize = cursors.iter().map(|cursor| cursor.next).sum();
                ask(tick, done as f64 / n_times as f64)?;
            }
            let d: f64 = cursors.iter().map(|cursor| cursor.events_at(time)).sum();
            if d > 0.0 {
                let mut n = 0.0;
                for (at_risk, cursor) in at_risk.iter_mut().zip(&cursors) {
                    *at_risk = cursor.group.n_at_risk_from(cursor.next, time);
                    n += *at_risk;
                }
                let w = pooled.weight(weight, n, d);
                for (observed, cursor) in self.observed.iter_mut().zip(&cursors) {
                    *observed += w * cursor.events_at(time);
                }
                self.add_time(&at_risk, n, d, w);
            }
            for cursor in cursors.iter_mut().filter(|cursor| cursor.time == time) {
                cursor.go_to(cursor.next + 1);
            }
        }
    }

    /// Two groups of rows counted once each, unweighted test: the usual case, without a branch a time.
    fn add_two(&mut self, a: &Counted<'_>, b: &Counted<'_>) {
        let (mut i, mut j) = (0, 0);
        let (mut expected, mut variance) = ([0.0; 2], 0.0);
        while i < a.time.len() && j < b.time.len() {
            let (at_a, at_b) = (a.time[i] <= b.time[j], b.time[j] <= a.time[i]);
            let events_of = |at: bool, events: u32| if at { events } else { 0 };
            let d = f64::from(events_of(at_a, a.events[i]) + events_of(at_b, b.events[j]));
            let (risk_a, risk_b) = (f64::from(a.at_risk[i]), f64::from(b.at_risk[j]));
            // one of each group is at risk here, so n - 1 is at least 1
            let n = risk_a + risk_b;
            let each = d / (n * (n - 1.0));
            expected[0] += each * (n - 1.0) * risk_a;
            expected[1] += each * (n - 1.0) * risk_b;
            variance += each * (n - d) * (risk_a / n) * risk_b;
            i += usize::from(at_a);
            j += usize::from(at_b);
        }
        // where one group is left, its events are what is expected
        for (group, (counted, next)) in [(a, i), (b, j)].into_iter().enumerate() {
            let rest: u64 = counted.events[next..].iter().map(|&d| u64::from(d)).sum();
            self.observed[group] += counted.events.iter().map(|&d| u64::from(d)).sum::<u64>() as f64;
            self.expected[group] += expected[group] + rest as f64;
            self.variance[(group, group)] += variance;
            self.variance[(group, 1 - group)] -= variance;
        }
    }

    fn add_time(&mut self, at_risk: &[f64], n: f64, d: f64, weight: f64) {
        let share = 1.0 / n;
        for (expected, risk) in self.expected.iter_mut().zip(at_risk) {
            *expected += weight * d * share * risk;
        }
        if n <= 1.0 {
            return;
        }
        let scale = weight * weight * d * (n - d) * share / (n - 1.0);
        for (a, risk) in at_risk.iter().enumerate() {
            let part = scale * risk;
            let row = self.variance.row_mut(a);
            row[a] += part;
            for (sum, risk) in row.iter_mut().zip(at_risk) {
                *sum -= part * share * risk;
            }
        }
    }

    fn test(
        self,
        weight: LogRankWeight,
        present: &[usize],
        n_rows: impl Fn(usize) -> usize,
    ) -> Result<LogRank, SurvivalError> {
        let exposed: Vec<usize> = (0..present.len()).filter(|&g| self.expected[g] > 0.0).collect();
        if exposed.len() < 2 {
            return Err(SurvivalError::NotEstimable(
                "at every event time only one group was at risk, so there is nothing to compare",
            ));
        }
        // one group is redundant: the differences add up to zero
        let tested = &exposed[1..];
        let difference: Vec<f64> = tested.iter().map(|&g| self.observed[g] - self.expected[g]).collect();
        let ldl = Ldl::factor(&self.variance.select(tested), ALIAS_TOLERANCE);
        if ldl.rank() < tested.len() {
            return Err(SurvivalError::NotEstimable(
                "the groups cannot be told apart at any event time, for instance because everybody at risk had \
                 the event at the same time",
            ));
        }
        let chi2 = ldl.quadratic_form(&difference);
        Ok(LogRank {
            weight,
            groups: present
                .iter()
                .enumerate()
                .map(|(i, &g)| LogRankGroup {
                    group: g as u32,
                    n_rows: n_rows(g),
                    observed: self.observed[i],
                    expected: self.expected[i],
                })
                .collect(),
            variance: self.variance,
            chi2,
            df: tested.len(),
            p: chi2_sf(chi2, tested.len() as f64),
        })
    }
}
