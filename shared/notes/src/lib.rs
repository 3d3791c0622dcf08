//! Clinic notes: findings with their context, and the identifier screen.
//!
//! [`Reader::findings`] reads problems, drugs with doses and numbers out of a note, each with polarity, temporality and
//! experiencer, and with the rule that decided. [`screen`] replaces what looks like a direct identifier by a tag such as
//! `[DATE]`; what is known of the patient is passed in as [`KnownIdentifiers`]. A [`Screener`] puts surrogates in their place where
//! asked ([`Style`]), and follows what a user said must go or stay. It is a screen, not proof.
//!
//! Spans are bytes of the text given, always on character boundaries. Every step is linear in the length of the text.
//! Start with [`Reader`] and [`screen`]; rules, lexicons and names are files beside the source.

mod known;
mod read;
mod scan;
mod screen;
mod surrogate;

pub use known::KnownIdentifiers;
pub use read::Reader;
pub use read::context::{Context, Experiencer, Polarity, Temporality, Trigger};
pub use read::doses::DrugUse;
pub use read::findings::NoteFinding;
pub use read::lexicon::{Concept, Domain};
pub use read::numbers::Quantity;
pub use screen::{Class, Identifier, Screened, Screener, screen};
pub use surrogate::{DateChange, Person, Style};
