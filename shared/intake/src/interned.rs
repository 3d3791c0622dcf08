//! Texts, each once, by number: rows that repeat a text hold its number.

use columnar::build::CategoryBuilder;

/// The number of no text.
pub(crate) const NO_TEXT: u32 = 0;

/// Texts, each once; [`NO_TEXT`] is none, and the empty text is none.
#[derive(Clone, Debug, Default)]
pub(crate) struct Texts(CategoryBuilder);

impl Texts {
    /// The number of a text.
    #[inline]
    pub(crate) fn intern(&mut self, text: &str) -> u32 {
        if text.is_empty() { NO_TEXT } else { self.0.intern(text) + 1 }
    }

    /// The text of a number.
    pub(crate) fn get(&self, number: u32) -> Option<&str> {
        (number as usize).checked_sub(1).and_then(|i| self.0.levels().get(i)).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_have_one_number() {
        let mut texts = Texts::default();
        let numbers: Vec<u32> = ["mg", "", "g", "mg", "%"].iter().map(|t| texts.intern(t)).collect();
        assert_eq!(numbers, [1, 0, 2, 1, 3]);
        let words: Vec<Option<&str>> = (0..5).map(|n| texts.get(n)).collect();
        assert_eq!(words, [None, Some("mg"), Some("g"), Some("%"), None]);
    }
}
