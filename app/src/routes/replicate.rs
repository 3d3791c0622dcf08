//! A shared finding asked again of one's own data.

mod matching;

use leptos::prelude::*;

/// A shared finding asked again of one's own data.
#[component]
pub fn ReplicatePage() -> impl IntoView {
    view! { <h1>"Replicate"</h1> }
}
