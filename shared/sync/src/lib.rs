//! Replication of signed documents between a device and a server, as a pure state machine.
//!
//! [`wire`] holds what travels, [`replica`] decides what to ask and to send next. Neither knows a clock, a network or
//! a browser: the host performs the [`replica::Action`] that [`replica::Replica::next`] names and hands back what came
//! of it as an [`replica::Event`].
//!
//! ```
//! use sync::replica::{Action, Event, Failure, Replica};
//!
//! let mut replica = Replica::new();
//! replica.receive(Event::Wake);
//! while let Some(action) = replica.next() {
//!     // A host would perform it; this one is offline.
//!     let came_of_it = match action {
//!         Action::Wait { attempt, .. } if attempt > 3 => break,
//!         Action::Wait { .. } => Event::Waited,
//!         _ => Event::Failed(Failure::Offline),
//!     };
//!     // What is returned goes to the store of documents, together with `replica.snapshot()`.
//!     let keep = replica.receive(came_of_it);
//!     assert!(keep.is_empty());
//! }
//! ```
//!
//! Words are those of CouchDB's replication: a *changes feed* in the server's order, a *checkpoint* in it. Documents
//! are immutable and named by their content, so there are no revisions and no conflicts: two replicas agree when they
//! hold the same set of ids, and a set only grows.
//!
//! **Invariant**: nothing that a server says makes a client forget a document.

pub mod replica;
pub mod wire;
