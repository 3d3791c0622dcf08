//! The Gregorian calendar: days since 1970-01-01 and their dates, the names of months. For every crate that may not know
//! columns; `columnar::day` has its own, since `columnar` imports nothing (a test in `intake` holds the two together).
//!
//! Method: Howard Hinnant, "chrono-compatible low-level date algorithms" (days_from_civil, civil_from_days).

/// The months in their order, in small letters.
pub const MONTH_NAMES: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Days in a month; 0 for a month that does not exist.
#[must_use]
pub fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 0,
    }
}

/// The first day of a month of a year; a month below 1 or above 12 counts as the nearest one, a year beyond what a day can
/// hold as the last one.
#[must_use]
pub fn month_start(year: i32, month: u32) -> i32 {
    // In 64 bits, since every i32 is a year.
    let month = i64::from(month.clamp(1, 12));
    let y = if month <= 2 { i64::from(year) - 1 } else { i64::from(year) };
    let era = y.div_euclid(400);
    let of_era = y.rem_euclid(400);
    let of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5;
    let day = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    i32::try_from(day).unwrap_or(if day < 0 { i32::MIN } else { i32::MAX })
}

/// The day of a date of the years 0 to 9999; nothing where there is no such day.
#[must_use]
pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<i32> {
    if !(0..=9999).contains(&year) || day == 0 || day > days_in_month(year, month) {
        return None;
    }
    Some(month_start(year, month) + i32::try_from(day).ok()? - 1)
}

/// Year, month (1 to 12) and day of the month of a day.
#[must_use]
pub fn to_ymd(day: i32) -> (i32, u32, u32) {
    // In 64 bits, since every i32 is a day.
    let z = i64::from(day) + 719_468;
    let era = z.div_euclid(146_097);
    let of_era = z.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let mp = (5 * of_year + 2) / 153;
    let day = of_year - (153 * mp + 2) / 5 + 1;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    // Every i32 day lies within 5.9 million years of 1970.
    (i32::try_from(year).unwrap_or(i32::MAX), u32::try_from(month).unwrap_or(1), u32::try_from(day).unwrap_or(1))
}

/// `YYYY-MM-DD`.
#[must_use]
pub fn iso(day: i32) -> String {
    let (year, month, day) = to_ymd(day);
    format!("{year:04}-{month:02}-{day:02}")
}

/// The day that `YYYY-MM-DD` names; nothing for every other text.
#[must_use]
pub fn from_iso(text: &str) -> Option<i32> {
    let number = |at: std::ops::Range<usize>| {
        text.get(at).filter(|part| part.bytes().all(|b| b.is_ascii_digit())).and_then(|part| part.parse::<u32>().ok())
    };
    let dashes = text.len() == 10 && text.get(4..5) == Some("-") && text.get(7..8) == Some("-");
    if !dashes {
        return None;
    }
    from_ymd(i32::try_from(number(0..4)?).ok()?, number(5..7)?, number(8..10)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_days() {
        assert_eq!(iso(0), "1970-01-01");
        assert_eq!(iso(-1), "1969-12-31");
        assert_eq!(iso(11_016), "2000-02-29");
        assert_eq!(month_start(1970, 1), 0);
        assert_eq!(month_start(2000, 3), 11_017);
        assert_eq!(from_ymd(2000, 2, 29), Some(11_016));
        assert_eq!(from_ymd(9999, 12, 31), Some(2_932_896));
    }

    #[test]
    fn days_that_do_not_exist() {
        for (y, m, d) in [(2023, 2, 29), (1900, 2, 29), (2024, 13, 1), (2024, 0, 1), (2024, 1, 0), (2024, 4, 31)] {
            assert_eq!(from_ymd(y, m, d), None, "{y}-{m}-{d}");
        }
        assert_eq!((from_ymd(10_000, 1, 1), from_ymd(-1, 1, 1)), (None, None));
        assert_eq!((month_start(i32::MAX, 1), month_start(i32::MIN, 12)), (i32::MAX, i32::MIN));
        assert_eq!(month_start(2024, 99), month_start(2024, 12));
    }

    #[test]
    fn there_and_back() {
        for day in (-800_000..2_932_896).step_by(379) {
            let (year, month, of_month) = to_ymd(day);
            assert_eq!(month_start(year, month) + i32::try_from(of_month).unwrap() - 1, day);
            if year >= 0 {
                assert_eq!(from_ymd(year, month, of_month), Some(day));
            }
        }
        assert_eq!(to_ymd(i32::MAX).0, 5_881_580);
        assert_eq!(to_ymd(i32::MIN).0, -5_877_641);
    }

    #[test]
    fn a_written_day_is_read_back_and_nothing_else_is_a_day() {
        for day in [-719_528, -1, 0, 20_783, 2_932_896] {
            assert_eq!(from_iso(&iso(day)), Some(day));
        }
        for text in ["2026-02-29", "2026-1-1", "2026-11-23T10:00", "3 patients", "+026-01-01", "2026\u{2010}11-2", ""] {
            assert_eq!(from_iso(text), None, "{text}");
        }
    }
}
