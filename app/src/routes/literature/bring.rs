//! Files of citations: dropped, chosen, or handed over by the import screen.

use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::{CitationsRead, ReadCitations};
use wasm_bindgen::JsValue;
use web::engine::Answer;
use web::files::DroppedFile;

use super::report::ReportView;
use super::{Desk, Outcome};
use crate::components::*;
use crate::stores::engine::{Load, Task, storage_error, use_engine};
use crate::stores::literature;

/// The drop zone, the reading under way, and its report.
#[component]
pub(super) fn Bring(desk: Desk) -> impl IntoView {
    let engine = use_engine();
    // The worker starts while the file is being chosen.
    engine.warm_up(protocol::Worker::Desk);
    let reading = Task::<CitationsRead>::new();
    let is_over = RwSignal::new(false);
    let take = move |files: Vec<DroppedFile>| {
        if files.is_empty() {
            return;
        }
        let names = files.iter().map(|f| f.path.clone()).collect();
        let handles: Vec<JsValue> = files.iter().map(|f| f.handle.clone().into()).collect();
        desk.outcome.set(None);
        let then = move |answer: &Answer<CitationsRead>| keep(desk, answer.value.clone());
        reading.run_then(engine, ReadCitations { names }, handles, then);
    };
    let handed_over = literature::use_hand_over().take();
    take(handed_over);
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
                    reading.load.try_set(Load::Failed(storage_error(&error)));
                }
            }
        });
    };
    let is_busy_or_failed = move || reading.load.with(|l| matches!(l, Load::Loading { .. } | Load::Failed(_)));
    view! {
        <div class="stack no-print">
            <div
                class="drop drop--small"
                data-over=move || is_over.get().to_string()
                on:dragover=move |event| {
                    event.prevent_default();
                    is_over.set(true);
                }
                on:dragleave=move |_| is_over.set(false)
                on:drop=dropped
            >
                <p class="drop__title">"Drop files of citations here"</p>
                <div class="row">
                    <label class="button button--primary">
                        "Choose files"
                        <input type="file" multiple accept=".nbib,.ris,.ciw,.xml,.txt,.zip,.gz" on:change=chosen/>
                    </label>
                </div>
                <p class="muted small">
                    "PubMed (.nbib, .txt) \u{b7} RIS of EndNote, Zotero and publishers (.ris) \u{b7} Web of Science (.ciw, .txt) \u{b7} PubMed XML (.xml) \u{b7} also zipped"
                </p>
            </div>
            <Show when=is_busy_or_failed>
                <AsyncPanel
                    load=reading.load
                    full=|_: CitationsRead| ()
                    on_cancel=Callback::new(move |()| reading.cancel())
                    doing="Reading the citations\u{2026}"
                />
            </Show>
            {move || desk.outcome.get().map(|outcome| view! {
                <AsyncPanel
                    load=Signal::derive(move || outcome.clone())
                    doing="Storing on this device\u{2026}"
                    full=move |outcome: Outcome| view! { <ReportView outcome=outcome/> }
                />
            })}
        </div>
    }
}

/// Stores what was read; what was read and could not be stored is said.
fn keep(desk: Desk, read: CitationsRead) {
    desk.outcome.try_set(Some(Load::loading()));
    spawn_local(async move {
        let outcome = match literature::add(read.citations).await {
            Ok(added) => Load::Ready(Outcome { report: read.report, added }),
            Err(error) => Load::Failed(storage_error(&error)),
        };
        desk.outcome.try_set(Some(outcome));
        desk.reload();
    });
}
