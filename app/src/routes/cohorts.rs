//! The list of cohorts.

use leptos::prelude::*;

/// The list of cohorts.
#[component]
pub fn CohortsPage() -> impl IntoView {
    view! { <h1>"Cohorts"</h1> }
}
