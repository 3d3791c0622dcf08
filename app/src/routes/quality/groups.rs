//! Checks of one rule stand together; filters choose among them.

use model::results::{QualityCheck, QualityStatus};

use super::words::category_words;
use crate::format::domain;

/// The checks of one rule, one a part.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct CheckGroup {
    /// The checks, failed ones first.
    pub checks: Vec<QualityCheck>,
}

/// Which checks are shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Filter {
    status: Option<QualityStatus>,
    category: String,
    words: Vec<String>,
}

impl Filter {
    /// From the values of the fields.
    pub(super) fn new(status: &str, category: &str, text: &str) -> Self {
        let status = match status {
            "fail" => Some(QualityStatus::Fail),
            "pass" => Some(QualityStatus::Pass),
            "not_applicable" => Some(QualityStatus::NotApplicable),
            _ => None,
        };
        let words = text.split_whitespace().map(str::to_lowercase).collect();
        Self { status, category: category.to_owned(), words }
    }

    fn takes(&self, check: &QualityCheck) -> bool {
        let part = domain::heading(&check.part);
        let text = [&check.id, &check.title, &check.part, &part, &check.like, &check.note].map(|t| t.to_lowercase());
        let text = text.join(" ");
        self.status.is_none_or(|status| check.status == status)
            && (self.category.is_empty() || category_words(check.category) == self.category)
            && self.words.iter().all(|word| text.contains(word.as_str()))
    }
}

/// The checks that a filter takes, by rule; rules with failures first, else in the report's order.
pub(super) fn grouped(checks: &[QualityCheck], filter: &Filter) -> Vec<CheckGroup> {
    let mut groups: Vec<CheckGroup> = Vec::new();
    for check in checks.iter().filter(|check| filter.takes(check)) {
        let same = groups.iter_mut().find(|g| g.checks.first().is_some_and(|first| first.id == check.id));
        match same {
            Some(group) => group.checks.push(check.clone()),
            None => groups.push(CheckGroup { checks: vec![check.clone()] }),
        }
    }
    for group in &mut groups {
        group.checks.sort_by_key(|c| c.status);
    }
    groups.sort_by_key(|g| g.checks.first().map(|c| c.status != QualityStatus::Fail));
    groups
}

#[cfg(test)]
mod tests {
    use super::super::words::tests::check;
    use super::*;

    #[test]
    fn parts_of_a_rule_stand_together_failures_first() {
        let checks =
            [check("a", "visit", 0, 10), check("b", "", 5, 10), check("a", "drug", 9, 10), check("c", "", 0, 0)];
        let groups = grouped(&checks, &Filter::new("all", "", ""));
        let parts: Vec<Vec<&str>> = groups.iter().map(|g| g.checks.iter().map(|c| c.part.as_str()).collect()).collect();
        assert_eq!(parts, [vec!["drug", "visit"], vec![""], vec![""]]);
        let of = |filter: &Filter| grouped(&checks, filter).into_iter().flat_map(|g| g.checks).count();
        assert_eq!(of(&Filter::new("fail", "", "")), 2);
        assert_eq!(of(&Filter::new("not_applicable", "", "")), 1);
        assert_eq!(of(&Filter::new("all", "", "DRUG")), 1);
        assert_eq!(of(&Filter::new("all", "Conformance", "")), 0);
    }
}
