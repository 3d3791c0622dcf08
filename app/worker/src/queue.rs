//! Calls in order, one at a time.

use std::cell::RefCell;
use std::collections::{BTreeSet, VecDeque};
use std::rc::Rc;

use engine::Engine;
use js_sys::{Array, Int32Array, Uint8Array};
use protocol::{CallId, Done, EngineError, Request, ToEngine, Work};
use wasm_bindgen::{JsCast as _, JsValue};
use web::engine::CANCEL_SLOTS;
use web::scope::property;
use web_sys::File;

use crate::{host, post};

/// Milliseconds between two progress messages.
const PROGRESS_EVERY_MS: f64 = 80.0;

/// What came beside a request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Attachments {
    /// Buffers, as bytes.
    pub bytes: Vec<Vec<u8>>,
    /// Files.
    pub files: Vec<File>,
}

struct Waiting {
    id: CallId,
    work: Work,
    attachments: Attachments,
}

#[derive(Default)]
struct Inner {
    waiting: VecDeque<Waiting>,
    cancelled: BTreeSet<CallId>,
    flags: Option<Int32Array>,
    running: bool,
    engine: Option<Engine>,
    /// A dataset that waits for the user's word before it is stored.
    #[cfg(feature = "files")]
    held: Option<Held>,
}

/// A dataset in memory, stored nowhere.
#[cfg(feature = "files")]
pub(crate) struct Held {
    /// Header and report.
    pub imported: protocol::Imported,
    /// Its chunks.
    pub chunks: Vec<Vec<u8>>,
}

/// The queue. Clones are the same queue.
#[derive(Clone, Default)]
pub(crate) struct Queue(Rc<RefCell<Inner>>);

impl Queue {
    /// A message from the page.
    pub(crate) fn receive(&self, data: &JsValue) {
        let flags = property(data, "cancel");
        if let Ok(flags) = flags.dyn_into::<Int32Array>() {
            self.0.borrow_mut().flags = Some(flags);
            return;
        }
        let Some(text) = property(data, "json").as_string() else {
            return;
        };
        match model::json::read::<ToEngine>(&text) {
            Ok(ToEngine::Call { id, work }) => {
                let attachments = read_attachments(&property(data, "buffers"));
                self.0.borrow_mut().waiting.push_back(Waiting { id, work: *work, attachments });
                self.run();
            }
            Ok(ToEngine::Cancel { id }) => drop(self.0.borrow_mut().cancelled.insert(id)),
            Err(error) => post::crashed(&format!("a message from the page cannot be read: {error}")),
        }
    }

    fn run(&self) {
        if std::mem::replace(&mut self.0.borrow_mut().running, true) {
            return;
        }
        let queue = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            loop {
                let next = queue.0.borrow_mut().waiting.pop_front();
                let Some(next) = next else { break };
                queue.work(next).await;
            }
            queue.0.borrow_mut().running = false;
        });
    }

    async fn work(&self, call: Waiting) {
        let Waiting { id, work, attachments } = call;
        let call = Call { queue: self.clone(), id, last_progress: Rc::default() };
        if call.is_cancelled() {
            return post::reply(id, 0.0, Err(EngineError::Cancelled));
        }
        let start = web::clock::now_ms();
        // The engine is taken out while it works: nothing else can reach it in between.
        let taken = self.0.borrow_mut().engine.take();
        let mut engine = taken.unwrap_or_default();
        let keeps_nothing = matches!(work, Work::Host(_));
        let result = match work {
            Work::Engine(request) => {
                let done = ask(&mut engine, &call, request, attachments.bytes).await;
                done.map(|(reply, bulk)| (Done::Engine(reply), bulk))
            }
            Work::Host(request) => {
                let done = host::handle(&mut engine, &call, request, attachments).await;
                done.map(|(reply, bulk)| (Done::Host(reply), bulk))
            }
        };
        // What a call of the host left in another worker than the first is let go: the first has the dataset, or reads it from
        // storage. What the engine was asked about at the desk (quality, a timeline) stays until another dataset is.
        if cfg!(any(feature = "desk", feature = "files")) && keeps_nothing {
            engine = Engine::default();
        }
        self.0.borrow_mut().engine = Some(engine);
        self.0.borrow_mut().cancelled.remove(&id);
        post::reply(id, web::clock::now_ms() - start, result);
    }
}

fn read_attachments(list: &JsValue) -> Attachments {
    let mut attachments = Attachments::default();
    if list.is_undefined() {
        return attachments;
    }
    for value in Array::from(list).iter() {
        match value.dyn_into::<File>() {
            Ok(file) => attachments.files.push(file),
            Err(other) => attachments.bytes.push(Uint8Array::new(&other).to_vec()),
        }
    }
    attachments
}

/// One call under way: where its progress goes and how it learns that it is to stop.
#[derive(Clone)]
pub(crate) struct Call {
    queue: Queue,
    id: CallId,
    last_progress: Rc<RefCell<f64>>,
}

impl Call {
    /// Whether the page wants it to stop.
    pub(crate) fn is_cancelled(&self) -> bool {
        let inner = self.queue.0.borrow();
        if inner.cancelled.contains(&self.id) {
            return true;
        }
        inner.flags.as_ref().is_some_and(|flags| {
            #[expect(clippy::cast_possible_wrap, reason = "an id, compared bit by bit")]
            let id = self.id as i32;
            js_sys::Atomics::load(flags, self.id % CANCEL_SLOTS).is_ok_and(|found| found == id)
        })
    }

    /// Holds a dataset for the user's word; what was held before is let go.
    #[cfg(feature = "files")]
    pub(crate) fn hold(&self, held: Option<Held>) {
        self.queue.0.borrow_mut().held = held;
    }

    /// Takes what is held.
    #[cfg(feature = "files")]
    pub(crate) fn take_held(&self) -> Option<Held> {
        self.queue.0.borrow_mut().held.take()
    }

    /// Reports progress (at most every 80 ms) and says whether to go on.
    pub(crate) fn tick(&self, fraction: f64, doing: &str) -> bool {
        let now = web::clock::now_ms();
        if now - *self.last_progress.borrow() >= PROGRESS_EVERY_MS {
            *self.last_progress.borrow_mut() = now;
            post::progress(self.id, fraction.clamp(0.0, 1.0), doing);
            return !self.is_cancelled();
        }
        true
    }
}

/// Asks the engine; a dataset that is stored but not in memory is loaded first.
pub(crate) async fn ask(
    engine: &mut Engine,
    call: &Call,
    request: Request,
    bulk: Vec<Vec<u8>>,
) -> Result<(protocol::Reply, Vec<Vec<u8>>), EngineError> {
    let mut tick = |fraction: f64, doing: &str| call.tick(fraction, doing);
    if let Some(id) = engine::dataset_of(&request).cloned() {
        // These workers keep what they looked at last; they do not hear when the first deletes it or gives it another name.
        #[cfg(any(feature = "desk", feature = "files"))]
        if !engine.is_open(&id) || host::is_changed(engine, &id).await? {
            *engine = Engine::default();
        }
        if !engine.is_open(&id) {
            host::load(engine, call, &id).await?;
        }
    }
    engine::handle(engine, request, bulk, &mut tick)
}
