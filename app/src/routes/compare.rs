//! The comparison.

use leptos::prelude::*;

/// The comparison.
#[component]
pub fn ComparePage() -> impl IntoView {
    view! { <h1>"Compare"</h1> }
}
