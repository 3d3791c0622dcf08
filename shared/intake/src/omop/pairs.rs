//! Concepts with words beside them, each pair once, by number.

use rustc_hash::FxHashMap;

/// A concept and the number of the source's words for it, each 0 where there is none.
pub(super) type Pair = (i64, u32);

/// Pairs, each once; number 0 says nothing.
pub(super) struct Pairs {
    numbers: FxHashMap<Pair, u32>,
    all: Vec<Pair>,
    /// The pairs that were asked for last, by their hash: rows repeat them.
    recent: Box<[(Pair, u32); 256]>,
}

impl Default for Pairs {
    fn default() -> Self {
        let nothing = (0, 0);
        Self {
            numbers: FxHashMap::from_iter([(nothing, 0)]),
            all: vec![nothing],
            recent: Box::new([(nothing, 0); 256]),
        }
    }
}

impl Pairs {
    /// The number of a pair.
    #[inline]
    pub(super) fn number(&mut self, pair: Pair) -> u32 {
        let hash = pair.0.cast_unsigned().wrapping_add(u64::from(pair.1)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let place = &mut self.recent[(hash >> 56) as usize & 255];
        if place.0 != pair {
            let next = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
            let number = *self.numbers.entry(pair).or_insert(next);
            if number == next {
                self.all.push(pair);
            }
            *place = (pair, number);
        }
        place.1
    }

    /// The pair of a number.
    #[inline]
    pub(super) fn get(&self, number: u32) -> Pair {
        self.all.get(number as usize).copied().unwrap_or_default()
    }

    pub(super) fn all(&self) -> &[Pair] {
        &self.all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_pair_has_one_number() {
        let mut pairs = Pairs::default();
        let asked = [(0, 0), (7, 0), (0, 7), (7, 7), (-7, 0), (7, 0), (0, 0)];
        let numbers: Vec<u32> = asked.iter().map(|pair| pairs.number(*pair)).collect();
        assert_eq!(numbers, [0, 1, 2, 3, 4, 1, 0]);
        for n in (0..2000).chain(0..2000) {
            let number = pairs.number((n, 1));
            assert_eq!(pairs.get(number), (n, 1));
        }
        assert_eq!(pairs.all().len(), 5 + 2000);
        assert_eq!(pairs.get(u32::MAX), (0, 0));
    }
}
