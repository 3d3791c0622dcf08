//! Messages from the worker to the page.

use js_sys::{Array, Object, Reflect, Uint8Array};
use protocol::{BUILD, CallId, Done, EngineError, FromEngine, PROTOCOL_VERSION};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::DedicatedWorkerGlobalScope;

/// The worker's own scope.
pub(crate) fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

fn post(message: &FromEngine, bulk: &[Vec<u8>]) {
    let json = match serde_json::to_string(message) {
        Ok(json) => json,
        // Only a number that is not finite could do this, and replies hold none; tell the page rather than hang.
        Err(error) => {
            format!(r#"{{"crashed":{{"message":"a reply could not be written: {error}"}}}}"#)
        }
    };
    // Copied once out of the module's memory; the copies are transferred, not cloned.
    let buffers: Array = bulk.iter().map(|bytes| JsValue::from(Uint8Array::from(bytes.as_slice()).buffer())).collect();
    let object = Object::new();
    let sent = Reflect::set(&object, &"json".into(), &json.into())
        .and_then(|_| Reflect::set(&object, &"buffers".into(), &buffers))
        .and_then(|_| scope().post_message_with_transfer(&object, &buffers));
    if let Err(thrown) = sent {
        wasm_bindgen::throw_val(thrown);
    }
}

/// The worker can be spoken to.
pub(crate) fn ready() {
    post(&FromEngine::Ready { protocol: PROTOCOL_VERSION, build: BUILD.to_owned() }, &[]);
}

/// How far a call is.
pub(crate) fn progress(id: CallId, fraction: f64, doing: &str) {
    post(&FromEngine::Progress { id, fraction, doing: doing.to_owned() }, &[]);
}

/// The answer of a call.
pub(crate) fn reply(id: CallId, elapsed_ms: f64, result: Result<(Done, Vec<Vec<u8>>), EngineError>) {
    let (result, bulk) = match result {
        Ok((done, bulk)) => (Ok(Box::new(done)), bulk),
        Err(error) => (Err(error), Vec::new()),
    };
    post(&FromEngine::Reply { id, elapsed_ms, result }, &bulk);
}

/// The worker is about to die.
pub(crate) fn crashed(message: &str) {
    post(&FromEngine::Crashed { message: message.to_owned() }, &[]);
}
