//! Label, hint and error around a control.

use std::sync::atomic::{AtomicU32, Ordering};

use leptos::prelude::*;

/// An id that no other element of this visit has.
#[must_use]
pub fn unique_id(prefix: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    format!("{prefix}-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// The ids of the hint and the error of a field, for `aria-describedby` of its control.
#[must_use]
pub(super) fn described_by(id: &str) -> String {
    format!("{id}-hint {id}-error")
}

/// Label, hint and error around a control. The control has the `id` given here and
/// `aria-describedby="{id}-hint {id}-error"`.
#[component]
pub fn Field(
    /// Id of the control, see [`unique_id`].
    #[prop(into)]
    id: String,
    /// What is asked.
    #[prop(into)]
    label: Signal<String>,
    /// How to answer, shown always.
    #[prop(optional, into)]
    hint: MaybeProp<String>,
    /// What is wrong with the answer and what to do.
    #[prop(optional, into)]
    error: MaybeProp<String>,
    /// Only for screen readers: where the place on the screen says it already.
    #[prop(optional)]
    hide_label: bool,
    /// The control.
    children: Children,
) -> impl IntoView {
    let hint_id = format!("{id}-hint");
    let error_id = format!("{id}-error");
    let label_class = if hide_label { "visually-hidden" } else { "field__label" };
    view! {
        <div class="field">
            <label class=label_class for=id>{label}</label>
            {children()}
            {move || {
                hint.get().map(|text| view! { <p class="field__hint" id=hint_id.clone()>{text}</p> })
            }}
            <div aria-live="polite">
                {move || {
                    error.get().map(|text| view! { <p class="field__error" id=error_id.clone()>{text}</p> })
                }}
            </div>
        </div>
    }
}
