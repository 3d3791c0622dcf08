//! The page: Leptos components over the engine in the worker. No arithmetic on patients happens here.
//!
//! Start with [`app::App`] (contexts, the whole route table). [`routes`] holds one file a screen, [`components`] the
//! domain-free widgets, [`figures`] pure functions from results to figures, [`stores`] what the screens share.
//!
//! **Invariant:** no crate that computes is imported; what needs a browser is asked of `web`.

#![allow(
    clippy::needless_pass_by_value,
    clippy::too_many_lines,
    clippy::type_complexity,
    reason = "props are owned by their component, a component is mostly markup, and closures of JavaScript have long types"
)]

pub mod app;
pub mod components;
pub mod figures;
pub mod format;
pub mod routes;
pub mod stores;
