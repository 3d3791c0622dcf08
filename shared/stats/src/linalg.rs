//! Small dense symmetric systems: factor, solve, invert, and name the columns that others determine.
//!
//! Meant for tens of unknowns, not thousands. Start with [`Ldl::factor`].

use std::ops::{Index, IndexMut};

/// Pivots below this fraction of the largest diagonal element count as zero (machine epsilon to the power 0.75).
pub const ALIAS_TOLERANCE: f64 = 1.818_989_403_545_856_5e-12;

/// A dense matrix, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix {
    n_rows: usize,
    n_cols: usize,
    values: Vec<f64>,
}

impl Matrix {
    /// A matrix of zeros.
    pub fn zeros(n_rows: usize, n_cols: usize) -> Self {
        Self { n_rows, n_cols, values: vec![0.0; n_rows * n_cols] }
    }

    /// The identity of size `n`.
    pub fn identity(n: usize) -> Self {
        Self::from_fn(n, n, |row, col| f64::from(u8::from(row == col)))
    }

    /// A matrix whose element (row, column) is `f(row, column)`.
    pub fn from_fn(n_rows: usize, n_cols: usize, mut f: impl FnMut(usize, usize) -> f64) -> Self {
        let mut matrix = Self::zeros(n_rows, n_cols);
        for row in 0..n_rows {
            for col in 0..n_cols {
                matrix[(row, col)] = f(row, col);
            }
        }
        matrix
    }

    /// Number of rows.
    pub fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// Number of columns.
    pub fn n_cols(&self) -> usize {
        self.n_cols
    }

    /// All elements, row by row.
    pub fn as_slice(&self) -> &[f64] {
        &self.values
    }

    /// One row.
    pub fn row(&self, row: usize) -> &[f64] {
        &self.values[row * self.n_cols..(row + 1) * self.n_cols]
    }

    /// One row, to be changed.
    pub fn row_mut(&mut self, row: usize) -> &mut [f64] {
        &mut self.values[row * self.n_cols..(row + 1) * self.n_cols]
    }

    /// The product with a column vector as long as this matrix is wide.
    pub fn times(&self, vector: &[f64]) -> Vec<f64> {
        (0..self.n_rows).map(|row| self.row(row).iter().zip(vector).map(|(a, b)| a * b).sum()).collect()
    }

    /// The matrix product; `other` has as many rows as this has columns.
    pub fn multiply(&self, other: &Matrix) -> Matrix {
        let mut product = Matrix::zeros(self.n_rows, other.n_cols);
        for row in 0..self.n_rows {
            for (inner, &factor) in self.row(row).iter().enumerate() {
                for (target, value) in product.row_mut(row).iter_mut().zip(other.row(inner)) {
                    *target += factor * value;
                }
            }
        }
        product
    }

    /// Rows become columns.
    pub fn transpose(&self) -> Matrix {
        Matrix::from_fn(self.n_cols, self.n_rows, |row, col| self[(col, row)])
    }

    /// The rows and columns named by `keep`, in that order (square matrices).
    pub fn select(&self, keep: &[usize]) -> Matrix {
        Matrix::from_fn(keep.len(), keep.len(), |row, col| self[(keep[row], keep[col])])
    }

    /// The diagonal.
    pub fn diagonal(&self) -> Vec<f64> {
        (0..self.n_rows.min(self.n_cols)).map(|i| self[(i, i)]).collect()
    }
}

impl Index<(usize, usize)> for Matrix {
    type Output = f64;

    fn index(&self, (row, col): (usize, usize)) -> &f64 {
        &self.values[row * self.n_cols + col]
    }
}

impl IndexMut<(usize, usize)> for Matrix {
    fn index_mut(&mut self, (row, col): (usize, usize)) -> &mut f64 {
        &mut self.values[row * self.n_cols + col]
    }
}

/// The factors L D L' of a symmetric, positive semi-definite matrix, with aliased columns set aside.
///
/// A column whose pivot falls below the tolerance is a linear combination of earlier ones (or constant, or not
/// finite). It is left out of every solution (its element is zero) and its row and column of the inverse are zero,
/// so that the others are fitted as if it were not there: later columns give way to earlier ones, as in R.
#[derive(Debug, Clone)]
pub struct Ldl {
    /// Unit lower triangle below the diagonal, D on the diagonal.
    factors: Matrix,
    aliased: Vec<bool>,
    definite: bool,
}

impl Ldl {
    /// Factors a symmetric matrix; only its lower triangle is read.
    pub fn factor(matrix: &Matrix, tolerance: f64) -> Self {
        Self::factor_above(matrix, tolerance, &vec![0.0; matrix.n_rows()])
    }

    /// The same, with a pivot each column must reach in any case: how far rounding alone may have lifted it.
    pub fn factor_above(matrix: &Matrix, tolerance: f64, floor: &[f64]) -> Self {
        let n = matrix.n_rows();
        let mut factors = matrix.clone();
        let largest = (0..n).map(|i| matrix[(i, i)]).filter(|d| d.is_finite()).fold(0.0, f64::max);
        let threshold = largest * tolerance;
        let mut aliased = vec![false; n];
        let mut definite = true;
        for i in 0..n {
            let pivot = factors[(i, i)];
            if !pivot.is_finite() || pivot <= 0.0 || pivot < threshold.max(floor[i]) {
                aliased[i] = true;
                definite &= pivot >= -8.0 * threshold.max(floor[i]);
                factors[(i, i)] = 0.0;
                continue;
            }
            for j in i + 1..n {
                let ratio = factors[(j, i)] / pivot;
                factors[(j, j)] -= ratio * ratio * pivot;
                for k in j + 1..n {
                    let update = ratio * factors[(k, i)];
                    factors[(k, j)] -= update;
                }
                factors[(j, i)] = ratio;
            }
        }
        Self { factors, aliased, definite }
    }

    /// Which columns are determined by earlier ones.
    pub fn aliased(&self) -> &[bool] {
        &self.aliased
    }

    /// The number of columns that are not aliased.
    pub fn rank(&self) -> usize {
        self.aliased.iter().filter(|aliased| !**aliased).count()
    }

    /// False if a pivot was clearly negative: the matrix was not positive semi-definite.
    pub fn is_semi_definite(&self) -> bool {
        self.definite
    }

    /// Solves matrix x = `right`, with zero for aliased elements.
    pub fn solve(&self, right: &[f64]) -> Vec<f64> {
        let n = self.factors.n_rows();
        let mut x = right.to_vec();
        for i in 0..n {
            if self.aliased[i] {
                x[i] = 0.0;
                continue;
            }
            let known: f64 = (0..i).filter(|&j| !self.aliased[j]).map(|j| x[j] * self.factors[(i, j)]).sum();
            x[i] -= known;
        }
        for i in (0..n).rev() {
            if self.aliased[i] {
                continue;
            }
            let known: f64 = (i + 1..n).filter(|&j| !self.aliased[j]).map(|j| x[j] * self.factors[(j, i)]).sum();
            x[i] = x[i] / self.factors[(i, i)] - known;
        }
        x
    }

    /// The inverse, with zero rows and columns for aliased elements; exactly symmetric.
    pub fn inverse(&self) -> Matrix {
        let n = self.factors.n_rows();
        let mut inverse = Matrix::zeros(n, n);
        let mut unit = vec![0.0; n];
        for col in (0..n).filter(|&col| !self.aliased[col]) {
            unit[col] = 1.0;
            let column = self.solve(&unit);
            unit[col] = 0.0;
            for (row, value) in column.into_iter().enumerate() {
                inverse[(row, col)] = value;
            }
        }
        for row in 0..n {
            for col in 0..row {
                let mean = 0.5 * (inverse[(row, col)] + inverse[(col, row)]);
                inverse[(row, col)] = mean;
                inverse[(col, row)] = mean;
            }
        }
        inverse
    }

    /// The quadratic form `vector` ' matrix^-1 `vector`, aliased elements left out.
    pub fn quadratic_form(&self, vector: &[f64]) -> f64 {
        self.solve(vector).iter().zip(vector).map(|(a, b)| a * b).sum()
    }

    /// The logarithm of the determinant of the part that is not aliased.
    pub fn ln_determinant(&self) -> f64 {
        (0..self.factors.n_rows()).filter(|&i| !self.aliased[i]).map(|i| self.factors[(i, i)].ln()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_and_inverts_a_known_matrix() {
        let matrix = Matrix::from_fn(2, 2, |r, c| [[4.0, 2.0], [2.0, 3.0]][r][c]);
        let ldl = Ldl::factor(&matrix, ALIAS_TOLERANCE);
        // inverse of [[4,2],[2,3]] is [[3,-2],[-2,4]] / 8
        assert_eq!(ldl.solve(&[8.0, 8.0]), vec![1.0, 2.0]);
        let inverse = ldl.inverse();
        for (got, want) in inverse.as_slice().iter().zip([0.375, -0.25, -0.25, 0.5]) {
            assert!((got - want).abs() < 1e-15);
        }
        assert!((ldl.ln_determinant() - 8.0_f64.ln()).abs() < 1e-15);
        assert!((ldl.quadratic_form(&[8.0, 8.0]) - 24.0).abs() < 1e-13);
        assert_eq!(ldl.rank(), 2);
    }

    #[test]
    fn a_column_that_repeats_another_is_set_aside() {
        // third column = first + second
        let x = [[1.0, 0.0, 1.0], [0.0, 2.0, 2.0], [3.0, 1.0, 4.0], [1.0, 1.0, 2.0]];
        let gram = Matrix::from_fn(3, 3, |r, c| x.iter().map(|row| row[r] * row[c]).sum());
        let ldl = Ldl::factor(&gram, ALIAS_TOLERANCE);
        assert_eq!(ldl.aliased(), &[false, false, true]);
        assert!(ldl.is_semi_definite());
        let small = Ldl::factor(&gram.select(&[0, 1]), ALIAS_TOLERANCE);
        let all = ldl.solve(&[1.0, 2.0, 3.0]);
        let two = small.solve(&[1.0, 2.0]);
        assert!((all[0] - two[0]).abs() < 1e-14 && (all[1] - two[1]).abs() < 1e-14);
        assert_eq!(all[2], 0.0);
        assert_eq!(ldl.inverse().row(2), &[0.0, 0.0, 0.0]);
    }

    #[test]
    fn a_matrix_with_a_negative_direction_is_told() {
        let matrix = Matrix::from_fn(2, 2, |r, c| [[1.0, 2.0], [2.0, 1.0]][r][c]);
        assert!(!Ldl::factor(&matrix, ALIAS_TOLERANCE).is_semi_definite());
    }
}
