//! Bring your data.

use leptos::prelude::*;

/// Bring your data.
#[component]
pub fn ImportPage() -> impl IntoView {
    view! { <h1>"Bring your data"</h1> }
}
