//! Counts of rows or sums of weights, in as little memory as each needs.

/// A column of non-negative numbers.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Column {
    /// Numbers of rows, where all weights are 1.
    Counts(Vec<u32>),
    /// Sums of weights.
    Weights(Vec<f64>),
}

impl Default for Column {
    fn default() -> Self {
        Self::Weights(Vec::new())
    }
}

impl Column {
    /// The number at `i`; 0 beyond the end, where nobody is left.
    #[inline]
    pub(crate) fn get(&self, i: usize) -> f64 {
        match self {
            Self::Counts(counts) => counts.get(i).copied().map_or(0.0, f64::from),
            Self::Weights(weights) => weights.get(i).copied().unwrap_or(0.0),
        }
    }

    /// The sum of all.
    pub(crate) fn sum(&self) -> f64 {
        match self {
            Self::Counts(counts) => counts.iter().map(|&n| u64::from(n)).sum::<u64>() as f64,
            Self::Weights(weights) => weights.iter().sum(),
        }
    }

    /// The numbers of rows, if that is what they are.
    pub(crate) fn counts(&self) -> Option<&[u32]> {
        match self {
            Self::Counts(counts) => Some(counts),
            Self::Weights(_) => None,
        }
    }

    /// Sums up to and including each element.
    pub(crate) fn running_sums(&self) -> Vec<f64> {
        let n = match self {
            Self::Counts(counts) => counts.len(),
            Self::Weights(weights) => weights.len(),
        };
        let mut sum = 0.0;
        (0..n)
            .map(|i| {
                sum += self.get(i);
                sum
            })
            .collect()
    }
}
