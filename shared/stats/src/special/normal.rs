//! The normal distribution, exact to a few units in the last place, far tails included.
//!
//! `normal_cdf` and `normal_sf` use Cody's rational approximations; `normal_quantile` uses Wichura's
//! algorithm AS 241 and one correcting step.

use std::f64::consts::PI;

/// 1 / sqrt(2 pi).
const INV_SQRT_2PI: f64 = 0.3989422804014327;
/// Up to here the central approximation holds.
const CENTRAL: f64 = 0.67448975;

/// Cody, numerator for |x| up to 0.67448975.
const CENTRAL_NUM: [f64; 5] =
    [2.2352520354606837, 161.02823106855587, 1067.6894854603709, 18154.98125334356, 0.06568233791820745];

/// Cody, denominator for |x| up to 0.67448975.
const CENTRAL_DEN: [f64; 4] = [47.202581904688245, 976.0985517377767, 10260.932208618979, 45507.78933502673];

/// Cody, numerator for |x| up to sqrt(32).
const MIDDLE_NUM: [f64; 9] = [
    0.39894151208813466,
    8.883149794388377,
    93.50665613217785,
    597.2702763948002,
    2494.5375852903726,
    6848.190450536283,
    11602.65143764735,
    9842.714838383978,
    1.0765576773720192e-08,
];

/// Cody, denominator for |x| up to sqrt(32).
const MIDDLE_DEN: [f64; 8] = [
    22.266688044328117,
    235.387901782625,
    1519.3775994075547,
    6485.558298266761,
    18615.571640885097,
    34900.95272114598,
    38912.00328609327,
    19685.429676859992,
];

/// Cody, numerator beyond sqrt(32).
const TAIL_NUM: [f64; 6] = [
    0.215898534057957,
    0.12740116116024736,
    0.022235277870649807,
    0.0014216191932278934,
    2.9112874951168793e-05,
    0.023073441764940174,
];

/// Cody, denominator beyond sqrt(32).
const TAIL_DEN: [f64; 5] =
    [1.284260096144911, 0.4682382124808651, 0.06598813786892856, 0.0037823963320275824, 7.297515550839662e-05];

/// AS 241, numerator for |p - 1/2| up to 0.425.
const Q_CENTRAL_NUM: [f64; 8] = [
    3.3871328727963665,
    133.14166789178438,
    1971.5909503065513,
    13731.69376550946,
    45921.95393154987,
    67265.7709270087,
    33430.57558358813,
    2509.0809287301227,
];

/// AS 241, denominator for |p - 1/2| up to 0.425.
const Q_CENTRAL_DEN: [f64; 8] = [
    1.0,
    42.31333070160091,
    687.1870074920579,
    5394.196021424751,
    21213.794301586597,
    39307.89580009271,
    28729.085735721943,
    5226.495278852854,
];

/// AS 241, numerator where sqrt(-ln p) is up to 5.
const Q_MIDDLE_NUM: [f64; 8] = [
    1.4234371107496835,
    4.630337846156546,
    5.769497221460691,
    3.6478483247632045,
    1.2704582524523684,
    0.2417807251774506,
    0.022723844989269184,
    0.0007745450142783414,
];

/// AS 241, denominator where sqrt(-ln p) is up to 5.
const Q_MIDDLE_DEN: [f64; 8] = [
    1.0,
    2.053191626637759,
    1.6763848301838038,
    0.6897673349851,
    0.14810397642748008,
    0.015198666563616457,
    0.0005475938084995345,
    1.0507500716444169e-09,
];

/// AS 241, numerator beyond.
const Q_TAIL_NUM: [f64; 8] = [
    6.657904643501103,
    5.463784911164114,
    1.7848265399172913,
    0.29656057182850487,
    0.026532189526576124,
    0.0012426609473880784,
    2.7115555687434876e-05,
    2.0103343992922881e-07,
];

/// AS 241, denominator beyond.
const Q_TAIL_DEN: [f64; 8] = [
    1.0,
    0.599832206555888,
    0.1369298809227358,
    0.014875361290850615,
    0.0007868691311456133,
    1.8463183175100548e-05,
    1.421511758316446e-07,
    2.0442631033899397e-15,
];

/// Density of the standard normal distribution.
pub fn normal_density(x: f64) -> f64 {
    INV_SQRT_2PI * exp_minus_half_square(x)
}

/// Probability that a standard normal value is at most `x`.
///
/// # Agrees with
/// R 4.2 `pnorm(x)`, 1e-14 relative, down to the smallest normal number (x near -37.5).
/// # Reference
/// W. J. Cody, Rational Chebyshev approximations for the error function, Math. Comp. 23 (1969).
pub fn normal_cdf(x: f64) -> f64 {
    tails(x).0
}

/// Probability that a standard normal value is above `x`; keeps its digits where `1 - normal_cdf(x)` loses them.
pub fn normal_sf(x: f64) -> f64 {
    tails(x).1
}

/// The value below which a standard normal variable falls with probability `p`.
///
/// `p` outside `[0, 1]` gives NaN as `f64::ln` does; 0 and 1 give the infinities.
///
/// # Agrees with
/// R 4.2 `qnorm(p)`, 1e-14 relative.
/// # Reference
/// M. J. Wichura, Algorithm AS 241, Applied Statistics 37 (1988).
pub fn normal_quantile(p: f64) -> f64 {
    if p.is_nan() || !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    if p == 0.0 {
        return f64::NEG_INFINITY;
    }
    if p == 1.0 {
        return f64::INFINITY;
    }
    let centred = p - 0.5;
    if centred.abs() <= 0.425 {
        let r = 0.180625 - centred * centred;
        return centred * polynomial(&Q_CENTRAL_NUM, r) / polynomial(&Q_CENTRAL_DEN, r);
    }
    let lower = centred < 0.0;
    // The tail that is small: 1 - p is exact for p >= 1/2.
    let tail = if lower { p } else { 1.0 - p };
    let r = (-tail.ln()).sqrt();
    let magnitude = if r <= 5.0 {
        polynomial(&Q_MIDDLE_NUM, r - 1.6) / polynomial(&Q_MIDDLE_DEN, r - 1.6)
    } else {
        polynomial(&Q_TAIL_NUM, r - 5.0) / polynomial(&Q_TAIL_DEN, r - 5.0)
    };
    let magnitude = refine(magnitude, tail);
    if lower { -magnitude } else { magnitude }
}

/// The value `z` with `2 * normal_sf(z) = 1 - level`: 1.96 for 0.95.
pub fn normal_two_sided(level: f64) -> f64 {
    -normal_quantile((1.0 - level) / 2.0)
}

/// Two-sided p-value of a standard normal statistic.
pub fn normal_two_sided_p(z: f64) -> f64 {
    2.0 * normal_sf(z.abs())
}

/// One Halley step on the upper tail, skipped where the density underflows.
fn refine(x: f64, tail: f64) -> f64 {
    let density = normal_density(x);
    if density < 1e-290 {
        return x;
    }
    let step = (normal_sf(x) - tail) / density;
    x + step / (1.0 - 0.5 * x * step)
}

/// Coefficients in rising order, evaluated by Horner's rule.
fn polynomial(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c)
}

/// `exp(-x^2 / 2)` with the square split in two, so that its rounding does not reach the exponent.
fn exp_minus_half_square(x: f64) -> f64 {
    let rounded = (x * 16.0).trunc() / 16.0;
    let rest = (x - rounded) * (x + rounded);
    (-0.5 * rounded * rounded).exp() * (-0.5 * rest).exp()
}

/// Lower and upper tail probability.
fn tails(x: f64) -> (f64, f64) {
    if x.is_nan() {
        return (f64::NAN, f64::NAN);
    }
    let size = x.abs();
    if size <= CENTRAL {
        let square = if size > 1e-16 { x * x } else { 0.0 };
        let mut num = CENTRAL_NUM[4] * square;
        let mut den = square;
        for i in 0..3 {
            num = (num + CENTRAL_NUM[i]) * square;
            den = (den + CENTRAL_DEN[i]) * square;
        }
        let half = x * (num + CENTRAL_NUM[3]) / (den + CENTRAL_DEN[3]);
        return (0.5 + half, 0.5 - half);
    }
    let ratio = if size <= 32.0_f64.sqrt() {
        let mut num = MIDDLE_NUM[8] * size;
        let mut den = size;
        for i in 0..7 {
            num = (num + MIDDLE_NUM[i]) * size;
            den = (den + MIDDLE_DEN[i]) * size;
        }
        (num + MIDDLE_NUM[7]) / (den + MIDDLE_DEN[7])
    } else {
        let inverse = 1.0 / (x * x);
        let mut num = TAIL_NUM[5] * inverse;
        let mut den = inverse;
        for i in 0..4 {
            num = (num + TAIL_NUM[i]) * inverse;
            den = (den + TAIL_DEN[i]) * inverse;
        }
        let correction = inverse * (num + TAIL_NUM[4]) / (den + TAIL_DEN[4]);
        ((2.0 * PI).sqrt().recip() - correction) / size
    };
    let small = if size > 40.0 { 0.0 } else { exp_minus_half_square(size) * ratio };
    if x < 0.0 { (small, 1.0 - small) } else { (1.0 - small, small) }
}
