//! Phrases over words: a trie, walked from every token.

use rustc_hash::FxHashMap;

use super::tokens::{Gap, Token};
use super::vocabulary::{UNKNOWN, Vocabulary};

/// Phrases, each with numbers of what it stands for.
#[derive(Debug, Default)]
pub(crate) struct Phrases {
    /// By word, the node that a phrase beginning with it goes on from.
    first: Vec<u32>,
    next: FxHashMap<(u32, u32), u32>,
    ends: Vec<Vec<u32>>,
}

/// A phrase found: token behind the last, and what it stands for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Match<'a> {
    /// Token behind the last.
    pub(crate) end: usize,
    /// What the phrase stands for.
    pub(crate) of: &'a [u32],
}

impl Phrases {
    /// Adds a phrase; says whether it has a word at all.
    pub(crate) fn add(&mut self, words: &[u32], of: u32) -> bool {
        if self.ends.is_empty() {
            self.ends.push(Vec::new());
        }
        let Some((first, rest)) = words.split_first() else { return false };
        let slot = *first as usize;
        if self.first.len() <= slot {
            self.first.resize(slot + 1, 0);
        }
        let mut node = self.first.get(slot).copied().unwrap_or(0);
        if node == 0 {
            node = self.node();
            if let Some(place) = self.first.get_mut(slot) {
                *place = node;
            }
        }
        for word in rest {
            node = match self.next.get(&(node, *word)) {
                Some(next) => *next,
                None => {
                    let made = self.node();
                    self.next.insert((node, *word), made);
                    made
                }
            };
        }
        if let Some(end) = self.ends.get_mut(node as usize)
            && !end.contains(&of)
        {
            end.push(of);
        }
        true
    }

    fn node(&mut self) -> u32 {
        self.ends.push(Vec::new());
        u32::try_from(self.ends.len() - 1).unwrap_or(u32::MAX)
    }

    /// Calls with every phrase that begins at a token, the shortest first; none goes over token `until` or over an empty line.
    pub(crate) fn at<'a>(&'a self, tokens: &[Token], from: usize, until: usize, mut call: impl FnMut(Match<'a>)) {
        let Some(token) = tokens.get(from) else { return };
        let mut node = self.first.get(token.word as usize).copied().unwrap_or(0);
        let mut end = from + 1;
        while node != 0 {
            if let Some(of) = self.ends.get(node as usize)
                && !of.is_empty()
            {
                call(Match { end, of });
            }
            let Some(token) = tokens.get(end) else { return };
            if end >= until || token.word == UNKNOWN || token.gap == Gap::Blank {
                return;
            }
            node = self.next.get(&(node, token.word)).copied().unwrap_or(0);
            end += 1;
        }
    }
}

/// The words of a phrase, as tokens of a text would have them.
pub(crate) fn words(phrase: &str, vocabulary: &mut Vocabulary) -> Vec<u32> {
    let cut = super::tokens::tokens(phrase, vocabulary);
    cut.iter().filter_map(|t| phrase.get(t.start as usize..t.end as usize)).map(|piece| vocabulary.add(piece)).collect()
}
