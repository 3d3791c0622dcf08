//! Scanners: the text is cut into tokens once; each scanner walks the tokens and looks a bounded number of them ahead.

pub(crate) mod abroad;
mod accounts;
mod added;
mod contacts;
mod cues;
mod dates;
pub(crate) mod dictionary;
mod known;
mod lists;
mod names;
mod numbers;
mod people;
pub(crate) mod places;
mod postal;
mod prose;
mod speech;
mod tokens;
mod vocabulary;
mod words;

use crate::{Identifier, KnownIdentifiers};
use tokens::Tokens;

/// Everything found in the text itself; may overlap.
pub(crate) fn all(text: &str) -> Vec<Identifier> {
    let tokens = Tokens::new(text);
    let mut finds = Vec::new();
    contacts::scan(&tokens, &mut finds);
    dates::scan(&tokens, &mut finds);
    names::scan(&tokens, &mut finds);
    people::scan(&tokens, &mut finds);
    prose::scan(&tokens, &mut finds);
    cues::scan(&tokens, &mut finds);
    cues::beside(&tokens, &mut finds);
    cues::again(&tokens, &mut finds);
    numbers::scan(&tokens, &mut finds);
    accounts::scan(&tokens, &mut finds);
    places::scan(&tokens, &mut finds);
    postal::scan(&tokens, &mut finds);
    finds
}

/// What is known of the patient, found again.
pub(crate) fn known(text: &str, known: &KnownIdentifiers, finds: &mut Vec<Identifier>) {
    known::scan(text, known, finds);
}

/// What the user said must go too.
pub(crate) fn added(text: &str, words: &[String], finds: &mut Vec<Identifier>) {
    added::scan(text, words, finds);
}
