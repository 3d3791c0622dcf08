//! What page and worker have in common, whichever of the two this is.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};

use crate::WebError;

/// A property of an object by name, `undefined` if it is not there.
#[must_use]
pub fn property(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}

/// A property of the global object (`window` or the worker's scope).
#[must_use]
pub fn global(name: &str) -> JsValue {
    property(&js_sys::global(), name)
}

/// `navigator`, in page and worker alike.
#[must_use]
pub fn navigator() -> JsValue {
    global("navigator")
}

/// Calls a method that may not exist.
///
/// # Errors
/// If there is no such method, or it throws.
pub fn call_method(object: &JsValue, name: &str, args: &[JsValue]) -> Result<JsValue, WebError> {
    let function: Function =
        property(object, name).dyn_into().map_err(|_found| WebError::Other(format!("this browser has no {name}")))?;
    let list: js_sys::Array = args.iter().collect();
    Ok(function.apply(object, &list)?)
}

/// Calls a method that returns a promise and awaits it.
///
/// # Errors
/// If there is no such method, it throws or the promise is rejected.
pub async fn call_async(object: &JsValue, name: &str, args: &[JsValue]) -> Result<JsValue, WebError> {
    let promise: Promise = call_method(object, name, args)?
        .dyn_into()
        .map_err(|_found| WebError::Other(format!("{name} gave no promise")))?;
    Ok(wasm_bindgen_futures::JsFuture::from(promise).await?)
}

/// Whether memory can be shared with the worker (the page is cross-origin isolated).
#[must_use]
pub fn is_isolated() -> bool {
    global("crossOriginIsolated").is_truthy()
}

/// Threads that the machine runs at once, as far as the browser says; 1 where it does not.
#[must_use]
pub fn n_threads() -> usize {
    let said = property(&navigator(), "hardwareConcurrency").as_f64().unwrap_or(1.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small whole number")]
    let n = said.clamp(1.0, 1024.0) as usize;
    n
}

/// The address of the script that runs here, in a worker.
#[must_use]
pub fn own_address() -> Option<String> {
    property(&global("location"), "href").as_string()
}
