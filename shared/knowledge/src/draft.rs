//! A finding from a study that was run: aggregates only, protected before anybody sees it.

use crate::{disclosure, words};
use model::canonical::ContentId;
use model::finding::{
    ArmResult, Author, Cell, Estimate, FINDING_SCHEMA_VERSION, Finding, FindingBalance, FindingKind, Measure,
    Population,
};
use model::results::{GroupCurve, HazardRatio, StudyResult};
use model::study::StudyPlan;

/// What the author adds to a study's numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// The dataset's name as it will be published.
    pub dataset_name: String,
    /// Who made it, as they want to be named.
    pub author: Author,
    /// Known confounders that were not adjusted for.
    pub not_adjusted_for: Vec<String>,
    /// Further limits, in sentences.
    pub limits: Vec<String>,
    /// Locks that were overridden.
    pub overrides: Vec<String>,
    /// The finding that is replicated.
    pub replicates: Option<ContentId>,
    /// The day (ISO date).
    pub made_on: String,
    /// Counts of 1 up to this are hidden.
    pub cell_threshold: u32,
}

/// Makes a protected finding from a study's plan and result, and says what was hidden.
pub fn draft(plan: &StudyPlan, result: &StudyResult, draft: &Draft) -> (Finding, Vec<String>) {
    let level = plan.settings.level;
    let estimates = [(false, &result.hazard_ratio_unadjusted), (true, &result.hazard_ratio_adjusted)];
    // The program's own sentences count rows and persons, and their author cannot edit them.
    let mut limits: Vec<String> = result
        .warnings
        .iter()
        .map(|warning| disclosure::without_small_numbers(warning, draft.cell_threshold))
        .collect();
    limits.extend(draft.limits.iter().cloned());
    let mut finding = Finding {
        kind: FindingKind::Finding,
        schema_version: FINDING_SCHEMA_VERSION,
        title: title(plan),
        question: if plan.question.trim().is_empty() { format!("{}?", title(plan)) } else { plan.question.clone() },
        population: Population {
            description: format!("{} and {}", plan.target.name, plan.comparator.name),
            dataset: draft.dataset_name.clone(),
            n: Cell::Count(result.unadjusted.n),
            n_events: Cell::Count(result.unadjusted.n_events),
        },
        estimates: estimates
            .into_iter()
            .filter_map(|(adjusted, ratio)| ratio.as_ref().map(|r| estimate(r, adjusted, level)))
            .collect(),
        arms: result.unadjusted.groups.iter().map(|g| arm(g, &result.time_unit, draft.cell_threshold)).collect(),
        balance: result
            .balance
            .rows
            .iter()
            .map(|row| FindingBalance {
                covariate: row.covariate.clone(),
                smd_before: row.smd_before,
                smd_after: row.smd_after,
            })
            .collect(),
        methods: result.settings.clone(),
        limits,
        not_adjusted_for: draft.not_adjusted_for.clone(),
        summary: String::new(),
        plan: published(plan),
        replicates: draft.replicates.clone(),
        overrides: draft.overrides.clone(),
        author: draft.author.clone(),
        made_on: draft.made_on.clone(),
        cell_threshold: draft.cell_threshold,
    };
    let hidden = disclosure::protect(&mut finding, draft.cell_threshold);
    finding.summary = words::of_finding(&finding);
    (finding, hidden)
}

/// The plan as it leaves: what a peer needs to run it, without the notes that somebody wrote beside a cohort.
fn published(plan: &StudyPlan) -> StudyPlan {
    let mut plan = plan.clone();
    for arm in [&mut plan.target, &mut plan.comparator] {
        arm.cohort.description.clear();
    }
    plan
}

fn title(plan: &StudyPlan) -> String {
    let title = format!("{} against {}: {}", plan.target.name, plan.comparator.name, plan.outcome.name());
    let mut letters = title.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn estimate(ratio: &HazardRatio, adjusted: bool, level: f64) -> Estimate {
    Estimate {
        measure: Measure::HazardRatio,
        adjusted,
        method: ratio.method.clone(),
        estimate: six_digits(ratio.estimate),
        lower: six_digits(ratio.lower),
        upper: six_digits(ratio.upper),
        std_err: six_digits(ratio.std_err),
        level,
        ph_p: ratio.ph_p.map(six_digits),
    }
}

/// Enough for pooling; all digits of an estimate are a fingerprint of the rows behind it.
fn six_digits(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    // Through decimal digits, so that the same number is written everywhere.
    format!("{value:.5e}").parse().unwrap_or(value)
}

fn arm(group: &GroupCurve, time_unit: &str, threshold: u32) -> ArmResult {
    let steps: Vec<(f64, f64)> = group.curve.iter().map(|p| (p.time, p.survival)).collect();
    ArmResult {
        name: group.name.clone(),
        n: Cell::Count(group.n),
        // Unweighted curves count whole events.
        n_events: Cell::Count(group.n_events.round().max(0.0) as u64),
        median: group.median,
        time_unit: time_unit.to_owned(),
        curve: disclosure::coarse_curve(&steps, group.n, threshold).unwrap_or_default(),
    }
}
