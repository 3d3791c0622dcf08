//! What says of a row that it was withdrawn.

/// Words of a status.
const WORDS: [&str; 8] =
    ["cancelled", "canceled", "entered in error", "entered-in-error", "deleted", "voided", "retracted", "in error"];
/// The yes of a flag.
const YES: [&str; 5] = ["1", "true", "t", "y", "yes"];

fn is_one_of(words: &[&str], text: &[u8]) -> bool {
    words.iter().any(|word| text.eq_ignore_ascii_case(word.as_bytes()))
}

/// Whether a status says it.
pub(super) fn says_status(text: &[u8]) -> bool {
    is_one_of(&WORDS, text)
}

/// Whether a status or a flag says it.
pub(super) fn says(text: &[u8]) -> bool {
    is_one_of(&YES, text) || says_status(text)
}
