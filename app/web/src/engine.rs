//! Calls from the page to the engine's worker: handshake, progress, cancel, crash and restart.
//!
//! The worker is started at the first call, not before. A call that is cancelled while the worker computes is stopped
//! through shared memory where the page is cross-origin isolated, else by ending the worker and starting a new one
//! (stored datasets are opened again by the next call that names them).

mod client;
mod pending;

pub use client::{Engine, EngineStatus};
pub use pending::{Answer, Canceller, Pending};

/// Slots of the shared cancel flags: call `id` writes its id at `id % CANCEL_SLOTS`.
pub const CANCEL_SLOTS: u32 = 1024;
