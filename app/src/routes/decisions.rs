//! Decisions and what came of them.

use leptos::prelude::*;

/// Decisions and what came of them.
#[component]
pub fn DecisionsPage() -> impl IntoView {
    view! { <h1>"Decisions"</h1> }
}

/// Decisions whose outcome is due, for the home screen.
#[component]
pub fn DueDecisions() -> impl IntoView {
    view! { <p>"Nothing is due."</p> }
}
