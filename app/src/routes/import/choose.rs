//! Choosing files: dropped, or from a dialog.

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::intake::CsvDialect;
use protocol::EngineError;
use web::WebError;
use web::files::DroppedFile;

use super::Wizard;
use super::dialect::DialectFields;
use crate::components::*;
use crate::stores::engine::{EngineHandle, Load, storage_error, use_engine};
use crate::stores::literature;

/// Files were given: data are looked at here; citations, which are nobody's data, go to the shelf of the literature.
async fn taken(
    wizard: Wizard,
    engine: EngineHandle,
    hand_over: literature::HandOver,
    navigate: impl Fn(&str, leptos_router::NavigateOptions),
    files: Vec<DroppedFile>,
) {
    match literature::sort_out(files).await {
        literature::SortedOut::Citations(files) => {
            hand_over.give(files);
            navigate("/literature", leptos_router::NavigateOptions::default());
        }
        literature::SortedOut::Mixed(words) => {
            wizard.inspect.load.try_set(Load::Failed(EngineError::invalid(words)));
        }
        literature::SortedOut::Data(files) => {
            wizard.files.try_set_value(files);
            wizard.said.try_set(CsvDialect::default());
            wizard.look(engine);
        }
    }
}

/// The drop zone, and what was wrong with the files of the last try.
#[component]
pub(super) fn Choose(wizard: Wizard) -> impl IntoView {
    let engine = use_engine();
    let hand_over = literature::use_hand_over();
    let navigate = leptos_router::hooks::use_navigate();
    let take = move |files: Vec<DroppedFile>| {
        spawn_local(taken(wizard, engine, hand_over.clone(), navigate.clone(), files));
    };
    let refused = move |error: WebError| {
        wizard.inspect.load.try_set(Load::Failed(storage_error(&error)));
    };
    let is_looking = move || wizard.inspect.load.with(Load::is_loading);
    view! {
        <div class="stack">
            <DropZone
                title="Drop files or a folder here"
                accept=".csv,.tsv,.txt,.xlsx,.xlsm,.jsonl,.rounds,.json,.ndjson,.zip,.gz,.tgz,.tar,.parquet,.nbib,.ris,.ciw,.xml,text/csv"
                on_files=take
                on_refused=refused
                folders=true
            >
                <p class="muted small">
                    "CSV, TSV or Excel (.xlsx): one table, or several joined by a patient number · notes as .txt, .csv or .jsonl · OMOP CDM tables as CSV or Parquet (person, observation_period, …) · FHIR R4 (.ndjson, .json; .zip, .gz, .tar.gz) · .rounds"
                </p>
                <p class="muted small">
                    "Journal citations (.nbib, .ris, PubMed .xml) go to " <leptos_router::components::A href="/literature">"Literature"</leptos_router::components::A> ", where their effect estimates are found."
                </p>
            </DropZone>
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
