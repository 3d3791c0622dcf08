//! The counts of a finding: which disclose, and which to hide.

use super::audit::{Column, Counts, PublishedCount, Quantity};
use model::finding::{Cell, Disclosure, Finding};

/// Up to so many counts every choice of which to hide is tried.
const MAX_TRIED_COUNTS: usize = 12;

/// A finding has no more arms than this: what compares more is no comparison, and would take long to check.
const MAX_ARMS: usize = 16;

/// One published count of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Field {
    arm: Option<usize>,
    events: bool,
}

impl Field {
    fn all(n_arms: usize) -> Vec<Self> {
        let arms = (0..n_arms).map(Some).chain([None]);
        arms.flat_map(|arm| [true, false].map(|events| Self { arm, events })).collect()
    }

    fn cell(self, finding: &Finding) -> Cell {
        match (self.arm, self.events) {
            (Some(arm), true) => finding.arms[arm].n_events,
            (Some(arm), false) => finding.arms[arm].n,
            (None, true) => finding.population.n_events,
            (None, false) => finding.population.n,
        }
    }

    fn hide(self, finding: &mut Finding) {
        let cell = match (self.arm, self.events) {
            (Some(arm), true) => &mut finding.arms[arm].n_events,
            (Some(arm), false) => &mut finding.arms[arm].n,
            (None, true) => &mut finding.population.n_events,
            (None, false) => &mut finding.population.n,
        };
        *cell = Cell::Hidden;
    }

    /// How much is lost when this count is hidden: sums are dearer than nothing, an arm's size is dearest. With an arm's
    /// count its curve is lost too, so sums go first.
    fn loss(self) -> u32 {
        match (self.arm, self.events) {
            (None, true) => 2,
            (None, false) => 3,
            (Some(_), true) => 4,
            (Some(_), false) => 8,
        }
    }

    fn words(self, finding: &Finding) -> String {
        let what = if self.events { "events" } else { "people" };
        match self.arm {
            Some(arm) => format!("the number of {what} in {}", finding.arms[arm].name),
            None => format!("the number of {what} in all"),
        }
    }
}

/// Adds every count that the published ones give away.
pub(super) fn check(finding: &Finding, threshold: u32, found: &mut Vec<Disclosure>) {
    if finding.arms.len() > MAX_ARMS {
        found.push(Disclosure {
            path: "$.arms".to_owned(),
            reason: format!("a finding has at most {MAX_ARMS} arms, and this one has {}", finding.arms.len()),
        });
        return;
    }
    let counts = published(finding);
    let disclosed = match counts.disclosed(threshold) {
        Ok(disclosed) => disclosed,
        Err(contradiction) => {
            found.push(Disclosure {
                path: "$.arms".to_owned(),
                reason: format!("{contradiction}, so nobody can tell what they disclose"),
            });
            small_counts(finding, threshold, found);
            return;
        }
    };
    for (quantity, range) in disclosed {
        let reason = match range.high {
            Some(high) if high == range.low => format!("{} {high}", verb(quantity)),
            Some(high) => format!("{} between {} and {high}", verb(quantity), range.low),
            None => format!("{} at least {}", verb(quantity), range.low),
        };
        found.push(Disclosure {
            path: path(finding, quantity),
            reason: format!("{reason}, and counts of 1 to {threshold} have to stay hidden"),
        });
    }
}

/// Adds the shown counts that are small, whatever the others say.
fn small_counts(finding: &Finding, threshold: u32, found: &mut Vec<Disclosure>) {
    for field in Field::all(finding.arms.len()) {
        if let Cell::Count(n) = field.cell(finding)
            && (1..=u64::from(threshold)).contains(&n)
        {
            let column = if field.events { Column::Events } else { Column::Persons };
            found.push(Disclosure {
                path: path(finding, Quantity { arm: field.arm, column }),
                reason: format!("this says {n}, and counts of 1 to {threshold} have to stay hidden"),
            });
        }
    }
}

fn verb(quantity: Quantity) -> &'static str {
    match quantity.column {
        Column::Events => "the published numbers show that the number of people with the event is",
        Column::NonEvents => "the published numbers show that the number of people without the event is",
        Column::Persons => "the published numbers show that the number of people is",
    }
}

fn path(finding: &Finding, quantity: Quantity) -> String {
    let field = if quantity.column == Column::Persons { "n" } else { "n_events" };
    match quantity.arm {
        Some(arm) if arm < finding.arms.len() => format!("$.arms[{arm}].{field}"),
        _ => format!("$.population.{field}"),
    }
}

/// Hides the counts that disclose and, of the others, the least needed ones that give them away.
pub(super) fn protect(finding: &mut Finding, threshold: u32) -> Vec<String> {
    let fields = Field::all(finding.arms.len());
    let small = |field: &Field| match field.cell(finding) {
        Cell::Count(n) => (1..=u64::from(threshold)).contains(&n),
        Cell::Hidden => false,
    };
    let small: Vec<Field> = fields.iter().copied().filter(small).collect();
    // Zeros stay: a reader takes a hidden count to be at least 1.
    let others: Vec<Field> = fields
        .into_iter()
        .filter(|field| matches!(field.cell(finding), Cell::Count(n) if n > u64::from(threshold)))
        .collect();
    let mut base = finding.clone();
    for field in &small {
        field.hide(&mut base);
    }
    let chosen = choose(&base, &others, threshold);
    let hidden: Vec<Field> = small.into_iter().chain(chosen).collect();
    let words = hidden.iter().map(|field| field.words(finding)).collect();
    for field in hidden {
        field.hide(finding);
    }
    words
}

/// The cheapest further counts to hide so that nothing is given away.
fn choose(base: &Finding, others: &[Field], threshold: u32) -> Vec<Field> {
    let safe = |hide: &[Field]| {
        let mut tried = base.clone();
        for field in hide {
            field.hide(&mut tried);
        }
        published(&tried).disclosed(threshold).is_ok_and(|disclosed| disclosed.is_empty())
    };
    if others.len() > MAX_TRIED_COUNTS {
        return choose_by_kind(others, safe);
    }
    let pick = |mask: usize| -> Vec<Field> {
        let bits = others.iter().enumerate();
        bits.filter(|(bit, _)| mask >> bit & 1 == 1).map(|(_, field)| *field).collect()
    };
    let mut masks: Vec<(u32, usize)> =
        (0..1usize << others.len()).map(|mask| (pick(mask).iter().map(|field| field.loss()).sum(), mask)).collect();
    masks.sort_unstable();
    masks.into_iter().map(|(_, mask)| pick(mask)).find(|hide| safe(hide)).unwrap_or_else(|| others.to_vec())
}

/// With many arms: kinds of counts one after another, cheapest first.
fn choose_by_kind(others: &[Field], safe: impl Fn(&[Field]) -> bool) -> Vec<Field> {
    let mut limits: Vec<u32> = others.iter().map(|field| field.loss()).collect();
    limits.push(0);
    limits.sort_unstable();
    limits.dedup();
    limits
        .into_iter()
        .map(|limit| others.iter().copied().filter(|field| field.loss() <= limit).collect())
        .find(|hide: &Vec<Field>| safe(hide))
        .unwrap_or_else(|| others.to_vec())
}

/// The counts as an attacker sees them.
///
/// The arms are the population. Where every count is shown and the population holds more than the arms, the rest is one
/// more arm that nobody published, and that must not be small either.
fn published(finding: &Finding) -> Counts {
    let count = |cell: Cell| match cell {
        Cell::Count(n) => PublishedCount::Shown(n),
        Cell::Hidden => PublishedCount::Hidden,
    };
    let total = (count(finding.population.n), count(finding.population.n_events));
    let mut arms: Vec<_> = finding.arms.iter().map(|arm| (count(arm.n), count(arm.n_events))).collect();
    if arms.is_empty() {
        arms.push(total);
    }
    let shown_sum = |pick: fn(&(PublishedCount, PublishedCount)) -> PublishedCount| {
        arms.iter().try_fold(0u64, |sum, arm| match pick(arm) {
            PublishedCount::Shown(n) => sum.checked_add(n),
            PublishedCount::Hidden | PublishedCount::Unpublished => None,
        })
    };
    let rest = match (total.0, shown_sum(|arm| arm.0)) {
        (PublishedCount::Shown(all), Some(sum)) => all > sum,
        _ => false,
    };
    if rest {
        arms.push((PublishedCount::Unpublished, PublishedCount::Unpublished));
    }
    Counts { arms, total }
}
