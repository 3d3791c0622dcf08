//! Effect estimates in the sentences of an abstract.
//!
//! Start with [`find`]. A label (`HR`, `odds ratio`) is looked for, then the number that belongs to it, by the interval behind
//! it or by standing right beside it. What cannot be told for sure is not guessed: precision goes before recall. Rules, not a
//! model: the same text gives the same answer.

mod abbreviations;
mod build;
mod chain;
mod intervals;
mod labels;
mod search;
mod sentences;
mod tokens;
mod units;

use model::citation::{AbstractSection, FoundEffect};

use abbreviations::Meanings;

/// Sentences longer than this (in tokens) are no sentences.
const MAX_TOKENS: usize = 3000;

/// Effect estimates of an abstract, in the order of the text.
#[must_use]
pub fn find(sections: &[AbstractSection]) -> Vec<FoundEffect> {
    let meanings = Meanings::of(sections);
    let mut effects = Vec::new();
    for (idx, section) in (0_u32..).zip(sections) {
        let places = Places::new(&section.text);
        for (start, end) in sentences::split(&section.text) {
            let Some(sentence) = section.text.get(start..end) else { continue };
            let tokens = tokens::tokens(sentence);
            if tokens.len() > MAX_TOKENS {
                continue;
            }
            for hit in search::search(&tokens, &meanings) {
                effects.push(build::effect(&hit, sentence, start, idx, &places));
            }
        }
    }
    effects
}

/// Bytes to code points.
struct Places {
    /// Byte offset of every 64th code point.
    marks: Vec<usize>,
    text: String,
}

impl Places {
    fn new(text: &str) -> Self {
        let marks = text.char_indices().step_by(64).map(|(i, _)| i).collect();
        Self { marks, text: text.to_owned() }
    }

    fn code_point(&self, byte: usize) -> u32 {
        let mark = self.marks.partition_point(|&m| m <= byte).saturating_sub(1);
        let from = self.marks.get(mark).copied().unwrap_or(0);
        let rest = self.text.get(from..byte).unwrap_or_default().chars().count();
        u32::try_from(mark * 64 + rest).unwrap_or(u32::MAX)
    }
}
