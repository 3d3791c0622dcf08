//! Reading a note: sentences and sections, findings, and the context of each.
//!
//! Spans are bytes of the text given, always on character boundaries. Start with [`Reader::built_in`].

#[cfg(test)]
mod codes;
pub(crate) mod context;
pub(crate) mod doses;
pub(crate) mod findings;
pub(crate) mod lexicon;
mod measures;
pub(crate) mod numbers;
mod outline;
mod phrases;
mod rules;
mod tokens;
mod vocabulary;

use std::ops::Range;
use std::sync::LazyLock;

use context::{Context, Marks};
use lexicon::Lexicon;
use numbers::NumberWords;
use outline::{Outliner, Sentence};
use rules::Rules;
use tokens::Token;
use vocabulary::Vocabulary;

/// Rules and lexicons, ready to read with.
#[derive(Debug)]
pub struct Reader {
    vocabulary: Vocabulary,
    rules: Rules,
    lexicon: Lexicon,
    number_words: NumberWords,
    outliner: Outliner,
}

static BUILT_IN: LazyLock<Reader> = LazyLock::new(|| Reader::new(rules::BUILT_IN));

impl Reader {
    /// The rules and lexicons that come with the crate. They are read at the first call, once.
    #[must_use]
    pub fn built_in() -> &'static Reader {
        &BUILT_IN
    }

    fn new(file: &'static str) -> Self {
        let mut vocabulary = Vocabulary::default();
        let (rules, headings) = Rules::read(file, &mut vocabulary);
        let lexicon = Lexicon::read(&mut vocabulary);
        let number_words = NumberWords::new(&mut vocabulary);
        let outliner = Outliner::new(headings, &mut vocabulary);
        Self { vocabulary, rules, lexicon, number_words, outliner }
    }

    /// Whether a word stands in a rule or a lexicon: a clinical word, and no name.
    pub(crate) fn knows(&self, word: &str) -> bool {
        self.vocabulary.get(word) != vocabulary::UNKNOWN
    }

    /// The context of one phrase of a text: its bytes and what is said of it. Nothing where the text does not hold it.
    ///
    /// Case, blanks and hyphens do not matter. Where the phrase stands more than once, the place in capitals is meant (as
    /// annotators mark it) if there is just one, else the first.
    #[must_use]
    pub fn context_of(&self, text: &str, target: &str) -> Option<(Range<usize>, Context)> {
        let tokens = tokens::tokens(text, &self.vocabulary);
        let at = find_target(text, &tokens, target, &tokens::tokens(target, &self.vocabulary))?;
        let sentences = self.outliner.sentences(text, &tokens);
        let sentence = around(&sentences, &at)?;
        let marks = Marks::find(&self.rules, &tokens, sentence.tokens.clone(), Some(&at));
        let mut context = marks.context(&self.rules, &tokens, &sentence, &at);
        if context.temporality == context::Temporality::Recent
            && let Some((temporality, trigger)) = context::of_itself(&self.rules, &tokens, &at)
        {
            context.temporality = temporality;
            context.triggers.push(trigger);
        }
        Some((context::bytes(&tokens, &at), context))
    }
}

/// The sentence that a range begins in, as long as the range.
fn around(sentences: &[Sentence], at: &Range<usize>) -> Option<Sentence> {
    let first = sentences.iter().find(|s| s.tokens.contains(&at.start));
    let last = sentences.iter().rfind(|s| s.tokens.start < at.end)?;
    let mut sentence = first.unwrap_or(last).clone();
    sentence.tokens = sentence.tokens.start.min(at.start)..sentence.tokens.end.max(last.tokens.end).max(at.end);
    Some(sentence)
}

/// The tokens of a phrase; where the text was cut off within it, of its longest beginning or end, at least a third of it.
fn find_target(text: &str, tokens: &[Token], target: &str, wanted: &[Token]) -> Option<Range<usize>> {
    let wanted: Vec<String> = wanted.iter().map(|t| piece(target, t).to_lowercase()).collect();
    if wanted.is_empty() {
        return None;
    }
    let least = wanted.len().div_ceil(3);
    (least..=wanted.len()).rev().find_map(|n| {
        let head = wanted.get(..n).and_then(|w| find_words(text, tokens, w));
        head.or_else(|| wanted.get(wanted.len() - n..).and_then(|w| find_words(text, tokens, w)))
    })
}

/// Words in lower case in a text.
fn find_words(text: &str, tokens: &[Token], wanted: &[String]) -> Option<Range<usize>> {
    let same = |window: &[Token]| {
        window.iter().zip(wanted).all(|(t, w)| {
            let here = piece(text, t);
            here.eq_ignore_ascii_case(w) || (!here.is_ascii() && here.to_lowercase() == *w)
        })
    };
    let places: Vec<usize> =
        tokens.windows(wanted.len()).enumerate().filter(|(_, window)| same(window)).map(|(i, _)| i).collect();
    let capitals = |from: &&usize| {
        let words = || tokens.iter().skip(**from).take(wanted.len());
        words().any(|t| t.caps) && !words().any(|t| piece(text, t).chars().any(char::is_lowercase))
    };
    let mut marked = places.iter().filter(capitals);
    let from = match (marked.next(), marked.next()) {
        (Some(only), None) => *only,
        _ => *places.first()?,
    };
    Some(from..from + wanted.len())
}

/// The text of a token.
fn piece<'a>(text: &'a str, token: &Token) -> &'a str {
    text.get(token.start as usize..token.end as usize).unwrap_or_default()
}

#[cfg(test)]
mod tests;
