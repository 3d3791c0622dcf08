//! Nearest-neighbour matching on a distance, without replacement.

use crate::describe::Moments;
use crate::order;

/// How persons are matched; unchecked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MatchSettings {
    /// Most comparators for each treated person.
    pub ratio: u32,
    /// Largest distance allowed, in standard deviations of the distance over all persons; none: no limit.
    pub caliper: Option<f64>,
}

impl Default for MatchSettings {
    fn default() -> Self {
        Self { ratio: 1, caliper: Some(0.2) }
    }
}

/// Why nobody was matched.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum MatchError {
    /// Distances and treatment differ in length.
    #[error("there are {distances} distances for {treated} persons: pass one a person")]
    LengthMismatch {
        /// Number of distances.
        distances: usize,
        /// Number of persons.
        treated: usize,
    },
    /// A distance that is no number.
    #[error("person {} has no distance: leave out persons without one", row + 1)]
    NotFinite {
        /// The row, from 0.
        row: usize,
    },
    /// A ratio of 0.
    #[error("the ratio is the number of comparators for each treated person: 1 or more")]
    Ratio,
    /// A caliper that is not above 0.
    #[error("the caliper is {0} standard deviations; give a number above 0")]
    Caliper(f64),
    /// One of the groups is empty.
    #[error("one of the two groups is empty, so nobody can be matched: choose cohorts that both have persons")]
    EmptyGroup,
}

/// Who was matched with whom.
#[derive(Debug, Clone, PartialEq)]
pub struct Matches {
    /// For each matched treated row, in row order: the row, then its comparators in the order they were found.
    pub sets: Vec<Vec<u32>>,
    /// The largest difference allowed, in units of the distance.
    pub caliper_width: Option<f64>,
}

impl Matches {
    /// A weight a person: 1 for the matched treated, 1 / k for each of the k comparators of one, 0 for the others.
    pub fn weights(&self, n_rows: usize) -> Vec<f64> {
        let mut weights = vec![0.0; n_rows];
        for set in &self.sets {
            let share = 1.0 / (set.len() - 1) as f64;
            for (place, &row) in set.iter().enumerate() {
                weights[row as usize] = if place == 0 { 1.0 } else { share };
            }
        }
        weights
    }

    /// The number of comparators that were matched.
    pub fn n_comparators(&self) -> usize {
        self.sets.iter().map(|set| set.len() - 1).sum()
    }
}

/// Greedy nearest-neighbour matching without replacement.
///
/// The treated are gone through from the largest distance measure to the smallest (the hardest to match first); each
/// takes the nearest comparator that is still free and within the caliper. With a ratio of k this is done k times, so
/// that everybody has a first comparator before anybody has a second.
///
/// # Data
/// One distance measure a person (the logit of the propensity score), finite. Of treated with equal measures the one
/// whose row comes first goes first; of two comparators equally near the one with the larger measure is taken.
///
/// # Degenerate input
/// Where all measures are equal the caliper has no width and all are within it.
///
/// # Errors
/// [`MatchError`].
///
/// # Agrees with
/// R 4.2 `MatchIt` 4.7.2 `matchit(method = "nearest", caliper, ratio)` in numbers matched, distances and balance;
/// which of equally distant persons are taken differs between its versions too. `against_shared_matching.rs`.
///
/// # Reference
/// Rosenbaum PR, Rubin DB. Am Stat 1985;39:33. The caliper: Austin PC. Pharm Stat 2011;10:150.
pub fn nearest_neighbours(distance: &[f64], treated: &[bool], settings: &MatchSettings) -> Result<Matches, MatchError> {
    check(distance, treated, settings)?;
    let caliper_width = settings.caliper.map(|caliper| caliper * standard_deviation(distance));
    let group = |wanted: bool| -> Vec<u32> {
        let order = order::sorted(distance);
        order.iter().map(|key| key.row() as u32).filter(|&row| treated[row as usize] == wanted).collect()
    };
    let mut hardest_first = group(true);
    hardest_first.sort_by(|&a, &b| distance[b as usize].total_cmp(&distance[a as usize]).then(a.cmp(&b)));
    let mut free = Free::new(group(false), distance);
    let mut sets: Vec<Vec<u32>> = hardest_first.iter().map(|&row| vec![row]).collect();
    for _ in 0..settings.ratio {
        if free.is_empty() {
            break;
        }
        for set in &mut sets {
            let here = distance[set[0] as usize];
            if let Some(place) = free
                .nearest(here)
                .filter(|&place| caliper_width.is_none_or(|width| (free.distance(place) - here).abs() <= width))
            {
                set.push(free.take(place));
            }
        }
    }
    sets.retain(|set| set.len() > 1);
    sets.sort_unstable_by_key(|set| set[0]);
    Ok(Matches { sets, caliper_width })
}

fn check(distance: &[f64], treated: &[bool], settings: &MatchSettings) -> Result<(), MatchError> {
    if distance.len() != treated.len() {
        return Err(MatchError::LengthMismatch { distances: distance.len(), treated: treated.len() });
    }
    if let Some(row) = distance.iter().position(|d| !d.is_finite()) {
        return Err(MatchError::NotFinite { row });
    }
    if settings.ratio == 0 {
        return Err(MatchError::Ratio);
    }
    if let Some(caliper) = settings.caliper.filter(|c| !(c.is_finite() && *c > 0.0)) {
        return Err(MatchError::Caliper(caliper));
    }
    let n_treated = treated.iter().filter(|t| **t).count();
    if n_treated == 0 || n_treated == treated.len() {
        return Err(MatchError::EmptyGroup);
    }
    Ok(())
}

/// The usual standard deviation, of all persons together.
fn standard_deviation(values: &[f64]) -> f64 {
    let mut moments = Moments::default();
    for &value in values {
        moments.push(value, 1.0);
    }
    moments.sd().unwrap_or(0.0)
}

/// Comparators in order of their measure, with those still free found by links that skip the taken.
struct Free<'d> {
    rows: Vec<u32>,
    distance: &'d [f64],
    /// For each place the next free place at or above it (`rows.len()` if none), and one more than the next free place
    /// below it (0 if none); both shortened as they are followed.
    above: Vec<u32>,
    below: Vec<u32>,
    n_free: usize,
}

impl<'d> Free<'d> {
    fn new(rows: Vec<u32>, distance: &'d [f64]) -> Self {
        let n = rows.len() as u32;
        Self { n_free: rows.len(), rows, distance, above: (0..=n).collect(), below: (0..=n).collect() }
    }

    fn is_empty(&self) -> bool {
        self.n_free == 0
    }

    fn distance(&self, place: usize) -> f64 {
        self.distance[self.rows[place] as usize]
    }

    /// The free place whose measure is nearest.
    fn nearest(&mut self, here: f64) -> Option<usize> {
        let start = self.rows.partition_point(|&row| self.distance[row as usize] < here);
        let above = follow(&mut self.above, start);
        let below = follow(&mut self.below, start);
        let above = (above < self.rows.len()).then_some(above);
        let below = below.checked_sub(1);
        match (below, above) {
            (Some(below), Some(above)) => {
                let (down, up) = (here - self.distance(below), self.distance(above) - here);
                Some(if down < up { below } else { above })
            }
            (below, above) => below.or(above),
        }
    }

    fn take(&mut self, place: usize) -> u32 {
        self.above[place] = place as u32 + 1;
        self.below[place + 1] = place as u32;
        self.n_free -= 1;
        self.rows[place]
    }
}

/// Follows links to one that points at itself, and points those on the way there.
fn follow(links: &mut [u32], start: usize) -> usize {
    let mut end = start;
    while links[end] as usize != end {
        end = links[end] as usize;
    }
    let mut at = start;
    while at != end {
        at = std::mem::replace(&mut links[at], end as u32) as usize;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matched(distance: &[f64], treated: &[bool], ratio: u32, caliper: Option<f64>) -> Vec<Vec<u32>> {
        nearest_neighbours(distance, treated, &MatchSettings { ratio, caliper }).unwrap().sets
    }

    #[test]
    fn the_hardest_to_match_goes_first() {
        // treated at 5 and 4; comparators at 4.4, 1, 9
        let (distance, treated) = ([4.0, 5.0, 4.4, 1.0, 9.0], [true, true, false, false, false]);
        assert_eq!(matched(&distance, &treated, 1, None), [vec![0, 3], vec![1, 2]]);
        // everybody has a first before anybody has a second
        assert_eq!(matched(&distance, &treated, 2, None), [vec![0, 3], vec![1, 2, 4]]);
        // the standard deviation is 2.87...; 0.3 of it lets only the first in
        assert_eq!(matched(&distance, &treated, 1, Some(0.3)), [vec![1, 2]]);
    }

    #[test]
    fn nobody_is_taken_twice_and_links_agree_with_looking_at_all() {
        let mut state = 7u64;
        let mut random = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as f64 / f64::from(1u32 << 31)
        };
        let distance: Vec<f64> = (0..400).map(|_| (random() * 50.0).round() / 10.0).collect();
        let treated: Vec<bool> = (0..400).map(|_| random() < 0.3).collect();
        let settings = MatchSettings { ratio: 2, caliper: Some(0.1) };
        let got = nearest_neighbours(&distance, &treated, &settings).unwrap();
        let width = got.caliper_width.unwrap();
        let mut taken = vec![false; 400];
        for &row in got.sets.iter().flat_map(|set| &set[1..]) {
            assert!(!treated[row as usize] && !std::mem::replace(&mut taken[row as usize], true));
        }
        // the slow way finds as many, each as near
        let mut order: Vec<usize> = (0..400).filter(|&i| treated[i]).collect();
        order.sort_by(|&a, &b| distance[b].total_cmp(&distance[a]).then(a.cmp(&b)));
        let mut free: Vec<usize> = (0..400).filter(|&i| !treated[i]).collect();
        let mut differences = vec![Vec::new(); 400];
        for _ in 0..2 {
            for &row in &order {
                let apart = |i: usize| (distance[i] - distance[row]).abs();
                let best = free.iter().copied().min_by(|&a, &b| {
                    apart(a).total_cmp(&apart(b)).then(distance[b].total_cmp(&distance[a])).then(a.cmp(&b))
                });
                if let Some(best) = best.filter(|&best| apart(best) <= width) {
                    free.retain(|&i| i != best);
                    differences[row].push(apart(best));
                }
            }
        }
        assert_eq!(got.sets.len(), differences.iter().filter(|d| !d.is_empty()).count());
        for set in &got.sets {
            let here = distance[set[0] as usize];
            let apart: Vec<f64> = set[1..].iter().map(|&row| (distance[row as usize] - here).abs()).collect();
            assert_eq!(apart, differences[set[0] as usize]);
        }
    }

    #[test]
    fn what_cannot_be_matched_is_said() {
        let settings = MatchSettings::default();
        let ask = |distance: &[f64], treated: &[bool], settings: MatchSettings| {
            nearest_neighbours(distance, treated, &settings).unwrap_err()
        };
        assert_eq!(ask(&[1.0, 2.0], &[true, true], settings), MatchError::EmptyGroup);
        assert_eq!(ask(&[1.0, f64::NAN], &[true, false], settings), MatchError::NotFinite { row: 1 });
        assert_eq!(ask(&[1.0, 2.0], &[true, false], MatchSettings { ratio: 0, ..settings }), MatchError::Ratio);
        let caliper = Some(-1.0);
        assert_eq!(ask(&[1.0, 2.0], &[true, false], MatchSettings { caliper, ..settings }), MatchError::Caliper(-1.0));
        // all alike: all within a caliper without width
        assert_eq!(matched(&[1.0; 4], &[true, false, true, false], 1, Some(0.2)).len(), 2);
    }
}
