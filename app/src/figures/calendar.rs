//! The ticks of a time axis in days since 1970-01-01, as the engine tells them.

pub use model::calendar::iso;
use model::calendar::{month_start, to_ymd};

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
