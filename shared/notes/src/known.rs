//! What is known of the patient and must not stand in the text.

/// Names and numbers of the patient (and of others) that are to be found wherever they stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownIdentifiers {
    /// Names: each word of two letters or more is looked for, as a whole word, in any case.
    pub names: Vec<String>,
    /// Record numbers and other identifiers: looked for as they are, as whole words, in any case.
    pub numbers: Vec<String>,
}
