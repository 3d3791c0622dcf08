//! Disclosure control: what a finding may say about a few people.
//!
//! Counts of 1 up to a threshold are hidden; 0 is shown. Hiding a count is not enough where others give it away by
//! subtraction, so further counts are hidden until an attacker who knows every published number and every sum that must
//! hold cannot narrow a small count down (`audit`). A curve is published on a coarse grid of times and rounded so far that
//! no step shows fewer people than the threshold (`curve`). Text is searched for small counts of people.
//!
//! The device calls [`protect`] before it shows a finding for publication; the server calls [`check_json`] on whatever
//! arrives, since it trusts nobody.

mod audit;
mod compare;
mod counts;
mod curve;
mod json;
mod text;

pub use audit::{Column, Contradiction, Counts, PublishedCount, Quantity, Range};
pub use compare::populations_too_close;
pub use curve::{MAX_POINTS, coarse_curve, coarse_time};
pub use json::check_json;

use model::finding::{Cell, Disclosure, DisclosureReport, Finding};

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
    check_balance(finding, &mut found);
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
    let sizes_hidden = finding.arms.iter().any(|arm| arm.n == Cell::Hidden);
    let mut balance_hidden = false;
    for row in &mut finding.balance {
        for value in [&mut row.smd_before, &mut row.smd_after] {
            balance_hidden |= sizes_hidden && value.is_some();
            *value = value.filter(|v| v.is_finite() && !sizes_hidden).map(two_decimals);
        }
    }
    if balance_hidden {
        hidden.push("the balance of the covariates".to_owned());
    }
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

fn check_balance(finding: &Finding, found: &mut Vec<Disclosure>) {
    let sizes_hidden = finding.arms.iter().any(|arm| arm.n == Cell::Hidden);
    for (row, balance) in finding.balance.iter().enumerate() {
        for (name, value) in [("smd_before", balance.smd_before), ("smd_after", balance.smd_after)] {
            let Some(value) = value else { continue };
            let reason = if sizes_hidden {
                "an arm's size is hidden, and standardized differences would describe its few people"
            } else if !value.is_finite() || (two_decimals(value) - value).abs() > 1e-9 {
                "a standardized difference with more than two decimals can give the counts behind it away: round it"
            } else {
                continue;
            };
            found.push(Disclosure { path: format!("$.balance[{row}].{name}"), reason: reason.to_owned() });
        }
    }
}

fn two_decimals(value: f64) -> f64 {
    // Adding 0 turns a negative zero into zero.
    (value * 100.0).round() / 100.0 + 0.0
}
