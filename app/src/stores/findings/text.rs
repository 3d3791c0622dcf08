//! A finding as plain text, and its pieces in words.

use std::fmt::Write as _;

use model::finding::{Cell, Estimate, Finding};

use crate::figures::forest::{number, with_interval};

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
pub const ROUNDED_NOTE: &str = "Medians are rounded to two digits, so that none is the day of a single person's event.";

/// `Adjusted` or `Unadjusted`, with the measure.
#[must_use]
pub fn estimate_name(estimate: &Estimate) -> String {
    let measure = estimate.measure.words();
    if estimate.adjusted { format!("Adjusted {measure}") } else { format!("Unadjusted {measure}") }
}

/// `0.75 (95% interval 0.60 to 0.94)`.
#[must_use]
pub fn estimate_numbers(estimate: &Estimate) -> String {
    format!("{} ({})", number(estimate.estimate), interval(estimate))
}

/// `95% interval 0.60 to 0.94`, for below the estimate itself.
#[must_use]
pub fn interval(estimate: &Estimate) -> String {
    format!("{}% interval {} to {}", percent(estimate.level), number(estimate.lower), number(estimate.upper))
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

/// `p = 0.03`, `p < 0.001`.
#[must_use]
pub fn p_words(p: f64) -> String {
    if p < 0.001 {
        "p < 0.001".to_owned()
    } else if p < 0.095 {
        format!("p = {p:.3}")
    } else {
        format!("p = {p:.2}")
    }
}

/// The whole finding as plain text, for an e-mail or a note.
#[must_use]
pub fn plain(finding: &Finding) -> String {
    let mut text = String::new();
    head(&mut text, finding);
    numbers(&mut text, finding);
    caveats(&mut text, finding);
    text
}

// Writing to a String cannot fail; the result is dropped on purpose in the three functions below.
fn line(text: &mut String, words: &str) {
    text.push_str(words);
    text.push('\n');
}

fn head(text: &mut String, finding: &Finding) {
    line(text, &finding.title);
    line(text, &"=".repeat(finding.title.chars().count().min(80)));
    line(text, &format!("Question: {}", finding.question));
    line(text, &format!("Answer: {}", finding.summary));
    let population = &finding.population;
    line(
        text,
        &format!(
            "Population: {} ({}; {} persons, {} events)",
            population.description,
            population.dataset,
            cell(population.n),
            cell(population.n_events)
        ),
    );
    line(text, "");
}

fn numbers(text: &mut String, finding: &Finding) {
    for estimate in &finding.estimates {
        line(text, &format!("{}: {}. {}.", estimate_name(estimate), estimate_numbers(estimate), estimate.method));
        if let Some(words) = ph_words(estimate) {
            line(text, &format!("  {words}"));
        }
    }
    line(text, "");
    for arm in &finding.arms {
        let median = arm.median.map_or_else(
            || "median not reached or hidden".to_owned(),
            |median| {
                format!("median about {} {} (rounded)", crate::figures::scale::plain_number(median), arm.time_unit)
            },
        );
        line(text, &format!("{}: {} persons, {} events, {median}", arm.name, cell(arm.n), cell(arm.n_events)));
    }
    if has_hidden(finding) {
        line(text, &hidden_note(finding.cell_threshold));
    }
    line(text, "");
}

fn caveats(text: &mut String, finding: &Finding) {
    let mut list = |title: &str, entries: &[String]| {
        if !entries.is_empty() {
            line(text, &format!("{title}:"));
            for entry in entries {
                line(text, &format!("- {entry}"));
            }
        }
    };
    list("Limits", &finding.limits);
    list("Not adjusted for", &finding.not_adjusted_for);
    list("Locks that were overridden", &finding.overrides);
    let methods: Vec<String> =
        finding.methods.iter().map(|setting| format!("{}: {}", setting.name, setting.value)).collect();
    list("Methods", &methods);
    line(text, &format!("\n{}, {}, {}. Made with Rounds.", finding.author.name, finding.author.site, finding.made_on));
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

    #[test]
    fn the_text_holds_every_number_and_every_caveat() {
        let text = plain(&fixtures::finding());
        for part in [
            "Adjusted hazard ratio: 0.75 (95% interval 0.60 to 0.94). Cox regression, Efron ties.",
            "Hormonal therapy: 339 persons, hidden events, median about 2000 days (rounded)",
            "None: 2,643 persons, hidden events, median not reached or hidden",
            "Hidden: a count of 1 to 10 persons",
            "- smoking",
            "- Not randomized.",
            "- ties: Efron",
            "A. Clinician, Rotterdam, 2026-11-22",
        ] {
            assert!(text.contains(part), "'{part}' is missing in:\n{text}");
        }
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
