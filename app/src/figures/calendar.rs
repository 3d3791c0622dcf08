//! Days since 1970-01-01 as the engine tells them, and calendar dates.
//!
//! Method: Howard Hinnant, "chrono-compatible low-level date algorithms".

/// Year, month and day of the month of a day.
#[must_use]
pub fn to_ymd(day: i32) -> (i32, u32, u32) {
    let z = i64::from(day) + 719_468;
    let era = z.div_euclid(146_097);
    let of_era = z.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let mp = (5 * of_year + 2) / 153;
    let day = of_year - (153 * mp + 2) / 5 + 1;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (i32::try_from(year).unwrap_or(i32::MAX), u32::try_from(month).unwrap_or(1), u32::try_from(day).unwrap_or(1))
}

/// The first day of a month (1 to 12) of a year.
#[must_use]
pub fn month_start(year: i32, month: u32) -> i32 {
    let y = i64::from(if month <= 2 { year.saturating_sub(1) } else { year });
    let m = i64::from(month.clamp(1, 12));
    let era = y.div_euclid(400);
    let year_of_era = y.rem_euclid(400);
    let of_year = (153 * (if m > 2 { m - 3 } else { m + 9 }) + 2) / 5;
    let of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year;
    i32::try_from(era * 146_097 + of_era - 719_468).unwrap_or(i32::MAX)
}

/// `YYYY-MM-DD`.
#[must_use]
pub fn iso(day: i32) -> String {
    let (year, month, day) = to_ymd(day);
    format!("{year:04}-{month:02}-{day:02}")
}

/// Ticks of a time axis: first days of months or years within `from..=to`, at most `most`, with labels.
#[must_use]
pub fn ticks(from: i32, to: i32, most: usize) -> Vec<(i32, String)> {
    let (first, _, _) = to_ymd(from);
    let (last, _, _) = to_ymd(to);
    let most = most.max(2);
    for months in [1_u32, 3, 6] {
        let days: Vec<i32> = (first..=last.min(first.saturating_add(40)))
            .flat_map(|year| (1..=12).step_by(months as usize).map(move |month| month_start(year, month)))
            .filter(|day| (from..=to).contains(day))
            .collect();
        if last.saturating_sub(first) <= 40 && (2..=most).contains(&days.len()) {
            let label = |day: &i32| iso(*day).chars().take(7).collect();
            return days.iter().map(|day| (*day, label(day))).collect();
        }
    }
    let years = usize::try_from(last.saturating_sub(first)).unwrap_or(0) + 1;
    let step = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].into_iter().find(|step| years.div_ceil(*step) <= most);
    let step = i32::try_from(step.unwrap_or(5000)).unwrap_or(5000);
    let round = first.div_euclid(step) * step;
    (0..)
        .map(|n| round.saturating_add(n * step))
        .take_while(|year| *year <= last)
        .map(|year| (month_start(year, 1), year.to_string()))
        .filter(|(day, _)| (from..=to).contains(day))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates() {
        assert_eq!(iso(0), "1970-01-01");
        assert_eq!(iso(-1), "1969-12-31");
        assert_eq!(iso(11_016), "2000-02-29");
        assert_eq!(month_start(1970, 1), 0);
        assert_eq!(month_start(2000, 3), 11_017);
        for day in (-800_000..800_000).step_by(379) {
            let (year, month, of_month) = to_ymd(day);
            assert_eq!(month_start(year, month) + i32::try_from(of_month).unwrap() - 1, day);
        }
    }

    #[test]
    fn ticks_are_months_of_short_spans_and_years_of_long_ones() {
        let labels = |from, to| ticks(from, to, 7).into_iter().map(|(_, label)| label).collect::<Vec<_>>();
        assert_eq!(labels(0, 100), ["1970-01", "1970-02", "1970-03", "1970-04"]);
        assert_eq!(labels(1, 400), ["1970-04", "1970-07", "1970-10", "1971-01"]);
        assert_eq!(labels(0, 365 * 20), ["1970", "1975", "1980", "1985"]);
        for to in (30..40_000).step_by(97) {
            let found = ticks(0, to, 7);
            assert!(found.len() <= 7 && found.iter().all(|(day, _)| (0..=to).contains(day)), "{to}: {found:?}");
        }
        assert!(ticks(5, 5, 7).is_empty());
    }
}
