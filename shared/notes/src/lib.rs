//! Clinic notes: the identifier screen.
//!
//! [`screen`] replaces what looks like a direct identifier by a tag such as `[DATE]`. It is a screen, not proof: names
//! that stand alone without a title are found only where the caller passes them in as [`KnownIdentifiers`].
//!
//! Start with [`screen`]; each scanner is linear in the length of the text.

mod known;
mod read;
mod scan;
mod screen;

pub use read::Reader;
pub use read::context::{Context, Experiencer, Polarity, Temporality, Trigger};
pub use read::doses::DrugUse;
pub use read::findings::NoteFinding;
pub use read::lexicon::{Concept, Domain};
pub use read::numbers::Quantity;
pub use known::KnownIdentifiers;
pub use screen::{Class, Identifier, Screened, screen};
