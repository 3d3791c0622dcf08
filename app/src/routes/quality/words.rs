//! Words and tables for data quality.

use model::results::{QualityCategory, QualityCheck, QualityContext, QualityReport, QualityStatus};

use crate::components::{Column, TableData};
use crate::format::{count, domain, number};

/// A category.
pub(super) fn category_words(category: QualityCategory) -> &'static str {
    match category {
        QualityCategory::Completeness => "Completeness",
        QualityCategory::Conformance => "Conformance",
        QualityCategory::Plausibility => "Plausibility",
    }
}

/// A context.
pub(super) fn context_words(context: QualityContext) -> &'static str {
    match context {
        QualityContext::Verification => "Verification",
        QualityContext::Validation => "Validation",
    }
}

/// How a check ended.
pub(super) fn status_words(status: QualityStatus) -> &'static str {
    match status {
        QualityStatus::Fail => "Failed",
        QualityStatus::Pass => "Passed",
        QualityStatus::NotApplicable => "Does not apply",
    }
}

/// Category, subcategory and context, and in parentheses the dashboard's check.
pub(super) fn kind_words(check: &QualityCheck) -> String {
    let mut parts = vec![category_words(check.category).to_owned()];
    if !check.subcategory.is_empty() {
        parts.push(check.subcategory.clone());
    }
    parts.push(context_words(check.context).to_lowercase());
    let words = parts.join(", ");
    if check.like.is_empty() { words } else { format!("{words} (Data Quality Dashboard: {})", check.like) }
}

/// How the checks of a rule ended.
pub(super) fn group_tag(checks: &[QualityCheck]) -> String {
    let of = |status| checks.iter().filter(|c| c.status == status).count();
    match (checks, of(QualityStatus::Fail)) {
        ([only], _) => status_words(only.status).to_owned(),
        (_, 0) => format!("{} passed", of(QualityStatus::Pass)),
        (_, failed) => format!("{failed} of {} failed", checks.len()),
    }
}

/// A percentage; what is more than none never looks like none.
pub(super) fn percent_words(percent: f64) -> String {
    if percent > 0.0 && percent < 0.01 {
        return "below 0.01%".to_owned();
    }
    let text = if percent < 10.0 { format!("{percent:.2}") } else { format!("{percent:.1}") };
    let text = text.trim_end_matches('0').trim_end_matches('.');
    format!("{}%", if text.is_empty() { "0" } else { text })
}

/// A check's row.
pub(super) struct Cells {
    pub part: String,
    pub violated: String,
    pub total: String,
    pub percent: String,
    pub threshold: String,
    pub note: String,
}

/// A check as text.
pub(super) fn cells(check: &QualityCheck) -> Cells {
    let part = if check.part.is_empty() { "All".to_owned() } else { domain::heading(&check.part) };
    let most = check.most.iter().map(|(name, n)| format!("{name} ({})", count(*n))).collect::<Vec<_>>().join("; ");
    let mut note = check.note.clone();
    if !most.is_empty() {
        note = format!("{note}{}Most: {most}.", if note.is_empty() { "" } else { " " });
    }
    Cells {
        part,
        violated: count(check.n_violated),
        total: format!("{} {}", count(check.n_total), check.unit),
        percent: check.percent.map_or_else(String::new, percent_words),
        threshold: percent_words(check.threshold_percent),
        note,
    }
}

/// The checks of a rule, one a part.
pub(super) fn group_table(checks: &[QualityCheck]) -> TableData {
    let numbers = ["Break the rule", "Of", "Percent", "Fails above"].map(Column::number);
    let columns = ["Part", "Ended"].map(Column::text).into_iter().chain(numbers).chain([Column::text("Remarks")]);
    let row = |check: &QualityCheck| {
        let Cells { part, violated, total, percent, threshold, note } = cells(check);
        vec![part, status_words(check.status).to_owned(), violated, total, percent, threshold, note]
    };
    TableData {
        caption: checks.first().map(|first| format!("{}: counts", first.title)).unwrap_or_default(),
        columns: columns.collect(),
        rows: checks.iter().map(row).collect(),
    }
}

/// Categories by contexts, as the Data Quality Dashboard shows them.
pub(super) fn summary_table(report: &QualityReport) -> TableData {
    let contexts = [QualityContext::Verification, QualityContext::Validation];
    let heads = ["Verification", "Validation", "Total"];
    let columns = std::iter::once(Column::text("Category"))
        .chain(
            heads.iter().flat_map(|head| ["passed", "failed", "share passed"].map(|s| Column::number(s).under(*head))),
        )
        .collect();
    let categories = [
        Some(QualityCategory::Completeness),
        Some(QualityCategory::Conformance),
        Some(QualityCategory::Plausibility),
        None,
    ];
    let rows = categories.map(|category| {
        let cell = |context: Option<QualityContext>| {
            let mine = report
                .summary
                .iter()
                .filter(|s| category.is_none_or(|c| c == s.category) && context.is_none_or(|c| c == s.context));
            let (passed, failed) = mine.fold((0, 0), |(passed, failed), s| (passed + s.n_passed, failed + s.n_failed));
            let share = crate::format::percent(passed, passed + failed).unwrap_or_else(|| "none applies".to_owned());
            [count(passed), count(failed), share]
        };
        std::iter::once(category.map_or("Total", category_words).to_owned())
            .chain(contexts.into_iter().map(Some).chain([None]).flat_map(cell))
            .collect()
    });
    TableData { caption: "Checks by category and context".to_owned(), columns, rows: rows.to_vec() }
}

/// Every check, for CSV.
pub(super) fn all_checks(report: &QualityReport) -> TableData {
    let texts = ["Check", "Part", "Ended"];
    let numbers = ["Break the rule", "Of", "Percent", "Fails above percent"];
    let more =
        ["Counted", "Category", "Subcategory", "Context", "Data Quality Dashboard", "Remarks", "What to do", "Id"];
    TableData {
        caption: "Every check with its counts".to_owned(),
        columns: texts
            .into_iter()
            .map(Column::text)
            .chain(numbers.into_iter().map(Column::number))
            .chain(more.into_iter().map(Column::text))
            .collect(),
        rows: report.checks.iter().map(row).collect(),
    }
}

fn row(check: &QualityCheck) -> Vec<String> {
    let words = cells(check);
    vec![
        check.title.clone(),
        words.part,
        status_words(check.status).to_owned(),
        check.n_violated.to_string(),
        check.n_total.to_string(),
        check.percent.map_or_else(String::new, number),
        number(check.threshold_percent),
        check.unit.clone(),
        category_words(check.category).to_owned(),
        check.subcategory.clone(),
        context_words(check.context).to_owned(),
        check.like.clone(),
        words.note,
        check.to_do.clone(),
        check.id.clone(),
    ]
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use model::results::QualitySummary;

    pub(in super::super) fn check(id: &str, part: &str, violated: u64, total: u64) -> QualityCheck {
        let percent = (total > 0).then(|| 100.0 * violated as f64 / total as f64);
        QualityCheck {
            id: id.into(),
            title: format!("Title of {id}"),
            part: part.into(),
            category: QualityCategory::Plausibility,
            subcategory: "temporal".into(),
            context: QualityContext::Verification,
            like: "plausibleAfterBirth".into(),
            unit: "events".into(),
            n_violated: violated,
            n_total: total,
            percent,
            threshold_percent: 1.0,
            status: match percent {
                None => QualityStatus::NotApplicable,
                Some(p) if p > 1.0 => QualityStatus::Fail,
                Some(_) => QualityStatus::Pass,
            },
            note: String::new(),
            to_do: "Look.".into(),
            most: vec![("x".into(), 1200)],
        }
    }

    #[test]
    fn percentages_keep_what_is_more_than_none() {
        for (percent, words) in [
            (0.0, "0%"),
            (0.001, "below 0.01%"),
            (0.5, "0.5%"),
            (1.0, "1%"),
            (33.333, "33.3%"),
            (100.0, "100%"),
            (10.0, "10%"),
        ] {
            assert_eq!(percent_words(percent), words);
        }
    }

    #[test]
    fn a_check_in_words_and_every_row_as_long_as_the_head() {
        let one = check("a", "note_finding", 2, 1000);
        let words = cells(&one);
        assert_eq!(
            (words.part.as_str(), words.percent.as_str(), words.threshold.as_str()),
            ("Findings in notes", "0.2%", "1%")
        );
        assert_eq!((words.total.as_str(), words.note.as_str()), ("1,000 events", "Most: x (1,200)."));
        assert_eq!(group_tag(std::slice::from_ref(&one)), "Passed");
        assert_eq!(group_tag(&[one.clone(), check("a", "b", 9, 10)]), "1 of 2 failed");
        assert_eq!(
            kind_words(&one),
            "Plausibility, temporal, verification (Data Quality Dashboard: plausibleAfterBirth)"
        );
        let cell = |category, context, n_passed, n_failed| QualitySummary {
            category,
            context,
            n_passed,
            n_failed,
            n_not_applicable: 7,
        };
        let report = QualityReport {
            n_persons: 1,
            n_events: 1,
            n_notes: 0,
            summary: vec![
                cell(QualityCategory::Completeness, QualityContext::Verification, 3, 1),
                cell(QualityCategory::Completeness, QualityContext::Validation, 1, 0),
            ],
            checks: vec![one],
            settings: Vec::new(),
        };
        for table in [summary_table(&report), all_checks(&report), group_table(&report.checks)] {
            assert!(table.rows.iter().all(|row| row.len() == table.columns.len()), "{}", table.caption);
        }
        let columns = summary_table(&report).columns;
        assert_eq!(columns[3].full_label(), "Verification: share passed");
        let rows = summary_table(&report).rows;
        assert_eq!(rows[0][1..4], ["3", "1", "75.0%"].map(String::from));
        assert_eq!(rows[0][7..10], ["4", "1", "80.0%"].map(String::from));
        assert_eq!(rows[1][3], "none applies");
    }
}
