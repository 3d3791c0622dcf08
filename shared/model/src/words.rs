//! Numbers as people read them, the same everywhere: thousands set apart, an interval's ends with equal digits.

/// A count with its thousands set apart: `2,982`.
#[must_use]
pub fn count(n: u64) -> String {
    grouped(&n.to_string())
}

/// A number with so many decimals, its thousands set apart and with a true minus sign: `1,234.50`. Never `−0.00`.
#[must_use]
pub fn fixed(x: f64, decimals: usize) -> String {
    let text = format!("{x:.decimals$}");
    let is_zero = text.bytes().all(|b| matches!(b, b'-' | b'0' | b'.'));
    match text.strip_prefix('-') {
        Some(positive) if is_zero => positive.to_owned(),
        Some(positive) => format!("\u{2212}{}", grouped(positive)),
        None => grouped(&text),
    }
}

/// Digits with the thousands of their whole part set apart; what is no plain number is returned as it is.
#[must_use]
pub fn grouped(digits: &str) -> String {
    let (whole, rest) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    if !whole.bytes().all(|b| b.is_ascii_digit()) {
        return digits.to_owned();
    }
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out + rest
}

/// How many decimals an estimate and its interval have: two around 1, fewer for large numbers, more for small ones, and so
/// many that no limit becomes 0 that is none.
#[must_use]
pub fn decimals(estimate: f64, lower: f64, upper: f64) -> usize {
    const MOST: usize = 4;
    let of_estimate = match estimate.abs() {
        size if size >= 99.95 => 0,
        size if size >= 9.995 => 1,
        size if size >= 0.095 || size == 0.0 => 2,
        _ => 3,
    };
    let vanishes = |decimals: usize| {
        let half = 0.5 * 10_f64.powi(-i32::try_from(decimals).unwrap_or(0));
        [estimate, lower, upper].into_iter().any(|x| x != 0.0 && x.abs() < half)
    };
    (of_estimate..MOST).find(|decimals| !vanishes(*decimals)).unwrap_or(MOST)
}

/// An estimate with its interval, all with equal decimals: `0.65 (0.54 to 0.79)`.
#[must_use]
pub fn with_interval(estimate: f64, lower: f64, upper: f64) -> String {
    let decimals = decimals(estimate, lower, upper);
    format!("{} ({})", fixed(estimate, decimals), range(lower, upper, decimals))
}

/// The two ends of an interval: `1.10 to 1.91`.
#[must_use]
pub fn range(lower: f64, upper: f64, decimals: usize) -> String {
    format!("{} to {}", fixed(lower, decimals), fixed(upper, decimals))
}

/// A p-value: three decimals, never `0.000`.
#[must_use]
pub fn p_value(p: f64) -> String {
    if p < 0.001 {
        "< 0.001".to_owned()
    } else if p > 0.999 {
        "> 0.999".to_owned()
    } else {
        fixed(p, 3)
    }
}

/// A p-value in a sentence: `p = 0.031`, `p < 0.001`.
#[must_use]
pub fn p_words(p: f64) -> String {
    let value = p_value(p);
    if value.starts_with(['<', '>']) { format!("p {value}") } else { format!("p = {value}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!([0, 12, 999, 1000, 2982, 1_234_567].map(count), ["0", "12", "999", "1,000", "2,982", "1,234,567"]);
        assert_eq!(fixed(1234.5, 2), "1,234.50");
        assert_eq!(fixed(-1234.5, 0), "\u{2212}1,234");
        assert_eq!(fixed(-0.001, 2), "0.00");
        assert_eq!(grouped("1095.75"), "1,095.75");
        assert_eq!(grouped("1e21"), "1e21");
        assert_eq!(fixed(f64::INFINITY, 2), "inf");
    }

    #[test]
    fn both_ends_of_an_interval_have_equal_digits() {
        assert_eq!(with_interval(1.449, 1.1, 1.91), "1.45 (1.10 to 1.91)");
        assert_eq!(with_interval(0.0312, 0.001, 0.95), "0.031 (0.001 to 0.950)");
        assert_eq!(with_interval(12.34, 9.5, 16.1), "12.3 (9.5 to 16.1)");
        assert_eq!(with_interval(1807.0, 1686.4, 2030.2), "1,807 (1,686 to 2,030)");
        assert_eq!(with_interval(-0.035, -0.075, 0.005), "\u{2212}0.035 (\u{2212}0.075 to 0.005)");
    }

    #[test]
    fn p_values_are_never_zero() {
        assert_eq!([0.0, 0.0499, 1.0].map(p_value), ["< 0.001", "0.050", "> 0.999"]);
        assert_eq!([0.0, 0.0314].map(p_words), ["p < 0.001", "p = 0.031"]);
    }

    #[test]
    fn a_limit_that_is_not_0_is_not_written_as_0() {
        assert_eq!(with_interval(0.5, 0.004, 1.91), "0.500 (0.004 to 1.910)");
        assert_eq!(with_interval(0.5, 0.0, 1.91), "0.50 (0.00 to 1.91)");
        assert_eq!(with_interval(150.0, 0.3, 900.0), "150.0 (0.3 to 900.0)");
        assert_eq!(with_interval(1.0, 1e-9, 2.0), "1.0000 (0.0000 to 2.0000)", "digits have an end");
    }
}
