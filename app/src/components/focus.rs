//! Moving the focus: where what had it is gone, or where something else is to be read next.

use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::HtmlElement;

fn find(selector: &str) -> Option<HtmlElement> {
    document().query_selector(selector).ok().flatten().and_then(|element| element.dyn_into::<HtmlElement>().ok())
}

/// Moves the focus to the element of an id, once the document has followed what was done. Nothing happens where there is
/// none by then.
pub fn focus_soon(id: impl FnOnce() -> String + 'static) {
    request_animation_frame(move || {
        let element = document().get_element_by_id(&id()).and_then(|element| element.dyn_into::<HtmlElement>().ok());
        if let Some(element) = element {
            // Refused only where the element is gone already.
            drop(element.focus());
        }
    });
}

/// Moves the focus to the first field within the element of an id: a form that was just opened.
pub fn focus_first_field(id: String) {
    request_animation_frame(move || {
        if let Some(field) = find(&format!("#{id} input, #{id} textarea, #{id} select")) {
            drop(field.focus());
        }
    });
}

/// Moves the focus to the first field within the element of an id that is marked as wrong.
pub fn focus_first_invalid(id: &'static str) {
    request_animation_frame(move || {
        if let Some(field) = find(&format!("#{id} [aria-invalid=\"true\"]")) {
            drop(field.focus());
        }
    });
}

/// Moves the focus to the first button within the element of an id: the one that opened a form that was just closed.
pub fn focus_first_button(id: String) {
    request_animation_frame(move || {
        if let Some(button) = find(&format!("#{id} button")) {
            drop(button.focus());
        }
    });
}

/// Moves the focus to the heading of the screen: what had it is about to be deleted.
pub fn focus_heading() {
    if let Some(heading) = find(".page-header__title") {
        let options = web_sys::FocusOptions::new();
        options.set_prevent_scroll(true);
        drop(heading.focus_with_options(&options));
    }
}

/// Shows the beginning of a part that took the place of another one, and moves the focus there. The element of the id
/// takes the focus by script only (`tabindex="-1"`) and is named after the part.
pub fn begin_part(id: &'static str) {
    request_animation_frame(move || {
        if let Some(part) = find(&format!("#{id}")) {
            part.scroll_into_view();
            let options = web_sys::FocusOptions::new();
            options.set_prevent_scroll(true);
            drop(part.focus_with_options(&options));
        }
    });
}
