//! Findings: the longest terms of the lexicons in each sentence, with numbers, doses and context.

use std::ops::Range;

use super::context::{Context, Marks, bytes};
use super::doses::{DrugUse, drug_use};
use super::lexicon::{Concept, Domain};
use super::numbers::{Numbers, Quantity};
use super::outline::Sentence;
use super::tokens::Token;
use super::{Reader, piece};

/// A finding in a note.
#[derive(Clone, Debug, PartialEq)]
pub struct NoteFinding {
    /// What was found.
    pub concept: Concept,
    /// Bytes of the term.
    pub span: Range<usize>,
    /// Whether it is there, when, whose.
    pub context: Context,
    /// The number, of a measurement.
    pub value: Option<Quantity>,
    /// How it is taken, of a drug.
    pub drug: Option<DrugUse>,
    /// Bytes of the heading it stands below.
    pub heading: Option<Range<usize>>,
}

/// The two numbers of a blood pressure.
const SYSTOLIC: Concept = Concept {
    id: "systolic-blood-pressure",
    display: "systolic blood pressure",
    domain: Domain::Measurement,
    code: Some("LNC:8480-6"),
};
const DIASTOLIC: Concept = Concept {
    id: "diastolic-blood-pressure",
    display: "diastolic blood pressure",
    domain: Domain::Measurement,
    code: Some("LNC:8462-4"),
};

/// Quantities whose names hold words that are findings elsewhere.
const WHOLE: [&str; 1] = ["body-mass-index"];

/// What a term says beyond itself.
#[derive(Default)]
struct Detail {
    quantities: Vec<(Concept, Quantity)>,
    drug: Option<DrugUse>,
    end: usize,
}

impl Reader {
    /// The findings of a note, in the order of the text. Time is linear in its length.
    #[must_use]
    pub fn findings(&self, text: &str) -> Vec<NoteFinding> {
        let tokens = super::tokens::tokens(text, &self.vocabulary);
        let mut out = Vec::new();
        for sentence in self.outliner.sentences(text, &tokens) {
            self.in_sentence(text, &tokens, &sentence, &mut out);
        }
        out
    }

    fn in_sentence(&self, text: &str, tokens: &[Token], sentence: &Sentence, out: &mut Vec<NoteFinding>) {
        let mut marks = None;
        let mut at = sentence.tokens.start;
        while at < sentence.tokens.end {
            let Some((concept, term)) = self.term(text, tokens, at, sentence.tokens.end) else {
                at += 1;
                continue;
            };
            let number = u32::try_from(concept).unwrap_or(u32::MAX);
            let (Some(concept), Some(detail)) =
                (self.lexicon.concept(number), self.detail(text, tokens, sentence, number, &term))
            else {
                // A name without its number is no finding, and of some no part is one: 'mass' of 'body mass index'.
                let is_whole = self.lexicon.concept(number).is_some_and(|c| WHOLE.contains(&c.id));
                at = if is_whole { term.end } else { at + 1 };
                continue;
            };
            let whole = marks.get_or_insert_with(|| Marks::find(&self.rules, tokens, sentence.tokens.clone(), None));
            let context = if whole.overlap(&term) {
                let apart = Marks::find(&self.rules, tokens, sentence.tokens.clone(), Some(&term));
                apart.context(&self.rules, tokens, sentence, &term)
            } else {
                whole.context(&self.rules, tokens, sentence, &term)
            };
            at = term.end.max(detail.end);
            let heading = (!sentence.heading.is_empty()).then(|| bytes(tokens, &sentence.heading));
            let one = |concept: Concept, value: Option<Quantity>| NoteFinding {
                concept,
                span: bytes(tokens, &term),
                context: context.clone(),
                value,
                drug: detail.drug.clone(),
                heading: heading.clone(),
            };
            if detail.quantities.is_empty() {
                out.push(one(*concept, None));
            }
            out.extend(detail.quantities.iter().map(|(concept, q)| one(*concept, Some(q.clone()))));
        }
    }

    /// The longest term that begins at a token: its concept and its tokens.
    fn term(&self, text: &str, tokens: &[Token], at: usize, until: usize) -> Option<(usize, Range<usize>)> {
        let mut best = None;
        self.lexicon.phrases.at(tokens, at, until, |m| {
            let capitals = || {
                let here = tokens.get(at..m.end).unwrap_or_default();
                here.iter().all(|t| !piece(text, t).chars().any(char::is_lowercase))
            };
            let mut fits = m.of.iter().filter(|of| **of % 2 == 0 || capitals());
            if let Some(of) = fits.next() {
                best = Some(((*of / 2) as usize, at..m.end));
            }
        });
        best
    }

    /// Numbers and doses behind a term; nothing for a quantity without a number.
    fn detail(
        &self,
        text: &str,
        tokens: &[Token],
        sentence: &Sentence,
        concept: u32,
        term: &Range<usize>,
    ) -> Option<Detail> {
        let found = self.lexicon.concept(concept)?;
        let numbers = Numbers { text, tokens, until: sentence.tokens.end, words: &self.number_words };
        match found.domain {
            Domain::Measurement => {
                let measure = self.lexicon.measure(concept)?;
                if found.id == "blood-pressure" {
                    let (systolic, diastolic, end) = numbers.pressure(measure, term.end)?;
                    return Some(Detail {
                        quantities: vec![(SYSTOLIC, systolic), (DIASTOLIC, diastolic)],
                        end,
                        drug: None,
                    });
                }
                if found.id == "pack-years" {
                    let before = term.start.checked_sub(1).filter(|b| *b >= sentence.tokens.start)?;
                    let low = numbers.value(before)?;
                    let unit = measure.of_bare(low)?.unit;
                    let span = bytes(tokens, &(before..before + 1));
                    let quantity = Quantity { low, high: None, comparator: None, unit, span };
                    return Some(Detail { quantities: vec![(*found, quantity)], end: term.end, drug: None });
                }
                let (quantity, end) = numbers.quantity(measure, found.id, term.end)?;
                Some(Detail { quantities: vec![(*found, quantity)], end, drug: None })
            }
            Domain::Drug => {
                let (drug, end) =
                    drug_use(&self.lexicon, &numbers, term.end).map_or((None, term.end), |(d, e)| (Some(d), e));
                // The context's triggers ('prn') are looked for in what the dose took too: only its tokens are passed by.
                Some(Detail { drug, end, quantities: Vec::new() })
            }
            _ => Some(Detail::default()),
        }
    }
}
