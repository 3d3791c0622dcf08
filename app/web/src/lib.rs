//! The only room that knows the browser: storage, worker transport, files, clock, randomness, HTTP.
//!
//! Everything above it (`app`) asks for what it needs in plain words; everything below it never hears of a browser.
//! Start with [`engine::Engine`] (calls to the worker), [`documents`] (what people save) and [`datasets`] (headers
//! and chunks of datasets). The same crate is used in the page and in the worker; [`scope`] hides which one it is.

pub mod clock;
pub mod database;
pub mod datasets;
pub mod documents;
pub mod engine;
pub mod error;
pub mod files;
pub mod http;
pub mod locks;
pub mod meta;
pub mod page;
pub mod random;
pub mod scope;
pub mod storage;

pub use error::WebError;
