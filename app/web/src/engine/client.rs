//! The page's end of the wire.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use futures_channel::oneshot;
use js_sys::{Array, ArrayBuffer, Int32Array, Object, Reflect, SharedArrayBuffer};
use protocol::{BUILD, Call, CallId, EngineError, FromEngine, PROTOCOL_VERSION, write_call, write_cancel};
use serde_json::Value;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{ErrorEvent, MessageEvent, Worker};

use super::pending::Outcome;
use super::{CANCEL_SLOTS, Canceller, Pending};
use crate::{clock, error, scope};

/// Without an answer for this long after a cancel, a worker that cannot be told through shared memory is ended.
const CANCEL_GRACE_MS: u32 = 400;
/// A worker that has not said it is ready after this long will not.
const START_TIMEOUT_MS: u32 = 20_000;

/// How the engine is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EngineStatus {
    /// Not needed yet.
    Idle,
    /// On its way.
    Starting,
    /// It can be spoken to.
    Ready {
        /// Its build.
        build: String,
    },
    /// It died and was started again; calls under way were answered with an error.
    Crashed {
        /// What it said.
        message: String,
    },
    /// Page and worker are of different builds (an old file in a cache): reload.
    Mismatch {
        /// The worker's build.
        worker: String,
        /// The page's build.
        page: String,
    },
}

type ProgressFn = Rc<RefCell<dyn FnMut(f64, String)>>;

struct Waiting {
    reply: oneshot::Sender<Outcome>,
    progress: ProgressFn,
}

struct Running {
    worker: Worker,
    cancel_flags: Option<Int32Array>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(ErrorEvent)>,
}

struct Inner {
    url: String,
    status: EngineStatus,
    listeners: Vec<Rc<dyn Fn(EngineStatus)>>,
    running: Option<Running>,
    /// Raised with each new worker, so that messages and timers of an old one are not taken for the new one's.
    generation: u32,
    /// Messages written before the worker was ready.
    queue: Vec<(Object, Array)>,
    waiting: BTreeMap<CallId, Waiting>,
    next_id: CallId,
}

/// A worker that `public/boot.js` started while the page was still being compiled, and what it said meanwhile.
struct EarlyWorker {
    worker: Worker,
    heard: Vec<JsValue>,
    failed: String,
}

impl EarlyWorker {
    /// Takes it over, once, if it is the one at this address.
    fn take(url: &str) -> Option<Self> {
        let early = scope::global("roundsEarlyWorker");
        if scope::property(&early, "url").as_string().as_deref() != Some(url) {
            return None;
        }
        let worker = scope::property(&early, "worker").dyn_into().ok()?;
        drop(Reflect::delete_property(&js_sys::global(), &"roundsEarlyWorker".into()));
        let heard = Array::from(&scope::property(&early, "heard")).to_vec();
        Some(Self { worker, heard, failed: scope::property(&early, "failed").as_string().unwrap_or_default() })
    }
}

/// The engine, as the page sees it. Clones are the same engine.
#[derive(Clone)]
pub struct Engine {
    inner: Rc<RefCell<Inner>>,
}

impl Engine {
    /// An engine whose worker is at this address. Nothing is loaded before the first call.
    #[must_use]
    pub fn start(worker_url: &str) -> Self {
        Self {
            inner: Rc::new(RefCell::new(Inner {
                url: worker_url.to_owned(),
                status: EngineStatus::Idle,
                listeners: Vec::new(),
                running: None,
                generation: 0,
                queue: Vec::new(),
                waiting: BTreeMap::new(),
                next_id: 1,
            })),
        }
    }

    /// How the engine is now.
    #[must_use]
    pub fn status(&self) -> EngineStatus {
        self.inner.borrow().status.clone()
    }

    /// Calls back at every change of status.
    pub fn on_status(&self, changed: impl Fn(EngineStatus) + 'static) {
        self.inner.borrow_mut().listeners.push(Rc::new(changed));
    }

    /// Starts the worker now, ahead of the first call.
    pub fn warm_up(&self) {
        self.ensure_running();
    }

    /// Ends the worker: calls under way are answered with an error. The next call starts a new one.
    pub fn end(&self) {
        self.restart("The engine was ended.");
        self.set_status(&EngineStatus::Idle);
    }

    /// Asks and waits for the reply.
    ///
    /// # Errors
    /// What the engine answers.
    pub async fn call<C: Call>(&self, call: C) -> Result<C::Reply, EngineError> {
        Ok(self.start_call(&call, Vec::new(), |_, _| {}).await?.value)
    }

    /// Asks, with attachments (`ArrayBuffer`s, which are transferred, or `File`s), progress and a way to cancel.
    pub fn start_call<C: Call>(
        &self,
        call: &C,
        attachments: Vec<JsValue>,
        on_progress: impl FnMut(f64, String) + 'static,
    ) -> Pending<C> {
        let (id, outcome) = self.make_room(Rc::new(RefCell::new(on_progress)));
        self.send(id, write_call(id, call), attachments);
        Pending { canceller: Canceller { engine: self.clone(), id }, outcome, call: std::marker::PhantomData }
    }

    /// Makes room for an answer.
    fn make_room(&self, progress: ProgressFn) -> (CallId, oneshot::Receiver<Outcome>) {
        let (reply, outcome) = oneshot::channel();
        let mut inner = self.inner.borrow_mut();
        let id = inner.next_id;
        inner.next_id = inner.next_id.wrapping_add(1).max(1);
        inner.waiting.insert(id, Waiting { reply, progress });
        (id, outcome)
    }

    /// Sends a call; what keeps it from being sent is its answer.
    fn send(&self, id: CallId, json: Result<String, serde_json::Error>, attachments: Vec<JsValue>) {
        let sent = json
            .map_err(|problem| EngineError::Internal { message: problem.to_string() })
            .and_then(|json| self.post(json, attachments));
        if let Err(problem) = sent {
            self.answer(id, Err(problem));
        }
    }

    pub(super) fn cancel(&self, id: CallId) {
        if !self.inner.borrow().waiting.contains_key(&id) {
            return;
        }
        let shared = self.inner.borrow().running.as_ref().and_then(|r| r.cancel_flags.clone());
        if let Some(flags) = &shared {
            // The flag is read by a worker that is in the middle of a computation and hears no messages.
            #[expect(clippy::cast_possible_wrap, reason = "an id, compared bit by bit on the other side")]
            drop(js_sys::Atomics::store(flags, id % CANCEL_SLOTS, id as i32));
        }
        if self.post(write_cancel(id), Vec::new()).is_err() || shared.is_some() {
            return;
        }
        let engine = self.clone();
        let generation = self.inner.borrow().generation;
        wasm_bindgen_futures::spawn_local(async move {
            clock::sleep_ms(CANCEL_GRACE_MS).await;
            let still =
                engine.inner.borrow().generation == generation && engine.inner.borrow().waiting.contains_key(&id);
            if still {
                engine.answer(id, Err(EngineError::Cancelled));
                engine.restart("The engine was stopped in the middle of a computation.");
                engine.set_status(&EngineStatus::Starting);
            }
        });
    }

    fn post(&self, json: String, attachments: Vec<JsValue>) -> Result<(), EngineError> {
        let internal = |message: String| EngineError::Internal { message };
        let object = Object::new();
        let buffers: Array = attachments.into_iter().collect();
        let set = |name: &str, value: &JsValue| {
            Reflect::set(&object, &name.into(), value).map_err(|e| internal(error::describe(&e)))
        };
        set("json", &json.into())?;
        set("buffers", &buffers)?;
        let transfer: Array = buffers.iter().filter(JsValue::is_instance_of::<ArrayBuffer>).collect();
        self.ensure_running();
        let mut inner = self.inner.borrow_mut();
        if matches!(inner.status, EngineStatus::Mismatch { .. }) {
            // No worker will be started: a queued call would wait for ever.
            return Err(internal("The page and its engine are of different versions. Reload the page.".to_owned()));
        }
        let ready = matches!(inner.status, EngineStatus::Ready { .. });
        match (&inner.running, ready) {
            (Some(running), true) => {
                running.worker.post_message_with_transfer(&object, &transfer).map_err(|e| internal(error::describe(&e)))
            }
            _ => {
                inner.queue.push((object, transfer));
                Ok(())
            }
        }
    }

    fn ensure_running(&self) {
        let needed = {
            let inner = self.inner.borrow();
            inner.running.is_none() && !matches!(inner.status, EngineStatus::Mismatch { .. })
        };
        if needed {
            self.set_status(&EngineStatus::Starting);
            self.spawn();
        }
    }

    fn spawn(&self) {
        let (url, generation) = {
            let mut inner = self.inner.borrow_mut();
            inner.generation += 1;
            (inner.url.clone(), inner.generation)
        };
        let early = EarlyWorker::take(&url);
        let worker = match early.as_ref().map_or_else(|| Worker::new(&url), |early| Ok(early.worker.clone())) {
            Ok(worker) => worker,
            Err(thrown) => return self.fail(&error::describe(&thrown)),
        };
        let on_message = {
            let engine = self.clone();
            Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
                if engine.inner.borrow().generation == generation {
                    engine.receive(&event.data());
                }
            })
        };
        let on_error = {
            let engine = self.clone();
            Closure::<dyn FnMut(ErrorEvent)>::new(move |event: ErrorEvent| {
                if engine.inner.borrow().generation == generation {
                    engine.fail(&event.message());
                }
            })
        };
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        let cancel_flags = scope::is_isolated().then(|| Int32Array::new(&SharedArrayBuffer::new(CANCEL_SLOTS * 4)));
        self.inner.borrow_mut().running =
            Some(Running { worker, cancel_flags, _on_message: on_message, _on_error: on_error });
        if let Some(early) = early {
            early.heard.iter().for_each(|data| self.receive(data));
            if !early.failed.is_empty() {
                return self.fail(&early.failed);
            }
        }
        let engine = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            clock::sleep_ms(START_TIMEOUT_MS).await;
            let late = {
                let inner = engine.inner.borrow();
                inner.generation == generation && inner.status == EngineStatus::Starting
            };
            if late {
                engine.fail("the engine did not start within 20 seconds. Reload the page.");
            }
        });
    }

    fn receive(&self, data: &JsValue) {
        let Some(text) = scope::property(data, "json").as_string() else {
            return;
        };
        let Ok(message) = model::json::read::<FromEngine<Value>>(&text) else {
            return self.fail("the engine said something this page does not understand. Reload the page.");
        };
        match message {
            FromEngine::Ready { protocol, build } => self.ready(protocol, build),
            FromEngine::Progress { id, fraction, doing } => {
                // Nothing of the engine is borrowed while it runs: a callback may ask, cancel or restart.
                let progress = self.inner.borrow().waiting.get(&id).map(|waiting| Rc::clone(&waiting.progress));
                if let Some(progress) = progress {
                    (progress.borrow_mut())(fraction, doing);
                }
            }
            FromEngine::Reply { id, elapsed_ms, result } => {
                let buffers = Array::from(&scope::property(data, "buffers"));
                let buffers = buffers.iter().filter_map(|b| b.dyn_into::<ArrayBuffer>().ok()).collect();
                self.answer(id, result.map(|done| (done, buffers, elapsed_ms)));
            }
            FromEngine::Crashed { message } => self.fail(&message),
        }
    }

    fn ready(&self, protocol: u32, build: String) {
        if protocol != PROTOCOL_VERSION || build != BUILD {
            let page = BUILD.to_owned();
            self.fail("page and engine are of different versions. Reload the page.");
            self.inner.borrow_mut().running = None;
            return self.set_status(&EngineStatus::Mismatch { worker: build, page });
        }
        self.set_status(&EngineStatus::Ready { build });
        let inner = &mut *self.inner.borrow_mut();
        let Some(running) = &inner.running else {
            return;
        };
        let hello = Object::new();
        if let Some(flags) = &running.cancel_flags {
            // A failure here only means that cancelling falls back to ending the worker.
            drop(Reflect::set(&hello, &"cancel".into(), flags));
        }
        drop(running.worker.post_message(&hello));
        for (object, transfer) in inner.queue.drain(..) {
            drop(running.worker.post_message_with_transfer(&object, &transfer));
        }
    }

    fn answer(&self, id: CallId, outcome: Outcome) {
        let waiting = self.inner.borrow_mut().waiting.remove(&id);
        if let Some(waiting) = waiting {
            // The caller may have gone away: then nobody is left to tell.
            drop(waiting.reply.send(outcome));
        }
    }

    /// The worker is dead: everything under way is answered, and the next call starts a new one.
    fn fail(&self, message: &str) {
        self.restart(message);
        self.set_status(&EngineStatus::Crashed { message: message.to_owned() });
    }

    fn restart(&self, message: &str) {
        let ids: Vec<CallId> = {
            let mut inner = self.inner.borrow_mut();
            inner.generation += 1;
            if let Some(running) = inner.running.take() {
                running.worker.terminate();
            }
            inner.queue.clear();
            inner.waiting.keys().copied().collect()
        };
        for id in ids {
            self.answer(id, Err(EngineError::Internal { message: message.to_owned() }));
        }
    }

    fn set_status(&self, status: &EngineStatus) {
        let listeners = {
            let mut inner = self.inner.borrow_mut();
            if inner.status == *status {
                return;
            }
            inner.status = status.clone();
            inner.listeners.clone()
        };
        for listener in listeners {
            listener(status.clone());
        }
    }
}
