//! Bring your data: files, what they are, what happens to identifiers, import, report.

mod choose;
mod columns;
mod csv_file;
mod dates;
mod dialect;
mod file;
mod into;
mod plan;
mod privacy;
mod progress;
mod record;
mod report;
mod review;
mod safe_harbor;
mod tables;
mod wizard;

pub(crate) use report::ReportView;

use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::{ImportFiles, ImportFormat, ImportRounds, PrepareImport, StoredImport};

use super::data::{ask_to_keep, keep_report};
use crate::components::*;
use crate::stores::datasets::use_datasets;
use crate::stores::engine::{EngineHandle, Load, use_engine};

use choose::Choose;
use columns::Columns;
use file::FileStep;
use privacy::Privacy;
use progress::{Running, Steps, place_words};
use report::Report;
use tables::TableColumns;
use wizard::{Plan, Step, Wizard};

/// Id of what a step shows.
const STEP: &str = "import-step";

/// Bring your data.
#[component]
pub fn ImportPage() -> impl IntoView {
    let engine = use_engine();
    // The worker starts while the file is being chosen.
    engine.warm_up(protocol::Worker::Intake);
    let wizard = Wizard::new();
    // Memos: what is typed in a step must not draw it anew.
    let step = Memo::new(move |_| wizard.step.get());
    let steps = Memo::new(move |_| wizard.plan.with(|plan| plan.as_ref().map(Plan::steps)));
    let has_plan = Memo::new(move |_| steps.with(Option::is_some));
    // A new step begins at its top, and who listens is told which it is.
    Effect::new(move |before: Option<(Step, bool)>| {
        let now = (step.get(), has_plan.get());
        if before.is_some_and(|before| before != now) {
            begin_part(STEP);
        }
        now
    });
    let place = move || steps.get().map(|steps| place_words(steps, step.get()));
    view! {
        <PageHeader
            title="Bring your data"
            lead="Tables as CSV or Excel, clinic notes, a folder of OMOP CDM tables (CSV or Parquet), FHIR resources, or a .rounds file. It is read in this \
                  browser and stored on this device; nothing is uploaded."
        />
        <div id=STEP class="part" tabindex="-1" role="group" aria-label=place>
        {move || steps.get().map(|steps| view! { <Steps steps=steps at=wizard.step/> })}
        {move || match step.get() {
            Step::File if has_plan.get() => view! { <FileStep wizard=wizard/> }.into_any(),
            Step::File => view! { <Choose wizard=wizard/> }.into_any(),
            Step::Columns if wizard.plan.with_untracked(|plan| matches!(plan, Some(Plan::Tables(_)))) => {
                view! { <TableColumns wizard=wizard/> }.into_any()
            }
            Step::Columns => view! { <Columns wizard=wizard/> }.into_any(),
            Step::Privacy => view! { <Privacy wizard=wizard/> }.into_any(),
            Step::Import => view! { <Running wizard=wizard/> }.into_any(),
            Step::Review => view! { <review::Review wizard=wizard/> }.into_any(),
            Step::Report => view! { <Report wizard=wizard/> }.into_any(),
        }}
        </div>
        <Show when=move || has_plan.get() && step.get() < Step::Import>
            <Bar wizard=wizard/>
        </Show>
    }
}

/// Back, next, import.
#[component]
fn Bar(wizard: Wizard) -> impl IntoView {
    let engine = use_engine();
    let datasets = use_datasets();
    let problems = Memo::new(move |_| wizard.problems());
    let next = Memo::new(move |_| wizard.plan.with(|plan| plan.as_ref().and_then(|p| p.after(wizard.step.get()))));
    let before = Memo::new(move |_| wizard.plan.with(|plan| plan.as_ref().and_then(|p| p.before(wizard.step.get()))));
    // The file step may be left with problems of later steps still open, but not while the file cannot be read as said.
    let is_unread = move || wizard.inspect.load.with(|load| !matches!(load, Load::Ready(_)));
    let has_problems = move || wizard.step.get() != Step::File && !problems.get().is_empty();
    let is_blocked = move || is_unread() || has_problems();
    let forward = move || match next.get_untracked() {
        Some(Step::Import) => start_import(wizard, engine, datasets),
        Some(step) => wizard.step.set(step),
        None => {}
    };
    let back = move || match before.get_untracked() {
        Some(step) => wizard.step.set(step),
        None => wizard.restart(),
    };
    view! {
        <Show when=has_problems>
            <NoticeList kind=NoticeKind::Warn title="Before you go on" items=problems/>
        </Show>
        <div class="import-bar">
            <Button label=move || if before.get().is_some() { "Back" } else { "Choose another file" }.to_owned() on_click=back/>
            <Button
                label=move || if next.get() == Some(Step::Import) { "Import" } else { "Next" }.to_owned()
                kind=ButtonKind::Primary
                disabled=is_blocked
                on_click=forward
            />
        </div>
    }
}

fn start_import(wizard: Wizard, engine: EngineHandle, datasets: crate::stores::datasets::Datasets) {
    let Some(plan) = wizard.plan.get_untracked() else {
        return;
    };
    let (names, handles) = wizard.chosen();
    wizard.step.set(Step::Import);
    wizard.import.reset();
    let text = wizard.text.get_untracked();
    let import = match plan {
        Plan::Csv(csv) => ImportFiles {
            name: csv.name.trim().to_owned(),
            names,
            format: ImportFormat::Csv { mapping: csv.mapping },
            dates: csv.dates,
            text,
            note_findings: false,
            into: csv.into,
        },
        Plan::Tables(tables) => ImportFiles {
            name: tables.name.trim().to_owned(),
            names,
            format: ImportFormat::Tables { mapping: Box::new(tables.mapping()) },
            dates: tables.dates,
            text,
            note_findings: tables.note_findings,
            into: tables.into,
        },
        Plan::Record(record) => ImportFiles {
            name: record.name.trim().to_owned(),
            names,
            format: record.files.format(),
            dates: record.dates,
            text,
            note_findings: record.note_findings,
            into: record.into,
        },
        Plan::Rounds(_) => {
            wizard
                .import
                .run_then(engine, ImportRounds {}, handles, move |answer| stored(wizard, datasets, &answer.value));
            return;
        }
    };
    wizard.prepare.run_then(engine, PrepareImport { import }, handles, move |answer| {
        review::prepared(wizard, engine, datasets, &answer.value);
    });
}

/// A dataset was stored: shown in the lists, its report kept, and the browser asked to keep it.
fn stored(wizard: Wizard, datasets: crate::stores::datasets::Datasets, stored: &StoredImport) {
    datasets.refresh();
    wizard.step.try_set(Step::Report);
    keep_report(stored);
    spawn_local(async move {
        wizard.kept.try_set(Some(Load::loading()));
        let kept = ask_to_keep().await;
        wizard.kept.try_set(Some(kept.into()));
    });
}
