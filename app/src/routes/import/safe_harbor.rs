//! The Safe Harbor table: all eighteen classes, what was found of each, where, and what was done.

use leptos::prelude::*;
use model::intake::IntakeReport;
use model::safe_harbor::SafeHarborRow;

use crate::components::*;
use crate::format::count;

/// The rows of a report; of a report that an older build stored, made from what it lists.
fn rows(report: &IntakeReport) -> Vec<SafeHarborRow> {
    if report.safe_harbor.is_empty() {
        model::safe_harbor::table(&report.identifiers)
    } else {
        report.safe_harbor.clone()
    }
}

/// The table as text.
fn table(report: &IntakeReport) -> TableData {
    let joined = |words: &[String]| words.join("; ");
    TableData {
        caption: "The eighteen classes of HIPAA's Safe Harbor rule, 45 CFR 164.514(b)(2)(i)".to_owned(),
        columns: vec![
            Column::text("Class"),
            Column::number("Found"),
            Column::text("Where"),
            Column::text("What was done"),
        ],
        rows: rows(report)
            .into_iter()
            .map(|row| {
                let done = if row.found == 0 { "none found".to_owned() } else { joined(&row.actions) };
                vec![format!("({}) {}", row.letter, row.class), count(row.found), joined(&row.places), done]
            })
            .collect(),
    }
}

/// The table of eighteen classes, with what was chosen, to be printed and downloaded.
#[component]
pub(crate) fn SafeHarbor(
    /// The report.
    report: IntakeReport,
) -> impl IntoView {
    let shown = table(&report);
    let print = || {
        drop(window().print());
    };
    view! {
        <div class="stack">
            {(!report.choices.is_empty())
                .then(|| {
                    view! {
                        <dl class="facts">
                            {report
                                .choices
                                .into_iter()
                                .map(|step| {
                                    let what = step.class.trim_start_matches("chosen: ").to_owned();
                                    view! { <dt>{capital(&what)}</dt><dd>{step.action}</dd> }
                                })
                                .collect_view()}
                        </dl>
                    }
                })}
            <DataTable table=shown file_name="safe harbor"/>
            <div class="row no-print">
                <Button label="Print" small=true on_click=print/>
            </div>
            <p class="muted small">
                "It is a screen, not proof: names that nobody lists and identifiers in unusual forms can stay in free text."
            </p>
        </div>
    }
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::intake::IdentifierFound;

    #[test]
    fn eighteen_rows_whatever_was_found() {
        let found = IdentifierFound {
            class: "names".to_owned(),
            found: 1200,
            place: "ward.csv: surname".to_owned(),
            action: "column dropped".to_owned(),
        };
        let table = table(&IntakeReport { identifiers: vec![found], ..IntakeReport::default() });
        assert_eq!(table.rows.len(), 18);
        assert_eq!(table.rows[0], ["(A) names", "1,200", "ward.csv: surname (1200)", "column dropped"]);
        assert_eq!(table.rows[17][3], "none found");
    }
}
