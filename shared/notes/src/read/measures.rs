//! How the numbers of a quantity are read: `lexicon/measurements.tsv`, whose head says what its fields are.

use super::phrases;
use super::vocabulary::Vocabulary;

/// A unit, or none, and what a number in it must be between.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Believed {
    /// UCUM code; nothing: the number keeps no unit.
    pub(crate) unit: Option<&'static str>,
    low: f64,
    high: f64,
}

impl Believed {
    /// Whether a number may be meant.
    pub(crate) fn holds(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }

    /// `mg/dL 0.1 50`; `-` is no unit.
    fn read(text: &'static str) -> Option<Self> {
        let mut pieces = text.split_whitespace();
        let (unit, low, high) = (pieces.next()?, pieces.next()?.parse().ok()?, pieces.next()?.parse().ok()?);
        let unit = (unit != "-").then_some(unit);
        (low < high && pieces.next().is_none()).then_some(Self { unit, low, high })
    }
}

/// How a number is read.
#[derive(Debug)]
pub(crate) struct Measure {
    /// Concept it belongs to.
    pub(crate) concept: u32,
    /// What a number without a unit is believed to be, the first that holds it.
    pub(crate) bare: Vec<Believed>,
    /// Units as written (words), the longest first; nothing for words that say nothing about the unit (`degrees`).
    pub(crate) units: Vec<(Vec<u32>, Option<Believed>)>,
}

impl Measure {
    /// Reads the fields `bare` and `units` of a row; nothing where one cannot be read.
    pub(crate) fn read(
        concept: u32,
        bare: &'static str,
        units: &'static str,
        vocabulary: &mut Vocabulary,
    ) -> Option<Self> {
        let bare: Vec<Believed> = bare.split('|').map(Believed::read).collect::<Option<_>>()?;
        let mut all = Vec::new();
        for unit in units.split('|').filter(|u| !u.trim().is_empty()) {
            let (unit, written) = unit.split_once(" = ")?;
            let believed = if unit.trim() == "-" { None } else { Some(Believed::read(unit)?) };
            for words in written.split(',') {
                let words = phrases::words(words.trim(), vocabulary);
                if words.is_empty() {
                    return None;
                }
                all.push((words, believed));
            }
        }
        all.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
        Some(Self { concept, bare, units: all })
    }

    /// What a number without a unit is; nothing where it is not this quantity.
    pub(crate) fn of_bare(&self, value: f64) -> Option<Believed> {
        self.bare.iter().copied().find(|b| b.holds(value))
    }
}
