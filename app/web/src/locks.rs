//! One writer at a time across tabs, through the Web Locks API.

use futures_channel::oneshot;
use js_sys::Promise;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast as _, JsValue};

use crate::{WebError, scope};

/// A lock that is held until it is dropped.
#[derive(Debug)]
pub struct Lock {
    release: Option<oneshot::Sender<()>>,
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some(release) = self.release.take() {
            // The other end is gone only if the browser itself took the lock away.
            release.send(()).unwrap_or(());
        }
    }
}

/// Waits for a lock.
///
/// # Errors
/// If the browser refuses.
pub async fn acquire(name: &str) -> Result<Lock, WebError> {
    request(name, false).await
}

/// Takes a lock if nobody holds it.
///
/// # Errors
/// [`WebError::Busy`] if another tab holds it.
pub async fn try_acquire(name: &str) -> Result<Lock, WebError> {
    request(name, true).await
}

async fn request(name: &str, if_available: bool) -> Result<Lock, WebError> {
    let locks = scope::property(&scope::navigator(), "locks");
    if locks.is_undefined() {
        // Without locks two tabs could write at once, or make two secrets of which one is lost.
        return Err(WebError::Other(
            "this address is not secure, and there browsers do not keep two tabs from writing at once: open Rounds at an \
             https:// address, or at http://localhost"
                .to_owned(),
        ));
    }
    let (granted_in, granted) = oneshot::channel::<bool>();
    let (release, released) = oneshot::channel::<()>();
    let callback = Closure::once_into_js(move |lock: JsValue| -> Promise {
        let got = !lock.is_null() && !lock.is_undefined();
        granted_in.send(got).unwrap_or(());
        wasm_bindgen_futures::future_to_promise(async move {
            if got {
                // Held until the Lock is dropped: an error here is that drop as well.
                released.await.unwrap_or(());
            }
            Ok(JsValue::UNDEFINED)
        })
    });
    let options = js_sys::Object::new();
    js_sys::Reflect::set(&options, &"ifAvailable".into(), &if_available.into())?;
    let promise = scope::call_method(&locks, "request", &[name.into(), options.into(), callback])?;
    // A rejected request (the page is being closed) drops the callback, which ends `granted` below.
    if let Ok(promise) = promise.dyn_into::<Promise>() {
        wasm_bindgen_futures::spawn_local(async move {
            drop(wasm_bindgen_futures::JsFuture::from(promise).await);
        });
    }
    match granted.await {
        Ok(true) => Ok(Lock { release: Some(release) }),
        Ok(false) | Err(oneshot::Canceled) => Err(WebError::Busy),
    }
}
