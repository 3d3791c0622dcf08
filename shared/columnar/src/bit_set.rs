//! A set of row numbers below a fixed length, a bit a row.

use crate::Column;

/// A set of rows of a table with `len` rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BitSet {
    len: usize,
    /// Bits behind `len` are always zero, so that counting needs no mask.
    words: Vec<u64>,
}

impl BitSet {
    /// No row of `len`.
    #[must_use]
    pub fn empty(len: usize) -> Self {
        Self { len, words: vec![0; len.div_ceil(64)] }
    }

    /// Every row of `len`.
    #[must_use]
    pub fn full(len: usize) -> Self {
        let mut set = Self { len, words: vec![u64::MAX; len.div_ceil(64)] };
        set.clear_tail();
        set
    }

    /// The rows for which `keep` holds.
    #[must_use]
    pub fn from_fn(len: usize, mut keep: impl FnMut(usize) -> bool) -> Self {
        let words = (0..len.div_ceil(64))
            .map(|w| {
                let first = w * 64;
                let last = (first + 64).min(len);
                (first..last).fold(0u64, |word, row| word | (u64::from(keep(row)) << (row - first)))
            })
            .collect();
        Self { len, words }
    }

    /// The rows of a column that have a value.
    #[must_use]
    pub fn from_validity(column: &Column) -> Self {
        let len = column.len();
        match column.validity() {
            None => Self::full(len),
            Some(nulls) => {
                let chunks = nulls.inner().bit_chunks();
                let mut words: Vec<u64> = chunks.iter().collect();
                if chunks.remainder_len() > 0 {
                    words.push(chunks.remainder_bits());
                }
                let mut set = Self { len, words };
                set.clear_tail();
                set
            }
        }
    }

    /// Number of rows the set is about, in it or not.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether the set is about no rows at all (not: holds none, see [`BitSet::any`]).
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether a row is in the set. Rows at or above `len` never are.
    #[must_use]
    pub fn get(&self, row: usize) -> bool {
        row < self.len && self.words.get(row / 64).is_some_and(|w| w >> (row % 64) & 1 == 1)
    }

    /// Puts a row in or takes it out. Rows at or above `len` are ignored.
    pub fn set(&mut self, row: usize, is_in: bool) {
        if row >= self.len {
            return;
        }
        if let Some(word) = self.words.get_mut(row / 64) {
            let bit = 1u64 << (row % 64);
            if is_in {
                *word |= bit;
            } else {
                *word &= !bit;
            }
        }
    }

    /// Keeps the rows that are also in `other`; rows `other` is not about go.
    pub fn and(&mut self, other: &BitSet) {
        for (i, word) in self.words.iter_mut().enumerate() {
            *word &= other.words.get(i).copied().unwrap_or(0);
        }
    }

    /// Adds the rows of `other`; rows at or above `len` are left out.
    pub fn or(&mut self, other: &BitSet) {
        for (word, theirs) in self.words.iter_mut().zip(&other.words) {
            *word |= theirs;
        }
        self.clear_tail();
    }

    /// Takes the rows of `other` out.
    pub fn and_not(&mut self, other: &BitSet) {
        for (word, theirs) in self.words.iter_mut().zip(&other.words) {
            *word &= !theirs;
        }
    }

    /// Turns the set into its complement.
    pub fn not(&mut self) {
        for word in &mut self.words {
            *word = !*word;
        }
        self.clear_tail();
    }

    /// Number of rows in the set.
    #[must_use]
    pub fn count(&self) -> usize {
        self.words.iter().map(|w| w.count_ones() as usize).sum()
    }

    /// Number of rows in both sets, without making a third one.
    #[must_use]
    pub fn count_and(&self, other: &BitSet) -> usize {
        self.words.iter().zip(&other.words).map(|(a, b)| (a & b).count_ones() as usize).sum()
    }

    /// Whether any row is in the set.
    #[must_use]
    pub fn any(&self) -> bool {
        self.words.iter().any(|w| *w != 0)
    }

    /// The rows in the set, rising.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.words.iter().enumerate().flat_map(|(i, &word)| Ones(word).map(move |bit| i * 64 + bit))
    }

    fn clear_tail(&mut self) {
        let used = self.len % 64;
        if used > 0
            && let Some(last) = self.words.last_mut()
        {
            *last &= (1u64 << used) - 1;
        }
    }
}

/// The positions of the ones in a word.
struct Ones(u64);

impl Iterator for Ones {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        if self.0 == 0 {
            return None;
        }
        let bit = self.0.trailing_zeros() as usize;
        self.0 &= self.0 - 1;
        Some(bit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::NumberBuilder;
    use proptest::prelude::*;

    #[test]
    fn rows_without_a_value_are_left_out_of_validity() {
        let mut builder = NumberBuilder::new();
        for i in 0..130u32 {
            builder.push((i % 3 != 0).then_some(f64::from(i)));
        }
        let set = BitSet::from_validity(&builder.finish());
        assert_eq!(set.count(), 130 - 44);
        assert!(set.iter().all(|row| row % 3 != 0));
    }

    #[test]
    fn a_complement_has_no_rows_behind_its_length() {
        let mut set = BitSet::empty(70);
        set.not();
        assert_eq!(set.count(), 70);
        assert_eq!(set.iter().last(), Some(69));
        set.set(70, true);
        assert!(!set.get(70));
    }

    proptest! {
        #[test]
        fn agrees_with_vectors_of_bool(a in prop::collection::vec(any::<bool>(), 0..300), seed in any::<u64>()) {
            let b: Vec<bool> = (0..a.len()).map(|i| (seed >> (i % 64)) & 1 == 1).collect();
            let (sa, sb) = (BitSet::from_fn(a.len(), |i| a[i]), BitSet::from_fn(b.len(), |i| b[i]));
            let check = |set: &BitSet, want: &dyn Fn(usize) -> bool| {
                let rows: Vec<usize> = (0..a.len()).filter(|&i| want(i)).collect();
                prop_assert_eq!(set.iter().collect::<Vec<_>>(), rows.clone());
                prop_assert_eq!(set.count(), rows.len());
                prop_assert_eq!(set.any(), !rows.is_empty());
                Ok(())
            };
            let mut s = sa.clone(); s.and(&sb); check(&s, &|i| a[i] && b[i])?;
            prop_assert_eq!(s.count(), sa.count_and(&sb));
            let mut s = sa.clone(); s.or(&sb); check(&s, &|i| a[i] || b[i])?;
            let mut s = sa.clone(); s.and_not(&sb); check(&s, &|i| a[i] && !b[i])?;
            let mut s = sa.clone(); s.not(); check(&s, &|i| !a[i])?;
        }
    }
}
