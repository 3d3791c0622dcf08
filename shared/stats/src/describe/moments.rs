//! Mean and variance in one pass, mergeable across chunks.

/// Count, mean, spread and range of values seen so far.
///
/// Two accumulators over two halves of a column merge into that of the whole.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Moments {
    sum_weights: f64,
    mean: f64,
    /// Sum of weighted squared deviations from the mean.
    squares: f64,
    range: Option<(f64, f64)>,
}

impl Moments {
    /// Takes in one finite value with a positive weight.
    pub fn push(&mut self, value: f64, weight: f64) {
        self.merge(&Self { sum_weights: weight, mean: value, squares: 0.0, range: Some((value, value)) });
    }

    /// Takes in everything another accumulator has seen.
    pub fn merge(&mut self, other: &Self) {
        let Some((other_min, other_max)) = other.range else {
            return;
        };
        let Some((min, max)) = self.range else {
            *self = *other;
            return;
        };
        let total = self.sum_weights + other.sum_weights;
        let difference = other.mean - self.mean;
        let share = other.sum_weights / total;
        self.mean += difference * share;
        self.squares += other.squares + difference * difference * self.sum_weights * share;
        self.sum_weights = total;
        self.range = Some((min.min(other_min), max.max(other_max)));
    }

    /// Sum of the weights; the number of values where each weighs 1.
    pub fn sum_weights(&self) -> f64 {
        self.sum_weights
    }

    /// The mean; none before the first value.
    pub fn mean(&self) -> Option<f64> {
        self.range.map(|_| self.mean)
    }

    /// Variance with denominator (sum of weights - 1); none where that is not positive.
    pub fn variance(&self) -> Option<f64> {
        (self.sum_weights > 1.0).then(|| self.squares / (self.sum_weights - 1.0))
    }

    /// Standard deviation, the variance's root.
    pub fn sd(&self) -> Option<f64> {
        self.variance().map(f64::sqrt)
    }

    /// The smallest value.
    pub fn min(&self) -> Option<f64> {
        self.range.map(|(min, _)| min)
    }

    /// The largest value.
    pub fn max(&self) -> Option<f64> {
        self.range.map(|(_, max)| max)
    }

    /// Weighted sum of squared deviations from the mean.
    pub(crate) fn squares(&self) -> f64 {
        self.squares
    }
}
