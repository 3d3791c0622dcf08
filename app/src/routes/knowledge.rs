//! What peers found.

use leptos::prelude::*;

/// What peers found.
#[component]
pub fn KnowledgePage() -> impl IntoView {
    view! { <h1>"Knowledge"</h1> }
}

/// One shared finding.
#[component]
pub fn KnowledgeFindingPage() -> impl IntoView {
    view! { <h1>"Finding"</h1> }
}

/// Server, invite token and author: a part of the settings screen.
#[component]
pub fn SharingSettings() -> impl IntoView {
    view! { <p>"Sharing"</p> }
}
