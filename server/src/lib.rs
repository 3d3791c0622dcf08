//! `rounds-server`: serves the page and keeps shared knowledge; nothing clinical.
//!
//! Start with [`routes`] (what can be asked), [`store`] (what is kept) and [`gate`] (what is let in). [`app`] puts them
//! together; [`listen`] brings them to the network.
//!
//! **Invariants**
//! - A document is stored only after [`gate::admit`]: it is what its id says, signed, a finding, and shows no small
//!   number of persons. That does not depend on who sends it.
//! - Documents are never changed nor deleted.
//! - A token is nowhere but in the hands of its bearer: not in the store, not in the log.
//! - Every answer, errors and files included, carries the headers of [`headers`].

pub mod app;
pub mod auth;
pub mod clock;
pub mod command;
pub mod config;
pub mod error;
pub mod gate;
pub mod headers;
pub mod layers;
pub mod limits;
pub mod listen;
pub mod metrics;
pub mod page;
pub mod routes;
pub mod store;
