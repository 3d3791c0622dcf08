//! Where files are dropped or chosen.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web::files::DroppedFile;

use crate::components::*;

/// Takes files and folders, dropped or chosen.
#[component]
pub(super) fn DropZone(
    /// Called with what was dropped or chosen.
    #[prop(into)]
    on_files: Callback<(Vec<DroppedFile>,), ()>,
) -> impl IntoView {
    let over = RwSignal::new(false);
    let refused = RwSignal::new(None::<String>);
    let file_input = NodeRef::<html::Input>::new();
    let folder_input = NodeRef::<html::Input>::new();
    let chosen = move |input: NodeRef<html::Input>| {
        if let Some(input) = input.get_untracked() {
            on_files.run((web::files::from_input(&input),));
            // The same file can be chosen again after it was changed.
            input.set_value("");
        }
    };
    let dropped = move |event: leptos::ev::DragEvent| {
        event.prevent_default();
        over.set(false);
        spawn_local(async move {
            match web::files::from_drop(&event).await {
                Ok(files) => on_files.run((files,)),
                Err(error) => refused.set(Some(error.to_string())),
            }
        });
    };
    view! {
        <div
            class="drop-zone"
            class:drop-zone--over=over
            on:dragover=move |event| {
                event.prevent_default();
                over.set(true);
            }
            on:dragleave=move |_| over.set(false)
            on:drop=dropped
        >
            <p class="drop-zone__title">"Drop a file or a folder here"</p>
            <p class="drop-zone__hint">
                "One CSV file with a row a patient, a folder of OMOP CDM tables as CSV, or a .rounds file."
            </p>
            <div class="row row--center">
                <label class="button button--primary">
                    "Choose a file"
                    <input
                        class="visually-hidden"
                        type="file"
                        multiple=true
                        accept=".csv,.tsv,.txt,.rounds"
                        node_ref=file_input
                        on:change=move |_| chosen(file_input)
                    />
                </label>
                <label class="button">
                    "Choose a folder"
                    <input
                        class="visually-hidden"
                        type="file"
                        webkitdirectory="true"
                        node_ref=folder_input
                        on:change=move |_| chosen(folder_input)
                    />
                </label>
            </div>
            {move || {
                refused
                    .get()
                    .map(|why| view! { <Notice kind=NoticeKind::Error title="This cannot be read"><p>{why}</p></Notice> })
            }}
        </div>
    }
}
