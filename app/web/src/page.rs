//! The window: title, connection, theme, and whether it may be closed. Only in the page, not in the worker.

use std::cell::RefCell;

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

thread_local! {
    static LEAVING: RefCell<Leaving> = const { RefCell::new(Leaving { n_holds: 0, listener: None }) };
}

/// Who wants the page to stay, and what listens as long as anybody does.
struct Leaving {
    n_holds: usize,
    listener: Option<Closure<dyn FnMut(web_sys::Event)>>,
}

/// While one of these lives, the browser asks before the page is closed or left: something is being written that would be
/// lost. In a worker, which has no window, it does nothing.
#[derive(Debug)]
#[must_use = "the page is held only as long as this lives"]
pub struct StayOpen(());

/// Asks the browser to ask before the page goes, until what is returned is dropped.
pub fn stay_open() -> StayOpen {
    LEAVING.with_borrow_mut(|leaving| {
        leaving.n_holds += 1;
        if leaving.n_holds == 1
            && let Some(window) = web_sys::window()
        {
            let listener = Closure::<dyn FnMut(web_sys::Event)>::new(ask_before_leaving);
            let added = window.add_event_listener_with_callback(BEFORE_UNLOAD, listener.as_ref().unchecked_ref());
            leaving.listener = added.is_ok().then_some(listener);
        }
    });
    StayOpen(())
}

const BEFORE_UNLOAD: &str = "beforeunload";

#[expect(clippy::needless_pass_by_value, reason = "a listener is given its event")]
fn ask_before_leaving(event: web_sys::Event) {
    event.prevent_default();
    // What browsers asked for before they heeded `preventDefault`; where it cannot be set, that is enough.
    let name = wasm_bindgen::JsValue::from_str("returnValue");
    js_sys::Reflect::set(&event, &name, &wasm_bindgen::JsValue::TRUE).unwrap_or(false);
}

impl Drop for StayOpen {
    fn drop(&mut self) {
        LEAVING.with_borrow_mut(|leaving| {
            leaving.n_holds = leaving.n_holds.saturating_sub(1);
            if leaving.n_holds > 0 {
                return;
            }
            if let (Some(listener), Some(window)) = (leaving.listener.take(), web_sys::window()) {
                let function = listener.as_ref().unchecked_ref();
                // It can only fail for a listener that is not there.
                window.remove_event_listener_with_callback(BEFORE_UNLOAD, function).unwrap_or(());
            }
        });
    }
}
