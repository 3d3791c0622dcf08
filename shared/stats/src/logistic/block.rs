//! Sums of products over rows, a block of rows at a time, so that the machine multiplies several rows at once.

use crate::linalg::Matrix;

/// Rows taken in at once.
pub(super) const ROWS: usize = 256;
/// Sums kept side by side.
const LANES: usize = 8;

/// One number for each row of a block; rows beyond the data's end weigh nothing.
pub(super) type PerRow = [f64; ROWS];

/// A block of the design: one column a coefficient.
pub(super) struct Block {
    pub(super) columns: Vec<PerRow>,
    weighted: PerRow,
}

impl Block {
    /// A block of `n` columns of ones.
    pub(super) fn new(n: usize) -> Self {
        Self { columns: vec![[1.0; ROWS]; n], weighted: [0.0; ROWS] }
    }

    /// Adds each column's sum, weighted by row.
    pub(super) fn add_sums(&self, weights: &PerRow, sums: &mut [f64]) {
        for (sum, column) in sums.iter_mut().zip(&self.columns) {
            *sum += dot(column, weights);
        }
    }

    /// Adds the products of all pairs of columns, weighted by row, to the lower triangle.
    pub(super) fn add_products(&mut self, weights: &PerRow, products: &mut Matrix) {
        for (i, column) in self.columns.iter().enumerate() {
            for (target, (value, weight)) in self.weighted.iter_mut().zip(column.iter().zip(weights)) {
                *target = value * weight;
            }
            for (target, other) in products.row_mut(i).iter_mut().zip(&self.columns[..=i]) {
                *target += dot(&self.weighted, other);
            }
        }
    }
}

fn dot(a: &PerRow, b: &PerRow) -> f64 {
    let mut lanes = [0.0; LANES];
    for (a, b) in a.chunks_exact(LANES).zip(b.chunks_exact(LANES)) {
        for (lane, (a, b)) in lanes.iter_mut().zip(a.iter().zip(b)) {
            *lane += a * b;
        }
    }
    lanes.iter().sum()
}
