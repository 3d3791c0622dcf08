//! Scanners: the text is cut into tokens once; each scanner walks the tokens and looks a bounded number of them ahead.

mod abroad;
mod accounts;
mod contacts;
mod cues;
mod dates;
mod dictionary;
mod known;
mod lists;
mod names;
mod numbers;
mod people;
mod places;
mod tokens;
mod words;

use crate::{Identifier, KnownIdentifiers};
use tokens::Tokens;

/// Everything found; may overlap.
pub(crate) fn all(text: &str, known: &KnownIdentifiers) -> Vec<Identifier> {
    let tokens = Tokens::new(text);
    let mut finds = Vec::new();
    contacts::scan(&tokens, &mut finds);
    dates::scan(&tokens, &mut finds);
    names::scan(&tokens, &mut finds);
    people::scan(&tokens, &mut finds);
    cues::scan(&tokens, &mut finds);
    cues::beside(&tokens, &mut finds);
    cues::again(&tokens, &mut finds);
    numbers::scan(&tokens, &mut finds);
    accounts::scan(&tokens, &mut finds);
    places::scan(&tokens, &mut finds);
    known::scan(text, known, &mut finds);
    finds
}
