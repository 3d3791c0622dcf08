//! Replication of signed documents between a device and a server, as a pure state machine.
//!
//! [`wire`] holds what travels, `replica` decides what to ask and to send next. Neither knows a clock, a network or
//! a browser: the host performs the `Action` that `Replica::next` names and hands back what came
//! of it as an `Event`.
//!
//! Words are those of CouchDB's replication: a *changes feed* in the server's order, a *checkpoint* in it. Documents
//! are immutable and named by their content, so there are no revisions and no conflicts: two replicas agree when they
//! hold the same set of ids, and a set only grows.
//!
//! **Invariant**: nothing that a server says makes a client forget a document.

pub mod wire;
