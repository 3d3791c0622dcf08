//! Playing the attacker on published findings: every table that fits the published numbers is listed, and a small count
//! must be any of 1 to the threshold in some of them.

use crate::support::findings;

use findings::finding;
use knowledge::disclosure::{Column, Counts, MAX_POINTS, PublishedCount, check, coarse_curve, coarse_time, protect};
use model::finding::{Cell, Finding};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// Persons and events of each arm: (with, without) the event.
type Table = Vec<(u64, u64)>;

/// Every table up to a size that fits what is published. The attacker knows that arms make up the population, that zeros
/// are shown, and so that a hidden count is at least 1.
fn tables(published: &Counts, largest: u64) -> Vec<Table> {
    let fits = |count: PublishedCount, value: u64| match count {
        PublishedCount::Shown(shown) => shown == value,
        PublishedCount::Hidden => value >= 1,
        PublishedCount::Unpublished => true,
    };
    let mut tables: Vec<Table> = vec![Vec::new()];
    for (persons, events) in &published.arms {
        let mut longer = Vec::new();
        for table in &tables {
            for with in (0..=largest).filter(|w| fits(*events, *w)) {
                for without in (0..=largest).filter(|w| fits(*persons, with + w)) {
                    longer.push([table.as_slice(), &[(with, without)]].concat());
                }
            }
        }
        tables = longer;
    }
    tables.retain(|table| {
        let with: u64 = table.iter().map(|a| a.0).sum();
        let all: u64 = table.iter().map(|a| a.0 + a.1).sum();
        fits(published.total.0, all) && fits(published.total.1, with)
    });
    tables
}

fn published(finding: &Finding) -> Counts {
    let count = |cell: Cell| match cell {
        Cell::Count(n) => PublishedCount::Shown(n),
        Cell::Hidden => PublishedCount::Hidden,
    };
    Counts {
        arms: finding.arms.iter().map(|a| (count(a.n), count(a.n_events))).collect(),
        total: (count(finding.population.n), count(finding.population.n_events)),
    }
}

/// A count of a table.
fn value(table: &Table, arm: Option<usize>, column: Column) -> u64 {
    let rows = match arm {
        Some(arm) => &table[arm..=arm],
        None => &table[..],
    };
    rows.iter()
        .map(|(with, without)| match column {
            Column::Events => *with,
            Column::NonEvents => *without,
            Column::Persons => with + without,
        })
        .sum()
}

fn all_counts(n_arms: usize) -> Vec<(Option<usize>, Column)> {
    let arms = (0..n_arms).map(Some).chain([None]);
    arms.flat_map(|arm| [Column::Events, Column::NonEvents, Column::Persons].map(|column| (arm, column))).collect()
}

/// A small count of an arm may be any of 1 to the threshold. A small sum of hidden counts may be as many values: it cannot
/// be 1 where two parts are at least 1 each.
fn stays_small(truth: u64, seen: &BTreeSet<u64>, arm: Option<usize>, threshold: u32) -> bool {
    let mut small = 1..=u64::from(threshold);
    if !small.contains(&truth) {
        true
    } else if arm.is_some() {
        small.all(|v| seen.contains(&v))
    } else {
        seen.len() >= threshold as usize
    }
}

fn arms(largest: u64, n: std::ops::Range<usize>) -> impl Strategy<Value = Table> {
    let cell = || prop_oneof![2 => 0..=largest, 1 => Just(0u64), 2 => 0..5u64];
    prop::collection::vec((cell(), cell()), n)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_small_count_stays_any_small_count(table in arms(12, 1..3), threshold in 1u32..5) {
        let truth: Vec<(u64, u64)> = table.iter().map(|(with, without)| (with + without, *with)).collect();
        let mut protected = finding(&truth);
        protected.cell_threshold = 1;
        protect(&mut protected, threshold);
        prop_assert_eq!(check(&protected, threshold), vec![]);
        let possible = tables(&published(&protected), 24);
        prop_assert!(possible.contains(&table), "the truth itself must fit");
        for (arm, column) in all_counts(table.len()) {
            let true_value = value(&table, arm, column);
            let seen: BTreeSet<u64> = possible.iter().map(|t| value(t, arm, column)).collect();
            prop_assert!(stays_small(true_value, &seen, arm, threshold), "{arm:?} {column:?} is {true_value}, and can only be one of {seen:?}");
        }
        // Zeros are shown.
        for (arm, (n, events)) in protected.arms.iter().zip(&truth) {
            prop_assert!(*n != 0 || arm.n == Cell::Count(0));
            prop_assert!(*events != 0 || arm.n_events == Cell::Count(0));
        }
    }

    #[test]
    fn with_three_arms_too(table in arms(7, 3..4), threshold in 1u32..3) {
        let truth: Vec<(u64, u64)> = table.iter().map(|(with, without)| (with + without, *with)).collect();
        let mut protected = finding(&truth);
        protected.cell_threshold = 1;
        protect(&mut protected, threshold);
        prop_assert_eq!(check(&protected, threshold), vec![]);
        let possible = tables(&published(&protected), 9);
        for (arm, column) in all_counts(table.len()) {
            let seen: BTreeSet<u64> = possible.iter().map(|t| value(t, arm, column)).collect();
            let true_value = value(&table, arm, column);
            prop_assert!(stays_small(true_value, &seen, arm, threshold), "{arm:?} {column:?} is {true_value}: {seen:?}");
        }
    }

    /// The audit's ranges are exactly those of all tables that fit.
    #[test]
    fn the_audit_finds_what_listing_all_tables_finds(
        table in arms(6, 1..3),
        hidden in prop::collection::vec(any::<bool>(), 8),
    ) {
        let mut hide = hidden.into_iter();
        let mut publish = |value: u64| {
            if value > 0 && hide.next().unwrap_or(false) { PublishedCount::Hidden } else { PublishedCount::Shown(value) }
        };
        let counts = Counts {
            arms: table.iter().map(|(with, without)| (publish(with + without), publish(*with))).collect(),
            total: (publish(value(&table, None, Column::Persons)), publish(value(&table, None, Column::Events))),
        };
        let ranges = counts.ranges().unwrap();
        let largest = 24;
        let possible = tables(&counts, largest);
        for (quantity, range) in ranges {
            let seen: BTreeSet<u64> = possible.iter().map(|t| value(t, quantity.arm, quantity.column)).collect();
            prop_assert_eq!(seen.first(), Some(&range.low), "{:?}", quantity);
            match range.high {
                Some(high) if high <= largest => prop_assert_eq!(seen.last(), Some(&high), "{:?}", quantity),
                _ => prop_assert!(*seen.last().unwrap() >= largest, "{quantity:?} {range:?} {seen:?}"),
            }
        }
    }

    /// Large tables: protected findings pass the check, whatever their size, and protecting again changes nothing.
    #[test]
    fn large_findings_are_protected_once(
        table in prop::collection::vec((prop_oneof![0..15u64, 0..100_000u64], prop_oneof![0..15u64, 0..100_000u64]), 1..9),
        threshold in 5u32..25,
    ) {
        let truth: Vec<(u64, u64)> = table.iter().map(|(with, without)| (with + without, *with)).collect();
        let mut once = finding(&truth);
        protect(&mut once, threshold);
        prop_assert_eq!(check(&once, threshold), vec![]);
        let mut twice = once.clone();
        prop_assert_eq!(protect(&mut twice, threshold), Vec::<String>::new());
        prop_assert_eq!(twice, once);
    }

    /// Nobody is censored, and the attacker knows it: the worst case for a curve. Between two published points there may
    /// have been any number of events from 0 to the threshold, or there were more than the threshold.
    #[test]
    fn no_step_of_a_curve_shows_few_people(
        times in prop::collection::vec(1u32..3_000, 22..400),
        threshold in 1u32..11,
        extra in 0usize..300,
    ) {
        let n = times.len() + extra;
        let mut sorted = times;
        sorted.sort_unstable();
        let steps: Vec<(f64, f64)> = sorted.iter().enumerate()
            .map(|(i, t)| (f64::from(*t), 1.0 - (i + 1) as f64 / n as f64)).collect();
        let Some(curve) = coarse_curve(&steps, n as u64, threshold) else {
            prop_assert!((n as f64) < 2.0 * (f64::from(threshold) + 1.0));
            return Ok(());
        };
        prop_assert!(curve.len() <= MAX_POINTS && curve.len() > 1);
        let unit = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5].into_iter()
            .find(|unit| unit * n as f64 >= f64::from(threshold) + 1.0 - 1e-9).unwrap();
        for pair in curve.windows(2) {
            prop_assert!((coarse_time(pair[1].time) - pair[1].time).abs() < 1e-9 * pair[1].time);
            let fall = pair[0].survival - pair[1].survival;
            let (least, most) = ((fall - unit) * n as f64, (fall + unit) * n as f64);
            let truth = sorted.iter().filter(|t| f64::from(**t) > pair[0].time && f64::from(**t) <= pair[1].time).count() as f64;
            prop_assert!(least - 1e-9 <= truth && truth <= most + 1e-9, "{least} {truth} {most}");
            let any_small = least < 1e-9 && most > f64::from(threshold);
            let large = least > f64::from(threshold) - 1e-9;
            prop_assert!(any_small || large, "between {least} and {most}");
        }
    }
}

#[test]
fn a_small_arm_is_not_given_away_by_the_sum() {
    // 4 events of 300 beside 120 of 400: the sum goes, the other arm keeps its count and its curve.
    let mut small = finding(&[(300, 4), (400, 120)]);
    let hidden = protect(&mut small, 10);
    assert_eq!(small.arms[0].n_events, Cell::Hidden);
    assert_eq!(small.arms[1].n_events, Cell::Count(120));
    assert_eq!(small.population.n_events, Cell::Hidden);
    assert_eq!((small.population.n, small.arms[0].n), (Cell::Count(700), Cell::Count(300)));
    assert!(small.arms[0].curve.is_empty() && !small.arms[1].curve.is_empty());
    assert!(small.estimates.is_empty());
    assert!(hidden.iter().any(|h| h.contains("estimates")), "{hidden:?}");
    // Few without the event are as small a group as few with it.
    let mut mirrored = finding(&[(300, 296), (400, 120)]);
    protect(&mut mirrored, 10);
    assert_eq!(mirrored.arms[0].n_events, Cell::Hidden);
    // A rest between population and arms is an arm of its own.
    let mut rest = finding(&[(300, 100), (400, 120)]);
    rest.population.n = Cell::Count(703);
    rest.population.n_events = Cell::Count(221);
    assert!(!check(&rest, 10).is_empty());
    protect(&mut rest, 10);
    assert_eq!(check(&rest, 10), []);
}

#[test]
fn a_finding_with_large_counts_keeps_everything_but_digits() {
    let mut large = finding(&[(246, 94), (440, 205)]);
    assert_eq!(protect(&mut large, 10), Vec::<String>::new());
    assert_eq!(large.estimates.len(), 2);
    assert_eq!(large.arms[0].n, Cell::Count(246));
    assert_eq!(large.arms[0].median, Some(2000.0));
    // 11 of 246 are 4.5%: steps of 5%, at multiples of 200 days.
    let curve: Vec<(f64, f64)> = large.arms[0].curve.iter().map(|p| (p.time, p.survival)).collect();
    assert_eq!(curve[..4], [(0.0, 1.0), (200.0, 1.0), (400.0, 1.0), (600.0, 0.85)]);
    assert_eq!(curve.last(), Some(&(2600.0, 0.65)));
    assert_eq!(large.balance[0].smd_before, Some(0.45));
    assert_eq!(check(&large, 10), []);
}
