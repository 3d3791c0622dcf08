//! Truth of a condition over many rows, with what a missing value could have made of it.

use columnar::BitSet;

use crate::column_test::of_slice;

/// Where a condition holds.
///
/// `value` takes a missing value as 'not met'. `sure` and `possible` are the answers if every missing value were to make
/// the condition as false, or as true, as it can: rows in `possible` but not in `sure` hang on a missing value.
#[derive(Clone, Debug)]
pub(crate) struct Truth {
    pub(crate) value: BitSet,
    /// `(sure, possible)`, absent where nothing is missing: then both are `value`.
    unknown: Option<Box<(BitSet, BitSet)>>,
}

impl Truth {
    pub(crate) fn known(value: BitSet) -> Self {
        Self { value, unknown: None }
    }

    /// A test on values some of which are missing (these are not in `value`).
    pub(crate) fn with_missing(value: BitSet, missing: Option<&BitSet>) -> Self {
        let unknown = missing.filter(|m| m.any()).map(|missing| {
            let mut possible = value.clone();
            possible.or(missing);
            Box::new((value.clone(), possible))
        });
        Self { value, unknown }
    }

    fn sure(&self) -> &BitSet {
        self.unknown.as_ref().map_or(&self.value, |u| &u.0)
    }

    fn possible(&self) -> &BitSet {
        self.unknown.as_ref().map_or(&self.value, |u| &u.1)
    }

    /// The same truth on other rows.
    pub(crate) fn map(self, to: impl Fn(BitSet) -> BitSet) -> Self {
        let unknown = self.unknown.map(|u| Box::new((to(u.0), to(u.1))));
        Self { value: to(self.value), unknown }
    }

    pub(crate) fn not(mut self) -> Self {
        self.value.not();
        self.unknown = self.unknown.map(|mut u| {
            u.0.not();
            u.1.not();
            let (sure, possible) = *u;
            Box::new((possible, sure))
        });
        self
    }

    fn combine(&mut self, other: &Self, join: impl Fn(&mut BitSet, &BitSet)) {
        if self.unknown.is_some() || other.unknown.is_some() {
            let (mut sure, mut possible) = (self.sure().clone(), self.possible().clone());
            join(&mut sure, other.sure());
            join(&mut possible, other.possible());
            self.unknown = Some(Box::new((sure, possible)));
        }
        join(&mut self.value, &other.value);
    }

    pub(crate) fn and(&mut self, other: &Self) {
        self.combine(other, BitSet::and);
    }

    pub(crate) fn or(&mut self, other: &Self) {
        self.combine(other, BitSet::or);
    }

    /// Where at least `n` of the parts hold.
    pub(crate) fn at_least(n: u32, parts: &[Truth], len: usize) -> Self {
        let value = at_least(n, parts.iter().map(|p| &p.value), len);
        let unknown = parts.iter().any(|p| p.unknown.is_some()).then(|| {
            let sure = at_least(n, parts.iter().map(Truth::sure), len);
            Box::new((sure, at_least(n, parts.iter().map(Truth::possible), len)))
        });
        Self { value, unknown }
    }

    /// Rows that meet the condition only because a value is missing (through a `not`), and rows that fail it though the
    /// missing value might have met it.
    pub(crate) fn hanging(&self, among: &BitSet) -> Option<(BitSet, BitSet)> {
        let (sure, possible) = &**self.unknown.as_ref()?;
        let mut met = self.value.clone();
        met.and_not(sure);
        met.and(among);
        let mut failed = possible.clone();
        failed.and_not(&self.value);
        failed.and(among);
        Some((met, failed))
    }
}

fn at_least<'a>(n: u32, sets: impl Iterator<Item = &'a BitSet>, len: usize) -> BitSet {
    let mut counts = vec![0_u32; len];
    for set in sets {
        set.iter().for_each(|row| counts[row] += 1);
    }
    of_slice(&counts, |c| c >= n)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Row 0: met, row 1: not met, row 2: missing.
    fn leaf() -> Truth {
        let mut value = BitSet::empty(3);
        value.set(0, true);
        let mut missing = BitSet::empty(3);
        missing.set(2, true);
        Truth::with_missing(value, Some(&missing))
    }

    fn rows(set: &BitSet) -> Vec<usize> {
        set.iter().collect()
    }

    #[test]
    fn a_not_over_a_missing_value_is_met_and_counted() {
        let truth = leaf().not();
        assert_eq!(rows(&truth.value), [1, 2]);
        let (met, failed) = truth.hanging(&BitSet::full(3)).unwrap();
        assert_eq!((rows(&met), rows(&failed)), (vec![2], vec![]));
    }

    #[test]
    fn a_missing_value_fails_a_test_and_is_counted() {
        let (met, failed) = leaf().hanging(&BitSet::full(3)).unwrap();
        assert_eq!((rows(&met), rows(&failed)), (vec![], vec![2]));
    }

    #[test]
    fn a_missing_value_that_decides_nothing_is_not_counted() {
        let mut truth = leaf();
        truth.or(&Truth::known(BitSet::full(3)));
        let (met, failed) = truth.hanging(&BitSet::full(3)).unwrap();
        assert_eq!((rows(&met), rows(&failed)), (vec![], vec![]));
    }

    #[test]
    fn at_least_counts_rows() {
        let truth = Truth::at_least(2, &[leaf(), leaf().not(), Truth::known(BitSet::full(3))], 3);
        assert_eq!(rows(&truth.value), [0, 1, 2]);
        let (met, _) = truth.hanging(&BitSet::full(3)).unwrap();
        assert_eq!(rows(&met), [2]);
    }
}
