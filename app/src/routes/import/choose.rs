//! Choosing files: dropped, or from a dialog.

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::intake::CsvDialect;
use web::files::DroppedFile;

use super::dialect::DialectFields;
use super::{Wizard, drop_error};
use crate::components::*;
use crate::stores::engine::{Load, use_engine};

/// The drop zone, and what was wrong with the files of the last try.
#[component]
pub(super) fn Choose(wizard: Wizard) -> impl IntoView {
    let engine = use_engine();
    let is_over = RwSignal::new(false);
    let take = move |files: Vec<DroppedFile>| {
        if !files.is_empty() {
            wizard.files.set_value(files);
            wizard.said.set(CsvDialect::default());
            wizard.look(engine);
        }
    };
    let chosen = move |event: leptos::ev::Event| {
        let input = event_target::<web_sys::HtmlInputElement>(&event);
        take(web::files::from_input(&input));
        // The same file may be chosen again after it was corrected.
        input.set_value("");
    };
    let dropped = move |event: leptos::ev::DragEvent| {
        event.prevent_default();
        is_over.set(false);
        spawn_local(async move {
            match web::files::from_drop(&event).await {
                Ok(files) => take(files),
                Err(error) => {
                    wizard.inspect.load.try_set(Load::Failed(drop_error(&error)));
                }
            }
        });
    };
    let is_looking = move || wizard.inspect.load.with(Load::is_loading);
    view! {
        <div class="stack">
            <div
                class="drop"
                data-over=move || is_over.get().to_string()
                on:dragover=move |event| {
                    event.prevent_default();
                    is_over.set(true);
                }
                on:dragleave=move |_| is_over.set(false)
                on:drop=dropped
            >
                <div class="drop__icon"><Icon name=IconName::Upload/></div>
                <p class="drop__title">"Drop files or a folder here"</p>
                <div class="row">
                    <label class="button button--primary">
                        "Choose files"
                        <input type="file" multiple accept=".csv,.tsv,.txt,.xlsx,.xlsm,.jsonl,.rounds,.json,.ndjson,.zip,.gz,.tgz,.tar,text/csv" on:change=chosen/>
                    </label>
                    <label class="button">
                        "Choose a folder"
                        <input type="file" prop:webkitdirectory=true multiple on:change=chosen/>
                    </label>
                </div>
                <p class="muted small">
                    "CSV, TSV or Excel (.xlsx): one table, or several joined by a patient number · notes as .txt, .csv or .jsonl · OMOP CDM tables as CSV (person, observation_period, …) · FHIR R4 (.ndjson, .json; .zip, .gz, .tar.gz) · .rounds"
                </p>
            </div>
            <Show when=move || is_looking() || wizard.inspect.load.with(|l| matches!(l, Load::Failed(_)))>
                <AsyncPanel
                    load=wizard.inspect.load
                    full=|_| ()
                    on_cancel=Callback::new(move |()| wizard.inspect.cancel())
                    doing="Looking at the first rows…"
                />
            </Show>
            <Show when=move || wizard.may_be_said()>
                <Card title="How the file is written" is_section=true>
                    <p class="muted">
                        "If the file is in order, the guess of how it is written may be wrong. Say it here: the file is read \
                         again at once."
                    </p>
                    <DialectFields wizard=wizard/>
                </Card>
            </Show>
            <Notice title="Before you begin">
                <p>
                    "Take out what the question does not need. Rounds drops direct identifiers, moves dates and shows you \
                     every step before anything is stored; it is a screen, not a proof. Whether you may use these data is \
                     for you and your institution to say."
                </p>
            </Notice>
        </div>
    }
}
