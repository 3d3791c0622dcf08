//! The window: title, connection, theme. Only in the page, not in the worker.

use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::Closure;

use crate::scope;

/// Whether the browser thinks it is online.
#[must_use]
pub fn online() -> bool {
    !scope::property(&scope::navigator(), "onLine").is_falsy()
}

/// Calls back whenever the connection comes back, as long as the page lives.
pub fn on_online(back: impl FnMut() + 'static) {
    let callback = Closure::<dyn FnMut()>::new(back);
    if let Some(window) = web_sys::window() {
        window.add_event_listener_with_callback("online", callback.as_ref().unchecked_ref()).unwrap_or(());
    }
    callback.forget();
}

/// The title in the browser's tab.
pub fn set_title(title: &str) {
    if let Some(document) = web_sys::window().and_then(|w| w.document()) {
        document.set_title(title);
    }
}

/// Whether the system asks for a dark page.
#[must_use]
pub fn prefers_dark() -> bool {
    web_sys::window()
        .and_then(|w| w.match_media("(prefers-color-scheme: dark)").ok().flatten())
        .is_some_and(|query| query.matches())
}
