//! The incomplete beta function: Student's t, F and the exact binomial interval.

use super::gamma::{deviance_term, ln_gamma, stirling_remainder};
use super::normal::{normal_quantile, normal_sf};
use super::roots::{Monotone, solve};
use std::f64::consts::PI;

/// A cap that no argument met in practice reaches: the fraction needs about sqrt(max(a, b)) terms.
const MAX_TERMS: usize = 2_000_000;
/// Beyond so many degrees of freedom Student's t is the normal distribution to working precision.
const T_IS_NORMAL: f64 = 1e17;
/// Beyond so many degrees of freedom the expansion in 1/df is exact to working precision and faster.
const T_EXPANDS: f64 = 1e9;

/// Lower and upper regularized incomplete beta function: I_x(a, b) and 1 - I_x(a, b).
///
/// `y` is 1 - x, passed in because the caller often knows it to more digits. `a` and `b` are positive.
fn beta_tails(a: f64, b: f64, x: f64, y: f64) -> (f64, f64) {
    if a.is_nan() || b.is_nan() || x.is_nan() || y.is_nan() || a <= 0.0 || b <= 0.0 {
        return (f64::NAN, f64::NAN);
    }
    if x <= 0.0 {
        return (0.0, 1.0);
    }
    if y <= 0.0 {
        return (1.0, 0.0);
    }
    let factor = beta_factor(a, b, x, y);
    if x < (a + 1.0) / (a + b + 2.0) {
        let lower = (factor / a * beta_fraction(a, b, x)).min(1.0);
        (lower, 1.0 - lower)
    } else {
        let upper = (factor / b * beta_fraction(b, a, y)).min(1.0);
        (1.0 - upper, upper)
    }
}

/// x^a y^b / B(a, b), large powers cancelled on paper.
fn beta_factor(a: f64, b: f64, x: f64, y: f64) -> f64 {
    let n = a + b;
    if a.min(b) < 1e-3 {
        let ln_beta = ln_gamma(a) + ln_gamma(b) - ln_gamma(n);
        return (a * x.ln() + b * y.ln() - ln_beta).exp();
    }
    let remainder = stirling_remainder(n) - stirling_remainder(a) - stirling_remainder(b);
    let deviance = deviance_term(a, n * x) + deviance_term(b, n * y);
    (a * b / (2.0 * PI * n)).sqrt() * remainder.exp() * (-deviance).exp()
}

/// The continued fraction of DLMF 8.17.22 by Lentz's method.
fn beta_fraction(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let guard = |v: f64| if v.abs() < TINY { TINY } else { v };
    let mut c = 1.0;
    let mut d = 1.0 / guard(1.0 - (a + b) * x / (a + 1.0));
    let mut h = d;
    for m in 1..MAX_TERMS {
        let m = m as f64;
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / guard(1.0 + even * d);
        c = guard(1.0 + even / c);
        h *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / guard(1.0 + odd * d);
        c = guard(1.0 + odd / c);
        let delta = d * c;
        h *= delta;
        if (delta - 1.0).abs() < 1e-16 {
            break;
        }
    }
    h
}

/// Regularized incomplete beta function I_x(a, b) for positive `a`, `b` and `x` in `[0, 1]`; NaN elsewhere.
///
/// # Agrees with
/// R 4.2 `pbeta(x, a, b)`, 1e-13 relative.
pub fn beta_inc(a: f64, b: f64, x: f64) -> f64 {
    if !(0.0..=1.0).contains(&x) {
        return f64::NAN;
    }
    beta_tails(a, b, x, 1.0 - x).0
}

/// The x with I_x(a, b) = p; NaN outside the domain.
pub fn beta_quantile(p: f64, a: f64, b: f64) -> f64 {
    if p.is_nan() || !(0.0..=1.0).contains(&p) || a.is_nan() || b.is_nan() || a <= 0.0 || b <= 0.0 {
        return f64::NAN;
    }
    if p == 0.0 || p == 1.0 {
        return p;
    }
    // Solve for whichever of x and 1 - x is nearer 0, so that neither loses digits.
    let half = beta_tails(a, b, 0.5, 0.5).0;
    if p <= half { beta_root(a, b, p, 1.0 - p) } else { 1.0 - beta_root(b, a, 1.0 - p, p) }
}

/// The root of I_x(a, b) = p that lies in (0, 1/2].
fn beta_root(a: f64, b: f64, p: f64, q: f64) -> f64 {
    let upper = q < p;
    solve(
        &Monotone {
            target: if upper { q } else { p },
            rising: !upper,
            value: |x| {
                let (low, high) = beta_tails(a, b, x, 1.0 - x);
                if upper { high } else { low }
            },
            density: |x| beta_factor(a, b, x, 1.0 - x) / (x * (1.0 - x)),
        },
        0.0,
        0.5,
    )
}

/// Probability that Student's t with `df` degrees of freedom is above `t`.
///
/// # Agrees with
/// R 4.2 `pt(t, df, lower.tail = FALSE)`, 1e-13 relative, far tails included.
pub fn t_sf(t: f64, df: f64) -> f64 {
    if t.is_nan() || df.is_nan() || df <= 0.0 {
        return f64::NAN;
    }
    if t < 0.0 {
        return 1.0 - t_sf(-t, df);
    }
    if t.is_infinite() {
        return 0.0;
    }
    if df >= T_IS_NORMAL {
        return normal_sf(t);
    }
    if df >= T_EXPANDS {
        // The first correction of the normal approximation; the next is of order t^8 / df^2.
        return normal_sf(t * (1.0 - (t * t + 1.0) / (4.0 * df)));
    }
    let square = t * t;
    let x = if square.is_infinite() { 0.0 } else { df / (df + square) };
    let y = if square.is_infinite() { 1.0 } else { square / (df + square) };
    0.5 * beta_tails(df / 2.0, 0.5, x, y).0
}

/// Probability that Student's t with `df` degrees of freedom is at most `t`.
pub fn t_cdf(t: f64, df: f64) -> f64 {
    t_sf(-t, df)
}

/// Two-sided p-value of a t statistic.
pub fn t_two_sided_p(t: f64, df: f64) -> f64 {
    2.0 * t_sf(t.abs(), df)
}

/// The value below which Student's t falls with probability `p`; NaN outside `[0, 1]`.
///
/// # Agrees with
/// R 4.2 `qt(p, df)`, 1e-13 relative.
pub fn t_quantile(p: f64, df: f64) -> f64 {
    if p.is_nan() || !(0.0..=1.0).contains(&p) || df.is_nan() || df <= 0.0 {
        return f64::NAN;
    }
    if p == 0.5 {
        return 0.0;
    }
    if p > 0.5 {
        // Exact for p >= 1/2.
        return -t_quantile(1.0 - p, df);
    }
    if p == 0.0 {
        return f64::NEG_INFINITY;
    }
    if df >= T_IS_NORMAL {
        return normal_quantile(p);
    }
    let mut high = 1.0 - normal_quantile(p);
    while t_sf(high, df) > p && high < 1e300 {
        high *= 4.0;
    }
    let ln_scale = ln_gamma((df + 1.0) / 2.0) - ln_gamma(df / 2.0) - 0.5 * (df * PI).ln();
    -solve(
        &Monotone {
            target: p,
            rising: false,
            value: |t| t_sf(t, df),
            density: |t: f64| (ln_scale - 0.5 * (df + 1.0) * (t * t / df).ln_1p()).exp(),
        },
        0.0,
        high,
    )
}

/// The value `t` with `2 * t_sf(t, df) = 1 - level`.
pub fn t_two_sided(level: f64, df: f64) -> f64 {
    -t_quantile((1.0 - level) / 2.0, df)
}

/// Probability that an F value with `df1` and `df2` degrees of freedom is above `f`.
///
/// # Agrees with
/// R 4.2 `pf(f, df1, df2, lower.tail = FALSE)`, 1e-13 relative.
pub fn f_sf(f: f64, df1: f64, df2: f64) -> f64 {
    if f.is_nan() || df1.is_nan() || df2.is_nan() || df1 <= 0.0 || df2 <= 0.0 {
        return f64::NAN;
    }
    if f <= 0.0 {
        return 1.0;
    }
    if f.is_infinite() {
        return 0.0;
    }
    let scale = df2 + df1 * f;
    beta_tails(df2 / 2.0, df1 / 2.0, df2 / scale, df1 * f / scale).0
}

/// Probability that an F value with `df1` and `df2` degrees of freedom is at most `f`.
pub fn f_cdf(f: f64, df1: f64, df2: f64) -> f64 {
    if f.is_nan() || df1.is_nan() || df2.is_nan() || df1 <= 0.0 || df2 <= 0.0 {
        return f64::NAN;
    }
    if f <= 0.0 {
        return 0.0;
    }
    if f.is_infinite() {
        return 1.0;
    }
    let scale = df2 + df1 * f;
    beta_tails(df2 / 2.0, df1 / 2.0, df2 / scale, df1 * f / scale).1
}
