//! Histograms with round bin edges.

use super::{DescribeError, NumericColumn};

/// A histogram: bin i holds the values from `edges[i]` up to, but not including, `edges[i + 1]`; the last bin holds its
/// upper edge too.
#[derive(Debug, Clone, PartialEq)]
pub struct Histogram {
    /// One more edge than bins, rising.
    pub edges: Vec<f64>,
    /// Rows in each bin (their weights' sum where the column has weights).
    pub counts: Vec<f64>,
}

/// Counts a numeric column into about `n_bins` bins with round edges; none where no row has a value.
///
/// # Data
/// As in [`super::describe_numeric`].
/// # Degenerate input
/// A constant column gets one bin. A range too wide for a number gets no histogram.
/// # Errors
/// Slices of different lengths; a weight that is negative or not finite.
pub fn histogram(column: &NumericColumn<'_>, n_bins: usize) -> Result<Option<Histogram>, DescribeError> {
    column.check()?;
    let range = column.rows().fold(None, |range: Option<(f64, f64)>, (value, _)| {
        Some(range.map_or((value, value), |(min, max)| (min.min(value), max.max(value))))
    });
    let Some(edges) = range.and_then(|(min, max)| nice_edges(min, max, n_bins)) else {
        return Ok(None);
    };
    let mut counts = vec![0.0; edges.len() - 1];
    let width = edges[1] - edges[0];
    for (value, weight) in column.rows() {
        let guess = ((value - edges[0]) / width) as usize;
        counts[bin_of(value, guess, &edges)] += weight;
    }
    Ok(Some(Histogram { edges, counts }))
}

/// The bin of a value, from a guess that rounding may have moved by one.
fn bin_of(value: f64, guess: usize, edges: &[f64]) -> usize {
    let last = edges.len() - 2;
    let mut bin = guess.min(last);
    while bin < last && value >= edges[bin + 1] {
        bin += 1;
    }
    while bin > 0 && value < edges[bin] {
        bin -= 1;
    }
    bin
}

/// Rising edges on a grid of 1, 2 or 5 times a power of ten that cover `min` to `max` in about `n_bins` bins.
///
/// None where the range is not a finite number or too narrow for its size to be cut.
pub fn nice_edges(min: f64, max: f64, n_bins: usize) -> Option<Vec<f64>> {
    let range = max - min;
    if !range.is_finite() || range < 0.0 {
        return None;
    }
    let aim = n_bins.clamp(1, 1_000) as f64;
    let rough = if range > 0.0 { range / aim } else { 1.0 };
    // Below the spacing of numbers of this size there is nothing to cut.
    let rough = rough.max(min.abs().max(max.abs()) * 1e-12).max(f64::MIN_POSITIVE * 1e20);
    let step = Step::at_least(rough);
    let first = (min / step.size()).floor();
    let mut last = (max / step.size()).floor();
    if step.edge(last) < max || last <= first {
        last += 1.0;
    }
    let first = if step.edge(first) > min { first - 1.0 } else { first };
    let n = (last - first) as usize;
    let edges: Vec<f64> = (0..=n).map(|i| step.edge(first + i as f64)).collect();
    edges.iter().all(|e| e.is_finite()).then_some(edges)
}

/// A step of `digit` times 10^`exponent`.
struct Step {
    digit: f64,
    exponent: i32,
}

impl Step {
    /// The smallest step of 1, 2 or 5 times a power of ten that is not below `rough`.
    fn at_least(rough: f64) -> Self {
        let exponent = rough.log10().floor() as i32;
        let digit = rough / 10.0_f64.powi(exponent);
        // A hair of slack: 0.1 is not to become 0.2 because of its last bit.
        for candidate in [1.0, 2.0, 5.0] {
            if digit <= candidate * (1.0 + 1e-9) {
                return Self { digit: candidate, exponent };
            }
        }
        Self { digit: 1.0, exponent: exponent + 1 }
    }

    fn size(&self) -> f64 {
        self.edge(1.0)
    }

    /// The i-th edge; dividing by a whole power of ten gives 0.3 and not 0.30000000000000004.
    fn edge(&self, i: f64) -> f64 {
        if self.exponent < 0 {
            i * self.digit / 10.0_f64.powi(-self.exponent)
        } else {
            i * self.digit * 10.0_f64.powi(self.exponent)
        }
    }
}
