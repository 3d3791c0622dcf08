//! A call under way.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_channel::oneshot;
use js_sys::ArrayBuffer;
use protocol::{Call, CallId, Done, EngineError};

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

pub(super) type Outcome = Result<(Box<Done>, Vec<ArrayBuffer>, f64), EngineError>;

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
            let internal = |message: &str| EngineError::Internal { message: message.to_owned() };
            let (done, buffers, elapsed_ms) =
                received.unwrap_or_else(|_gone| Err(internal("the call was dropped.")))?;
            let value = C::from_done(*done)
                .ok_or_else(|| internal("page and engine are of different versions (reload the page)."))?;
            Ok(Answer { value, buffers, elapsed_ms })
        })
    }
}
