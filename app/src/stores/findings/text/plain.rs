//! The whole finding as plain text, for an e-mail or a note: whatever the page says of numbers, method and limits.

use model::finding::Finding;

use super::{
    NO_ESTIMATE, ROUNDED_NOTE, cell, curves_caption, estimate_name, estimate_numbers, has_hidden, hidden_note, median,
    nothing_named, ph_words,
};
use crate::figures::coarse_curve::coarse_curve;
use crate::figures::forest::number;
use crate::figures::love_plot::term;

/// The whole finding as plain text.
#[must_use]
pub fn plain(finding: &Finding) -> String {
    let mut text = Text::default();
    text.head(finding);
    text.estimates(finding);
    text.groups(finding);
    text.curves(finding);
    text.caveats(finding);
    text.method(finding);
    text.0
}

/// What is written so far.
#[derive(Default)]
struct Text(String);

impl Text {
    fn line(&mut self, words: &str) {
        self.0.push_str(words);
        self.0.push('\n');
    }

    fn list(&mut self, title: &str, entries: &[String]) {
        if !entries.is_empty() {
            self.line(&format!("{title}:"));
            for entry in entries {
                self.line(&format!("- {entry}"));
            }
        }
    }

    fn head(&mut self, finding: &Finding) {
        self.line(&finding.title);
        self.line(&"=".repeat(finding.title.chars().count().min(80)));
        self.line(&format!("Question: {}", finding.question));
        self.line(&format!("Answer: {}", finding.summary));
        let population = &finding.population;
        self.line(&format!(
            "Population: {} ({}; {} persons, {} events)",
            population.description,
            population.dataset,
            cell(population.n),
            cell(population.n_events)
        ));
        self.line("");
    }

    /// The adjusted estimate first, as on the page.
    fn estimates(&mut self, finding: &Finding) {
        for estimate in finding.estimates.iter().rev() {
            let method = estimate.method.trim_end_matches('.');
            self.line(&format!("{}: {}. {method}.", estimate_name(estimate), estimate_numbers(estimate)));
            if let Some(words) = ph_words(estimate) {
                self.line(&format!("  {words}"));
            }
        }
        if finding.estimates.is_empty() {
            self.line(&format!("No estimate is published. {NO_ESTIMATE}"));
        }
        self.line("");
    }

    fn groups(&mut self, finding: &Finding) {
        for arm in &finding.arms {
            let median = match median(arm) {
                Some(median) => format!("median {median} (rounded, unadjusted)"),
                None => "median not reached or hidden".to_owned(),
            };
            self.line(&format!("{}: {} persons, {} events, {median}", arm.name, cell(arm.n), cell(arm.n_events)));
        }
        if finding.arms.iter().any(|arm| arm.median.is_some()) {
            self.line(ROUNDED_NOTE);
        }
        if has_hidden(finding) {
            self.line(&hidden_note(finding.cell_threshold));
        }
        self.line("");
    }

    /// The published points of the curves.
    fn curves(&mut self, finding: &Finding) {
        let Some(curve) = coarse_curve(&finding.arms) else {
            return;
        };
        self.line(&format!(
            "Share still without {} (rounded for publication). {}",
            finding.plan.outcome.name(),
            curves_caption(finding)
        ));
        for (time, shares) in &curve.rows {
            let of_arm = |((name, _), share): (&(String, String), &Option<f64>)| {
                share.map(|share| format!("{name} {:.0}%", share * 100.0))
            };
            let shown: Vec<String> = curve.arms.iter().zip(shares).filter_map(of_arm).collect();
            self.line(&format!("- {}: {time}: {}", curve.time_title, shown.join(", ")));
        }
        if let Some(note) = &curve.time_note {
            self.line(note);
        }
        self.line("");
    }

    fn caveats(&mut self, finding: &Finding) {
        self.list("A safeguard was switched off for this result", &finding.overrides);
        if finding.not_adjusted_for.is_empty() {
            self.line(&format!("Not adjusted for: {}", nothing_named(finding)));
        } else {
            self.list("Not adjusted for", &finding.not_adjusted_for);
        }
        self.list("Limits", &finding.limits);
    }

    fn method(&mut self, finding: &Finding) {
        let methods: Vec<String> =
            finding.methods.iter().map(|setting| format!("{}: {}", setting.name, setting.value)).collect();
        self.list("Methods", &methods);
        let smd = |value: Option<f64>| value.map_or_else(|| "not published or not defined".to_owned(), number);
        let has_after = finding.balance.iter().any(|row| row.smd_after.is_some());
        let balance: Vec<String> = finding
            .balance
            .iter()
            .map(|row| match has_after {
                true => {
                    format!("{}: {} before, {} after", term(&row.covariate), smd(row.smd_before), smd(row.smd_after))
                }
                false => format!("{}: {}", term(&row.covariate), smd(row.smd_before)),
            })
            .collect();
        self.list("Standardized mean differences (0: alike; above 0.1: unbalanced)", &balance);
        let author = &finding.author;
        self.line(&format!("\n{}, {}, {}. Made with Rounds.", author.name, author.site, finding.made_on));
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::record::fixtures;
    use super::*;

    #[test]
    fn the_text_holds_every_number_and_every_caveat() {
        let text = plain(&fixtures::finding());
        for part in [
            "Adjusted hazard ratio: 0.75 (95% interval 0.60 to 0.94). Cox regression, Efron ties.",
            "Unadjusted hazard ratio: 1.10 (95% interval 0.88 to 1.38)",
            "Hormonal therapy: 339 persons, hidden events, median about 2,000 days (rounded, unadjusted)",
            "None: 2,643 persons, hidden events, median not reached or hidden",
            "They are not adjusted, and no interval of the medians is published.",
            "Hidden: a count of 1 to 10 persons",
            "Unadjusted Kaplan-Meier curves: they are not adjusted",
            "Hormonal therapy 70%, None 70%",
            "A year is 365.25 days.",
            "- smoking",
            "- Not randomized.",
            "- ties: Efron",
            "- age: 0.90",
            "A. Clinician, Rotterdam, 2026-11-22",
        ] {
            assert!(text.contains(part), "'{part}' is missing in:\n{text}");
        }
        let place = |words: &str| text.find(words);
        assert!(place("Adjusted hazard ratio: 0.75") < place("Unadjusted hazard ratio"), "the page's order");
    }

    #[test]
    fn what_was_switched_off_and_what_is_missing_is_said() {
        let mut finding = fixtures::finding();
        finding.estimates.clear();
        finding.not_adjusted_for.clear();
        finding.overrides = vec!["The outcomes were opened early.".into()];
        let text = plain(&finding);
        for part in [
            "No estimate is published. With counts this small",
            "A safeguard was switched off for this result:\n- The outcomes were opened early.",
            "Not adjusted for: The author names nothing beyond",
        ] {
            assert!(text.contains(part), "'{part}' is missing in:\n{text}");
        }
    }
}
