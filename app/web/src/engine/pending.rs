//! A call under way.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_channel::oneshot;
use js_sys::ArrayBuffer;
use protocol::{Call, CallId, EngineError, read_reply};
use serde_json::Value;

use super::Engine;

/// What came back.
#[derive(Debug)]
pub struct Answer<T> {
    /// The reply.
    pub value: T,
    /// Bulk beside it.
    pub buffers: Vec<ArrayBuffer>,
    /// Milliseconds that the work took inside the worker.
    pub elapsed_ms: f64,
}

/// What the wire brought: the reply as parsed JSON, bulk beside it, milliseconds inside the worker.
pub(super) type Outcome = Result<(Value, Vec<ArrayBuffer>, f64), EngineError>;

/// Stops a call. Clones stop the same call; stopping a call that has ended does nothing.
#[derive(Clone)]
pub struct Canceller {
    pub(super) engine: Engine,
    pub(super) id: CallId,
}

impl Canceller {
    /// Stops the call: it answers [`EngineError::Cancelled`].
    pub fn cancel(&self) {
        self.engine.cancel(self.id);
    }
}

/// A call under way: a future of its answer.
pub struct Pending<C: Call> {
    pub(super) canceller: Canceller,
    pub(super) outcome: oneshot::Receiver<Outcome>,
    pub(super) call: std::marker::PhantomData<fn() -> C>,
}

impl<C: Call> Pending<C> {
    /// What stops this call.
    #[must_use]
    pub fn canceller(&self) -> Canceller {
        self.canceller.clone()
    }
}

impl<C: Call> Future for Pending<C> {
    type Output = Result<Answer<C::Reply>, EngineError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.outcome).poll(context).map(|received| {
            let (done, buffers, elapsed_ms) = received.unwrap_or_else(|_gone| Err(dropped()))?;
            let value = read_reply::<C>(&done).map_err(|_other| not_understood())?;
            Ok(Answer { value, buffers, elapsed_ms })
        })
    }
}

fn dropped() -> EngineError {
    EngineError::Internal { message: "the call was dropped.".to_owned() }
}

fn not_understood() -> EngineError {
    EngineError::Internal { message: "page and engine are of different versions (reload the page).".to_owned() }
}
