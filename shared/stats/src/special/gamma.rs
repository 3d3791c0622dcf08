//! The gamma function's logarithm and the incomplete gamma functions: chi-squared and Poisson tails.
//!
//! Everything is built on the remainder of Stirling's formula, so that large arguments cancel on paper and not in
//! the machine (Loader's saddle-point idea).

use super::roots::{Monotone, solve};
use std::f64::consts::PI;

/// ln(sqrt(2 pi)).
const LN_SQRT_2PI: f64 = 0.9189385332046728;
/// 1 minus Euler's constant.
const ONE_MINUS_EULER: f64 = 0.42278433509846713;
/// zeta(k) - 1 for k = 2, 3, ...
const ZETA_MINUS_ONE: [f64; 29] = [
    0.6449340668482264,
    0.2020569031595943,
    0.08232323371113819,
    0.03692775514336993,
    0.01734306198444914,
    0.008349277381922827,
    0.00407735619794434,
    0.0020083928260822143,
    0.0009945751278180853,
    0.0004941886041194645,
    0.0002460865533080483,
    0.00012271334757848915,
    6.124813505870483e-05,
    3.058823630702049e-05,
    1.528225940865187e-05,
    7.637197637899763e-06,
    3.81729326499984e-06,
    1.908212716553939e-06,
    9.539620338727962e-07,
    4.769329867878064e-07,
    2.38450502727733e-07,
    1.1921992596531106e-07,
    5.960818905125948e-08,
    2.980350351465228e-08,
    1.4901554828365043e-08,
    7.45071178983543e-09,
    3.725334024788457e-09,
    1.862659723513049e-09,
    9.313274324196682e-10,
];
/// Stirling's series: B(2n) / (2n (2n - 1)).
const STIRLING: [f64; 8] = [
    1.0 / 12.0,
    -1.0 / 360.0,
    1.0 / 1260.0,
    -1.0 / 1680.0,
    1.0 / 1188.0,
    -691.0 / 360_360.0,
    1.0 / 156.0,
    -3617.0 / 122_400.0,
];
/// A cap that no argument met in practice reaches: the series need about sqrt(shape) terms.
const MAX_TERMS: usize = 2_000_000;

/// Natural logarithm of the gamma function at `x > 0`; NaN elsewhere.
///
/// # Agrees with
/// R 4.2 `lgamma(x)`, 1e-14 relative, also beside its zeros at 1 and 2.
/// # Reference
/// DLMF 5.7.3 (series at 2), 5.11.1 (Stirling).
pub fn ln_gamma(x: f64) -> f64 {
    if x.is_nan() || x <= 0.0 {
        return f64::NAN;
    }
    if (x - 2.0).abs() <= 0.5 {
        return ln_gamma_near_two(x - 2.0);
    }
    if (x - 1.0).abs() < 0.5 {
        let e = x - 1.0;
        return ln_gamma_near_two(e) - e.ln_1p();
    }
    if x < 0.5 {
        return ln_gamma_near_two(x) - x.ln_1p() - x.ln();
    }
    stirling_remainder(x) + (x - 0.5) * x.ln() - x + LN_SQRT_2PI
}

/// ln Gamma(2 + e) for |e| <= 1/2.
fn ln_gamma_near_two(e: f64) -> f64 {
    let mut sum = 0.0;
    for (i, zeta) in ZETA_MINUS_ONE.iter().enumerate().rev() {
        let k = (i + 2) as f64;
        let sign = if i % 2 == 0 { 1.0 } else { -1.0 };
        sum = sum * e + sign * zeta / k;
    }
    e * (ONE_MINUS_EULER + e * sum)
}

/// What Stirling's formula leaves: ln Gamma(x) - (x - 1/2) ln x + x - ln sqrt(2 pi).
pub(super) fn stirling_remainder(x: f64) -> f64 {
    let mut shifted = x;
    let mut sum = 0.0;
    while shifted < 15.0 {
        sum += (shifted + 0.5) * (1.0 / shifted).ln_1p() - 1.0;
        shifted += 1.0;
    }
    let inverse_square = 1.0 / (shifted * shifted);
    let series = STIRLING.iter().rev().fold(0.0, |s, c| s * inverse_square + c);
    sum + series / shifted
}

/// `x ln(x / m) + m - x` without cancellation where x is near m.
pub(super) fn deviance_term(x: f64, m: f64) -> f64 {
    if x == 0.0 {
        return m;
    }
    let difference = x - m;
    if difference.abs() < 0.1 * (x + m) {
        let v = difference / (x + m);
        let square = v * v;
        let mut sum = difference * v;
        let mut power = 2.0 * x * v;
        let mut k = 3.0;
        loop {
            power *= square;
            let next = sum + power / k;
            if next == sum {
                return next;
            }
            sum = next;
            k += 2.0;
        }
    }
    x * (x / m).ln() + m - x
}

/// x^a e^-x / Gamma(a + 1), the common factor of both incomplete gamma functions.
fn gamma_factor(a: f64, x: f64) -> f64 {
    if x == 0.0 {
        return 0.0;
    }
    if a < 1.0 {
        // x^a / Gamma(a + 1) is of moderate size here; the exponential goes apart to keep its digits.
        return (a * x.ln() - ln_gamma(a + 1.0)).exp() * (-x).exp();
    }
    (-stirling_remainder(a) - deviance_term(a, x)).exp() / (2.0 * PI * a).sqrt()
}

/// Lower and upper regularized incomplete gamma functions P(a, x) and Q(a, x).
fn gamma_tails(a: f64, x: f64) -> (f64, f64) {
    if a.is_nan() || x.is_nan() || a <= 0.0 {
        return (f64::NAN, f64::NAN);
    }
    if x <= 0.0 {
        return (0.0, 1.0);
    }
    if x.is_infinite() {
        return (1.0, 0.0);
    }
    let factor = gamma_factor(a, x);
    if x < (a + 1.0).max(1.5) {
        let lower = (factor * gamma_series(a, x)).min(1.0);
        (lower, 1.0 - lower)
    } else {
        let upper = (factor * a * gamma_fraction(a, x)).min(1.0);
        (1.0 - upper, upper)
    }
}

/// 1 + x/(a+1) + x^2/((a+1)(a+2)) + ... (DLMF 8.7.1).
fn gamma_series(a: f64, x: f64) -> f64 {
    let mut sum = 1.0;
    let mut term = 1.0;
    let mut n = a;
    for _ in 0..MAX_TERMS {
        n += 1.0;
        term *= x / n;
        sum += term;
        if term < sum * 1e-17 {
            break;
        }
    }
    sum
}

/// Legendre's continued fraction by Lentz's method (DLMF 8.9.2).
fn gamma_fraction(a: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let mut b = x + 1.0 - a;
    let mut c = 1.0 / TINY;
    let mut d = 1.0 / b;
    let mut h = d;
    for i in 1..MAX_TERMS {
        let i = i as f64;
        let an = -i * (i - a);
        b += 2.0;
        d = an * d + b;
        if d.abs() < TINY {
            d = TINY;
        }
        c = b + an / c;
        if c.abs() < TINY {
            c = TINY;
        }
        d = 1.0 / d;
        let delta = d * c;
        h *= delta;
        if (delta - 1.0).abs() < 1e-16 {
            break;
        }
    }
    h
}

/// Regularized lower incomplete gamma function P(a, x) for `a > 0`.
pub fn gamma_p(a: f64, x: f64) -> f64 {
    gamma_tails(a, x).0
}

/// Regularized upper incomplete gamma function Q(a, x) for `a > 0`.
pub fn gamma_q(a: f64, x: f64) -> f64 {
    gamma_tails(a, x).1
}

/// Probability that a chi-squared value with `df` degrees of freedom is at most `x`.
pub fn chi2_cdf(x: f64, df: f64) -> f64 {
    gamma_p(df / 2.0, x / 2.0)
}

/// Probability that a chi-squared value with `df` degrees of freedom is above `x`: the p-value of a chi-squared test.
///
/// # Agrees with
/// R 4.2 `pchisq(x, df, lower.tail = FALSE)`, 1e-13 relative, far tails included.
pub fn chi2_sf(x: f64, df: f64) -> f64 {
    gamma_q(df / 2.0, x / 2.0)
}

/// The value below which a chi-squared variable falls with probability `p`; NaN outside `[0, 1]`.
pub fn chi2_quantile(p: f64, df: f64) -> f64 {
    2.0 * gamma_quantile(p, 1.0 - p, df / 2.0)
}

/// The value above which a chi-squared variable falls with probability `q`: keeps its digits for small `q`.
pub fn chi2_upper_quantile(q: f64, df: f64) -> f64 {
    2.0 * gamma_quantile(1.0 - q, q, df / 2.0)
}

/// Solves P(a, x) = p, on the side of the distribution where the probability is smaller.
fn gamma_quantile(p: f64, q: f64, a: f64) -> f64 {
    if p.is_nan() || !(0.0..=1.0).contains(&p) || a.is_nan() || a <= 0.0 {
        return f64::NAN;
    }
    if p == 0.0 {
        return 0.0;
    }
    if q == 0.0 {
        return f64::INFINITY;
    }
    let upper = q < p;
    let mut high = a + 1.0;
    while gamma_tails(a, high).1 > q && high < 1e300 {
        high *= 2.0;
    }
    solve(
        &Monotone {
            target: if upper { q } else { p },
            rising: !upper,
            value: |x| if upper { gamma_q(a, x) } else { gamma_p(a, x) },
            density: |x| gamma_factor(a, x) * a / x,
        },
        0.0,
        high,
    )
}
