//! Similar patients.

mod form;

use leptos::prelude::*;

/// Similar patients.
#[component]
pub fn ConsultPage() -> impl IntoView {
    view! { <h1>"Consult"</h1> }
}
