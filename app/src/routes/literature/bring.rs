//! Files of citations: dropped, chosen, or handed over by the import screen.

use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::{CitationsRead, ReadCitations};
use wasm_bindgen::JsValue;
use web::WebError;
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
    let take = move |files: Vec<DroppedFile>| {
        let names = files.iter().map(|f| f.path.clone()).collect();
        let handles: Vec<JsValue> = files.iter().map(|f| f.handle.clone().into()).collect();
        desk.outcome.set(None);
        let then = move |answer: &Answer<CitationsRead>| keep(desk, answer.value.clone());
        reading.run_then(engine, ReadCitations { names }, handles, then);
    };
    let handed_over = literature::use_hand_over().take();
    if !handed_over.is_empty() {
        take(handed_over);
    }
    let refused = move |error: WebError| {
        reading.load.try_set(Load::Failed(storage_error(&error)));
    };
    let is_busy_or_failed = move || reading.load.with(|l| matches!(l, Load::Loading { .. } | Load::Failed(_)));
    view! {
        <div class="stack no-print">
            <DropZone
                title="Drop files of citations here"
                accept=".nbib,.ris,.ciw,.xml,.txt,.zip,.gz"
                on_files=take
                on_refused=refused
                small=true
            >
                <p class="muted small">
                    "PubMed (.nbib, .txt) \u{b7} RIS of EndNote, Zotero and publishers (.ris) \u{b7} Web of Science (.ciw, .txt) \u{b7} PubMed XML (.xml) \u{b7} also zipped"
                </p>
            </DropZone>
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
