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

pub(crate) use report::ReportView;

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::intake::CsvDialect;
use protocol::{
    EngineError, ImportFiles, ImportFormat, ImportRounds, InspectFiles, InspectedFiles, PrepareImport, PreparedImport,
    StoredImport, TextPolicy,
};
use wasm_bindgen::JsValue;
use web::files::DroppedFile;

use super::data::{ask_to_keep, keep_report};
use crate::components::*;
use crate::stores::datasets::use_datasets;
use crate::stores::engine::{EngineHandle, Load, Task, use_engine};

use choose::Choose;
use columns::Columns;
use file::FileStep;
use plan::CsvPlan;
use privacy::Privacy;
use progress::{Running, Steps};
use record::{RecordFiles, RecordPlan};
use report::Report;
use tables::{TableColumns, TablesPlan};

/// Where the wizard stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    File,
    Columns,
    Privacy,
    Import,
    Review,
    Report,
}

/// What is going to be imported.
#[derive(Clone, Debug, PartialEq)]
enum Plan {
    /// One flat file.
    Csv(CsvPlan),
    /// Tables joined by a person, workbooks, notes.
    Tables(Box<TablesPlan>),
    /// A full record.
    Record(RecordPlan),
    /// A `.rounds` file.
    Rounds(Box<model::dataset::DatasetHeader>),
}

impl Plan {
    fn new(found: InspectedFiles) -> Self {
        match found {
            InspectedFiles::Csv { name, n_bytes, proposal } => Self::Csv(CsvPlan::new(&name, n_bytes, *proposal)),
            InspectedFiles::Tables { n_bytes, proposal } => Self::Tables(Box::new(TablesPlan::new(n_bytes, *proposal))),
            InspectedFiles::Omop { files, n_bytes } => Self::Record(RecordPlan::new(RecordFiles::Omop(files), n_bytes)),
            InspectedFiles::Fhir { found, n_files, n_bytes } => {
                Self::Record(RecordPlan::new(RecordFiles::Fhir { found, n_files }, n_bytes))
            }
            InspectedFiles::Rounds { header } => Self::Rounds(header),
        }
    }

    /// The steps this kind of import has, in order.
    fn steps(&self) -> &'static [(Step, &'static str)] {
        match self {
            Self::Tables(tables) if tables.has_no_columns() => &[
                (Step::File, "Files"),
                (Step::Privacy, "Identifiers"),
                (Step::Import, "Import"),
                (Step::Review, "Review"),
                (Step::Report, "Report"),
            ],
            Self::Csv(csv) if !csv.has_text() => &[
                (Step::File, "File"),
                (Step::Columns, "Columns"),
                (Step::Privacy, "Identifiers"),
                (Step::Import, "Import"),
                (Step::Report, "Report"),
            ],
            Self::Csv(_) | Self::Tables(_) => &[
                (Step::File, "File"),
                (Step::Columns, "Columns"),
                (Step::Privacy, "Identifiers"),
                (Step::Import, "Import"),
                (Step::Review, "Review"),
                (Step::Report, "Report"),
            ],
            Self::Record(_) => &[
                (Step::File, "Files"),
                (Step::Privacy, "Identifiers"),
                (Step::Import, "Import"),
                (Step::Review, "Review"),
                (Step::Report, "Report"),
            ],
            Self::Rounds(_) => &[(Step::File, "File"), (Step::Import, "Import"), (Step::Report, "Report")],
        }
    }

    /// The step after another one.
    fn after(&self, step: Step) -> Option<Step> {
        self.steps().iter().map(|(s, _)| *s).find(|s| *s > step)
    }

    /// The step before another one.
    fn before(&self, step: Step) -> Option<Step> {
        self.steps().iter().rev().map(|(s, _)| *s).find(|s| *s < step)
    }
}

/// What the parts of the wizard share. A handle: copies are the same.
#[derive(Clone, Copy)]
struct Wizard {
    step: RwSignal<Step>,
    plan: RwSignal<Option<Plan>>,
    files: StoredValue<Vec<DroppedFile>, LocalStorage>,
    /// What came of a mapping that was saved or applied; it outlives what an applied one draws anew.
    told: RwSignal<Option<Result<String, String>>>,
    /// How a flat file is written, where the user says so.
    said: RwSignal<CsvDialect>,
    inspect: Task<InspectedFiles>,
    /// What happens in notes and free text.
    text: RwSignal<TextPolicy>,
    /// Read and screened, not stored.
    prepare: Task<PreparedImport>,
    import: Task<StoredImport>,
    /// The browser's answer to being asked to keep the data.
    kept: RwSignal<Option<Load<Option<bool>>>>,
}

impl Wizard {
    fn new() -> Self {
        Self {
            step: RwSignal::new(Step::File),
            plan: RwSignal::new(None),
            files: StoredValue::new_local(Vec::new()),
            told: RwSignal::new(None),
            said: RwSignal::new(CsvDialect::default()),
            inspect: Task::new(),
            text: RwSignal::new(TextPolicy::default()),
            prepare: Task::new(),
            import: Task::new(),
            kept: RwSignal::new(None),
        }
    }

    /// Begins anew.
    fn restart(self) {
        self.inspect.reset();
        self.prepare.reset();
        review::fresh(self.text);
        self.import.reset();
        self.told.set(None);
        self.plan.set(None);
        self.files.set_value(Vec::new());
        self.said.set(CsvDialect::default());
        self.kept.set(None);
        self.step.set(Step::File);
    }

    /// Names and handles of the chosen files.
    fn chosen(self) -> (Vec<String>, Vec<JsValue>) {
        self.files.with_value(|files| {
            let names: Vec<String> = files.iter().map(|f| f.path.clone()).collect();
            let handles: Vec<JsValue> = files.iter().map(|f| f.handle.clone().into()).collect();
            (names, handles)
        })
    }

    /// Looks at the chosen files, read as the user says. What was corrected of a plan that is there already stays.
    fn look(self, engine: EngineHandle) {
        self.look_at(engine, false);
    }

    /// Looks at the one flat file again, as a table whose rows need not be persons.
    fn look_as_tables(self, engine: EngineHandle) {
        self.look_at(engine, true);
    }

    fn look_at(self, engine: EngineHandle, as_tables: bool) {
        let (names, handles) = self.chosen();
        let said = self.said.get_untracked();
        let dialects = self.plan.try_update_untracked(|plan| match plan {
            Some(Plan::Tables(tables)) => Some(tables.say(said.clone())),
            _ => None,
        });
        let dialects = dialects.flatten();
        let as_tables = as_tables || dialects.is_some();
        let dialect = if dialects.is_some() { CsvDialect::default() } else { said };
        let call = InspectFiles { names, dialect, dialects: dialects.unwrap_or_default(), as_tables };
        self.inspect.run_then(engine, call, handles, move |answer| {
            let found = answer.value.clone();
            self.plan.try_update(|plan| match (plan, found) {
                (Some(Plan::Csv(csv)), InspectedFiles::Csv { proposal, .. }) => csv.read_anew(*proposal),
                (Some(Plan::Tables(tables)), InspectedFiles::Tables { proposal, .. }) => tables.read_anew(*proposal),
                (plan, found) => *plan = Some(Plan::new(found)),
            });
        });
    }

    /// Whether one flat file was chosen that could not be read: how it is written may have been guessed wrongly.
    fn may_be_said(self) -> bool {
        let is_one = self.files.with_value(|files| match files.as_slice() {
            [file] => !file.path.to_lowercase().ends_with(".rounds"),
            _ => false,
        });
        is_one && self.inspect.load.with(|load| matches!(load, Load::Failed(EngineError::Invalid { .. })))
    }

    /// The plan of the one flat file, or of the table that is shown.
    fn csv(self) -> Option<CsvPlan> {
        self.plan.with(|plan| match plan {
            Some(Plan::Csv(csv)) => Some(csv.clone()),
            Some(Plan::Tables(tables)) => tables.csv().cloned(),
            _ => None,
        })
    }

    /// Changes it.
    fn update_csv(self, change: impl FnOnce(&mut CsvPlan)) {
        self.plan.update(|plan| match plan {
            Some(Plan::Csv(csv)) => change(csv),
            Some(Plan::Tables(tables)) => {
                if let Some(csv) = tables.csv_mut() {
                    change(csv);
                }
            }
            _ => {}
        });
    }

    /// Columns that say who somebody is, of all tables.
    fn fates(self) -> Vec<plan::Fate> {
        self.plan.with(|plan| match plan {
            Some(Plan::Csv(csv)) => csv.fates(),
            Some(Plan::Tables(tables)) => tables.fates(),
            _ => Vec::new(),
        })
    }

    /// What keeps the next step from opening.
    fn problems(self) -> Vec<String> {
        self.plan.with(|plan| match plan {
            Some(Plan::Csv(csv)) => csv.problems(),
            Some(Plan::Tables(tables)) => tables.problems(),
            Some(Plan::Record(record)) => record.problems(),
            _ => Vec::new(),
        })
    }
}

/// Bring your data.
#[component]
pub fn ImportPage() -> impl IntoView {
    let engine = use_engine();
    // The worker starts while the file is being chosen.
    engine.warm_up(protocol::Worker::Desk);
    let wizard = Wizard::new();
    let heading = Memo::new(move |_| wizard.step.get());
    // A new step begins at its top.
    Effect::new(move |before: Option<Step>| {
        let step = heading.get();
        if before.is_some_and(|before| before != step) {
            window().scroll_to_with_x_and_y(0.0, 0.0);
        }
        step
    });
    view! {
        <PageHeader
            title="Bring your data"
            lead="Tables as CSV or Excel, clinic notes, a folder of OMOP CDM tables (CSV or Parquet), FHIR resources, or a .rounds file. It is read in this \
                  browser and stored on this device; nothing is uploaded."
        />
        {move || wizard.plan.with(|plan| plan.as_ref().map(Plan::steps)).map(|steps| view! { <Steps steps=steps at=wizard.step/> })}
        {move || match wizard.step.get() {
            Step::File if wizard.plan.with(Option::is_some) => view! { <FileStep wizard=wizard/> }.into_any(),
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
        <Show when=move || wizard.plan.with(Option::is_some) && wizard.step.get() < Step::Import>
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
            into: None,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_steps_follow_each_other() {
        let omop = Plan::Record(RecordPlan::new(RecordFiles::Omop(Vec::new()), 0));
        assert_eq!(omop.after(Step::File), Some(Step::Privacy));
        assert_eq!(omop.before(Step::Privacy), Some(Step::File));
        assert_eq!(omop.before(Step::File), None);
        assert_eq!(omop.after(Step::Report), None);
    }
}
