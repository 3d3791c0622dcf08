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

/// Where a row stands when risks are sorted: its own slot, and those of all rows of the same risk.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    slot: u32,
    first: u32,
    end: u32,
}

/// Weight at risk by slot of risk, with sums over all slots below in logarithmic time (Fenwick).
enum RankTree {
    /// Rows of weight 1: a bit each, and the tree over words of 64, which stays near the processor.
    Rows { words: Vec<u64>, sums: Vec<u32>, total: u32 },
    /// Any weights; rows of one risk share the first of their slots.
    Weights { at: Vec<f64>, sums: Vec<f64>, total: f64 },
}

impl RankTree {
    fn new(n_rows: usize, weighted: bool) -> Self {
        if weighted {
            return Self::Weights { at: vec![0.0; n_rows], sums: vec![0.0; n_rows + 1], total: 0.0 };
        }
        let n_words = n_rows / 64 + 1;
        Self::Rows { words: vec![0; n_words], sums: vec![0; n_words + 1], total: 0 }
    }

    fn clear(&mut self) {
        match self {
            Self::Rows { words, sums, total } => {
                words.fill(0);
                sums.fill(0);
                *total = 0;
            }
            Self::Weights { at, sums, total } => {
                at.fill(0.0);
                sums.fill(0.0);
                *total = 0.0;
            }
        }
    }

    /// A row comes (weight above 0) or goes (below).
    fn add(&mut self, place: Place, weight: f64) {
        match self {
            Self::Rows { words, sums, total } => {
                words[place.slot as usize / 64] ^= 1 << (place.slot % 64);
                // going is adding the greatest number there is, which wraps around
                let one = if weight > 0.0 { 1 } else { u32::MAX };
                *total = total.wrapping_add(one);
                let mut i = place.slot as usize / 64 + 1;
                while i < sums.len() {
                    sums[i] = sums[i].wrapping_add(one);
                    i += i & i.wrapping_neg();
                }
            }
            Self::Weights { at, sums, total } => {
                *total += weight;
                at[place.first as usize] += weight;
                let mut i = place.first as usize + 1;
                while i < sums.len() {
                    sums[i] += weight;
                    i += i & i.wrapping_neg();
                }
            }
        }
    }

    /// Weight below, at and above a row's risk.
    fn around(&self, place: Place) -> [f64; 3] {
        match self {
            Self::Rows { words, sums, total } => {
                let below = rows_before(words, sums, place.first);
                let until = if place.end == place.first + 1 {
                    below + (words[place.first as usize / 64] >> (place.first % 64) & 1) as u32
                } else {
                    rows_before(words, sums, place.end)
                };
                [f64::from(below), f64::from(until - below), f64::from(total - until)]
            }
            Self::Weights { at, sums, total } => {
                let mut below = 0.0;
                let mut i = place.first as usize;
                while i > 0 {
                    below += sums[i];
                    i &= i - 1;
                }
                let at = at[place.first as usize];
                [below, at, total - below - at]
            }
        }
    }
}

fn rows_before(words: &[u64], sums: &[u32], slot: u32) -> u32 {
    let word = slot as usize / 64;
    let mut before = (words[word] & ((1 << (slot % 64)) - 1)).count_ones();
    let mut i = word;
    while i > 0 {
        before += sums[i];
        i &= i - 1;
    }
    before
}

fn count_pairs(model: &CoxModel<'_>, fit: &CoxFit, stratum: &Stratum, pairs: &mut [Pairs]) {
    let plan = &model.plan;
    let offset = stratum.rows.start;
    let risk: Vec<f64> = stratum.rows.clone().map(|i| dot(model.row(i), &fit.beta)).collect();
    let places = places(&risk);
    let place_of = |i: usize| places[i - offset];
    let mut tree = RankTree::new(risk.len(), model.weight.is_some());

    // backwards: whom does each event outlive or precede among those who go on?
    let mut n_at_risk = 0usize;
    for s in stratum.segments.clone().rev() {
        let segment = &plan.segments[s];
        if let Some(entry) = plan.entry.as_ref().filter(|_| s + 1 < stratum.segments.end) {
            for &row in entry.entering(s + 1) {
                tree.add(place_of(row as usize), -model.weight_of(row as usize));
                n_at_risk -= 1;
            }
            if n_at_risk == 0 {
                tree.clear();
            }
        }
        for i in segment.censored().filter(|&i| plan.is_at_risk(i, s)) {
            tree.add(place_of(i), model.weight_of(i));
            n_at_risk += 1;
        }
        for i in segment.events() {
            let [below, tied, above] = tree.around(place_of(i));
            pairs[i].first = [below, above, tied];
            pairs[i].concordant += below;
            pairs[i].discordant += above;
            pairs[i].tied += tied;
        }
        for i in segment.events() {
            tree.add(place_of(i), model.weight_of(i));
            n_at_risk += 1;
        }
    }

    // forwards: which events happened while each was at risk and went on?
    tree.clear();
    for s in stratum.segments.clone() {
        let segment = &plan.segments[s];
        if let Some(entry) = &plan.entry {
            for &row in entry.entering(s) {
                count_events(&mut pairs[row as usize], tree.around(place_of(row as usize)), -1.0);
            }
        }
        for i in segment.events() {
            count_events(&mut pairs[i], tree.around(place_of(i)), 1.0);
        }
        for i in segment.events() {
            tree.add(place_of(i), model.weight_of(i));
        }
        for i in segment.censored().filter(|&i| plan.is_at_risk(i, s)) {
            count_events(&mut pairs[i], tree.around(place_of(i)), 1.0);
        }
    }
}

/// Counts pairs with earlier events, given their weight below, at and above the row's risk.
fn count_events(pairs: &mut Pairs, [below, tied, above]: [f64; 3], sign: f64) {
    pairs.concordant += sign * above;
    pairs.discordant += sign * below;
    pairs.tied += sign * tied;
}

/// Where each value stands among all in ascending order.
fn places(values: &[f64]) -> Vec<Place> {
    let mut places = vec![Place::default(); values.len()];
    let mut first = 0u32;
    for run in order::sorted(values).chunk_by(|a, b| a.value() == b.value()) {
        let end = first + run.len() as u32;
        for (slot, key) in (first..end).zip(run) {
            places[key.row()] = Place { slot, first, end };
        }
        first = end;
    }
    places
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows counted as bits and as weights of 1 give the same sums as adding up does, with and without ties.
    #[test]
    fn both_trees_agree_with_adding_up() {
        for n_levels in [7, 1000] {
            let risks: Vec<f64> = (0..300u32).map(|i| f64::from(i * 7919 % n_levels)).collect();
            let places = places(&risks);
            let mut trees = [RankTree::new(risks.len(), false), RankTree::new(risks.len(), true)];
            let mut inside: Vec<usize> = Vec::new();
            for i in 0..risks.len() {
                trees.iter_mut().for_each(|tree| tree.add(places[i], 1.0));
                inside.push(i);
                if i % 3 == 2 {
                    let gone = inside.swap_remove(i / 3);
                    trees.iter_mut().for_each(|tree| tree.add(places[gone], -1.0));
                }
                let asked = i * 13 % risks.len();
                let count = |holds: fn(&f64, &f64) -> bool| {
                    inside.iter().filter(|&&row| holds(&risks[row], &risks[asked])).count() as f64
                };
                let want = [count(f64::lt), count(f64::eq), count(f64::gt)];
                for tree in &trees {
                    assert_eq!(tree.around(places[asked]), want, "{n_levels} levels, {i} rows");
                }
            }
            trees.iter_mut().for_each(RankTree::clear);
            assert!(trees.iter().all(|tree| tree.around(places[0]) == [0.0; 3]));
        }
    }
}
