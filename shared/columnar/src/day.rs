//! Calendar days as whole numbers: days since 1970-01-01 in the proleptic Gregorian calendar.
//!
//! Method: Howard Hinnant, "chrono-compatible low-level date algorithms" (days_from_civil, civil_from_days).

/// Smallest year taken.
pub const MIN_YEAR: i32 = 0;
/// Largest year taken.
pub const MAX_YEAR: i32 = 9999;

/// The day of a year (0 to 9999), month (1 to 12) and day of the month; nothing where there is no such day.
#[must_use]
pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<i32> {
    if !(MIN_YEAR..=MAX_YEAR).contains(&year) || day == 0 || day > days_in_month(year, month) {
        return None;
    }
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let year_of_era = y.rem_euclid(400);
    let m = i32::try_from(month).ok()?;
    let d = i32::try_from(day).ok()?;
    let day_of_year = (153 * (if m > 2 { m - 3 } else { m + 9 }) + 2) / 5 + d - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some(era * 146_097 + day_of_era - 719_468)
}

/// Year, month (1 to 12) and day of the month of a day.
#[must_use]
pub fn to_ymd(day: i32) -> (i32, u32, u32) {
    // In 64 bits, since every i32 is a day.
    let z = i64::from(day) + 719_468;
    let era = z.div_euclid(146_097);
    let day_of_era = z.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let mp = (5 * day_of_year + 2) / 153;
    let d = day_of_year - (153 * mp + 2) / 5 + 1;
    let m = if mp < 10 { mp + 3 } else { mp - 9 };
    let y = year_of_era + era * 400 + i64::from(m <= 2);
    // Every i32 day lies within 5.9 million years of 1970.
    (i32::try_from(y).unwrap_or(i32::MAX), u32::try_from(m).unwrap_or(1), u32::try_from(d).unwrap_or(1))
}

/// The year of a day.
#[must_use]
pub fn year_of(day: i32) -> i32 {
    to_ymd(day).0
}

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

/// The day of exactly ten ASCII bytes `YYYY-MM-DD`.
#[must_use]
pub fn parse_iso(text: &[u8]) -> Option<i32> {
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text else {
        return None;
    };
    let digit = |b: u8| u32::from(b.wrapping_sub(b'0'));
    let (y1, y2, y3, y4) = (digit(y1), digit(y2), digit(y3), digit(y4));
    let (m1, m2, d1, d2) = (digit(m1), digit(m2), digit(d1), digit(d2));
    // One branch for eight digits: wrong bytes wrap to large numbers.
    if y1.max(y2).max(y3).max(y4).max(m1).max(m2).max(d1).max(d2) > 9 {
        return None;
    }
    let year = i32::try_from(y1 * 1000 + y2 * 100 + y3 * 10 + y4).ok()?;
    from_ymd(year, m1 * 10 + m2, d1 * 10 + d2)
}

/// `YYYY-MM-DD`.
#[must_use]
pub fn format_iso(day: i32) -> String {
    let (year, month, day) = to_ymd(day);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_days() {
        assert_eq!(from_ymd(1970, 1, 1), Some(0));
        assert_eq!(from_ymd(2000, 3, 1), Some(11_017));
        assert_eq!(from_ymd(1969, 12, 31), Some(-1));
        assert_eq!(from_ymd(0, 1, 1), Some(-719_528));
        assert_eq!(from_ymd(9999, 12, 31), Some(2_932_896));
    }

    #[test]
    fn days_that_do_not_exist() {
        for (y, m, d) in [(2023, 2, 29), (1900, 2, 29), (2024, 13, 1), (2024, 0, 1), (2024, 1, 0), (2024, 4, 31)] {
            assert_eq!(from_ymd(y, m, d), None, "{y}-{m}-{d}");
        }
        assert_eq!(from_ymd(10_000, 1, 1), None);
        assert_eq!(from_ymd(-1, 1, 1), None);
        assert!(from_ymd(2000, 2, 29).is_some());
    }

    #[test]
    fn every_day_of_ten_thousand_years_goes_there_and_back() {
        let mut expected = from_ymd(0, 1, 1).unwrap();
        for year in 0..=9999 {
            for month in 1..=12 {
                for day in 1..=days_in_month(year, month) {
                    assert_eq!(from_ymd(year, month, day), Some(expected));
                    assert_eq!(to_ymd(expected), (year, month, day));
                    expected += 1;
                }
            }
        }
        assert_eq!(to_ymd(i32::MAX).0, 5_881_580);
        assert_eq!(to_ymd(i32::MIN).0, -5_877_641);
    }

    #[test]
    fn iso_text() {
        assert_eq!(parse_iso(b"2024-02-29"), from_ymd(2024, 2, 29));
        for bad in ["2023-02-29", "2024/02/29", "2024-2-29", "2024-02-29 ", "2024-0a-29", "", "-024-02-29"] {
            assert_eq!(parse_iso(bad.as_bytes()), None, "{bad}");
        }
        assert_eq!(format_iso(from_ymd(33, 4, 3).unwrap()), "0033-04-03");
    }
}
