//! What a panic shows. After a panic nothing of the page may be called again, so the message stands in index.html.

use wasm_bindgen::JsCast as _;

/// Shows the static message at a panic, and writes the panic to the console.
pub(super) fn install() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        show(&info.to_string());
    }));
}

fn show(detail: &str) {
    let Some(document) = web_sys::window().and_then(|w| w.document()) else {
        return;
    };
    if let Some(text) = document.get_element_by_id("crash-detail") {
        text.set_text_content(Some(detail.lines().next().unwrap_or_default()));
    }
    if let Some(overlay) = document.get_element_by_id("crash") {
        drop(overlay.remove_attribute("hidden"));
    }
    if let Some(button) =
        document.get_element_by_id("crash-reload").and_then(|b| b.dyn_into::<web_sys::HtmlElement>().ok())
    {
        drop(button.focus());
    }
}
