//! The page: Leptos components over the engine in the worker. No arithmetic on patients happens here.
//!
//! Start with [`app::App`] (contexts, the whole route table). [`routes`] holds one file a screen, [`components`] the
//! domain-free widgets, [`figures`] pure functions from results to figures, [`stores`] what the screens share.
//!
//! **Invariant:** no crate that computes is imported; what needs a browser is asked of `web`.

#[expect(clippy::needless_pass_by_value, reason = "props are owned by their component")]
pub mod app;
#[expect(clippy::needless_pass_by_value, reason = "props are owned by their component")]
pub mod components;
#[expect(clippy::needless_pass_by_value, reason = "props are owned by their component")]
pub mod figures;
pub mod format;
#[expect(clippy::needless_pass_by_value, reason = "props are owned by their component")]
pub mod routes;
pub mod stores;
