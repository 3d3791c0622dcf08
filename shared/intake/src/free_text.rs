//! Free text through the identifier screen, the same for every format: what is replaced by what, counted by place and kept in memory
//! for the user's review (feature `screen`).
//!
//! The worker that every visitor waits for opens published samples only and is built without the screen: there free text
//! of persons is not taken at all, so that none is ever stored unscreened.

#[cfg(feature = "screen")]
mod review;
#[cfg(feature = "screen")]
mod screened;
#[cfg(not(feature = "screen"))]
mod unscreened;

#[cfg(feature = "screen")]
pub(crate) use notes::KnownIdentifiers;
#[cfg(feature = "screen")]
#[cfg(feature = "omop")]
pub(crate) use screened::Found;
#[cfg(feature = "screen")]
pub(crate) use screened::FreeText;
#[cfg(feature = "screen")]
pub use screened::text_person;
#[cfg(not(feature = "screen"))]
pub(crate) use unscreened::{FreeText, KnownIdentifiers};
