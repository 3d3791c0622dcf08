//! Inverting a distribution function: Newton's method inside a bracket that always shrinks.

/// A monotone function on a positive interval, its derivative's size, and the value sought.
pub(super) struct Monotone<F, D> {
    /// The probability to reach, greater than 0.
    pub(super) target: f64,
    /// Whether `value` rises with x (a lower tail) or falls (an upper tail).
    pub(super) rising: bool,
    /// The tail probability at x.
    pub(super) value: F,
    /// The density at x.
    pub(super) density: D,
}

/// The x in `[low, high]` where the function meets its target.
///
/// Newton steps are taken on the logarithm of the probability, which is close to straight in both tails; a step that
/// leaves the bracket is replaced by a bisection, geometric while the bracket spans orders of magnitude.
pub(super) fn solve<F: Fn(f64) -> f64, D: Fn(f64) -> f64>(function: &Monotone<F, D>, low: f64, high: f64) -> f64 {
    let (mut low, mut high) = (low, high);
    let mut x = middle(low, high);
    for _ in 0..2_000 {
        let value = (function.value)(x);
        if value == function.target {
            return x;
        }
        if (value < function.target) == function.rising {
            low = x;
        } else {
            high = x;
        }
        let slope = (function.density)(x) / value;
        let step = (value / function.target).ln() / slope;
        let newton = if function.rising { x - step } else { x + step };
        let next = if newton.is_finite() && newton > low && newton < high { newton } else { middle(low, high) };
        if (next - x).abs() <= 4e-16 * x.abs() || high - low <= 2.3e-16 * high {
            return next;
        }
        x = next;
    }
    x
}

/// A point inside the bracket.
fn middle(low: f64, high: f64) -> f64 {
    if low > 0.0 && high > 4.0 * low {
        (low.sqrt()) * (high.sqrt())
    } else if low == 0.0 && high > 1e-290 {
        high / 16.0
    } else {
        low + (high - low) / 2.0
    }
}
