//! Inner loops over rows of covariates, padded to a multiple of four so that a compiler can use vector registers.

/// Lanes a row is padded to.
pub(crate) const LANES: usize = 4;

/// The width of a padded row.
pub(crate) fn padded(n: usize) -> usize {
    n.div_ceil(LANES) * LANES
}

/// The inner product of two padded rows; always summed in the same order, so that equal rows give equal products.
#[inline]
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut lanes = [0.0; LANES];
    for (a, b) in a.as_chunks::<LANES>().0.iter().zip(b.as_chunks::<LANES>().0) {
        for lane in 0..LANES {
            lanes[lane] += a[lane] * b[lane];
        }
    }
    (lanes[0] + lanes[1]) + (lanes[2] + lanes[3])
}

/// Adds `factor` times a padded row.
#[inline]
pub(crate) fn add_scaled(sum: &mut [f64], factor: f64, row: &[f64]) {
    for (sum, row) in sum.as_chunks_mut::<LANES>().0.iter_mut().zip(row.as_chunks::<LANES>().0) {
        for lane in 0..LANES {
            sum[lane] += factor * row[lane];
        }
    }
}

/// Rows that are added together: as many as stay near the processor while each block of sums goes over them.
const BATCH: usize = 64;

/// A sum of weighted outer products w x x' of padded rows; blocks above the diagonal are kept, the rest mirrored.
#[derive(Debug, Clone)]
pub(crate) struct Gram {
    width: usize,
    sums: Vec<f64>,
    /// Rows waiting until there are enough, with their weights.
    waiting: Vec<f64>,
    waiting_weights: Vec<f64>,
}

impl Gram {
    pub(crate) fn new(width: usize) -> Self {
        Self {
            width,
            sums: vec![0.0; width * width],
            waiting: Vec::with_capacity(BATCH * width),
            waiting_weights: Vec::with_capacity(BATCH),
        }
    }

    pub(crate) fn clear(&mut self) {
        self.sums.fill(0.0);
        self.waiting.clear();
        self.waiting_weights.clear();
    }

    /// Adds weight * row row'.
    #[inline]
    pub(crate) fn add(&mut self, weight: f64, row: &[f64]) {
        self.waiting.extend_from_slice(row);
        self.waiting_weights.push(weight);
        if self.waiting_weights.len() == BATCH {
            self.finish();
        }
    }

    /// Adds rows that lie one after the other, each with its weight.
    pub(crate) fn add_rows(&mut self, weights: &[f64], rows: &[f64]) {
        for (weights, rows) in weights.chunks(BATCH).zip(rows.chunks(BATCH * self.width)) {
            add_batch(&mut self.sums, self.width, weights, rows);
        }
    }

    /// The element (row, col) of the sum, after [`Gram::finish`].
    pub(crate) fn at(&self, row: usize, col: usize) -> f64 {
        let (low, high) = (row.min(col), row.max(col));
        self.sums[low * self.width + high]
    }

    /// Adds what is still waiting.
    pub(crate) fn finish(&mut self) {
        add_batch(&mut self.sums, self.width, &self.waiting_weights, &self.waiting);
        self.waiting.clear();
        self.waiting_weights.clear();
    }
}

/// Block by block of four by four sums, which stay in registers while all rows are gone over.
fn add_batch(sums: &mut [f64], width: usize, weights: &[f64], rows: &[f64]) {
    for row_block in (0..width).step_by(LANES) {
        for col_block in (row_block..width).step_by(LANES) {
            let mut block = [[0.0; LANES]; LANES];
            for (&weight, row) in weights.iter().zip(rows.chunks_exact(width)) {
                let (Some(a), Some(b)) =
                    (row[row_block..].first_chunk::<LANES>(), row[col_block..].first_chunk::<LANES>())
                else {
                    continue;
                };
                for (sums, a) in block.iter_mut().zip(a) {
                    let factor = weight * a;
                    for (sum, b) in sums.iter_mut().zip(b) {
                        *sum += factor * b;
                    }
                }
            }
            for (row, block) in (row_block..).zip(&block) {
                let at = row * width + col_block;
                for (sum, block) in sums[at..at + LANES].iter_mut().zip(block) {
                    *sum += block;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gram_is_the_sum_of_outer_products() {
        let width = padded(5);
        assert_eq!(width, 8);
        let rows: Vec<f64> = (0..7 * width).map(|i| ((i * 37) % 11) as f64 - 5.0).collect();
        let weights: Vec<f64> = (0..7).map(|i| f64::from(i) - 2.5).collect();
        let mut by_rows = Gram::new(width);
        by_rows.add_rows(&weights, &rows);
        by_rows.finish();
        let mut one_by_one = Gram::new(width);
        for (weight, row) in weights.iter().zip(rows.chunks_exact(width)) {
            one_by_one.add(*weight, row);
        }
        one_by_one.finish();
        for i in 0..width {
            for j in 0..width {
                let want: f64 = (0..7).map(|r| weights[r] * rows[r * width + i] * rows[r * width + j]).sum();
                assert!((by_rows.at(i, j) - want).abs() < 1e-12);
                assert!((one_by_one.at(i, j) - want).abs() < 1e-12);
            }
        }
    }
}
