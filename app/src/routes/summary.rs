//! Table 1.

use leptos::prelude::*;

/// Table 1.
#[component]
pub fn SummaryPage() -> impl IntoView {
    view! { <h1>"Summary"</h1> }
}
