//! What stands where the outcomes are still shut.

use leptos::prelude::*;
use model::results::StudyResult;

use super::state::{Step, Study};
use crate::components::*;
use crate::stores::engine::Task;

/// Says why the outcomes are shut, how to open them, and lets the user open them without looking.
#[component]
fn Locked(study: Study) -> impl IntoView {
    let open = RwSignal::new(false);
    view! {
        <div class="locked card">
            <div class="locked__icon"><Icon name=IconName::Lock/></div>
            <div class="stack">
                <h2>"The outcomes are locked"</h2>
                <p>"They open after you have looked at the index date and balance. Who sees the outcome first tends to choose the design that gives the answer hoped for."</p>
                <div class="row">
                    <Button label="Look at the design" kind=ButtonKind::Primary on_click=move || study.go(Step::Design)/>
                    <Button label="Open without looking" kind=ButtonKind::DangerQuiet on_click=move || open.set(true)/>
                </div>
            </div>
        </div>
        <ConfirmDialog
            open=open
            title="Open the outcomes without looking?"
            confirm="Open and record it"
            on_confirm=move || study.override_lock()
        >
            <p>"This is recorded in the study, and every finding made from it will say so. It cannot be undone by looking later."</p>
        </ConfirmDialog>
    }
}

/// Says that the lock was overridden.
#[component]
pub fn OverrideNote(study: Study) -> impl IntoView {
    let overrides = Signal::derive(move || study.lock.with(|lock| lock.overrides.clone()));
    view! { <NoticeList kind=NoticeKind::Warn title="Recorded with this study" items=overrides/> }
}

/// A step that stays closed until balance was looked at, then its result in all its states.
#[component]
pub fn LockedStep(
    study: Study,
    /// Which step.
    step: Step,
    /// What runs it.
    task: Task<StudyResult>,
    /// Said while it runs.
    doing: &'static str,
    /// The view of the result.
    full: fn(Study, StudyResult) -> AnyView,
) -> impl IntoView {
    let locked = Memo::new(move |_| study.is_locked(step));
    view! {
        {move || if locked.get() {
            view! { <Locked study=study/> }.into_any()
        } else {
            view! {
                <AsyncPanel
                    load=task.load
                    doing=doing
                    retry=move || study.retry()
                    on_cancel=move || task.cancel()
                    full=move |result: StudyResult| full(study, result)
                />
            }.into_any()
        }}
    }
}
