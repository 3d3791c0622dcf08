//! The engine in a Web Worker: decode, `engine::handle`, encode. Storage and files are in [`host`].
//!
//! Three workers are made of it, each of one feature: `engine` (`studies`), which every visitor waits for, `intake` (`files`),
//! which reads the user's files, and `desk` (`desk`) for findings, close looks at a record and what goes out.
//! `protocol::Worker` says which of them answers a request.
//!
//! One call is worked on at a time, in order. A cancel reaches a computation in its midst through shared memory (see
//! `web::engine`), and a call that waits through the queue.

mod host;
mod post;
mod queue;

use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::MessageEvent;

use queue::Queue;

/// Hears the page from now on.
pub fn start() {
    // A panic ends the instance: the page is told before the trap, answers every call under way and starts anew.
    std::panic::set_hook(Box::new(|info| post::crashed(&info.to_string())));
    let queue = Queue::default();
    let on_message = {
        let queue = queue.clone();
        Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let data: JsValue = event.data();
            queue.receive(&data);
        })
    };
    post::scope().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    post::ready();
    // Whatever is asked first needs it. What it refuses is said by the call that meets it.
    wasm_bindgen_futures::spawn_local(async { drop(web::database::open().await) });
}
