//! Files of one's own: dropped on a field, or chosen in a dialog.

use leptos::prelude::*;
use leptos::task::spawn_local;
use web::WebError;
use web::files::DroppedFile;

use super::{Icon, IconName};

/// A field to drop files on, with buttons that choose them: 'Choose files', and 'Choose a folder' where folders are taken.
#[component]
pub fn DropZone(
    /// What is dropped here.
    title: &'static str,
    /// Endings and media types of the files to choose from.
    accept: &'static str,
    /// Called with what was dropped or chosen; never with nothing.
    #[prop(into)]
    on_files: UnsyncCallback<(Vec<DroppedFile>,)>,
    /// Called when what was dropped cannot be taken.
    #[prop(into)]
    on_refused: UnsyncCallback<(WebError,)>,
    /// Whole folders are taken too.
    #[prop(optional)]
    folders: bool,
    /// Lower, where it is not the one thing on the screen.
    #[prop(optional)]
    small: bool,
    /// What files it may be.
    children: Children,
) -> impl IntoView {
    let is_over = RwSignal::new(false);
    let take = move |files: Vec<DroppedFile>| {
        if !files.is_empty() {
            // The screen may have been left while a folder was walked.
            on_files.try_run((files,));
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
                Err(error) => drop(on_refused.try_run((error,))),
            }
        });
    };
    view! {
        <div
            class="drop"
            class:drop--small=small
            data-over=move || is_over.get().to_string()
            on:dragover=move |event| {
                event.prevent_default();
                is_over.set(true);
            }
            on:dragleave=move |_| is_over.set(false)
            on:drop=dropped
        >
            {(!small).then(|| view! { <div class="drop__icon"><Icon name=IconName::Upload/></div> })}
            <p class="drop__title">{title}</p>
            <div class="row">
                <label class="button button--primary">
                    "Choose files"
                    <input type="file" multiple accept=accept on:change=chosen/>
                </label>
                {folders
                    .then(|| {
                        view! {
                            <label class="button">
                                "Choose a folder"
                                <input type="file" prop:webkitdirectory=true multiple on:change=chosen/>
                            </label>
                        }
                    })}
            </div>
            {children()}
        </div>
    }
}
