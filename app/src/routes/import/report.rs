//! The intake report: every row is accounted for.

use leptos::prelude::*;
use model::intake::{Compared, IntakeReport, Merged};
use protocol::StoredImport;

use super::Wizard;
use super::safe_harbor::SafeHarbor;
use crate::components::*;
use crate::format::{count, counted, seconds};
use crate::stores::engine::Load;

/// The end of the wizard.
#[component]
pub(super) fn Report(wizard: Wizard) -> impl IntoView {
    move || {
        let stored = wizard.import.load.with(|load| load.ready().cloned())?;
        Some(view! { <Done stored=stored wizard=wizard/> })
    }
}

#[component]
fn Done(stored: StoredImport, wizard: Wizard) -> impl IntoView {
    let id = stored.header.id.clone();
    let name = stored.header.name.clone();
    let title = if stored.already_there {
        format!("'{name}' was on this device already")
    } else {
        format!("'{name}' is on this device")
    };
    let words = if stored.already_there {
        "The same content gives the same dataset, so nothing was stored twice.".to_owned()
    } else {
        format!("{} in {}.", counted(stored.header.n_persons, "person", "persons"), seconds(stored.report.seconds))
    };
    view! {
        <div class="stack stack--l">
            <Notice kind=NoticeKind::Success title=title>
                <p>{words}</p>
                <div class="row">
                    <LinkButton label="Look at the data" href=format!("/data/{id}") kind=ButtonKind::Primary/>
                    <LinkButton label="Build a cohort" href=format!("/cohorts?dataset={id}")/>
                    <Button label="Import another file" kind=ButtonKind::Quiet on_click=move || wizard.restart()/>
                </div>
            </Notice>
            {move || wizard.kept.get().map(|kept| view! { <Kept kept=kept/> })}
            <Section title="Intake report">
                <ReportView report=stored.report/>
            </Section>
        </div>
    }
}

/// The browser's answer to being asked to keep the data.
#[component]
fn Kept(kept: Load<Option<bool>>) -> impl IntoView {
    match kept {
        Load::Ready(Some(true)) => view! {
            <Notice title="The browser will keep these data">
                <p>"It promised not to throw them away when space runs short. A backup as a .rounds file is still wise."</p>
            </Notice>
        }
        .into_any(),
        Load::Ready(_) => view! {
            <Notice kind=NoticeKind::Warn title="The browser did not promise to keep these data">
                <p>
                    "If the disk runs full it may throw them away. Save a backup as a .rounds file on the dataset's page; you \
                     can ask the browser again under Data, Storage."
                </p>
            </Notice>
        }
        .into_any(),
        Load::Failed(error) => view! { <ErrorNotice error=error/> }.into_any(),
        Load::Idle | Load::Loading { .. } => ().into_any(),
    }
}

fn rejections(report: &IntakeReport) -> TableData {
    TableData {
        caption: "Rejected rows and values".to_owned(),
        columns: vec![Column::text("File"), Column::number("Line"), Column::text("Field"), Column::text("Why")],
        rows: report
            .rejected
            .iter()
            .map(|r| vec![r.file.clone(), r.line.to_string(), r.field.clone(), r.reason.clone()])
            .collect(),
    }
}

fn files(report: &IntakeReport) -> TableData {
    TableData {
        caption: "Rows by file".to_owned(),
        columns: vec![
            Column::text("File"),
            Column::text("Read as"),
            Column::number("Read"),
            Column::number("Kept"),
            Column::number("Rejected"),
            Column::number("Not used"),
        ],
        rows: report
            .files
            .iter()
            .map(|f| {
                vec![
                    f.file.clone(),
                    f.table.clone(),
                    count(f.rows_read),
                    count(f.rows_kept),
                    count(f.rows_rejected),
                    count(f.rows_not_used),
                ]
            })
            .collect(),
    }
}

fn added(merged: &Merged) -> TableData {
    let row = |words: &str, c: &Compared| {
        vec![words.to_owned(), count(c.new), count(c.updated), count(c.unchanged), count(c.removed)]
    };
    TableData {
        caption: "Against the dataset that was here".to_owned(),
        columns: vec![
            Column::text("Of"),
            Column::number("New"),
            Column::number("Updated"),
            Column::number("The same"),
            Column::number("Taken away"),
        ],
        rows: vec![row("Persons", &merged.persons), row("Dated records", &merged.events), row("Notes", &merged.notes)],
    }
}

/// What an import adds to a dataset. Where nobody was found again, it says so: the identifiers are then written differently.
#[component]
pub(super) fn Added(merged: Merged) -> impl IntoView {
    let persons = merged.persons;
    let n_again = persons.updated + persons.unchanged;
    let n_all = n_again + persons.new;
    view! {
        {(n_again == 0 && n_all > 0)
            .then(|| {
                view! {
                    <Notice kind=NoticeKind::Warn title="Nobody was found again in the dataset">
                        <p>
                            {format!("All {} are new. ", counted(n_all, "person", "persons"))}
                            "If they should be there already, their identifiers are written differently in these files (leading zeros, \
                             a letter before the number)."
                        </p>
                    </Notice>
                }
            })}
        <DataTable table=added(&merged) file_name="added to the dataset"/>
    }
}

/// An intake report: rows, identifiers, rejections, warnings.
#[component]
pub(crate) fn ReportView(
    /// The report.
    report: IntakeReport,
) -> impl IntoView {
    let part = |n: u64, words: &'static str| view! { <span><strong>{count(n)}</strong>" "{words}</span> };
    let op = |sign: &'static str| view! { <span class="sum__op" aria-hidden="true">{sign}</span> };
    let privacy = report.clone();
    let rejected = rejections(&report);
    let by_file = files(&report);
    let n_listed = report.rejected.len() as u64;
    let n_bad = report.rows_rejected + report.values_rejected;
    let has_rejections = n_listed > 0;
    view! {
        <div class="stack">
            <p class="sum">
                {part(report.rows_read, "rows read")} {op("=")} {part(report.rows_kept, "kept")} {op("+")}
                {part(report.rows_rejected, "rejected")} {op("+")} {part(report.rows_not_used, "not used")}
            </p>
            <dl class="stats">
                <Stat label="Persons" value=count(report.persons)/>
                {(report.events > 0).then(|| view! { <Stat label="Dated records" value=count(report.events)/> })}
                <Stat label="Notes" value=count(report.notes)/>
                {(report.note_findings > 0)
                    .then(|| view! { <Stat label="Findings in notes" value=count(report.note_findings)/> })}
                <Stat label="Values set to missing" value=count(report.values_rejected)/>
            </dl>
            {report.merged.map(|merged| view! { <Added merged=merged/> })}
            <NoticeList kind=NoticeKind::Warn title="What you should know" items=report.warnings/>
            <SafeHarbor report=privacy/>
            {if has_rejections {
                view! {
                    {(n_bad > n_listed)
                        .then(|| {
                            view! {
                                <p class="muted small">
                                    {format!("The first {} of {} are listed.", count(n_listed), count(n_bad))}
                                </p>
                            }
                        })}
                    <DataTable table=rejected file_name="rejected rows" tall=true/>
                }
                    .into_any()
            } else {
                view! { <p class="muted">"No row and no value was rejected."</p> }.into_any()
            }}
            {(by_file.rows.len() > 1).then(|| view! { <DataTable table=by_file file_name="rows by file" tall=true/> })}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::intake::Rejection;

    #[test]
    fn every_rejection_is_a_row() {
        let report = IntakeReport {
            rejected: vec![Rejection {
                file: "a.csv".to_owned(),
                line: 3,
                field: "age".to_owned(),
                reason: "'x' is not a number".to_owned(),
            }],
            ..IntakeReport::default()
        };
        let table = rejections(&report);
        assert_eq!(table.rows, [["a.csv", "3", "age", "'x' is not a number"]]);
        assert_eq!(table.columns.len(), 4);
    }
}
