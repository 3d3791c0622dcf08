//! The import wizard: its steps, what is going to be imported, and what the parts of the wizard share.

use leptos::prelude::*;
use model::intake::CsvDialect;
use protocol::{EngineError, InspectFiles, InspectedFiles, PreparedImport, StoredImport, TextPolicy};
use wasm_bindgen::JsValue;
use web::files::DroppedFile;

use super::plan::{CsvPlan, Fate};
use super::record::{RecordFiles, RecordPlan};
use super::review;
use super::tables::TablesPlan;
use crate::stores::engine::{EngineHandle, Load, Task};

/// Where the wizard stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    File,
    Columns,
    Privacy,
    Import,
    Review,
    Report,
}

/// What is going to be imported.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Plan {
    /// One flat file.
    Csv(Box<CsvPlan>),
    /// Tables joined by a person, workbooks, notes.
    Tables(Box<TablesPlan>),
    /// A full record.
    Record(RecordPlan),
    /// A `.rounds` file.
    Rounds(Box<model::dataset::DatasetHeader>),
}

impl Plan {
    pub(super) fn new(found: InspectedFiles) -> Self {
        match found {
            InspectedFiles::Csv { name, n_bytes, proposal } => {
                Self::Csv(Box::new(CsvPlan::new(&name, n_bytes, *proposal)))
            }
            InspectedFiles::Tables { n_bytes, proposal } => Self::Tables(Box::new(TablesPlan::new(n_bytes, *proposal))),
            InspectedFiles::Omop { files, n_bytes } => Self::Record(RecordPlan::new(RecordFiles::Omop(files), n_bytes)),
            InspectedFiles::Fhir { found, n_files, n_bytes } => {
                Self::Record(RecordPlan::new(RecordFiles::Fhir { found, n_files }, n_bytes))
            }
            InspectedFiles::Rounds { header } => Self::Rounds(header),
        }
    }

    /// The steps this kind of import has, in order.
    pub(super) fn steps(&self) -> &'static [(Step, &'static str)] {
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
    pub(super) fn after(&self, step: Step) -> Option<Step> {
        self.steps().iter().map(|(s, _)| *s).find(|s| *s > step)
    }

    /// The step before another one.
    pub(super) fn before(&self, step: Step) -> Option<Step> {
        self.steps().iter().rev().map(|(s, _)| *s).find(|s| *s < step)
    }
}

/// What the parts of the wizard share. A handle: copies are the same.
#[derive(Clone, Copy)]
pub(super) struct Wizard {
    pub(super) step: RwSignal<Step>,
    pub(super) plan: RwSignal<Option<Plan>>,
    pub(super) files: StoredValue<Vec<DroppedFile>, LocalStorage>,
    /// What came of a mapping that was saved or applied; it outlives what an applied one draws anew.
    pub(super) told: RwSignal<Option<Result<String, String>>>,
    /// How a flat file is written, where the user says so.
    pub(super) said: RwSignal<CsvDialect>,
    pub(super) inspect: Task<InspectedFiles>,
    /// What happens in notes and free text.
    pub(super) text: RwSignal<TextPolicy>,
    /// Read and screened, not stored.
    pub(super) prepare: Task<PreparedImport>,
    pub(super) import: Task<StoredImport>,
    /// The browser's answer to being asked to keep the data.
    pub(super) kept: RwSignal<Option<Load<Option<bool>>>>,
}

impl Wizard {
    pub(super) fn new() -> Self {
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
    pub(super) fn restart(self) {
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
    pub(super) fn chosen(self) -> (Vec<String>, Vec<JsValue>) {
        self.files.with_value(|files| {
            let names: Vec<String> = files.iter().map(|f| f.path.clone()).collect();
            let handles: Vec<JsValue> = files.iter().map(|f| f.handle.clone().into()).collect();
            (names, handles)
        })
    }

    /// Looks at the chosen files, read as the user says. What was corrected of a plan that is there already stays.
    pub(super) fn look(self, engine: EngineHandle) {
        self.look_at(engine, false);
    }

    /// Looks at the one flat file again, as a table whose rows need not be persons.
    pub(super) fn look_as_tables(self, engine: EngineHandle) {
        self.look_at(engine, true);
    }

    pub(super) fn look_at(self, engine: EngineHandle, as_tables: bool) {
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
    pub(super) fn may_be_said(self) -> bool {
        let is_one = self.files.with_value(|files| match files.as_slice() {
            [file] => !file.path.to_lowercase().ends_with(".rounds"),
            _ => false,
        });
        is_one && self.inspect.load.with(|load| matches!(load, Load::Failed(EngineError::Invalid { .. })))
    }

    /// The plan of the one flat file, or of the table that is shown.
    pub(super) fn csv(self) -> Option<CsvPlan> {
        self.plan.with(|plan| match plan {
            Some(Plan::Csv(csv)) => Some((**csv).clone()),
            Some(Plan::Tables(tables)) => tables.csv().cloned(),
            _ => None,
        })
    }

    /// Changes it.
    pub(super) fn update_csv(self, change: impl FnOnce(&mut CsvPlan)) {
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
    pub(super) fn fates(self) -> Vec<Fate> {
        self.plan.with(|plan| match plan {
            Some(Plan::Csv(csv)) => csv.fates(),
            Some(Plan::Tables(tables)) => tables.fates(),
            _ => Vec::new(),
        })
    }

    /// What keeps the next step from opening.
    pub(super) fn problems(self) -> Vec<String> {
        self.plan.with(|plan| match plan {
            Some(Plan::Csv(csv)) => csv.problems(),
            Some(Plan::Tables(tables)) => tables.problems(),
            Some(Plan::Record(record)) => record.problems(),
            _ => Vec::new(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::progress::place_words;
    use super::*;

    #[test]
    fn the_steps_follow_each_other() {
        let omop = Plan::Record(RecordPlan::new(RecordFiles::Omop(Vec::new()), 0));
        assert_eq!(omop.after(Step::File), Some(Step::Privacy));
        assert_eq!(omop.before(Step::Privacy), Some(Step::File));
        assert_eq!(omop.before(Step::File), None);
        assert_eq!(omop.after(Step::Report), None);
        assert_eq!(place_words(omop.steps(), Step::Import), "Step 3 of 5: Import");
    }
}
