//! Where the wizard stands, and the import under way.

use leptos::prelude::*;
use protocol::{PreparedImport, StoredImport};

use super::{Step, Wizard};
use crate::components::*;
use crate::stores::engine::Load;

/// Which step of how many: `Step 2 of 5: Columns`.
pub(super) fn place_words(steps: &[(Step, &'static str)], at: Step) -> String {
    let place = steps.iter().position(|(step, _)| *step == at).unwrap_or(0);
    format!("Step {} of {}: {}", place + 1, steps.len(), steps.get(place).map_or("", |(_, words)| words))
}

/// The steps, and where one is.
#[component]
pub(super) fn Steps(steps: &'static [(Step, &'static str)], at: RwSignal<Step>) -> impl IntoView {
    view! {
        <ol class="steps" aria-label="Steps of the import">
            {steps
                .iter()
                .map(|(step, words)| {
                    let state = move || match at.get().cmp(step) {
                        std::cmp::Ordering::Less => "later",
                        std::cmp::Ordering::Equal => "now",
                        std::cmp::Ordering::Greater => "done",
                    };
                    view! {
                        <li
                            class="steps__item"
                            data-state=state
                            aria-current=move || (at.get() == *step).then_some("step")
                        >
                            {*words}
                        </li>
                    }
                })
                .collect_view()}
        </ol>
    }
}

/// The import under way, or why it did not work.
#[component]
pub(super) fn Running(wizard: Wizard) -> impl IntoView {
    let has_failed = move || {
        wizard.import.load.with(|load| matches!(load, Load::Failed(_)))
            || wizard.prepare.load.with(|load| matches!(load, Load::Failed(_)))
    };
    let go_back = move || {
        let before = wizard.plan.with_untracked(|plan| plan.as_ref().and_then(|p| p.before(Step::Import)));
        wizard.import.reset();
        wizard.prepare.reset();
        wizard.step.set(before.unwrap_or(Step::File));
    };
    view! {
        <Section title="Importing">
            <Card>
                <AsyncPanel
                    load=wizard.prepare.load
                    full=|_: PreparedImport| ()
                    on_cancel=Callback::new(move |()| wizard.prepare.cancel())
                    doing="Reading the file…"
                />
                <AsyncPanel
                    load=wizard.import.load
                    full=|_: StoredImport| ()
                    on_cancel=Callback::new(move |()| wizard.import.cancel())
                    doing="Reading the file…"
                />
                <Show when=has_failed>
                    <p class="muted">"Nothing was stored. What was on this device before is as it was."</p>
                    <div class="row">
                        <Button label="Back" on_click=go_back/>
                        <Button label="Choose another file" on_click=move || wizard.restart()/>
                    </div>
                </Show>
            </Card>
        </Section>
    }
}
