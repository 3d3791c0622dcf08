//! A finding's pieces in words, the same on the page and in the plain text that is copied.

use std::fmt::Write as _;

use model::finding::{ArmResult, Cell, Estimate, Finding};

use super::adjusted_for::adjusted_for;
use crate::format::{decimals, fixed, grouped, p_words, range, with_interval};

mod plain;

pub use plain::plain;

/// A count, or the word for one that is hidden.
#[must_use]
pub fn cell(cell: Cell) -> String {
    match cell {
        Cell::Count(count) => crate::format::count(count),
        Cell::Hidden => "hidden".to_owned(),
    }
}

/// What `hidden` means, for the foot of a table.
#[must_use]
pub fn hidden_note(cell_threshold: u32) -> String {
    format!(
        "Hidden: a count of 1 to {cell_threshold} persons, or one from which such a small count could be worked out."
    )
}

/// What a median in a finding is, for the foot of a table.
pub const ROUNDED_NOTE: &str = "Medians are rounded to two digits, so that none is the day of a single person's event. \
                                They are not adjusted, and no interval of the medians is published.";

/// `Adjusted` or `Unadjusted`, with the measure.
#[must_use]
pub fn estimate_name(estimate: &Estimate) -> String {
    let measure = estimate.measure.words();
    if estimate.adjusted { format!("Adjusted {measure}") } else { format!("Unadjusted {measure}") }
}

/// `0.75 (95% interval 0.60 to 0.94)`.
#[must_use]
pub fn estimate_numbers(estimate: &Estimate) -> String {
    format!("{} ({})", estimate_value(estimate), interval(estimate))
}

/// The estimate, with as many decimals as its interval.
#[must_use]
pub fn estimate_value(estimate: &Estimate) -> String {
    fixed(estimate.estimate, decimals(estimate.estimate, estimate.lower, estimate.upper))
}

/// `95% interval 0.60 to 0.94`, for below the estimate itself.
#[must_use]
pub fn interval(estimate: &Estimate) -> String {
    let decimals = decimals(estimate.estimate, estimate.lower, estimate.upper);
    format!("{}% interval {}", percent(estimate.level), range(estimate.lower, estimate.upper, decimals))
}

fn percent(share: f64) -> String {
    crate::figures::scale::plain_number(share * 100.0)
}

/// What the test of proportional hazards says of an estimate; `None` where there is none.
#[must_use]
pub fn ph_words(estimate: &Estimate) -> Option<String> {
    let p = estimate.ph_p?;
    let shown = p_words(p);
    Some(if p < 0.05 {
        format!(
            "The ratio is not the same all the time (test of proportional hazards, {shown}): read it as an average over \
             the follow-up, and look at the curves."
        )
    } else {
        format!("No sign that the ratio changes over time (test of proportional hazards, {shown}).")
    })
}

/// What the published curves are: never adjusted, so they need not agree with an adjusted estimate beside them.
#[must_use]
pub fn curves_caption(finding: &Finding) -> &'static str {
    if finding.estimates.iter().any(|estimate| estimate.adjusted) {
        "Unadjusted Kaplan-Meier curves: they are not adjusted and may point the other way from the adjusted estimate."
    } else {
        "Unadjusted Kaplan-Meier curves."
    }
}

/// What is said where no estimate is published.
pub const NO_ESTIMATE: &str = "With counts this small, an estimate would let a reader work out the hidden ones.";

/// What is said where the author names nothing that was not adjusted for.
#[must_use]
pub fn nothing_named(finding: &Finding) -> String {
    if let Some(names) = adjusted_for(finding) {
        format!(
            "The author names nothing beyond what was adjusted for: {names}. What was not measured cannot be adjusted for."
        )
    } else {
        "Nothing at all was adjusted for, and the author names nothing in particular: whatever differed between the \
         groups may explain the result."
            .to_owned()
    }
}

/// An arm's median as it is published.
#[must_use]
pub fn median(arm: &ArmResult) -> Option<String> {
    let median = grouped(&crate::figures::scale::plain_number(arm.median?));
    Some(format!("about {median} {}", arm.time_unit))
}

/// Whether any count of a finding is hidden.
#[must_use]
pub fn has_hidden(finding: &Finding) -> bool {
    let population = &finding.population;
    [population.n, population.n_events]
        .into_iter()
        .chain(finding.arms.iter().flat_map(|arm| [arm.n, arm.n_events]))
        .any(|cell| cell == Cell::Hidden)
}

/// The estimate to read first: the adjusted one where there is one.
#[must_use]
pub fn headline(finding: &Finding) -> Option<&Estimate> {
    finding.estimates.iter().find(|estimate| estimate.adjusted).or_else(|| finding.estimates.first())
}

/// `hazard ratio 0.75 (0.60 to 0.94), adjusted`, for lists.
#[must_use]
pub fn one_line(finding: &Finding) -> String {
    headline(finding).map_or_else(
        || "no estimate".to_owned(),
        |estimate| {
            let mut words = format!(
                "{} {}",
                estimate.measure.words(),
                with_interval(estimate.estimate, estimate.lower, estimate.upper)
            );
            // A String takes whatever is written to it.
            let how = if estimate.adjusted { "adjusted" } else { "unadjusted" };
            if write!(words, ", {how}").is_err() {
                words.push_str(how);
            }
            words
        },
    )
}

#[cfg(test)]
mod tests {
    use super::super::record::fixtures;
    use super::*;
    use model::study::Adjustment;

    #[test]
    fn curves_are_always_called_unadjusted() {
        let mut finding = fixtures::finding();
        assert!(curves_caption(&finding).contains("may point the other way"));
        finding.estimates.clear();
        assert_eq!(curves_caption(&finding), "Unadjusted Kaplan-Meier curves.");
    }

    #[test]
    fn where_nothing_is_named_the_adjustment_is() {
        let mut finding = fixtures::finding();
        finding.plan.adjustment = Adjustment::Regression;
        assert!(nothing_named(&finding).contains(&format!(": {}. ", adjusted_for(&finding).unwrap())));
        finding.plan.adjustment = Adjustment::None;
        assert!(nothing_named(&finding).starts_with("Nothing at all was adjusted for"));
    }

    #[test]
    fn the_adjusted_estimate_is_read_first() {
        assert_eq!(one_line(&fixtures::finding()), "hazard ratio 0.75 (0.60 to 0.94), adjusted");
    }

    #[test]
    fn a_failed_test_is_explained() {
        let mut estimate = fixtures::finding().estimates[0].clone();
        estimate.ph_p = Some(0.0004);
        assert!(ph_words(&estimate).unwrap().contains("average over"));
        estimate.ph_p = Some(0.4);
        assert!(ph_words(&estimate).unwrap().starts_with("No sign"));
        estimate.ph_p = None;
        assert_eq!(ph_words(&estimate), None);
    }
}
