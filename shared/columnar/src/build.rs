//! Builders: a column, a value at a time, and taken back to an earlier length when a row turns out to be no good.

mod category;
mod simple;
mod text;
mod validity;

pub use category::CategoryBuilder;
pub use simple::{DayBuilder, IndexBuilder, NumberBuilder};
pub use text::{TextBuilder, TooMuchText};
