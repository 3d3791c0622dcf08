//! Dose, route and frequency behind the name of a drug: `metoprolol 50 mg po bid prn`.

use std::ops::Range;

use super::context::bytes;
use super::lexicon::{DoseWord, Lexicon};
use super::numbers::Numbers;
use super::outline::mark;
use super::tokens::{Gap, Kind};

/// Tokens looked at between the drug and its dose.
const BEFORE: usize = 8;

/// Tokens looked at behind the dose without finding anything.
const BEHIND: usize = 4;

/// How a drug is taken.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DrugUse {
    /// How much at a time, or the lower of a range.
    pub dose: Option<f64>,
    /// The higher of a range.
    pub dose_high: Option<f64>,
    /// UCUM unit of the dose.
    pub unit: Option<&'static str>,
    /// Way into the body.
    pub route: Option<&'static str>,
    /// How often.
    pub frequency: Option<&'static str>,
    /// Only when needed.
    pub as_needed: bool,
    /// Bytes from the first to the last of these words.
    pub span: Range<usize>,
}

impl DrugUse {
    fn is_empty(&self) -> bool {
        self.dose.is_none() && self.route.is_none() && self.frequency.is_none() && !self.as_needed
    }
}

/// The longest word of a prescription at a token.
fn word(
    lexicon: &Lexicon,
    numbers: &Numbers<'_>,
    at: usize,
    wanted: impl Fn(DoseWord) -> bool,
) -> Option<(DoseWord, usize)> {
    let mut found = None;
    lexicon.doses.at(numbers.tokens, at, numbers.until, |m| {
        let words = m.of.iter().filter_map(|n| lexicon.dose_words.get(*n as usize).copied());
        if let Some(word) = words.into_iter().find(|w| wanted(*w)) {
            found = Some((word, m.end));
        }
    });
    found
}

/// What stands behind a drug that ends before token `from`; nothing where no word of a prescription does.
pub(crate) fn drug_use(lexicon: &Lexicon, numbers: &Numbers<'_>, from: usize) -> Option<(DrugUse, usize)> {
    let mut taken = DrugUse::default();
    let (mut at, mut first, mut end) = (from, None, from);
    let mut idle = 0;
    while at < numbers.until && idle < BEHIND && at < from + BEFORE + 24 {
        if taken.dose.is_none()
            && let Some(value) = numbers.value(at)
        {
            let (high, behind) = numbers.range(at + 1);
            let Some((DoseWord::Unit(unit), behind)) =
                word(lexicon, numbers, behind, |w| matches!(w, DoseWord::Unit(_)))
            else {
                break;
            };
            taken.dose = Some(value);
            taken.dose_high = high.filter(|h| *h > value);
            taken.unit = Some(unit);
            first.get_or_insert(at);
            (at, end, idle) = (behind, behind, 0);
            continue;
        }
        let usual = word(lexicon, numbers, at, |w| !matches!(w, DoseWord::Unit(_) | DoseWord::Between));
        if let Some((word, behind)) = usual {
            match word {
                DoseWord::Route(route) => taken.route = taken.route.or(Some(route)),
                DoseWord::Frequency(often) => taken.frequency = taken.frequency.or(Some(often)),
                DoseWord::Needed => taken.as_needed = true,
                DoseWord::Unit(_) | DoseWord::Between => {}
            }
            first.get_or_insert(at);
            (at, end, idle) = (behind, behind, 0);
            continue;
        }
        if let Some((_, behind)) = word(lexicon, numbers, at, |w| matches!(w, DoseWord::Between)) {
            // A comma behind the dose begins the next drug, more often than not.
            if taken.dose.is_some() && numbers.tokens.get(at).is_some_and(|t| mark(numbers.text, t) == Some(',')) {
                break;
            }
            (at, idle) = (behind, idle + 1);
            continue;
        }
        let token = numbers.tokens.get(at)?;
        let stops = token.gap >= Gap::Line || matches!(mark(numbers.text, token), Some('.' | ';'));
        if stops || token.kind != Kind::Word || taken.dose.is_none() {
            break;
        }
        (at, idle) = (at + 1, idle + 2);
    }
    let first = first?;
    taken.span = bytes(numbers.tokens, &(first..end));
    (!taken.is_empty()).then_some((taken, end))
}
