//! Disclosure control: what a finding may say about a few people.
//!
//! Counts of 1 up to a threshold are hidden; 0 is shown. Hiding a count is not enough where others give it away by
//! subtraction, so further counts are hidden until an attacker who knows every published number and every sum that must
//! hold cannot narrow a small count down (`audit`). A curve is published on a coarse grid of times and rounded so far that
//! no step shows fewer people than the threshold (`curve`). A standardized difference is left out where only tables with few
//! people give it (`balance`). Every text is screened for small counts of people (`text`): a screen, since words can say a
//! number in ways that no rule foresees.
//!
//! The device calls [`protect`] before it shows a finding for publication; the server calls [`check_json`] on whatever
//! arrives, since it trusts nobody.

mod audit;
mod balance;
mod compare;
mod counts;
mod curve;
mod json;
mod text;

pub use audit::{Column, Contradiction, Counts, PublishedCount, Quantity, Range};
pub use compare::populations_too_close;
pub use curve::{MAX_POINTS, coarse_curve, coarse_time};
pub use json::check_json;
pub(crate) use text::without_small_numbers;

use model::finding::{Cell, Disclosure, DisclosureReport, Finding};
use model::study::TimeUnit;

/// Everything in a finding that discloses too much; empty when it may leave.
///
/// `threshold` is the least that the place asks for; a finding made with a higher one is held to its own.
pub fn check(finding: &Finding, threshold: u32) -> Vec<Disclosure> {
    let mut found = Vec::new();
    if finding.cell_threshold < threshold {
        found.push(Disclosure {
            path: "$.cell_threshold".to_owned(),
            reason: format!(
                "the finding hides counts of 1 to {}, and counts of 1 to {threshold} have to be hidden: make it again with \
                 that threshold",
                finding.cell_threshold
            ),
        });
    }
    let threshold = finding.cell_threshold.max(threshold);
    counts::check(finding, threshold, &mut found);
    check_hidden_arms(finding, &mut found);
    for (arm, result) in finding.arms.iter().enumerate() {
        curve::check(result, &format!("$.arms[{arm}]"), threshold, &mut found);
    }
    balance::check(finding, threshold, &mut found);
    check_words(finding, &mut found);
    text::check(finding, threshold, &mut found);
    found
}

/// The check of a finding together with what to think about before it leaves: populations that differ from those of
/// findings already published by so few people that the difference would show them.
pub fn report(finding: &Finding, published: &[Finding], threshold: u32) -> DisclosureReport {
    let strict = finding.cell_threshold.max(threshold);
    DisclosureReport {
        discloses: check(finding, threshold),
        warnings: published.iter().flat_map(|other| populations_too_close(finding, other, strict)).collect(),
    }
}

/// Hides what would disclose too much and says what was hidden, in words.
///
/// Sets the finding's threshold to the given one where that is higher. Afterwards [`check`] finds nothing, save small
/// counts that an author wrote into a text: those only the author can take out.
pub fn protect(finding: &mut Finding, threshold: u32) -> Vec<String> {
    finding.cell_threshold = finding.cell_threshold.max(threshold);
    let threshold = finding.cell_threshold;
    let mut hidden = counts::protect(finding, threshold);
    let any_hidden = finding.arms.iter().any(has_hidden) || population_is_hidden(finding);
    if any_hidden && !finding.estimates.is_empty() {
        finding.estimates.clear();
        hidden.push("the estimates, since they would let a reader work the hidden counts out".to_owned());
    }
    for arm in &mut finding.arms {
        if has_hidden(arm) && (!arm.curve.is_empty() || arm.median.is_some()) {
            arm.curve.clear();
            arm.median = None;
            hidden.push(format!("the curve and the median of {}", arm.name));
        }
        curve::protect(arm, threshold, &mut hidden);
    }
    balance::protect(finding, threshold, &mut hidden);
    hidden
}

fn has_hidden(arm: &model::finding::ArmResult) -> bool {
    arm.n == Cell::Hidden || arm.n_events == Cell::Hidden
}

fn population_is_hidden(finding: &Finding) -> bool {
    finding.arms.is_empty() && [finding.population.n, finding.population.n_events].contains(&Cell::Hidden)
}

/// What must be absent beside a hidden count.
fn check_hidden_arms(finding: &Finding, found: &mut Vec<Disclosure>) {
    let mut disclose = |path: String, reason: &str| {
        found.push(Disclosure { path, reason: reason.to_owned() });
    };
    let any_hidden = finding.arms.iter().any(has_hidden) || population_is_hidden(finding);
    if any_hidden && !finding.estimates.is_empty() {
        disclose(
            "$.estimates".to_owned(),
            "a count of an arm is hidden, and an estimate with its standard error would let a reader work it out",
        );
    }
    for (index, arm) in finding.arms.iter().enumerate().filter(|(_, arm)| has_hidden(arm)) {
        if !arm.curve.is_empty() {
            disclose(
                format!("$.arms[{index}].curve"),
                "a count of this arm is hidden, and its curve would let a reader work it out",
            );
        }
        if arm.median.is_some() {
            disclose(
                format!("$.arms[{index}].median"),
                "a count of this arm is hidden, and its median would tell more than a half had the event",
            );
        }
    }
}

/// A day is a day and a unit a unit: neither carries anything else.
fn check_words(finding: &Finding, found: &mut Vec<Disclosure>) {
    if model::calendar::from_iso(&finding.made_on).is_none() {
        let reason = format!("'{}' is not a day: write the day it was made as 2026-11-23", finding.made_on);
        found.push(Disclosure { path: "$.made_on".to_owned(), reason });
    }
    let units = [TimeUnit::Days, TimeUnit::Weeks, TimeUnit::Months, TimeUnit::Years].map(TimeUnit::word);
    for (index, arm) in finding.arms.iter().enumerate() {
        if !units.contains(&arm.time_unit.as_str()) {
            let reason = format!("'{}' is no unit of time: {} are", arm.time_unit, units.join(", "));
            found.push(Disclosure { path: format!("$.arms[{index}].time_unit"), reason });
        }
    }
}
