//! What the four parts of a comparison share.

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::canonical::ContentId;
use model::results::{Setting, StudyResult};
use model::study::StudyPlan;
use protocol::{DatasetContents, RunStudy, StudyStage};

use super::form::{PlanForm, design_id};
use super::use_go;
use crate::components::use_toast;
use crate::stores::engine::{EngineHandle, Load, Task, use_engine};
use crate::stores::findings::adjusted_for::labelled;
use crate::stores::scope::use_query_text;
use crate::stores::studies::{self, Lock, SavedStudy};

/// A part of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Who, against whom, which outcome.
    Question,
    /// Attrition and balance; no outcome.
    Design,
    /// Outcomes as they are.
    Outcome,
    /// Outcomes adjusted.
    Adjusted,
}

impl Step {
    /// In order.
    pub const ALL: [Step; 4] = [Step::Question, Step::Design, Step::Outcome, Step::Adjusted];

    /// Words for people.
    pub fn title(self) -> &'static str {
        match self {
            Step::Question => "Question",
            Step::Design => "Design check",
            Step::Outcome => "Outcome, unadjusted",
            Step::Adjusted => "Outcome, adjusted",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Step::Question => "question",
            Step::Design => "design",
            Step::Outcome => "outcome",
            Step::Adjusted => "adjusted",
        }
    }

    fn from_name(name: Option<&str>) -> Step {
        Step::ALL.into_iter().find(|step| Some(step.name()) == name).unwrap_or(Step::Question)
    }

    fn stage(self) -> Option<StudyStage> {
        match self {
            Step::Question => None,
            Step::Design => Some(StudyStage::Design),
            Step::Outcome => Some(StudyStage::Unadjusted),
            Step::Adjusted => Some(StudyStage::Full),
        }
    }
}

/// A stage's result and the plan it belongs to.
#[derive(Clone, Copy)]
pub struct Run {
    /// What to show.
    pub task: Task<StudyResult>,
    ran: StoredValue<Option<StudyPlan>>,
}

impl Run {
    fn new() -> Self {
        Self { task: Task::new(), ran: StoredValue::new(None) }
    }
}

/// A comparison while it is made. It belongs to [`super::ComparePage`], which outlives its parts.
#[derive(Clone, Copy)]
pub struct Study {
    /// What is in the dataset.
    pub contents: StoredValue<DatasetContents>,
    /// The question.
    pub form: RwSignal<PlanForm>,
    /// The plan, or what is missing.
    pub plan: Memo<Result<StudyPlan, Vec<String>>>,
    /// The part that is shown.
    pub step: Memo<Step>,
    /// What was looked at.
    pub lock: RwSignal<Lock>,
    /// Why it was not saved.
    pub problem: RwSignal<Option<String>>,
    /// The design (attrition, balance).
    pub design: Run,
    /// The outcomes as they are.
    pub unadjusted: Run,
    /// Everything.
    pub full: Run,
    /// Id of the design that is asked now.
    pub design_id: Memo<Option<ContentId>>,
    engine: EngineHandle,
    id: RwSignal<Option<String>>,
    revision: StoredValue<u32>,
    saved: StoredValue<Option<(StudyPlan, Lock)>>,
    is_saving: StoredValue<bool>,
    saved_as: StoredValue<Option<String>>,
    go_to: Callback<(String, bool)>,
    /// Says something shortly; taken while the context is known.
    say: Callback<(String,)>,
}

impl Study {
    /// A comparison begun from a saved study, or from the dataset's first choices.
    pub fn new(
        opened: Option<SavedStudy>,
        contents: StoredValue<DatasetContents>,
        saved_as: StoredValue<Option<String>>,
    ) -> Self {
        let form = RwSignal::new(match &opened {
            Some(saved) => PlanForm::from_plan(&saved.plan),
            None => contents.with_value(PlanForm::for_dataset),
        });
        let plan = Memo::new(move |_| form.with(PlanForm::plan));
        let step_text = use_query_text("step");
        let say = use_toast();
        let study = Self {
            contents,
            form,
            plan,
            step: Memo::new(move |_| step_text.with(|name| Step::from_name(name.as_deref()))),
            lock: RwSignal::new(opened.as_ref().map(|saved| saved.lock.clone()).unwrap_or_default()),
            problem: RwSignal::new(None),
            design: Run::new(),
            unadjusted: Run::new(),
            full: Run::new(),
            design_id: Memo::new(move |_| plan.with(|plan| plan.as_ref().ok().and_then(design_id))),
            engine: use_engine(),
            id: RwSignal::new(opened.as_ref().map(|saved| saved.id.clone())),
            revision: StoredValue::new(opened.as_ref().map_or(0, |saved| saved.revision)),
            saved: StoredValue::new(opened.map(|saved| (saved.plan, saved.lock))),
            is_saving: StoredValue::new(false),
            saved_as,
            go_to: use_go(),
            say: Callback::new(move |(text,): (String,)| say(text)),
        };
        Effect::new(move |_| study.run_step());
        study
    }

    /// Whether the plan is whole enough for a part.
    pub fn is_reachable(self, step: Step) -> bool {
        step == Step::Question || self.plan.with(Result::is_ok)
    }

    /// Whether a part waits for the look at index date and balance.
    pub fn is_locked(self, step: Step) -> bool {
        matches!(step, Step::Outcome | Step::Adjusted)
            && !self.lock.with(|lock| self.design_id.with(|design| lock.is_open(design.as_ref())))
    }

    /// `current`, `locked`, `open` or `closed`, for the stepper.
    pub fn state_of(self, step: Step) -> &'static str {
        if self.step.get() == step {
            "current"
        } else if !self.is_reachable(step) {
            "closed"
        } else if self.is_locked(step) {
            "locked"
        } else {
            "open"
        }
    }

    /// The result of the part that is shown.
    pub fn run_of(self, step: Step) -> Run {
        match step {
            Step::Question | Step::Design => self.design,
            Step::Outcome => self.unadjusted,
            Step::Adjusted => self.full,
        }
    }

    fn run_step(self) {
        let step = self.step.get();
        let (Some(stage), Ok(plan)) = (step.stage(), self.plan.get()) else {
            return;
        };
        if self.is_locked(step) {
            return;
        }
        let run = self.run_of(step);
        if run.ran.with_value(|ran| ran.as_ref() == Some(&plan))
            && run.task.load.with_untracked(|load| !matches!(load, Load::Failed(_)))
        {
            return;
        }
        run.ran.set_value(Some(plan.clone()));
        let dataset = self.contents.with_value(|contents| contents.header.id.clone());
        run.task.run(self.engine, RunStudy { dataset, plan, stage });
    }

    /// Runs the part that is shown again.
    pub fn retry(self) {
        self.run_of(self.step.get_untracked()).ran.set_value(None);
        self.run_step();
    }

    fn href(self, step: Step) -> String {
        let dataset = self.contents.with_value(|contents| contents.header.id.clone());
        let plan = self.id.get_untracked().map(|id| format!("&plan={id}")).unwrap_or_default();
        format!("/compare?dataset={dataset}{plan}&step={}", step.name())
    }

    /// Shows a part; a whole plan is saved on the way.
    pub fn go(self, step: Step) {
        self.save_then(Some(step));
    }

    /// Notes that index date and balance were looked at, and shows the outcomes.
    pub fn look(self) {
        self.lock.update(|lock| lock.look(self.design_id.get_untracked()));
        self.save_then(Some(Step::Outcome));
    }

    /// Opens the outcomes without looking; recorded in the study and its findings.
    pub fn override_lock(self) {
        self.lock.update(|lock| lock.override_for(self.design_id.get_untracked()));
        self.save_then(None);
    }

    /// Saves the plan if it is whole and has changed; then shows a part.
    fn save_then(self, step: Option<Step>) {
        let next = step.unwrap_or_else(|| self.step.get_untracked());
        let now = self.plan.get_untracked().ok().map(|plan| (plan, self.lock.get_untracked()));
        let unchanged = self.saved.with_value(|saved| *saved == now);
        let Some((plan, lock)) = now.filter(|_| !unchanged && !self.is_saving.get_value()) else {
            self.go_to.run((self.href(next), false));
            return;
        };
        self.is_saving.set_value(true);
        let dataset = self.contents.with_value(|contents| contents.header.id.clone());
        let known = self.id.get_untracked();
        let revision = self.revision.get_value();
        spawn_local(async move {
            let is_new = known.is_none();
            let written = match known.map_or_else(web::random::id, Ok) {
                Ok(id) => studies::save(&id, revision, &dataset, &plan, &lock).await.map(|revision| (id, revision)),
                Err(error) => Err(error),
            };
            self.is_saving.try_set_value(false);
            match written {
                Ok((id, revision)) => {
                    self.problem.try_set(None);
                    self.revision.try_set_value(revision);
                    self.saved.try_set_value(Some((plan, lock)));
                    self.saved_as.try_set_value(Some(id.clone()));
                    self.id.try_set(Some(id));
                    if is_new {
                        self.say.try_run(("The study was saved on this device.".to_owned(),));
                    }
                }
                Err(error) => {
                    self.problem.try_set(Some(error.to_string()));
                }
            }
            // A study that cannot be saved can still be looked at.
            if self.id.try_get_untracked().is_some() {
                self.go_to.run((self.href(next), false));
            }
        });
    }

    /// The settings of a result of this study, its covariates by the dataset's labels.
    pub fn settings_of(self, result: &StudyResult) -> Vec<Setting> {
        let settings = result.settings.clone();
        match self.plan.get_untracked() {
            Ok(plan) => self.contents.with_value(|contents| labelled(settings, &contents.variables, &plan)),
            Err(_) => settings,
        }
    }

    /// Name of the dataset, as it will stand in a finding.
    pub fn dataset_name(self) -> String {
        self.contents.with_value(|contents| contents.header.name.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_has_its_name_in_the_address() {
        for step in Step::ALL {
            assert_eq!(Step::from_name(Some(step.name())), step);
        }
        assert_eq!(Step::from_name(None), Step::Question);
        assert_eq!(Step::from_name(Some("else")), Step::Question);
    }

    #[test]
    fn the_design_counts_no_outcome() {
        assert_eq!(Step::Design.stage(), Some(StudyStage::Design));
        assert_eq!(Step::Outcome.stage(), Some(StudyStage::Unadjusted));
    }
}
