//! Compare.

use leptos::prelude::*;

pub mod form;
pub mod words;

/// Compare.
#[component]
pub fn ComparePage() -> impl IntoView {
    view! { <h1>"Compare"</h1> }
}
