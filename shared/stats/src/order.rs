//! Putting times in order, in linear time, and deciding which of them are the same time.
//!
//! Whole numbers in a bounded range are counted ([`whole_number_bound`]); anything else is sorted by its bits
//! ([`sorted`]). [`TimeOrder`] adds R's rule for times that differ by rounding only.

/// A value's bits in an order-preserving form, with the row it came from.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Keyed {
    bits: u64,
    row: u32,
}

impl Keyed {
    pub(crate) fn new(value: f64, row: u32) -> Self {
        // adding zero turns -0.0 into 0.0, so that the two tie
        let bits = (value + 0.0).to_bits();
        let bits = if bits >> 63 == 1 { !bits } else { bits | (1 << 63) };
        Self { bits, row }
    }

    pub(crate) fn value(self) -> f64 {
        f64::from_bits(if self.bits >> 63 == 1 { self.bits & !(1 << 63) } else { !self.bits })
    }

    pub(crate) fn row(self) -> usize {
        self.row as usize
    }
}

const DIGIT_BITS: u32 = 11;
const BUCKETS: usize = 1 << DIGIT_BITS;
const N_DIGITS: u32 = 3;
/// Below this many values a comparison sort is faster.
const SMALL: usize = 512;

/// The largest value if all are whole numbers from 0 to `limit`.
pub(crate) fn whole_number_bound(values: &[f64], limit: u32) -> Option<u32> {
    let mut largest = 0;
    for chunk in values.chunks(4096) {
        let mut whole = true;
        for &value in chunk {
            // the cast saturates, so a value out of range does not survive the way back
            let truncated = value as u32;
            whole &= f64::from(truncated) == value;
            largest = largest.max(truncated);
        }
        if !whole || largest > limit {
            return None;
        }
    }
    Some(largest)
}

/// How large whole numbers may be for counting to be worth its memory.
pub(crate) fn counting_limit(n: usize) -> u32 {
    // At 2^24 neighbouring whole numbers are still further apart than R's tolerance for equal times.
    u32::try_from(n.saturating_mul(4)).unwrap_or(u32::MAX).clamp(1 << 16, 1 << 24)
}

/// All values in ascending order, equal ones in row order.
///
/// Radix sort on the 33 highest bits that vary; what those leave undecided is settled run by run.
pub(crate) fn sorted(values: &[f64]) -> Vec<Keyed> {
    let mut keys: Vec<Keyed> = values.iter().zip(0u32..).map(|(&value, row)| Keyed::new(value, row)).collect();
    if keys.len() <= SMALL {
        keys.sort_unstable_by_key(|key| (key.bits, key.row));
        return keys;
    }
    let shift = radix_sort(&mut keys, &mut Vec::new());
    if shift > 0 {
        settle_runs(&mut keys, shift);
    }
    keys
}

/// Something that is sorted by 64 bits.
trait Bits: Copy + Default {
    fn bits(self) -> u64;
}

impl Bits for Keyed {
    fn bits(self) -> u64 {
        self.bits
    }
}

impl Bits for u64 {
    fn bits(self) -> u64 {
        self
    }
}

/// Sorts by the 33 highest bits that vary, keeping the order of equals; answers how many bits were not looked at.
fn radix_sort<K: Bits>(keys: &mut Vec<K>, other: &mut Vec<K>) -> u32 {
    let (any, all) = keys.iter().fold((0, u64::MAX), |(any, all), key| (any | key.bits(), all & key.bits()));
    let used_bits = 64 - (any ^ all).leading_zeros();
    let shift = used_bits.saturating_sub(DIGIT_BITS * N_DIGITS);
    let digit = |key: K, pass: u32| (key.bits() >> (shift + pass * DIGIT_BITS)) as usize & (BUCKETS - 1);
    let mut counts = [[0u32; BUCKETS]; N_DIGITS as usize];
    for &key in keys.iter() {
        for (pass, count) in (0..N_DIGITS).zip(counts.iter_mut()) {
            count[digit(key, pass)] += 1;
        }
    }
    other.resize(keys.len(), K::default());
    for (pass, count) in (0..N_DIGITS).zip(counts.iter_mut()) {
        if keys.first().is_none_or(|&first| count[digit(first, pass)] as usize == keys.len()) {
            continue;
        }
        let mut next = 0;
        for slot in count.iter_mut() {
            let n = *slot;
            *slot = next;
            next += n;
        }
        for &key in keys.iter() {
            let slot = &mut count[digit(key, pass)];
            other[*slot as usize] = key;
            *slot += 1;
        }
        std::mem::swap(keys, other);
    }
    shift
}

/// Sorts numbers; `other` is room to work in.
pub(crate) fn sort_bits(keys: &mut Vec<u64>, other: &mut Vec<u64>) {
    if keys.len() <= SMALL {
        keys.sort_unstable();
        return;
    }
    let shift = radix_sort(keys, other);
    if shift > 0 {
        for run in keys.chunk_by_mut(|a, b| a >> shift == b >> shift).filter(|run| run.len() > 1) {
            run.sort_unstable();
        }
    }
}

fn settle_runs(keys: &mut [Keyed], shift: u32) {
    for run in keys.chunk_by_mut(|a, b| a.bits >> shift == b.bits >> shift).filter(|r| r.len() > 1) {
        run.sort_unstable_by_key(|key| (key.bits, key.row));
    }
}

/// Rows in ascending order of whole-number values, equal ones in row order.
pub(crate) fn counting_order(values: &[f64], largest: u32) -> Vec<Keyed> {
    let mut next = vec![0u32; largest as usize + 2];
    for &value in values {
        next[value as usize + 1] += 1;
    }
    for i in 1..next.len() {
        next[i] += next[i - 1];
    }
    let mut order = vec![Keyed::default(); values.len()];
    for (&value, row) in values.iter().zip(0u32..) {
        let slot = &mut next[value as usize];
        order[*slot as usize] = Keyed::new(value, row);
        *slot += 1;
    }
    order
}

/// Rows in ascending order by whichever way is fastest for these values.
pub(crate) fn fastest(values: &[f64]) -> Vec<Keyed> {
    match whole_number_bound(values, counting_limit(values.len())) {
        Some(largest) if values.len() > SMALL => counting_order(values, largest),
        _ => sorted(values),
    }
}

/// Relative and absolute difference below which two times are one time (R: `aeqSurv`).
const SAME_TIME: f64 = 1.490_116_119_384_765_6e-8;

/// The mean of distinct times, which R's tolerance is relative to.
#[derive(Debug, Default)]
pub(crate) struct DistinctMean {
    sum: f64,
    n: usize,
}

impl DistinctMean {
    pub(crate) fn add(&mut self, time: f64) {
        self.sum += time.abs();
        self.n += 1;
    }

    pub(crate) fn tolerance(&self) -> f64 {
        SAME_TIME * (self.sum / self.n.max(1) as f64).max(1.0)
    }
}

/// Gives ascending times the first time of their chain.
#[derive(Debug)]
pub(crate) struct Chain {
    tolerance: f64,
    previous: f64,
    first: f64,
}

impl Chain {
    pub(crate) fn new(tolerance: f64) -> Self {
        Self { tolerance, previous: f64::NEG_INFINITY, first: f64::NEG_INFINITY }
    }

    pub(crate) fn join(&mut self, time: f64) -> f64 {
        if time - self.previous > self.tolerance {
            self.first = time;
        }
        self.previous = time;
        self.first
    }
}

/// Exit and entry times in order, with times that differ by rounding only made equal.
///
/// R's rule (`survival::aeqSurv`, applied by `survfit`, `survdiff` and `coxph` unless `timefix = FALSE`): of the
/// sorted distinct entry and exit times, neighbours that differ by at most the square root of the machine epsilon,
/// absolutely or relative to the mean of the distinct times, are one time: the earliest of the chain.
#[derive(Debug)]
pub(crate) struct TimeOrder {
    pub(crate) exit: Vec<Keyed>,
    pub(crate) entry: Option<Vec<Keyed>>,
}

impl TimeOrder {
    /// Orders and joins; the error lists rows whose interval has become empty.
    pub(crate) fn new(time: &[f64], entry: Option<&[f64]>) -> Result<Self, Vec<usize>> {
        let mut order = Self { exit: fastest(time), entry: entry.map(fastest) };
        order.join_times()?;
        Ok(order)
    }

    fn join_times(&mut self) -> Result<(), Vec<usize>> {
        let mut mean = DistinctMean::default();
        self.each_distinct(|time| mean.add(time));
        let tolerance = mean.tolerance();
        let mut previous = f64::NEG_INFINITY;
        let mut any = false;
        self.each_distinct(|time| {
            any |= time - previous <= tolerance;
            previous = time;
        });
        if any { self.join(tolerance) } else { Ok(()) }
    }

    /// Makes each time the first of its chain.
    fn join(&mut self, tolerance: f64) -> Result<(), Vec<usize>> {
        let mut chain = Chain::new(tolerance);
        let entry = self.entry.as_deref_mut().unwrap_or_default();
        let mut next = 0;
        for key in &mut self.exit {
            while next < entry.len() && entry[next].bits < key.bits {
                entry[next] = Keyed::new(chain.join(entry[next].value()), entry[next].row);
                next += 1;
            }
            *key = Keyed::new(chain.join(key.value()), key.row);
        }
        for key in &mut entry[next..] {
            *key = Keyed::new(chain.join(key.value()), key.row);
        }
        // rows that have become equal go back to row order
        settle_runs(&mut self.exit, 0);
        let Some(entry) = &mut self.entry else { return Ok(()) };
        settle_runs(entry, 0);
        let mut entry_of = vec![0.0; entry.len()];
        for key in entry.iter() {
            entry_of[key.row()] = key.value();
        }
        let is_empty = |key: &&Keyed| entry_of[key.row()] >= key.value();
        let mut empty: Vec<usize> = self.exit.iter().filter(is_empty).map(|key| key.row()).collect();
        empty.sort_unstable();
        if empty.is_empty() { Ok(()) } else { Err(empty) }
    }

    /// Calls `f` with the distinct entry and exit times, ascending.
    fn each_distinct(&self, mut f: impl FnMut(f64)) {
        let entry = self.entry.as_deref().unwrap_or_default();
        let mut last = None;
        let mut once = |key: Keyed| {
            if last != Some(key.bits) {
                last = Some(key.bits);
                f(key.value());
            }
        };
        let mut next = 0;
        for &key in &self.exit {
            while next < entry.len() && entry[next].bits < key.bits {
                once(entry[next]);
                next += 1;
            }
            once(key);
        }
        for &key in &entry[next..] {
            once(key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scrambled(n: usize, f: impl Fn(u64) -> f64) -> Vec<f64> {
        let mut state = 42u64;
        (0..n)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                f(state >> 11)
            })
            .collect()
    }

    fn check(values: &[f64]) {
        let order = sorted(values);
        let mut want: Vec<usize> = (0..values.len()).collect();
        want.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
        assert_eq!(order.iter().map(|k| k.row()).collect::<Vec<_>>(), want);
        assert!(order.iter().all(|k| k.value() == values[k.row()]));
    }

    #[test]
    fn radix_sort_agrees_with_a_stable_comparison_sort() {
        check(&scrambled(5000, |s| s as f64 / 1e12));
        check(&scrambled(5000, |s| (s % 97) as f64));
        check(&scrambled(5000, |s| (s % 1000) as f64 / 8.0 - 50.0));
        // all within the last few bits, then spread over many magnitudes
        check(&scrambled(5000, |s| 1.0 + (s % 600) as f64 * f64::EPSILON));
        check(&scrambled(5000, |s| (2.0_f64).powi((s % 1800) as i32 - 900) * (1 + s % 3) as f64));
        check(&vec![3.25; 2000]);
    }

    #[test]
    fn counting_agrees_with_sorting() {
        let values = scrambled(3000, |s| (s % 365) as f64);
        let counted: Vec<usize> = counting_order(&values, 364).iter().map(|k| k.row()).collect();
        assert_eq!(counted, sorted(&values).iter().map(|k| k.row()).collect::<Vec<_>>());
        assert_eq!(whole_number_bound(&values, 1000), values.iter().map(|v| *v as u32).max());
        assert_eq!(whole_number_bound(&values, 100), None);
        assert_eq!(whole_number_bound(&[1.0, 2.5], 100), None);
        assert_eq!(whole_number_bound(&[-1.0], 100), None);
    }

    #[test]
    fn times_that_differ_by_rounding_are_one_time() {
        let a = 0.1 + 0.2;
        let order = TimeOrder::new(&[1.0, a, 0.3], None).unwrap();
        let values: Vec<f64> = order.exit.iter().map(|k| k.value()).collect();
        assert_eq!(values, vec![0.3, 0.3, 1.0]);
        assert_eq!(order.exit.iter().map(|k| k.row()).collect::<Vec<_>>(), vec![1, 2, 0]);
        assert_eq!(TimeOrder::new(&[1.0, 0.1 + 0.2], Some(&[0.0, 0.3])).unwrap_err(), vec![1]);
    }
}
