//! Words as numbers: a word and its plural or possessive are one.

use rustc_hash::FxHashMap;

/// A word that stands in no rule and no lexicon.
pub(crate) const UNKNOWN: u32 = 0;

/// Bytes of a word that are looked at without allocating.
const SHORT: usize = 40;

/// The words of all rules and lexicons.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary {
    ids: FxHashMap<Box<[u8]>, u32>,
}

impl Vocabulary {
    /// The number of a word; a new one where it has none.
    pub(crate) fn add(&mut self, word: &str) -> u32 {
        let next = u32::try_from(self.ids.len() + 1).unwrap_or(u32::MAX);
        with_stem(word, |stem| {
            if let Some(id) = self.ids.get(stem) {
                return *id;
            }
            self.ids.insert(stem.into(), next);
            next
        })
    }

    /// The number of a word of a text.
    pub(crate) fn get(&self, word: &str) -> u32 {
        with_stem(word, |stem| self.ids.get(stem).copied().unwrap_or(UNKNOWN))
    }
}

/// Calls with the stem of a word, in lower case.
fn with_stem<T>(word: &str, call: impl FnOnce(&[u8]) -> T) -> T {
    if word.len() <= SHORT && word.is_ascii() {
        let mut buffer = [0_u8; SHORT];
        let lower = buffer.get_mut(..word.len()).unwrap_or_default();
        lower.copy_from_slice(word.as_bytes());
        lower.make_ascii_lowercase();
        let (length, y) = stem(lower);
        if y && let Some(last) = lower.get_mut(length.saturating_sub(1)) {
            *last = b'y';
        }
        call(lower.get(..length).unwrap_or(lower))
    } else {
        let mut lower = word.replace('’', "'").to_lowercase().into_bytes();
        let (length, y) = stem(&lower);
        lower.truncate(length);
        if y && let Some(last) = lower.last_mut() {
            *last = b'y';
        }
        call(&lower)
    }
}

/// Length of the stem, and whether its last letter becomes `y`: `'s`, `s`, `es` and `ies` go. The same for the words of the
/// rules and of the text, so a stem need not be a word.
fn stem(word: &[u8]) -> (usize, bool) {
    let word = word.strip_suffix(b"'s").or_else(|| word.strip_suffix(b"'")).unwrap_or(word);
    let kept = word.len() <= 3 || [&b"ss"[..], b"us", b"is"].iter().any(|end| word.ends_with(end));
    if !kept && word.len() > 4 && word.ends_with(b"ies") {
        return (word.len() - 2, true);
    }
    let word = if kept { word } else { word.strip_suffix(b"s").unwrap_or(word) };
    // rash, rashes; headache, headaches.
    let hissing = word.len() > 3 && [&b"sse"[..], b"xe", b"che", b"she", b"ze"].iter().any(|end| word.ends_with(end));
    (word.len() - usize::from(hissing), false)
}

#[cfg(test)]
mod tests {
    use super::{UNKNOWN, Vocabulary};

    #[test]
    fn a_word_is_its_plural_and_its_possessive() {
        let mut words = Vocabulary::default();
        for (one, more) in [
            ("effusion", "Effusions"),
            ("biopsy", "BIOPSIES"),
            ("abscess", "abscesses"),
            ("headache", "headaches"),
            ("rash", "rashes"),
            ("patient", "patient’s"),
            ("Crohn's", "crohn"),
        ] {
            assert_eq!(words.add(one), words.get(more), "{one} {more}");
        }
        assert_eq!(words.add("his"), words.get("HIS"));
        assert_ne!(words.add("no"), words.get("nos"));
        assert_ne!(words.add("ileus"), words.get("ileu"));
        assert_eq!(words.get("straße"), UNKNOWN);
    }
}
