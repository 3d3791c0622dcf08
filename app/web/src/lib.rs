//! The only room that knows the browser: storage, worker transport, files, clock, randomness.
