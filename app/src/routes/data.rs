//! The data screen.

use leptos::prelude::*;

/// The data screen.
#[component]
pub fn DataPage() -> impl IntoView {
    view! { <h1>"Data"</h1> }
}

/// One dataset.
#[component]
pub fn DatasetPage() -> impl IntoView {
    view! { <h1>"Dataset"</h1> }
}
