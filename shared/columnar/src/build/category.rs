//! Builds a column of levels over a hashing dictionary.

use std::hash::BuildHasher as _;
use std::sync::Arc;

use arrow_array::UInt32Array;
use rustc_hash::FxBuildHasher;

use super::validity::Validity;
use crate::{Category, Column};

/// A free slot of the hash table.
const FREE: u32 = u32::MAX;

/// Builds a column of levels. Levels are numbered as they come and sorted at the end: by value where every level is a
/// number, else by their bytes.
#[derive(Clone, Debug)]
pub struct CategoryBuilder {
    codes: Vec<u32>,
    validity: Validity,
    levels: Vec<String>,
    /// Open addressing over `levels`; the length is a power of two.
    slots: Vec<u32>,
    /// Codes of levels of one byte, which most coded columns have.
    one_byte: Box<[u32; 256]>,
}

impl Default for CategoryBuilder {
    fn default() -> Self {
        Self {
            codes: Vec::new(),
            validity: Validity::default(),
            levels: Vec::new(),
            slots: vec![FREE; 16],
            one_byte: Box::new([FREE; 256]),
        }
    }
}

impl CategoryBuilder {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes room for `rows` more rows, no more.
    pub fn reserve(&mut self, rows: usize) {
        self.codes.reserve_exact(rows);
    }

    /// Adds a row.
    #[inline]
    pub fn push(&mut self, level: Option<&str>) {
        match level {
            Some(level) => {
                let code = self.intern(level);
                self.codes.push(code);
                self.validity.push(true);
            }
            None => {
                self.codes.push(0);
                self.validity.push(false);
            }
        }
    }

    /// Adds a row by the code [`CategoryBuilder::intern`] gave. An unknown code counts as missing.
    #[inline]
    pub fn push_code(&mut self, code: u32) {
        let known = (code as usize) < self.levels.len();
        self.codes.push(if known { code } else { 0 });
        self.validity.push(known);
    }

    /// The code of a level until [`CategoryBuilder::finish`]; makes one for a new level.
    #[inline]
    pub fn intern(&mut self, level: &str) -> u32 {
        if let &[byte] = level.as_bytes() {
            let code = self.one_byte[usize::from(byte)];
            if code != FREE {
                return code;
            }
            let code = self.intern_slow(level);
            self.one_byte[usize::from(byte)] = code;
            return code;
        }
        self.intern_slow(level)
    }

    /// The code of a level of one ASCII letter that was interned before.
    #[inline]
    #[must_use]
    pub fn known_byte(&self, byte: u8) -> Option<u32> {
        let code = self.one_byte[usize::from(byte)];
        (code != FREE).then_some(code)
    }

    fn intern_slow(&mut self, level: &str) -> u32 {
        let slot = self.slot_of(level);
        if let Some(&code) = self.slots.get(slot)
            && code != FREE
        {
            return code;
        }
        let code = u32::try_from(self.levels.len()).unwrap_or(FREE - 1);
        self.levels.push(level.to_owned());
        if self.levels.len() * 2 > self.slots.len() {
            self.grow();
        } else if let Some(place) = self.slots.get_mut(slot) {
            *place = code;
        }
        code
    }

    /// The slot that holds the level, or the free one where it belongs.
    fn slot_of(&self, level: &str) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = fold(FxBuildHasher.hash_one(level.as_bytes())) & mask;
        loop {
            match self.slots.get(slot) {
                Some(&code) if code != FREE && self.levels.get(code as usize).is_none_or(|l| l != level) => {
                    slot = (slot + 1) & mask;
                }
                _ => return slot,
            }
        }
    }

    #[cold]
    fn grow(&mut self) {
        let n = self.slots.len() * 4;
        self.slots = vec![FREE; n];
        let mask = n - 1;
        for (code, level) in (0u32..).zip(&self.levels) {
            let mut slot = fold(FxBuildHasher.hash_one(level.as_bytes())) & mask;
            while self.slots.get(slot).is_some_and(|&c| c != FREE) {
                slot = (slot + 1) & mask;
            }
            if let Some(place) = self.slots.get_mut(slot) {
                *place = code;
            }
        }
    }

    /// Forgets all rows from `rows` on. Their levels go at the end if nobody else has them.
    pub fn truncate(&mut self, rows: usize) {
        self.codes.truncate(rows);
        self.validity.truncate(rows);
    }

    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// Number of rows without a value.
    #[must_use]
    pub fn n_missing(&self) -> usize {
        self.validity.n_missing()
    }

    /// Levels seen so far, in the order they came.
    #[must_use]
    pub fn levels(&self) -> &[String] {
        &self.levels
    }

    /// The column: only levels that a row has, sorted.
    #[must_use]
    pub fn finish(self) -> Column {
        self.finish_with(|level| level)
    }

    /// The column, after every level went through `change` (levels that become equal become one).
    #[must_use]
    pub fn finish_with(mut self, mut change: impl FnMut(String) -> String) -> Column {
        let nulls = self.validity.finish();
        let mut used = vec![false; self.levels.len()];
        for (row, &code) in self.codes.iter().enumerate() {
            if nulls.as_ref().is_none_or(|n| n.is_valid(row))
                && let Some(flag) = used.get_mut(code as usize)
            {
                *flag = true;
            }
        }
        let mut order: Vec<(String, usize)> = std::mem::take(&mut self.levels)
            .into_iter()
            .enumerate()
            .filter(|(code, _)| used.get(*code) == Some(&true))
            .map(|(code, level)| (change(level), code))
            .collect();
        sort_levels(&mut order);
        let mut levels: Vec<String> = Vec::with_capacity(order.len());
        let mut new_code = vec![0u32; used.len()];
        for (level, old) in order {
            if levels.last() != Some(&level) {
                levels.push(level);
            }
            if let Some(place) = new_code.get_mut(old) {
                *place = u32::try_from(levels.len() - 1).unwrap_or(0);
            }
        }
        for code in &mut self.codes {
            *code = new_code.get(*code as usize).copied().unwrap_or(0);
        }
        self.codes.shrink_to_fit();
        let codes = UInt32Array::new(self.codes.into(), nulls);
        Column::Category(Category { codes, levels: Arc::from(levels) })
    }
}

/// FxHash leaves its best bits on top.
fn fold(hash: u64) -> usize {
    ((hash >> 32) ^ hash) as usize
}

/// Sorts levels by value where all are numbers, else by their bytes.
fn sort_levels(levels: &mut [(String, usize)]) {
    let value = |level: &str| level.parse::<f64>().ok().filter(|v| v.is_finite());
    if levels.iter().all(|(l, _)| value(l).is_some()) {
        levels.sort_by(|(a, i), (b, j)| {
            let (x, y) = (value(a).unwrap_or(0.0), value(b).unwrap_or(0.0));
            x.total_cmp(&y).then_with(|| a.cmp(b)).then(i.cmp(j))
        });
    } else {
        levels.sort();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn category(column: Column) -> Category {
        match column {
            Column::Category(c) => c,
            other => panic!("not a category: {other:?}"),
        }
    }

    #[test]
    fn numbers_are_sorted_by_value_and_words_by_letters() {
        let build = |values: &[&str]| {
            let mut b = CategoryBuilder::new();
            values.iter().for_each(|v| b.push(Some(v)));
            category(b.finish()).levels.to_vec()
        };
        assert_eq!(build(&["10", "9", "1", "9"]), ["1", "9", "10"]);
        assert_eq!(build(&["10", "9", "x"]), ["10", "9", "x"]);
    }

    #[test]
    fn a_level_of_a_forgotten_row_is_no_level() {
        let mut b = CategoryBuilder::new();
        b.push(Some("a"));
        b.push(Some("gone"));
        b.truncate(1);
        b.push(None);
        b.push(Some("b"));
        let c = category(b.finish());
        assert_eq!(&*c.levels, ["a", "b"]);
        assert_eq!((c.level(0), c.level(1), c.level(2)), (Some("a"), None, Some("b")));
    }

    #[test]
    fn levels_that_become_equal_become_one() {
        let mut b = CategoryBuilder::new();
        for level in ["02139", "02140", "90210"] {
            b.push(Some(level));
        }
        let c = category(b.finish_with(|l| l[..3].to_owned()));
        assert_eq!(&*c.levels, ["021", "902"]);
        assert_eq!((c.level(0), c.level(1), c.level(2)), (Some("021"), Some("021"), Some("902")));
    }

    proptest! {
        #[test]
        fn gives_back_what_was_pushed(values in prop::collection::vec(prop::option::of("[a-c0-9é]{0,3}"), 0..400)) {
            let mut b = CategoryBuilder::new();
            values.iter().for_each(|v| b.push(v.as_deref()));
            prop_assert_eq!(b.n_missing(), values.iter().filter(|v| v.is_none()).count());
            let c = category(b.finish());
            for (row, value) in values.iter().enumerate() {
                prop_assert_eq!(c.level(row), value.as_deref());
            }
        }
    }
}
