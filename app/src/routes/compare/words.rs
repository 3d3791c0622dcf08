//! Results in plain words. A difference is described, never explained: whether treatment caused it is not for a sentence
//! made by a machine.

use model::results::{GroupCurve, HazardRatio};

use crate::figures::kaplan_meier::percent;
use crate::figures::scale::plain_number;

/// A hazard ratio in plain words: what it says, what its interval allows, what it does not say.
#[must_use]
pub fn hazard_ratio(hr: &HazardRatio, target: &str, comparator: &str, level: f64) -> Vec<String> {
    let mut words = vec![format!(
        "At any time during follow-up, {} in \u{201c}{target}\u{201d} {} in \u{201c}{comparator}\u{201d}: {}.",
        "the rate of events",
        if (hr.estimate - 1.0).abs() < 0.005 {
            "was about the same as"
        } else if hr.estimate < 1.0 {
            "was lower than"
        } else {
            "was higher than"
        },
        size(hr.estimate)
    )];
    let interval = format!(
        "The {}% interval reaches from {} to {}",
        plain_number(level * 100.0),
        change(hr.lower),
        change(hr.upper)
    );
    words.push(if hr.lower <= 1.0 && hr.upper >= 1.0 {
        format!("{interval}, so these data do not settle which arm does better.")
    } else {
        format!("{interval}.")
    });
    words
}

/// The size of a ratio as a person would say it.
#[must_use]
pub fn size(ratio: f64) -> String {
    let exact = format!("hazard ratio {ratio:.2}");
    let tenths = ((ratio - 1.0) * 10.0).round();
    if (ratio - 1.0).abs() < 0.005 {
        format!("no more and no fewer ({exact})")
    } else if ratio >= 2.0 {
        format!("about {ratio:.1} times as many ({exact})")
    } else if tenths.abs() < 1.0 {
        format!("{} ({exact})", change(ratio))
    } else if tenths < 0.0 {
        format!("about {} in 10 fewer ({exact})", -tenths)
    } else {
        format!("about {tenths} in 10 more ({exact})")
    }
}

/// A ratio as a change in percent.
#[must_use]
pub fn change(ratio: f64) -> String {
    let change = ((ratio - 1.0) * 100.0).round();
    if change == 0.0 {
        "no difference".to_owned()
    } else if ratio >= 3.0 {
        format!("{} times as many", plain_number((ratio * 10.0).round() / 10.0))
    } else if change < 0.0 {
        format!("{}% fewer", -change)
    } else {
        format!("{change}% more")
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
        "Adjustment {moved}{side}: from {:.2} to {:.2}. What was not measured cannot be adjusted for.",
        unadjusted.estimate, adjusted.estimate
    )
}

/// A median with its interval; says so where it was not reached.
#[must_use]
pub fn median(group: &GroupCurve, unit: &str) -> String {
    let limit = |limit: Option<f64>| limit.map_or_else(|| "not reached".to_owned(), plain_time);
    match group.median {
        Some(median) => {
            format!("{} {unit} ({} to {})", plain_time(median), limit(group.median_lower), limit(group.median_upper))
        }
        None => match group.median_lower {
            Some(lower) => format!("not reached (lower limit {} {unit})", plain_time(lower)),
            None => "not reached".to_owned(),
        },
    }
}

/// A time: whole where it is whole, else two decimals.
#[must_use]
pub fn plain_time(time: f64) -> String {
    plain_number((time * 100.0).round() / 100.0)
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
    fn sizes_are_said_in_tenths() {
        assert_eq!(size(0.68), "about 3 in 10 fewer (hazard ratio 0.68)");
        assert_eq!(size(1.42), "about 4 in 10 more (hazard ratio 1.42)");
        assert_eq!(size(2.5), "about 2.5 times as many (hazard ratio 2.50)");
        assert_eq!(size(0.97), "3% fewer (hazard ratio 0.97)");
        assert_eq!(size(1.0), "no more and no fewer (hazard ratio 1.00)");
    }

    #[test]
    fn an_interval_that_holds_one_settles_nothing() {
        let open = hazard_ratio(&hr(0.9, 0.7, 1.15), "a", "b", 0.95);
        assert!(open[1].contains("do not settle"));
        assert!(open[1].contains("from 30% fewer to 15% more"));
        let shut = hazard_ratio(&hr(0.68, 0.55, 0.84), "a", "b", 0.95);
        assert!(!shut[1].contains("settle"));
        assert!(shut[0].contains("was lower than"));
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
        assert_eq!(median(&group, "days"), "not reached (lower limit 1200 days)");
        let reached = GroupCurve { median: Some(10.5), median_lower: Some(9.0), ..GroupCurve::default() };
        assert_eq!(median(&reached, "days"), "10.5 days (9 to not reached)");
    }
}
