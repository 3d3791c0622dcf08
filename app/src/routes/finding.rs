//! One finding.

use leptos::prelude::*;

/// One finding.
#[component]
pub fn FindingPage() -> impl IntoView {
    view! { <h1>"Finding"</h1> }
}
