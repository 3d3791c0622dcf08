//! Two devices and a server, as state machines in a loop.

mod convergence;
mod rounds;
mod support;
