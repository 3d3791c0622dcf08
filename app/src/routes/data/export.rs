//! A dataset as files.

use leptos::prelude::*;
use model::dataset::DatasetId;
use protocol::{ExportFormat, ExportStored, HostExported};

use crate::components::*;
use crate::stores::engine::{Load, Task, use_engine};

/// What a browser should take a file for.
fn mime(name: &str) -> &'static str {
    if name.ends_with(".csv") { "text/csv;charset=utf-8" } else { "application/octet-stream" }
}

/// Saves a dataset as one `.rounds` file or as CSV.
#[component]
pub(super) fn ExportButtons(
    /// Which.
    dataset: DatasetId,
    /// Its name, for screen readers.
    name: String,
    /// Called when a backup was saved.
    #[prop(optional, into)]
    on_saved: Option<Callback<()>>,
) -> impl IntoView {
    let engine = use_engine();
    let say = use_toast();
    let task = Task::<HostExported>::new();
    let dataset = StoredValue::new(dataset);
    let export = move |format: ExportFormat| {
        let call = ExportStored { dataset: dataset.get_value(), format };
        task.run_then(engine, call, Vec::new(), move |answer| {
            let mut saved = Vec::new();
            for (name, buffer) in answer.value.names.iter().zip(&answer.buffers) {
                match web::files::download_buffer(name, buffer, mime(name)) {
                    Ok(()) => saved.push(name.clone()),
                    Err(error) => say(format!("'{name}' could not be saved: {error}")),
                }
            }
            if !saved.is_empty() {
                say(format!("Saved: {}.", crate::format::and_list(&saved)));
            }
            if let Some(on_saved) = on_saved {
                on_saved.try_run(());
            }
        });
    };
    view! {
        <div class="stack stack--s">
            <div class="row">
                <Button
                    label="Save as .rounds"
                    aria_label=format!("Save as .rounds: {name}")
                    icon=IconName::Download
                    small=true
                    disabled=move || task.load.with(Load::is_loading)
                    on_click=move || export(ExportFormat::Rounds)
                />
                <Button
                    label="Save as CSV"
                    aria_label=format!("Save as CSV: {name}")
                    icon=IconName::Download
                    small=true
                    disabled=move || task.load.with(Load::is_loading)
                    on_click=move || export(ExportFormat::Csv)
                />
            </div>
            <Show when=move || task.load.with(|load| matches!(load, Load::Loading { .. } | Load::Failed(_)))>
                <AsyncPanel
                    load=task.load
                    full=|_: HostExported| ()
                    on_cancel=Callback::new(move |()| task.cancel())
                    doing="Writing the file…"
                />
            </Show>
        </div>
    }
}
