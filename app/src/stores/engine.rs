//! The engine as a context, and calls to it as something a screen can show.

use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::{Call, EngineError, Worker};
use wasm_bindgen::JsValue;
use web::engine::{Answer, Canceller, Engine, EngineStatus, Pending};

/// Addresses of the scripts that start the workers, below the page's own origin.
const FIRST_URL: &str = "/engine_start.js";
const INTAKE_URL: &str = "/intake_start.js";
const DESK_URL: &str = "/desk_start.js";

/// The engine, in three workers (see [`Worker`]). A handle: copies are the same engine. A worker starts at its first call.
#[derive(Clone, Copy)]
pub struct EngineHandle {
    first: StoredValue<Engine, LocalStorage>,
    intake: StoredValue<Engine, LocalStorage>,
    desk: StoredValue<Engine, LocalStorage>,
    /// How it is; for banners.
    pub status: RwSignal<EngineStatus>,
}

/// Puts the engine into the context. Called once by the app, before the stores that use it.
pub(crate) fn provide_engine() {
    let first = Engine::start(FIRST_URL);
    let intake = Engine::start(INTAKE_URL);
    let desk = Engine::start(DESK_URL);
    let status = RwSignal::new(first.status());
    for engine in [&first, &intake, &desk] {
        engine.on_status(move |now| {
            status.try_set(now);
        });
    }
    let [first, intake, desk] = [first, intake, desk].map(StoredValue::new_local);
    provide_context(EngineHandle { first, intake, desk, status });
}

/// The engine of this page.
///
/// # Panics
/// Outside [`crate::app::App`], which provides it.
#[must_use]
pub fn use_engine() -> EngineHandle {
    expect_context::<EngineHandle>()
}

impl EngineHandle {
    /// Asks and waits for the reply.
    ///
    /// # Errors
    /// What the engine answers.
    pub async fn call<C: Call>(self, call: C) -> Result<C::Reply, EngineError> {
        self.at(C::WORKER).call(call).await
    }

    /// Asks, with attachments, progress and a way to cancel.
    pub fn start_call<C: Call>(
        self,
        call: &C,
        attachments: Vec<JsValue>,
        on_progress: impl FnMut(f64, String) + 'static,
    ) -> Pending<C> {
        self.at(C::WORKER).start_call(call, attachments, on_progress)
    }

    /// Starts a worker ahead of its first call (on a screen that is about to need it).
    pub fn warm_up(self, worker: Worker) {
        self.at(worker).warm_up();
    }

    fn at(self, worker: Worker) -> Engine {
        match worker {
            Worker::First => self.first.get_value(),
            Worker::Intake => self.intake.get_value(),
            Worker::Desk => self.desk.get_value(),
        }
    }
}

/// Every state of something asked.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Load<T> {
    /// Not asked yet.
    #[default]
    Idle,
    /// Under way.
    Loading {
        /// 0 to 1, where known.
        fraction: Option<f64>,
        /// What is being done, in words.
        doing: String,
    },
    /// There.
    Ready(T),
    /// Failed, with what to do.
    Failed(EngineError),
}

impl<T> Load<T> {
    /// Under way, nothing known yet.
    #[must_use]
    pub fn loading() -> Self {
        Self::Loading { fraction: None, doing: String::new() }
    }

    /// The value, if it is there.
    pub fn ready(&self) -> Option<&T> {
        match self {
            Self::Ready(value) => Some(value),
            _ => None,
        }
    }

    /// Whether it is under way.
    #[must_use]
    pub fn is_loading(&self) -> bool {
        matches!(self, Self::Loading { .. })
    }
}

impl<T, E: Into<EngineError>> From<Result<T, E>> for Load<T> {
    fn from(result: Result<T, E>) -> Self {
        match result {
            Ok(value) => Self::Ready(value),
            Err(error) => Self::Failed(error.into()),
        }
    }
}

/// The state of what is loaded, without the value: a panel of it is drawn when the state changes, and what it draws
/// follows the value by itself. A list that is read again keeps what was not changed then: forms, and the focus.
#[must_use]
pub fn state_of<T: Send + Sync + 'static>(load: RwSignal<Load<T>>) -> Memo<Load<()>> {
    Memo::new(move |_| {
        load.with(|load| match load {
            Load::Idle => Load::Idle,
            Load::Loading { fraction, doing } => Load::Loading { fraction: *fraction, doing: doing.clone() },
            Load::Ready(_) => Load::Ready(()),
            Load::Failed(error) => Load::Failed(error.clone()),
        })
    })
}

/// What storage refuses, as an error that a panel can show.
#[must_use]
pub fn storage_error(error: &web::WebError) -> EngineError {
    EngineError::Storage { message: error.to_string() }
}

/// One panel's calls: the newest wins, an older one under way is cancelled, and leaving the screen cancels too.
pub struct Task<T: Send + Sync + 'static> {
    /// What to show.
    pub load: RwSignal<Load<T>>,
    running: StoredValue<Option<Canceller>, LocalStorage>,
    generation: StoredValue<u32>,
}

impl<T: Send + Sync + 'static> Clone for Task<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Task<T> {}

impl<T: Send + Sync + 'static> Default for Task<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Send + Sync + 'static> Task<T> {
    /// Nothing asked yet. Belongs to the component that makes it.
    #[must_use]
    pub fn new() -> Self {
        let task = Self {
            load: RwSignal::new(Load::Idle),
            running: StoredValue::new_local(None),
            generation: StoredValue::new(0),
        };
        on_cleanup(move || task.stop());
        task
    }

    /// Asks; `then` sees the whole answer (buffers too) before it is shown.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a question is made for its asking; callers have no use for it after"
    )]
    pub fn run_then<C>(
        self,
        engine: EngineHandle,
        call: C,
        attachments: Vec<JsValue>,
        then: impl FnOnce(&Answer<T>) + 'static,
    ) where
        C: Call<Reply = T> + 'static,
    {
        self.stop();
        let Some(mine) = self.generation.try_update_value(|n| {
            *n += 1;
            *n
        }) else {
            return;
        };
        self.load.try_set(Load::loading());
        let is_current = move || self.generation.try_get_value() == Some(mine);
        let pending = engine.start_call(&call, attachments, move |fraction, doing| {
            if is_current() {
                self.load.try_set(Load::Loading { fraction: Some(fraction), doing });
            }
        });
        self.running.try_set_value(Some(pending.canceller()));
        spawn_local(async move {
            let outcome = pending.await;
            // A newer call, or a screen that was left, does not want this answer any more.
            if !is_current() {
                return;
            }
            self.running.try_set_value(None);
            let load = match outcome {
                Ok(answer) => {
                    then(&answer);
                    Load::Ready(answer.value)
                }
                Err(error) => Load::Failed(error),
            };
            self.load.try_set(load);
        });
    }

    /// Asks.
    pub fn run<C>(self, engine: EngineHandle, call: C)
    where
        C: Call<Reply = T> + 'static,
    {
        self.run_then(engine, call, Vec::new(), |_| {});
    }

    /// Asks, keeping what is shown until the new answer comes (for counts that follow an edit).
    pub fn refresh<C>(self, engine: EngineHandle, call: C)
    where
        C: Call<Reply = T> + 'static,
        T: Clone,
    {
        let before = self.load.try_get_untracked();
        self.run(engine, call);
        if let Some(before @ Load::Ready(_)) = before {
            self.load.try_set(before);
        }
    }

    /// Stops what is under way, if anything: it ends as [`EngineError::Cancelled`].
    pub fn cancel(self) {
        if let Some(Some(running)) = self.running.try_get_value() {
            running.cancel();
        }
    }

    /// Forgets what was asked.
    pub fn reset(self) {
        self.stop();
        self.generation.try_update_value(|n| *n += 1);
        self.load.try_set(Load::Idle);
    }

    /// Cancels without wanting the answer. Also called while the owner is taken down: nothing may be read for sure.
    fn stop(self) {
        self.cancel();
        self.running.try_set_value(None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_load_tells_its_state() {
        let load: Load<i32> = Ok::<_, EngineError>(3).into();
        assert_eq!(load.ready(), Some(&3));
        assert!(!load.is_loading());
        let load: Load<i32> = Err::<i32, _>(EngineError::Cancelled).into();
        assert_eq!(load, Load::Failed(EngineError::Cancelled));
        assert!(Load::<i32>::loading().is_loading());
    }
}
