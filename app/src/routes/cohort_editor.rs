//! One cohort.

use leptos::prelude::*;

/// One cohort.
#[component]
pub fn CohortEditorPage() -> impl IntoView {
    view! { <h1>"Cohort"</h1> }
}
