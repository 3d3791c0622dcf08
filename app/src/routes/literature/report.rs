//! What came of every record: read = kept + rejected + not used.

use leptos::prelude::*;
use model::citation::{CitationReport, RecordNote};

use super::Outcome;
use crate::components::*;
use crate::format::{and_list, count, counted};

/// The report of a reading.
#[component]
pub(super) fn ReportView(outcome: Outcome) -> impl IntoView {
    let Outcome { report, added } = outcome;
    let kind = if report.rejected > 0 || !report.refused.is_empty() { NoticeKind::Warn } else { NoticeKind::Success };
    let kept = kept_words(added.n_new, added.n_updated, added.n_same);
    let sum = sum_words(&report);
    let fields = fields_words(&report);
    let (warnings, refused) = (report.warnings.clone(), report.refused.clone());
    let files = (report.files.len() > 1).then(|| files_table(&report));
    let rejected = (!report.rejections.is_empty()).then(|| notes_table("Rejected records", &report.rejections));
    let unused = (!report.unused.is_empty()).then(|| notes_table("Records not used", &report.unused));
    view! {
        <Notice kind=kind title="The citations were read">
            <p>{sum}</p>
            <p>{kept}</p>
            {(!refused.is_empty()).then(|| view! {
                <p>"Not read at all:"</p>
                <ul>{refused.into_iter().map(|file| view! { <li>{file.reason}</li> }).collect_view()}</ul>
            })}
            {(!warnings.is_empty()).then(|| view! {
                <ul>{warnings.into_iter().map(|words| view! { <li>{words}</li> }).collect_view()}</ul>
            })}
            {fields.map(|words| view! { <p class="small muted">{words}</p> })}
        </Notice>
        {files.map(|table| view! { <DataTable table=table file_name="citations-by-file"/> })}
        {rejected.map(|table| view! { <DataTable table=table file_name="rejected-citations" tall=true/> })}
        {unused.map(|table| view! { <DataTable table=table file_name="citations-not-used" tall=true/> })}
    }
}

/// The line in which every record is accounted for.
fn sum_words(report: &CitationReport) -> String {
    format!(
        "{} read = {} kept + {} rejected + {} not used.",
        counted(report.records_read, "record", "records"),
        count(report.kept),
        count(report.rejected),
        count(report.not_used)
    )
}

fn kept_words(n_new: u64, n_updated: u64, n_same: u64) -> String {
    let parts: Vec<String> =
        [(n_new, "new on this device"), (n_updated, "known better now"), (n_same, "there already")]
            .into_iter()
            .filter(|(n, _)| *n > 0)
            .map(|(n, words)| format!("{} {words}", count(n)))
            .collect();
    if parts.is_empty() { "Nothing was stored.".to_owned() } else { format!("Of those kept: {}.", and_list(&parts)) }
}

/// Fields that citations have no place for.
fn fields_words(report: &CitationReport) -> Option<String> {
    let total: u64 = report.fields_not_used.iter().map(|f| f.n).sum();
    let named: Vec<String> =
        report.fields_not_used.iter().take(12).map(|f| format!("{} ({})", f.field, count(f.n))).collect();
    let more = if report.fields_not_used.len() > 12 { " and others" } else { "" };
    (total > 0)
        .then(|| format!("Fields of the files that are not used, {} in all: {}{more}.", count(total), named.join(", ")))
}

fn files_table(report: &CitationReport) -> TableData {
    TableData {
        caption: "Files".to_owned(),
        columns: vec![
            Column::text("File"),
            Column::text("Format"),
            Column::number("Read"),
            Column::number("Kept"),
            Column::number("Rejected"),
            Column::number("Not used"),
        ],
        rows: report
            .files
            .iter()
            .map(|f| {
                let counts = [f.records_read, f.kept, f.rejected, f.not_used].map(count);
                [f.file.clone(), f.format.words().to_owned()].into_iter().chain(counts).collect()
            })
            .collect(),
    }
}

fn notes_table(caption: &str, notes: &[RecordNote]) -> TableData {
    TableData {
        caption: caption.to_owned(),
        columns: vec![Column::text("File"), Column::number("Line"), Column::text("Record"), Column::text("Why")],
        rows: notes
            .iter()
            .map(|note| vec![note.file.clone(), note.line.to_string(), note.record.clone(), note.reason.clone()])
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::citation::FieldCount;

    #[test]
    fn every_record_is_accounted_for_in_words() {
        let report = CitationReport {
            records_read: 1234,
            kept: 1200,
            rejected: 4,
            not_used: 30,
            fields_not_used: vec![FieldCount { field: "OWN".to_owned(), n: 1234 }],
            ..CitationReport::default()
        };
        assert_eq!(sum_words(&report), "1,234 records read = 1,200 kept + 4 rejected + 30 not used.");
        assert_eq!(kept_words(3, 0, 1), "Of those kept: 3 new on this device and 1 there already.");
        assert_eq!(kept_words(0, 0, 0), "Nothing was stored.");
        assert_eq!(fields_words(&report).unwrap(), "Fields of the files that are not used, 1,234 in all: OWN (1,234).");
        assert_eq!(fields_words(&CitationReport::default()), None);
    }
}
