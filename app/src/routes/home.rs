//! The home screen.

use leptos::prelude::*;

/// The home screen.
#[component]
pub fn HomePage() -> impl IntoView {
    view! { <h1>"Home"</h1> }
}
