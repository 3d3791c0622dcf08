//! Numbers, sizes, counts, dates and variables as people read them.

pub mod domain;
pub mod variable;

pub use model::words::{count, decimals, fixed, grouped, p_value, p_words, range, with_interval};

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

/// A number with as many decimals as it deserves: four significant digits, no trailing zeros, thousands set apart, a true
/// minus sign.
#[must_use]
pub fn number(x: f64) -> String {
    if x == 0.0 {
        return "0".to_owned();
    }
    let magnitude = x.abs().log10().floor();
    if !(-5.0..=12.0).contains(&magnitude) {
        return format!("{x:.3e}").replace('-', "\u{2212}");
    }
    fixed(x, needed_decimals(x))
}

/// A number with four significant digits, zeros at the end too: for columns of coefficients and errors.
#[must_use]
pub fn significant(x: f64) -> String {
    if x != 0.0 && !(-5.0..=12.0).contains(&x.abs().log10().floor()) {
        return number(x);
    }
    fixed(x, decimals_of_four(x))
}

/// Decimals of four significant digits.
fn decimals_of_four(x: f64) -> usize {
    if x == 0.0 || !x.is_finite() {
        return 0;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 8")]
    let decimals = (3.0 - x.abs().log10().floor()).clamp(0.0, 8.0) as usize;
    decimals
}

/// The decimals of four significant digits that are no trailing zeros.
fn needed_decimals(x: f64) -> usize {
    let decimals = decimals_of_four(x);
    let text = format!("{x:.decimals$}");
    text.split_once('.').map_or(0, |(_, tail)| tail.trim_end_matches('0').len())
}

/// Numbers that are read together, with equal decimals: as many as any of them needs, few where one is large, and so many
/// that none becomes 0 that is not.
#[must_use]
pub fn alike(values: &[f64]) -> Vec<String> {
    let needed = values.iter().map(|x| needed_decimals(*x)).max().unwrap_or(0);
    let largest = values.iter().fold(0.0_f64, |largest, x| largest.max(x.abs()));
    let vanishes = |decimals: usize| {
        let half = 0.5 * 10_f64.powi(-i32::try_from(decimals).unwrap_or(0));
        values.iter().any(|x| *x != 0.0 && x.abs() < half)
    };
    let enough = if largest == 0.0 { 0 } else { needed.min(decimals_of_four(largest)) };
    let decimals = (enough..8).find(|decimals| !vanishes(*decimals)).unwrap_or(8);
    values.iter().map(|x| fixed(*x, decimals)).collect()
}

/// A mean and its standard deviation, `61.5 (12.9)`: both with the decimals that give the deviation three digits.
#[must_use]
pub fn mean_sd(mean: f64, sd: f64) -> String {
    if sd == 0.0 || !sd.is_finite() {
        return format!("{} (0)", number(mean));
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 6")]
    let decimals = (2.0 - sd.log10().floor()).clamp(0.0, 6.0) as usize;
    format!("{} ({})", fixed(mean, decimals), fixed(sd, decimals))
}

/// Whether numbers are years of a calendar, which are written without a mark at their thousands.
#[must_use]
pub fn are_years(name: &str, values: &[f64]) -> bool {
    name.to_lowercase().contains("year") && !values.is_empty() && values.iter().all(|x| (1800.0..=2100.0).contains(x))
}

/// A number without the mark at its thousands.
#[must_use]
pub fn ungrouped(text: &str) -> String {
    text.replace(',', "")
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
        assert_eq!(number(7043.0), "7,043");
        assert_eq!(number(-0.012345), "\u{2212}0.01235");
        assert_eq!(number(1.0), "1");
        assert_eq!(number(3.0e15), "3.000e15");
        assert_eq!(significant(-0.0266), "\u{2212}0.02660");
        assert_eq!(significant(0.0859), "0.08590");
        assert_eq!(significant(0.0), "0");
    }

    #[test]
    fn numbers_that_are_read_together_have_equal_digits() {
        assert_eq!(alike(&[60.0, 50.0, 70.5]), ["60.0", "50.0", "70.5"]);
        assert_eq!(alike(&[54.0, 45.0, 65.0]), ["54", "45", "65"]);
        assert_eq!(alike(&[0.25, 7043.0]), ["0.2", "7,043.0"], "what is not 0 is not written as 0");
        assert_eq!(alike(&[0.0, 7043.25]), ["0", "7,043"]);
        assert_eq!(alike(&[]), Vec::<String>::new());
        assert_eq!(mean_sd(61.47, 12.93), "61.5 (12.9)");
        assert_eq!(mean_sd(161.83, 291.31), "162 (291)");
        assert_eq!(mean_sd(2610.4, 1299.6), "2,610 (1,300)");
        assert_eq!(mean_sd(5.0, 0.0), "5 (0)");
    }

    #[test]
    fn years_of_a_calendar_are_told_from_numbers_of_years() {
        assert!(are_years("Year of surgery", &[1978.0, 1993.0]));
        assert!(!are_years("Years of smoking", &[0.0, 40.0]));
        assert!(!are_years("Platelets", &[1900.0]));
        assert_eq!(ungrouped(&fixed(1988.25, 1)), "1988.2");
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
