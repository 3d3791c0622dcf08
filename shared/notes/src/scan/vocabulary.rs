//! Words of the language and of medicine that are in no lexicon: `names/words.bin`, a Bloom filter made by `names/words.py`.
//!
//! It says of nearly all everyday and clinical words that they are words, and of one in fifty others too. So it is asked only
//! where nothing but two capitals speaks for a name.

use super::dictionary::hash;
use super::names::looks_like_a_word;
use crate::Reader;

const BITS: &[u8] = include_bytes!("../../names/words.bin");

/// Bits that are set for a word.
const SET: u32 = 5;

/// Whether a word in small letters is one of the language or of medicine, as a plural too.
pub(super) fn is_word(word: &str) -> bool {
    let known = |word: &str| looks_like_a_word(word) || Reader::built_in().knows(word);
    let one = word.strip_suffix('s').filter(|one| one.len() > 3);
    listed(word) || one.is_some_and(|one| listed(one) || known(one))
}

fn listed(word: &str) -> bool {
    if word.chars().count() < 4 {
        return false;
    }
    let n_bits = u32::try_from(BITS.len() * 8).unwrap_or(u32::MAX);
    let (h, g) = (hash(word.bytes()), hash(word.bytes().chain([b'.'])) | 1);
    (0..SET).all(|i| {
        let at = h.wrapping_add(i.wrapping_mul(g)) % n_bits;
        BITS.get(at as usize / 8).is_some_and(|byte| byte >> (at % 8) & 1 == 1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_known_and_few_names_pass_for_one() {
        for word in ["bulimia", "nervosa", "areata", "trimester", "vehicle", "prader", "meningoceles"] {
            assert!(is_word(word), "{word}");
        }
        let names = [
            "gherardo",
            "napolitani",
            "zibanu",
            "okonkwo",
            "xiomara",
            "adeyemi",
            "thistlethwaite",
            "nakamura",
            "višeslav",
            "abernathy",
            "lindqvist",
            "chowdhury",
            "petrosyan",
            "kaczmarek",
            "saoirse",
            "tremaine",
            "vitoria",
            "arcuri",
        ];
        let n = names.iter().filter(|name| is_word(name)).count();
        assert!(n <= 1, "{n} of {} names are taken for words", names.len());
        assert!(!is_word("") && !is_word("s") && !is_word("ß"));
    }
}
