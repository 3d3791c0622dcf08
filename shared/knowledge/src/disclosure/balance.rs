//! Standardized mean differences: what they tell of a yes-or-no covariate in arms whose sizes are shown.
//!
//! A difference of shares is rounded to two decimals, and still, in small arms, may fit a single table: of 15 and 20 persons
//! only 1 and 4 give -0.40. So every table that fits a value is looked for. A value is published where, for each arm and
//! both ways, some fitting table has no small count there, or the fitting tables leave every small count possible.

use model::finding::{ArmResult, Cell, Disclosure, Finding, FindingBalance};

/// Half of the last published digit.
const HALF_DIGIT: f64 = 0.005;

/// Rounds the values and takes out what would disclose; says so in words.
pub(super) fn protect(finding: &mut Finding, threshold: u32, hidden: &mut Vec<String>) {
    let sizes = sizes(&finding.arms);
    let mut n_hidden = 0;
    let tell: Vec<bool> = finding
        .balance
        .iter_mut()
        .map(|row| {
            let mut tells = false;
            for value in [&mut row.smd_before, &mut row.smd_after] {
                *value = value.filter(|v| v.is_finite()).map(two_decimals);
                tells |= value.is_some_and(|v| tells_few(v, sizes, threshold));
            }
            tells
        })
        .collect();
    // The levels of one covariate add up: with one of them hidden the others would narrow it.
    let names: Vec<String> = finding
        .balance
        .iter()
        .zip(&tell)
        .filter(|(_, tells)| **tells)
        .map(|(row, _)| covariate(row).to_owned())
        .collect();
    for row in &mut finding.balance {
        if names.iter().any(|name| name == covariate(row)) && (row.smd_before.is_some() || row.smd_after.is_some()) {
            (row.smd_before, row.smd_after) = (None, None);
            n_hidden += 1;
        }
    }
    match n_hidden {
        0 => {}
        n if n == finding.balance.len() => hidden.push("the balance of the covariates".to_owned()),
        _ => hidden.push("the balance of the covariates whose differences would show few people".to_owned()),
    }
}

/// Adds each value that discloses.
pub(super) fn check(finding: &Finding, threshold: u32, found: &mut Vec<Disclosure>) {
    let sizes = sizes(&finding.arms);
    for (row, balance) in finding.balance.iter().enumerate() {
        for (name, value) in [("smd_before", balance.smd_before), ("smd_after", balance.smd_after)] {
            let Some(value) = value else { continue };
            let reason = if sizes == Sizes::Hidden {
                "an arm's size is hidden, and standardized differences would describe its few people"
            } else if !value.is_finite() || (two_decimals(value) - value).abs() > 1e-9 {
                "a standardized difference with more than two decimals can give the counts behind it away: round it"
            } else if tells_few(value, sizes, threshold) {
                "in arms of these sizes only tables with few people give this standardized difference: leave it out"
            } else {
                continue;
            };
            found.push(Disclosure { path: format!("$.balance[{row}].{name}"), reason: reason.to_owned() });
        }
    }
}

/// What is shown of the two arms that are compared.
#[derive(Clone, Copy, PartialEq)]
enum Sizes {
    Shown(u64, u64),
    Hidden,
    /// There are not two arms: nothing is known of sizes.
    Unknown,
}

fn sizes(arms: &[ArmResult]) -> Sizes {
    if arms.iter().any(|arm| arm.n == Cell::Hidden) {
        return Sizes::Hidden;
    }
    match arms {
        [ArmResult { n: Cell::Count(target), .. }, ArmResult { n: Cell::Count(comparator), .. }] => {
            Sizes::Shown(*target, *comparator)
        }
        _ => Sizes::Unknown,
    }
}

fn covariate(row: &FindingBalance) -> &str {
    row.covariate.split_once(['=', ':']).map_or(row.covariate.as_str(), |(name, _)| name).trim()
}

/// Whether the tables that have this difference narrow a small count down.
fn tells_few(value: f64, sizes: Sizes, threshold: u32) -> bool {
    let (n, m) = match sizes {
        Sizes::Hidden => return true,
        Sizes::Unknown => return false,
        Sizes::Shown(n, m) => (n, m),
    };
    let few = u64::from(threshold);
    let mut sides = [(); 4].map(|()| Side { open: false, small: vec![false; threshold as usize] });
    let mut any = false;
    // From the middle outwards: there the large counts are found first.
    for a in outwards(n) {
        // The difference falls as the other share grows, so what fits is one stretch.
        let first = first(m, |b| difference(a, n, b, m) <= value + HALF_DIGIT);
        let end = self::first(m, |b| difference(a, n, b, m) < value - HALF_DIGIT);
        for b in first..end {
            any = true;
            for (side, count) in sides.iter_mut().zip([a, n - a, b, m - b]) {
                side.see(count, few);
            }
            if sides.iter().all(|side| side.open) {
                return false;
            }
        }
    }
    // A value that no yes-or-no covariate has belongs to a measurement.
    any && sides.iter().any(|side| !side.open)
}

/// What the fitting tables say of one count.
struct Side {
    /// Nothing small is told.
    open: bool,
    small: Vec<bool>,
}

impl Side {
    fn see(&mut self, count: u64, few: u64) {
        match usize::try_from(count).ok().and_then(|count| count.checked_sub(1)).and_then(|i| self.small.get_mut(i)) {
            Some(seen) if count <= few => {
                *seen = true;
                self.open |= self.small.iter().all(|seen| *seen);
            }
            _ => self.open = true,
        }
    }
}

/// Every count of 0 to `n`, from the middle outwards.
fn outwards(n: u64) -> impl Iterator<Item = u64> {
    let middle = n / 2;
    (0..=n - middle).flat_map(move |step| {
        let below = middle.checked_sub(step).filter(|_| step > 0);
        [Some(middle + step).filter(|at| *at <= n), below].into_iter().flatten()
    })
}

/// The least count of 0 to `m` of which this holds, where it holds of all above it; `m + 1` where it holds of none.
fn first(m: u64, holds: impl Fn(u64) -> bool) -> u64 {
    let (mut low, mut high) = (0, m + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

/// The standardized difference of two shares; it falls as the second one grows. Equal shares: 0, even without variation.
fn difference(a: u64, n: u64, b: u64, m: u64) -> f64 {
    let (p, q) = (a as f64 / n as f64, b as f64 / m as f64);
    let variance = (p * (1.0 - p) + q * (1.0 - q)) / 2.0;
    // Nobody against everybody: infinite.
    if p == q { 0.0 } else { (p - q) / variance.max(0.0).sqrt() }
}

fn two_decimals(value: f64) -> f64 {
    // Adding 0 turns a negative zero into zero.
    (value * 100.0).round() / 100.0 + 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every table by counting, and what it says of one count: the plain way.
    fn tells_few_plainly(value: f64, n: u64, m: u64, threshold: u32) -> bool {
        let fits: Vec<(u64, u64)> = (0..=n)
            .flat_map(|a| (0..=m).map(move |b| (a, b)))
            .filter(|(a, b)| {
                let d = difference(*a, n, *b, m);
                d <= value + HALF_DIGIT && d >= value - HALF_DIGIT
            })
            .collect();
        !fits.is_empty()
            && (0..4).any(|side| {
                let seen: std::collections::BTreeSet<u64> =
                    fits.iter().map(|(a, b)| [*a, n - a, *b, m - b][side]).collect();
                let small = 1..=u64::from(threshold);
                seen.iter().all(|c| small.contains(c)) && !small.clone().all(|c| seen.contains(&c))
            })
    }

    #[test]
    fn the_search_finds_what_listing_every_table_finds() {
        let mut told = 0;
        for (n, m, threshold) in [(15, 20, 10), (12, 100, 10), (40, 40, 5), (1, 7, 3), (60, 33, 10)] {
            for hundredth in -400..=400 {
                let value = two_decimals(f64::from(hundredth) / 100.0);
                let plainly = tells_few_plainly(value, n, m, threshold);
                assert_eq!(tells_few(value, Sizes::Shown(n, m), threshold), plainly, "{value} of {n} and {m}");
                told += usize::from(plainly);
            }
        }
        assert!(told > 100, "{told} values tell a small count");
    }

    #[test]
    fn small_arms_give_a_share_away_and_large_ones_do_not() {
        let small = Sizes::Shown(15, 20);
        assert!(tells_few(-0.40, small, 10) && tells_few(-0.97, small, 10));
        let large = Sizes::Shown(246, 440);
        assert!((-50..=50).all(|hundredth| !tells_few(f64::from(hundredth) / 100.0, large, 10)));
        assert!(tells_few(0.0, Sizes::Hidden, 10) && !tells_few(0.4, Sizes::Unknown, 10));
    }
}
