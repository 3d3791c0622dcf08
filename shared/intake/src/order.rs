//! Sorting where little code matters more than the last of the speed.
//!
//! The library's sorts are compiled anew for every type and comparison, some seven kilobytes each; the worker that reads files
//! is fetched by every visitor who brings some. Here one sort of row numbers serves all. Sorts of many million rows
//! use the library's.

use std::cmp::Ordering;

/// Sorts by a comparison; what is equal stays in its order.
pub(crate) fn sort_by<T>(items: &mut [T], mut compare: impl FnMut(&T, &T) -> Ordering) {
    let mut rows = ranked(items.len(), &mut |a, b| match (items.get(a), items.get(b)) {
        (Some(x), Some(y)) => compare(x, y),
        _ => Ordering::Equal,
    });
    for row in 0..rows.len() {
        let mut at = row;
        // Follows the circle that begins here, putting what belongs to each place there.
        while let Some(from) = rows.get_mut(at).map(|place| std::mem::replace(place, at)) {
            if from == row || from == at {
                break;
            }
            items.swap(at, from);
            at = from;
        }
    }
}

/// Sorts by a key; what has the same key stays in its order.
#[cfg(feature = "omop")]
pub(crate) fn sort_by_key<T, K: Ord>(items: &mut [T], mut key: impl FnMut(&T) -> K) {
    sort_by(items, |a, b| key(a).cmp(&key(b)));
}

/// Sorts.
pub(crate) fn sort<T: Ord>(items: &mut [T]) {
    sort_by(items, T::cmp);
}

/// The row numbers in the order of a comparison of rows.
#[inline(never)]
fn ranked(n: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut rows: Vec<usize> = (0..n).collect();
    rows.sort_by(|a, b| compare(*a, *b));
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn as_the_library_sorts(items: Vec<(u8, String)>) {
            let (mut ours, mut theirs) = (items.clone(), items);
            sort_by(&mut ours, |a, b| a.0.cmp(&b.0));
            theirs.sort_by_key(|a| a.0);
            proptest::prop_assert_eq!(&ours, &theirs);
            sort_by_key(&mut ours, |(n, _)| std::cmp::Reverse(*n));
            theirs.sort_by_key(|(n, _)| std::cmp::Reverse(*n));
            proptest::prop_assert_eq!(&ours, &theirs);
            sort(&mut ours);
            theirs.sort();
            proptest::prop_assert_eq!(ours, theirs);
        }
    }
}
