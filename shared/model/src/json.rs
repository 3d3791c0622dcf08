//! Reading JSON into documents and messages, in as little code as can be: every type is read through one deserializer.
//!
//! `serde_json::from_str` makes a copy of every type's reader for each way in (text, buffered content of tagged enums),
//! each of which knows structs both as arrays and as objects. In the page and the worker, where each byte is fetched
//! before anything shows, that was a third of the code. [`read`] parses the text into a [`Value`] once (serde_json does
//! that) and walks it: an object's fields are looked up in the order in which the struct declares them.
//!
//! It is as strict as the strictest document: an unknown field, a missing one, a number that does not fit are errors, and
//! an error names the place (`inclusion_rules[2].condition.n`).

mod error;
mod node;
mod parsed;
mod tagged;

use serde::de::DeserializeOwned;
use serde_json::Value;

pub use error::ReadError;
pub(crate) use tagged::{Tag, tagged_by_type, through_node};

pub(crate) use node::Node;
use parsed::Parsed;

/// Reads a value from JSON text.
///
/// # Errors
/// Where the text is no JSON, or not this type: what was expected, what is there, and where.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, ReadError> {
    T::deserialize(Node::new(&parse(text)?))
}

/// Reads a value from parsed JSON.
///
/// # Errors
/// As [`read`].
pub fn read_value<T: DeserializeOwned>(value: &Value) -> Result<T, ReadError> {
    T::deserialize(Node::new(value))
}

/// Parses JSON text; a key that stands twice is an error.
///
/// # Errors
/// Where the text is no JSON.
pub fn parse(text: &str) -> Result<Value, ReadError> {
    let parsed: Result<Parsed, _> = serde_json::from_str(text);
    parsed.map(|parsed| parsed.0).map_err(|problem| ReadError::new(format!("this JSON cannot be read: {problem}")))
}

#[cfg(test)]
mod tests;
