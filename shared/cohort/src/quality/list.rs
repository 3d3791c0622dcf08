//! Collects checks.

use model::results::{QualityCategory, QualityCheck, QualityContext, QualityStatus, QualitySummary};

/// Places of violations that are named.
const MOST: usize = 10;

/// A rule, its threshold and its words.
#[derive(Clone, Copy, Debug)]
pub(super) struct Check {
    pub id: &'static str,
    pub title: &'static str,
    pub category: QualityCategory,
    pub subcategory: &'static str,
    pub context: QualityContext,
    /// The check of the Data Quality Dashboard that it follows.
    pub like: &'static str,
    /// What is counted.
    pub unit: &'static str,
    /// Percent.
    pub threshold: f64,
    pub to_do: &'static str,
}

/// Counts of a check.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Share {
    pub violated: u64,
    pub total: u64,
}

impl Share {
    /// Counts one more.
    #[inline]
    pub(super) fn add(&mut self, violated: bool) {
        self.total += 1;
        self.violated += u64::from(violated);
    }
}

/// The checks so far.
#[derive(Debug, Default)]
pub(super) struct List {
    checks: Vec<QualityCheck>,
}

impl List {
    /// A check that was counted. Where there was nothing to count, it does not apply.
    pub(super) fn add(&mut self, check: &Check, part: &str, share: Share) -> &mut QualityCheck {
        #[expect(clippy::cast_precision_loss, reason = "counts of rows, far below 2^53")]
        let percent = (share.total > 0).then(|| 100.0 * share.violated as f64 / share.total as f64);
        let status = match percent {
            None => QualityStatus::NotApplicable,
            Some(percent) if percent > check.threshold => QualityStatus::Fail,
            Some(_) => QualityStatus::Pass,
        };
        let note = if percent.is_none() { format!("There are no {} to check.", check.unit) } else { String::new() };
        self.checks.push(QualityCheck {
            id: check.id.to_owned(),
            title: check.title.to_owned(),
            part: part.to_owned(),
            category: check.category,
            subcategory: check.subcategory.to_owned(),
            context: check.context,
            like: check.like.to_owned(),
            unit: check.unit.to_owned(),
            n_violated: share.violated,
            n_total: share.total,
            percent,
            threshold_percent: check.threshold,
            status,
            note,
            to_do: check.to_do.to_owned(),
            most: Vec::new(),
        });
        let last = self.checks.len() - 1;
        &mut self.checks[last]
    }

    /// A check that cannot be made.
    pub(super) fn not_applicable(&mut self, check: &Check, why: &str) {
        self.add(check, "", Share::default()).note = why.to_owned();
    }

    /// The cells of category and context.
    pub(super) fn summary(&self) -> Vec<QualitySummary> {
        let categories = [QualityCategory::Completeness, QualityCategory::Conformance, QualityCategory::Plausibility];
        let contexts = [QualityContext::Verification, QualityContext::Validation];
        let cells = categories.into_iter().flat_map(|category| contexts.map(|context| (category, context)));
        cells
            .map(|(category, context)| {
                let of = |status| {
                    let mine = self.checks.iter().filter(|c| c.category == category && c.context == context);
                    mine.filter(|c| c.status == status).count() as u64
                };
                QualitySummary {
                    category,
                    context,
                    n_passed: of(QualityStatus::Pass),
                    n_failed: of(QualityStatus::Fail),
                    n_not_applicable: of(QualityStatus::NotApplicable),
                }
            })
            .collect()
    }

    /// The checks by category; within one in the order they were made.
    pub(super) fn into_checks(mut self) -> Vec<QualityCheck> {
        self.checks.sort_by_key(|c| c.category);
        self.checks
    }
}

/// The largest counts with their names, the largest first.
pub(super) fn most(named: impl Iterator<Item = (String, u64)>) -> Vec<(String, u64)> {
    let mut all: Vec<(String, u64)> = named.filter(|(_, n)| *n > 0).collect();
    all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    all.truncate(MOST);
    all
}
