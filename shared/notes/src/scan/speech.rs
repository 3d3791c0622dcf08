//! Words that begin what somebody says: `Patient: Yes, since Monday.` names nobody.

use super::tokens::{Kind, Tokens};

/// Words with which answers and questions begin in transcripts, in order.
const BEGINNINGS: [&str; 103] = [
    "about",
    "absolutely",
    "actually",
    "again",
    "ah",
    "all",
    "almost",
    "alright",
    "always",
    "an",
    "any",
    "are",
    "around",
    "because",
    "both",
    "can",
    "correct",
    "definitely",
    "do",
    "eh",
    "everything",
    "exactly",
    "fine",
    "fortunately",
    "good",
    "great",
    "hello",
    "here",
    "hey",
    "hi",
    "hm",
    "hmm",
    "honestly",
    "how",
    "if",
    "just",
    "last",
    "let",
    "like",
    "many",
    "maybe",
    "me",
    "mm",
    "most",
    "mostly",
    "much",
    "my",
    "nah",
    "never",
    "none",
    "nope",
    "nothing",
    "now",
    "off",
    "oh",
    "ok",
    "okay",
    "okey",
    "one",
    "only",
    "overall",
    "pretty",
    "probably",
    "really",
    "right",
    "she",
    "since",
    "so",
    "some",
    "sometimes",
    "sorry",
    "sounds",
    "still",
    "sure",
    "thank",
    "thankfully",
    "thanks",
    "that",
    "the",
    "then",
    "there",
    "these",
    "they",
    "this",
    "three",
    "to",
    "today",
    "two",
    "uh",
    "uhm",
    "um",
    "unfortunately",
    "usually",
    "very",
    "we",
    "well",
    "what",
    "when",
    "where",
    "which",
    "why",
    "yeah",
    "yes",
];

/// Whether an answer begins here, and not a name: one of the words above, without a second word with a capital behind it.
pub(super) fn begins(t: &Tokens<'_>, i: usize) -> bool {
    let second = i + 2;
    let named =
        t.kind(i + 1) == Some(Kind::Space) && t.is_capital(second) && t.lower(second).is_some_and(|w| w.len() > 1);
    !named && t.lower(i).is_some_and(|w| BEGINNINGS.binary_search(&w).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_in_order() {
        assert!(BEGINNINGS.windows(2).all(|w| w[0] < w[1]));
    }
}
