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

/// A sum of weighted outer products w x x' of padded rows; blocks above the diagonal are kept, the rest mirrored.
#[derive(Debug, Clone)]
pub(crate) struct Gram {
    width: usize,
    sums: Vec<f64>,
    /// Rows waiting until there are four, with their weights.
    waiting: Vec<f64>,
    waiting_weight: [f64; 4],
    n_waiting: usize,
}

impl Gram {
    pub(crate) fn new(width: usize) -> Self {
        Self {
            width,
            sums: vec![0.0; width * width],
            waiting: vec![0.0; 4 * width],
            waiting_weight: [0.0; 4],
            n_waiting: 0,
        }
    }

    pub(crate) fn clear(&mut self) {
        self.sums.fill(0.0);
        self.n_waiting = 0;
    }

    /// Adds weight * row row'.
    #[inline]
    pub(crate) fn add(&mut self, weight: f64, row: &[f64]) {
        let at = self.n_waiting * self.width;
        self.waiting[at..at + self.width].copy_from_slice(row);
        self.waiting_weight[self.n_waiting] = weight;
        self.n_waiting += 1;
        if self.n_waiting == 4 {
            self.n_waiting = 0;
            add_four(&mut self.sums, self.width, &self.waiting, self.waiting_weight);
        }
    }

    /// Adds rows that lie one after the other, each with its weight.
    pub(crate) fn add_rows(&mut self, weights: &[f64], rows: &[f64]) {
        let (fours, rest) = weights.as_chunks::<4>();
        let blocks = rows.chunks_exact(4 * self.width);
        let remainder = blocks.remainder();
        for (weights, block) in fours.iter().zip(blocks) {
            add_four(&mut self.sums, self.width, block, *weights);
        }
        for (&weight, row) in rest.iter().zip(remainder.chunks_exact(self.width)) {
            self.add(weight, row);
        }
    }

    /// The element (row, col) of the sum, after [`Gram::finish`].
    pub(crate) fn at(&self, row: usize, col: usize) -> f64 {
        let (low, high) = (row.min(col), row.max(col));
        self.sums[low * self.width + high]
    }

    /// Adds what is still waiting.
    pub(crate) fn finish(&mut self) {
        for i in self.n_waiting..4 {
            self.waiting_weight[i] = 0.0;
            self.waiting[i * self.width..(i + 1) * self.width].fill(0.0);
        }
        if self.n_waiting > 0 {
            self.n_waiting = 0;
            add_four(&mut self.sums, self.width, &self.waiting, self.waiting_weight);
        }
    }
}

/// Four rows at once: each sum is loaded and stored a quarter as often.
#[inline]
fn add_four(sums: &mut [f64], width: usize, rows: &[f64], weights: [f64; 4]) {
    let (a, rest) = rows.split_at(width);
    let (b, rest) = rest.split_at(width);
    let (c, d) = rest.split_at(width);
    for i in 0..width {
        let factors = [weights[0] * a[i], weights[1] * b[i], weights[2] * c[i], weights[3] * d[i]];
        let from = i / LANES * LANES;
        let target = sums[i * width + from..(i + 1) * width].as_chunks_mut::<LANES>().0;
        let (a, b) = (a[from..].as_chunks::<LANES>().0, b[from..].as_chunks::<LANES>().0);
        let (c, d) = (c[from..].as_chunks::<LANES>().0, d[from..].as_chunks::<LANES>().0);
        for ((((sum, a), b), c), d) in target.iter_mut().zip(a).zip(b).zip(c).zip(d) {
            for lane in 0..LANES {
                sum[lane] += factors[0] * a[lane] + factors[1] * b[lane] + factors[2] * c[lane] + factors[3] * d[lane];
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
