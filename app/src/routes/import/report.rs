//! The intake report: every row and value accounted for.

use leptos::prelude::*;
use model::intake::IntakeReport;

use super::words;
use crate::components::*;
use crate::format;

/// The intake report, downloadable.
#[component]
pub(super) fn Report(
    /// What happened.
    report: IntakeReport,
) -> impl IntoView {
    let sum = format!(
        "{} rows read = {} kept + {} rejected + {} not used",
        format::count(report.rows_read),
        format::count(report.rows_kept),
        format::count(report.rows_rejected),
        format::count(report.rows_not_used),
    );
    let identifiers = words::identifiers_found(&report);
    let rejected = words::rejections(&report);
    let files = words::files(&report);
    let n_listed = report.rejected.len() as u64;
    let n_all = report.rows_rejected + report.values_rejected;
    let more = (n_all > n_listed).then(|| {
        format!("The first {} of {} are listed.", format::count(n_listed), format::count(n_all))
    });
    let warnings = report.warnings.clone();
    let json = serde_json::to_string_pretty(&report).unwrap_or_default();
    let save = move || {
        if let Err(error) = web::files::download("intake-report.json", json.as_bytes(), "application/json") {
            toast(error.to_string());
        }
    };
    view! {
        <Section
            title="Intake report"
            lead=sum
            actions=move || view! { <Button label="Download the report" small=true on_click=save.clone()/> }
        >
            <dl class="stats">
                <Stat label="Persons" value=format::count(report.persons)/>
                <Stat label="Events" value=format::count(report.events)/>
                <Stat label="Notes" value=format::count(report.notes)/>
                <Stat label="Values set to missing" value=format::count(report.values_rejected)/>
                <Stat label="Time" value=format::seconds(report.seconds)/>
            </dl>
            {(!warnings.is_empty())
                .then(|| {
                    view! {
                        <Notice kind=NoticeKind::Warn title="What you should know">
                            <ul>{warnings.into_iter().map(|w| view! { <li>{w}</li> }).collect_view()}</ul>
                        </Notice>
                    }
                })}
            {if rejected.rows.is_empty() {
                view! { <p>"Nothing was rejected."</p> }.into_any()
            } else {
                view! {
                    <DataTable table=Signal::stored(rejected) file_name="rejections" tall=true/>
                    <p class="muted small">{more}</p>
                }
                .into_any()
            }}
            {(!identifiers.rows.is_empty())
                .then(|| view! { <DataTable table=Signal::stored(identifiers) file_name="identifiers-found"/> })}
            {(files.rows.len() > 1).then(|| view! { <DataTable table=Signal::stored(files) file_name="files"/> })}
        </Section>
    }
}
