//! Concordance: of two subjects whose order of events is known, does the one with the higher risk have it first?

use super::design::{CoxModel, Stratum};
use super::error::CoxError;
use super::fit::CoxFit;
use super::kernel::dot;
use crate::order;
use crate::survival::cluster_codes;
use crate::tick::{Tick, ask};

/// Harrell's concordance of a fit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Concordance {
    /// The share of concordant pairs, pairs tied on risk counting half; 0.5 is chance.
    pub value: f64,
    /// Its infinitesimal-jackknife standard error, over clusters if there are any.
    pub std_err: f64,
    /// Weighted number of pairs where the higher risk has the event first.
    pub n_concordant: f64,
    /// Weighted number of pairs where the lower risk has it first.
    pub n_discordant: f64,
    /// Weighted number of pairs of equal risk.
    pub n_tied_risk: f64,
}

/// The concordance of predicted risks with observed order.
///
/// A pair counts if one has the event while the other is at risk and goes on beyond it, in the same stratum; two
/// events at one time do not count. C = (concordant + tied / 2) / all.
///
/// # Data
/// As the fit: late entry, strata, weights (a pair counts the product), clusters.
///
/// # Degenerate input
/// None without a single comparable pair.
///
/// # Errors
/// [`CoxError::OtherModel`] if the fit is not of this model, [`CoxError::Cancelled`].
///
/// # Agrees with
/// R 4.2 survival 3.5-3 `summary(coxph(...))$concordance` to 1e-8 relative; `against_r_survival.rs`, test
/// `cox_agrees_with_coxph`.
///
/// # Reference
/// Harrell FE et al. JAMA 1982;247:2543. Therneau TM, Watson DA. The concordance statistic and the Cox model, 2017.
pub fn concordance(model: &CoxModel<'_>, fit: &CoxFit, tick: &mut Tick<'_>) -> Result<Option<Concordance>, CoxError> {
    if fit.beta.len() != model.width || fit.coefficients.len() != model.n_covariates {
        return Err(CoxError::OtherModel);
    }
    let mut pairs = vec![Pairs::default(); model.n_rows()];
    let n_strata = model.plan.strata.len();
    for (k, stratum) in model.plan.strata.iter().enumerate() {
        ask(tick, k as f64 / n_strata as f64)?;
        count_pairs(model, fit, stratum, &mut pairs);
    }
    Ok(summarise(model, &pairs))
}

/// Weight of the partners of a row: those with whom it is concordant, discordant, tied.
#[derive(Debug, Clone, Copy, Default)]
struct Pairs {
    concordant: f64,
    discordant: f64,
    tied: f64,
    /// Concordant, discordant and tied pairs in which this row has the event first.
    first: [f64; 3],
}

/// Sums of weights by rank of risk, with prefix sums in logarithmic time (Fenwick).
struct RankTree {
    sums: Vec<f64>,
    at: Vec<f64>,
    total: f64,
}

impl RankTree {
    fn new(n_ranks: usize) -> Self {
        Self { sums: vec![0.0; n_ranks + 1], at: vec![0.0; n_ranks], total: 0.0 }
    }

    fn clear(&mut self) {
        self.sums.fill(0.0);
        self.at.fill(0.0);
        self.total = 0.0;
    }

    fn add(&mut self, rank: u32, weight: f64) {
        self.total += weight;
        self.at[rank as usize] += weight;
        let mut i = rank as usize + 1;
        while i < self.sums.len() {
            self.sums[i] += weight;
            i += i & i.wrapping_neg();
        }
    }

    /// Weight below, at and above a rank.
    fn around(&self, rank: u32) -> [f64; 3] {
        let mut below = 0.0;
        let mut i = rank as usize;
        while i > 0 {
            below += self.sums[i];
            i &= i - 1;
        }
        let at = self.at[rank as usize];
        [below, at, self.total - below - at]
    }
}

fn count_pairs(model: &CoxModel<'_>, fit: &CoxFit, stratum: &Stratum, pairs: &mut [Pairs]) {
    let plan = &model.plan;
    let offset = stratum.rows.start;
    let risk: Vec<f64> = stratum.rows.clone().map(|i| dot(model.row(i), &fit.beta)).collect();
    let (rank, n_ranks) = ranks(&risk);
    let rank_of = |i: usize| rank[i - offset];
    let mut tree = RankTree::new(n_ranks);

    // backwards: whom does each event outlive or precede among those who go on?
    let mut n_at_risk = 0usize;
    for s in stratum.segments.clone().rev() {
        let segment = &plan.segments[s];
        if let Some(entry) = plan.entry.as_ref().filter(|_| s + 1 < stratum.segments.end) {
            for &row in entry.entering(s + 1) {
                tree.add(rank_of(row as usize), -model.weight_of(row as usize));
                n_at_risk -= 1;
            }
            if n_at_risk == 0 {
                tree.clear();
            }
        }
        for i in segment.censored().filter(|&i| plan.is_at_risk(i, s)) {
            tree.add(rank_of(i), model.weight_of(i));
            n_at_risk += 1;
        }
        for i in segment.events() {
            let [below, tied, above] = tree.around(rank_of(i));
            pairs[i].first = [below, above, tied];
            pairs[i].concordant += below;
            pairs[i].discordant += above;
            pairs[i].tied += tied;
        }
        for i in segment.events() {
            tree.add(rank_of(i), model.weight_of(i));
            n_at_risk += 1;
        }
    }

    // forwards: which events happened while each was at risk and went on?
    tree.clear();
    for s in stratum.segments.clone() {
        let segment = &plan.segments[s];
        if let Some(entry) = &plan.entry {
            for &row in entry.entering(s) {
                count_events(&mut pairs[row as usize], tree.around(rank_of(row as usize)), -1.0);
            }
        }
        for i in segment.events() {
            count_events(&mut pairs[i], tree.around(rank_of(i)), 1.0);
        }
        for i in segment.events() {
            tree.add(rank_of(i), model.weight_of(i));
        }
        for i in segment.censored().filter(|&i| plan.is_at_risk(i, s)) {
            count_events(&mut pairs[i], tree.around(rank_of(i)), 1.0);
        }
    }
}

/// Counts pairs with earlier events, given their weight below, at and above the row's risk.
fn count_events(pairs: &mut Pairs, [below, tied, above]: [f64; 3], sign: f64) {
    pairs.concordant += sign * above;
    pairs.discordant += sign * below;
    pairs.tied += sign * tied;
}

/// Dense ranks, equal values sharing one.
fn ranks(values: &[f64]) -> (Vec<u32>, usize) {
    let mut rank = vec![0; values.len()];
    let mut current = 0u32;
    let mut previous = None;
    for key in order::sorted(values) {
        let value = key.value();
        if previous.is_some_and(|previous| previous != value) {
            current += 1;
        }
        previous = Some(value);
        rank[key.row()] = current;
    }
    (rank, current as usize + 1)
}

fn summarise(model: &CoxModel<'_>, pairs: &[Pairs]) -> Option<Concordance> {
    let mut counts = [0.0; 3];
    for (i, pairs) in pairs.iter().enumerate() {
        for (count, first) in counts.iter_mut().zip(pairs.first) {
            *count += model.weight_of(i) * first;
        }
    }
    let [concordant, discordant, tied] = counts;
    let total = concordant + discordant + tied;
    if total <= 0.0 {
        return None;
    }
    let somers = (concordant - discordant) / total;
    let influence = |i: usize, pairs: &Pairs| {
        let net = pairs.concordant - pairs.discordant;
        let all = pairs.concordant + pairs.discordant + pairs.tied;
        model.weight_of(i) * (net - somers * all) / total
    };
    let variance: f64 = if model.data.durations.cluster.is_some() {
        let (cluster, n_clusters) = cluster_codes(&model.data.durations);
        let mut sums = vec![0.0; n_clusters];
        for (i, pairs) in pairs.iter().enumerate() {
            sums[cluster[model.plan.rows[i] as usize] as usize] += influence(i, pairs);
        }
        sums.iter().map(|sum| sum * sum).sum()
    } else {
        pairs.iter().enumerate().map(|(i, pairs)| influence(i, pairs).powi(2)).sum()
    };
    Some(Concordance {
        value: (somers + 1.0) / 2.0,
        std_err: variance.sqrt() / 2.0,
        n_concordant: concordant,
        n_discordant: discordant,
        n_tied_risk: tied,
    })
}
