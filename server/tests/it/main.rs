//! The server, asked as a client asks it: whole requests in, whole answers out, a store of its own each time.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail loudly")]

mod access;
mod command;
mod documents;
mod feed;
mod findings;
mod headers;
mod limits;
mod listen;
mod openapi;
mod page;
mod replication;
mod store;
mod test_app;
