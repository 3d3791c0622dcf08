//! Messages between page and engine.
