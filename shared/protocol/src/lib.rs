//! Messages between page and engine: closed enums, JSON for meaning, transferred buffers for bulk.
//!
//! Start with [`Request`] (what the engine computes), [`HostRequest`] (what the worker does around it: storage, files)
//! and [`ToEngine`] / [`FromEngine`] (the wire). A request names its reply type through [`Call`], so a call site needs
//! no match: `client.call(EvaluateCohort { .. }).await?` is a `CohortReport`.
//!
//! **Invariant:** no crate that computes is imported here.

mod host;
mod literature;
mod notes;
mod request;
mod sample_info;
mod wire;

pub use host::*;
pub use literature::*;
pub use notes::*;
pub use request::*;
pub use sample_info::*;
pub use wire::*;

/// Bumped at every change of a message. Page and worker shake hands on it.
pub const PROTOCOL_VERSION: u32 = 5;

/// Build identification: the same in page and worker of one build.
pub const BUILD: &str = env!("CARGO_PKG_VERSION");
