//! The cohort editor.

use leptos::prelude::*;

pub mod draft;
pub mod words;

/// The cohort editor.
#[component]
pub fn CohortEditorPage() -> impl IntoView {
    view! { <h1>"Cohort editor"</h1> }
}
