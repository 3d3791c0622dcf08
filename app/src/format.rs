//! Numbers, sizes, counts, dates and variables as people read them.

pub mod domain;
pub mod variable;

/// A count with thin thousands: `2,982`.
#[must_use]
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A count with its noun: `1 person`, `2,982 persons`.
#[must_use]
pub fn counted(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(n), if n == 1 { one } else { many })
}

/// A size in decimal units as file managers show it: `1.2 MB`.
#[must_use]
pub fn bytes(n: f64) -> String {
    const UNITS: [&str; 5] = ["bytes", "kB", "MB", "GB", "TB"];
    let mut size = n.max(0.0);
    let mut unit = 0;
    while size >= 999.5 && unit + 1 < UNITS.len() {
        size /= 1000.0;
        unit += 1;
    }
    if unit == 0 || size >= 99.95 { format!("{size:.0} {}", UNITS[unit]) } else { format!("{size:.1} {}", UNITS[unit]) }
}

/// A share in percent with one decimal: `12.3%`. `None` of nothing.
#[must_use]
pub fn percent(part: u64, whole: u64) -> Option<String> {
    #[expect(clippy::cast_precision_loss, reason = "counts of rows, far below 2^53")]
    (whole > 0).then(|| format!("{:.1}%", 100.0 * part as f64 / whole as f64))
}

/// A number with as many decimals as it deserves: four significant digits, no trailing zeros, a true minus sign.
#[must_use]
pub fn number(x: f64) -> String {
    if x == 0.0 {
        return "0".to_owned();
    }
    let magnitude = x.abs().log10().floor();
    if !(-5.0..=12.0).contains(&magnitude) {
        return format!("{x:.3e}").replace('-', "\u{2212}");
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 8")]
    let decimals = (3.0 - magnitude).clamp(0.0, 8.0) as usize;
    let text = format!("{x:.decimals$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text };
    text.replace('-', "\u{2212}")
}

/// Seconds as people say them: `0.4 s`, `12 s`, `3 min`.
#[must_use]
pub fn seconds(s: f64) -> String {
    if s < 10.0 {
        format!("{s:.1} s")
    } else if s < 100.0 {
        format!("{s:.0} s")
    } else {
        format!("{:.0} min", s / 60.0)
    }
}

/// The first letter in capitals.
#[must_use]
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Several things in a sentence: `a, b and c`.
#[must_use]
pub fn and_list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_grouped() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(2982), "2,982");
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(counted(1, "person", "persons"), "1 person");
        assert_eq!(counted(0, "person", "persons"), "0 persons");
    }

    #[test]
    fn sizes_change_unit_where_they_round_up() {
        assert_eq!(bytes(0.0), "0 bytes");
        assert_eq!(bytes(999.0), "999 bytes");
        assert_eq!(bytes(1_234.0), "1.2 kB");
        assert_eq!(bytes(999_900.0), "1.0 MB");
        assert_eq!(bytes(2.0e9), "2.0 GB");
        assert_eq!(bytes(74_000_000.0), "74.0 MB");
    }

    #[test]
    fn numbers_keep_four_digits() {
        assert_eq!(number(0.0), "0");
        assert_eq!(number(54.25), "54.25");
        assert_eq!(number(7043.0), "7043");
        assert_eq!(number(-0.012345), "\u{2212}0.01235");
        assert_eq!(number(1.0), "1");
        assert_eq!(number(3.0e15), "3.000e15");
    }

    #[test]
    fn shares_of_nothing_do_not_exist() {
        assert_eq!(percent(1, 0), None);
        assert_eq!(percent(1, 8).as_deref(), Some("12.5%"));
    }

    #[test]
    fn the_first_letter_is_made_a_capital() {
        assert_eq!(capital("\u{e9}tat"), "\u{c9}tat");
        assert_eq!(capital(""), "");
    }

    #[test]
    fn lists_end_with_and() {
        let items: Vec<String> = ["a", "b", "c"].map(String::from).to_vec();
        assert_eq!(and_list(&items), "a, b and c");
        assert_eq!(and_list(&items[..1]), "a");
        assert_eq!(and_list(&[]), "");
        assert_eq!(seconds(0.42), "0.4 s");
        assert_eq!(seconds(180.0), "3 min");
    }
}
