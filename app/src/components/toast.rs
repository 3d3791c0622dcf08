//! Short messages: said aloud, shown for some seconds, and as long as somebody is at them.

use leptos::ev::FocusEvent;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::HtmlElement;

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
    }

    fn drop(self, id: u32) {
        self.messages.try_update(|m| m.retain(|(other, _)| *other != id));
    }
}

/// What keeps a message: a pointer over it, the focus in it. It goes only when it has neither.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Held {
    pointer: bool,
    focus: bool,
}

impl Held {
    fn is_held(self) -> bool {
        self.pointer || self.focus
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
    let corner = NodeRef::<html::Div>::new();
    // What had the focus before it went into a message: it gets it back when that is closed.
    let before = StoredValue::new_local(None::<HtmlElement>);
    let came_in = move |event: FocusEvent| {
        let from = event.related_target().and_then(|from| from.dyn_into::<HtmlElement>().ok());
        let within = |from: &HtmlElement| corner.get_untracked().is_some_and(|corner| corner.contains(Some(from)));
        if !from.as_ref().is_some_and(within) {
            before.set_value(from);
        }
    };
    let close = move |id: u32| {
        let had_focus = corner
            .get_untracked()
            .zip(document().active_element())
            .is_some_and(|(corner, active)| corner.contains(Some(&active)));
        toaster.drop(id);
        if had_focus {
            // After the list has followed: to the next message, else to where the focus came from.
            request_animation_frame(move || focus_after(corner, before.get_value()));
        }
    };
    view! {
        <div class="toasts" role="status" aria-live="polite" node_ref=corner on:focusin=came_in>
            <For each=move || toaster.messages.get() key=|(id, _)| *id let((id, text))>
                <Toast text=text on_close=move || close(id) on_end=move || toaster.drop(id)/>
            </For>
        </div>
    }
}

/// Moves the focus out of a message that was closed.
fn focus_after(corner: NodeRef<html::Div>, before: Option<HtmlElement>) {
    let next = corner.get_untracked().and_then(|corner| corner.query_selector("button").ok().flatten());
    let next = next.and_then(|button| button.dyn_into::<HtmlElement>().ok());
    let page = || document().get_element_by_id("main").and_then(|main| main.dyn_into::<HtmlElement>().ok());
    // Refused only where the element is gone again.
    if let Some(element) = next.or_else(|| before.filter(|element| element.is_connected())).or_else(page) {
        drop(element.focus());
    }
}

/// One message. It counts its seconds anew when the pointer and the focus have left it.
#[component]
fn Toast(text: String, #[prop(into)] on_close: Callback<()>, #[prop(into)] on_end: Callback<()>) -> impl IntoView {
    let held = RwSignal::new(Held::default());
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(Some(handle)) = timer.try_get_value() {
            handle.clear();
        }
        timer.try_set_value(None);
    };
    Effect::new(move |_| {
        stop();
        if !held.get().is_held() {
            timer.set_value(set_timeout_with_handle(move || on_end.run(()), STAYS).ok());
        }
    });
    on_cleanup(stop);
    view! {
        <div
            class="toast"
            on:mouseenter=move |_| held.update(|held| held.pointer = true)
            on:mouseleave=move |_| held.update(|held| held.pointer = false)
            on:focusin=move |_| held.update(|held| held.focus = true)
            // Going out with the message itself, when it is closed.
            on:focusout=move |_| { held.try_update(|held| held.focus = false); }
        >
            <p>{text}</p>
            <button type="button" class="toast__close" on:click=move |_| on_close.run(())>"Close"</button>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_stays_while_the_pointer_or_the_focus_is_in_it() {
        let held = |pointer, focus| Held { pointer, focus }.is_held();
        assert!(!held(false, false));
        assert!(held(true, false) && held(false, true) && held(true, true));
    }
}
