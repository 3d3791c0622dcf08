//! Random numbers that are the same on every machine.

use rand::{RngCore as _, SeedableRng as _};
use rand_chacha::ChaCha12Rng;

/// A stream of random numbers.
pub(crate) struct Stream(ChaCha12Rng);

impl Stream {
    /// The stream of one person: independent of how many persons there are and in which order they are made.
    pub(crate) fn of_person(seed: u64, person: u32) -> Self {
        let mut rng = ChaCha12Rng::seed_from_u64(seed);
        rng.set_stream(u64::from(person));
        Self(rng)
    }

    /// Uniform in (0, 1).
    pub(crate) fn uniform(&mut self) -> f64 {
        let bits = self.0.next_u64() >> 11;
        #[expect(clippy::cast_precision_loss, reason = "53 bits fit exactly")]
        let whole = bits as f64;
        (whole + 0.5) / 9_007_199_254_740_992.0
    }

    /// Standard normal (Box and Muller).
    pub(crate) fn normal(&mut self) -> f64 {
        let radius = libm::sqrt(-2.0 * libm::log(self.uniform()));
        radius * libm::cos(2.0 * std::f64::consts::PI * self.uniform())
    }

    /// True with a probability.
    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.uniform() < probability
    }

    /// A whole number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i32, high: i32) -> i32 {
        let span = f64::from(high - low) + 1.0;
        #[expect(clippy::cast_possible_truncation, reason = "below the span, which is an i32")]
        let step = libm::floor(self.uniform() * span) as i32;
        (low + step).min(high)
    }

    /// One of a list.
    pub(crate) fn pick<'a, T: ?Sized>(&mut self, list: &[&'a T]) -> &'a T {
        let last = i32::try_from(list.len()).unwrap_or(i32::MAX) - 1;
        list[usize::try_from(self.between(0, last)).unwrap_or(0)]
    }
}

/// The logistic function.
pub(crate) fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}
