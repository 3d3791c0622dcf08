//! Short messages: said aloud, shown for some seconds.

use leptos::prelude::*;

/// How long a message stays.
const STAYS: std::time::Duration = std::time::Duration::from_secs(7);

#[derive(Clone, Copy)]
struct Toaster {
    messages: RwSignal<Vec<(u32, String)>>,
    next: StoredValue<u32>,
}

/// Puts the messages into the context. Called once by the app.
pub fn provide_toasts() {
    provide_context(Toaster { messages: RwSignal::new(Vec::new()), next: StoredValue::new(0) });
}

/// Says something shortly. Works in event handlers and effects (not after an `await`: take [`use_toast`] before).
pub fn toast(text: impl Into<String>) {
    if let Some(toaster) = use_context::<Toaster>() {
        toaster.say(text.into());
    }
}

impl Toaster {
    fn say(self, text: String) {
        let Some(id) = self.next.try_update_value(|n| {
            *n += 1;
            *n
        }) else {
            return;
        };
        self.messages.try_update(|m| m.push((id, text)));
        set_timeout(
            move || {
                self.messages.try_update(|m| m.retain(|(other, _)| *other != id));
            },
            STAYS,
        );
    }
}

/// A function that says something shortly, also after an `await`.
pub fn use_toast() -> impl Fn(String) + Copy + Send + Sync + 'static {
    let toaster = use_context::<Toaster>();
    move |text| {
        if let Some(toaster) = toaster {
            toaster.say(text);
        }
    }
}

/// The corner where messages appear. Once in the app.
#[component]
pub fn Toasts() -> impl IntoView {
    let toaster = expect_context::<Toaster>();
    view! {
        <div class="toasts" role="status" aria-live="polite">
            <For each=move || toaster.messages.get() key=|(id, _)| *id let((id, text))>
                <div class="toast">
                    <p>{text}</p>
                    <button
                        type="button"
                        class="toast__close"
                        on:click=move |_| toaster.messages.update(|m| m.retain(|(other, _)| *other != id))
                    >
                        "Close"
                    </button>
                </div>
            </For>
        </div>
    }
}
