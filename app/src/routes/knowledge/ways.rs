//! The two shelves of Knowledge: findings of this group, and the literature.

use leptos::prelude::*;
use leptos_router::components::A;

/// Links between the two; the router marks the one that is open.
#[component]
pub fn Ways() -> impl IntoView {
    view! {
        <nav class="shelves no-print" aria-label="Knowledge">
            <A href="/knowledge" exact=true>"Findings"</A>
            <A href="/literature" exact=true>"Literature"</A>
        </nav>
    }
}
