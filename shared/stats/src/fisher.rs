//! Fisher's exact test of a two-by-two table.

/// A probability within this factor of the observed one counts as equal to it, as in R: rounding decides no tie.
const TIE: f64 = 1.0 + 1e-7;

/// Two-sided p-value of Fisher's exact test.
///
/// The sum of the probabilities of all tables with the same margins that are no more probable than the observed one.
///
/// # Data
/// Rows exposed / unexposed, columns event / no event: `a b` over `c d`.
/// # Degenerate input
/// A margin of zero leaves one possible table: the p-value is 1.
/// # Agrees with
/// R 4.2 `fisher.test(m)$p.value`, 1e-9 (`tests/it/against_r_tables.rs`).
/// # Reference
/// R. A. Fisher, J. R. Stat. Soc. 98 (1935).
pub fn fisher_exact_p(a: u64, b: u64, c: u64, d: u64) -> f64 {
    let relative = RelativeProbabilities::new(a, b, c, d);
    let observed = relative.of(a);
    let mut total = NeumaierSum::default();
    let mut tail = NeumaierSum::default();
    relative.each(|probability| {
        total.add(probability);
        if probability <= observed * TIE {
            tail.add(probability);
        }
    });
    (tail.value() / total.value()).min(1.0)
}

/// Hypergeometric probabilities relative to the most probable table.
struct RelativeProbabilities {
    exposed: f64,
    unexposed: f64,
    events: f64,
    low: f64,
    high: f64,
    mode: f64,
}

impl RelativeProbabilities {
    fn new(a: u64, b: u64, c: u64, d: u64) -> Self {
        let (a, b, c, d) = (a as f64, b as f64, c as f64, d as f64);
        let (exposed, unexposed, events) = (a + b, c + d, a + c);
        let low = (events - unexposed).max(0.0);
        let high = exposed.min(events);
        let mode = ((exposed + 1.0) * (events + 1.0) / (exposed + unexposed + 2.0)).floor();
        Self { exposed, unexposed, events, low, high, mode: mode.clamp(low, high) }
    }

    /// P(k + 1) / P(k).
    fn ratio(&self, k: f64) -> f64 {
        (self.exposed - k) * (self.events - k) / ((k + 1.0) * (self.unexposed - self.events + k + 1.0))
    }

    /// P(a) / P(mode); the same products as in `each`, so that the observed table ties with itself exactly.
    fn of(&self, a: u64) -> f64 {
        let a = a as f64;
        let mut probability = 1.0;
        let mut k = self.mode;
        while k < a && probability > 0.0 {
            probability *= self.ratio(k);
            k += 1.0;
        }
        while k > a && probability > 0.0 {
            k -= 1.0;
            probability /= self.ratio(k);
        }
        probability
    }

    /// Every possible table's probability, outwards from the mode until nothing is left to add.
    fn each(&self, mut visit: impl FnMut(f64)) {
        visit(1.0);
        let mut probability = 1.0;
        let mut k = self.mode;
        while k < self.high && probability > 0.0 {
            probability *= self.ratio(k);
            k += 1.0;
            visit(probability);
        }
        probability = 1.0;
        k = self.mode;
        while k > self.low && probability > 0.0 {
            k -= 1.0;
            probability /= self.ratio(k);
            visit(probability);
        }
    }
}

/// Compensated summation: a million small terms keep their digits.
#[derive(Default)]
struct NeumaierSum {
    sum: f64,
    compensation: f64,
}

impl NeumaierSum {
    fn add(&mut self, value: f64) {
        let next = self.sum + value;
        self.compensation +=
            if self.sum.abs() >= value.abs() { (self.sum - next) + value } else { (value - next) + self.sum };
        self.sum = next;
    }

    fn value(&self) -> f64 {
        self.sum + self.compensation
    }
}
