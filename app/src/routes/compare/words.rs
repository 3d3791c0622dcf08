//! Results in plain words. A difference is described, never explained: whether treatment caused it is not for a sentence
//! made by a machine.

use model::results::{GroupCurve, HazardRatio};

use crate::figures::kaplan_meier::percent;
use crate::figures::scale::plain_number;
use crate::format::{alike, decimals, fixed, grouped};

/// A hazard ratio in plain words: what it says, what its interval allows, what it does not say.
///
/// It is an average over follow-up: whether it stays the same all the time is for the test of proportional hazards.
#[must_use]
pub fn hazard_ratio(hr: &HazardRatio, target: &str, comparator: &str, level: f64) -> Vec<String> {
    let mut words = vec![format!(
        "Averaged over follow-up, the rate of events in \u{201c}{target}\u{201d} was {} in \u{201c}{comparator}\u{201d} \
         (hazard ratio {}, {}% interval from {}).",
        size(hr),
        fixed(hr.estimate, decimals(hr.estimate, hr.estimate, hr.estimate)),
        plain_number(level * 100.0),
        interval(hr),
    )];
    if hr.lower <= 1.0 && hr.upper >= 1.0 {
        words.push(
            "The interval reaches to both sides of no difference, so these data do not settle which arm does better."
                .to_owned(),
        );
    }
    words
}

/// Whether a ratio and its interval are said in times: percent are hard to read from twice as high on.
fn in_times(hr: &HazardRatio) -> bool {
    hr.estimate >= 2.0 || hr.upper >= 2.0
}

/// The size of a ratio as a person would say it: `6% lower than`, `2.8 times as high as`.
fn size(hr: &HazardRatio) -> String {
    if percent_off(hr.estimate) == 0.0 {
        "about the same as".to_owned()
    } else if in_times(hr) {
        format!("{} times as high as", times(hr.estimate, digits_of_times(hr.estimate)))
    } else {
        format!("{} than", change(hr.estimate))
    }
}

/// The ends of the interval, both in percent or both in times.
fn interval(hr: &HazardRatio) -> String {
    if in_times(hr) {
        let digits = digits_of_times(hr.lower);
        format!("{} to {} times", times(hr.lower, digits), times(hr.upper, digits))
    } else {
        format!("{} to {}", change(hr.lower), change(hr.upper))
    }
}

/// How far a ratio is from 1, in whole percent.
fn percent_off(ratio: f64) -> f64 {
    ((ratio - 1.0) * 100.0).round()
}

/// A ratio as a change in percent.
fn change(ratio: f64) -> String {
    let percent = percent_off(ratio);
    if percent == 0.0 {
        "no difference".to_owned()
    } else if percent <= -100.0 {
        "over 99% lower".to_owned()
    } else if percent < 0.0 {
        format!("{}% lower", -percent)
    } else {
        format!("{percent}% higher")
    }
}

/// Decimals of a number of times: one, two where one would not tell it from 1 or from nothing.
fn digits_of_times(ratio: f64) -> usize {
    if ratio < 1.1 { 2 } else { 1 }
}

/// A ratio as a number of times.
fn times(ratio: f64, decimals: usize) -> String {
    if ratio > 1000.0 {
        "over 1,000".to_owned()
    } else if ratio < 0.01 {
        "under 0.01".to_owned()
    } else {
        fixed(ratio, decimals)
    }
}

/// What adjustment did to the estimate.
#[must_use]
pub fn adjusted_against_unadjusted(unadjusted: &HazardRatio, adjusted: &HazardRatio) -> String {
    let shift = (adjusted.log_estimate - unadjusted.log_estimate).abs();
    let moved = if shift < 0.05 {
        "hardly moved the estimate"
    } else if adjusted.log_estimate.abs() < unadjusted.log_estimate.abs() {
        "moved the estimate towards no difference"
    } else {
        "moved the estimate away from no difference"
    };
    let side = if adjusted.log_estimate * unadjusted.log_estimate < 0.0 && shift >= 0.05 {
        " and to the other side of it"
    } else {
        ""
    };
    format!(
        "Adjustment {moved}{side}: from {} to {}. What was not measured cannot be adjusted for.",
        fixed(unadjusted.estimate, 2),
        fixed(adjusted.estimate, 2)
    )
}

/// A median with its interval; says so where it was not reached.
#[must_use]
pub fn median(group: &GroupCurve, unit: &str) -> String {
    median_words(group.median, group.median_lower, group.median_upper, 1.0, unit)
}

/// A median and its limits in a unit of which `factor` of the data's make one: `10.5 months (9.0 to not reached)`.
#[must_use]
pub fn median_words(median: Option<f64>, lower: Option<f64>, upper: Option<f64>, factor: f64, unit: &str) -> String {
    // Converted times are no exact days any more: one decimal is enough of a year.
    let digits = if factor == 1.0 { 100.0 } else { 10.0 };
    let rounded = |time: f64| (time / factor * digits).round() / digits;
    let known: Vec<f64> = [median, lower, upper].into_iter().flatten().map(rounded).collect();
    let mut shown = alike(&known).into_iter();
    // Those that are known, in their order.
    let mut next = |time: Option<f64>| time.and_then(|_| shown.next());
    let (median, lower, upper) = (next(median), next(lower), next(upper));
    let limit = |limit: Option<String>| limit.unwrap_or_else(|| "not reached".to_owned());
    match (median, lower) {
        (Some(median), lower) => format!("{median} {unit} ({} to {})", limit(lower), limit(upper)),
        (None, Some(lower)) => format!("not reached (lower limit {lower} {unit})"),
        (None, None) => "not reached".to_owned(),
    }
}

/// A time: whole where it is whole, else two decimals.
#[must_use]
pub fn plain_time(time: f64) -> String {
    grouped(&plain_number((time * 100.0).round() / 100.0))
}

/// Survival with its interval; says why there is none.
#[must_use]
pub fn survival(at: &model::results::SurvivalAt) -> String {
    match (at.survival, at.lower, at.upper) {
        (Some(survival), Some(lower), Some(upper)) => {
            format!("{} ({} to {})", percent(survival), percent(lower), percent(upper))
        }
        (Some(survival), ..) => percent(survival),
        (None, ..) => "beyond follow-up".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hr(estimate: f64, lower: f64, upper: f64) -> HazardRatio {
        HazardRatio {
            estimate,
            lower,
            upper,
            log_estimate: estimate.ln(),
            std_err: 0.1,
            p: 0.01,
            n: 100,
            n_events: 40,
            method: "Cox".to_owned(),
            ph_p: None,
            ph_words: String::new(),
        }
    }

    #[test]
    fn sizes_are_said_in_percent_and_from_twice_on_in_times() {
        let said = |estimate, lower, upper| hazard_ratio(&hr(estimate, lower, upper), "a", "b", 0.95).remove(0);
        assert_eq!(
            said(0.94, 0.88, 1.01),
            "Averaged over follow-up, the rate of events in \u{201c}a\u{201d} was 6% lower than in \u{201c}b\u{201d} \
             (hazard ratio 0.94, 95% interval from 12% lower to 1% higher)."
        );
        assert!(said(1.42, 1.1, 1.8).contains("was 42% higher than in"));
        assert!(said(2.8, 1.5, 3.2).contains(
            "was 2.8 times as high as in \u{201c}b\u{201d} (hazard ratio 2.80, 95% interval from 1.5 to 3.2 times)"
        ));
        let wide = said(0.6, 0.2, 2.1);
        assert!(wide.contains("was 0.60 times as high as in"), "{wide}");
        assert!(wide.contains("interval from 0.20 to 2.10 times"), "one unit for both ends: {wide}");
        assert!(said(1.002, 0.9, 1.1).contains("was about the same as in"));
        assert!(said(0.5, 0.001, 1.0).contains("from over 99% lower to no difference"));
    }

    #[test]
    fn an_interval_that_holds_one_settles_nothing() {
        let open = hazard_ratio(&hr(0.9, 0.7, 1.15), "a", "b", 0.95);
        assert!(open[1].contains("do not settle"));
        assert!(open[0].contains("from 30% lower to 15% higher"));
        let shut = hazard_ratio(&hr(0.68, 0.55, 0.84), "a", "b", 0.95);
        assert_eq!(shut.len(), 1, "{shut:?}");
        assert!(shut[0].contains("was 32% lower than"));
    }

    #[test]
    fn a_difference_is_never_called_an_effect() {
        for ratio in [0.2, 0.9, 1.0, 1.3, 4.0] {
            let words = hazard_ratio(&hr(ratio, ratio * 0.9, ratio * 1.1), "a", "b", 0.95).join(" ");
            for claim in ["effect", "cause", "benefit", "harm", "reduce"] {
                assert!(!words.contains(claim), "{words}");
            }
        }
    }

    #[test]
    fn what_adjustment_did_is_said() {
        let said = |before, after| adjusted_against_unadjusted(&hr(before, 0.1, 9.0), &hr(after, 0.1, 9.0));
        assert!(said(0.7, 0.71).contains("hardly moved"));
        assert!(said(1.5, 1.1).contains("towards no difference:"));
        assert!(said(1.5, 0.8).contains("other side"));
        assert!(said(0.9, 0.7).contains("away from"));
    }

    #[test]
    fn a_median_that_was_not_reached_is_said() {
        let group = GroupCurve { median_lower: Some(1200.0), ..GroupCurve::default() };
        assert_eq!(median(&group, "days"), "not reached (lower limit 1,200 days)");
        let reached = GroupCurve { median: Some(10.5), median_lower: Some(9.0), ..GroupCurve::default() };
        assert_eq!(median(&reached, "days"), "10.5 days (9.0 to not reached)");
    }
}
