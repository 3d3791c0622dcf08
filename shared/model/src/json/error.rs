//! What is wrong with a JSON document, and where.

use std::fmt;

/// What is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError(Box<Inner>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Inner {
    message: String,
    /// `inclusion_rules[2].condition.n`; empty: the whole document.
    place: String,
}

impl ReadError {
    pub(super) fn new(message: String) -> Self {
        Self(Box::new(Inner { message, place: String::new() }))
    }

    /// The same error, seen from the object that has it in this field.
    pub(super) fn in_field(mut self, field: &str) -> Self {
        let joint = if self.0.place.is_empty() || self.0.place.starts_with('[') { "" } else { "." };
        self.0.place = [field, joint, &self.0.place].concat();
        self
    }

    /// The same error, seen from the array that has it at this index.
    pub(super) fn in_item(self, idx: usize) -> Self {
        self.in_field(&format!("[{idx}]"))
    }

    /// Where it is: `inclusion_rules[2].condition.n`; empty: the whole document.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.0.place
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.0.place.is_empty() {
            write!(f, "`{}`: ", self.0.place)?;
        }
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for ReadError {}

impl serde::de::Error for ReadError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(message.to_string())
    }
}
